// What one event loop has to itself: a predictor, and memory that is used again for every request.

import Learn
import NIOCore
import NIOHTTP1

/// What came of the bytes of a plain request.
enum PlainAnswer {
  /// The answer is the worker's output.
  case answered(Exchange)
  /// More bytes have to come.
  case incomplete
  /// It is not plain, or too much for an event loop.
  case other
}

final class LoopWorker: @unchecked Sendable {
  /// A manner, and the parts of the head that it was made of.
  private struct KnownManner {
    let query: [UInt8]
    let contentType: [UInt8]
    let accept: [UInt8]
    let manner: Manner

    func isOf(_ head: PlainHead, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
      query.isEqual(to: bytes[head.query]) && contentType.isEqual(to: bytes[head.contentType])
        && accept.isEqual(to: bytes[head.accept])
    }
  }

  let scorer: RowPredictor
  var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  /// Head and body of the last answer to a plain request.
  private(set) var output = ByteBuffer()
  private var rows = RowBatch()
  private var body: [UInt8] = []
  private var manners: [KnownManner] = []
  private static let mannerLimit = 8

  init(scorer: RowPredictor) { self.scorer = scorer }

  /// Answers a plain request whose head has been read.
  ///
  /// - Parameter bytes: what has come, from the head on.
  func answer(_ head: PlainHead, _ bytes: UnsafeBufferPointer<UInt8>, _ server: ServerCore) -> PlainAnswer {
    guard head.bodyCount <= min(ServerCore.inlineBytes, server.options.bodyLimit), isAdmitted(head, bytes, server)
    else { return .other }
    let end = head.count + head.bodyCount
    guard bytes.count >= end else { return .incomplete }
    var exchange = Exchange(received: head.bodyCount, taken: end, uri: head.uri)
    body.removeAll(keepingCapacity: true)
    do {
      let manner = try manner(of: head, bytes, server.service)
      rows.removeAll()
      try server.service.read(UnsafeBufferPointer(rebasing: bytes[head.count..<end]), manner, into: &rows)
      guard rows.count <= server.inlineRows else { return .other }
      try server.service.write(rows, manner, scorer, to: &body)
      exchange.rows = rows.count
      write(Self.beginning(manner.answer))
    } catch {
      let refusal = error as? Refusal ?? Refusal(.failed, "\(error)")
      body = refusal.body
      exchange.status = refusal.status.rawValue
      let reason = HTTPResponseStatus(statusCode: exchange.status).reasonPhrase
      output.clear()
      output.writeString("HTTP/1.1 \(exchange.status) \(reason)\r\ncontent-type: application/json\r\ncontent-length: ")
    }
    exchange.sent = body.count
    output.writeString(String(body.count))
    output.writeStaticString("\r\n\r\n")
    output.writeBytes(body)
    return .answered(exchange)
  }

  private func write(_ beginning: StaticString) {
    output.clear()
    output.writeStaticString(beginning)
  }

  private static func beginning(_ format: BodyFormat) -> StaticString {
    switch format {
    case .csv: "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: "
    case .json: "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
    case .jsonLines: "HTTP/1.1 200 OK\r\ncontent-type: application/jsonlines\r\ncontent-length: "
    }
  }

  private func isAdmitted(_ head: PlainHead, _ bytes: UnsafeBufferPointer<UInt8>, _ server: ServerCore) -> Bool {
    guard let token = server.options.token else { return true }
    return ServerCore.isBearer(String(decoding: bytes[head.authorization], as: UTF8.self), token)
  }

  /// Nearly all requests of a client have the same manner.
  private func manner(
    of head: PlainHead, _ bytes: UnsafeBufferPointer<UInt8>, _ service: ModelService
  ) throws -> Manner {
    for known in manners where known.isOf(head, bytes) { return known.manner }
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let manner = try service.manner(
      contentType: text(head.contentType), accept: text(head.accept), query: Substring(text(head.query)))
    if manners.count == Self.mannerLimit { manners.removeAll(keepingCapacity: true) }
    manners.append(
      KnownManner(
        query: Array(bytes[head.query]), contentType: Array(bytes[head.contentType]),
        accept: Array(bytes[head.accept]), manner: manner))
    return manner
  }
}

extension [UInt8] {
  fileprivate func isEqual(to other: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard count == other.count else { return false }
    var index = other.startIndex
    for byte in self {
      if byte != other[index] { return false }
      index += 1
    }
    return true
  }
}
