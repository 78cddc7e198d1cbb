import Frame

/// How a text becomes words: what tokenising and counting share.
enum Tokens {
  static let parameters = [
    ParameterInfo(
      "tokenizer", "Tokenizer", .choice(["standard", "custom"]), initial: "standard",
      help: "standard: small letters, split at white space. custom: by a regular expression."),
    ParameterInfo(
      "pattern", "Expression", .text, initial: "\\s+", isOptional: true, when: .init("tokenizer", "custom"),
      help: "A regular expression (RE2) for what stands between words, or for the words themselves."),
    ParameterInfo(
      "gaps", "Matches gaps", .toggle, initial: "true", when: .init("tokenizer", "custom"),
      help: "The expression finds what stands between words; otherwise the words."),
    ParameterInfo(
      "min_length", "Least length", .integer(1...1000), initial: "1", when: .init("tokenizer", "custom"),
      help: "Shorter words are left out."),
    ParameterInfo(
      "lowercase", "Small letters", .toggle, initial: "true", when: .init("tokenizer", "custom"),
      help: "Writes words in small letters first."),
  ]

  static func fault(_ parameters: Parameters) -> String? {
    guard parameters.text("tokenizer") == "custom" else { return nil }
    let pattern = parameters.raw("pattern", "\\s+")
    return pattern.isEmpty ? "Expression: write a regular expression" : Pattern.fault(pattern, "Expression")
  }

  /// The list of words of a text; missing for a missing one.
  static func sql(_ text: String, _ parameters: Parameters) -> String {
    guard parameters.text("tokenizer") == "custom" else {
      let spaces = SQL.text(UnicodeClass.space + "+")
      return "list_filter(string_split_regex(lower(\(text)), \(spaces)), lambda word: length(word) > 0)"
    }
    let written = parameters["lowercase"]?.flag ?? true ? "lower(\(text))" : text
    let function = parameters["gaps"]?.flag ?? true ? "string_split_regex" : "regexp_extract_all"
    let all = "\(function)(\(written), \(SQL.text(parameters.raw("pattern", "\\s+"))))"
    return "list_filter(\(all), lambda word: length(word) >= \(max(1, parameters.integer("min_length") ?? 1)))"
  }
}
