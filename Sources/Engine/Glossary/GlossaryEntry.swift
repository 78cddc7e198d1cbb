/// What one term means: the paragraph behind `F2`, the palette and `assay define`.
public struct GlossaryEntry: Codable, Sendable, Equatable, Identifiable {
  public var term: String
  /// Other ways to ask for it: short forms, names in JSON, words of other tools.
  public var aliases: [String]
  /// One paragraph.
  public var text: String
  /// Lines of plain text; nil where nothing is computed.
  public var formula: String?
  /// Values it can take, and the threshold that people use.
  public var range: String?
  /// Where the definition comes from; nil where assay itself is the source.
  public var source: String?

  public var id: String { term }

  public init(
    term: String, aliases: [String] = [], text: String, formula: String? = nil, range: String? = nil,
    source: String? = nil
  ) {
    self.term = term
    self.aliases = aliases
    self.text = text
    self.formula = formula
    self.range = range
    self.source = source
  }

  /// The parts below each other, for a dialog or a terminal. Lines are not wrapped.
  public var lines: [String] {
    var lines = [text]
    if let formula { lines += [""] + formula.split(separator: "\n").map { "  \($0)" } }
    let facts = [
      range.map { "Range: \($0)" }, source.map { "Source: \($0)" },
      aliases.isEmpty ? nil : "Also: \(aliases.joined(separator: ", "))",
    ].compactMap { $0 }
    return facts.isEmpty ? lines : lines + [""] + facts
  }
}

extension GlossaryEntry {
  /// Reads entries as they are written in this folder:
  ///
  ///     # term | alias | alias
  ///     | more aliases
  ///     The paragraph, over any number of lines.
  ///     = formula, one line or more
  ///     ~ range and threshold
  ///     @ source
  static func parsed(_ text: String) -> [GlossaryEntry] {
    var entries: [GlossaryEntry] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# ") {
        let names = line.dropFirst(2).split(separator: "|").map(Self.bare)
        entries.append(GlossaryEntry(term: names.first ?? "", aliases: Array(names.dropFirst()), text: ""))
        continue
      }
      guard var entry = entries.popLast() else { continue }
      let rest = bare(line.dropFirst(2))
      switch line.prefix(2) {
      case "| ": entry.aliases += rest.split(separator: "|").map(Self.bare)
      case "= ": entry.formula = joined(entry.formula, rest, "\n")
      case "~ ": entry.range = joined(entry.range, rest, " ")
      case "@ ": entry.source = joined(entry.source, rest, " ")
      default: entry.text = entry.text.isEmpty ? bare(line) : entry.text + " " + bare(line)
      }
      entries.append(entry)
    }
    return entries
  }

  private static func bare(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private static func joined(_ old: String?, _ new: String, _ separator: String) -> String {
    old.map { $0 + separator + new } ?? new
  }
}
