// The catalogue of bias metrics: names, formulas, ranges and meanings, as SageMaker Clarify documents them.
//
// Group d holds the values that a user lists, the group that may be worse off; group a is everybody else. n counts rows,
// n1 those with the positive outcome and n0 the others, n' predicted ones, q = n1 / n.

/// A bias metric of SageMaker Clarify, by its short name.
public enum BiasMetric: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable, Hashable {
  case ci = "CI"
  case dpl = "DPL"
  case kl = "KL"
  case js = "JS"
  case lp = "LP"
  case tvd = "TVD"
  case ks = "KS"
  case cddl = "CDDL"
  case dppl = "DPPL"
  case di = "DI"
  case dca = "DCA"
  case dcr = "DCR"
  case rd = "RD"
  case sd = "SD"
  case dar = "DAR"
  case drr = "DRR"
  case ad = "AD"
  case te = "TE"
  case cddpl = "CDDPL"
  case ft = "FT"
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

  /// True where group d is worse off above the ideal value; false for DI, where it is below, and for distances, which
  /// have no direction.
  public var isWorseAbove: Bool { isSigned || self == .ft }

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
