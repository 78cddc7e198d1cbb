/// A step of another program that assay cannot run: its rows pass unchanged. The step keeps its operator and parameters,
/// so that a file for that program has it again.
public enum Foreign: Transform {
  public static let info = OperationInfo(
    "foreign", .custom, "Not run here",
    help: "A step of another program that is kept but not run: rows pass unchanged.",
    parameters: [
      ParameterInfo("operator", "Operator", .text, help: "What the other program calls the step."),
      ParameterInfo(
        "reason", "Not run", .text, isOptional: true,
        help: "Why the rows pass unchanged. Put a step of assay in its place."),
    ])

  public static let inputCount = 1...20

  public static func summary(_ parameters: Parameters) -> String {
    let kind = DataWranglerDocument.Node.kind(parameters.text("operator") ?? "")
    let variant = parameters["parameters"]?.record?["operator"]?.text
    let title = [kind, variant].compactMap { $0 }.joined(separator: ": ")
    return parameters.text("reason").map { "\(title) – \($0)" } ?? title
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    TransformStage("SELECT * FROM \(call.table)", call.schema)
  }
}
