import Foundation
import ProgramDriver
import Testing

/// A training that is killed, again and again, at moments that nobody chose.
@Suite struct TrainingCrashTests {
  private static let candidates = 12

  /// A generator of its own, so that the moments are the same in every run of the test (SplitMix64).
  private struct Moments {
    var state: UInt64
    mutating func next() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
    }
  }

  private static func rows() -> String {
    var text = "age,city,visits,pay\n"
    for row in 0..<150 {
      let age = 20 + row * 7 % 40
      text +=
        "\(age),\(["Rome", "Oslo", "Bern"][row % 3]),\(row * 13 % 17),\(age + row * 5 % 9 > 42 ? "high" : "low")\n"
    }
    return text
  }

  @Test func aRunThatIsKilledTenTimesLosesNoCandidateAndEndsAsAnyOther() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let train = try folder.write(Data(Self.rows().utf8), to: "train.csv")
    let model = folder.path("model")
    let program = try Program.built("assay")
    let arguments = [
      "automl", train, "--target", "pay", "--metric", "auc", "--time-limit", "300", "--max-candidates",
      "\(Self.candidates)", "--threads", "2", "-o", model, "--json",
    ]
    let command = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    var moments = Moments(state: 20_261)
    var finished: [String: Data] = [:]
    for turn in 0..<10 {
      let seconds = 0.15 + 1.6 * moments.next()
      _ = try Program.run(
        "/bin/sh", ["-c", "\(command) >/dev/null 2>&1 & sleep \(seconds); kill -9 $!; wait $! 2>/dev/null; true"])
      let kept = try Self.records(in: model)
      // What had ended is there, to the byte, and everything that is there can be read.
      for (name, record) in finished { #expect(kept[name] == record, "turn \(turn): \(name)") }
      finished = kept
      if FileManager.default.fileExists(atPath: model + "/manifest.json") {
        let answer = try Program.run(program, ["predict", model, train])
        #expect(answer.status == .exited(0), "turn \(turn): \(answer.errorText)")
        #expect(answer.text.split(separator: "\n").count == 151)
      }
    }
    let last = try Program.run(program, arguments, timeout: .seconds(120))
    #expect(last.status == .exited(0), "\(last.errorText)")
    let report = try #require(try JSONSerialization.jsonObject(with: last.output) as? [String: Any])
    let board = try #require(report["leaderboard"] as? [[String: Any]])
    #expect(board.count == Self.candidates + 1)
    let ended = board.compactMap { $0["status"] as? String }
    #expect(ended.allSatisfy { $0 == "completed" || $0 == "stopped" }, "\(ended)")
    let kept = try Self.records(in: model)
    #expect(kept.count == Self.candidates && finished.allSatisfy { kept[$0.key] == $0.value })
    // Nothing half-written is left behind.
    let names = try FileManager.default.contentsOfDirectory(atPath: model + "/candidates")
    #expect(names.allSatisfy { !$0.hasPrefix(".") }, "\(names)")
    #expect(try Program.run(program, ["predict", model, train]).status == .exited(0))
    #expect(try String(contentsOfFile: model + "/Dockerfile", encoding: .utf8).contains("COPY --from=program"))
    #expect(FileManager.default.fileExists(atPath: model + "/exploration.md"))
  }

  /// The records of candidates that have ended, each of which has to be whole.
  private static func records(in model: String) throws -> [String: Data] {
    let folder = model + "/candidates"
    var records: [String: Data] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !name.hasPrefix(".") {
      let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)/record.json"), "\(name)")
      let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(record["number"] as? Int == Int(name))
      records[name] = data
    }
    return records
  }
}
