import NIOCore
import Synchronization

/// How a server begins to answer in the clear.
final class Greeting: Sendable {
  private let first = Mutex<UInt8?>(nil)

  /// True while it has said nothing, and where it answers with an alert of TLS: its record type is 21.
  /// Source: RFC 8446, section 5.1.
  var isForeign: Bool { first.withLock { $0 == nil || $0 == 21 } }

  func hear(_ byte: UInt8) { first.withLock { $0 = $0 ?? byte } }
}

/// Listens to the beginning and passes everything on.
final class GreetingHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let greeting: Greeting

  init(_ greeting: Greeting) { self.greeting = greeting }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if let byte = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) { greeting.hear(byte) }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}
