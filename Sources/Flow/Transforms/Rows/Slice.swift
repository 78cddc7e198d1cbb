import Frame

/// Some rows of the table by their place.
public enum Slice: Transform {
  public static let info = OperationInfo(
    "slice", .rows, "Slice rows", help: "Leave out the first rows, or all after a number of them.",
    parameters: [
      ParameterInfo(
        "skip", "Skip", .integer(0...Int.max), initial: "0", help: "How many rows at the top to leave out."),
      ParameterInfo(
        "limit", "Limit", .integer(0...Int.max), isOptional: true, help: "How many rows to keep; all others when empty."
      ),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let skip = parameters.integer("skip") ?? 0
    return parameters.integer("limit").map { "\($0) rows after \(skip)" } ?? "all rows after \(skip)"
  }

  public static func fault(_ parameters: Parameters) -> String? {
    parameters.integer("skip") ?? 0 == 0 && parameters.integer("limit") == nil
      ? "Skip: write how many rows to leave out, or how many to keep" : nil
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let limit = call.parameters.integer("limit").map { " LIMIT \($0)" } ?? ""
    return TransformStage(
      "SELECT * FROM \(call.table)\(limit) OFFSET \(call.parameters.integer("skip") ?? 0)", call.schema)
  }
}
