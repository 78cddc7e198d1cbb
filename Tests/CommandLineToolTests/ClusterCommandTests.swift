import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

/// Rows of a cluster, and trainings by several processes, as a person types them.
@Suite(.serialized) struct ClusterCommandTests {
  private let folder: TemporaryFolder
  private let table: String
  private let rows = 3000

  init() throws {
    folder = try TemporaryFolder()
    table = folder.path("orders.parquet")
    _ = try Database().write(
      "SELECT i AS id, 'c' || (i % 7) AS city, CASE WHEN i % 9 <> 0 THEN i / 8.0 END AS price FROM range(\(rows)) t(i)",
      to: table)
  }

  private func cluster() throws -> [String: String] {
    ["ASSAY_SPARK": "sc://127.0.0.1:\(try LocalServer.spark.get().port)", "ASSAY_SPARK_ROWS": "100"]
  }

  private func count(_ path: String) throws -> Double? {
    try Database().query("SELECT count(*) FROM read_parquet('\(path)')").value(0, 0).number
  }

  @Test(.enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)"))
  func bringingATableTellsHowManyRowsThereAreBeforeItStarts() throws {
    defer { folder.remove() }
    let (environment, path) = (try cluster(), folder.path("here.parquet"))
    let answer = try assay("bring", "spark:parquet.`\(table)`", "-o", path, "--json", environment: environment)
    #expect(answer.exitCode == 0, "\(answer.error)")
    let lines = answer.error.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasSuffix(": bringing 3,000 rows") }, "\(lines)")
    #expect(lines.last == "wrote 3,000 rows to \(path)")
    let json = try answer.json()
    #expect(json["rows"] as? Int == rows && json["of"] as? Int == rows && json["seed"] == nil)
    #expect((json["engine"] as? String)?.hasPrefix("Spark at sc://127.0.0.1:") == true)
    #expect(try count(path) == Double(rows))
  }

  @Test(.enabled(if: LocalServer.areInstalled, "\(LocalServer.missing)"))
  func aSampleOfAStepComesByItsFlow() throws {
    defer { folder.remove() }
    let environment = try cluster()
    let flow = folder.path("flow.flow")
    var file = FlowFile(name: "orders")
    let source = file.graph.addSource(Source(location: "spark:parquet.`\(table)`"))
    // The mean is learnt there, for not one row comes unasked.
    _ = try file.graph.add(.impute([ImputeRule("price", .mean)]), after: source)
    try file.write(to: flow)
    let path = folder.path("sample.parquet")
    let answer = try assay(
      "bring", flow, "--sample", "200", "--seed", "5", "-o", path, "--json", environment: environment)
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.error.contains("bringing 200 of 3,000 rows"))
    let json = try answer.json()
    #expect(json["rows"] as? Int == 200 && json["of"] as? Int == rows && json["seed"] as? Int == 5)
    #expect(try count(path) == 200)
    let whole = folder.path("whole.parquet")
    let ran = try assay("flow", "run", flow, "-o", whole, "--json", environment: environment)
    #expect(ran.exitCode == 0 && ran.error.contains("computed all 3,000 rows"), "\(ran.error)")
    #expect(try count(whole) == Double(rows))
    #expect(
      try Database().query("SELECT count(*) FROM read_parquet('\(whole)') WHERE price IS NULL").value(0, 0).number == 0)
  }

  @Test func whatIsNoTableOfAClusterIsNotBrought() throws {
    defer { folder.remove() }
    let environment = ["ASSAY_SPARK": "sc://127.0.0.1:1"]
    let answer = try assay("bring", "orders.csv", "-o", folder.path("x.parquet"), environment: environment)
    #expect(answer.exitCode == 2 && answer.error.contains("write spark:DATABASE.TABLE"), "\(answer.error)")
    let without = try assay("bring", "spark:sales.orders", "-o", folder.path("x.parquet"))
    #expect(without.exitCode == 1 && without.error.contains("ASSAY_SPARK=sc://HOST:PORT"), "\(without.error)")
    let ending = try assay("bring", "spark:sales.orders", "-o", "x.txt", environment: environment)
    #expect(ending.exitCode != 0 && !FileManager.default.fileExists(atPath: "x.txt"), "\(ending)")
  }

  // MARK: Workers

  private static let candidate = """
    [{"learner": {"lightgbm": {"bins": 255, "depth": 0, "feature_fraction": 1, "is_extra": false, "l1": 0, "l2": 0,
    "leaves": 15, "rate": 0.1, "rounds": 30, "row_fraction": 1, "rows_per_leaf": 20}},
    "recipe": {"categories": "codes", "isScaled": false}, "takes_log": false}]
    """

  /// Processes that are workers of another.
  private static func workers(of parent: pid_t) -> Set<pid_t> {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(
      processes.compactMap { pid_t($0) }.filter { process in
        guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
          let status = FileManager.default.contents(atPath: "/proc/\(process)/status")
        else { return false }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.contains("worker")
          && String(decoding: status, as: UTF8.self).contains("\nPPid:\t\(parent)\n")
      })
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: "/proc/self/status"), "there is no /proc to look for processes in"))
  func twoWorkersGrowTheTreesOfATrainingAndAgreeWithOneProcess() throws {
    defer { folder.remove() }
    var text = "a,b,c,label\n"
    for row in 0..<1200 {
      let (a, b) = (row * 37 % 101, row * 53 % 89)
      text += "\(a),\(b),\(["x", "y", "z"][row % 3]),\(a + b / 2 + row * 7 % 30 > 85 ? "yes" : "no")\n"
    }
    let data = try folder.file("rows.csv", text)
    let candidates = try folder.file("candidates.json", Self.candidate)
    func train(_ more: [String]) throws -> (auc: Double, notes: String, workers: Set<pid_t>) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try Program.built("assay"))
      let model = folder.path("model\(more.count)")
      process.arguments =
        ["automl", data, "--target", "label", "--candidates", candidates, "--metric", "auc", "--json", "-o", model]
        + more
      let output = folder.path("output\(more.count)")
      try Data().write(to: URL(fileURLWithPath: output))
      process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
      process.standardError = FileHandle.nullDevice
      try process.run()
      var seen: Set<pid_t> = []
      while process.isRunning {
        seen.formUnion(Self.workers(of: process.processIdentifier))
        usleep(5000)
      }
      #expect(process.terminationStatus == 0)
      let json = try JSONSerialization.jsonObject(
        with: try folder.read("output\(more.count)").data(using: .utf8) ?? Data())
      let report = try #require(json as? [String: Any])
      let board = try #require(report["leaderboard"] as? [[String: Any]])
      let auc = try #require((board.first?["metrics"] as? [String: Double])?["auc"])
      return (auc, "\(report["notes"] ?? "")", seen)
    }
    let alone = try train([])
    let together = try train(["--workers", "2"])
    #expect(alone.workers.isEmpty && together.workers.count >= 2, "\(together.workers)")
    #expect(together.notes.contains("grown by 2 processes here together"), "\(together.notes)")
    #expect(together.auc > 0.9 && abs(together.auc - alone.auc) < 0.02, "\(together.auc) \(alone.auc)")
    // None of them outlives the training.
    for worker in together.workers { #expect(kill(worker, 0) != 0 || !Self.isWorker(worker)) }
  }

  private static func isWorker(_ process: pid_t) -> Bool {
    FileManager.default.contents(atPath: "/proc/\(process)/cmdline").map {
      String(decoding: $0, as: UTF8.self).contains("worker")
    } ?? false
  }
}
