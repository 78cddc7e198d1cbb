// How far features say the same: variance inflation and principal components of their correlation matrix.

import Frame
import Jobs
import Numerics
import Plot

/// Variance inflation factors and principal components of standardised features, on rows that have all of them.
public struct Multicollinearity: AnalysisReport {
  /// A feature's variance inflation factor.
  public struct Inflation: Codable, Sendable, Equatable {
    public enum Verdict: String, Codable, Sendable {
      /// Up to 5.
      case moderate
      /// Above 5.
      case high
      /// The other features determine this one: the factor is infinite.
      case perfect
    }

    public var feature: String
    /// 1 or more; nil where it is infinite, since JSON has no such number.
    public var factor: Double?
    public var verdict: Verdict

    /// `∞`, or the number.
    public var text: String { factor.map { $0 < 1e6 ? Numbers.fixed($0, 2) : Numbers.short($0) } ?? "∞" }
    /// 1 − 1 ÷ factor: the share of the feature's variance that the others explain.
    public var explained: Double { factor.map { 1 - 1 / $0 } ?? 1 }
  }

  /// A principal component of the standardised features (Pearson 1901; Hotelling 1933).
  public struct Component: Codable, Sendable, Equatable {
    /// Of the data along the component, in standard deviations squared (population): the features' add up to their number.
    public var variance: Double
    /// Of the whole variance, 0 ... 1.
    public var share: Double
    /// With the components before it.
    public var cumulative: Double
    /// [features]: the unit vector, its entry of greatest size positive.
    public var loadings: [Double]
  }

  /// Factors are drawn up to this; the figures are not cut.
  public static let clip = 50.0

  /// In the order of the table.
  public var inflation: [Inflation]
  /// The greatest variance first.
  public var components: [Component]
  /// Rows that were used: those with all features.
  public var rows: Int
  /// Rows without one of them.
  public var missing: Int
  public var leftOut: [LeftOutColumn]

  public var blocks: [AnalysisBlock] {
    let used = AnalysisBlock.counted(rows, "row") + " with all features"
    let rest = missing > 0 ? "; \(AnalysisBlock.counted(missing, "row")) without one of them left out" : ""
    let factors = inflation.map { [$0.feature, $0.text, $0.verdict.rawValue] }
    let parts = components.enumerated().map { index, component in
      [
        "\(index + 1)", Numbers.fixed(component.variance, 4), Numbers.percent(component.share, of: 1),
        Numbers.percent(component.cumulative, of: 1), strongest(component),
      ]
    }
    return [
      .heading("Multicollinearity"), .sentence(used + rest + "."),
      .table(headings: ["feature", "VIF", "collinearity"], rows: factors),
      .heading("Principal components"),
      .sentence("Shares that are nearly equal mean little collinearity."),
      .table(headings: ["component", "variance", "share", "cumulative", "largest loadings"], rows: parts),
    ] + AnalysisBlock.leftOut(leftOut)
  }

  private func strongest(_ component: Component) -> String {
    let order = component.loadings.indices.sorted { abs(component.loadings[$0]) > abs(component.loadings[$1]) }
    let shown = order.prefix(3).map { "\(inflation[$0].feature) \(Numbers.fixed(component.loadings[$0], 2))" }
    return shown.joined(separator: ", ")
  }

  public var charts: [(title: String, chart: Chart)] {
    let sorted = inflation.sorted { ($0.factor ?? .infinity) > ($1.factor ?? .infinity) }
    let metrics = sorted.map { item -> BiasPanel.Metric in
      let isCut = (item.factor ?? .infinity) > Self.clip
      return .init(
        name: item.feature + (isCut ? " (\(item.text))" : ""), values: [min(item.factor ?? Self.clip, Self.clip)],
        allowed: 1...5)
    }
    let panel = BiasPanel(

      title: "Variance inflation up to 50, \(AnalysisBlock.counted(rows, "complete row"))", column: "feature",
      groups: ["VIF"], metrics: metrics)
    let positions = components.indices.map { Double($0 + 1) }
    let shares = LineChart(
      heading: "Variance by principal component", x: "component", y: "share of variance", positions: positions,
      series: [
        .init(name: "share", values: components.map(\.share)),
        .init(name: "cumulative", values: components.map(\.cumulative)),
      ], missing: missing, total: rows + missing, xKind: .integer)
    return [("Variance inflation", .content(panel)), ("Principal components", .content(shares))]
  }
}

/// Measures multicollinearity of columns of numbers; truth values are 0 and 1.
///
/// All rows that have every feature are used; values that are not finite, or beyond ±1e70, are missing. Constant columns
/// and those without values are left out, others than numbers too; of very many columns the first two hundred are taken.
/// - Parameter columns: the features; nil takes all that fit.
/// - Throws: `InsightError.tooFewNumericColumns`, other `InsightError`, `FrameError` or `JobCancelled`.
public func multicollinearity(
  of columns: [String]? = nil, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> Multicollinearity {
  let asked = try columns.map { try $0.map(schema.required) } ?? schema
  var choice = NumericFeatures(asked, most: 200)
  guard choice.columns.count >= 2 else {
    throw InsightError.tooFewNumericColumns(found: choice.columns.count, needed: 2)
  }
  let rows = SQL.subquery(relation)
  let empty = try database.query(
    "SELECT count(*), \(choice.columns.map { "count(\($0.measure ?? "NULL"))" }.joined(separator: ", ")) FROM \(rows)",
    context: context, note: "counting values")
  let total = empty.value(0, 0).whole
  choice.drop("no value that can be used") { total > 0 && empty.value(0, $0 + 1).whole == 0 }
  let select = choice.columns.enumerated().map { "\($0.element.measure ?? "NULL") AS c\($0.offset)" }
  let present = choice.columns.indices.map { "c\($0) IS NOT NULL" }
  let complete = """
    SELECT * FROM (SELECT \((["TRUE AS present"] + select).joined(separator: ", ")) FROM \(rows))
    WHERE \((["present"] + present).joined(separator: " AND "))
    """
  return try withCopy(complete, in: database, context: context, note: "reading columns") { copy in
    let ranges = choice.columns.indices.map { "min(c\($0)) < max(c\($0))" }
    let table = try database.query(
      "SELECT \((["count(*)"] + ranges).joined(separator: ", ")) FROM \(copy)", context: context,
      note: "reading columns")
    let used = table.value(0, 0).whole
    let places = choice.columns.indices.filter { table.value(0, $0 + 1) == .bool(true) }
    choice.drop(used == 0 ? "no row has all features" : "one value in the rows used") { !places.contains($0) }
    let matrix = try correlationMatrix(places, of: copy, in: database, context)
    try context.checkCancelled()
    let eigen = SymmetricEigen(matrix)
    let names = choice.columns.map(\.name)
    let inflation = zip(names, VarianceInflation.factors(eigen)).map { name, factor in
      Multicollinearity.Inflation(
        feature: name, factor: factor.isFinite ? factor : nil,
        verdict: factor.isFinite ? (factor > 5 ? .high : .moderate) : .perfect)
    }
    var sum = 0.0
    let components = zip(eigen.values, eigen.vectors).map { value, vector in
      let variance = max(0, value)
      sum += variance
      return Multicollinearity.Component(
        variance: variance, share: variance / Double(names.count), cumulative: min(1, sum / Double(names.count)),
        loadings: vector)
    }
    return Multicollinearity(
      inflation: inflation, components: components, rows: used, missing: total - used, leftOut: choice.leftOut)
  }
}

/// [n][n] of the columns `c…` of a table without missing values, none constant.
private func correlationMatrix(
  _ places: [Int], of table: String, in database: Database, _ context: any JobContext
) throws -> [[Double]] {
  var matrix = places.indices.map { row in places.indices.map { $0 == row ? 1.0 : 0.0 } }
  let pairs = places.indices.flatMap { a in (0..<a).map { (a, $0) } }
  for batch in pairs.batches(of: 1000) {
    try context.checkCancelled()
    let items = batch.map { "corr(c\(places[$0.0]), c\(places[$0.1]))" }
    let result = try database.query(
      "SELECT \(items.joined(separator: ", ")) FROM \(table)", context: context, note: "correlating columns")
    for (position, (a, b)) in batch.enumerated() {
      let value = result.value(0, position).number ?? 0
      matrix[a][b] = value.isFinite ? max(-1, min(1, value)) : 0
      matrix[b][a] = matrix[a][b]
    }
  }
  return matrix
}

/// Columns of numbers for an analysis that needs nothing else, and why the others are not among them.
struct NumericFeatures {
  private(set) var columns: [Column]
  private(set) var leftOut: [LeftOutColumn] = []

  init(_ asked: [Column], most: Int) {
    let fitting = asked.filter { $0.measure != nil }
    columns = Array(fitting.prefix(most))
    for column in asked where column.measure == nil {
      leftOut.append(.init(column: column.name, reason: "\(column.kind.rawValue) values: encode them as numbers first"))
    }
    for column in fitting.dropFirst(most) {
      leftOut.append(.init(column: column.name, reason: "beyond the first \(most) columns"))
    }
  }

  /// Leaves out the columns whose place meets a condition.
  mutating func drop(_ reason: String, where isDropped: (Int) -> Bool) {
    let places = columns.indices.filter(isDropped)
    leftOut += places.map { .init(column: columns[$0].name, reason: reason) }
    columns = columns.indices.filter { !places.contains($0) }.map { columns[$0] }
  }
}
