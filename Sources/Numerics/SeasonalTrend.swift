// The decomposition of a series into season, trend and residual: STL of Cleveland, Cleveland, McRae and Terpenning, "STL: a
// seasonal-trend decomposition procedure based on loess", Journal of Official Statistics 6 (1990), 3–73.

/// How a series is decomposed.
public struct SeasonalTrendOptions: Codable, Sendable, Hashable {
  /// Values in a period, 2 and above.
  public var period: Int
  /// Neighbourhoods of the smoothers, odd: of the values of one season, of the trend, and of the filter between them.
  public var seasonal, trend, lowPass: Int
  /// Whether values far from the fit lose weight.
  public var isRobust: Bool
  /// Passes of season and trend within one fit, and fits with new weights.
  public var innerPasses, outerPasses: Int

  /// - Parameters:
  ///   - trend: the smallest odd number from 1.5 · period / (1 − 1.5 / seasonal) on where nil.
  ///   - lowPass: the smallest odd number above the period where nil.
  public init(period: Int, seasonal: Int = 7, trend: Int? = nil, lowPass: Int? = nil, isRobust: Bool = false) {
    func odd(_ number: Int) -> Int { number % 2 == 0 ? number + 1 : number }
    self.period = max(2, period)
    self.seasonal = max(3, odd(seasonal))
    let least = (1.5 * Double(self.period) / (1 - 1.5 / Double(self.seasonal))).rounded(.up)
    self.trend = max(3, odd(trend ?? Int(least)))
    self.lowPass = max(3, odd(lowPass ?? self.period + 1))
    self.isRobust = isRobust
    (innerPasses, outerPasses) = isRobust ? (2, 15) : (5, 0)
  }
}

/// A series as the sum of three.
public struct SeasonalTrend: Sendable, Equatable {
  /// [n] each; `residual` is what season and trend leave.
  public var season, trend, residual: [Double]
  /// [n], 0 to 1: how far each value counted; 1 where the fit is not robust.
  public var weights: [Double]

  /// Decomposes finite values at even distances.
  /// - Returns: nil of fewer than two periods.
  public init?(
    _ values: [Double], options: SeasonalTrendOptions, checkCancelled: () throws -> Void
  ) rethrows {
    guard values.count >= 2 * options.period else { return nil }
    var fit = SeasonalTrendFit(values, options)
    for pass in 0...options.outerPasses {
      for _ in 0..<options.innerPasses {
        try checkCancelled()
        fit.improve(isWeighted: pass > 0)
      }
      if pass < options.outerPasses { fit.weigh() }
    }
    season = fit.season
    trend = fit.trend
    weights = fit.weights
    residual = values.indices.map { values[$0] - fit.season[$0] - fit.trend[$0] }
  }
}

/// A decomposition on its way.
private struct SeasonalTrendFit {
  let values: [Double]
  let options: SeasonalTrendOptions
  var season: [Double]
  var trend: [Double]
  var weights: [Double]
  /// [n + 2 · period]
  private var cycle: [Double]
  private var filtered: [Double]
  private var scratch: [Double]

  init(_ values: [Double], _ options: SeasonalTrendOptions) {
    (self.values, self.options) = (values, options)
    let count = values.count
    season = [Double](repeating: 0, count: count)
    trend = season
    weights = [Double](repeating: 1, count: count)
    cycle = [Double](repeating: 0, count: count + 2 * options.period)
    filtered = cycle
    scratch = cycle
  }

  /// One pass: the season from what the trend leaves, then the trend from what the season leaves.
  mutating func improve(isWeighted: Bool) {
    let (count, period) = (values.count, options.period)
    smoothCycles(values.indices.map { values[$0] - trend[$0] }, isWeighted)
    var level = Self.movingMean(Self.movingMean(Self.movingMean(cycle, period), period), 3)
    level = smooth(level, options.lowPass, nil)
    for place in 0..<count { season[place] = cycle[period + place] - level[place] }
    trend = smooth(values.indices.map { values[$0] - season[$0] }, options.trend, isWeighted ? weights : nil)
  }

  /// The bisquare of residuals over six times their median (section 2.4).
  mutating func weigh() {
    let sizes = values.indices.map { abs(values[$0] - season[$0] - trend[$0]) }
    let sorted = sizes.sorted()
    let upper = values.count / 2
    let limit = 3 * (sorted[upper] + sorted[values.count - upper - 1])
    guard limit > 0 else {
      weights = [Double](repeating: 1, count: values.count)
      return
    }
    weights = sizes.map { size in
      if size <= 0.001 * limit { return 1 }
      if size > 0.999 * limit { return 0 }
      let part = size / limit
      let rest = 1 - part * part
      return rest * rest
    }
  }

  /// Smooths the values of each place in the period on their own, and one period beyond both ends.
  private mutating func smoothCycles(_ detrended: [Double], _ isWeighted: Bool) {
    let period = options.period
    let local = LocalRegression(window: options.seasonal, degree: 1)
    for phase in 0..<period {
      let places = Array(stride(from: phase, to: detrended.count, by: period))
      let series = places.map { detrended[$0] }
      let robustness = isWeighted ? places.map { weights[$0] } : []
      var smoothed = [Double](repeating: 0, count: series.count)
      let count = series.count
      series.withUnsafeBufferPointer { series in
        robustness.withUnsafeBufferPointer { robustness in
          let given = isWeighted ? robustness : nil
          smoothed.withUnsafeMutableBufferPointer { local.smooth(series, given, &scratch, into: $0) }
          let before = local.value(at: 0, from: 1, to: min(local.window, count), series, given, &scratch)
          let after = local.value(
            at: Double(count + 1), from: max(1, count - local.window + 1), to: count, series, given, &scratch)
          cycle[phase] = before ?? smoothed[0]
          cycle[phase + (count + 1) * period] = after ?? smoothed[count - 1]
        }
      }
      for (index, value) in smoothed.enumerated() { cycle[phase + (index + 1) * period] = value }
    }
  }

  private mutating func smooth(_ series: [Double], _ window: Int, _ robustness: [Double]?) -> [Double] {
    let local = LocalRegression(window: window, degree: 1)
    var result = [Double](repeating: 0, count: series.count)
    let weights = robustness ?? []
    series.withUnsafeBufferPointer { series in
      weights.withUnsafeBufferPointer { weights in
        result.withUnsafeMutableBufferPointer {
          local.smooth(series, robustness == nil ? nil : weights, &scratch, into: $0)
        }
      }
    }
    return result
  }

  /// Means of `length` neighbours: that many fewer less one.
  private static func movingMean(_ values: [Double], _ length: Int) -> [Double] {
    let count = values.count - length + 1
    var result = [Double](repeating: 0, count: count)
    var sum = values[0..<length].reduce(0, +)
    result[0] = sum / Double(length)
    for place in 1..<count {
      sum += values[place + length - 1] - values[place - 1]
      result[place] = sum / Double(length)
    }
    return result
  }
}

/// The period of a series from its correlation with itself.
public enum Autocorrelation {
  /// The correlations of the values with those 1, 2, … places later, after a straight line is taken off.
  public static func values(_ series: [Double], most: Int) -> [Double] {
    let count = series.count
    guard count > 2, most > 0 else { return [] }
    let middle = Double(count - 1) / 2
    let mean = Statistics.mean(series)
    var (above, below) = (0.0, 0.0)
    for (place, value) in series.enumerated() {
      above += (Double(place) - middle) * (value - mean)
      below += (Double(place) - middle) * (Double(place) - middle)
    }
    let slope = above / below
    let rest = series.enumerated().map { $0.element - mean - slope * (Double($0.offset) - middle) }
    let whole = rest.reduce(0) { $0 + $1 * $1 }
    guard whole > 0 else { return [] }
    return rest.withUnsafeBufferPointer { rest in
      (1...min(most, count - 1)).map { lag in
        var sum = 0.0
        for place in 0..<(count - lag) { sum += rest[place] * rest[place + lag] }
        return sum / whole
      }
    }
  }

  /// The shortest lag whose correlation is a peak and nearly the highest of all peaks.
  /// - Returns: nil where no peak stands out of what chance gives: three of its deviations, and a tenth.
  public static func period(_ series: [Double]) -> (period: Int, correlation: Double)? {
    let found = values(series, most: min(series.count / 2, 2000))
    guard found.count > 2 else { return nil }
    // Correlations of n − k pairs over those of n: their deviation under chance is √(n − k) / n.
    let count = Double(series.count)
    func exceedsChance(_ lag: Int) -> Bool {
      let pairs = count - Double(lag)
      return found[lag - 1] > max(3 * pairs.squareRoot(), 0.1 * pairs) / count
    }
    var peaks: [(period: Int, correlation: Double)] = []
    for index in 1..<(found.count - 1) where found[index] > found[index - 1] && found[index] >= found[index + 1] {
      if exceedsChance(index + 1) { peaks.append((index + 1, found[index])) }
    }
    guard let best = peaks.map(\.correlation).max() else { return nil }
    return peaks.first { $0.correlation >= 0.85 * best }
  }
}
