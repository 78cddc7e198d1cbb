// Values become 16-bit codes, so that every test of a tree is one comparison of whole numbers: the code is the number of
// the thresholds that the value is not left of. A feature that is tested in several ways (LightGBM may count zero as
// missing in one tree and not in another) gets a column of codes for each.

import CTreeKernels

/// Which code a value has in each column.
struct ValueCoder: Sendable {
  /// How a feature is compared: 0 below, 1 to 3 at most under a rule for missing values, 4 category.
  private static func kind(_ node: DecisionTree.Node) -> UInt8 {
    switch node.test {
    case .below: 0
    case .atMost: 1 + node.missingRule.rawValue
    case .member: 4
    }
  }

  private static let kinds = 5

  struct Column: Sendable {
    let feature: Int
    fileprivate let kind: UInt8
    /// Ascending, without repetition.
    let thresholds: [Double]
    /// The same, going on with infinity as the search wants it, and its first step.
    fileprivate let padded: [Double]
    fileprivate let steps: Int

    fileprivate init(feature: Int, kind: UInt8, thresholds: [Double]) {
      (self.feature, self.kind, self.thresholds) = (feature, kind, thresholds)
      // The largest power of two up to the count; 0 for none.
      var steps = min(1, thresholds.count)
      while steps > 0, steps * 2 <= thresholds.count { steps *= 2 }
      self.steps = steps
      padded = thresholds + Array(repeating: .infinity, count: max(0, 2 * steps - thresholds.count))
    }

    var isCategorical: Bool { kind == 4 }
  }

  /// A column's codes end before those of missing and unknown values; a feature with more thresholds has several columns.
  private static let thresholdLimit = 60_000

  private(set) var columns: [Column] = []
  /// By feature and kind the group of its columns, -1 where there is none.
  private var groupOf: [Int32]
  private var groups: [Range<Int>] = []

  init(_ trees: [DecisionTree]) {
    var most = -1
    for tree in trees { for node in tree.nodes where !node.isLeaf { most = max(most, Int(node.feature)) } }
    groupOf = Array(repeating: -1, count: (most + 1) * Self.kinds)
    var found: [(feature: Int, kind: UInt8, thresholds: [Double])] = []
    for tree in trees {
      for node in tree.nodes where !node.isLeaf {
        let kind = Self.kind(node)
        let key = Int(node.feature) * Self.kinds + Int(kind)
        if groupOf[key] < 0 {
          groupOf[key] = Int32(found.count)
          found.append((Int(node.feature), kind, []))
        }
        switch node.test {
        case .below(let threshold): found[Int(groupOf[key])].thresholds.append(Double(threshold))
        case .atMost(let threshold): found[Int(groupOf[key])].thresholds.append(threshold)
        case .member: break
        }
      }
    }
    for (feature, kind, thresholds) in found {
      var sorted: [Double] = []
      for threshold in thresholds.sorted() where sorted.last != threshold { sorted.append(threshold) }
      let first = columns.count
      for start in stride(from: 0, to: max(sorted.count, 1), by: Self.thresholdLimit) {
        let part = Array(sorted[min(start, sorted.count)..<min(start + Self.thresholdLimit, sorted.count)])
        columns.append(Column(feature: feature, kind: kind, thresholds: part))
      }
      groups.append(first..<columns.count)
    }
  }

  /// The column of a test, and how many codes of it go left.
  func place(of node: DecisionTree.Node) -> (column: Int, codes: Int) {
    let group = groupOf[Int(node.feature) * Self.kinds + Int(Self.kind(node))]
    guard group >= 0 else { return (0, 0) }
    let candidates = groups[Int(group)]
    let threshold: Double
    switch node.test {
    case .below(let value): threshold = Double(value)
    case .atMost(let value): threshold = value
    case .member: return (candidates.lowerBound, 0)
    }
    for column in candidates {
      let thresholds = columns[column].thresholds
      guard let last = thresholds.last, threshold <= last else { continue }
      return (column, Self.position(threshold, in: thresholds) + 1)
    }
    return (candidates.lowerBound, 0)
  }

  private static func position(_ value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Codes of rows `range`, in blocks of 64: [blocks][columns][64]. Rows beyond the last have codes of 0.
  func encode(
    _ rows: FeatureRows, _ range: Range<Int>, into codes: UnsafeMutablePointer<UInt16>, level: KernelLevel = .best
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 64) { block in
      guard let numbers = block.baseAddress else { return }
      for (number, column) in columns.enumerated() {
        rows.columns[column.feature].withUnsafeBufferPointer { values in
          for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
            let count = min(64, range.upperBound - start)
            for row in 0..<64 { numbers[row] = row < count ? values[start + row] : 0 }
            encode(
              numbers, column, into: codes + ((start - range.lowerBound) >> 6 * columns.count + number) << 6, level)
          }
        }
      }
    }
  }

  private func encode(
    _ numbers: UnsafeMutablePointer<Double>, _ column: Column, into codes: UnsafeMutablePointer<UInt16>,
    _ level: KernelLevel
  ) {
    if column.isCategorical {
      for row in 0..<64 { codes[row] = Self.category(numbers[row]) }
      return
    }
    let isSingle = column.kind == 0
    let zeroIsMissing = column.kind == 1 + DecisionTree.MissingRule.zero.rawValue
    if column.kind == 1 + DecisionTree.MissingRule.never.rawValue {
      for row in 0..<64 where numbers[row].isNaN { numbers[row] = 0 }
    }
    if isSingle { for row in 0..<64 { numbers[row] = Double(Float(numbers[row])) } }
    assay_codes(
      level.rawValue, numbers, column.padded, Int32(column.thresholds.count), Int32(column.steps), isSingle ? 1 : 0,
      codes)
    for row in 0..<64 {
      let isMissing = numbers[row].isNaN || (zeroIsMissing && abs(numbers[row]) <= DecisionTree.zeroThreshold)
      if isMissing { codes[row] = UInt16(ASSAY_MISSING) }
    }
  }

  private static func category(_ value: Double) -> UInt16 {
    if value.isNaN { return UInt16(ASSAY_MISSING) }
    guard let code = CategoryCode(value), code.number < Int(ASSAY_UNKNOWN) else { return UInt16(ASSAY_UNKNOWN) }
    return UInt16(code.number)
  }
}

/// Which rows of each block have which category: what tests of sets look at.
struct CategoryMasks {
  /// [blocks][columns], where the masks of a block begin; -1 for columns of numbers.
  private(set) var starts: [Int32]
  /// A count, then pairs of a code and the bits of its rows.
  private(set) var words: [UInt64] = []

  init(_ coder: ValueCoder, codes: UnsafePointer<UInt16>, blocks: Int) {
    let columns = coder.columns.count
    starts = Array(repeating: -1, count: max(1, blocks * columns))
    for (number, column) in coder.columns.enumerated() where column.isCategorical {
      for block in 0..<blocks {
        let start = words.count
        starts[block * columns + number] = Int32(start)
        words.append(0)
        let block = codes + (block * columns + number) << 6
        for row in 0..<64 {
          let code = UInt64(block[row])
          var at = start + 1
          while at < words.count, words[at] != code { at += 2 }
          if at == words.count {
            words += [code, 0]
            words[start] += 1
          }
          words[at + 1] |= 1 << UInt64(row)
        }
      }
    }
    if words.isEmpty { words = [0] }
  }
}
