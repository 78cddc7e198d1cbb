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

  /// Which library that Python has; nil where it has none.
  private func libraryVersions(_ python: String) throws -> String? {
    let code =
      "import importlib.metadata as m; "
      + "print(', '.join(n + ' ' + m.version(n) for n in ['smclarify', 'pandas', 'numpy', 'pyarrow']))"
    let run = try Program.run(python, ["-c", code], timeout: .seconds(60))
    return run.status.isSuccess ? run.text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }

  /// The large table alone, and the small one beside smclarify: both read the same file in the same run.
  func biasBars() throws -> [Bar] {
    let large = biasRows * 10
    var bar = Bar(name: "bias_\(large)_rows", target: "under 3 CPU-seconds for 10,000,000 rows")
    bar.measured = try measure(assay, arguments(try biasFile(rows: large)), repeats: min(repeats, 3))
    bar.isMet = bar.measured["cpu_seconds"].map { $0 * 10_000_000 < 3 * Double(large) }
    let small = try biasFile(rows: biasRows)
    var beside = Bar(name: "bias_\(biasRows)_rows", target: "a 400th of the CPU of smclarify 0.5 for 1,000,000 rows")
    beside.measured = try measure(assay, arguments(small), repeats: min(repeats, 3))
    guard let python else {
      beside.notes.append("ASSAY_PEERS names no Python with smclarify")
      return [bar, beside]
    }
    do {
      guard let versions = try libraryVersions(python) else {
        throw ProgramError("\(python) has no smclarify with pandas, numpy and pyarrow")
      }
      beside.notes.append("beside \(versions)")
      log("smclarify reads \(biasRows) rows, which takes a while")
      let theirs = try measure(
        python, ["-c", Self.library, small] + Self.facets, repeats: 1, timeout: .seconds(1800))
      beside.peers["smclarify"] = theirs
      if let own = beside.measured["cpu_seconds"], let other = theirs["cpu_seconds"] {
        let times = other / own
        beside.measured["times_cheaper_per_row"] = times
        beside.isMet = times >= 400
        if let all = bar.measured["cpu_seconds"] { bar.measured["times_cheaper_per_row"] = other * 10 / all }
        log(
          "\(biasRows) rows: smclarify \(other.rounded(to: 2)) CPU-s, assay \(own.rounded(to: 2)) CPU-s, "
            + "\(times.rounded(to: 0)) times")
      }
    } catch {
      beside.notes.append("smclarify: \(error)")
    }
    return [bar, beside]
  }
}

extension Double {
  fileprivate func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
