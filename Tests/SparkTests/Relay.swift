import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Spark

/// Passes bytes between a client and a server, and can cut the line once so many bytes have come from the server. With
/// TLS it decrypts for the server what comes from the client.
final class Relay: Sendable {
  private struct State {
    var connections = 0
    var left: Int?
  }

  private let state = Mutex(State())
  private let channel: Mutex<(any Channel)?> = Mutex(nil)

  var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }
  var connections: Int { state.withLock { $0.connections } }

  init(to address: SparkAddress, security: NIOSSLContext? = nil) throws {
    let listening = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop).connect(host: address.host, port: address.port).flatMap { server in
          self.state.withLock { $0.connections += 1 }
          return client.eventLoop.makeCompletedFuture {
            if let security {
              try client.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
            }
            try client.pipeline.syncOperations.addHandler(Pass(to: server))
            try server.pipeline.syncOperations.addHandler(Pass(to: client) { self.isCut($0) })
          }.flatMap { client.setOption(.autoRead, value: true) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    channel.withLock { $0 = listening }
  }

  deinit { channel.withLock { $0?.close(promise: nil) } }

  /// Cuts the line once.
  func cut(after bytes: Int) { state.withLock { $0.left = bytes } }

  private func isCut(_ count: Int) -> Bool {
    state.withLock { state in
      guard let left = state.left else { return false }
      state.left = left > count ? left - count : nil
      return left <= count
    }
  }
}

/// One direction.
private final class Pass: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel
  private let isCut: (Int) -> Bool

  init(to other: any Channel, isCut: @escaping (Int) -> Bool = { _ in false }) {
    self.other = other
    self.isCut = isCut
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    guard !isCut(bytes.readableBytes) else {
      context.close(promise: nil)
      return other.close(promise: nil)
    }
    other.writeAndFlush(bytes, promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
