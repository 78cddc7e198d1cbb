// The catalogue of bias metrics: names, formulas, ranges and meanings, as SageMaker Clarify documents them.
//
// Group d holds the values that a user lists, the group that may be worse off; group a is everybody else. n counts rows,
// n1 those with the positive outcome and n0 the others, n' predicted ones, q = n1 / n.

/// A bias metric of SageMaker Clarify, by its short name.
public enum BiasMetric: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable, Hashable {
  /// Class imbalance: (n_a − n_d) / (n_a + n_d), −1 … 1; above 0 d is the smaller group.
  case ci = "CI"
  /// Difference in proportions of labels: q_a − q_d, −1 … 1; above 0 d has the positive outcome less often. 0 is
  /// demographic parity.
  case dpl = "DPL"
  /// Kullback-Leibler divergence: Σ P_a ln(P_a / P_d), 0 … ∞ nats, of d as seen from a; infinite where d lacks an outcome
  /// of a (Kullback and Leibler 1951, doi:10.1214/aoms/1177729694).
  case kl = "KL"
  /// Jensen-Shannon divergence: ½ KL(P_a‖M) + ½ KL(P_d‖M) with M the mean of both, 0 … ln 2 nats, symmetric (Lin 1991,
  /// doi:10.1109/18.61115).
  case js = "JS"
  /// Lp-norm with p = 2: the root of Σ (P_a − P_d)², 0 … √2, of shares rather than of counts.
  case lp = "LP"
  /// Total variation distance: ½ Σ |P_a − P_d|, 0 … 1.
  case tvd = "TVD"
  /// Kolmogorov-Smirnov distance: max |P_a − P_d| over outcomes, 0 … 1; not the test of two samples.
  case ks = "KS"
  /// Conditional demographic disparity in labels: d's share of the rejected minus its share of the accepted within each
  /// stratum, averaged by the strata's rows, −1 … 1; above 0 d is worse off. A share of nothing counts as 0 (Wachter,
  /// Mittelstadt and Russell 2021, doi:10.1016/j.clsr.2021.105567).
  case cddl = "CDDL"
  /// Difference in positive proportions in predicted labels: q'_a − q'_d, −1 … 1; above 0 d is accepted less often.
  case dppl = "DPPL"
  /// Disparate impact: q'_d / q'_a, 0 … ∞; 1 is parity, also where nobody is accepted, and below 1 d is worse off (EEOC
  /// Uniform Guidelines 1978).
  case di = "DI"
  /// Difference in conditional acceptance: n_a1 / n'_a1 − n_d1 / n'_d1, any number; above 0 acceptances of a are predicted
  /// less generously. Clarify's documentation calls it DCAcc.
  case dca = "DCA"
  /// Difference in conditional rejection: n_d0 / n'_d0 − n_a0 / n'_a0, any number; note that d comes first.
  case dcr = "DCR"
  /// Recall difference: TPR_a − TPR_d, −1 … 1; above 0 the deserving of d are missed more often (Hardt, Price and Srebro
  /// 2016, arXiv:1610.02413).
  case rd = "RD"
  /// Specificity difference: TNR_d − TNR_a, −1 … 1; above 0 a gets undeserved acceptances more often.
  case sd = "SD"
  /// Difference in acceptance rates: precision_a − precision_d, −1 … 1; above 0 an acceptance is less often right for d.
  case dar = "DAR"
  /// Difference in rejection rates: NPV_d − NPV_a, −1 … 1; above 0 a rejection is less often right for a.
  case drr = "DRR"
  /// Accuracy difference: accuracy_a − accuracy_d, −1 … 1; above 0 predictions are less often right for d.
  case ad = "AD"
  /// Treatment equality: FN_d / FP_d − FN_a / FP_a, any number, infinite where a group has no false acceptance; above 0 the
  /// errors for d are rejections more often (Berk et al. 2021, doi:10.1177/0049124118782533).
  case te = "TE"
  /// CDDL of the predictions.
  case cddpl = "CDDPL"
  /// Counterfactual flip test: (F⁺ − F⁻) / n_d, −1 … 1, F⁺ being rows of d predicted negative whose neighbours in a are
  /// predicted positive, F⁻ the reverse; above 0 d is worse off (Black, Yeom and Fredrikson 2020,
  /// doi:10.1145/3351095.3372845). smclarify returns the negative.
  case ft = "FT"
  /// Generalized entropy of benefits b = y' − y + 1 over all rows, α = 2: half their squared coefficient of variation, 0 is
  /// equal; it ignores the groups (Speicher et al. 2018, doi:10.1145/3219819.3220046).
  case ge = "GE"

  /// When a metric can be computed.
  public enum Stage: String, Codable, Sendable, CaseIterable {
    /// From labels alone.
    case preTraining
    /// With predictions.
    case postTraining
  }

  /// Values that a metric may have: from `low` to `high`, both included, nil for no limit.
  public struct Limits: Codable, Sendable, Hashable {
    public var low, high: Double?

    public init(low: Double? = nil, high: Double? = nil) { (self.low, self.high) = (low, high) }

    /// The same distance on both sides of zero.
    public init(within distance: Double) { self.init(low: -distance, high: distance) }

    public func contains(_ value: Double) -> Bool { value >= low ?? -.infinity && value <= high ?? .infinity }
  }

  /// The short name: `DPL`.
  public var name: String { rawValue }

  public init?(name: String) { self.init(rawValue: name.uppercased() == "DCACC" ? "DCA" : name.uppercased()) }

  /// What is wrong with a name that no metric has, and what to write instead: one line.
  public static func unknown(_ name: String) -> String {
    let word = name.uppercased()
    let near = allCases.map { ($0.name, distance(word, $0.name)) }.min { $0.1 < $1.1 }
    let advice = near.flatMap { name, steps in steps <= max(1, word.count / 2) ? " Did you mean \(name)?" : nil } ?? ""
    return "\"\(name)\" is no bias metric.\(advice) They are \(allCases.map(\.name).joined(separator: " "))"
  }

  /// Letters to put in, take out, exchange or swap with the next one (Damerau 1964, doi:10.1145/363958.363994).
  private static func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  public static let preTraining: [BiasMetric] = allCases.filter { $0.stage == .preTraining }
  public static let postTraining: [BiasMetric] = allCases.filter { $0.stage == .postTraining }

  public var stage: Stage {
    switch self {
    case .ci, .dpl, .kl, .js, .lp, .tvd, .ks, .cddl: .preTraining
    case .dppl, .di, .dca, .dcr, .rd, .sd, .dar, .drr, .ad, .te, .cddpl, .ft, .ge: .postTraining
    }
  }

  /// The value of two groups that are treated alike.
  public var ideal: Double { self == .di ? 1 : 0 }

  /// True where the value turns its sign when the groups change places.
  public var isSigned: Bool {
    switch self {
    case .ci, .dpl, .cddl, .dppl, .dca, .dcr, .rd, .sd, .dar, .drr, .ad, .te, .cddpl: true
    // FT does not: which group's neighbours are asked changes with the groups.
    case .kl, .js, .lp, .tvd, .ks, .di, .ft, .ge: false
    }
  }

  /// True where group d is worse off above the ideal value: it gets the good outcome less often, or is wrongly refused it
  /// more often. False for DI, where it is below, for distances, which have no direction, and for ratios that say how
  /// far predictions can be trusted, or how generous they are, rather than who gains.
  public var isWorseAbove: Bool {
    switch self {
    case .ci, .dpl, .cddl, .dppl, .rd, .sd, .te, .cddpl, .ft: true
    case .kl, .js, .lp, .tvd, .ks, .di, .dca, .dcr, .dar, .drr, .ad, .ge: false
    }
  }

  /// A distance between the distributions of labels, which can be taken of all classes of a label.
  public var isDistribution: Bool { [.kl, .js, .lp, .tvd, .ks].contains(self) }

  /// CDDL and CDDPL compare within the values of a group variable.
  public var needsGroupVariable: Bool { self == .cddl || self == .cddpl }

  /// All values that the metric can have; infinite where there is no end.
  public var range: ClosedRange<Double> {
    switch self {
    case .ci, .dpl, .cddl, .dppl, .rd, .sd, .dar, .drr, .ad, .cddpl, .ft: -1...1
    case .kl, .di: 0...Double.infinity
    case .js: 0...0.6931471805599453
    case .lp: 0...1.4142135623730951
    case .tvd, .ks: 0...1
    case .dca, .dcr, .te: -Double.infinity...Double.infinity
    // Half the squared coefficient of variation of benefits in 0 ... 2: one right row among n rejected ones.
    case .ge: 0...Double.infinity
    }
  }

  /// The limits that a report judges by unless told otherwise; nil where no number is customary.
  ///
  /// 0.1 is the usual bound of a difference of shares, 0.8 to 1.25 the four-fifths rule of the EEOC Uniform Guidelines of
  /// 1978 and its inverse. Clarify itself sets none.
  public var customaryLimits: Limits? {
    switch self {
    case .ci: Limits(within: 0.5)
    case .dpl, .cddl, .dppl, .rd, .sd, .dar, .drr, .ad, .cddpl, .ft: Limits(within: 0.1)
    case .tvd, .ks: Limits(low: 0, high: 0.1)
    // The distance of two shares that are 0.1 apart.
    case .lp: Limits(low: 0, high: 0.1414213562373095)
    case .di: Limits(low: 0.8, high: 1.25)
    case .kl, .js, .dca, .dcr, .te, .ge: nil
    }
  }
}
