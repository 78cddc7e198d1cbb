// Values become 16-bit codes, so that every test of a tree is one comparison of whole numbers: the code is the number of
// the thresholds that the value is not left of. A feature that is tested in several ways (LightGBM may count zero as
// missing in one tree and not in another) gets a column of codes for each.

import CTreeKernels

/// Which code a value has in each column.
struct ValueCoder: Sendable {
  private struct Key: Hashable {
    let feature: Int32
    /// 0 below, 1 to 3 at most under a rule for missing values, 4 category.
    let kind: UInt8

    init(_ node: DecisionTree.Node) {
      feature = node.feature
      switch node.test {
      case .below: kind = 0
      case .atMost: kind = 1 + node.missingRule.rawValue
      case .member: kind = 4
      }
    }
  }

  struct Column: Sendable {
    let feature: Int
    fileprivate let kind: UInt8
    /// Ascending, without repetition.
    let thresholds: [Double]

    var isCategorical: Bool { kind == 4 }
  }

  /// A column's codes end before those of missing and unknown values; a feature with more thresholds has several columns.
  private static let thresholdLimit = 60_000

  private(set) var columns: [Column] = []
  private var numbers: [Key: [Int]] = [:]

  init(_ trees: [DecisionTree]) {
    var thresholds: [Key: [Double]] = [:]
    var order: [Key] = []
    for tree in trees {
      for node in tree.nodes where !node.isLeaf {
        let key = Key(node)
        if thresholds[key] == nil { order.append(key) }
        switch node.test {
        case .below(let threshold): thresholds[key, default: []].append(Double(threshold))
        case .atMost(let threshold): thresholds[key, default: []].append(threshold)
        case .member: thresholds[key] = thresholds[key] ?? []
        }
      }
    }
    for key in order {
      var sorted: [Double] = []
      for threshold in (thresholds[key] ?? []).sorted() where sorted.last != threshold { sorted.append(threshold) }
      for start in stride(from: 0, to: max(sorted.count, 1), by: Self.thresholdLimit) {
        numbers[key, default: []].append(columns.count)
        let part = Array(sorted[min(start, sorted.count)..<min(start + Self.thresholdLimit, sorted.count)])
        columns.append(Column(feature: Int(key.feature), kind: key.kind, thresholds: part))
      }
    }
  }

  /// The column of a test, and how many codes of it go left.
  func place(of node: DecisionTree.Node) -> (column: Int, codes: Int) {
    let candidates = numbers[Key(node)] ?? []
    let threshold: Double
    switch node.test {
    case .below(let value): threshold = Double(value)
    case .atMost(let value): threshold = value
    case .member: return (candidates.first ?? 0, 0)
    }
    for column in candidates {
      let thresholds = columns[column].thresholds
      guard let last = thresholds.last, threshold <= last else { continue }
      return (column, Self.position(threshold, in: thresholds) + 1)
    }
    return (candidates.first ?? 0, 0)
  }

  private static func position(_ value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Codes of rows `range`, in blocks of 64: [blocks][columns][64]. Rows beyond the last repeat the code 0.
  func encode(_ rows: FeatureRows, _ range: Range<Int>, into codes: UnsafeMutablePointer<UInt16>) {
    for (number, column) in columns.enumerated() {
      rows.columns[column.feature].withUnsafeBufferPointer { values in
        column.thresholds.withUnsafeBufferPointer { thresholds in
          for row in range {
            let at = row - range.lowerBound
            codes[(at >> 6 * columns.count + number) << 6 + at & 63] = Self.code(values[row], column.kind, thresholds)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func code(_ value: Double, _ kind: UInt8, _ thresholds: UnsafeBufferPointer<Double>) -> UInt16 {
    var value = value
    switch kind {
    case 0:
      if value.isNaN { return UInt16(ASSAY_MISSING) }
      value = Double(Float(value))
    case 4:
      if value.isNaN { return UInt16(ASSAY_MISSING) }
      guard let code = CategoryCode(value), code.number < Int(ASSAY_UNKNOWN) else { return UInt16(ASSAY_UNKNOWN) }
      return UInt16(code.number)
    default:
      if kind == 1 + DecisionTree.MissingRule.never.rawValue {
        if value.isNaN { value = 0 }
      } else if value.isNaN
        || (kind == 1 + DecisionTree.MissingRule.zero.rawValue && abs(value) <= DecisionTree.zeroThreshold)
      {
        return UInt16(ASSAY_MISSING)
      }
    }
    guard var length = Optional(thresholds.count), length > 0, let base = thresholds.baseAddress else { return 0 }
    // Without branches: they would be guessed wrong half the time.
    var low = 0
    if kind == 0 {
      while length > 1 {
        let half = length >> 1
        low += base[low + half - 1] <= value ? half : 0
        length -= half
      }
      return UInt16(low + (base[low] <= value ? 1 : 0))
    }
    while length > 1 {
      let half = length >> 1
      low += base[low + half - 1] < value ? half : 0
      length -= half
    }
    return UInt16(low + (base[low] < value ? 1 : 0))
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
