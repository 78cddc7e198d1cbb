import Frame

extension StepWriting {
  // MARK: - Features

  mutating func featurize(_ id: String, _ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    switch id {
    case TextStatistics.info.id:
      let chosen = given.texts("statistics")
      let nodes = columns.map { column in
        DraftedNode(
          "featurize_text", "Character statistics",
          ["input_column": .text(column), "output_column_prefix": .text(column + "-stats")])
      }
      let unwanted = columns.flatMap { column in
        TextStatistics.statistics.filter { !chosen.isEmpty && !chosen.contains($0) }.map { "\(column)-stats_\($0)" }
      }
      return nodes + drop(unwanted + (given.flag("drop") ? columns : []))
    case Vectorise.info.id: return try vectorize(given)
    default: return try dates(given, columns)
    }
  }

  private func drop(_ columns: [String]) -> [DraftedNode] {
    columns.isEmpty ? [] : [DraftedNode("manage_columns", "Drop column", ["column_to_drop": named(columns)])]
  }

  private func vectorize(_ given: Parameters) throws -> [DraftedNode] {
    guard given.text("analyzer") ?? "word" == "word", given.integer("ngram_min") ?? 1 == 1,
      given.integer("ngram_max") ?? 1 == 1, given.text("norm") ?? "none" == "none", given.text("idf") != "smooth"
    else { throw Unmapped("Data Wrangler counts single words, without a norm") }
    let column = given.text("column") ?? ""
    let prefix = given.text("prefix") ?? column + "_"
    let isList = given.text("output") == "list"
    guard isList || prefix.hasSuffix("_") else { throw Unmapped("Data Wrangler puts _ after the prefix") }
    var inner: Parameters = [
      "input_column": .text(column), "output_format": isList ? "Vector" : "Columns",
      "output_column": .text(isList ? prefix + "vector" : String(prefix.dropLast())), "tokenizer": "Standard",
      "tokenizer_standard_parameters": [:], "apply_idf": "No",
    ]
    if given.text("tokenizer") == "custom" {
      inner["tokenizer"] = "Custom"
      inner["tokenizer_custom_parameters"] = [
        "minimum_token_length": given["min_length"] ?? 1, "gaps": given["gaps"] ?? true,
        "pattern": given["pattern"] ?? "\\s+", "lowercase_before_tokenization": given["lowercase"] ?? true,
      ]
    }
    if given.text("vectorizer") == "hashing" {
      inner["vectorizer"] = "Hashing"
      inner["vectorizer_hashing_parameters"] = ["number_of_features": given["features"] ?? 256]
    } else {
      inner["vectorizer"] = "Count Vectorizer"
      inner["vectorizer_count_vectorizer_parameters"] = [
        "minimum_term_frequency": given["min_term_freq"] ?? 1, "minimum_document_frequency": given["min_doc_freq"] ?? 1,
        "maximum_document_frequency": given["max_doc_freq"] ?? 0.999,
        "maximum_vocabulary_size": given["vocabulary"] ?? 262_144, "binarize_count": given["binary"] ?? false,
      ]
    }
    if given.text("idf") == "spark" {
      inner["apply_idf"] = "Yes"
      inner["apply_idf_yes_parameters"] = ["minimum_document_frequency": given["idf_min_doc_freq"] ?? 5]
    }
    return [DraftedNode("featurize_text", "Vectorize", inner)] + drop(given.flag("drop") ? [column] : [])
  }

  private func dates(_ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let known = ["year", "month", "day", "hour", "minute", "second", "week_of_year", "day_of_year", "quarter"]
    let parts = given.texts("parts")
    if let part = (parts.isEmpty ? ["day_of_week"] : parts).first(where: { !known.contains($0) }) {
      throw Unmapped("Data Wrangler has no \(part) of dates")
    }
    let isCyclic = given.text("embedding") == "cyclic"
    let isList = given.text("output") == "list"
    let nodes = columns.map { column -> DraftedNode in
      let prefix = given.text("prefix") ?? column + "_"
      var inner: Parameters = [
        "input_column": .text(column), "output_mode": isCyclic ? "Cyclic" : "Ordinal",
        "output_format": isList ? "Vector" : "Columns", "infer_datetime_format": true,
        "output_column": .text(
          isList ? prefix + "parts" : prefix.hasSuffix("_") ? String(prefix.dropLast()) : prefix),
      ]
      if !isCyclic { inner["use_one_indexing"] = true }
      for part in parts { inner[part] = true }
      return DraftedNode("featurize_date_time", "Extract columns", inner)
    }
    return nodes + drop(given.flag("drop") ? columns : [])
  }

  // MARK: - Formats and checks

  /// The same node for every column with a name of its own, or one for all where they change in place.
  private func each(
    _ columns: [String], _ suffix: String?, _ kind: String, _ variant: String, _ inner: Parameters
  ) -> [DraftedNode] {
    guard let suffix else {
      var own = inner
      own["input_column"] = columns.count == 1 ? .text(columns[0]) : named(columns)
      return [DraftedNode(kind, variant, own)]
    }
    return columns.map { column in
      var own = inner
      own["input_column"] = .text(column)
      own["output_column"] = .text(column + suffix)
      return DraftedNode(kind, variant, own)
    }
  }

  func format(_ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let method = given.text("method") ?? "strip"
    guard let variant = NodeReading.formats.first(where: { $0.method == method })?.name else {
      throw Unmapped("Data Wrangler has no format \(method)")
    }
    var inner: Parameters = [:]
    switch method {
    case "pad-left", "pad-right", "center", "zeros":
      inner["width"] = given["width"]
      if method != "zeros" { inner["fill_character"] = given["fill"] ?? " " }
    case "strip", "strip-left", "strip-right":
      if let text = given["characters"] { inner["characters_to_remove"] = text }
    case "prefix", "suffix": inner[method] = given["text"] ?? ""
    case "remove-symbols":
      guard let symbols = given.text("symbols") else {
        throw Unmapped("Data Wrangler removes given symbols, not all punctuation")
      }
      inner["symbols"] = .text(symbols)
    default: break
    }
    return each(columns, given.text("suffix"), "format_string", variant, inner)
  }

  mutating func validate(_ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let check = given.text("check") ?? "alphanumeric"
    guard let variant = NodeReading.checks.first(where: { $0.check == check })?.name else {
      throw Unmapped("Data Wrangler has no check \(check)")
    }
    noteUnseen()
    if given.text("output") != "number" { note(.info, "gives 1 and 0 there", why: "here it gives true and false") }
    var inner: Parameters = [:]
    if check == "length" { (inner["min_length"], inner["max_length"]) = (given["min"], given["max"]) }
    if check == "starts-with" { inner["prefix"] = given["text"] ?? "" }
    if check == "ends-with" { inner["suffix"] = given["text"] ?? "" }
    let suffix = given.text("suffix") ?? "_is_" + check.replacing("-", with: "_")
    return each(columns, suffix, "validate_string", variant, inner)
  }

  func parse(_ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let formats = given.texts("formats")
    guard formats.count <= 1, given.text("failure") ?? "missing" == "missing", given.text("flag") == nil,
      given.text("decimal") ?? "point" == "point"
    else { throw Unmapped("Data Wrangler reads one format, and makes missing what it cannot read") }
    guard let to = given.text("to"), let kind = ColumnKind(rawValue: to) else { throw Unmapped("it names no type") }
    let name = try Self.typeName(kind)
    return try columns.map { column in
      var inner: Parameters = [
        "column": .text(column), "original_data_type": "String", "data_type": .text(name),
      ]
      let pattern = try formats.first.map(Self.pattern)
      if kind == .date {
        guard let pattern else { throw Unmapped("Data Wrangler wants the format of a date") }
        inner["date_formatting"] = .text(pattern)
      } else if let pattern {
        inner["datetime_formatting"] = .text(pattern)
      }
      return DraftedNode("cast_single_data_type", inner)
    }
  }

  /// A format of strptime as a pattern of Java's DateTimeFormatter.
  private static func pattern(_ format: String) throws -> String {
    let words: [Character: String] = [
      "Y": "yyyy", "y": "yy", "B": "MMMM", "b": "MMM", "m": "MM", "d": "dd", "H": "HH", "I": "hh", "M": "mm",
      "S": "ss", "g": "SSS", "p": "a", "a": "EEE",
    ]
    var result = ""
    var characters = Array(format)[...]
    while let character = characters.popFirst() {
      guard character == "%" else {
        result += character.isLetter ? "'\(character)'" : String(character)
        continue
      }
      var code = characters.popFirst()
      let isShort = code == "-"
      if isShort { code = characters.popFirst() }
      guard let code, let word = words[code] else { throw Unmapped("Java has no pattern for \(format)") }
      result += isShort ? String(word.prefix(1)) : word
    }
    return result
  }

  // MARK: - Search

  mutating func search(_ id: String, _ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let method = given.text("method") ?? ""
    let suffix = given.text("suffix")
    switch id {
    case FindText.info.id: return try find(given, columns, method, suffix)
    case ExtractText.info.id:
      if given.flag("ignore_case") { throw Unmapped("Data Wrangler tells capitals apart") }
      let ending = suffix ?? "_part"
      switch method {
      case "regex":
        let inner: Parameters = ["pattern": given["pattern"] ?? "", "index": given["group"] ?? 0]
        return each(columns, ending, "search_and_edit", "Extract using regex", inner)
      case "between":
        if given.flag("inclusive") { throw Unmapped("Data Wrangler leaves the delimiters out") }
        return each(columns, ending, "search_and_edit", "Extract between delimiters", delimiters(given))
      default: return each(columns, ending, "search_and_edit", "Extract from position", places(given))
      }
    case ReplaceText.info.id: return try replace(given, columns, method, suffix)
    default: return try split(given)
    }
  }

  private func delimiters(_ given: Parameters) -> Parameters {
    ["left_delimiter": given["left"] ?? "", "right_delimiter": given["right"] ?? ""]
  }

  private func places(_ given: Parameters) -> Parameters {
    let start = given.integer("start") ?? 1
    let length = given.integer("end").map { max(0, $0 - start + 1) } ?? 1_000_000
    return ["start_position": .number(Double(start)), "length": .number(Double(length))]
  }

  private mutating func find(
    _ given: Parameters, _ columns: [String], _ method: String, _ suffix: String?
  ) throws -> [DraftedNode] {
    let ignores = given.flag("ignore_case")
    let pattern = given.text("pattern") ?? ""
    let isRegex = given["regex"]?.flag ?? true
    let written = Parameter.text(isRegex ? pattern : Self.escaped(pattern))
    switch method {
    case "position":
      if ignores { throw Unmapped("Data Wrangler tells capitals apart") }
      note(.differs, "counts places from 0 there, and -1 is not found", why: "here from 1, and 0 is not found")
      var inner: Parameters = ["needle": .text(pattern)]
      if let start = given.integer("start"), start > 1 { inner["start_index"] = .number(Double(start - 1)) }
      if let end = given["end"] { inner["end_index"] = end }
      let variant = given.text("side") == "right" ? "Find substring (from right)" : "Find substring"
      return each(columns, suffix ?? "_position", "search_and_edit", variant, inner)
    case "matches":
      let place = given.text("where") ?? "anywhere"
      let full = place == "start" ? pattern : place == "whole" ? "(?:\(pattern))$" : "(?s:.*)(?:\(pattern))"
      let inner: Parameters = [
        "pattern": place == "start"
          ? written : .text(isRegex ? full : full.replacing(pattern, with: Self.escaped(pattern))),
        "case": .flag(!ignores),
      ]
      return each(columns, suffix ?? "_matches", "search_and_edit", "Matches", inner)
    case "all":
      let inner: Parameters = ["pattern": .text((ignores ? "(?i)" : "") + (written.text ?? ""))]
      return each(columns, suffix ?? "_all", "search_and_edit", "Find all occurrences", inner)
    default: throw Unmapped("Data Wrangler does not count occurrences")
    }
  }

  private func replace(
    _ given: Parameters, _ columns: [String], _ method: String, _ suffix: String?
  ) throws -> [DraftedNode] {
    let flag = given.flag("ignore_case") ? "(?i)" : ""
    if given.flag("first"), method != "position" { throw Unmapped("Data Wrangler replaces every occurrence") }
    let with = given.text("with") ?? ""
    switch method {
    case "regex", "plain":
      let pattern = given.text("pattern") ?? ""
      let isRegex = method == "regex"
      let replacement =
        isRegex ? with.replacing("\\", with: "$") : with.replacing("\\", with: "\\\\").replacing("$", with: "\\$")
      let inner: Parameters = [
        "pattern": .text(flag + (isRegex ? pattern : Self.escaped(pattern))), "replacement": .text(replacement),
      ]
      return each(columns, suffix, "search_and_edit", "Find and replace substring", inner)
    case "missing":
      let pattern = given.text("pattern") ?? ""
      let isWhole = given.text("where") == "whole"
      let inner: Parameters = ["pattern": .text(flag + (isWhole ? pattern : "(?s:.*)(?:\(pattern))(?s:.*)"))]
      return each(columns, suffix, "search_and_edit", "Convert regex to missing", inner)
    case "between":
      if given.flag("inclusive") { throw Unmapped("Data Wrangler leaves the delimiters where they are") }
      var inner = delimiters(given)
      inner["replacement"] = .text(with)
      return each(columns, suffix, "search_and_edit", "Replace between delimiters", inner)
    default:
      var inner = places(given)
      inner["replacement"] = .text(with)
      return each(columns, suffix, "search_and_edit", "Replace from position", inner)
    }
  }

  private func split(_ given: Parameters) throws -> [DraftedNode] {
    guard given.text("output") == "list" else { throw Unmapped("Data Wrangler splits into a list") }
    let column = given.text("column") ?? ""
    let delimiter = given["delimiter"]?.text ?? ","
    let isRegex = given.flag("regex")
    if isRegex, delimiter != "\\s+" { throw Unmapped("Data Wrangler splits at a text, not at an expression") }
    var inner: Parameters = ["input_column": .text(column), "delimiter": .text(isRegex ? "" : delimiter)]
    let name = given.text("name") ?? column + "_parts"
    if name != column { inner["output_column"] = .text(name) }
    if let most = given.integer("max"), most > 0 { inner["limit"] = .number(Double(most + 1)) }
    let gone = given.flag("drop") && name != column
    return [DraftedNode("search_and_edit", "Split string by delimiter", inner)] + drop(gone ? [column] : [])
  }

  /// A text as an expression that finds it.
  private static func escaped(_ text: String) -> String {
    text.map { "\\.^$|?*+()[]{}".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
