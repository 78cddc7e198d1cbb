// The numbers behind bars that are figures of a column, or that another column divides.

import Frame
import Jobs
import Plot

/// A figure of `y` for each value of a column, largest first.
/// - Parameter top: values that have a bar; the rows of the others are counted.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func bars(
  of column: String, y: String, aggregate: ChartAggregate, top: Int = 20, in rows: ChartRows
) throws -> Bars {
  guard let measure = try MeasuredColumn(y, aggregate, in: rows) else {
    return try bars(of: column, top: top, in: rows)
  }
  let name = SQL.identifier(try rows.schema.required(column).name)
  let table = try rows.query(
    """
    WITH groups AS MATERIALIZED (
      SELECT c, count(*) AS n, count(v) AS filled, \(measure.aggregate.sql("v")) AS a
      FROM (SELECT \(name) AS c, \(measure.sql) AS v FROM \(rows.from)) GROUP BY c)
    SELECT NULL AS label, CAST(coalesce(sum(n), 0) AS BIGINT), NULL::DOUBLE AS a,
    count(*) FILTER (c IS NOT NULL AND filled > 0),
    CAST(coalesce(sum(filled) FILTER (c IS NOT NULL), 0) AS BIGINT) FROM groups
    UNION ALL (SELECT CAST(c AS VARCHAR), filled, a, NULL, NULL FROM groups WHERE c IS NOT NULL AND filled > 0
    ORDER BY a DESC NULLS LAST, filled DESC, c LIMIT \(max(0, top)))
    """, "taking the \(measure.name)")
  var chart = Bars(column: column, items: [], missing: 0, total: 0, measure: measure.name)
  var (distinct, filled) = (0, 0)
  for row in 0..<table.rowCount {
    if table.value(row, 3).isNull {
      let value = table.value(row, 2).number.flatMap { $0.isFinite ? $0 : nil }
      chart.items.append(.init(label: table.text(row, 0) ?? "", count: table.value(row, 1).whole, value: value))
    } else {
      chart.total = table.value(row, 1).whole
      (distinct, filled) = (table.value(row, 3).whole, table.value(row, 4).whole)
    }
  }
  chart.missing = chart.total - filled
  let rest = distinct - chart.items.count
  if rest > 0 {
    chart.others = .init(count: filled - chart.items.reduce(0) { $0 + $1.count }, distinct: rest)
  }
  return chart
}

/// Series that divide bars.
private let mostParts = 7

/// Bars that another column divides: numbers of rows, or a figure of `y`.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func groupedBars(
  of column: String, y: String? = nil, aggregate: ChartAggregate? = nil, colorBy: String?, top: Int = 20,
  in rows: ChartRows
) throws -> GroupedBars {
  let charts = try groupedBars(
    of: column, y: y, aggregate: aggregate, colorBy: colorBy, top: top, facets: nil, in: rows)
  return charts[0]
}

func groupedBars(
  of column: String, y: String?, aggregate: ChartAggregate?, colorBy: String?, top: Int, facets: Categories?,
  in rows: ChartRows
) throws -> [GroupedBars] {
  let measure = try MeasuredColumn(y, aggregate, in: rows)
  var items: Categories
  var distinct = 0
  if let measure, let y {
    let order = try bars(of: column, y: y, aggregate: measure.aggregate, top: top, in: rows)
    items = Categories(order.items.map(\.label), of: column)
    distinct = order.others?.distinct ?? 0
  } else {
    let order = try bars(of: column, top: top, in: rows)
    items = Categories(order.items.map(\.label), of: column)
    distinct = order.others?.distinct ?? 0
  }
  let series = try colorBy.map { try Categories(of: $0, most: mostParts, hasOthers: true, in: rows) }
  let divided = DividedRows(rows, facets: facets, series: series)
  let table = try rows.query(
    """
    SELECT f, s, i, grouping(s) AS whole, count(*) AS n, count(v) AS filled,
    \((measure?.aggregate ?? .count).sql("v")) AS a
    FROM (SELECT assay_facet AS f, assay_series AS s, assay_item AS i, \(measure?.sql ?? "0.0::DOUBLE") AS v
    FROM (\(items.tagged(divided.relation, as: "assay_item"))))
    GROUP BY GROUPING SETS ((f, i), (f, i, s))
    """, "counting \(column)")
  let last = items.list.count - 1
  let empty = GroupedBars.Part(count: 0)
  let blank = items.list.map { category in
    GroupedBars.Item(
      category, whole: empty, parts: [GroupedBars.Part](repeating: empty, count: series?.list.count ?? 0))
  }
  var charts = (0..<divided.charts).map { _ in
    GroupedBars(
      column: column, by: colorBy, measure: measure?.name, series: series?.list ?? [], items: blank, missing: 0,
      total: 0)
  }
  for row in 0..<table.rowCount {
    guard let facet = divided.chart(table, row) else { continue }
    let (count, filled) = (table.value(row, 4).whole, table.value(row, 5).whole)
    let isWhole = table.value(row, 3).whole == 1
    if isWhole { charts[facet].total += count }
    guard !table.value(row, 2).isNull else {
      if isWhole { charts[facet].missing += count }
      continue
    }
    if isWhole { charts[facet].missing += count - filled }
    let item = min(max(0, table.value(row, 2).whole), last)
    let value = measure == nil ? nil : table.value(row, 6).number.flatMap { $0.isFinite ? $0 : nil }
    let part = GroupedBars.Part(count: filled, value: value)
    if isWhole {
      charts[facet].items[item].whole = part
    } else if colorBy != nil, let line = divided.series(table, row) {
      charts[facet].items[item].parts[line] = part
    }
  }
  return charts.map { chart in
    var chart = chart
    let rest = chart.items.removeLast()
    if distinct == 0 { return chart }
    chart.others = .init(count: rest.whole.count, distinct: distinct)
    guard measure == nil else { return chart }
    var named = rest
    named.category.label = "\(distinct) other\(distinct == 1 ? "" : "s")"
    chart.items.append(named)
    return chart
  }
}
