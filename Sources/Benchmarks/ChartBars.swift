// What the numbers behind charts of a large table cost, beside the same SQL in DuckDB alone.

import Engine
import Flow
import Foundation
import Frame

private struct ChartCase {
  var name: String
  var spec: ChartSpec
  /// The heart of it in SQL over the table `t`.
  var sql: String
  /// CPU seconds that it may take.
  var most: Double?
}

private let cases: [ChartCase] = [
  ChartCase(
    name: "density", spec: ChartSpec(.density, x: "price", y: "a"),
    sql: """
      SELECT floor(price / 170) AS i, floor(a / 1800) AS j, count(*) AS n FROM t, (SELECT min(price), max(price), min(a),
      max(a) FROM t) GROUP BY i, j
      """, most: 2),
  ChartCase(
    name: "histogram", spec: ChartSpec(.histogram, x: "price"),
    sql: "SELECT floor(price / 170) AS i, count(*) AS n, (SELECT quantile_cont(price, [0.25, 0.5, 0.75]) FROM t) AS q "
      + "FROM t GROUP BY i"),
  ChartCase(
    name: "box", spec: ChartSpec(.box, x: "price", by: "country"),
    sql: "SELECT country, quantile_cont(price, [0.25, 0.5, 0.75]) AS q, min(price), max(price) FROM t GROUP BY country"),
  ChartCase(
    name: "violin", spec: ChartSpec(.violin, x: "price", by: "country"),
    sql: "SELECT country, quantile_cont(price, [0.25, 0.5, 0.75]) AS q, min(price), max(price) FROM t GROUP BY country"),
  ChartCase(
    name: "line", spec: ChartSpec(.line, x: "day", y: "price", aggregate: .mean),
    sql: "SELECT date_trunc('week', day) AS w, avg(price) FROM t GROUP BY w"),
  ChartCase(
    name: "facets", spec: ChartSpec(.density, x: "price", y: "a", facetBy: "country"),
    sql: "SELECT country, floor(price / 170) AS i, floor(a / 1800) AS j, count(*) AS n FROM t GROUP BY ALL"),
]

extension Settings {
  func chartBars(rows: Int) throws -> [Bar] {
    let file = try lookFile(rows: rows)
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("assay-charts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let engine = Engine(configuration: .init(locations: Locations(environment: ["HOME": home.path])))
    defer { engine.close() }
    let request = NodeRequest(source: Source(location: file))
    _ = try engine.run(.open(request))
    let peer = try Database(path: home.path + "/peer.duckdb")
    try peer.execute("CREATE TABLE t AS SELECT * FROM \(SQL.text(file))")
    return try cases.map { work in
      let target = work.most.map { "CPU under \($0) s" } ?? "beside the same SQL in DuckDB"
      var bar = Bar(name: "chart_\(work.name)_\(rows)_rows", target: target)
      bar.peers["duckdb"] = try timed { try peer.execute("CREATE OR REPLACE TABLE o AS \(work.sql)") }
      bar.measured = try timed { _ = try engine.run(.analyze(request, .chart(work.spec))) }
      if let most = work.most, let own = bar.measured["cpu_seconds"] { bar.isMet = own < most }
      return bar
    }
  }
}
