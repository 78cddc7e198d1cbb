import Foundation

/// How the values of a model that is only asked for predictions are found.
public enum CoalitionMethod: String, Codable, Sendable, CaseIterable {
  /// Weighted least squares over all coalitions, or over some: KernelSHAP.
  case kernel
  /// The definition, over all coalitions of up to 16 features.
  case exact
  /// The mean effect of a feature over random orders, each also taken backwards.
  case permutation
  /// The same over independent orders, each with one row of the background.
  case sampling
  /// The effect of each feature alone: right where effects add up, and the additivity error tells how far they do not.
  case linear
}

/// What the values add up to.
public enum CoalitionLink: String, Codable, Sendable, CaseIterable {
  /// The prediction.
  case identity
  /// The log-odds of a predicted probability.
  case logit

  /// Nearest to 0 and 1 that log-odds are taken of.
  private static let margin = 1e-12

  /// The value in the link's unit; shares of 0 and 1 are taken as just beside.
  public func callAsFunction(_ value: Double) -> Double {
    guard self == .logit else { return value }
    let share = min(max(value, Self.margin), 1 - Self.margin)
    return log(share / (1 - share))
  }
}
