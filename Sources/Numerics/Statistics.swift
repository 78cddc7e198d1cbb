// Summary figures of a list of numbers. Missing values are the caller's to leave out: NaN in, NaN out.

/// Summary figures of a list of numbers.
public enum Statistics {
  /// The arithmetic mean; NaN of nothing. Summed with compensation (Neumaier 1974), so order hardly matters.
  public static func mean(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    return sum(values) / Double(values.count)
  }

  /// The sum, compensated for rounding.
  public static func sum(_ values: [Double]) -> Double {
    var total = 0.0
    var lost = 0.0
    for value in values {
      let next = total + value
      lost += abs(total) >= abs(value) ? (total - next) + value : (value - next) + total
      total = next
    }
    // An infinite total makes the compensation NaN; the total is then the answer.
    return lost.isFinite ? total + lost : total
  }

  /// The variance with `n - correction` in the denominator (1: of a sample, 0: of a population); NaN of too few values.
  public static func variance(_ values: [Double], correction: Int = 1) -> Double {
    guard values.count > correction else { return .nan }
    let center = mean(values)
    return sum(values.map { ($0 - center) * ($0 - center) }) / Double(values.count - correction)
  }

  /// The square root of the variance.
  public static func standardDeviation(_ values: [Double], correction: Int = 1) -> Double {
    variance(values, correction: correction).squareRoot()
  }

  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996,
  /// doi:10.1080/00031305.1996.10473566, as numpy and R do); NaN of nothing.
  public static func quantile(_ values: [Double], _ fraction: Double) -> Double {
    quantile(sorted: values.sorted(), fraction)
  }

  /// The same for values that are already in ascending order.
  public static func quantile(sorted values: [Double], _ fraction: Double) -> Double {
    guard let last = values.last else { return .nan }
    let position = min(max(fraction, 0), 1) * Double(values.count - 1)
    let lower = Int(position)
    guard lower + 1 < values.count else { return last }
    let share = position - Double(lower)
    // Not lower + share · (upper − lower) for equal neighbours: infinities would give NaN.
    return share == 0 ? values[lower] : values[lower] + share * (values[lower + 1] - values[lower])
  }

  /// The middle value.
  public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// Ranks from 1, equal values sharing the mean of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let shared = Double(start + 1 + end) / 2
      for position in start..<end { ranks[order[position]] = shared }
      start = end
    }
    return ranks
  }

  /// The linear correlation of two lists of equal length; NaN when either is constant.
  public static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "a correlation needs pairs")
    let meanX = mean(x)
    let meanY = mean(y)
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    for index in x.indices {
      let dx = x[index] - meanX
      let dy = y[index] - meanY
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
    return xy / (xx * yy).squareRoot()
  }
}
