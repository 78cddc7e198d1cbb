// What two processes that grow trees together make of a training beside one, and two workers of Spark of a count beside one.

import Foundation
import Frame
import ProgramDriver

extension Settings {
  private static let rounds = 100

  /// One LightGBM of a hundred trees: the same candidate for one process and for two.
  private static let candidate = """
    [{"learner": {"lightgbm": {"bins": 255, "depth": 0, "feature_fraction": 1, "is_extra": false, "l1": 0, "l2": 0,
    "leaves": 31, "rate": 0.1, "rounds": \(rounds), "row_fraction": 1, "rows_per_leaf": 20}},
    "recipe": {"categories": "codes", "isScaled": false}, "takes_log": false}]
    """

  /// Rows of ten numbers and two texts whose label depends on some of them, and on chance.
  private func labelledRows(_ rows: Int, from first: Int, _ name: String) throws -> String {
    let file = folder.appendingPathComponent("labelled-\(name)-\(rows).parquet").path
    if FileManager.default.fileExists(atPath: file) { return file }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    log("writing \(file)")
    let numbers = (0..<10).map { "(hash(n * \(2 * $0 + 3)) % 100000) / 100000.0 AS x\($0)" }
    let table = """
      SELECT * EXCLUDE (n, luck), CASE WHEN 2 * x0 + x1 * x2 - x3 + 0.5 * (t0 = 'v3')::INT + luck > 1.1 THEN 'yes' ELSE 'no'
      END AS label FROM (SELECT *, (hash(n * 97) % 100000) / 100000.0 - 0.5 AS luck FROM (
      SELECT range AS n, \(numbers.joined(separator: ", ")), 'v' || hash(range * 51) % 8 AS t0,
      'w' || hash(range * 53) % 40 AS t1 FROM range(\(first), \(first + rows))))
      """.replacing("hash(n *", with: "hash(range *").replacing("hash(range * 97)", with: "hash(n * 97)")
    try Database().execute("COPY (\(table)) TO \(SQL.text(file))")
    return file
  }

  /// A million generated rows: one process, two workers, on the same rows, judged by the same rows.
  func workerBars() throws -> [Bar] {
    let rows = workerRows
    let (train, test) = (
      try labelledRows(rows, from: 0, "train"), try labelledRows(max(20_000, rows / 10), from: 1_000_000_000, "test")
    )
    let candidates = folder.appendingPathComponent("candidates.json")
    try Data(Self.candidate.utf8).write(to: candidates)
    var bar = Bar(
      name: "workers_\(rows)_rows", target: "two workers differ by at most 0.002 in AUC from one process")
    func run(_ name: String, _ more: [String]) throws -> Double {
      let model = folder.appendingPathComponent("workers-\(name)").path
      try? FileManager.default.removeItem(atPath: model)
      log("training with \(name.replacing("_", with: " "))")
      let run = try Program.run(
        assay,
        [
          "automl", train, "--target", "label", "--validation", test, "--test", test, "--metric", "auc", "--candidates",
          candidates.path, "--time-limit", "3600", "-o", model, "--json",
        ] + more, timeout: .seconds(3600))
      guard run.status.isSuccess else { throw ProgramError("automl: \(run.errorText.suffix(300))") }
      let report = try JSONSerialization.jsonObject(with: run.output) as? [String: Any]
      let figures = (report?["test"] as? [String: Any])?["metrics"] as? [String: Double]
      let board = report?["leaderboard"] as? [[String: Any]]
      let auc = figures?["auc"] ?? .nan
      bar.measured["\(name)_auc"] = auc
      bar.measured["\(name)_wall_seconds"] = run.wallSeconds
      bar.measured["\(name)_cpu_seconds"] = run.use.cpuSeconds
      bar.measured["\(name)_fit_seconds"] = board?.last?["fit_seconds"] as? Double ?? .nan
      return auc
    }
    let alone = try run("one_process", ["--threads", "1"])
    let threads = try run("two_threads", ["--threads", "2"])
    let together = try run("two_workers", ["--workers", "2"])
    bar.measured["auc_difference"] = abs(together - alone)
    bar.isMet = abs(together - alone) <= 0.002 && abs(together - threads) <= 0.002
    bar.notes.append("one LightGBM of \(Self.rounds) trees; \(max(20_000, rows / 10)) other rows judge")
    return [bar]
  }

  // MARK: Spark

  /// The same count with one and with two workers of Spark. `ASSAY_BENCH_SPARK` names two clusters, `sc://…,sc://…`: the
  /// first of one worker, the second of two.
  func clusterBars() throws -> [Bar] {
    let rows = clusterRows
    var bar = Bar(
      name: "cluster_\(rows)_rows", target: "two workers of Spark count bias in less time than one, all rows there")
    guard let named = ProcessInfo.processInfo.environment["ASSAY_BENCH_SPARK"] else {
      bar.notes.append("ASSAY_BENCH_SPARK names no Spark: sc://HOST:PORT of one worker, sc://HOST:PORT of two")
      return [bar]
    }
    let addresses = named.split(separator: ",").map(String.init)
    guard addresses.count == 2 else {
      throw ProgramError("ASSAY_BENCH_SPARK wants two addresses with a comma between, not \(named)")
    }
    // Made there as it is read: nothing but the counts goes over the network, and no disk takes part.
    let view = """
      CREATE OR REPLACE VIEW assay_bench AS SELECT concat('v', CAST(hash(id, 1) % 4 AS STRING)) AS f1,
      concat('v', CAST(hash(id, 2) % 5 AS STRING)) AS f2, concat('g', CAST(hash(id, 3) % 10 AS STRING)) AS g,
      CASE WHEN pmod(hash(id, 4), 100) < 30 + 5 * pmod(hash(id, 1), 2) THEN 'yes' ELSE 'no' END AS y
      FROM range(0, \(rows), 1, 8)
      """
    let count = "SELECT f1, f2, g, y, count(*) AS n FROM assay_bench GROUP BY f1, f2, g, y ORDER BY f1, f2, g, y"
    let report = [
      "bias", "spark:assay_bench", "--label", "y", "--positive", "yes", "--group", "g", "--facet", "f1", "--facet",
      "f2",
      "--json",
    ]
    var seconds: [String: [Double]] = [:]
    var answers: [[String]] = []
    for (address, name) in zip(addresses, ["one_worker", "two_workers"]) {
      let made = try Program.run(assay, ["spark", view, "--remote", address], timeout: .seconds(300))
      guard made.status.isSuccess else { throw ProgramError("\(address): \(made.errorText.suffix(400))") }
      var texts: [String] = []
      // What the cluster does, and the report of which it is a part.
      for (work, arguments) in [("count", ["spark", count]), ("report", report)] {
        var runs: [ProgramResult] = []
        // The first one warms the executors up.
        for _ in 0...min(3, repeats) {
          let run = try Program.run(
            assay, arguments, environment: ["ASSAY_SPARK": address, "ASSAY_SPARK_ROWS": "100000"],
            timeout: .seconds(3600))
          guard run.status.isSuccess else { throw ProgramError("\(address): \(run.errorText.suffix(400))") }
          log("\(name), \(work): \(run.wallSeconds) s")
          runs.append(run)
        }
        let median = runs.dropFirst().map(\.wallSeconds).median
        seconds[work, default: []].append(median)
        bar.measured["\(work)_\(name)_wall_seconds"] = median
        bar.measured["\(work)_\(name)_own_cpu_seconds"] = runs.dropFirst().map(\.use.cpuSeconds).median
        texts.append(runs.last?.text ?? "")
      }
      answers.append(texts)
    }
    for (work, seconds) in seconds { bar.measured["\(work)_ratio"] = seconds[0] / seconds[1] }
    bar.isMet = bar.measured["count_ratio"].map { $0 > 1 }
    if answers[0][0] != answers[1][0] { bar.notes.append("the two counts differ") }
    return [bar]
  }
}
