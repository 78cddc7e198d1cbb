import Fairness
import Plot

/// Numbers and names of bias as they are written everywhere.
public enum BiasText {
  /// Four digits; `∞`, and `-` for none.
  public static func number(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value.isInfinite { return value > 0 ? "∞" : "-∞" }
    return value.isNaN ? "-" : Numbers.short(value)
  }

  /// `0.17 to 0.21`; empty without an interval.
  public static func interval(_ low: Double?, _ high: Double?) -> String {
    guard low != nil || high != nil else { return "" }
    return "\(number(low)) to \(number(high))"
  }

  /// `-0.1 to 0.1`, `from 0.8`; empty without limits.
  public static func limits(_ limits: BiasMetric.Limits?) -> String {
    switch (limits?.low, limits?.high) {
    case (let low?, let high?): "\(number(low)) to \(number(high))"
    case (let low?, nil): "from \(number(low))"
    case (nil, let high?): "up to \(number(high))"
    case (nil, nil): ""
    }
  }

  /// A word with a sign, so that colour is never needed: `! outside`.
  public static func verdict(_ metric: MetricValue) -> String {
    switch metric.verdict {
    case .within: "ok"
    case .outside: "! outside"
    case .notConclusive: "? not conclusive"
    case .none: ""
    }
  }

  /// `>50K`, `yes, maybe`, `above 3`.
  public static func positive(_ outcome: BiasSpec.Outcome) -> String {
    switch outcome {
    case .values(let values): values.joined(separator: ", ")
    case .above(let threshold): "above \(number(threshold))"
    }
  }

  static func rows(_ count: Int) -> String { counted(count, "row") }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Numbers.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  static func percent(_ share: Double) -> String { Numbers.short(share * 100) + " %" }

  /// With a capital and a full stop.
  static func sentence(_ text: String) -> String {
    guard let last = text.last else { return text }
    return text.prefix(1).uppercased() + text.dropFirst() + (".!?".contains(last) ? "" : ".")
  }
}
