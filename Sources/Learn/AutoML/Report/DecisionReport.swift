// Of a classifier: which classes it takes for which, how it trades errors as its threshold moves, and whether its probabilities
// mean what they say.

import Numerics

/// The decisions of a classifier against the truth.
public struct DecisionReport: Codable, Hashable, Sendable {
  /// Rows of each class whose score reaches a threshold.
  public struct Point: Codable, Hashable, Sendable {
    /// Nil is above every score.
    public let threshold: Double?
    public let truePositives, falsePositives: Int
  }

  /// Rows whose probability lies in an interval.
  public struct Bin: Codable, Hashable, Sendable {
    public let lower, upper: Double
    /// Mean probability and share of positive rows; nil where there is no row.
    public let predicted, observed: Double?
    public let count: Int
  }

  /// The rows with the highest scores, up to a tenth of all and its multiples.
  public struct Decile: Codable, Hashable, Sendable {
    public let rows: Int
    public let positives: Int
  }

  public let classes: [String]
  /// Rows: `[actual × predicted]`.
  public let confusion: [[Int]]
  /// Of two classes the one that scores speak of.
  public let positive: String?
  public let positives, negatives: Int
  /// From the highest threshold down, at most `pointLimit`; empty for more than two classes.
  public let points: [Point]
  /// Which of the points the model decides at.
  public let operating: Int?
  /// Area under the ROC curve, and average precision, over all rows.
  public let areaUnderROC, averagePrecision: Double?
  public let deciles: [Decile]
  /// Of two classes the probability of the positive one, of more that of the predicted one.
  public let calibration: [Bin]
  /// Mean distance from the diagonal, weighted by rows, and mean squared error of the probabilities.
  public let calibrationError, brier: Double?

  static let pointLimit = 400

  /// - Parameter answers: probabilities `[rows × classes]`, row after row.
  init(_ codes: [Int], _ answers: [Double], classes: [String], threshold: Double) {
    self.classes = classes
    let chosen = Learn.decisions(answers, classes: classes.count, threshold: threshold)
    confusion = ConfusionMatrix(actual: codes, predicted: chosen, classes: classes.count).counts
    let isBinary = classes.count == 2
    let scores =
      isBinary
      ? codes.indices.map { answers[$0 * 2 + 1] } : codes.indices.map { answers[$0 * classes.count + chosen[$0]] }
    let hits = isBinary ? codes.map { $0 == 1 } : zip(codes, chosen).map { $0 == $1 }
    positive = isBinary ? classes[1] : nil
    positives = isBinary ? hits.count { $0 } : 0
    negatives = isBinary ? hits.count - positives : 0
    calibration = Self.bins(scores, hits)
    let total = Double(max(1, scores.count))
    calibrationError = calibration.reduce(0) { sum, bin in
      guard let predicted = bin.predicted, let observed = bin.observed else { return sum }
      return sum + abs(predicted - observed) * Double(bin.count) / total
    }
    brier = zip(scores, hits).reduce(0) { sum, row in
      let error = row.0 - (row.1 ? 1 : 0)
      return sum + error * error / total
    }
    guard isBinary, positives > 0, negatives > 0 else {
      (points, operating, areaUnderROC, averagePrecision, deciles) = ([], nil, nil, nil, [])
      return
    }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    let all = Self.points(order, scores, hits)
    averagePrecision = Self.averagePrecision(all, positives: positives)
    areaUnderROC = ClassificationMetrics.areaUnderROC(isPositive: hits, scores: scores)
    // The last point at or above the threshold is what the model does; it is kept when the others are thinned out.
    let place = all.lastIndex { ($0.threshold ?? .infinity) >= threshold } ?? 0
    let kept = Self.thinned(all.count, keeping: place)
    points = kept.map { all[$0] }
    operating = kept.firstIndex(of: place)
    deciles = (1...10).map { tenth in
      let rows = order.count * tenth / 10
      return Decile(rows: rows, positives: order.prefix(rows).count { hits[$0] })
    }
  }

  /// One point a distinct score.
  private static func points(_ order: [Int], _ scores: [Double], _ hits: [Bool]) -> [Point] {
    var points = [Point(threshold: nil, truePositives: 0, falsePositives: 0)]
    var (truePositives, falsePositives) = (0, 0)
    for (place, row) in order.enumerated() {
      if hits[row] { truePositives += 1 } else { falsePositives += 1 }
      if place + 1 < order.count, scores[order[place + 1]] == scores[row] { continue }
      points.append(Point(threshold: scores[row], truePositives: truePositives, falsePositives: falsePositives))
    }
    return points
  }

  /// The mean precision over the positives, each at its own threshold.
  private static func averagePrecision(_ points: [Point], positives: Int) -> Double {
    zip(points, points.dropFirst()).reduce(0) { sum, step in
      let (before, after) = step
      let gained = Double(after.truePositives - before.truePositives) / Double(positives)
      return sum + gained * Double(after.truePositives) / Double(after.truePositives + after.falsePositives)
    }
  }

  /// Places spread evenly, with both ends and one more.
  private static func thinned(_ count: Int, keeping place: Int) -> [Int] {
    guard count > pointLimit else { return Array(0..<count) }
    let even = (0..<pointLimit).map { $0 * (count - 1) / (pointLimit - 1) }
    return Set(even + [place]).sorted()
  }

  /// Ten intervals of equal width.
  private static func bins(_ scores: [Double], _ hits: [Bool]) -> [Bin] {
    var (sums, seen, counts) = ([Double](repeating: 0, count: 10), [Int](repeating: 0, count: 10), [Int]())
    counts = seen
    for (score, hit) in zip(scores, hits) {
      let bin = Int(min(9, max(0, score * 10)))
      sums[bin] += score
      counts[bin] += 1
      if hit { seen[bin] += 1 }
    }
    return (0..<10).map { bin in
      let rows = Double(counts[bin])
      return Bin(
        lower: Double(bin) / 10, upper: Double(bin + 1) / 10, predicted: counts[bin] > 0 ? sums[bin] / rows : nil,
        observed: counts[bin] > 0 ? Double(seen[bin]) / rows : nil, count: counts[bin])
    }
  }
}

/// The errors of predicted numbers.
public struct ResidualReport: Codable, Hashable, Sendable {
  /// A row: what it was, and what was predicted.
  public struct Point: Codable, Hashable, Sendable {
    public let actual, predicted: Double
  }

  /// Rows whose standardised residual lies in an interval; the outermost ones hold all beyond.
  public struct Bin: Codable, Hashable, Sendable {
    public let lower, upper: Double
    public let count: Int
  }

  /// All rows, or a random sample of `pointLimit`.
  public let points: [Point]
  public let rows: Int
  /// Mean and standard deviation of actual minus predicted.
  public let mean, deviation: Double
  /// Residuals divided by their standard deviation.
  public let bins: [Bin]
  /// Rows whose residual is more than three standard deviations away from zero.
  public let outliers: Int

  static let pointLimit = 2_000

  init(actual: [Double], predicted: [Double], seed: UInt64) {
    rows = actual.count
    let residuals = zip(actual, predicted).map { $0 - $1 }
    mean = Statistics.mean(residuals)
    let spread = Statistics.standardDeviation(residuals)
    deviation = spread.isFinite ? spread : 0
    let scale = deviation > 0 ? deviation : 1
    let standard = residuals.map { $0 / scale }
    outliers = standard.count { abs($0) > 3 }
    var random = RandomSource(seed: seed).split("residuals")
    let shown =
      actual.count > Self.pointLimit
      ? random.shuffled(Array(actual.indices)).prefix(Self.pointLimit).sorted() : Array(actual.indices)
    points = shown.map { Point(actual: actual[$0], predicted: predicted[$0]) }
    // A quarter of a standard deviation each, from -4 to 4.
    var counts = [Int](repeating: 0, count: 32)
    for value in standard { counts[Int(min(31, max(0, ((value + 4) * 4).rounded(.down))))] += 1 }
    bins = counts.indices.map { Bin(lower: Double($0) / 4 - 4, upper: Double($0 + 1) / 4 - 4, count: counts[$0]) }
  }
}
