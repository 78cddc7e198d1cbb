// Stands before the HTTP library. A plain request that is all here and cheap is answered at once, from the bytes that came to
// the bytes that go; at the first one that is not, the library is set behind this handler, and from then on has the connection.

import NIOCore
import NIOHTTP1

/// Answers plain requests on the connection's event loop.
final class PlainRequestHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Reads that one request may take to come; one in more pieces is the library's.
  private static let pieceLimit = 8

  private let connection: ConnectionHandler
  private var context: ChannelHandlerContext?
  /// What has come of a request that is not whole yet.
  private var held: ByteBuffer?
  private var pieces = 0
  private var isHandedOver = false
  private var mustFlush = false

  init(_ connection: ConnectionHandler) { self.connection = connection }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelInactive(context: ChannelHandlerContext) {
    held = nil
    self.context = nil
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isHandedOver else { return context.fireChannelRead(data) }
    var input = unwrapInboundIn(data)
    if var whole = held {
      held = nil
      whole.writeBuffer(&input)
      input = whole
    }
    while input.readableBytes > 0 {
      switch connection.answerPlain(&input, context) {
      case .answered:
        mustFlush = true
        pieces = 0
      case .incomplete:
        pieces += 1
        held = input
        if pieces > Self.pieceLimit { handOver() }
        return
      case .other:
        held = input
        return handOver()
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush(context)
    if isHandedOver { context.fireChannelReadComplete() }
  }

  /// Answers are on their way before a connection is told to close.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    flush(context)
    if held != nil { handOver() }
    context.fireUserInboundEventTriggered(event)
  }

  private func flush(_ context: ChannelHandlerContext) {
    guard mustFlush else { return }
    mustFlush = false
    context.flush()
  }

  /// Gives the connection to the library, and what has come of a request.
  func handOver() {
    guard !isHandedOver, let context else { return }
    isHandedOver = true
    flush(context)
    do {
      try context.pipeline.syncOperations.configureHTTPServerPipeline(
        position: .after(self), withErrorHandling: false)
    } catch {
      return context.close(promise: nil)
    }
    if let bytes = held {
      held = nil
      context.fireChannelRead(wrapInboundOut(bytes))
    }
  }
}
