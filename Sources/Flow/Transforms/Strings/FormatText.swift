import Frame

/// Changes how texts are written: padding, stripping, case, prefix and suffix, symbols.
///
/// The results are those of Python's str methods (ljust, rjust, center, zfill, strip, title, …), but for letters whose
/// other case is longer than one letter: only ß has its SS.
public enum FormatText: Transform {
  private static let pads = ["pad-left", "pad-right", "center", "zeros"]
  private static let methods =
    pads + [
      "strip", "strip-left", "strip-right", "lower", "upper", "capitalize", "title", "swap-case", "prefix", "suffix",
      "remove-symbols",
    ]

  public static let info = OperationInfo(
    "format-text", .strings, "Format text", help: "Pad, strip, change case, put something before or after.",
    parameters: [
      TextColumns.columns,
      ParameterInfo(
        "method", "Change", .choice(methods), initial: "strip",
        help:
          "pad: to a width. zeros: before a number, after its sign. strip: characters at the ends away. capitalize: the "
          + "first letter. title: the first letter of each word. prefix, suffix: text before or after."),
      ParameterInfo(
        "width", "Width", .integer(1...10_000), initial: "10",
        when: .init("method", "pad-left", "pad-right", "center", "zeros"),
        help: "The number of characters to fill up to; longer texts stay as they are."),
      ParameterInfo(
        "fill", "Fill", .text, initial: " ", isOptional: true, when: .init("method", "pad-left", "pad-right", "center"),
        help: "The character to fill with: a blank when empty."),
      ParameterInfo(
        "characters", "Characters", .text, isOptional: true,
        when: .init("method", "strip", "strip-left", "strip-right"),
        help: "The characters to take away, in any order; white space when empty."),
      ParameterInfo(
        "text", "Text", .text, isOptional: true, when: .init("method", "prefix", "suffix"),
        help: "What is put before or after."),
      ParameterInfo(
        "symbols", "Symbols", .text, isOptional: true, when: .init("method", "remove-symbols"),
        help: "The characters to remove wherever they stand; all punctuation and symbols when empty."),
      TextColumns.suffix,
    ])

  public static func summary(_ parameters: Parameters) -> String { TextColumns.summary(parameters, "strip") }

  public static func fault(_ parameters: Parameters) -> String? {
    switch parameters.text("method") ?? "strip" {
    case "pad-left", "pad-right", "center":
      parameters.raw("fill", " ").unicodeScalars.count > 1 ? "Fill: one character, such as * or 0" : nil
    case "prefix", "suffix": parameters.raw("text").isEmpty ? "Text: write what is put before or after" : nil
    default: nil
    }
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parameters = call.parameters
    return try TextColumns.changing(call) { change($0, parameters) }
  }

  private static func change(_ text: String, _ parameters: Parameters) -> String {
    let width = parameters.integer("width") ?? 10
    let given = parameters.raw("fill", " ")
    let fill = SQL.text(given.isEmpty ? " " : given)
    let characters = parameters.raw("characters")
    let ends = SQL.text(characters.isEmpty ? UnicodeClass.whiteSpace : characters)
    switch parameters.text("method") ?? "strip" {
    case "pad-left":
      return "CASE WHEN length(\(text)) < \(width) THEN lpad(\(text), \(width), \(fill)) ELSE \(text) END"
    case "pad-right":
      return "CASE WHEN length(\(text)) < \(width) THEN rpad(\(text), \(width), \(fill)) ELSE \(text) END"
    case "center": return center(text, width, fill)
    case "zeros":
      return """
        CASE WHEN length(\(text)) >= \(width) THEN \(text) \
        WHEN left(\(text), 1) IN ('+', '-') THEN left(\(text), 1) || lpad(substr(\(text), 2), \(width - 1), '0') \
        ELSE lpad(\(text), \(width), '0') END
        """
    case "strip-left": return "ltrim(\(text), \(ends))"
    case "strip-right": return "rtrim(\(text), \(ends))"
    case "lower": return "lower(\(text))"
    case "upper": return upper(text)
    case "capitalize": return "\(upper("left(\(text), 1)")) || lower(substr(\(text), 2))"
    case "title":
      // Each letter beside the one before it.
      let letters = "string_split(\(text), '')"
      let pairs = "list_zip(\(letters), list_prepend('', \(letters)), true)"
      let (letter, before) = ("pair[1]", "pair[2]")
      let cased = SQL.text("^\(UnicodeClass.cased)")
      return """
        CASE WHEN \(text) IS NOT NULL THEN array_to_string(list_transform(\(pairs), lambda pair: \
        CASE WHEN regexp_matches(\(before), \(cased)) THEN lower(\(letter)) ELSE \(upper(letter)) END), '') END
        """
    case "swap-case":
      return """
        array_to_string(list_transform(string_split(\(text), ''), lambda letter: \
        CASE WHEN letter = lower(letter) THEN \(upper("letter")) ELSE lower(letter) END), '')
        """
    case "prefix": return "\(SQL.text(parameters.raw("text"))) || \(text)"
    case "suffix": return "\(text) || \(SQL.text(parameters.raw("text")))"
    case "remove-symbols":
      let symbols = parameters.raw("symbols")
      return symbols.isEmpty
        ? "regexp_replace(\(text), '[\\p{P}\\p{S}]', '', 'g')" : "translate(\(text), \(SQL.text(symbols)), '')"
    default: return "trim(\(text), \(ends))"
    }
  }

  private static func upper(_ text: String) -> String { "upper(replace(\(text), 'ß', 'SS'))" }

  /// An odd blank goes left where the width is odd, as Python does it.
  private static func center(_ text: String, _ width: Int, _ fill: String) -> String {
    let gap = "(\(width) - length(\(text)))"
    let left = "(\(gap) // 2 + (\(gap) & \(width) & 1))"
    return """
      CASE WHEN \(gap) <= 0 THEN \(text) \
      ELSE repeat(\(fill), \(left)) || \(text) || repeat(\(fill), \(gap) - \(left)) END
      """
  }
}
