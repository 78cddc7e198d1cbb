import Foundation
import Learn
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Numerics
import ProgramDriver
import Synchronization
import Testing

@testable import Serving

/// Requests that are answered without the HTTP library, beside the same ones with it.
@Suite(.serialized) struct PlainRequestTests {
  private static func reading(_ text: String) -> PlainHead.Reading {
    Array(text.utf8).withUnsafeBufferPointer { PlainHead.read($0) }
  }

  private static let plain =
    "POST /invocations?fields=predicted_label HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: x/1 (y)\r\n"
    + "Accept: */*\r\nCONTENT-TYPE:\t text/csv; header=absent\r\nContent-Length: 12\r\nConnection: Keep-Alive\r\n\r\n"

  @Test func thePartsOfAPlainHeadAreFound() throws {
    guard case .plain(let head) = Self.reading(Self.plain + "1,2,3") else {
      Issue.record("not plain")
      return
    }
    let bytes = Array(Self.plain.utf8)
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    #expect(head.count == bytes.count && head.bodyCount == 12)
    #expect(text(head.query) == "fields=predicted_label" && text(head.uri) == "/invocations?fields=predicted_label")
    #expect(text(head.contentType) == "text/csv; header=absent" && text(head.accept) == "*/*")
    #expect(head.authorization.isEmpty)
  }

  @Test func everyBeginningOfAPlainHeadWaitsForMore() {
    let bytes = Array(Self.plain.utf8)
    for count in bytes.indices {
      let reading = bytes[..<count].withUnsafeBufferPointer { PlainHead.read($0) }
      #expect(reading == .incomplete, "\(count)")
    }
  }

  @Test(arguments: [
    "GET /ping HTTP/1.1\r\n\r\n", "POST /invocationsX HTTP/1.1\r\n", "POST /invocations HTTP/1.0\r\n",
    "POST /invocations? HTTP/1.1\r\n", "POST  /invocations HTTP/1.1\r\n", "\r\nPOST /invocations HTTP/1.1\r\n",
    "POST /invocations HTTP/1.1\r\n\r\n", "POST /invocations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
    "POST /invocations HTTP/1.1\r\nExpect: 100-continue\r\n", "POST /invocations HTTP/1.1\r\nConnection: close\r\n",
    "POST /invocations HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n",
    "POST /invocations HTTP/1.1\r\nContent-Length: +3\r\n",
    "POST /invocations HTTP/1.1\r\nContent-Length: 12345678\r\n",
    "POST /invocations HTTP/1.1\r\nContent-Length : 3\r\n", "POST /invocations HTTP/1.1\r\nAccept: a \r\n",
    "POST /invocations HTTP/1.1\r\n folded: 1\r\n",
    "POST /invocations HTTP/1.1\r\nA: \u{1}\r\n", "POST /invocations HTTP/1.1\nA: b\n",
    "POST /invocations HTTP/1.1\r\nA\r\n",
    "POST /invocations HTTP/1.1\r\nUpgrade: h2c\r\n", "POST /invocations HTTP/1.1\r\nAccept: a\r\nAccept: b\r\n",
  ])
  func whatIsNotPlainIsLeftToTheLibrary(_ head: String) { #expect(Self.reading(head) == .other) }

  @Test func aHeadThatIsTooLongIsLeftToTheLibrary() {
    let long = "POST /invocations HTTP/1.1\r\nA: " + String(repeating: "x", count: PlainHead.limit)
    #expect(Self.reading(long) == .other)
  }

  /// The library's view of a head: nil where it refuses it.
  private static func library(_ bytes: [UInt8]) -> HTTPRequestHead? {
    let channel = EmbeddedChannel()
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    do {
      try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
      try channel.writeInbound(ByteBuffer(bytes: bytes))
      guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return nil }
      return head
    } catch {
      return nil
    }
  }

  @Test func nothingIsPlainThatTheLibraryRefusesOrReadsDifferently() {
    var random = RandomSource(seed: 30)
    let inserts = [
      "\r\n", "\n", "\r", " ", "\t", ":", "\0", "?", "%", "Content-Length: 9\r\n", "é", "x", "Expect: x\r\n",
    ]
    var plain = 0
    for _ in 0..<10_000 {
      var bytes = Array((Self.plain + "1,Basel,2026").utf8)
      for _ in 0...random.nextIndex(below: 3) {
        let place = random.nextIndex(below: bytes.count)
        switch random.nextIndex(below: 3) {
        case 0: bytes[place] = UInt8(random.nextIndex(below: 256))
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: Array(inserts[random.nextIndex(below: inserts.count)].utf8), at: place)
        }
      }
      guard case .plain(let head) = bytes.withUnsafeBufferPointer({ PlainHead.read($0) }) else { continue }
      plain += 1
      func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
      guard let expected = Self.library(Array(bytes.prefix(head.count + head.bodyCount))) else {
        Issue.record("the library refuses \(text(0..<head.count))")
        continue
      }
      #expect(expected.method == .POST && expected.uri == text(head.uri) && expected.isKeepAlive)
      #expect(expected.headers["content-length"].count == 1)
      #expect(Int(expected.headers.first(name: "content-length") ?? "") == head.bodyCount)
      #expect(expected.headers["content-type"] == (head.contentType.isEmpty ? [] : [text(head.contentType)]))
      #expect(expected.headers["accept"] == (head.accept.isEmpty ? [] : [text(head.accept)]))
      #expect(!expected.headers.contains(name: "transfer-encoding"))
    }
    #expect(plain > 500, "\(plain)")
  }

  // MARK: On a connection

  private func serving(
    changing change: (inout ServerOptions) -> Void = { _ in }, _ body: (Int, ModelServer) throws -> Void
  ) throws {
    var options = ServerOptions(port: 0, threads: 2)
    change(&options)
    let server = try ModelServer(Models.loans.bundle, options: options)
    let port = try server.start()
    defer { server.stop(within: 2) }
    try body(port, server)
  }

  private static func request(_ body: String, type: String = "text/csv", isChunked: Bool = false) -> String {
    let head = "POST /invocations?fields=predicted_label,probabilities HTTP/1.1\r\nContent-Type: \(type)\r\n"
    guard isChunked else { return head + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)" }
    return head + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
  }

  @Test func bothWaysGiveTheSameAnswers() throws {
    let bodies = [
      ("text/csv", Models.csv(0)), ("text/csv", Models.csv(1) + "\n" + Models.csv(2)),
      ("text/csv", "much,Basel,2026-01-01"),
      ("text/csv", "1,2"), ("text/csv; header=no", Models.csv(0)), ("image/png", "x"),
      ("application/json", #"[[1.5,"Basel","2026-01-01"]]"#), ("application/json", "{"),
      ("application/jsonlines", #"[1.5,"Basel","2026-01-01"]"#), ("text/csv", " "),
    ]
    try serving { port, server in
      let (plain, library) = (try HTTPClient(port: port), try HTTPClient(port: port))
      for (type, body) in bodies {
        try plain.send(Self.request(body, type: type))
        try library.send(Self.request(body, type: type, isChunked: true))
        let (found, expected) = (try plain.receive(), try library.receive())
        #expect(found.status == expected.status && found.headers == expected.headers && found.body == expected.body)
      }
      let status = server.status
      #expect(status.requests == 2 * bodies.count && status.errors == 12 && status.rows == 10)
    }
  }

  @Test func plainAndOtherRequestsOnOneConnectionAreAnsweredInTheirOrder() throws {
    try serving { port, _ in
      let expected = try (0..<20).map {
        try HTTPClient(port: port).ask(
          "POST", "/invocations?fields=predicted_label,probabilities", body: Models.csv($0)
        ).body
      }
      for other in [0, 3, 19] {
        let client = try HTTPClient(port: port)
        let all = (0..<20).map { Self.request(Models.csv($0), isChunked: $0 == other) }.joined()
        // In two pieces, cut anywhere.
        let bytes = Array(all.utf8)
        let cut = bytes.count * (other + 1) / 23
        try client.send(Array(bytes[..<cut]))
        usleep(20_000)
        try client.send(Array(bytes[cut...]))
        for row in 0..<20 { #expect(try client.receive().body == expected[row], "\(row) of \(other)") }
      }
    }
  }

  @Test func aBodyThatComesAfterItsHeadIsWaitedFor() throws {
    try serving(changing: { $0.readSeconds = 1 }) { port, _ in
      let client = try HTTPClient(port: port)
      let body = Models.csv(0)
      let request = Self.request(body)
      for _ in 0..<3 {
        try client.send(Array(request.utf8.dropLast(body.utf8.count)))
        usleep(30_000)
        try client.send(body)
        #expect(try client.receive().status == 200)
      }
      try client.send(Array(request.utf8.dropLast(1)))
      #expect(try client.receive().status == 408)
      #expect(client.isClosed)
    }
  }

  @Test func limitsHoldForPlainRequestsToo() throws {
    try serving(changing: {
      $0.bodyLimit = 100
      $0.token = "correct horse"
    }) { port, server in
      let client = try HTTPClient(port: port)
      let right = ["Authorization": "Bearer correct horse"]
      #expect(try client.ask(body: Models.csv(0), headers: right).status == 200)
      #expect(try HTTPClient(port: port).ask(body: Models.csv(0)).status == 401)
      #expect(try client.ask(body: Models.csv(0), headers: right).status == 200)
      let long = String(repeating: Models.csv(0) + "\n", count: 9)
      #expect(try client.ask(body: long, headers: right).status == 413)
      #expect(client.isClosed)
      #expect(server.status.errors == 2)
    }
  }

  @Test func stoppingUnderLoadCutsNoAnswerInTwo() throws {
    let server = try ModelServer(Models.loans.bundle, options: ServerOptions(port: 0, threads: 2))
    let port = try server.start()
    let answered = Mutex(0)
    let broken = Mutex(0)
    let threads = (0..<16).map { number in
      Thread {
        guard let client = try? HTTPClient(port: port) else { return }
        let request = Self.request(Models.csv(number))
        while (try? client.send(request)) != nil {
          do {
            let status = try client.receive().status
            if status == 200 { answered.withLock { $0 += 1 } } else { broken.withLock { $0 += 1 } }
          } catch {
            // Closed before an answer began, or a reset for what was sent after that.
            let text = "\(error)"
            if text.contains("closed after HTTP") || text.contains("within a body") { broken.withLock { $0 += 1 } }
            return
          }
        }
      }
    }
    for thread in threads { thread.start() }
    usleep(300_000)
    let start = Date()
    server.stop(within: 5)
    #expect(Date().timeIntervalSince(start) < 4)
    let end = Date().addingTimeInterval(5)
    while threads.contains(where: { !$0.isFinished }), Date() < end { usleep(10_000) }
    #expect(threads.filter { $0.isFinished }.count == 16)
    #expect(answered.withLock { $0 } > 100 && broken.withLock { $0 } == 0)
    #expect(server.status.connections == 0)
  }
}
