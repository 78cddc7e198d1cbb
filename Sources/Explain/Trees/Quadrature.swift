// Gauss-Legendre points (Golub and Welsch 1969 give the theory; the roots are found by Newton's method).

import Foundation

/// Points and weights on 0...1 that integrate polynomials of degree 2n - 1 exactly.
struct Quadrature: Sendable {
  let points, weights: [Double]

  init(_ count: Int) {
    var points: [Double] = []
    var weights: [Double] = []
    for i in 0..<count {
      var x = cos(.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      for _ in 0..<60 {
        var (before, value) = (1.0, x)
        for k in 1..<max(count, 1) {
          let next = (Double(2 * k + 1) * x * value - Double(k) * before) / Double(k + 1)
          (before, value) = (value, next)
        }
        slope = Double(count) * (x * value - before) / (x * x - 1)
        let step = value / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      points.append((x + 1) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    (self.points, self.weights) = (points, weights)
  }

  /// Enough points for the Shapley values of a leaf below tests of this many features.
  static func count(forFeatures features: Int) -> Int { max(1, (features + 1) / 2) }
}
