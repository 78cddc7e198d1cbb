// The cells of a view summed up for each of its values: what the metrics of every pair are made of. Filled from counts, and
// again from each bootstrap draw.

/// Sums by value of a facet.
struct PairTally {
  let cells: [CountedCell]
  let valueCount: Int
  let outcomeCount: Int
  let stratumCount: Int
  private let isPositive: [Bool]
  private let values: [Int]
  private let strata: [Int]
  /// 0 true positive, 1 false positive, 2 false negative, 3 true negative.
  private let corners: [Int]
  private let outcomes: [Int]

  /// [values × 4], as `corners`.
  private(set) var confusion: [Double]
  /// [values], each value's part of CDDL and of CDDPL.
  private(set) var labelDisparity: [Double]
  private(set) var predictionDisparity: [Double]
  /// [values × outcomes]
  private(set) var outcomeRows: [Double]
  private(set) var all = Cells()
  // [strata]: rows; those with a positive label; those predicted positive.
  private var stratumRows, stratumPositives, stratumPredicted: [Double]

  init(_ view: CountedView, _ counted: CountedRows) {
    cells = view.cells
    valueCount = view.values.count
    outcomeCount = counted.outcomes.count
    stratumCount = max(1, counted.strata.count)
    isPositive = counted.outcomes.map(\.isPositive)
    values = cells.map(\.value)
    strata = cells.map(\.stratum)
    outcomes = cells.map(\.outcome)
    corners = cells.map { cell in
      counted.outcomes[cell.outcome].isPositive ? (cell.isPredicted ? 0 : 2) : (cell.isPredicted ? 1 : 3)
    }
    confusion = Array(repeating: 0, count: valueCount * 4)
    labelDisparity = Array(repeating: 0, count: valueCount)
    predictionDisparity = labelDisparity
    outcomeRows = Array(repeating: 0, count: valueCount * outcomeCount)
    stratumRows = Array(repeating: 0, count: stratumCount)
    stratumPositives = stratumRows
    stratumPredicted = stratumRows
  }

  /// - Parameters:
  ///   - rows: [cells]
  ///   - withStrata: whether CDDL and CDDPL are wanted.
  ///   - withOutcomes: whether the rows of each class are.
  mutating func fill(_ rows: [Double], withStrata: Bool, withOutcomes: Bool) {
    Self.clear(&confusion)
    all = Cells()
    for cell in rows.indices { confusion[values[cell] * 4 + corners[cell]] += rows[cell] }
    for value in 0..<valueCount {
      all.tp += confusion[value * 4]
      all.fp += confusion[value * 4 + 1]
      all.fn += confusion[value * 4 + 2]
      all.tn += confusion[value * 4 + 3]
    }
    if withOutcomes {
      Self.clear(&outcomeRows)
      for cell in rows.indices { outcomeRows[values[cell] * outcomeCount + outcomes[cell]] += rows[cell] }
    }
    if withStrata { fillStrata(rows) }
  }

  private mutating func fillStrata(_ rows: [Double]) {
    Self.clear(&stratumRows)
    Self.clear(&stratumPositives)
    Self.clear(&stratumPredicted)
    Self.clear(&labelDisparity)
    Self.clear(&predictionDisparity)
    var total = 0.0
    for cell in rows.indices where strata[cell] >= 0 {
      let (stratum, count) = (strata[cell], rows[cell])
      stratumRows[stratum] += count
      total += count
      if corners[cell] & 1 == 0 { stratumPositives[stratum] += count }
      if corners[cell] < 2 { stratumPredicted[stratum] += count }
    }
    guard total > 0 else { return }
    for cell in rows.indices where strata[cell] >= 0 && rows[cell] > 0 {
      let (stratum, count) = (strata[cell], rows[cell])
      let weight = count * stratumRows[stratum] / total
      let (accepted, predicted) = (stratumPositives[stratum], stratumPredicted[stratum])
      labelDisparity[values[cell]] +=
        corners[cell] & 1 == 0 ? -weight / accepted : weight / (stratumRows[stratum] - accepted)
      predictionDisparity[values[cell]] +=
        corners[cell] < 2 ? -weight / predicted : weight / (stratumRows[stratum] - predicted)
    }
  }

  private static func clear(_ numbers: inout [Double]) {
    for place in numbers.indices { numbers[place] = 0 }
  }

  /// Strata in which all labels, or all predictions, are alike.
  func uniformStrata(ofPredictions: Bool) -> Int {
    let some = ofPredictions ? stratumPredicted : stratumPositives
    return (0..<stratumCount).filter { some[$0] == 0 || some[$0] == stratumRows[$0] }.count
  }

  func pair(_ members: [Int]) -> CellPair {
    var d = Cells()
    for value in members {
      d.tp += confusion[value * 4]
      d.fp += confusion[value * 4 + 1]
      d.fn += confusion[value * 4 + 2]
      d.tn += confusion[value * 4 + 3]
    }
    return CellPair(a: all - d, d: d)
  }

  /// CDDL or CDDPL; NaN where all labels or predictions are alike.
  func disparity(_ members: [Int], ofPredictions: Bool) -> Double {
    let positives = ofPredictions ? all.predicted : all.positives
    guard positives > 0, positives < all.rows else { return .nan }
    let parts = ofPredictions ? predictionDisparity : labelDisparity
    var sum = 0.0
    for value in members { sum += parts[value] }
    return sum
  }

  /// Rows of each class in group a and group d: [2 × outcomes].
  func distributions(_ members: [Int], into buffer: UnsafeMutableBufferPointer<Double>) {
    for place in 0..<outcomeCount * 2 { buffer[place] = 0 }
    var isMember = [Bool](repeating: false, count: valueCount)
    for value in members { isMember[value] = true }
    for value in 0..<valueCount {
      let base = isMember[value] ? outcomeCount : 0
      for outcome in 0..<outcomeCount { buffer[base + outcome] += outcomeRows[value * outcomeCount + outcome] }
    }
  }
}
