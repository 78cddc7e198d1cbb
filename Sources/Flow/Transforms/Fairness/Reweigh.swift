import Frame

/// A weight for each row, with which groups and outcomes become independent.
///
/// Kamiran and Calders 2012 (doi:10.1007/s10115-011-0463-8): rows of the group × rows of the outcome / (all rows × rows
/// of the cell). The sum of the weights is the number of rows, the share of each group and of each outcome stays, and the
/// weighted share of each outcome is the same in every group.
public enum Reweigh: Transform {
  public static let info = OperationInfo(
    "reweigh", .balance, "Reweigh for fairness",
    help: "Add a weight with which the outcome no longer depends on the group.",
    parameters: GroupCells.parameters + [
      ParameterInfo("name", "Weight column", .name, initial: "weight", help: "A name that no other column has."),
      ParameterInfo(
        "unseen", "Unseen cells", .choice(["one", "missing"]), initial: "one",
        help: "The weight of rows whose group and outcome did not occur together at fitting, or are missing."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }
  public static func summary(_ parameters: Parameters) -> String { GroupCells.summary(parameters) }
  public static func fault(_ parameters: Parameters) -> String? { GroupCells.fault(parameters) }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let cells = try GroupCells(call).counted(reader)
    let weights = zip(cells, GroupCells.expected(cells)).map { $1 / Double($0.rows) }
    return GroupCells.learned(cells, "weight", weights)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let cells = try GroupCells(call)
    let learned = try call.fitted().map { GroupCells.read($0, "weight") } ?? []
    let known = cells.value(learned)
    let sql = call.parameters.text("unseen") == "missing" ? known : "coalesce(\(known), 1)"
    return try call.adding([
      .init(call.parameters.text("name") ?? "weight", "CAST(\(sql) AS DOUBLE)", type: "DOUBLE")
    ])
  }
}
