// The smoother of a seasonal decomposition: local regression on evenly spaced points (Cleveland 1979,
// doi:10.1080/01621459.1979.10481038), as Cleveland, Cleveland, McRae and Terpenning (1990) use it.

/// Local regression of the values at positions 1, 2, …, with tricube weights.
struct LocalRegression {
  /// Points in a neighbourhood.
  let window: Int
  /// 0: local means, 1: local lines.
  let degree: Int

  /// The smoothed values at all positions.
  /// - Parameter robustness: a weight for each value; empty where all count alike.
  func smooth(
    _ values: UnsafeBufferPointer<Double>, _ robustness: UnsafeBufferPointer<Double>?, _ scratch: inout [Double],
    into result: UnsafeMutableBufferPointer<Double>
  ) {
    let count = values.count
    guard count > 1 else {
      if count == 1 { result[0] = values[0] }
      return
    }
    var left = 1
    var right = min(window, count)
    let half = (window + 1) / 2
    for position in 1...count {
      if window < count, position > half, right != count {
        left += 1
        right += 1
      }
      result[position - 1] =
        value(at: Double(position), from: left, to: right, values, robustness, &scratch) ?? values[position - 1]
    }
  }

  /// The regression at a position, which may lie beyond the ends.
  /// - Returns: nil where no point has a weight.
  func value(
    at x: Double, from left: Int, to right: Int, _ values: UnsafeBufferPointer<Double>,
    _ robustness: UnsafeBufferPointer<Double>?, _ weights: inout [Double]
  ) -> Double? {
    let count = values.count
    var reach = max(x - Double(left), Double(right) - x)
    if window > count { reach += Double((window - count) / 2) }
    let (far, near) = (0.999 * reach, 0.001 * reach)
    var total = 0.0
    for place in left...right {
      let distance = abs(Double(place) - x)
      var weight = 0.0
      if distance <= far {
        if distance <= near {
          weight = 1
        } else {
          let part = distance / reach
          let rest = 1 - part * part * part
          weight = rest * rest * rest
        }
        if let robustness { weight *= robustness[place - 1] }
        total += weight
      }
      weights[place - 1] = weight
    }
    guard total > 0 else { return nil }
    for place in left...right { weights[place - 1] /= total }
    if reach > 0, degree > 0 {
      var center = 0.0
      for place in left...right { center += weights[place - 1] * Double(place) }
      var spread = 0.0
      for place in left...right {
        let offset = Double(place) - center
        spread += weights[place - 1] * offset * offset
      }
      // Points in one place have no slope.
      if spread.squareRoot() > 0.001 * (Double(count) - 1) {
        let slope = (x - center) / spread
        for place in left...right { weights[place - 1] *= slope * (Double(place) - center) + 1 }
      }
    }
    var sum = 0.0
    for place in left...right { sum += weights[place - 1] * values[place - 1] }
    return sum
  }
}
