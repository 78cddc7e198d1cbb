import Foundation
import Learn
import ProgramDriver
import Synchronization
import Testing

@testable import Serving

/// Requests over loopback to a server with a trained model.
@Suite(.serialized) struct ServerTests {
  /// Runs `body` with a server on a free port, and stops it.
  private func serving(
    _ bundle: ModelBundle = Models.loans.bundle, changing change: (inout ServerOptions) -> Void = { _ in },
    log: RequestLog? = nil, _ body: (Int, ModelServer) throws -> Void
  ) throws {
    var options = ServerOptions(port: 0, threads: 2)
    change(&options)
    let server = try ModelServer(bundle, options: options, log: log)
    let port = try server.start()
    defer { server.stop(within: 2) }
    try body(port, server)
  }

  @Test func pingIsAnsweredWithAnEmptyBody() throws {
    try serving { port, server in
      let client = try HTTPClient(port: port)
      let answer = try client.ask("GET", "/ping", type: nil)
      #expect(answer.status == 200 && answer.body.isEmpty)
      #expect(
        try client.ask("GET", "/execution-parameters", type: nil).json["BatchStrategy"] as? String == "MULTI_RECORD")
      #expect(server.address == "http://127.0.0.1:\(port)")
    }
  }

  @Test func csvWithoutAHeaderIsAnsweredAsTheBundlePredicts() throws {
    let expected = try Models.loans.bundle.predictions(Models.table, withProbabilities: true)
    let classes = Models.loans.bundle.manifest.classes
    try serving { port, server in
      let client = try HTTPClient(port: port)
      for row in 0..<60 {
        let answer = try client.ask(
          "POST", "/invocations?fields=predicted_label,probability,probabilities,labels", body: Models.csv(row) + "\n")
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer.headers["content-type"] == "text/csv")
        let label = try #require(expected.columns[0].text(row))
        let shares = try expected.columns.dropFirst().map { try #require($0.numbers?[row]) }
        let place = try #require(classes.firstIndex(of: label))
        let names = classes.map { "\"\"\($0)\"\"" }.joined(separator: ", ")
        let shown = label == "yes" ? "yes" : "\"no, sorry\""
        let wanted = "\(shown),\(shares[place]),\"[\(shares[0]), \(shares[1])]\",\"[\(names)]\"\n"
        #expect(answer.body == wanted)
      }
      let many = (0..<240).map { Models.csv($0) }.joined(separator: "\r\n")
      let answer = try client.ask(body: many)
      let labels = (0..<240).map { expected.columns[0].text($0) == "yes" ? "yes" : "\"no, sorry\"" }
      #expect(answer.body == labels.joined(separator: "\n") + "\n")
      let status = server.status
      #expect(status.requests == 61 && status.rows == 300 && status.errors == 0)
      #expect(try #require(status.p50) > 0 && #require(status.p99) >= #require(status.p50))
    }
  }

  @Test func aHeaderMayNameTheColumnsInAnyOrderBesideOthers() throws {
    try serving { port, _ in
      let client = try HTTPClient(port: port)
      let plain = try client.ask(body: (0..<5).map { Models.csv($0) }.joined(separator: "\n"))
      let columns = ["since", "id", "city", "income", "approved"]
      let named = ([columns.joined(separator: ",")] + (0..<5).map { Models.csv($0, columns: columns) })
        .joined(separator: "\n")
      #expect(try client.ask(body: named).body == plain.body)
      #expect(try client.ask(type: "text/csv; header=present", body: named).body == plain.body)
      let lacking = try client.ask(type: "text/csv; header=present", body: "since,city\n2026-01-01,Basel\n")
      #expect(lacking.status == 400)
      #expect(lacking.json["error"] as? String == "the header lacks income")
      let absent = try client.ask(type: "text/csv; header=absent", body: named)
      #expect(absent.status == 400 && absent.body.contains("line 1 has 5 fields instead of 3"))
    }
  }

  @Test func jsonIsDenseSparseOrNamed() throws {
    let row = try #require((0..<240).first { Models.table["city"]?.text($0) == "Basel" })
    let income = Models.table["income"]?.text(row) ?? "null"
    let since = try #require(Models.table["since"]?.text(row))
    let dense = #"[\#(income),"Basel","\#(since)"]"#
    try serving { port, _ in
      let client = try HTTPClient(port: port)
      let label = try client.ask(body: Models.csv(row)).body.trimmingCharacters(in: .newlines)
      let wanted = #"{"predictions":[{"predicted_label":"\#(label.filter { $0 != "\"" })"}]}"# + "\n"
      let bodies = [
        #"{"instances":[{"features":\#(dense)}]}"#, #"{"instances":[\#(dense)]}"#, "[\(dense)]",
        #"{"instances":[{"data":{"features":{"values":\#(dense)}}}]}"#,
        #"{"instances":[{"data":{"features":{"keys":[2,0,1],"shape":[3],"values":["\#(since)",\#(income),"B\u0061sel"]}}}]}"#,
        #"{"instances":[{"city":"Basel","income":\#(income),"since":"\#(since)","other":[1,{"a":null}]}]}"#,
        #"{"city":"Basel","income":\#(income),"since":"\#(since)"}"#,
      ]
      for body in bodies {
        let answer = try client.ask(type: "application/json", body: body)
        #expect(answer.status == 200 && answer.body == wanted, "\(body) → \(answer.body)")
      }
      let lines = try client.ask(
        type: "application/jsonlines", body: #"{"features":\#(dense)}"# + "\n\n" + #"{"features":\#(dense)}"#)
      #expect(lines.headers["content-type"] == "application/jsonlines")
      #expect(lines.body.split(separator: "\n").count == 2)
      let text = try client.ask(
        type: "application/json", body: bodies[0], headers: ["Accept": "text/csv;q=1, */*;q=0.1"])
      #expect(text.headers["content-type"] == "text/csv")
      #expect(text.body == (label.contains(",") ? label : label) + "\n")
    }
  }

  @Test func numbersHaveOneField() throws {
    let expected = try Models.limits.bundle.predict(Models.table)
    try serving(Models.limits.bundle) { port, _ in
      let client = try HTTPClient(port: port)
      let answer = try client.ask(body: (0..<240).map { Models.csv($0) }.joined(separator: "\n"))
      #expect(answer.body.split(separator: "\n").map { Double($0) } == expected.map { $0 })
      let refused = try client.ask("POST", "/invocations?fields=probability", body: Models.csv(0))
      #expect(refused.status == 400 && refused.body.contains("predicts numbers"))
    }
    #expect(throws: ServingError.noClasses(.labels)) {
      _ = try ModelServer(Models.limits.bundle, options: ServerOptions(port: 0, fields: [.labels]))
    }
  }

  @Test func whatCannotBeAnsweredIsRefusedWithAReason() throws {
    try serving(changing: { $0.bodyLimit = 20_000 }) { port, server in
      func refused(
        _ status: Int, _ text: String, _ method: String = "POST", _ path: String = "/invocations",
        type: String? = "text/csv", body: String = "", headers: [String: String] = [:]
      ) throws {
        let answer = try HTTPClient(port: port).ask(method, path, type: type, body: body, headers: headers)
        #expect(answer.status == status, "\(text): \(answer.status) \(answer.body)")
        #expect(answer.headers["content-type"] == "application/json")
        #expect((answer.json["error"] as? String)?.contains(text) == true, "\(answer.body)")
        #expect(answer.json["status"] as? Int == status)
      }
      try refused(415, "application/x-recordio-protobuf is not understood", type: "application/x-recordio-protobuf")
      try refused(415, "names no content type", type: nil, body: "1,2")
      try refused(406, "image/png", body: Models.csv(0), headers: ["Accept": "image/png"])
      try refused(400, "no rows")
      try refused(400, "line 2 has 1 fields instead of 3", body: Models.csv(0) + "\n5\n")
      try refused(400, #"line 1, column "income": "much" is no number"#, body: "much,Basel,2026-01-01")
      try refused(400, #"column "since": "soon" is no date"#, body: "1,Basel,soon")
      try refused(400, "a quote is never closed", body: "1,\"Basel,2026-01-01")
      try refused(400, "instance 1 lacks since", type: "application/json", body: #"[{"city":"x","income":1}]"#)
      try refused(400, "no JSON: at byte", type: "application/json", body: #"{"instances":[1,}"#)
      try refused(400, "too deep", type: "application/json", body: String(repeating: "[", count: 9_000))
      try refused(400, "line 2", type: "application/jsonlines", body: #"[1,"x","2026-01-01"]"# + "\n{")
      try refused(413, "20000 bytes", body: String(repeating: "1,Basel,2026-01-01\n", count: 2_000))
      try refused(404, "there is no /model", "GET", "/model")
      try refused(405, "wants POST", "GET")
      #expect(server.status.errors == 15)
    }
  }

  @Test func aBodyThatGrowsTooLargeWithoutSayingSoIsRefusedToo() throws {
    try serving(changing: { $0.bodyLimit = 20_000 }) { port, _ in
      let client = try HTTPClient(port: port)
      try client.send("POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = String(repeating: "1,Basel,2026-01-01\n", count: 100)
      for _ in 0..<12 { try? client.send(String(chunk.utf8.count, radix: 16) + "\r\n" + chunk + "\r\n") }
      #expect(try client.receive().status == 413)
    }
  }

  @Test func aTokenIsAskedForAndComparedWhole() throws {
    try serving(changing: { $0.token = "correct horse" }) { port, _ in
      func status(_ header: String?) throws -> Int {
        let headers = header.map { ["Authorization": $0] } ?? [:]
        return try HTTPClient(port: port).ask(body: Models.csv(0), headers: headers).status
      }
      #expect(try status(nil) == 401)
      for wrong in ["Bearer", "Bearer ", "Bearer correct hors", "Bearer correct horse1", "Basic correct horse"] {
        #expect(try status(wrong) == 401, "\(wrong)")
      }
      #expect(try status("Bearer correct horse") == 200)
      #expect(try status("bearer correct horse") == 200)
      let client = try HTTPClient(port: port)
      #expect(try client.ask("GET", "/ping", type: nil).status == 200)
    }
  }

  @Test func aSlowClientGetsAnAnswerAndADeadOneIsShutOut() throws {
    try serving(changing: { $0.readSeconds = 1 }) { port, _ in
      let slow = try HTTPClient(port: port)
      let body = Models.csv(0)
      let text =
        "POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      for part in text.utf8.map({ [$0] }) {
        try slow.send(part)
        usleep(2_000)
      }
      #expect(try slow.receive().status == 200)
      let half = try HTTPClient(port: port)
      try half.send(Array(text.utf8.dropLast(4)))
      #expect(try half.receive().status == 408)
      #expect(half.isClosed)
      let silent = try HTTPClient(port: port)
      try silent.send("POST /invo")
      #expect(silent.isClosed)
    }
  }

  @Test func whoClosesTheirHalfIsStillAnswered() throws {
    try serving { port, _ in
      let client = try HTTPClient(port: port)
      let body = Models.csv(0)
      try client.send(
        "POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      client.endSending()
      #expect(try client.receive().status == 200)
      let gone = try HTTPClient(port: port)
      try gone.send("POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: 500\r\n\r\n1,2")
      gone.endSending()
      #expect((try? gone.receive().status) ?? 400 == 400)
      #expect(gone.isClosed)
    }
  }

  @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() throws {
    let expected = try Models.loans.bundle.predictions(Models.table, withProbabilities: false)
    try serving { port, _ in
      let client = try HTTPClient(port: port)
      var text = ""
      for row in 0..<50 {
        let body = Models.csv(row)
        text +=
          "POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      }
      try client.send(text)
      for row in 0..<50 {
        #expect(try client.receive().body.contains("yes") == (expected.columns[0].text(row) == "yes"))
      }
      try client.send(
        "POST /invocations HTTP/1.1\r\nExpect: 100-continue\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n\r\n")
      #expect(try client.receive(interim: true).status == 100)
      try client.send("1,2,")
      #expect(try client.receive().status == 200)
    }
  }

  @Test func sixtyFourConnectionsGetTheirOwnAnswers() throws {
    let expected = try Models.loans.bundle.predict(Models.table)
    try serving { port, server in
      let wrong = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 64) { number in
        do {
          let client = try HTTPClient(port: port)
          for turn in 0..<20 {
            let row = (number * 17 + turn * 5) % 240
            let answer = try client.ask("POST", "/invocations?fields=probabilities", body: Models.csv(row))
            if answer.body != "\"[\(expected[row * 2]), \(expected[row * 2 + 1])]\"\n" { wrong.withLock { $0 += 1 } }
          }
        } catch {
          wrong.withLock { $0 += 1 }
        }
      }
      #expect(wrong.withLock { $0 } == 0)
      #expect(server.status.requests == 1280 && server.status.errors == 0)
    }
  }

  @Test func stoppingFinishesWhatHasBegun() throws {
    let server = try ModelServer(Models.loans.bundle, options: ServerOptions(port: 0, threads: 2))
    let port = try server.start()
    let resting = try HTTPClient(port: port)
    #expect(try resting.ask(body: Models.csv(0)).status == 200)
    let busy = try HTTPClient(port: port)
    let body = Models.csv(1)
    try busy.send("POST /invocations HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
    usleep(100_000)
    let stopped = Mutex(false)
    let thread = Thread {
      server.stop(within: 10)
      stopped.withLock { $0 = true }
    }
    thread.start()
    usleep(300_000)
    #expect(resting.isClosed)
    #expect(stopped.withLock { $0 } == false)
    #expect((try? HTTPClient(port: port)) == nil)
    try busy.send(body)
    let answer = try busy.receive()
    #expect(answer.status == 200 && answer.headers["connection"] == "close")
    #expect(busy.isClosed)
    let end = Date().addingTimeInterval(5)
    while !stopped.withLock({ $0 }), Date() < end { usleep(10_000) }
    #expect(stopped.withLock { $0 })
  }

  @Test func aPortThatIsTakenIsNamed() throws {
    try serving { port, _ in
      let second = try ModelServer(Models.loans.bundle, options: ServerOptions(port: port, threads: 1))
      #expect {
        _ = try second.start()
      } throws: { error in
        "\(error)".hasPrefix("Port \(port) of 127.0.0.1 cannot be listened on (Address already in use).")
      }
    }
  }

  @Test func theLogHasALineForEachRequest() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = folder.path("requests.log")
    try serving(log: RequestLog(path: file)) { port, _ in
      let client = try HTTPClient(port: port)
      _ = try client.ask(body: Models.csv(0) + "\n" + Models.csv(1))
      _ = try client.ask("GET", "/a%20b", type: nil)
    }
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0].contains(/^20..-..-..T..:..:..Z 127\.0\.0\.1 POST \/invocations 200 rows=2 in=\d+ out=\d+ ms=\d+\.\d\d$/)
    )
    #expect(lines[1].contains(" GET /a%20b 404 rows=0 "))
  }
}
