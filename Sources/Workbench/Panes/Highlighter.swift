import Engine
import Flow
import Foundation
import Frame
import Plot

/// Finds in the text of a cell what a pattern matches. Only shows: which rows match is for the database to say. A pattern
/// that this engine of expressions cannot read lights nothing up.
final class Highlighter: @unchecked Sendable {
  /// Never changed, and safe to use from several threads.
  private let expression: NSRegularExpression
  /// Longer cells are not looked through: they are cut on screen anyway.
  private static let longest = 400

  init?(_ pattern: String) {
    let options: NSRegularExpression.Options = SmartCase.ignoresCase(pattern) ? [.caseInsensitive] : []
    guard let expression = try? NSRegularExpression(pattern: pattern, options: options) else { return nil }
    self.expression = expression
  }

  /// What matches, in characters; empty matches are left out.
  func ranges(in text: String) -> [Range<Int>] {
    let text = text.utf8.count > Self.longest ? String(text.prefix(Self.longest)) : text
    let whole = NSRange(text.startIndex..., in: text)
    return expression.matches(in: text, range: whole).compactMap { match in
      guard match.range.length > 0, let range = Range(match.range, in: text) else { return nil }
      let start = text.distance(from: text.startIndex, to: range.lowerBound)
      return start..<(start + text.distance(from: range.lowerBound, to: range.upperBound))
    }
  }
}

extension NodeRequest {
  /// The table whose rows the look shows: marks belong to it.
  var table: NodeRequest {
    var below = self
    below.look = look.table
    return below
  }
}

extension TableView {
  /// Whether a loaded row is one that a filter chooses, for the filters that marks are made of.
  func satisfies(_ filter: RowFilter, row: Int) -> Bool {
    switch filter {
    case .equals(let name, let value):
      guard let column = schema.firstIndex(where: { $0.name == name }) else { return false }
      return self.value(row: row, column: column) == value
    case .not(let inner): return !satisfies(inner, row: row)
    case .marked(let marks): return rowID(row).map { marks.contains($0) { satisfies($0, row: row) } } ?? false
    case .mark(let selection): return satisfies(selection, row: row)
    case .matches, .expression: return false
    }
  }

  /// Whether a loaded row is behind a mark of a chart.
  private func satisfies(_ selection: ChartSelection, row: Int) -> Bool {
    func value(_ name: String) -> Value? {
      schema.firstIndex { $0.name == name }.map { self.value(row: row, column: $0) }
    }
    func lies(_ x: ChartSelection.Interval) -> Bool { value(x.column).map(x.contains) ?? false }
    switch selection {
    case .range(let column, let lower, let upper, let includesUpper, let kind):
      return lies(.init(column: column, lower: lower, upper: upper, includesUpper: includesUpper, kind: kind))
    case .box(let x, let y): return lies(x) && lies(y)
    case .equals(let column, let text): return value(column).map { $0.text == text } ?? false
    case .noneOf(let column, let texts): return value(column)?.text.map { !texts.contains($0) } ?? false
    case .all(let parts): return !parts.isEmpty && parts.allSatisfy { satisfies($0, row: row) }
    case .pair, .feature, .none: return false
    }
  }
}

extension ChartSelection.Interval {
  /// Whether a cell lies in it: numbers as they are, moments in microseconds since 1970.
  fileprivate func contains(_ value: Value) -> Bool {
    let (place, scale): (Double, Double)
    switch value {
    case .integer(let number): (place, scale) = (Double(number), 1)
    case .real(let number): (place, scale) = (number, 1)
    case .date(let days): (place, scale) = (Double(days) * 86_400e6, 1e6)
    case .timestamp(let micros), .time(let micros): (place, scale) = (Double(micros), 1e6)
    case .null, .bool, .text, .other: return false
    }
    let (low, high) = scale == 1 ? (lower, upper) : ((lower * scale).rounded(), (upper * scale).rounded())
    return place >= low && (includesUpper ? place <= high : place < high)
  }
}
