import Frame

/// Repeats rows and leaves rows out until groups and outcomes are independent, or all their cells are of one size.
///
/// Kamiran and Calders 2012 (doi:10.1007/s10115-011-0463-8), uniform and preferential sampling, except that a cell is
/// brought to its size by repeating its rows as evenly as possible, not by draws with replacement. Rows keep their order,
/// a copy stands after its row; rows of no cell stay. Applied to other rows, each cell grows or shrinks by the ratio that
/// was learnt.
public enum ResampleGroups: Transform {
  public static let info = OperationInfo(
    "resample-groups", .balance, "Resample for fairness",
    help: "Repeat and leave out rows until the outcome no longer depends on the group.",
    parameters: GroupCells.parameters + [
      ParameterInfo(
        "sizes", "Cell sizes", .choice(["independent", "equal"]), initial: "independent",
        help:
          "independent: groups and outcomes keep their shares, and every group gets the same share of each outcome. "
          + "equal: each cell of group and outcome gets as many rows."),
      ParameterInfo(
        "method", "Rows by", .choice(["uniform", "preferential"]), initial: "uniform",
        help: "uniform: at random. preferential: the rows that a score finds hardest to tell are repeated and left out."
      ),
      ParameterInfo(
        "score", "Score", .column, fit: .numeric, when: .init("method", "preferential"),
        help: "How likely a row is positive; rows without one count as the easiest."),
      ParameterInfo(
        "seed", "Seed", .integer(0...Int.max), initial: "0", when: .init("method", "uniform"),
        help: "The same seed takes the same rows."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(GroupCells.summary(parameters)), \(parameters.text("sizes") ?? "independent")"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let saysPositive = parameters.number("above") != nil || parameters["positives"].map { $0 != .list([]) } == true
    if parameters.text("method") == "preferential", !saysPositive {
      return "preferential needs to know which outcomes are positive: give positive values or a number to be above"
    }
    return GroupCells.fault(parameters)
  }

  /// The rows that each cell had, and those that it is to have.
  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let cells = try GroupCells(call).counted(reader)
    let total = Double(cells.reduce(0) { $0 + $1.rows })
    let sizes =
      call.parameters.text("sizes") == "equal"
      ? cells.map { _ in total / Double(cells.count) } : GroupCells.expected(cells)
    return GroupCells.learned(cells, "wanted", sizes.map { $0.rounded() })
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let cells = try GroupCells(call)
    guard let learned = try call.fitted() else { return TransformStage("SELECT * FROM \(call.table)", call.schema) }
    let ratios = GroupCells.read(learned, "wanted").map { ($0.cell, $0.value / Double(max(1, $0.cell.rows))) }
    let names = ["row", "ratio", "size", "rank", "copy"].map(call.freshName)
    let (row, ratio, size, rank, copy) = (names[0], names[1], names[2], names[3], names[4])
    let wanted = "CAST(round(\(ratio) * \(size)) AS BIGINT)"
    // The first in rank get one copy more than the others.
    let copies =
      "CASE WHEN \(ratio) IS NULL THEN 1 ELSE \(wanted) // \(size) + "
      + "CASE WHEN \(rank) <= \(wanted) % \(size) THEN 1 ELSE 0 END END"
    let (cell, ease) = (call.freshName("cell"), call.freshName("ease"))
    return TransformStage(
      """
      SELECT \(SQL.identifiers(call.schema.map(\.name))) FROM (
      SELECT *, unnest(range(\(copies))) AS \(copy) FROM (
      SELECT *, row_number() OVER (PARTITION BY \(cell) ORDER BY \(ease), \(row)) AS \(rank) FROM (
      SELECT *, count(*) OVER (PARTITION BY \(cell)) AS \(size), \(try order(call, row, "\(ratio) < 1")) AS \(ease) FROM (
      SELECT *, \(cells.key) AS \(cell), \(cells.value(ratios)) AS \(ratio), row_number() OVER () AS \(row)
      FROM \(call.table))))) ORDER BY \(row), \(copy)
      """, call.schema)
  }

  /// What rows of a cell are ranked by: those in front are kept first, and repeated first.
  private static func order(_ call: TransformCall, _ row: String, _ shrinks: String) throws -> String {
    guard call.parameters.text("method") == "preferential" else {
      return "hash(\(row), \(call.parameters.integer("seed") ?? 0)::UBIGINT)"
    }
    let score = try call.column(parameter: "score", .numeric)
    // The least likely of the positives and the most likely of the negatives are the hardest.
    let isPositive = try GroupCells(call).isPositive
    let ease = "CASE WHEN \(isPositive) THEN \(score.number) ELSE -\(score.number) END"
    let known = "CASE WHEN \(score.isMissing) THEN 'inf'::DOUBLE ELSE \(ease) END"
    return "CASE WHEN \(shrinks) THEN -(\(known)) ELSE \(known) END"
  }
}
