// What profiling a table and training a Quick Model cost.

import Foundation
import ProgramDriver

extension Settings {
  func profileBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    var bar = Bar(
      name: "profile_\(rows)_rows", target: "CPU at or below DuckDB's SUMMARIZE, peak memory under 300 MB")
    bar.measured = try measure(assay, ["profile", file, "--json"], repeats: min(repeats, 3))
    let summarize = try DuckDBPeer.summarize.measured(on: file, repeats: min(repeats, 3))
    bar.peers["duckdb SUMMARIZE"] = summarize
    if let python {
      for peer in PythonPeer.allCases {
        do {
          bar.peers[peer.rawValue] = try peer.measured(on: file, python: python)
        } catch {
          bar.notes.append("\(peer.rawValue): \(error)")
        }
      }
    }
    if let own = bar.measured["cpu_seconds"], let memory = bar.measured["peak_megabytes"],
      let theirs = summarize["cpu_seconds"]
    {
      bar.isMet = own <= theirs && memory < 300
    }
    return bar
  }

  func frequencyBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    var bar = Bar(name: "frequency_\(rows)_rows", target: "CPU under 1.5 times the same GROUP BY in DuckDB alone")
    bar.measured = try measure(assay, ["freq", file, "country", "--json"], repeats: min(repeats, 3))
    let alone = try DuckDBPeer.frequency.measured(on: file, repeats: min(repeats, 3))
    bar.peers["duckdb GROUP BY"] = alone
    if let own = bar.measured["cpu_seconds"], let theirs = alone["cpu_seconds"] { bar.isMet = own < 1.5 * theirs }
    return bar
  }

  func quickModelBar() throws -> Bar {
    var bar = Bar(name: "quick_model_census", target: "under 3 CPU-seconds on 39,073 rows")
    guard let census else {
      bar.notes.append("needs the whole census: --census FILE, its last column the target")
      return bar
    }
    let header = try String(contentsOfFile: census, encoding: .utf8).prefix { $0 != "\n" }
    let target = header.split(separator: ",").last.map(String.init) ?? "target"
    bar.measured = try measure(assay, ["quickmodel", census, "--target", target, "--json"], repeats: repeats)
    bar.isMet = bar.measured["cpu_seconds"].map { $0 < 3 }
    return bar
  }
}
