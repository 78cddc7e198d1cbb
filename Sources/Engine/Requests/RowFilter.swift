import Flow
import Frame
import Plot

/// Which rows of a table a look shows.
public indirect enum RowFilter: Codable, Equatable, Sendable {
  /// The rows behind a mark of a chart.
  case mark(ChartSelection)
  /// Rows in which a regular expression is found.
  case matches(TextMatch)
  /// Rows for which a condition in the language of expressions holds.
  case expression(String)
  /// Rows whose cell has this value; `.null` for a missing one.
  case equals(column: String, Value)
  /// Rows that a person marked.
  case marked(MarkedRows)
  /// All rows that the other does not choose, those for which it cannot be said among them.
  case not(RowFilter)

  /// All rows that this filter leaves out.
  public var inverse: RowFilter {
    if case .not(let filter) = self { filter } else { .not(self) }
  }
}

/// A regular expression (RE2) and where it is looked for: in the text that the table shows. Without capitals it ignores
/// case.
public struct TextMatch: Codable, Hashable, Sendable {
  public var pattern: String
  /// Nil for any column.
  public var columns: [String]?

  public init(_ pattern: String, in columns: [String]? = nil) {
    (self.pattern, self.columns) = (pattern, columns)
  }
}

/// Rows chosen one by one, in ranges, or by what they hold: the marks of a table. Later changes win over earlier ones.
public struct MarkedRows: Codable, Equatable, Sendable {
  public enum Change: Codable, Equatable, Sendable {
    /// Ids of rows, inclusive, counted from 0 in the table below all looks.
    case add([ClosedRange<Int>])
    case remove([ClosedRange<Int>])
    case addWhere(RowFilter)
    case removeWhere(RowFilter)
  }

  public private(set) var changes: [Change]

  public init(_ changes: [Change] = []) { self.changes = changes }

  public var isEmpty: Bool { changes.isEmpty }

  public mutating func append(_ change: Change) {
    // Marking row after row makes one growing list, not a long chain.
    switch (changes.last, change) {
    case (.add(let old)?, .add(let new)): changes[changes.count - 1] = .add(Self.union(old + new))
    case (.remove(let old)?, .remove(let new)): changes[changes.count - 1] = .remove(Self.union(old + new))
    default: changes.append(change)
    }
    // What nothing was added to has nothing to take away from.
    while case .remove? = changes.first { changes.removeFirst() }
    while case .removeWhere? = changes.first { changes.removeFirst() }
  }

  /// The same ids in ascending ranges with gaps between.
  static func union(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var result: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound + 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// Whether a row is marked.
  /// - Parameter holds: whether a filter chooses the row.
  public func contains(_ id: Int, where holds: (RowFilter) -> Bool) -> Bool {
    for change in changes.reversed() {
      switch change {
      case .add(let ranges): if Self.contains(ranges, id) { return true }
      case .remove(let ranges): if Self.contains(ranges, id) { return false }
      case .addWhere(let filter): if holds(filter) { return true }
      case .removeWhere(let filter): if holds(filter) { return false }
      }
    }
    return false
  }

  /// Binary search: the ranges are in ascending order.
  private static func contains(_ ranges: [ClosedRange<Int>], _ id: Int) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < id { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(id)
  }
}
