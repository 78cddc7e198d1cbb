// What a bias report costs: all pre-training metrics of five facets with twenty values in all, with bootstrap intervals,
// beside smclarify 0.5, which has no intervals.

import Foundation
import Frame
import ProgramDriver

extension Settings {
  private static let facets = (1...5).map { "f\($0)" }

  /// The library over a Parquet file, a report for each facet: smclarify 0.5 needs pandas 2.0.3, numpy 1.24.4 and pyarrow.
  private static let library = """
    import sys, pandas as pd
    from smclarify.bias.report import bias_report, FacetColumn, LabelColumn, StageType
    d = pd.read_parquet(sys.argv[1])
    for name in sys.argv[2:]:
        bias_report(d, FacetColumn(name), LabelColumn('y', d['y'], ['yes']), StageType.PRE_TRAINING,
                    metrics=['all'], group_variable=d['g'])
    """

  private func biasFile(rows: Int) throws -> String {
    let file = folder.appendingPathComponent("bias-\(rows).parquet").path
    if FileManager.default.fileExists(atPath: file) { return file }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    log("writing \(file)")
    // Rare and frequent values, and a label that goes with them.
    let facets = Self.facets.enumerated().map { place, name in
      "'v' || sqrt(hash(range * \(3 + 4 * place)) % 16)::INT % 4 AS \(name)"
    }
    let table = """
      SELECT *, CASE WHEN hash(n * 31) % 100 < 30 + 5 * (f1 = 'v1')::INT THEN 'yes' ELSE 'no' END AS y,
      'g' || (hash(n * 37) % 10) AS g, (hash(n * 41) % 1000000) / 7.0 AS x
      FROM (SELECT range AS n, \(facets.joined(separator: ", ")) FROM range(\(rows)))
      """
    try Database().execute("COPY (\(table)) TO \(SQL.text(file))")
    return file
  }

  private func arguments(_ file: String) -> [String] {
    ["bias", file, "--label", "y", "--positive", "yes", "--group", "g", "--json"]
      + Self.facets.flatMap { ["--facet", $0] }
  }

  func biasBars() throws -> [Bar] {
    let large = try biasFile(rows: 10_000_000)
    var bar = Bar(name: "bias_10000000_rows", target: "under 3 CPU-seconds")
    bar.measured = try measure(assay, arguments(large), repeats: min(repeats, 3))
    bar.isMet = bar.measured["cpu_seconds"].map { $0 < 3 }
    let small = try biasFile(rows: 1_000_000)
    var beside = Bar(name: "bias_1000000_rows", target: "a 400th of the CPU of smclarify 0.5")
    beside.measured = try measure(assay, arguments(small), repeats: min(repeats, 3))
    guard let python else {
      beside.notes.append("ASSAY_PEERS names no Python with smclarify")
      return [bar, beside]
    }
    do {
      let theirs = try measure(
        python, ["-c", Self.library, small] + Self.facets, repeats: 1, timeout: .seconds(1200))
      beside.peers["smclarify"] = theirs
      if let own = beside.measured["cpu_seconds"], let other = theirs["cpu_seconds"] {
        beside.measured["times_cheaper_per_row"] = other / own
        beside.isMet = own * 400 <= other
        if let all = bar.measured["cpu_seconds"] { bar.measured["times_cheaper_per_row"] = other * 10 / all }
      }
    } catch {
      beside.notes.append("smclarify: \(error)")
    }
    return [bar, beside]
  }
}
