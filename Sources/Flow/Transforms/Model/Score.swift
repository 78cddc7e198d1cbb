import Frame

/// Trains models and adds what they say of the rows; given by whoever has models to train.
public protocol RowScorer: Sendable {
  /// Computes the input's rows with the columns of `Score.outputs` after them into a new table.
  /// - Throws: whatever keeps a model from being trained, `FrameError` or `JobCancelled`.
  func score(_ call: TransformCall, _ reader: FitReader, into table: String) throws

  /// Computes the input's rows with the columns of `Predict.outputs` after them into a new table.
  /// - Throws: whatever keeps a model from being read, `FrameError` or `JobCancelled`.
  func predict(_ call: TransformCall, _ reader: FitReader, into table: String) throws

  /// What `EmbedText` has to know of the texts and of the model of its vectors.
  /// - Throws: whatever keeps a model from being read, `FlowError`, `FrameError` or `JobCancelled`.
  func learnEmbedding(_ call: TransformCall, _ reader: FitReader) throws -> Parameters

  /// Computes the input's rows with the columns of `EmbedText.outputs` after them into a new table.
  /// - Throws: whatever keeps a model from being read, `FlowError`, `FrameError` or `JobCancelled`.
  func embed(_ call: TransformCall, _ reader: FitReader, into table: String) throws
}

/// Adds predictions of a label: each row's by a model that has not seen that row.
///
/// The rows are split into folds; those of a fold are predicted by a model of all other folds, so that the predictions
/// can be judged against the label as if the rows were new ones.
public enum Score: Transform {
  public static let info = OperationInfo(
    "score", .model, "Add predictions",
    help: "Predict a column from the others, each row by a model that has not seen it.",
    parameters: [
      ParameterInfo("target", "Label", .column, help: "The column to predict; rows without it are predicted too."),
      ParameterInfo(
        "problem", "Predict", .choice(["classification", "regression"]), initial: "classification",
        help: "classification: the most probable value, and a score. regression: a number."),
      ParameterInfo(
        "positive", "Score of", .texts, isOptional: true, when: .init("problem", "classification"),
        help: "The values whose probability is the score, such as >50K; none: the rarer of two, or the most probable."),
      ParameterInfo(
        "model", "Model", .choice(["forest", "boosted"]), initial: "forest",
        help:
          "forest: a random forest as in a Quick Model. boosted: gradient boosted trees, as many as give the best AUC."
      ),
      ParameterInfo(
        "without", "Leave out", .columns, isOptional: true, help: "Columns that the model must not use."),
      ParameterInfo(
        "folds", "Folds", .integer(2...50), initial: "5", help: "Parts of the rows; each needs a model of its own."),
      ParameterInfo("seed", "Seed", .integer(0...Int.max), initial: "42", help: "The same seed makes the same models."),
      ParameterInfo("prediction", "Prediction", .name, initial: "predicted", help: "The new column of predictions."),
      ParameterInfo(
        "score", "Score", .name, initial: "score", when: .init("problem", "classification"),
        help: "The new column of probabilities, 0 to 1."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("target") ?? ""): \(parameters.text("model") ?? "forest"), \(parameters.integer("folds") ?? 5) folds"
  }

  /// The new columns: the prediction and, of a classification, the score.
  public static func outputs(_ call: TransformCall) throws -> [Column] {
    let target = try call.column(parameter: "target")
    _ = try call.columns(parameter: "without")
    if let reason = refusal(target) { throw call.invalid("column \"\(target.name)\": \(reason)") }
    let prediction = call.parameters.text("prediction")?.trimmed ?? "predicted"
    guard call.parameters.text("problem") != "regression" else { return [Column(name: prediction, type: "DOUBLE")] }
    let score = call.parameters.text("score")?.trimmed ?? "score"
    return [Column(name: prediction, type: target.type), Column(name: score, type: "DOUBLE")]
  }

  private static func refusal(_ column: Column) -> String? {
    switch column.kind {
    case .integer, .real, .boolean, .text: nil
    case .date, .timestamp, .time, .other: "holds \(column.kind.noun), which cannot be predicted"
    }
  }

  /// Columns alone: the rows are computed.
  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let items = try outputs(call).map { TransformCall.Item($0.name, "NULL::\($0.type)", type: $0.type) }
    if call.needsFit { throw call.invalid("predictions are computed, which SQL cannot say") }
    return try call.adding(items)
  }

  public static var rows: (@Sendable (TransformCall, FitReader, _ table: String) throws -> Schema)? {
    { call, reader, table in
      guard let scorer = reader.scorer else { throw call.invalid("there are no models to train here") }
      let outputs = try outputs(call)
      // Complains where a name is taken.
      let schema = try call.adding(outputs.map { .init($0.name, "NULL", type: $0.type) }).schema
      try scorer.score(call, reader, into: table)
      return schema
    }
  }
}
