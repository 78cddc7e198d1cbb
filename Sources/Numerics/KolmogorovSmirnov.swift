// How likely a distance between two samples' distribution functions is when both come from one continuous distribution.

/// The two-sided Kolmogorov-Smirnov test of two samples. With ties the true probability is smaller than the one given.
public enum KolmogorovSmirnov {
  /// Products of sample sizes up to this are computed exactly.
  public static let exactPairs = 4_000_000

  /// The probability of a distance of `distance` or more, and whether it is exact.
  ///
  /// Exact by counting lattice paths (Hodges 1958, doi:10.1007/BF02589501) up to `exactPairs`; else the limit of
  /// Kolmogorov (1933) and Smirnov (1939).
  /// - Parameter distance: the largest difference of the two empirical distribution functions, 0 ... 1.
  public static func probability(distance: Double, first: Int, second: Int) -> (value: Double, isExact: Bool) {
    guard first > 0, second > 0, distance.isFinite else { return (.nan, false) }
    if first.multipliedReportingOverflow(by: second).overflow == false, first * second <= exactPairs {
      return (exact(distance, first, second), true)
    }
    let effective = Double(first) / (Double(first) + Double(second)) * Double(second)
    return (limit(distance * effective.squareRoot()), false)
  }

  /// The share of paths from (0, 0) to (first, second) that leave the band somewhere; no term is subtracted, so that small
  /// probabilities keep their digits.
  private static func exact(_ distance: Double, _ first: Int, _ second: Int) -> Double {
    let bound = Int((distance * Double(first) * Double(second)).rounded())
    guard bound > 0 else { return 1 }
    var leaving = [Double](repeating: 0, count: second + 1)
    for i in 0...first {
      for j in 0...second {
        if abs(i * second - j * first) >= bound {
          leaving[j] = 1
        } else if i + j > 0 {
          let steps = Double(i + j)
          let before = j > 0 ? leaving[j - 1] * Double(j) : 0
          leaving[j] = (leaving[j] * Double(i) + before) / steps
        }
      }
    }
    return min(1, leaving[second])
  }

  /// 1 − K(x), by whichever of the two series converges faster.
  static func limit(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x < 0.8 {
      // The theta function's other form.
      let factor = (2 * Double.pi).squareRoot() / x
      var sum = 0.0
      for k in stride(from: 1.0, through: 19, by: 2) {
        sum += exponential(-k * k * Double.pi * Double.pi / (8 * x * x))
      }
      return max(0, min(1, 1 - factor * sum))
    }
    var sum = 0.0
    for k in 1...100 {
      let term = exponential(-2 * Double(k * k) * x * x)
      sum += k % 2 == 1 ? term : -term
      if term < 1e-300 { break }
    }
    return max(0, min(1, 2 * sum))
  }
}
