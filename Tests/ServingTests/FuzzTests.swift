import Foundation
import Learn
import Numerics
import ProgramDriver
import Testing

@testable import Serving

/// Bodies and requests that nobody would write.
@Suite(.serialized) struct FuzzTests {
  private static let seeds = [
    Models.csv(0), "income,city,since\n" + Models.csv(1), "\u{FEFF}" + Models.csv(2) + "\r\n" + Models.csv(3),
    #"{"instances":[{"features":[1.5,"Basel","2026-01-01"]}]}"#,
    #"{"instances":[{"data":{"features":{"keys":[0,2],"shape":[3],"values":[-1e-3,"2026-01-01"]}}}]}"#,
    #"[{"income":null,"city":"\ud83d\ude00\n","since":"2026-01-01"}]"#,
    #"{"features":[1,"a","2026-01-01"]}"# + "\n" + #"[true,false,null]"#,
  ]

  private static func mutated(_ random: inout RandomSource) -> [UInt8] {
    var bytes = Array(seeds[random.nextIndex(below: seeds.count)].utf8)
    for _ in 0..<random.nextIndex(below: 6) {
      let place = random.nextIndex(below: bytes.count + 1)
      switch random.nextIndex(below: 6) {
      case 0: bytes.insert(UInt8(random.nextIndex(below: 256)), at: place)
      case 1: if place < bytes.count { bytes.remove(at: place) }
      case 2: if place < bytes.count { bytes[place] = UInt8(random.nextIndex(below: 256)) }
      case 3: bytes.insert(contentsOf: Array("\"\\{}[],:\n\r\0".utf8).shuffled(&random).prefix(3), at: place)
      case 4: bytes = Array(bytes.prefix(place))
      default: bytes += bytes.suffix(min(bytes.count, place))
      }
    }
    return bytes
  }

  @Test func tenThousandMutatedBodiesAreAnsweredOrRefused() throws {
    let service = try ModelService(Models.loans.bundle, fields: [.predictedLabel, .probabilities])
    let scorer = try service.makeScorer()
    let types = ["text/csv", "text/csv;header=present", "application/json", "application/jsonlines", "text/x;;q", ""]
    var random = RandomSource(seed: 20)
    var statuses: [Int: Int] = [:]
    for _ in 0..<10_000 {
      let body = Self.mutated(&random)
      let type = types[random.nextIndex(below: types.count)]
      do {
        let invocation = try body.withUnsafeBufferPointer {
          try service.read($0, contentType: type, accept: "", query: "fields=predicted_label")
        }
        // Reading is what can go wrong; a tenth is answered too.
        if statuses[200, default: 0].isMultiple(of: 10) {
          let answer = try service.answer(invocation, scorer)
          #expect(answer.rows > 0 && !answer.body.isEmpty)
        }
        statuses[200, default: 0] += 1
      } catch let refusal as Refusal {
        #expect([400, 415].contains(refusal.status.rawValue))
        statuses[refusal.status.rawValue, default: 0] += 1
      }
    }
    // A fuzzer that is always refused, or never, tests nothing.
    #expect(statuses[200, default: 0] > 50 && statuses[400, default: 0] > 500 && statuses[415, default: 0] > 500)
  }

  @Test func mutatedRequestsNeitherCrashNorBlockTheServer() throws {
    let server = try ModelServer(
      Models.loans.bundle, options: ServerOptions(port: 0, bodyLimit: 5_000, readSeconds: 1, threads: 2))
    let port = try server.start()
    defer { server.stop(within: 1) }
    var random = RandomSource(seed: 21)
    for _ in 0..<600 {
      let body = Self.mutated(&random)
      var head = Array(
        ("POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
          + "\(body.count)\r\n\r\n").utf8)
      for _ in 0..<random.nextIndex(below: 4) {
        let place = random.nextIndex(below: head.count)
        switch random.nextIndex(below: 3) {
        case 0: head[place] = UInt8(random.nextIndex(below: 256))
        case 1: head.remove(at: place)
        default: head.insert(UInt8(random.nextIndex(below: 256)), at: place)
        }
      }
      let client = try HTTPClient(port: port)
      try? client.send(head + body)
      client.endSending()
      if let answer = try? client.receive() {
        #expect([200, 400, 404, 405, 413, 415].contains(answer.status), "\(answer.status)")
      }
    }
    #expect(try HTTPClient(port: port).ask(body: Models.csv(0)).status == 200)
  }
}

extension Array {
  fileprivate func shuffled(_ random: inout RandomSource) -> [Element] {
    var rest = self
    var result: [Element] = []
    while !rest.isEmpty { result.append(rest.remove(at: random.nextIndex(below: rest.count))) }
    return result
  }
}
