// Probabilities and losses instead of margins. Each pair of a row and a background row has its margin's values scaled by
// how much the output changes for the margin's change, as shap does it; the mean over the background is explained
// exactly in its sum.

import Foundation
import Jobs

/// What SHAP values add up to.
public enum ExplainedOutput: String, Sendable, Codable, CaseIterable {
  /// The sum of the trees: log-odds of a classifier.
  case margin
  /// What the model's link makes of it. Needs a background.
  case probability
  /// The loss of the row's label: log loss of a classifier, squared error otherwise. Needs a background and labels.
  case logLoss = "log-loss"
}

extension ExplainedOutput {
  /// The output as a function of one margin.
  fileprivate func value(_ margin: Double, _ link: TreeEnsemble.Link, label: Double) -> Double {
    switch (self, link) {
    case (.margin, _), (.probability, .identity), (.probability, .softmax): margin
    case (.probability, .logistic): 1 / (1 + exp(-margin))
    case (.probability, .exponential): exp(margin)
    case (.logLoss, .logistic): max(margin, 0) + log1p(exp(-abs(margin))) - label * margin
    case (.logLoss, .identity), (.logLoss, .softmax): (margin - label) * (margin - label)
    case (.logLoss, .exponential): (exp(margin) - label) * (exp(margin) - label)
    }
  }

  fileprivate func slope(_ margin: Double, _ link: TreeEnsemble.Link, label: Double) -> Double {
    let step = 1e-5
    return (value(margin + step, link, label: label) - value(margin - step, link, label: label)) / (2 * step)
  }
}

extension TreeExplainer {
  /// Values of an output that is no margin.
  /// - Parameter labels: for each row the number that the loss is taken of.
  /// - Throws: `ExplainError.output` where the model or the explainer cannot give it; `JobCancelled`.
  public func explain(
    _ rows: FeatureRows, output: ExplainedOutput, labels: [Double] = [], context: any JobContext = SilentContext()
  ) throws -> ShapValues {
    if output == .margin { return try explain(rows, context: context) }
    guard !background.isEmpty, model.outputs == 1, output == .probability || labels.count == rows.count else {
      throw ExplainError.output(output.rawValue, model: "A model of \(model.outputs) outputs (\(model.objective))")
    }
    let walk = PairWalk(model, trees: Array(model.trees.indices), background: background)
    var walker = walk.walker()
    let base = model.baseMargins[0]
    let theirs = background.indices.map { base + walker.margins(ofBackground: $0)[0] }
    let share = 1 / Double(background.count)
    let mean = { (label: Double) in
      theirs.reduce(0) { $0 + share * output.value($1, self.model.link, label: label) }
    }
    var result = ShapValues(
      rows: rows.count, features: model.features.count, outputs: 1,
      baseValues: [output == .logLoss ? labels.reduce(0) { $0 + mean($1) } / Double(max(labels.count, 1)) : mean(0)])
    for row in 0..<rows.count {
      try context.checkCancelled()
      let label = output == .logLoss ? labels[row] : 0
      walker.take(rows.row(row))
      let margin = base + walker.margins[0]
      let value = output.value(margin, model.link, label: label)
      for (other, their) in theirs.enumerated() {
        let distance = margin - their
        let scale =
          abs(distance) < 1e-9
          ? output.slope(margin, model.link, label: label)
          : (value - output.value(their, model.link, label: label)) / distance
        walker.add(other, weight: share * scale)
      }
      for (feature, sum) in walker.values.enumerated() { result.values[row * result.features + feature] = sum }
      result.predictions[row] = value
      if output == .logLoss { result.rowBaseValues.append(mean(label)) }
      if row % 16 == 0 { context.report(Double(row) / Double(rows.count), "explaining rows") }
    }
    return result
  }
}
