// The points of a scatter plot: all rows, or the same random rows for the same seed.

import Frame
import Jobs
import Plot

/// How points are drawn.
public struct ScatterOptions {
  /// More rows than this are sampled.
  public var limit: Int
  public var seed: UInt64
  /// Rows without a positive value on a logarithmic axis are missing.
  public var isLogX, isLogY: Bool
  public var trend: ChartTrend?

  public init(
    limit: Int = 10_000, seed: UInt64 = 0, isLogX: Bool = false, isLogY: Bool = false, trend: ChartTrend? = nil
  ) {
    (self.limit, self.seed, self.isLogX, self.isLogY, self.trend) = (limit, seed, isLogX, isLogY, trend)
  }
}

/// Draws the rows of a table as points.
/// - Parameters:
///   - colorBy: a column whose six most frequent values get a colour each, and the others one together.
///   - limit: more rows than this are sampled.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func scatter(
  x: String, y: String, colorBy: String? = nil, limit: Int = 10_000, seed: UInt64 = 0, relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> Scatter {
  try scatter(
    x: x, y: y, colorBy: colorBy, options: ScatterOptions(limit: limit, seed: seed),
    in: ChartRows(relation: relation, schema: schema, database: database, context: context))
}

/// Draws the rows of a table as points, with curves through them.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func scatter(
  x: String, y: String, colorBy: String? = nil, options: ScatterOptions, in rows: ChartRows
) throws -> Scatter {
  let charts = try scatters(x: x, y: y, colorBy: colorBy, options: options, facets: nil, in: rows)
  return charts[0]
}

func scatters(
  x: String, y: String, colorBy: String?, options: ScatterOptions, facets: Categories?, in rows: ChartRows
) throws -> [Scatter] {
  let across = try AxisColumn(try rows.schema.required(x), advice: "choose a numeric column")
  let up = try AxisColumn(try rows.schema.required(y), advice: "choose a numeric column")
  let total = try rows.query("SELECT count(*) FROM \(rows.from)", "counting rows").value(0, 0).whole
  var categories: [String] = []
  var hasOthers = false
  if let colorBy {
    let counts = try bars(of: colorBy, top: 7, in: rows)
    hasOthers = counts.others != nil
    categories = counts.items.prefix(hasOthers ? 6 : 7).map(\.label)
  }
  let divided = DividedRows(rows, facets: facets, series: nil)
  let color = colorBy.map { "CAST(\(SQL.identifier($0)) AS VARCHAR)" } ?? "NULL"
  let points = "SELECT assay_facet AS f, \(across.sql) AS x, \(up.sql) AS y, \(color) AS c FROM \(divided.from)"
  let sampled = """
    SELECT f, x, y, c FROM (SELECT *, row_number() OVER () AS r FROM (\(points)))
    ORDER BY hash(r, \(options.seed)::UBIGINT), r LIMIT \(options.limit)
    """
  let isSampled = total > options.limit
  let table = try rows.query(isSampled ? sampled : points, "reading points")
  let blank = Scatter(
    x: x, y: y, colorBy: colorBy, points: [], categories: categories + (hasOthers ? ["other"] : []), total: 0,
    sampled: isSampled ? 0 : nil, xKind: across.axis, yKind: up.axis, xForm: options.isLogX ? .logarithmic : nil,
    yForm: options.isLogY ? .logarithmic : nil)
  var charts = [Scatter](repeating: blank, count: divided.charts)
  for (index, count) in (facets?.counts ?? [total]).enumerated() { charts[index].total = count }
  let numbers = Dictionary(zip(categories, categories.indices)) { first, _ in first }
  for row in 0..<table.rowCount {
    guard let facet = divided.chart(table, row) else { continue }
    if isSampled { charts[facet].sampled = (charts[facet].sampled ?? 0) + 1 }
    guard let x = table.value(row, 1).number, let y = table.value(row, 2).number, x.isFinite, y.isFinite,
      !options.isLogX || x > 0, !options.isLogY || y > 0
    else {
      charts[facet].missing += 1
      continue
    }
    let category = table.text(row, 3).map { numbers[$0] ?? categories.count }
    charts[facet].points.append(Scatter.Point(x: x, y: y, category: category))
  }
  if let trend = options.trend {
    let fit = TrendFit(isLogX: options.isLogX, isLogY: options.isLogY)
    for index in charts.indices { charts[index].trends = fit.trends(trend, through: charts[index]) }
  }
  return charts
}
