// A label as a model learns it: the number of its class, or its own number.

import Frame
import Jobs

/// How a label is learnt.
///
/// More than a hundred different numbers are a regression, and so are numbers of which hardly two are alike; all else is a
/// classification.
struct LabelColumn {
  static let mostClasses = 100

  let problem: LassoAnalysis.Problem
  /// Of a classification, by frequency, the most frequent first; those as frequent in the order of their values.
  let classes: [String]
  /// The label as `DOUBLE`, missing where it has no value that can be used: a number, or the place of the class; of two
  /// classes 1 for `positive`.
  let sql: String
  /// Of two classes: true, 1 beside 0, or the rarer one.
  let positive: String?

  /// - Throws: `InsightError.notNumeric`, `.oneClass`, `.tooManyClasses`, or what the database throws.
  static func find(
    _ column: Column, problem: LassoAnalysis.Problem?, in source: String, _ database: Database,
    _ context: any JobContext
  ) throws -> LabelColumn {
    guard column.kind != .other else {
      throw InsightError.notNumeric(column: column.name, kind: column.kind, advice: "choose another label")
    }
    let name = SQL.identifier(column.name)
    let axis = try? AxisColumn(column, advice: "")
    let number = axis.map { "CASE WHEN abs(\($0.sql)) < 1e70 THEN \($0.sql) END" }
    // A class is known by its text, which a number of any width keeps; zero has one.
    let finite = "CASE WHEN \(name) = 0 THEN 0 WHEN isfinite(\(name)) THEN \(name) END"
    let value = "CAST(\(column.kind == .real ? finite : name) AS VARCHAR)"
    let sizes = try database.query(
      "SELECT count(v), count(DISTINCT v) FROM (SELECT \(value) AS v FROM \(source))", context: context,
      note: "counting \(column.name)")
    let (present, distinct) = (sizes.value(0, 0).whole, sizes.value(0, 1).whole)
    let isNumber = number != nil && (distinct > mostClasses || distinct * 2 > present)
    if let number, problem == .regression || (problem == nil && isNumber && present > 0) {
      return LabelColumn(problem: .regression, classes: [], sql: number, positive: nil)
    }
    if problem == .regression {
      throw InsightError.notNumeric(column: column.name, kind: column.kind, advice: "choose classification")
    }
    guard distinct > 1 else { throw InsightError.oneClass(column: column.name, found: distinct) }
    guard distinct <= mostClasses else {
      throw InsightError.tooManyClasses(column: column.name, found: distinct, most: mostClasses)
    }
    let counts = try database.query(
      """
      SELECT v, count(*) FROM (SELECT \(value) AS v FROM \(source)) WHERE v IS NOT NULL
      GROUP BY v ORDER BY count(*) DESC, v
      """, context: context, note: "counting \(column.name)")
    var classes = (0..<counts.rowCount).map { counts.text($0, 0) ?? "" }
    // The positive class has the place 1.
    let isOne = classes.map { $0 == "true" || (column.kind.isNumeric && Double($0) == 1) }
    let isZero = classes.map { $0 == "false" || (column.kind.isNumeric && Double($0) == 0) }
    if classes.count == 2, column.kind != .text, isOne[0], isZero[1] { classes.swapAt(0, 1) }
    let cases = classes.enumerated().map { "WHEN \(SQL.text($0.element)) THEN \($0.offset)" }
    return LabelColumn(
      problem: .classification, classes: classes,
      sql: "CAST(CASE \(value) \(cases.joined(separator: " ")) END AS DOUBLE)",
      positive: classes.count == 2 ? classes[1] : nil)
  }
}

/// Rows in memory: all of a SELECT, or so many of them at random.
enum RowSample {
  /// - Parameters:
  ///   - select: named columns.
  ///   - most: the rows to read at most.
  /// - Returns: the rows in their order, and how many there were to choose from.
  static func read(
    _ select: String, most: Int, seed: UInt64, in database: Database, _ context: any JobContext
  ) throws -> (rows: DataTable, complete: Int) {
    let count = try database.query("SELECT count(*) FROM (\(select))", context: context, note: "counting rows")
    let complete = count.value(0, 0).whole
    let sql = complete > most ? Self.sql(select, most: most, seed: seed) : select
    return (try database.query(sql, context: context, note: "reading rows"), complete)
  }

  /// By a hash of the row's place: the same rows whatever the number of threads.
  static func sql(_ select: String, most: Int, seed: UInt64) -> String {
    """
    SELECT * EXCLUDE (assay_place) FROM (
    SELECT *, row_number() OVER () AS assay_place FROM (\(select)))
    ORDER BY hash(assay_place + \(seed % 1_000_000_007) * 1000003), assay_place LIMIT \(most)
    """
  }
}
