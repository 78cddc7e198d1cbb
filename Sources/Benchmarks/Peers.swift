// What others take for the same work. DuckDB is the library that assay itself links, alone in a process of its own;
// the others run where ASSAY_PEERS names a Python that has them.

import Foundation
import Frame
import ProgramDriver

/// DuckDB alone: this executable started again with `--duckdb WORK FILE`.
enum DuckDBPeer: String {
  case summarize, count, frequency

  func run(on file: String) throws {
    let database = try Database()
    switch self {
    case .summarize: _ = try database.query("SUMMARIZE SELECT * FROM read_csv(\(SQL.text(file)))")
    case .frequency:
      _ = try database.query(
        "SELECT country, count(*) AS n FROM read_csv(\(SQL.text(file))) GROUP BY country ORDER BY n DESC")
    case .count: _ = try database.query("SELECT count(*) FROM read_csv(\(SQL.text(file)))")
    }
  }

  func measured(on file: String, repeats: Int) throws -> [String: Double] {
    try measure(CommandLine.arguments[0], ["--duckdb", rawValue, file], repeats: repeats)
  }
}

/// Programs in Python that describe a CSV file.
enum PythonPeer: String, CaseIterable {
  case polars, pandas

  private var script: String {
    switch self {
    case .polars: "import sys, polars; print(polars.read_csv(sys.argv[1], try_parse_dates=True).describe())"
    case .pandas: "import sys, pandas; print(pandas.read_csv(sys.argv[1]).describe(include='all'))"
    }
  }

  func measured(on file: String, python: String) throws -> [String: Double] {
    try measure(python, ["-c", script, file], repeats: 1)
  }
}
