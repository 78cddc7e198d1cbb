// Curves through the points of a scatter plot.

import Foundation
import Plot

/// A curve through points.
public enum ChartTrend: String, Codable, Sendable, CaseIterable {
  /// Least squares.
  case linear
  /// Locally weighted regression.
  case loess
}

/// Fits curves on the axes as they are drawn: on logarithms where an axis is logarithmic.
struct TrendFit {
  let isLogX, isLogY: Bool
  /// Points of a curve.
  static let positions = 81
  /// Share of the points that a local fit sees.
  static let span = 0.75

  /// A curve for each category that points have, or one for all; none through fewer than three points, or through points
  /// above each other.
  func trends(_ kind: ChartTrend, through chart: Scatter) -> [Scatter.Trend] {
    let groups: [Int?] = chart.categories.isEmpty ? [nil] : chart.categories.indices.map { $0 }
    return groups.compactMap { group in
      let own = group == nil ? chart.points : chart.points.filter { $0.category == group }
      let points = own.compactMap { point -> (x: Double, y: Double)? in
        let (x, y) = (isLogX ? log10(point.x) : point.x, isLogY ? log10(point.y) : point.y)
        return x.isFinite && y.isFinite ? (x, y) : nil
      }.sorted { $0.x < $1.x }
      guard points.count > 2, let low = points.first?.x, let high = points.last?.x, high > low, (high - low).isFinite
      else { return nil }
      let places = (0..<TrendFit.positions).map { low + (high - low) * Double($0) / Double(TrendFit.positions - 1) }
      let curve = kind == .linear ? TrendFit.line(points, places) : TrendFit.loess(points, places)
      guard let curve, curve.y.allSatisfy(\.isFinite) else { return nil }
      func up(_ values: [Double]) -> [Double] { isLogY ? values.map { pow(10, $0) } : values }
      return Scatter.Trend(
        category: group, x: isLogX ? places.map { pow(10, $0) } : places, y: up(curve.y),
        low: curve.band.map { up(zip(curve.y, $0).map { $0 - $1 }) },
        high: curve.band.map { up(zip(curve.y, $0).map { $0 + $1 }) })
    }
  }

  typealias Curve = (y: [Double], band: [Double]?)

  /// Ordinary least squares, with half the width of the 95 % confidence band of the mean: t s sqrt(1/n + (x - mean)² / Sxx)
  /// (Draper and Smith 1998, Applied Regression Analysis, 3.1).
  static func line(_ points: [(x: Double, y: Double)], _ places: [Double]) -> Curve? {
    let count = Double(points.count)
    let (meanX, meanY) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let sxx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard sxx > 0, sxx.isFinite else { return nil }
    let slope = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / sxx
    let rest = points.reduce(0.0) { sum, point in
      let error = point.y - meanY - slope * (point.x - meanX)
      return sum + error * error
    }
    let deviation = (rest / (count - 2)).squareRoot()
    let t = quantile(freedom: points.count - 2)
    let band = places.map { t * deviation * (1 / count + ($0 - meanX) * ($0 - meanX) / sxx).squareRoot() }
    return (places.map { meanY + slope * ($0 - meanX) }, band.allSatisfy(\.isFinite) ? band : nil)
  }

  /// The 97.5 % quantile of Student's t distribution: exact for up to four degrees of freedom, by the expansion of
  /// Abramowitz and Stegun 1964, 26.7.5 above, which is off by less than 0.0005.
  static func quantile(freedom: Int) -> Double {
    let exact = [12.706_204_736_174_7, 4.302_652_729_749_46, 3.182_446_305_283_71, 2.776_445_105_197_79]
    if freedom <= exact.count { return exact[max(0, freedom - 1)] }
    let (z, n) = (1.959_963_984_540_054, Double(freedom))
    let powers = (0...9).map { pow(z, Double($0)) }
    let first = (powers[3] + powers[1]) / 4
    let second = (5 * powers[5] + 16 * powers[3] + 3 * powers[1]) / 96
    let third = (3 * powers[7] + 19 * powers[5] + 17 * powers[3] - 15 * powers[1]) / 384
    let fourth = (79 * powers[9] + 776 * powers[7] + 1482 * powers[5] - 1920 * powers[3] - 945 * powers[1]) / 92_160
    return z + first / n + second / (n * n) + third / (n * n * n) + fourth / (n * n * n * n)
  }

  /// A straight line through the nearest three quarters of the points, weighted by the tricube of their distance, at
  /// every place (Cleveland 1979, doi:10.1080/01621459.1979.10481038, without robustness steps). Of very many points,
  /// sorted by x, evenly many are taken.
  static func loess(_ points: [(x: Double, y: Double)], _ places: [Double]) -> Curve? {
    let most = 4000
    let used =
      points.count <= most ? points : (0..<most).map { points[$0 * (points.count - 1) / (most - 1)] }
    let near = min(used.count, max(3, Int((span * Double(used.count)).rounded(.up))))
    var first = 0
    let y = places.map { place -> Double in
      // The window moves to the right as long as that brings it nearer.
      while first + near < used.count, place - used[first].x > used[first + near].x - place { first += 1 }
      let window = used[first..<(first + near)]
      let reach = max(place - used[first].x, used[first + near - 1].x - place) * (1 + 1e-9)
      var (weight, sumX, sumY) = (0.0, 0.0, 0.0)
      func tricube(_ x: Double) -> Double {
        let distance = reach > 0 ? min(1, abs(x - place) / reach) : 0
        let rest = 1 - distance * distance * distance
        return rest * rest * rest
      }
      for point in window {
        let own = tricube(point.x)
        weight += own
        sumX += own * point.x
        sumY += own * point.y
      }
      guard weight > 0 else { return .nan }
      let (meanX, meanY) = (sumX / weight, sumY / weight)
      var (sxx, sxy) = (0.0, 0.0)
      for point in window {
        let own = tricube(point.x)
        sxx += own * (point.x - meanX) * (point.x - meanX)
        sxy += own * (point.x - meanX) * (point.y - meanY)
      }
      return sxx > 1e-12 * reach * reach * weight ? meanY + sxy / sxx * (place - meanX) : meanY
    }
    return (y, nil)
  }
}
