import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Spark

/// Passes bytes between a client and a server, and can cut the line once so many bytes have come from the server. With
/// TLS it decrypts for the server what comes from the client. It can also go silent: it takes connections, and passes nothing.
final class Relay: Sendable {
  private struct State {
    var connections = 0
    var left: Int?
    var isSilent = false
    /// Connections from this one on are not silent; nil where all are.
    var firstHeard: Int?
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
          let number = self.state.withLock { state in
            state.connections += 1
            return state.connections
          }
          return client.eventLoop.makeCompletedFuture {
            if let security {
              try client.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
            }
            try client.pipeline.syncOperations.addHandler(
              Pass(to: server) { _ in self.isSilent(number) ? .keep : .pass })
            try server.pipeline.syncOperations.addHandler(Pass(to: client) { self.fate(number, $0) })
          }.flatMap { client.setOption(.autoRead, value: true) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    channel.withLock { $0 = listening }
  }

  deinit { channel.withLock { $0?.close(promise: nil) } }

  /// Cuts the line once.
  func cut(after bytes: Int) { state.withLock { $0.left = bytes } }

  /// From so many bytes on nothing is passed, in neither direction, and no line is closed.
  /// - Parameter isForGood: false where connections that are made afterwards are served again.
  func goSilent(after bytes: Int, isForGood: Bool = true) {
    state.withLock { state in
      state.left = bytes
      state.isSilent = true
      state.firstHeard = isForGood ? nil : state.connections + 1
    }
  }

  private func isSilent(_ connection: Int) -> Bool {
    state.withLock { state in state.isSilent && state.left == nil && connection < state.firstHeard ?? .max }
  }

  private func fate(_ connection: Int, _ count: Int) -> Pass.Fate {
    if isSilent(connection) { return .keep }
    return state.withLock { state in
      guard let left = state.left else { return .pass }
      state.left = left > count ? left - count : nil
      return left > count ? .pass : state.isSilent ? .keep : .cut
    }
  }
}

/// One direction.
private final class Pass: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// What becomes of bytes that came.
  enum Fate { case pass, keep, cut }

  private let other: any Channel
  private let fate: (Int) -> Fate

  init(to other: any Channel, fate: @escaping (Int) -> Fate) {
    self.other = other
    self.fate = fate
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    switch fate(bytes.readableBytes) {
    case .pass: other.writeAndFlush(bytes, promise: nil)
    case .keep: break
    case .cut:
      context.close(promise: nil)
      other.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
