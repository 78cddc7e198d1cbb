// Which rows a model learns from, and on which it is judged. Seeded; row numbers come in ascending order.

/// Two lists of row numbers without a common row.
public struct TrainTestSplit: Codable, Hashable, Sendable {
  /// Rows to learn from, ascending.
  public let train: [Int]
  /// Rows to judge on, ascending.
  public let test: [Int]

  /// A random split of rows 0 ..< `rows`: `fraction` of them, rounded, to learn from. Of two rows or more, each part gets one.
  public static func random(rows: Int, fraction: Double, seed: UInt64) -> TrainTestSplit {
    var random = RandomSource(seed: seed)
    let train = random.sample(trainCount(rows, fraction), of: rows)
    return TrainTestSplit(rows: rows, train: train)
  }

  /// A random split in which each class keeps its share, as nearly as whole rows allow.
  ///
  /// A class of two rows or more is in both parts; the single row of a class is one to learn from.
  ///
  /// - Parameter labels: the class of each row, any numbers.
  public static func stratified(labels: [Int], fraction: Double, seed: UInt64) -> TrainTestSplit {
    let rowsOfClass = Dictionary(grouping: labels.indices, by: { labels[$0] })
    let classes = rowsOfClass.keys.sorted()
    let counts = classes.map { rowsOfClass[$0]?.count ?? 0 }
    let quotas = trainQuotas(counts, wanted: trainCount(labels.count, fraction), fraction: fraction)
    let random = RandomSource(seed: seed)
    var train: [Int] = []
    for (position, label) in classes.enumerated() {
      let rows = rowsOfClass[label] ?? []
      // A child for each class: one class's rows do not depend on another's number.
      var draw = random.split(UInt64(position))
      train += draw.sample(quotas[position], of: rows.count).map { rows[$0] }
    }
    return TrainTestSplit(rows: labels.count, train: train.sorted())
  }

  private init(rows: Int, train: [Int]) {
    var isTrain = [Bool](repeating: false, count: rows)
    for row in train { isTrain[row] = true }
    self.train = train
    test = (0..<rows).filter { !isTrain[$0] }
  }

  private static func trainCount(_ rows: Int, _ fraction: Double) -> Int {
    guard rows > 1 else { return rows }
    return min(max(Int((Double(rows) * fraction).rounded()), 1), rows - 1)
  }

  /// Whole numbers near `fraction` of each count that add up to `wanted`: the largest remainders are rounded up.
  private static func trainQuotas(_ counts: [Int], wanted: Int, fraction: Double) -> [Int] {
    let exact = counts.map { Double($0) * fraction }
    var quotas = zip(counts, exact).map { count, share in count < 2 ? count : min(max(Int(share), 1), count - 1) }
    var open = wanted - quotas.reduce(0, +)
    let byRemainder = counts.indices.sorted {
      let left = exact[$0] - Double(quotas[$0])
      let right = exact[$1] - Double(quotas[$1])
      return left == right ? $0 < $1 : left > right
    }
    for position in byRemainder where open > 0 && quotas[position] < counts[position] - 1 {
      quotas[position] += 1
      open -= 1
    }
    return quotas
  }
}
