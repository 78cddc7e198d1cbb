// How the numbers of an axis are spaced and written, beside what they are.

import Foundation

/// Spacing and writing of an axis.
public enum AxisForm: String, Codable, Sendable, Hashable, CaseIterable {
  /// Evenly spaced; `k`, `M`, `G`, `T` where numbers get long.
  case plain
  /// Shares of one, written as percentages.
  case percent
  /// Powers of ten evenly spaced; falls back to `plain` where the range reaches zero or below.
  case logarithmic

  var isLogarithmic: Bool { self == .logarithmic }

  /// Tick labels, one a value.
  func labels(_ values: [Double]) -> [String] {
    switch self {
    case .plain: AxisLabels.format(values)
    // Shares like 0.07 times a hundred carry rounding noise.
    case .percent: AxisLabels.format(values.map { ($0 * 1e14).rounded() / 1e12 }).map { $0 + "%" }
    case .logarithmic: AxisLabels.eachAlone(values)
    }
  }

  func label(_ value: Double) -> String { labels([value]).first ?? "" }
}

extension AxisLabels {
  /// Every value with a suffix of its own, unless two of them would read the same.
  static func eachAlone(_ values: [Double]) -> [String] {
    let labels = values.map(alone)
    return Set(labels).count == Set(values).count ? labels : format(values)
  }

  /// A value with a suffix of its own, as neighbours on a logarithmic axis differ by powers of ten: `0.01`, `5`, `20k`.
  static func alone(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1e3 && size < 1e15 {
      for (scale, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where size >= scale * 0.9999 {
        return Numbers.short(value / scale, digits: 3) + suffix
      }
    }
    return size > 0 && size < 1e-3 ? Numbers.scientific(value, 2) : Numbers.short(value, digits: 3)
  }
}
