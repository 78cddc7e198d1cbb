// How well predictions fit labels over all rows, whatever their group.

import Frame

/// How well predictions fit labels, over all used rows: the block that Clarify calls model performance.
public struct ModelPerformance: Codable, Sendable, Equatable {
  /// Rows of one class of the label that are predicted to be of another, or the same.
  public struct ClassCount: Codable, Sendable, Equatable {
    public var label: String
    public var predicted: String
    public var rows: Int
  }

  public var truePositives, falsePositives, falseNegatives, trueNegatives: Int
  /// Class by class, in their order; empty where the prediction is a score, or classes are many.
  public var classes: [ClassCount]

  public init(
    truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int, classes: [ClassCount] = []
  ) {
    (self.truePositives, self.falsePositives) = (truePositives, falsePositives)
    (self.falseNegatives, self.trueNegatives) = (falseNegatives, trueNegatives)
    self.classes = classes
  }

  public var rows: Int { truePositives + falsePositives + falseNegatives + trueNegatives }

  /// The figures as Clarify names and orders them. 0/0 counts as 0, and a ratio to nothing is infinite.
  public var figures: [(name: String, description: String, value: Double)] {
    let (tp, fp) = (Double(truePositives), Double(falsePositives))
    let (fn, tn) = (Double(falseNegatives), Double(trueNegatives))
    func ratio(_ part: Double, _ whole: Double) -> Double { CellPair.divide(part, whole, .smclarify) }
    let inputs = "Proportion of inputs"
    let precision = ratio(tp, tp + fp)
    let recall = ratio(tp, tp + fn)
    return [
      ("Accuracy", inputs + " assigned the correct predicted label by the model.", ratio(tn + tp, tn + fp + fn + tp)),
      (
        "Proportion of Positive Predictions in Labels", "Proportion of input assigned in positive predicted label.",
        ratio(tp + fp, tn + fp + fn + tp)
      ),
      (
        "Proportion of Negative Predictions in Labels",
        "Proportion of input assigned the negative predicted label.", ratio(tn + fn, tn + fp + fn + tp)
      ),
      (
        "True Positive Rate / Recall",
        inputs + " with positive observed label correctly assigned the positive predicted label.", recall
      ),
      (
        "True Negative Rate / Specificity",
        inputs + " with negative observed label correctly assigned the negative predicted label.", ratio(tn, tn + fp)
      ),
      (
        "Acceptance Rate / Precision",
        inputs + " with positive predicted label that actually have a positive observed label.", precision
      ),
      (
        "Rejection Rate",
        inputs + " with negative predicted label that actually have a negative observed label.", ratio(tn, tn + fn)
      ),
      (
        "Conditional Acceptance", "Ratio between the positive observed labels and positive predicted labels.",
        ratio(tp + fn, tp + fp)
      ),
      (
        "Conditional Rejection", "Ratio between the negative observed labels and negative predicted labels.",
        ratio(tn + fp, tn + fn)
      ),
      ("F1 Score", "Harmonic mean of precision and recall.", 2 * ratio(precision * recall, precision + recall)),
    ]
  }

  /// TP, FP, FN and TN as shares of all rows.
  public var confusionShares: [Double] {
    [truePositives, falsePositives, falseNegatives, trueNegatives].map {
      rows > 0 ? Double($0) / Double(rows) : 0
    }
  }
}

extension ModelPerformance {
  init(_ cells: Cells, classes: [(label: Value, predicted: Value, rows: Int)]) {
    var merged: [[Value]: Int] = [:]
    for item in classes { merged[[item.label, item.predicted], default: 0] += item.rows }
    let sorted = merged.sorted { left, right in
      left.key[0] == right.key[0]
        ? Value.isBefore(left.key[1], right.key[1]) : Value.isBefore(left.key[0], right.key[0])
    }
    self.init(
      truePositives: Int(cells.tp), falsePositives: Int(cells.fp), falseNegatives: Int(cells.fn),
      trueNegatives: Int(cells.tn),
      classes: sorted.map { .init(label: $0.key[0].description, predicted: $0.key[1].description, rows: $0.value) })
  }
}

extension BiasCounts.Group {
  /// What Clarify calls basic statistics of group d: TP, FP, FN and TN as shares of its rows; nil without predictions.
  public var confusionShares: [Double]? {
    guard let tp = truePositives, let fp = falsePositives, let fn = falseNegatives, let tn = trueNegatives else {
      return nil
    }
    return [tp, fp, fn, tn].map { rows > 0 ? Double($0) / Double(rows) : 0 }
  }
}
