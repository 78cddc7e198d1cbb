// The numbers behind a line chart: the range in one pass, figures by position in another.

import Frame
import Jobs
import Plot

/// How several rows at one place become a point, and how places are made.
public struct LineOptions {
  /// More different values than this are put together: dates and times by calendar steps, numbers in equal intervals.
  public static let mostPositions = 400
  /// Lines with a name of their own.
  public static let mostSeries = 7

  public var aggregate: ChartAggregate?
  /// Positions at most; nil chooses.
  public var bins: Int?
  public var isLogarithmic: Bool

  public init(aggregate: ChartAggregate? = nil, bins: Int? = nil, isLogarithmic: Bool = false) {
    (self.aggregate, self.bins, self.isLogarithmic) = (aggregate, bins, isLogarithmic)
  }
}

/// A figure of one column along another.
///
/// A position without rows is a gap, unless rows are counted. Rows without x, or without y, stand in `missing`.
/// - Parameters:
///   - y: what the figure is of; nil counts rows.
///   - colorBy: makes a line for each of its most frequent values, and one for all others together.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func lineChart(
  x: String, y: String? = nil, colorBy: String? = nil, options: LineOptions = LineOptions(), of rows: ChartRows
) throws -> LineChart {
  let charts = try lineCharts(x: x, y: y, colorBy: colorBy, options: options, facets: nil, of: rows)
  return charts[0]
}

func lineCharts(
  x: String, y: String?, colorBy: String?, options: LineOptions, facets: Categories?, of rows: ChartRows
) throws -> [LineChart] {
  let measure = try MeasuredColumn(y, options.aggregate, in: rows)
  let positions = try LinePositions(x, options, rows)
  let series = try colorBy.map { try Categories(of: $0, most: LineOptions.mostSeries, hasOthers: true, in: rows) }
  let divided = DividedRows(rows, facets: facets, series: series)
  let value = measure?.sql ?? "0.0::DOUBLE"
  let table = try rows.query(
    """
    SELECT f, s, p, count(*) AS n, count(v) AS filled, \((measure?.aggregate ?? .count).sql("v")) AS a
    FROM (SELECT assay_facet AS f, assay_series AS s, \(positions.sql) AS p, \(value) AS v FROM \(divided.from))
    GROUP BY f, s, p ORDER BY p
    """, "drawing \(measure?.name ?? "rows") over \(x)")
  let (places, ends) = try positions.fill(table, rows)
  let numbers = Dictionary(zip(places.map(\.key), places.indices)) { first, _ in first }
  let names = series?.list.map(\.label) ?? [measure?.name ?? "rows"]
  let gap: Double? = measure == nil ? 0 : nil
  var charts = (0..<divided.charts).map { _ in
    var chart = LineChart(
      x: x, y: measure?.name ?? "rows", positions: places.map(\.value), step: positions.step,
      series: names.map { .init(name: $0, values: [Double?](repeating: gap, count: places.count)) }, total: 0,
      xKind: positions.axis.axis, yForm: options.isLogarithmic ? .logarithmic : .plain, ends: ends,
      stepName: positions.unit?.rawValue)
    chart.heading = "\(chart.y) over \(x)" + (colorBy.map { " by \($0)" } ?? "")
    return chart
  }
  for row in 0..<table.rowCount {
    guard let facet = divided.chart(table, row) else { continue }
    let (count, filled) = (table.value(row, 3).whole, table.value(row, 4).whole)
    charts[facet].total = (charts[facet].total ?? 0) + count
    guard let key = table.value(row, 2).number, let place = numbers[key] else {
      charts[facet].missing += count
      continue
    }
    charts[facet].missing += count - filled
    guard let line = divided.series(table, row), let figure = table.value(row, 5).number, figure.isFinite else {
      continue
    }
    charts[facet].series[line].values[place] = figure
  }
  return charts
}

/// The places along a line.
private struct LinePositions {
  /// Calendar steps, from short to long, by the name that DuckDB has for them.
  enum Unit: String, CaseIterable {
    case second, minute, hour, day, week, month, quarter, year, decade, century

    var seconds: Double {
      switch self {
      case .second: 1
      case .minute: 60
      case .hour: 3600
      case .day: 86_400
      case .week: 604_800
      case .month: 2_629_746
      case .quarter: 7_889_238
      case .year: 31_556_952
      case .decade: 315_569_520
      case .century: 3_155_695_200
      }
    }

    var interval: String {
      switch self {
      case .quarter: "INTERVAL 3 MONTH"
      case .decade: "INTERVAL 10 YEAR"
      case .century: "INTERVAL 100 YEAR"
      default: "INTERVAL 1 \(rawValue.uppercased())"
      }
    }
  }

  let axis: AxisColumn
  private(set) var unit: Unit?
  private var bins: EvenBins?

  init(_ x: String, _ options: LineOptions, _ rows: ChartRows) throws {
    axis = try AxisColumn(try rows.schema.required(x), advice: "draw bars instead")
    let range = try rows.query(
      """
      SELECT min(f), max(f), approx_count_distinct(f)
      FROM (SELECT CASE WHEN isfinite(v) THEN v END AS f FROM (SELECT \(axis.sql) AS v FROM \(rows.from)))
      """, "measuring \(x)")
    guard let low = range.value(0, 0).number, let high = range.value(0, 1).number else { return }
    let limit = max(1, options.bins ?? LineOptions.mostPositions)
    // The estimate decides how the chart looks, and is never shown.
    if range.value(0, 2).whole <= limit { return }
    if axis.axis == .time {
      let shortest: Unit = axis.column.kind == .date ? .day : .second
      let units = Unit.allCases.drop { $0 != shortest }
      unit = units.first { (high - low) / $0.seconds + 1 <= Double(limit) } ?? .century
    } else {
      bins = EvenBins(low: low, high: high, most: min(limit, options.bins ?? 200), axis: axis.axis)
    }
  }

  /// The length of a position in the unit of the axis; nil where it is one value, or where lengths differ.
  var step: Double? { bins.map { ($0.range.upperBound - $0.range.lowerBound) / Double($0.count) } }

  /// The key of a row's position as a DOUBLE, NULL where it has none.
  var sql: String {
    if let unit {
      let stamp = "CAST(\(SQL.identifier(axis.column.name)) AS TIMESTAMP)"
      return "CASE WHEN isfinite(\(stamp)) THEN CAST(epoch(date_trunc('\(unit.rawValue)', \(stamp))) AS DOUBLE) END"
    }
    let value = "(\(axis.sql))"
    guard let bins else { return "CASE WHEN isfinite(\(value)) THEN \(value) END" }
    return "CASE WHEN isfinite(\(value)) THEN CAST(\(bins.bin(value, "(\(bins.place(value)))")) AS DOUBLE) END"
  }

  /// All positions from the first to the last, by key; and where each ends, if lengths differ.
  func fill(_ table: DataTable, _ rows: ChartRows) throws -> (places: [(key: Double, value: Double)], ends: [Double]?) {
    var keys: [Double] = []
    for row in 0..<table.rowCount {
      if let key = table.value(row, 2).number, key != keys.last { keys.append(key) }
    }
    guard let first = keys.first, let last = keys.last else { return ([], nil) }
    if let bins {
      let span = bins.range.upperBound - bins.range.lowerBound
      // As the rows were told apart.
      func edge(_ bin: Int) -> Double { bins.range.lowerBound + span * Double(bin) / Double(bins.count) }
      let shown = Int(first)...max(Int(first), Int(last))
      return (shown.map { (Double($0), edge($0)) }, shown.map { edge($0 + 1) })
    }
    guard let unit else { return (keys.map { ($0, $0) }, nil) }
    func stamp(_ seconds: Double) -> String { SQL.literal(.timestamp(Int64((seconds * 1e6).rounded()))) }
    // No rows are read.
    let filled = try rows.database.query(
      """
      SELECT CAST(epoch(t) AS DOUBLE) FROM (SELECT unnest(generate_series(\(stamp(first)),
      \(stamp(last)) + \(unit.interval), \(unit.interval))) AS t) ORDER BY 1
      """, context: rows.context, note: "laying out the axis")
    let edges = (0..<filled.rowCount).compactMap { filled.value($0, 0).number }
    guard edges.count > 1 else { return (keys.map { ($0, $0) }, nil) }
    return (edges.dropLast().map { ($0, $0) }, Array(edges.dropFirst()))
  }
}
