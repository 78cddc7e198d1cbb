// One call of gRPC as one stream of HTTP/2: length-prefixed messages, and a status in the trailers.
// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md

import Foundation
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Takes messages apart and hands them to the inbox.
final class CallHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload

  private let inbox: CallInbox
  private var waiting = ByteBuffer()
  private var httpStatus: String?

  /// Larger than any batch of Spark, smaller than what would harm.
  private static let largest = 1 << 30

  init(_ inbox: CallInbox) { self.inbox = inbox }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .headers(let frame): read(frame.headers)
    case .data(let frame):
      guard case .byteBuffer(var bytes) = frame.data else { return }
      waiting.writeBuffer(&bytes)
      readMessages(context)
    case .rstStream(let code): inbox.finish(.lost("the server reset the call (\(code))"))
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let channel = context.channel
    if inbox.hasRoom(or: { channel.read() }) { context.read() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    inbox.finish(.lost("the connection was closed"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    inbox.finish(.lost("\(error)"))
    context.close(promise: nil)
  }

  private func read(_ headers: HPACKHeaders) {
    if let status = headers.first(name: ":status") { httpStatus = status }
    guard let status = headers.first(name: "grpc-status") else {
      if let httpStatus, httpStatus != "200" { inbox.finish(.lost("it answers as HTTP, with status \(httpStatus)")) }
      return
    }
    let message = headers.first(name: "grpc-message") ?? ""
    let details = headers.first(name: "grpc-status-details-bin").flatMap { Self.base64($0) }
    inbox.finish(
      .answered(
        code: Int(status) ?? 2, message: message.removingPercentEncoding ?? message, details: details ?? []))
  }

  /// Base64 that may lack its padding.
  private static func base64(_ text: String) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(base64Encoded: text + padding).map { Array($0) }
  }

  private func readMessages(_ context: ChannelHandlerContext) {
    while let flag = waiting.getInteger(at: waiting.readerIndex, as: UInt8.self),
      let count = waiting.getInteger(at: waiting.readerIndex + 1, as: UInt32.self)
    {
      guard flag == 0, count <= Self.largest else {
        inbox.finish(.lost(flag == 0 ? "a message of \(count) bytes came" : "a compressed message came"))
        return context.close(promise: nil)
      }
      guard waiting.readableBytes >= 5 + Int(count) else { break }
      waiting.moveReaderIndex(forwardBy: 5)
      if let message = waiting.readBytes(length: Int(count)) { inbox.add(message) }
    }
    if waiting.readableBytes == 0 { waiting.clear() } else { waiting.discardReadBytes() }
  }
}
