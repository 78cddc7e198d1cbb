// The cells of a view summed up for each of its values: what the metrics of every pair are made of. Filled from counts, and
// again from each bootstrap draw.

/// Sums by value of a facet.
struct PairTally {
  let cells: [CountedCell]
  let valueCount: Int
  let outcomeCount: Int
  let stratumCount: Int
  /// Where a cell counts.
  private struct Slot {
    var value: Int
    var stratum: Int
    var outcome: Int
    /// 0 true positive, 1 false positive, 2 false negative, 3 true negative.
    var corner: Int
  }

  private let slots: [Slot]

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
  // [strata × 4]
  private var stratumSteps: [Double]

  init(_ view: CountedView, _ counted: CountedRows) {
    cells = view.cells
    valueCount = view.values.count
    outcomeCount = counted.outcomes.count
    stratumCount = max(1, counted.strata.count)
    slots = cells.map { cell in
      let isPositive = counted.outcomes[cell.outcome].isPositive
      let corner = isPositive ? (cell.isPredicted ? 0 : 2) : (cell.isPredicted ? 1 : 3)
      return Slot(value: cell.value, stratum: cell.stratum, outcome: cell.outcome, corner: corner)
    }
    confusion = Array(repeating: 0, count: valueCount * 4)
    labelDisparity = Array(repeating: 0, count: valueCount)
    predictionDisparity = labelDisparity
    outcomeRows = Array(repeating: 0, count: valueCount * outcomeCount)
    stratumRows = Array(repeating: 0, count: stratumCount)
    stratumPositives = stratumRows
    stratumPredicted = stratumRows
    stratumSteps = Array(repeating: 0, count: stratumCount * 4)
  }

  /// - Parameters:
  ///   - rows: [cells]
  ///   - withStrata: whether CDDL and CDDPL are wanted.
  ///   - withOutcomes: whether the rows of each class are.
  mutating func fill(_ rows: [Double], withStrata: Bool, withOutcomes: Bool) {
    Self.clear(&confusion)
    all = Cells()
    for (slot, count) in zip(slots, rows) { confusion[slot.value * 4 + slot.corner] += count }
    for value in 0..<valueCount {
      all.tp += confusion[value * 4]
      all.fp += confusion[value * 4 + 1]
      all.fn += confusion[value * 4 + 2]
      all.tn += confusion[value * 4 + 3]
    }
    if withOutcomes {
      Self.clear(&outcomeRows)
      for (slot, count) in zip(slots, rows) { outcomeRows[slot.value * outcomeCount + slot.outcome] += count }
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
    for (slot, count) in zip(slots, rows) where slot.stratum >= 0 {
      stratumRows[slot.stratum] += count
      total += count
      if slot.corner & 1 == 0 { stratumPositives[slot.stratum] += count }
      if slot.corner < 2 { stratumPredicted[slot.stratum] += count }
    }
    guard total > 0 else { return }
    // What a row of the stratum adds to CDDL, and to CDDPL, where it is negative and where it is positive.
    for stratum in 0..<stratumCount {
      let (all, positive, accepted) = (stratumRows[stratum], stratumPositives[stratum], stratumPredicted[stratum])
      let weight = all / total
      stratumSteps[stratum * 4] = all > positive ? weight / (all - positive) : 0
      stratumSteps[stratum * 4 + 1] = positive > 0 ? -weight / positive : 0
      stratumSteps[stratum * 4 + 2] = all > accepted ? weight / (all - accepted) : 0
      stratumSteps[stratum * 4 + 3] = accepted > 0 ? -weight / accepted : 0
    }
    for (slot, count) in zip(slots, rows) where slot.stratum >= 0 {
      let base = slot.stratum * 4
      labelDisparity[slot.value] += count * stratumSteps[base + (slot.corner & 1 == 0 ? 1 : 0)]
      predictionDisparity[slot.value] += count * stratumSteps[base + (slot.corner < 2 ? 3 : 2)]
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
