// The least value of a function of one variable, without derivatives.

/// Finds minima.
public enum Minimum {
  /// Where `function` is least between two ends: golden sections and parabolas (Brent 1973, "Algorithms for minimization
  /// without derivatives", chapter 5). A local minimum where there are several.
  /// - Parameter tolerance: relative to the place found; below 1e-8 nothing is gained.
  public static func brent(
    _ range: ClosedRange<Double>, tolerance: Double = 1e-8, steps: Int = 200, _ function: (Double) throws -> Double
  ) rethrows -> Double {
    let golden = 0.381_966_011_250_105_1
    var (low, high) = (range.lowerBound, range.upperBound)
    var best = low + golden * (high - low)
    var (second, third) = (best, best)
    var bestValue = try function(best)
    var (secondValue, thirdValue) = (bestValue, bestValue)
    var (step, previous) = (0.0, 0.0)
    for _ in 0..<steps {
      let middle = 0.5 * (low + high)
      let least = tolerance * abs(best) + 1e-12
      if abs(best - middle) <= 2 * least - 0.5 * (high - low) { break }
      var isParabola = false
      if abs(previous) > least {
        // The vertex of the parabola through the three best places.
        let r = (best - second) * (bestValue - thirdValue)
        var q = (best - third) * (bestValue - secondValue)
        var p = (best - third) * q - (best - second) * r
        q = 2 * (q - r)
        if q > 0 { p = -p }
        q = abs(q)
        let last = previous
        previous = step
        if abs(p) < abs(0.5 * q * last), p > q * (low - best), p < q * (high - best) {
          step = p / q
          let next = best + step
          if next - low < 2 * least || high - next < 2 * least { step = best < middle ? least : -least }
          isParabola = true
        }
      }
      if !isParabola {
        previous = best < middle ? high - best : low - best
        step = golden * previous
      }
      let place = abs(step) >= least ? best + step : best + (step > 0 ? least : -least)
      let value = try function(place)
      if value <= bestValue {
        if place < best { high = best } else { low = best }
        (third, thirdValue) = (second, secondValue)
        (second, secondValue) = (best, bestValue)
        (best, bestValue) = (place, value)
      } else {
        if place < best { low = place } else { high = place }
        if value <= secondValue || second == best {
          (third, thirdValue) = (second, secondValue)
          (second, secondValue) = (place, value)
        } else if value <= thirdValue || third == best || third == second {
          (third, thirdValue) = (place, value)
        }
      }
    }
    return best
  }
}
