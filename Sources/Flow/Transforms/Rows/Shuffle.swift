import Frame

/// The rows in a random order that a seed fixes.
public enum Shuffle: Transform {
  public static let info = OperationInfo(
    "shuffle", .rows, "Shuffle rows", help: "Bring the rows into a random order.",
    parameters: [
      ParameterInfo("seed", "Seed", .integer(0...Int.max), initial: "0", help: "The same seed makes the same order.")
    ])

  public static func summary(_ parameters: Parameters) -> String { "seed \(parameters.integer("seed") ?? 0)" }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let number = call.freshName("row")
    let seed = call.parameters.integer("seed") ?? 0
    let sql = """
      SELECT * EXCLUDE (\(number)) FROM (SELECT *, row_number() OVER () AS \(number) FROM \(call.table))
      ORDER BY hash(\(number), \(seed)::UBIGINT), \(number)
      """
    return TransformStage(sql, call.schema)
  }
}
