// What all connections of a server share: options, routes, counters, and the threads beside the event loops.

import Foundation
import Learn
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What connections ask of their server.
final class ServerCore: Sendable {
  enum Route { case ping, parameters, invocation }

  /// Bytes of a body that an event loop reads itself.
  static let inlineBytes = 16_384

  let options: ServerOptions
  let service: ModelService
  let counters = ServingCounters()
  /// Rows that an event loop answers itself: a millisecond's worth.
  let inlineRows: Int
  private let log: RequestLog?
  private let pool: NIOThreadPool
  private let stopping = Atomic<Bool>(false)
  private let cut = Atomic<Bool>(false)

  init(_ service: ModelService, options: ServerOptions, inlineRows: Int, log: RequestLog?, pool: NIOThreadPool) {
    (self.service, self.options, self.inlineRows, self.log, self.pool) = (service, options, inlineRows, log, pool)
  }

  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  func stop() { stopping.store(true, ordering: .relaxed) }

  /// Ends work that has not ended in time.
  func cutOff() { cut.store(true, ordering: .relaxed) }

  // MARK: Routes

  func route(_ head: HTTPRequestHead) -> Route {
    switch head.path {
    case "/ping": .ping
    case "/execution-parameters": .parameters
    default: .invocation
    }
  }

  static func allowed(_ path: Substring) -> String { path == "/invocations" ? "POST" : "GET, HEAD" }

  /// Why a request need not be read any further.
  func refusal(of head: HTTPRequestHead) -> Refusal? {
    let path = head.path
    guard ["/ping", "/invocations", "/execution-parameters"].contains(path) else {
      return Refusal(.notFound, "there is no \(path.prefix(80)): ask GET /ping or POST /invocations")
    }
    let isRight = path == "/invocations" ? head.method == .POST : head.method == .GET || head.method == .HEAD
    guard isRight else { return Refusal(.methodNotAllowed, "\(path) wants \(Self.allowed(path))") }
    if path != "/ping", let token = options.token {
      let given = head.headers.first(name: "authorization") ?? ""
      guard Self.isBearer(given, token) else {
        return Refusal(
          .unauthorized, "the request needs the header Authorization: Bearer TOKEN with the server's token")
      }
    }
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > options.bodyLimit {
      return tooLarge
    }
    return nil
  }

  var tooLarge: Refusal { Refusal(.tooLarge, "a body may have \(options.bodyLimit) bytes; send the rows in parts") }

  /// Compares in a time that tells nothing of where a wrong token differs.
  static func isBearer(_ header: String, _ token: String) -> Bool {
    let given = Array(header.utf8)
    let prefix = Array("bearer ".utf8)
    guard given.count > prefix.count, zip(given, prefix).allSatisfy({ $0 | 32 == $1 | 32 }) else { return false }
    let secret = Array(token.utf8)
    let offered = given[prefix.count...]
    var difference = UInt64(bitPattern: Int64(offered.count ^ secret.count))
    for (position, byte) in secret.enumerated() {
      let other = position < offered.count ? offered[prefix.count + position] : 0
      difference |= UInt64(byte ^ other)
    }
    return difference == 0
  }

  /// How a batch transform may ask.
  var executionParameters: [UInt8] {
    let threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let megabytes = max(1, options.bodyLimit >> 20)
    return Array(
      #"{"MaxConcurrentTransforms":\#(threads),"BatchStrategy":"MULTI_RECORD","MaxPayloadInMB":\#(megabytes)}"#.utf8)
  }

  // MARK: Predictions

  func read(_ request: InvocationRequest) throws -> Invocation {
    try request.body.withUnsafeReadableBytes { raw in
      try service.read(
        raw.bindMemory(to: UInt8.self), contentType: request.contentType, accept: request.accept, query: request.query)
    }
  }

  /// Reads and answers on a thread of its own.
  func beside(
    _ request: InvocationRequest, _ invocation: Invocation?, since start: UInt64,
    then: @escaping @Sendable (Result<Answer, any Error>) -> Void
  ) {
    let latest = start &+ UInt64(options.answerSeconds * 1e9)
    pool.submit { state in
      guard case .active = state else { return then(.failure(Refusal(.unavailable, "the server stops"))) }
      then(
        Result {
          let invocation = try invocation ?? self.read(request)
          return try self.service.withScorer { scorer in
            try self.service.answer(invocation, scorer) {
              NIODeadline.now().uptimeNanoseconds > latest || self.cut.load(ordering: .relaxed)
            }
          }
        })
    }
  }

  var hasLog: Bool { log != nil }

  func note(_ method: String, _ path: String, _ exchange: Exchange, nanoseconds: UInt64, peer: String) {
    log?.note(
      RequestLog.Entry(
        method: method, path: path, status: exchange.status, rows: exchange.rows, received: exchange.received,
        sent: exchange.sent, nanoseconds: nanoseconds, peer: peer))
  }
}

/// What became of a request.
struct Exchange {
  var status = 200
  /// Rows that were predicted.
  var rows = 0
  /// Bytes of the bodies.
  var received = 0
  var sent = 0
  /// Bytes of a plain request, and where its target is among them.
  var taken = 0
  var uri = 0..<0
}
