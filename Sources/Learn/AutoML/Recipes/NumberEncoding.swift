// One number to one that a linear model, a distance or a network can use. Centring by the median and scaling by the quartiles
// withstand outliers; smooth clipping keeps what is left of them near (Holzmüller et al. 2024, arXiv:2407.04491, RealMLP).

import Foundation
import Numerics

/// What was learnt about a number.
struct NumberEncoding: Codable, Hashable, Sendable {
  let isRaw: Bool
  /// True where the logarithm of 1 + (number − `low`) ÷ `step` is taken first: the number has a long upper tail.
  let takesLog: Bool
  let low: Double
  let step: Double
  let center: Double
  let scale: Double
  /// True where a second feature says that the number is missing.
  let tellsMissing: Bool

  /// Leaves numbers as they are, missing ones NaN.
  static let asItIs = NumberEncoding(
    isRaw: true, takesLog: false, low: 0, step: 1, center: 0, scale: 1, tellsMissing: false)

  private init(
    isRaw: Bool, takesLog: Bool, low: Double, step: Double, center: Double, scale: Double, tellsMissing: Bool
  ) {
    (self.isRaw, self.takesLog, self.low, self.step) = (isRaw, takesLog, low, step)
    (self.center, self.scale, self.tellsMissing) = (center, scale, tellsMissing)
  }

  /// - Parameter rows: the rows to learn from.
  init(_ values: [Double], rows: [Int]) {
    let present = rows.map { values[$0] }.filter { !$0.isNaN }.sorted()
    isRaw = false
    tellsMissing = present.count < rows.count && !present.isEmpty
    low = present.first ?? 0
    let spread = Self.spread(present)
    step = spread > 0 ? spread : 1
    takesLog = present.count > 2 && Self.skew(present) > 2
    let (isLog, low, step) = (takesLog, low, step)
    let shown = isLog ? present.map { log1p(($0 - low) / step) } : present
    center = shown.isEmpty ? 0 : Statistics.quantile(sorted: shown, 0.5)
    let width = Self.spread(shown)
    scale = width > 0 ? width : 1
  }

  var width: Int { tellsMissing && !isRaw ? 2 : 1 }

  func encode(_ values: [Double], _ rows: [Int]) -> [[Double]] {
    if isRaw { return [rows.map { values[$0] }] }
    let encoded = rows.map { encode(values[$0]) }
    return tellsMissing ? [encoded, rows.map { values[$0].isNaN ? 1 : 0 }] : [encoded]
  }

  /// The first feature of one number.
  func encode(_ value: Double) -> Double {
    if isRaw { return value }
    if value.isNaN { return 0 }
    let shown = takesLog ? log1p(max(value - low, 0) / step) : value
    let deviation = (shown - center) / scale
    return deviation / (1 + deviation * deviation / 25).squareRoot()
  }

  /// The standard deviation that the quartiles of a normal distribution would belong to; where they are equal, that of all.
  private static func spread(_ sorted: [Double]) -> Double {
    guard sorted.count > 1 else { return 0 }
    let quartiles = Statistics.quantile(sorted: sorted, 0.75) - Statistics.quantile(sorted: sorted, 0.25)
    if quartiles > 0 { return quartiles / 1.349 }
    return Statistics.standardDeviation(sorted, correction: 0)
  }

  static func skew(_ values: [Double]) -> Double {
    let mean = Statistics.mean(values)
    let deviation = Statistics.standardDeviation(values, correction: 0)
    guard deviation > 0 else { return 0 }
    return values.reduce(0) { $0 + pow(($1 - mean) / deviation, 3) } / Double(values.count)
  }
}
