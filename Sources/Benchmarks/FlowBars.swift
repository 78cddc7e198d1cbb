// What a flow of ten steps costs from CSV to Parquet, beside the same in hand-written SQL and in pandas.

import Engine
import Flow
import Foundation
import Frame
import ProgramDriver

/// A flow as an analyst builds it: a filter, a formula, filled and clipped values, encoders, dates, text, scaling.
enum TenSteps {
  static func flow(over file: String) throws -> FlowFile {
    var flow = FlowFile(name: "ten steps")
    var last = flow.graph.addSource(Source(location: file))
    let steps: [Flow.Operation] = [
      .filter("quantity > 1"),
      .derive(name: "revenue", expression: "price * quantity * (1 - discount)"),
      .impute([ImputeRule("rating", .median)]),
      .transform(
        TransformSpec(
          "outliers", ["columns": ["price"], "method": "quantile", "lower": 0.01, "upper": 0.99, "fix": "clip"])),
      .transform(TransformSpec("encode-one-hot", ["columns": ["category"]])),
      .transform(TransformSpec("encode-ordinal", ["columns": ["country"]])),
      .transform(TransformSpec("date-parts", ["columns": ["order_date"], "parts": ["year", "month"]])),
      .transform(TransformSpec("format-text", ["columns": ["city"], "method": "lower"])),
      .transform(TransformSpec("scale", ["columns": ["weight_kg"], "method": "standard"])),
      .drop(["comment", "sku"]),
    ]
    for step in steps { last = try flow.graph.add(step, after: last) }
    return flow
  }

  /// The same by hand: one pass for what has to be known, one that writes.
  static func byHand(over file: String, to output: String) throws {
    let database = try Database()
    let rows =
      "(SELECT *, price * quantity * (1 - discount) AS revenue FROM read_csv(\(SQL.text(file))) WHERE quantity > 1)"
    let known = try database.query(
      """
      SELECT median(rating), quantile_cont(price, 0.01), quantile_cont(price, 0.99), avg(weight_kg),
      stddev_pop(weight_kg) FROM \(rows)
      """)
    let figures = (0..<5).map { SQL.literal(known.value(0, $0)) }
    func words(_ column: String) throws -> [String] {
      let table = try database.query("SELECT DISTINCT \(column) FROM \(rows) WHERE \(column) IS NOT NULL ORDER BY 1")
      return (0..<table.rowCount).compactMap { table.text($0, 0) }
    }
    let flags = try words("category").map {
      "CAST(category = \(SQL.text($0)) AS BIGINT) AS \(SQL.identifier("category_" + $0))"
    }
    let countries = try words("country").enumerated().map { "WHEN \(SQL.text($1)) THEN \($0)" }.joined(separator: " ")
    try database.execute(
      """
      COPY (SELECT * EXCLUDE (comment, sku, category) REPLACE (coalesce(rating, \(figures[0])) AS rating,
      least(greatest(price, \(figures[1])), \(figures[2])) AS price, lower(city) AS city,
      CASE country \(countries) END AS country, (weight_kg - \(figures[3])) / \(figures[4]) AS weight_kg),
      \(flags.joined(separator: ", ")), year(order_date) AS order_date_year, month(order_date) AS order_date_month
      FROM \(rows)) TO \(SQL.text(output)) (FORMAT parquet)
      """)
  }

  static let pandas = """
    import sys, pandas as pd
    d = pd.read_csv(sys.argv[1])
    d = d[d.quantity > 1].copy()
    d['revenue'] = d.price * d.quantity * (1 - d.discount)
    d['rating'] = d.rating.fillna(d.rating.median())
    d['price'] = d.price.clip(d.price.quantile(.01), d.price.quantile(.99))
    d = pd.get_dummies(d, columns=['category'])
    d['country'] = d.country.astype('category').cat.codes
    t = pd.to_datetime(d.order_date)
    d['order_date_year'] = t.dt.year; d['order_date_month'] = t.dt.month
    d['city'] = d.city.str.lower()
    d['weight_kg'] = (d.weight_kg - d.weight_kg.mean()) / d.weight_kg.std(ddof=0)
    d.drop(columns=['comment', 'sku']).to_parquet(sys.argv[2])
    """
}

extension Settings {
  func flowBars(rows: Int) throws -> [Bar] {
    let file = try table(rows: rows)
    let flow = folder.appendingPathComponent("ten-steps-\(rows).flow").path
    let output = folder.appendingPathComponent("ten-steps.parquet").path
    try TenSteps.flow(over: file).write(to: flow)
    var bar = Bar(
      name: "flow_10_steps_\(rows)_rows",
      target: "CPU within 1.3 times the hand-written SQL, memory under 1 GB, a tenth of the CPU of pandas")
    bar.measured = try measure(assay, ["flow", "run", flow, "-o", output], repeats: min(repeats, 3))
    let hand = try measure(CommandLine.arguments[0], ["--flow-by-hand", file, output], repeats: min(repeats, 3))
    bar.peers["duckdb by hand"] = hand
    if let python {
      do {
        bar.peers["pandas"] = try measure(
          python, ["-c", TenSteps.pandas, file, output], repeats: 1, timeout: .seconds(1200))
      } catch {
        bar.notes.append("pandas: \(error)")
      }
    }
    if let own = bar.measured["cpu_seconds"], let memory = bar.measured["peak_megabytes"],
      let theirs = hand["cpu_seconds"]
    {
      let others = bar.peers["pandas"]?["cpu_seconds"].map { own * 10 <= $0 } ?? true
      bar.isMet = own <= 1.3 * theirs && memory < 1000 && others
    }
    var spill = Bar(name: "flow_10_steps_\(rows)_rows_512_MB", target: "finishes by spilling")
    spill.measured = try measure(
      assay, ["flow", "run", flow, "-o", output, "--memory", "512M"], repeats: 1, timeout: .seconds(600))
    spill.isMet = true
    return [bar, spill]
  }

  func qualityBar(rows: Int) throws -> Bar {
    let file = try table(rows: rows)
    var bar = Bar(
      name: "quality_report_\(rows)_rows", target: "a fifth of the CPU of ydata-profiling's minimal report: 12.6 CPU-s")
    bar.measured = try measure(assay, ["insight", "quality", file, "--json"], repeats: 1)
    bar.isMet = bar.measured["cpu_seconds"].map { $0 <= 12.6 }
    return bar
  }
}
