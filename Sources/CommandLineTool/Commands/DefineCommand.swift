import ArgumentParser
import Engine
import Foundation
import Grid

/// `assay define`.
struct DefineCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "define",
    abstract: "Explain a statistic, a metric, a chart or a field of a form.",
    discussion: """
      Prints what the term means, its formula, its range and where the definition comes from: assay define DPL. Without a
      term it lists all that can be explained.
      """)

  @Argument(help: "A term; several words need no quotes.")
  var term: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    guard !term.isEmpty else { return try list(headless.console) }
    let name = term.joined(separator: " ")
    guard let entry = Glossary.entry(name) else { throw UsageError(Self.unknown(name)) }
    if json { return try headless.console.write(try Self.encoded(entry)) }
    let width = min(headless.console.textWidth ?? 80, 100)
    let lines = entry.lines.flatMap { Self.wrapped($0, width: max(20, width)) }
    try headless.console.write(([entry.term, ""] + lines).joined(separator: "\n") + "\n")
  }

  private func list(_ console: Console) throws {
    if json { return try console.write(try Self.encoded(Glossary.all)) }
    try console.write(Glossary.all.map(\.term).joined(separator: "\n") + "\n")
  }

  private static func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  private static func unknown(_ name: String) -> String {
    let near = Glossary.suggestions(for: name, limit: 3).map(\.term)
    let advice = near.isEmpty ? "assay define lists all terms." : "Did you mean \(near.joined(separator: ", or "))?"
    return "\(oneLine(name)): there is no such term. \(advice)"
  }

  /// The words of a line over lines of at most `width` columns, later ones indented like the first.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    let indent = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, TextWidth.of(line) + 1 + TextWidth.of(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? indent + word : " " + word
    }
    return lines + [line]
  }
}
