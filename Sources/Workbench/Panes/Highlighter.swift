import Engine
import Flow
import Foundation
import Frame

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
    case .mark, .matches, .expression: return false
    }
  }
}
