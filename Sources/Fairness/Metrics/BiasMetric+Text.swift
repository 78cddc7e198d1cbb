// What the metrics are called, how they are computed, and what they say.

extension BiasMetric {
  /// The full name: `Difference in Proportions of Labels`.
  public var title: String {
    switch self {
    case .ci: "Class Imbalance"
    case .dpl: "Difference in Proportions of Labels"
    case .kl: "Kullback-Leibler Divergence"
    case .js: "Jensen-Shannon Divergence"
    case .lp: "Lp-norm"
    case .tvd: "Total Variation Distance"
    case .ks: "Kolmogorov-Smirnov Distance"
    case .cddl: "Conditional Demographic Disparity in Labels"
    case .dppl: "Difference in Positive Proportions in Predicted Labels"
    case .di: "Disparate Impact"
    case .dca: "Difference in Conditional Acceptance"
    case .dcr: "Difference in Conditional Rejection"
    case .rd: "Recall Difference"
    case .sd: "Specificity Difference"
    case .dar: "Difference in Acceptance Rates"
    case .drr: "Difference in Rejection Rates"
    case .ad: "Accuracy Difference"
    case .te: "Treatment Equality"
    case .cddpl: "Conditional Demographic Disparity in Predicted Labels"
    case .ft: "Counterfactual Fliptest"
    case .ge: "Generalized Entropy"
    }
  }

  /// The formula in one line.
  public var formula: String {
    switch self {
    case .ci: "(n_a − n_d) / (n_a + n_d)"
    case .dpl: "q_a − q_d, q = n1 / n"
    case .kl: "Σ_y P_a(y) ln(P_a(y) / P_d(y))"
    case .js: "½ [KL(P_a‖M) + KL(P_d‖M)], M = ½ (P_a + P_d)"
    case .lp: "√ Σ_y (P_a(y) − P_d(y))²"
    case .tvd: "½ Σ_y |P_a(y) − P_d(y)|"
    case .ks: "max_y |P_a(y) − P_d(y)|"
    case .cddl: "(1/n) Σ_i n_i · (n_d0,i / n_0,i − n_d1,i / n_1,i)"
    case .dppl: "q'_a − q'_d"
    case .di: "q'_d / q'_a"
    case .dca: "n_a1 / n'_a1 − n_d1 / n'_d1"
    case .dcr: "n_d0 / n'_d0 − n_a0 / n'_a0"
    case .rd: "TPR_a − TPR_d, TPR = TP / (TP + FN)"
    case .sd: "TNR_d − TNR_a, TNR = TN / (TN + FP)"
    case .dar: "precision_a − precision_d, precision = TP / (TP + FP)"
    case .drr: "NPV_d − NPV_a, NPV = TN / (TN + FN)"
    case .ad: "accuracy_a − accuracy_d"
    case .te: "FN_d / FP_d − FN_a / FP_a"
    case .cddpl: "(1/n) Σ_i n_i · (n'_d0,i / n'_0,i − n'_d1,i / n'_1,i)"
    case .ft: "(F⁺ − F⁻) / n_d"
    case .ge: "½ · mean((b / mean b)² − 1), b = y' − y + 1"
    }
  }

  /// The range in words: `−1 to 1`.
  public var rangeText: String {
    switch self {
    case .js: "0 to ln 2 = 0.693"
    case .lp: "0 to √2 = 1.414"
    default:
      range.lowerBound.isFinite
        ? "\(Self.written(range.lowerBound)) to \(Self.written(range.upperBound))" : "any number"
    }
  }

  private static func written(_ end: Double) -> String {
    end.isFinite ? (end < 0 ? "−" : "") + String(Int(abs(end))) : "∞"
  }

  /// What the metric measures, in a sentence.
  public var meaning: String {
    switch self {
    case .ci: "Whether group d is small beside group a, whatever the labels say."
    case .dpl: "How much more often group a has the positive outcome than group d."
    case .kl: "How far the outcomes of group d are from those of group a, in nats; it is not symmetric."
    case .js: "How far the outcomes of both groups are from their mean, in nats; it is symmetric."
    case .lp: "The straight-line distance between the shares of outcomes of the groups."
    case .tvd: "The share of outcomes of one group that would have to change for the groups to be equal."
    case .ks: "The largest gap in the share of any one outcome between the groups."
    case .cddl: "Whether group d is a larger part of the rejected than of the accepted, within strata."
    case .dppl: "How much more often group a is predicted the positive outcome than group d."
    case .di: "The share of positive predictions in group d over that in group a."
    case .dca: "How many observed acceptances there are for each predicted one, group a minus group d."
    case .dcr: "How many observed rejections there are for each predicted one, group d minus group a."
    case .rd: "How much more often a positive row of group a is found than one of group d."
    case .sd: "How much more often a negative row is left alone in group d than in group a."
    case .dar: "How much more often an acceptance is right in group a than in group d."
    case .drr: "How much more often a rejection is right in group d than in group a."
    case .ad: "How much more often a prediction is right in group a than in group d."
    case .te: "How many false rejections there are for each false acceptance, group d minus group a."
    case .cddpl: "Whether group d is a larger part of those predicted to be rejected than accepted, within strata."
    case .ft: "How much more often rows of group d would be accepted, judged by their nearest rows in group a."
    case .ge: "How unequally right and wrong predictions spread benefit over all rows, whatever their group."
    }
  }

  /// What Clarify calls the metric in a report: `Class Imbalance (CI)`.
  public var clarifyDescription: String {
    let title =
      switch self {
      case .dpl: "Difference in Positive Proportions in Labels"
      // Spelt as the library spells it.
      case .kl: "Kullback-Liebler Divergence"
      case .lp: "L-p Norm"
      case .ft: "Flip Test"
      default: self.title
      }
    return "\(title) (\(name))"
  }
}
