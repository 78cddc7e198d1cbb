import Frame

/// Adds what a trained model says of the rows: the model is a folder that AutoML has made, and no label is needed.
///
/// Rows that the model was trained on are predicted too, better than new ones would be: to judge a model there are its own
/// figures, and the step that adds predictions out of fold.
public enum Predict: Transform {
  public static let info = OperationInfo(
    "predict", .model, "Predict with model",
    help: "Predict the rows with a model that AutoML has trained into a folder.",
    parameters: [
      ParameterInfo(
        "model", "Model", .text, help: "The folder of the model; assay automl and the AutoML screen make one."),
      ParameterInfo(
        "problem", "It predicts", .choice(["classification", "regression"]), initial: "classification",
        help: "What the model predicts: classes with a score, or a number."),
      ParameterInfo(
        "positive", "Score of", .text, isOptional: true, when: .init("problem", "classification"),
        help: "The class whose probability is the score, such as >50K; none: that of the predicted class."),
      ParameterInfo("prediction", "Prediction", .name, initial: "predicted", help: "The new column of predictions."),
      ParameterInfo(
        "score", "Score", .name, initial: "score", when: .init("problem", "classification"),
        help: "The new column of probabilities, 0 to 1."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let folder = parameters.text("model") ?? ""
    return folder.split(separator: "/").last.map(String.init) ?? folder
  }

  public static func fault(_ parameters: Parameters) -> String? {
    (parameters.text("model")?.trimmed ?? "").isEmpty ? "the folder of a model is wanted" : nil
  }

  /// The new columns: the prediction and, of a classification, the score.
  public static func outputs(_ call: TransformCall) -> [Column] {
    let prediction = call.parameters.text("prediction")?.trimmed ?? "predicted"
    guard call.parameters.text("problem") != "regression" else { return [Column(name: prediction, type: "DOUBLE")] }
    let score = call.parameters.text("score")?.trimmed ?? "score"
    return [Column(name: prediction, type: "VARCHAR"), Column(name: score, type: "DOUBLE")]
  }

  /// Columns alone: the rows are computed.
  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let items = outputs(call).map { TransformCall.Item($0.name, "NULL::\($0.type)", type: $0.type) }
    if call.needsFit { throw call.invalid("predictions are computed, which SQL cannot say") }
    return try call.adding(items)
  }

  public static var rows: (@Sendable (TransformCall, FitReader, _ table: String) throws -> Schema)? {
    { call, reader, table in
      guard let scorer = reader.scorer else { throw call.invalid("there are no models to predict with here") }
      // Complains where a name is taken.
      let schema = try call.adding(outputs(call).map { .init($0.name, "NULL", type: $0.type) }).schema
      try scorer.predict(call, reader, into: table)
      return schema
    }
  }
}
