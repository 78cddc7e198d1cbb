// What an analysis found, as text and as charts. The figures are the analysis's own; nothing is computed here.

import Plot

/// The result of an analysis.
public protocol AnalysisReport: Codable, Sendable, Equatable {
  /// The parts of its text, in reading order.
  var blocks: [AnalysisBlock] { get }
  /// The charts that show it, the most telling first.
  var charts: [(title: String, chart: Chart)] { get }
}

/// A part of a text.
public enum AnalysisBlock: Sendable, Equatable {
  case heading(String)
  case sentence(String)
  /// Columns that hold numbers are set to the right.
  case table(headings: [String], rows: [[String]])
}

extension AnalysisReport {
  /// The text for a terminal of 80 columns, a line each; tables may be wider.
  public var lines: [String] {
    var lines: [String] = []
    for block in blocks {
      switch block {
      case .heading(let text): lines += (lines.isEmpty ? [] : [""]) + [ReportText.line(text)]
      case .sentence(let text): lines += ReportText.wrapped(ReportText.line(text))
      case .table(let headings, let rows):
        lines += ReportText.aligned(headings.map(ReportText.line), rows.map { $0.map(ReportText.line) })
      }
    }
    return lines
  }

  /// The text as Markdown, with tables as GitHub writes them.
  public var markdown: String {
    var parts: [String] = []
    for block in blocks {
      switch block {
      case .heading(let text): parts.append("## " + ReportText.escaped(text))
      case .sentence(let text): parts.append(ReportText.escaped(text))
      case .table(let headings, let rows):
        let numeric = ReportText.numericColumns(headings.count, rows)
        let rule = numeric.map { $0 ? "---:" : "---" }
        let all = [headings.map(ReportText.escaped), rule] + rows.map { $0.map(ReportText.escaped) }
        parts.append(all.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}

/// Text of any content in one line, in columns, or in Markdown.
enum ReportText {
  /// Without line breaks and other control characters.
  static func line(_ text: String) -> String {
    String(text.map { $0.isNewline || ($0.unicodeScalars.first?.properties.generalCategory == .control) ? " " : $0 })
  }

  /// Broken between words.
  static func wrapped(_ text: String, width limit: Int = 80) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, width(last) + 1 + width(String(word)) <= limit {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in line(text) {
      if "\\|*_`[]<>#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  static func numericColumns(_ count: Int, _ rows: [[String]]) -> [Bool] {
    (0..<count).map { column in
      let cells = rows.compactMap { column < $0.count ? $0[column] : nil }.filter { !$0.isEmpty && $0 != "-" }
      return !cells.isEmpty && cells.allSatisfy(isNumber)
    }
  }

  static func isNumber(_ text: String) -> Bool {
    let bare = text.filter { !",%+<>= ".contains($0) }
    return bare == "∞" || Double(bare) != nil
  }

  static func aligned(_ headings: [String], _ rows: [[String]]) -> [String] {
    let numeric = numericColumns(headings.count, rows)
    let all = [headings] + rows
    let widths = headings.indices.map { column in all.map { width($0[column]) }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for column in headings.indices {
        let blanks = String(repeating: " ", count: widths[column] - width(row[column]))
        line += (column > 0 ? "  " : "") + (numeric[column] ? blanks + row[column] : row[column] + blanks)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Cells of a terminal, nearly: wide scripts and pictures take two.
  private static func width(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      let isWide =
        scalar.properties.isEmojiPresentation || (0x1100...0x115F).contains(scalar.value)
        || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
        || (0xF900...0xFAFF).contains(scalar.value) || (0xFE30...0xFE6F).contains(scalar.value)
        || (0xFF00...0xFF60).contains(scalar.value) || (0x1F300...0x1FAFF).contains(scalar.value)
      return sum + (isWide ? 2 : 1)
    }
  }
}

/// A column that an analysis did not use.
public struct LeftOutColumn: Codable, Sendable, Equatable {
  public var column: String
  /// Why, as a phrase: `one value only`.
  public var reason: String

  public init(column: String, reason: String) { (self.column, self.reason) = (column, reason) }
}

extension AnalysisBlock {
  /// `1 row`, `2,000 rows`.
  public static func counted(_ count: Int, _ noun: String) -> String {
    Numbers.grouped(count) + " " + noun + (count == 1 ? "" : "s")
  }

  /// What was not used and why; nothing where all was.
  static func leftOut(_ columns: [LeftOutColumn]) -> [AnalysisBlock] {
    guard !columns.isEmpty else { return [] }
    return [
      .heading("Left out"),
      .table(headings: ["column", "reason"], rows: columns.map { [$0.column, $0.reason] }),
    ]
  }
}
