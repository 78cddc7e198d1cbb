// Outliers column by column.

import Frame
import Jobs
import Plot

/// What counts as an outlier.
public struct OutlierRule: Codable, Sendable, Equatable {
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// Beyond some robust deviations from the median: the deviation of the values clipped to the quantiles 0.05 and 0.95.
    case robustDeviation = "robust-deviation"
    /// Beyond some standard deviations from the mean.
    case standardDeviation = "standard-deviation"
    /// Beyond some interquartile ranges from the quartiles (Tukey 1977).
    case quartileRange = "quartile-range"
  }

  public var method: Method
  /// Deviations, or interquartile ranges.
  public var times: Double

  /// - Parameter times: 5 robust deviations, 3 standard deviations, 1.5 interquartile ranges where nil.
  public init(_ method: Method = .robustDeviation, times: Double? = nil) {
    self.method = method
    let usual =
      switch method {
      case .robustDeviation: 5.0
      case .standardDeviation: 3.0
      case .quartileRange: 1.5
      }
    self.times = times ?? usual
  }

  /// The bounds of ordinary values; nil where the values have no spread.
  func bounds(_ figures: DistributionFigures) -> ClosedRange<Double>? {
    func around(_ low: Double?, _ high: Double?, _ spread: Double?) -> ClosedRange<Double>? {
      guard let low, let high, let spread, spread > 0, times >= 0 else { return nil }
      let ends = (low - times * spread, high + times * spread)
      return ends.0.isFinite && ends.1.isFinite ? ends.0...ends.1 : nil
    }
    switch method {
    case .robustDeviation: return around(figures.median, figures.median, figures.robustDeviation)
    case .standardDeviation: return around(figures.mean, figures.mean, figures.sd)
    case .quartileRange:
      guard let low = figures.quantiles["0.25"], let high = figures.quantiles["0.75"] else { return nil }
      return around(low, high, high / 2 - low / 2 < 8e307 ? high - low : nil)
    }
  }

  /// `more than 5 robust deviations from the median`.
  public var text: String {
    let times = Numbers.short(times)
    return switch method {
    case .robustDeviation: "more than \(times) robust deviations from the median"
    case .standardDeviation: "more than \(times) standard deviations from the mean"
    case .quartileRange: "more than \(times) interquartile ranges outside the quartiles"
    }
  }
}

/// The outliers of numeric columns. Infinite values and not-a-numbers are counted apart, missing values are none.
public struct ColumnOutliers: AnalysisReport {
  public struct Line: Codable, Sendable, Equatable {
    public var column: String
    /// Finite values, and what was left out.
    public var used, missing, notFinite: Int
    /// The bounds of ordinary values; nil where the values have no spread, and then nothing is an outlier.
    public var low, high: Double?
    public var below, above: Int
    /// The values farthest out, up to five at each end, with the rows that have them.
    public var extremes: [Extreme]
    /// True of the outliers, in SQL; nil without bounds.
    public var condition: String?

    public var outliers: Int { below + above }
  }

  public struct Extreme: Codable, Sendable, Equatable {
    public var value: Double
    public var rows: Int
  }

  public var rule: OutlierRule
  public var rows: Int
  public var lines: [Line]
  public var leftOut: [LeftOutColumn]
}

/// Finds outliers column by column, exactly.
/// - Parameter columns: the columns to look at; all numeric ones where nil.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func columnOutliers(
  _ rule: OutlierRule = OutlierRule(), of columns: [String]? = nil, relation: String, schema: Schema,
  in database: Database, context: any JobContext = SilentContext()
) throws -> ColumnOutliers {
  let chosen = try columns.map { try $0.map(schema.required) } ?? schema
  if columns != nil, let other = chosen.first(where: { !$0.kind.isNumeric }) {
    throw InsightError.notNumeric(column: other.name, kind: other.kind, advice: "leave it out or cast it")
  }
  let numeric = chosen.filter(\.kind.isNumeric)
  let source = SQL.subquery(relation)
  let rows = try database.query("SELECT count(*) FROM \(source)", context: context, note: "counting").value(0, 0).whole
  let survey = DistributionSurvey(database: database, context: context)
  let expressions = numeric.map { "CAST(\(SQL.identifier($0.name)) AS DOUBLE)" }
  let figures = try survey.measure(expressions, in: source, rows: rows)
  var lines: [ColumnOutliers.Line] = []
  for (index, column) in numeric.enumerated() {
    let found = figures[index]
    let bounds = rule.bounds(found)
    var line = ColumnOutliers.Line(
      column: column.name, used: found.count, missing: rows - found.count - found.notANumber - found.infinite,
      notFinite: found.notANumber + found.infinite, low: bounds?.lowerBound, high: bounds?.upperBound, below: 0,
      above: 0, extremes: [])
    if let bounds {
      let name = expressions[index]
      let (low, high) = (SQL.literal(.real(bounds.lowerBound)), SQL.literal(.real(bounds.upperBound)))
      let condition = "(isfinite(\(name)) AND (\(name) < \(low) OR \(name) > \(high)))"
      line.condition = condition
      if let least = found.min, let greatest = found.max, least < bounds.lowerBound || greatest > bounds.upperBound {
        let values = "SELECT \(name) AS v, count(*) AS n FROM \(source) WHERE \(condition) GROUP BY v"
        let table = try database.query(
          """
          SELECT v, n, CAST(sum(n) FILTER (v < \(low)) OVER () AS BIGINT), CAST(sum(n) FILTER (v > \(high)) OVER () AS BIGINT)
          FROM (\(values)) QUALIFY row_number() OVER (ORDER BY v) <= 5 OR row_number() OVER (ORDER BY v DESC) <= 5
          ORDER BY v
          """, context: context, note: "finding outliers of \(column.name)")
        if !table.isEmpty { (line.below, line.above) = (table.value(0, 2).whole, table.value(0, 3).whole) }
        line.extremes = (0..<table.rowCount).compactMap { row in
          table.value(row, 0).number.map { .init(value: $0, rows: table.value(row, 1).whole) }
        }
      }
    }
    lines.append(line)
  }
  let leftOut = chosen.filter { !$0.kind.isNumeric }.map {
    LeftOutColumn(column: $0.name, reason: "no numbers")
  }
  return ColumnOutliers(rule: rule, rows: rows, lines: lines, leftOut: leftOut)
}

extension ColumnOutliers {
  public var blocks: [AnalysisBlock] {
    let total = lines.reduce(0) { $0 + $1.outliers }
    let ranked = lines.sorted { $1.outliers < $0.outliers }
    var blocks: [AnalysisBlock] = [
      .heading("Outliers"),
      .sentence("Values \(rule.text). \(AnalysisBlock.counted(rows, "row")), \(Numbers.grouped(total)) outliers."),
    ]
    if !lines.isEmpty {
      blocks.append(
        .table(
          headings: [
            "column", "outliers", "share", "below", "lower bound", "upper bound", "above", "used", "not finite",
          ],
          rows: ranked.map { line in
            [
              line.column, Numbers.grouped(line.outliers),
              Numbers.percent(Double(line.outliers), of: Double(line.used)), Numbers.grouped(line.below),
              line.low.map { Numbers.short($0) } ?? "-", line.high.map { Numbers.short($0) } ?? "-",
              Numbers.grouped(line.above), Numbers.grouped(line.used), Numbers.grouped(line.notFinite),
            ]
          }))
    }
    return blocks + AnalysisBlock.leftOut(leftOut)
  }

  public var charts: [(title: String, chart: Chart)] {
    let found = lines.filter { $0.outliers > 0 }.sorted { $1.outliers < $0.outliers }
    guard !found.isEmpty else { return [] }
    let items = found.map { Bars.Item(label: $0.column, count: $0.outliers) }
    return [("Outliers", .bars(Bars(title: "Outliers by column", column: "", items: items, missing: 0, total: rows)))]
  }
}
