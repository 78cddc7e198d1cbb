// Where the bins of a histogram lie.
// Default width: Freedman and Diaconis 1981 (doi:10.1007/BF01025868), rounded to a width that reads well.

import Foundation
import Plot

/// Edges of equally wide bins that cover a range.
struct BinEdges: Equatable {
  /// One more than there are bins, rising.
  let edges: [Double]

  var count: Int { edges.count - 1 }
  var width: Double { edges[1] - edges[0] }

  static let mostBins = 120

  /// - Parameters:
  ///   - low: the smallest value, finite.
  ///   - high: the largest, finite.
  ///   - spread: the interquartile range.
  ///   - values: how many values there are.
  ///   - bins: as many bins as this, or nearly for whole numbers; nil chooses.
  init(low: Double, high: Double, spread: Double, values: Int, bins: Int?, axis: AxisKind) {
    // Halves, for the range of two huge values of different sign is infinite.
    let range = (high / 2 - low / 2) * 2
    if low == high {
      edges = Self.around(low, axis)
    } else if let bins {
      edges = Self.exactly(max(1, min(bins, 1000)), low, high, axis)
    } else if !range.isFinite {
      edges = Self.exactly(20, low, high, .number)
    } else {
      let wanted = Self.wantedBins(range: range, spread: spread, values: values)
      edges = Self.aligned(low, high, width: range / wanted, axis)
    }
  }

  private static func wantedBins(range: Double, spread: Double, values: Int) -> Double {
    let sturges = 1 + log2(Double(max(values, 1))).rounded(.up)
    let width = 2 * spread / cbrt(Double(max(values, 1)))
    let bins = width > 0 ? (range / width).rounded(.up) : sturges
    return min(max(bins, 5), Double(mostBins) / 2)
  }

  private static func around(_ value: Double, _ axis: AxisKind) -> [Double] {
    switch axis {
    case .integer: return [value, value + max(1, value.ulp)]
    case .time: return [value, value + 86_400]
    case .number:
      let half = max(abs(value) * 0.05, value == 0 ? 0.5 : value.ulp)
      let (low, high) = (value - half, value + half)
      return low.isFinite && high.isFinite && low < high ? [low, high] : [value.nextDown, value]
    }
  }

  private static func exactly(_ bins: Int, _ low: Double, _ high: Double, _ axis: AxisKind) -> [Double] {
    if axis == .integer, high - low < 0x1p52 {
      let width = ((high - low + 1) / Double(bins)).rounded(.up)
      let count = Int(((high - low + 1) / width).rounded(.up))
      return (0...count).map { low + Double($0) * width }
    }
    let half = high / 2 - low / 2
    let edges = (0...bins).map { index in
      index == bins ? high : low + half * (Double(index) / Double(bins)) * 2
    }
    return strictlyRising(edges)
  }

  /// Bins that start at multiples of a width that reads well.
  private static func aligned(_ low: Double, _ high: Double, width: Double, _ axis: AxisKind) -> [Double] {
    var step = niceWidth(atLeast: width * 0.75, axis)
    while (high - low) / step.value > Double(mostBins) { step = niceWidth(atLeast: step.value * 1.01, axis) }
    let first = ((low - step.origin) / step.value).rounded(.down)
    guard abs(first) < 0x1p52 else { return exactly(20, low, high, .number) }
    var edges: [Double] = []
    var index = first
    repeat {
      edges.append(step.edge(index))
      index += 1
    } while edges.count < 2 || (edges[edges.count - 1] < high && edges.count <= 2 * mostBins)
    // A whole number belongs to the bin that starts with it.
    if axis == .integer, edges[edges.count - 1] <= high { edges.append(step.edge(index)) }
    // Rounding must not leave the ends out.
    if edges[0] > low { edges[0] = low }
    if edges[edges.count - 1] < high { edges[edges.count - 1] = high }
    return strictlyRising(edges)
  }

  private static func strictlyRising(_ edges: [Double]) -> [Double] {
    var rising = [edges[0]]
    for edge in edges.dropFirst() where edge > rising[rising.count - 1] { rising.append(edge) }
    return rising.count > 1 ? rising : [edges[0], edges[0].nextUp]
  }

  // MARK: - Widths

  private struct Step {
    /// The width, as `digit` times or divided by a power of ten, so that 3 × 0.1 is 0.3.
    var digit: Double
    var power: Int
    var origin = 0.0

    var value: Double { power >= 0 ? digit * Self.ten(power) : digit / Self.ten(-power) }

    func edge(_ index: Double) -> Double {
      origin + (power >= 0 ? index * digit * Self.ten(power) : index * digit / Self.ten(-power))
    }

    private static func ten(_ power: Int) -> Double { Double("1e\(power)") ?? .infinity }
  }

  private static let seconds: [Double] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    1_209_600, 2_419_200, 4_838_400, 7_257_600, 14_515_200, 31_536_000, 63_072_000, 157_680_000, 315_360_000,
  ]
  /// 1970-01-05, a Monday.
  private static let monday = 345_600.0

  private static func niceWidth(atLeast width: Double, _ axis: AxisKind) -> Step {
    if axis == .time, width >= 0.5, let found = seconds.first(where: { $0 >= width }) {
      return Step(digit: found, power: 0, origin: found >= 604_800 ? monday : 0)
    }
    var power = width > 0 && width.isFinite ? Int((Double(width.exponent) * 0.30103).rounded(.down)) : 0
    while Step(digit: 1, power: power).value > width { power -= 1 }
    while Step(digit: 10, power: power).value < width { power += 1 }
    let digits: [Double] = axis == .integer ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
    let digit = digits.first { Step(digit: $0, power: power).value >= width } ?? 10
    if axis == .integer, power < 0 { return Step(digit: 1, power: 0) }
    return Step(digit: digit, power: power)
  }
}
