// What filtering, ordering and finding rows of a large table cost, beside the same SQL in DuckDB alone.

import Engine
import Flow
import Foundation
import Frame
import Insight

/// Wall and CPU time of a piece of work in this process, in seconds.
func timed(_ body: () throws -> Void) rethrows -> [String: Double] {
  func cpu() -> Double {
    var use = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &use)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(use.ru_utime) + seconds(use.ru_stime)
  }
  let before = cpu()
  let start = ContinuousClock.now
  try body()
  return ["wall_seconds": start.duration(to: .now).seconds, "cpu_seconds": cpu() - before]
}

private struct LookCase {
  var name: String
  var look: Look
  /// The same in SQL over the table `t`.
  var sql: String
}

private let cases: [LookCase] = [
  LookCase(
    name: "filter_expression", look: Look(filters: [.expression("country = 'DE' and price > 100")]),
    sql: "SELECT rowid AS r FROM t WHERE country = 'DE' AND price > 100"),
  LookCase(
    name: "filter_pattern", look: Look(filters: [.matches(TextMatch("late", in: ["comment"]))]),
    sql: "SELECT rowid AS r FROM t WHERE regexp_matches(comment, '(?i)late')"),
  LookCase(
    name: "sort_number", look: Look(sort: [SortKey("price")]),
    sql: "SELECT rowid AS r FROM t ORDER BY price NULLS LAST, rowid"),
  LookCase(
    name: "sort_two_keys", look: Look(sort: [SortKey("day"), SortKey("price", descending: true)]),
    sql: "SELECT rowid AS r FROM t ORDER BY day NULLS LAST, price DESC NULLS LAST, rowid"),
  LookCase(
    name: "sort_text_few_values", look: Look(sort: [SortKey("city")]),
    sql: "SELECT rowid AS r FROM t ORDER BY city NULLS LAST, rowid"),
  LookCase(
    name: "sort_text_many_values", look: Look(sort: [SortKey("sku")]),
    sql: "SELECT rowid AS r FROM t ORDER BY sku NULLS LAST, rowid"),
  LookCase(
    name: "sort_long_text_many_values", look: Look(sort: [SortKey("comment")]),
    sql: "SELECT rowid AS r FROM t ORDER BY comment NULLS LAST, rowid"),
  LookCase(
    name: "frequency_few_values", look: Look(summary: .frequency(Frequency(columns: ["city"]), of: Look())),
    sql: "SELECT city, count(*) AS n FROM t GROUP BY city ORDER BY n DESC, city"),
  LookCase(
    name: "frequency_many_values", look: Look(summary: .frequency(Frequency(columns: ["sku"]), of: Look())),
    sql: "SELECT sku, count(*) AS n FROM t GROUP BY sku ORDER BY n DESC, sku"),
]

extension Settings {
  /// Each look is opened up to its exact count; then a page in its middle is read.
  func lookBars(rows: Int) throws -> [Bar] {
    let file = try lookFile(rows: rows)
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("assay-looks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let engine = Engine(configuration: .init(locations: Locations(environment: ["HOME": home.path])))
    defer { engine.close() }
    let plain = NodeRequest(source: Source(location: file))
    _ = try engine.run(.open(plain))
    let peer = try Database(path: home.path + "/peer.duckdb")
    try peer.execute("CREATE TABLE t AS SELECT * FROM \(SQL.text(file))")
    return try cases.map { try lookBar($0, plain, engine, peer, rows) }
  }

  private func lookBar(
    _ work: LookCase, _ plain: NodeRequest, _ engine: Engine, _ peer: Database, _ rows: Int
  ) throws -> Bar {
    var request = plain
    request.look = work.look
    var bar = Bar(name: "\(work.name)_\(rows)_rows", target: "CPU under 1.5 times the same SQL in DuckDB")
    let theirs = try timed { try peer.execute("CREATE OR REPLACE TABLE o AS \(work.sql)") }
    var shown = 0
    bar.measured = try timed {
      if case .opened(let node) = try engine.run(.open(request)), case .exact(let count) = node.count { shown = count }
    }
    let page = try timed { _ = try engine.run(.rows(request, (shown / 2)..<(shown / 2 + 256))) }
    bar.measured["page_wall_seconds"] = page["wall_seconds"]
    bar.measured["rows"] = Double(shown)
    bar.peers["duckdb"] = theirs
    if let own = bar.measured["cpu_seconds"], let other = theirs["cpu_seconds"] { bar.isMet = own < 1.5 * other }
    return bar
  }

  /// The path of a generated table of `rows` rows, written first where it is missing.
  func lookFile(rows: Int) throws -> String {
    let file = folder.appendingPathComponent("looks-\(rows).parquet").path
    if FileManager.default.fileExists(atPath: file) { return file }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    log("writing \(file)")
    try Database().execute("COPY (\(Self.lookTable(rows))) TO \(SQL.text(file))")
    return file
  }

  private static func lookTable(_ rows: Int) -> String {
    """
    SELECT range AS id, (hash(range * 7) % 2000000) / 100.0::DOUBLE AS price,
    ['DE', 'FR', 'US', 'GB', 'JP', 'BR'][1 + (hash(range * 3) % 6)::INT] AS country,
    'SKU-' || (hash(range * 11) % 1000000) AS sku, 'city' || (hash(range * 47) % 1000) AS city,
    ['arrived', 'broken', 'color', 'delivery'][1 + (hash(range * 13) % 4)::INT] || ' '
    || ['fine', 'gift', 'good', 'late'][1 + (hash(range * 17) % 4)::INT] || ' ' || (hash(range * 19) % 100000) AS comment,
    DATE '2022-01-01' + (hash(range * 23) % 1460)::INT AS day, hash(range * 29) % 8 = 0 AS gift,
    (hash(range * 31) % 1000000) / 7.0 AS a, (hash(range * 37) % 1000000) / 7.0 AS b FROM range(\(rows))
    """
  }
}
