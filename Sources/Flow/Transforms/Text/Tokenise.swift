import Frame

/// The words of each text as a list.
public enum Tokenise: Transform {
  public static let info = OperationInfo(
    "tokenise", .text, "Tokenise", help: "Split texts into words, as a column of lists.",
    parameters: [TextColumns.columns] + Tokens.parameters + [
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true, help: "The end of the new column's name: _tokens when empty.")
    ])

  public static func fault(_ parameters: Parameters) -> String? { Tokens.fault(parameters) }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    return try TextColumns.adding(call, "_tokens", type: "VARCHAR[]") { Tokens.sql($0, parameters) }
  }
}
