// Features that one example alone has, learnt as one row: a step moves them all alike, so their sum is all that it needs.

import CTextKernels
import Foundation

/// For each example the features that no other example has. While a classifier learns, one row of the inputs stands for
/// the sum of them; `share` hands out what it has learnt. Most n-grams of a text occur once, and their rows would fill
/// the memory's bandwidth in every epoch.
struct LoneFeatures: Sendable {
  /// Fewer are not worth a row of their own.
  private static let least = 2

  /// [examples + 1] into rows.
  private var starts: [Int64] = [0]
  /// Rows, each as often as its example has it.
  private var rows: [Int32] = []
  /// [examples] the row of the sum; -1 where there is none.
  private var sums: [Int32] = []
  /// [examples] how much the sum moves when each occurrence moves by 1: the squares of how often each row occurs.
  private(set) var moves: [Float] = []
  /// [examples] occurrences of features.
  private(set) var sizes: [Int32] = []
  /// Rows with those of the sums.
  private(set) var rowCount: Int

  /// Takes the lone features out of `examples`, and puts the row of their sum at the end of each example's features.
  /// - Parameter rows: of the inputs; those of the sums follow after a row that stays free.
  init(_ examples: inout ClassifierExamples, rows rowCount: Int) {
    self.rowCount = rowCount + 1
    let (never, several) = (Int32(-1), Int32(-2))
    var owners = [Int32](repeating: never, count: rowCount)
    for example in 0..<examples.count {
      for row in examples.features[examples.range(example)] {
        let owner = owners[Int(row)]
        if owner != Int32(example) { owners[Int(row)] = owner == never ? Int32(example) : several }
      }
    }
    var features: [Int32] = []
    features.reserveCapacity(examples.features.count)
    var ends: [Int64] = [0]
    for example in 0..<examples.count {
      let range = examples.range(example)
      sizes.append(Int32(range.count))
      let first = rows.count
      for row in examples.features[range] where owners[Int(row)] == Int32(example) { rows.append(row) }
      if rows.count - first < Self.least {
        rows.removeLast(rows.count - first)
        features.append(contentsOf: examples.features[range])
        sums.append(-1)
        moves.append(0)
      } else {
        rows[first...].sort()
        for row in examples.features[range] where owners[Int(row)] != Int32(example) { features.append(row) }
        features.append(Int32(self.rowCount))
        sums.append(Int32(self.rowCount))
        self.rowCount += 1
        moves.append(Self.runs(rows[first...]).reduce(0) { $0 + Float($1.count * $1.count) })
      }
      starts.append(Int64(rows.count))
      ends.append(Int64(features.count))
    }
    (examples.features, examples.starts) = (features, ends)
  }

  /// Equal neighbours.
  private static func runs(_ rows: ArraySlice<Int32>) -> [(row: Int32, count: Int)] {
    var runs: [(row: Int32, count: Int)] = []
    for row in rows {
      if let last = runs.last, last.row == row { runs[runs.count - 1].count += 1 } else { runs.append((row, 1)) }
    }
    return runs
  }

  /// Sets the rows of the sums.
  func gather(_ inputs: RowMatrix, level: TextKernelLevel) {
    for example in sums.indices where sums[example] >= 0 {
      sum(of: example, inputs, into: inputs.row(Int(sums[example])), level)
    }
  }

  private func sum(
    of example: Int, _ inputs: RowMatrix, into target: UnsafeMutablePointer<Float>, _ level: TextKernelLevel
  ) {
    let (first, count) = (Int(starts[example]), starts[example + 1] - starts[example])
    rows.withUnsafeBufferPointer { rows in
      assay_mean(
        level.rawValue, inputs.pointer, Int32(inputs.width), rows.baseAddress.map { $0 + first }, count, target)
    }
    for column in 0..<inputs.width { target[column] *= Float(count) }
  }

  /// Gives every lone feature what its example's sum has learnt since.
  func share(_ inputs: RowMatrix, level: TextKernelLevel) {
    let change = AlignedVector([], width: inputs.width)
    for example in sums.indices where sums[example] >= 0 {
      let learnt = inputs.row(Int(sums[example]))
      sum(of: example, inputs, into: change.pointer, level)
      for column in 0..<inputs.width {
        change.pointer[column] = (learnt[column] - change.pointer[column]) / moves[example]
      }
      // A feature that occurs twice moves twice as far.
      for row in rows[Int(starts[example])..<Int(starts[example + 1])] {
        let target = inputs.row(Int(row))
        for column in 0..<inputs.width { target[column] += change.pointer[column] }
      }
    }
  }

  /// For each row of the inputs the row that it gets instead, so that those which several examples have stand together:
  /// the first `fixed` stay, lone ones come last.
  func order(rows rowCount: Int, fixed: Int) -> [Int32] {
    var isLone = [Bool](repeating: false, count: rowCount)
    for row in rows { isLone[Int(row)] = true }
    var places = (0..<rowCount).map { Int32($0) }
    var next = Int32(fixed)
    for lone in [false, true] {
      for row in fixed..<max(fixed, rowCount) where isLone[row] == lone {
        places[row] = next
        next += 1
      }
    }
    return places
  }

  /// Puts other rows in place of the lone features' own.
  mutating func move(to places: [Int32]) {
    for index in rows.indices { rows[index] = places[Int(rows[index])] }
  }
}
