import Foundation
import Jobs
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A request as it goes over the line, signed already.
struct HTTPRequest: Sendable {
  var method = "GET"
  var url: String
  var headers: [String: String] = [:]
  var body: Data?
  /// Seconds without a byte after which it is given up.
  var patience: Double = 60
}

/// An answer; `body` is empty where it went into a sink.
struct HTTPResponse: Sendable {
  var status: Int
  /// By names in small letters.
  var headers: [String: String]
  var body: Data
}

/// What stops the calls of one piece of work when that is cancelled.
final class CallCanceller: Sendable {
  private struct State {
    var isCancelled = false
    var running: [Int: @Sendable () -> Void] = [:]
    var next = 0
  }

  private let state = Mutex(State())
  private let context: any JobContext

  init(_ context: any JobContext) {
    self.context = context
    context.onCancel { [weak self] in self?.cancel() }
  }

  func checkCancelled() throws {
    try context.checkCancelled()
    if state.withLock({ $0.isCancelled }) { throw JobCancelled() }
  }

  /// Runs `action` should the work be cancelled before `end` is called with the number returned.
  func begin(_ action: @escaping @Sendable () -> Void) -> Int {
    let (number, isCancelled) = state.withLock { state in
      state.next += 1
      state.running[state.next] = action
      return (state.next, state.isCancelled)
    }
    if isCancelled { action() }
    return number
  }

  func end(_ number: Int) { state.withLock { $0.running[number] = nil } }

  private func cancel() {
    let actions = state.withLock { state in
      state.isCancelled = true
      return Array(state.running.values)
    }
    for action in actions { action() }
  }

  /// Sleeps, and wakes for a cancel.
  func sleep(seconds: Double) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
      try checkCancelled()
      let left = end.timeIntervalSinceNow
      guard left > 0 else { return }
      Thread.sleep(forTimeInterval: min(left, 0.05))
    }
  }
}

/// Sends requests and waits for their answers on the calling thread. Follows no redirects and keeps no cookies.
final class HTTPTransport: Sendable {
  private let session: URLSession
  private let exchanges: Exchanges

  init() {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    configuration.httpMaximumConnectionsPerHost = 16
    configuration.timeoutIntervalForResource = 7 * 86_400
    exchanges = Exchanges()
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: queue)
  }

  deinit { session.invalidateAndCancel() }

  /// - Parameter sink: takes the body of a successful answer piece by piece as it comes; nil collects it.
  /// - Throws: `CloudError`, `JobCancelled`, or what the sink throws.
  func send(
    _ request: HTTPRequest, _ canceller: CallCanceller, sink: ((Data) throws -> Void)? = nil
  ) throws -> HTTPResponse {
    try canceller.checkCancelled()
    guard let url = URL(string: request.url) else {
      throw CloudError(.settings, location: request.url, what: "this is no address")
    }
    var native = URLRequest(url: url, timeoutInterval: request.patience)
    native.httpMethod = request.method
    for (name, value) in request.headers where name != "host" { native.setValue(value, forHTTPHeaderField: name) }
    if request.method == "PUT" || request.method == "POST" { native.httpBody = request.body ?? Data() }
    let task = session.dataTask(with: native)
    let exchange = Exchange(sink: sink, asksForPart: request.headers.keys.contains { $0.lowercased() == "range" })
    exchanges.add(exchange, task.taskIdentifier)
    let number = canceller.begin { task.cancel() }
    defer { canceller.end(number) }
    task.resume()
    exchange.done.wait()
    try canceller.checkCancelled()
    if let failure = exchange.sinkFailure { throw failure }
    let place = (url.host ?? "") + (url.port.map { ":\($0)" } ?? "")
    if let error = exchange.error { throw Self.failure(error, place, hasAnswer: exchange.response != nil) }
    // Of a redirect without a new address, only the task knows.
    guard let response = exchange.response ?? task.response as? HTTPURLResponse else {
      throw CloudError(.incomplete, location: place, what: "the connection ended without an answer")
    }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    // Of a redirect that is not followed, URLSession hands over no body.
    if !(300..<400).contains(response.statusCode) {
      try Self.checkLength(exchange, headers, request.method, place)
    }
    return HTTPResponse(status: response.statusCode, headers: headers, body: exchange.body)
  }

  /// A body shorter than announced is no body.
  private static func checkLength(
    _ exchange: Exchange, _ headers: [String: String], _ method: String, _ place: String
  ) throws {
    guard method != "HEAD", headers["content-encoding"] == nil,
      let length = headers["content-length"].flatMap({ Int($0) }),
      exchange.received < length
    else { return }
    throw CloudError(
      .incomplete, location: place, what: "the answer broke off after \(exchange.received) of \(length) bytes",
      advice: "Try again.")
  }

  private static func failure(_ error: any Error, _ place: String, hasAnswer: Bool) -> CloudError {
    let code = (error as? URLError)?.code ?? URLError.Code(rawValue: (error as NSError).code)
    switch code {
    case .timedOut:
      return CloudError(
        .unreachable, location: place, what: "no answer came in time", advice: "Check the network and the endpoint.")
    case .cannotFindHost, .dnsLookupFailed:
      return CloudError(
        .unreachable, location: place, what: "there is no such host", advice: "Check the region and AWS_ENDPOINT_URL.")
    case .cannotConnectToHost:
      return CloudError(
        .unreachable, location: place, what: "nothing listens there", advice: "Check AWS_ENDPOINT_URL and the network.")
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasUnknownRoot,
      .serverCertificateHasBadDate:
      return CloudError(
        .other, location: place, what: "its certificate is not trusted",
        advice: "Check the endpoint, and whether the port speaks https.")
    default:
      return hasAnswer
        ? CloudError(.incomplete, location: place, what: "the answer broke off", advice: "Try again.")
        : CloudError(
          .unreachable, location: place, what: "the connection broke", advice: "Check the network and the endpoint.")
    }
  }
}

/// A request that is under way. Its fields belong to the session's queue until `done` is signalled, and then to the
/// caller.
private final class Exchange: @unchecked Sendable {
  /// Let go before `done` is signalled: whoever waits may end its life then.
  var sink: ((Data) throws -> Void)?
  let done = DispatchSemaphore(value: 0)
  var response: HTTPURLResponse?
  var body = Data()
  var received = 0
  var error: (any Error)?
  var sinkFailure: (any Error)?

  let asksForPart: Bool

  init(sink: ((Data) throws -> Void)?, asksForPart: Bool) {
    self.sink = sink
    self.asksForPart = asksForPart
  }
}

/// Brings what the session tells to the request that it is about.
private final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
  private let running = Mutex<[Int: Exchange]>([:])

  func add(_ exchange: Exchange, _ task: Int) { running.withLock { $0[task] = exchange } }

  private func exchange(_ task: URLSessionTask) -> Exchange? { running.withLock { $0[task.taskIdentifier] } }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    exchange(dataTask)?.response = response as? HTTPURLResponse
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let exchange = exchange(dataTask), exchange.sinkFailure == nil else { return }
    exchange.received += data.count
    let isSuccess = exchange.response.map { (200..<300).contains($0.statusCode) } ?? false
    guard let sink = exchange.sink, isSuccess else {
      exchange.body.append(data)
      return
    }
    do {
      // What was asked for in parts would otherwise be taken for its end, and stand there twice.
      if exchange.asksForPart, exchange.response?.statusCode != 206 {
        throw CloudError(
          .other, what: "the answer broke off, and the server does not go on from there: it gives no parts of objects",
          advice: "Check AWS_ENDPOINT_URL, and what stands between.")
      }
      try sink(data)
    } catch {
      exchange.sinkFailure = error
      dataTask.cancel()
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    exchange(task)?.response = response
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let exchange = running.withLock { $0.removeValue(forKey: task.taskIdentifier) }
    exchange?.error = error
    exchange?.sink = nil
    exchange?.done.signal()
  }
}
