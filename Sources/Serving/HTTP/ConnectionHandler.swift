// One connection: requests in, answers out, on the connection's event loop. Small requests are answered right there; large ones
// by a thread beside the loops, so that nobody waits behind them. Plain requests come as bytes (see PlainRequestHandler), others
// from the HTTP library.

import NIOCore
import NIOHTTP1

/// Speaks HTTP/1.1 with one client.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Phase {
    /// Nothing was asked, or everything was answered.
    case idle
    /// A request's body is coming.
    case reading
    case answering
    /// The last answer was given; what still comes is thrown away until the client has read it.
    case leaving
  }

  private let worker: LoopWorker
  private let server: ServerCore
  private var context: ChannelHandlerContext?
  private weak var front: PlainRequestHandler?
  private var phase = Phase.idle
  private var head: HTTPRequestHead?
  private var body: ByteBuffer?
  private var received = 0
  private var isDraining = false
  /// True while a part of a plain request is here.
  private var isWaitingForRest = false
  private let idleTime: TimeAmount
  /// True where there were too many connections when this one came: its first request is refused.
  private var isTooMany = false
  /// When the phase has to be over.
  private var deadline = NIODeadline.distantFuture
  private var timer: Scheduled<Void>?
  private var peer = "-"

  init(worker: LoopWorker, server: ServerCore) {
    self.worker = worker
    self.server = server
    idleTime = .nanoseconds(Int64(server.options.idleSeconds * 1e9))
  }

  /// Makes the handlers of a connection.
  static func add(to channel: any Channel, worker: LoopWorker, server: ServerCore) throws {
    let connection = ConnectionHandler(worker: worker, server: server)
    let front = PlainRequestHandler(connection)
    connection.front = front
    try channel.pipeline.syncOperations.addHandlers([front, connection])
  }

  // MARK: Coming and going

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    peer = context.remoteAddress?.ipAddress ?? "-"
    worker.connections[ObjectIdentifier(self)] = self
    let count = server.counters.connections.wrappingAdd(1, ordering: .relaxed).newValue
    expect(within: server.options.readSeconds)
    isTooMany = count > server.options.connectionLimit
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    self.context = nil
    if worker.connections.removeValue(forKey: ObjectIdentifier(self)) != nil {
      server.counters.connections.wrappingSubtract(1, ordering: .relaxed)
    }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError, phase == .idle || phase == .reading {
      refuse(Refusal(.badRequest, "no HTTP request: \(error)"))
      // The decoder closes the connection as soon as this returns.
    } else {
      context.close(promise: nil)
    }
  }

  /// The client may have closed its half: what it asked before is still answered.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      isDraining = true
      if phase != .answering { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Answers what was asked, and closes.
  func drain() {
    isDraining = true
    front?.handOver()
    guard phase == .idle, let context else { return }
    // What is on its way is still taken.
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(100)) {
      if bound.value.phase == .idle { bound.value.context?.close(promise: nil) }
    }
  }

  func close() { context?.close(promise: nil) }

  /// Closes once what is being written has been.
  private func closeSoon(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.close(promise: nil) }
  }

  // MARK: Time

  /// Sets when the phase ends at the latest. One timer serves all deadlines.
  private func expect(within seconds: Double) {
    deadline = .now() + .nanoseconds(Int64(seconds * 1e9))
    if timer == nil { schedule() }
  }

  private func schedule() {
    guard let context else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    // It looks now and then: the next deadline may be nearer than this one.
    let look = NIODeadline.now() + .nanoseconds(Int64(min(server.options.readSeconds, 5) * 1e9))
    timer = context.eventLoop.scheduleTask(deadline: min(deadline, look)) { bound.value.timerFired() }
  }

  private func timerFired() {
    timer = nil
    guard let context else { return }
    guard deadline <= .now() else { return schedule() }
    // A request of which a part came.
    front?.handOver()
    switch phase {
    case .idle, .leaving: context.close(promise: nil)
    case .reading:
      refuse(Refusal(.timeout, "the request did not arrive within \(Int(server.options.readSeconds)) s"))
    // The work ends itself when it is late.
    case .answering: break
    }
  }

  // MARK: Plain requests

  enum PlainOutcome { case answered, incomplete, other }

  /// Takes a plain request from the front of what came, and writes its answer without flushing it.
  func answerPlain(_ input: inout ByteBuffer, _ front: ChannelHandlerContext) -> PlainOutcome {
    guard phase == .idle, !isTooMany, !isDraining, !server.isStopping else { return .other }
    let start = NIODeadline.now().uptimeNanoseconds
    let plain = input.withUnsafeReadableBytes { raw -> PlainAnswer in
      let bytes = raw.bindMemory(to: UInt8.self)
      switch PlainHead.read(bytes) {
      case .other: return .other
      case .incomplete: return .incomplete
      case .plain(let head): return worker.answer(head, bytes, server)
      }
    }
    switch plain {
    case .other: return .other
    case .incomplete:
      if !isWaitingForRest { expect(within: server.options.readSeconds) }
      isWaitingForRest = true
      return .incomplete
    case .answered(let exchange):
      front.write(NIOAny(worker.output), promise: nil)
      let end = NIODeadline.now().uptimeNanoseconds
      if server.hasLog {
        let uri = input.getString(at: input.readerIndex + exchange.uri.lowerBound, length: exchange.uri.count)
        server.note("POST", uri ?? "-", exchange, nanoseconds: end - start, peer: peer)
      }
      server.counters.count(exchange, nanoseconds: exchange.status == 200 ? end - start : nil)
      input.moveReaderIndex(forwardBy: exchange.taken)
      isWaitingForRest = false
      deadline = .uptimeNanoseconds(end) + idleTime
      return .answered
    }
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard phase == .idle else { return }
      self.head = head
      body = nil
      received = 0
      phase = .reading
      expect(within: server.options.readSeconds)
      if isTooMany {
        return refuse(
          Refusal(.unavailable, "there are \(server.options.connectionLimit) connections already; try again later"))
      }
      if let refusal = server.refusal(of: head) { return refuse(refusal) }
      if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
        let interim = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
      }
    case .body(var part):
      guard phase == .reading else { return }
      received += part.readableBytes
      guard received <= server.options.bodyLimit else { return refuse(server.tooLarge) }
      if body == nil { body = part } else { body?.writeBuffer(&part) }
    case .end:
      switch phase {
      case .reading: answer(context)
      case .leaving: closeSoon(context)
      case .idle, .answering: break
      }
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    guard let head else { return }
    phase = .answering
    let start = NIODeadline.now().uptimeNanoseconds
    let body = self.body ?? ByteBuffer()
    self.body = nil
    switch server.route(head) {
    case .ping: send(.ok, nil, [], rows: 0, start: start, isPrediction: false)
    case .parameters:
      send(.ok, "application/json", server.executionParameters, rows: 0, start: start, isPrediction: false)
    case .invocation:
      let request = InvocationRequest(head, body)
      guard body.readableBytes <= ServerCore.inlineBytes else { return answerBeside(request, nil, start, context) }
      do {
        let invocation = try server.read(request)
        guard invocation.rows.count <= server.inlineRows else {
          return answerBeside(request, invocation, start, context)
        }
        finish(.success(try server.service.answer(invocation, worker.scorer)), start)
      } catch {
        finish(.failure(error), start)
      }
    }
  }

  private func answerBeside(
    _ request: InvocationRequest, _ invocation: Invocation?, _ start: UInt64, _ context: ChannelHandlerContext
  ) {
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let loop = context.eventLoop
    server.beside(request, invocation, since: start) { result in
      loop.execute { bound.value.finish(result, start) }
    }
  }

  private func finish(_ result: Result<Answer, any Error>, _ start: UInt64) {
    switch result {
    case .success(let answer):
      send(.ok, answer.format.mediaType, answer.body, rows: answer.rows, start: start, isPrediction: true)
    case .failure(let refusal as Refusal): send(refusal, start)
    case .failure(let error): send(Refusal(.failed, "\(error)"), start)
    }
  }

  // MARK: Answers

  /// Answers before the request is all here, and leaves.
  private func refuse(_ refusal: Refusal) {
    isDraining = true
    let isWhole = phase == .answering
    send(refusal, NIODeadline.now().uptimeNanoseconds)
    guard !isWhole, context != nil else { return }
    // Closing while the client still sends would take the answer from it.
    phase = .leaving
    expect(within: 2)
    timer?.cancel()
    schedule()
  }

  private func send(_ refusal: Refusal, _ start: UInt64) {
    send(
      HTTPResponseStatus(statusCode: refusal.status.rawValue), "application/json", refusal.body, rows: 0, start: start,
      isPrediction: false)
  }

  private func send(
    _ status: HTTPResponseStatus, _ type: String?, _ bytes: [UInt8], rows: Int, start: UInt64, isPrediction: Bool
  ) {
    guard let context else { return }
    let isEarly = phase != .answering
    let staysOpen = !isEarly && !isDraining && !server.isStopping && (head?.isKeepAlive ?? false)
    var headers = HTTPHeaders()
    if let type { headers.add(name: "content-type", value: type) }
    headers.add(name: "content-length", value: String(bytes.count))
    if !staysOpen {
      headers.add(name: "connection", value: "close")
    } else if head?.version == .http1_0 {
      headers.add(name: "connection", value: "keep-alive")
    }
    if status == .unauthorized { headers.add(name: "www-authenticate", value: "Bearer") }
    if status == .methodNotAllowed, let head { headers.add(name: "allow", value: ServerCore.allowed(head.path)) }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if !bytes.isEmpty, head?.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }
    let time = NIODeadline.now().uptimeNanoseconds - start
    let exchange = Exchange(status: Int(status.code), rows: rows, received: received, sent: bytes.count)
    server.counters.count(exchange, nanoseconds: isPrediction ? time : nil)
    if server.hasLog {
      server.note(head?.method.rawValue ?? "-", head?.uri ?? "-", exchange, nanoseconds: time, peer: peer)
    }
    phase = .idle
    head = nil
    if staysOpen || isEarly {
      // The next request may come while the end is being written.
      if staysOpen { expect(within: server.options.idleSeconds) }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    } else {
      phase = .leaving
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }
  }
}

extension HTTPRequestHead {
  var path: Substring { uri.prefix { $0 != "?" } }
  var query: Substring { uri[path.endIndex...].dropFirst() }
}

/// What matters of a request for predictions.
struct InvocationRequest: Sendable {
  let body: ByteBuffer
  let contentType: String
  let accept: String
  let query: Substring

  init(_ head: HTTPRequestHead, _ body: ByteBuffer) {
    self.body = body
    contentType = head.headers.first(name: "content-type") ?? ""
    accept = head.headers.first(name: "accept") ?? ""
    query = head.query
  }
}
