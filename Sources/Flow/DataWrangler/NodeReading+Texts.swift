// Features of texts and dates, formats, search and checks.

import Frame

extension NodeReading {
  private var variant: String { arguments.text("operator") ?? "" }

  /// The new column of a step that writes one: as it is named there, or in place of the column itself.
  ///
  /// assay's steps add a column of the old name and an ending. Another name is given by a rename after it; without a name
  /// the old column goes.
  private func adding(
    _ id: String, _ given: NodeArguments, _ parameters: Parameters, ending: String
  ) throws -> [DraftedStep] {
    let columns = try required(given)
    let output = given.text("output_column")
    return columns.flatMap { column -> [DraftedStep] in
      var own = parameters
      own["columns"] = named([column])
      let name = output.map { columns.count == 1 ? $0 : "\($0)_\(column)" } ?? column
      if name != column, name.hasPrefix(column) {
        own["suffix"] = .text(String(name.dropFirst(column.count)))
        return [DraftedStep(id, own)]
      }
      own["suffix"] = .text(ending)
      let dropped = name == column ? [DraftedStep(.drop([column]))] : []
      return [DraftedStep(id, own)] + dropped + [renaming(column + ending, to: name)]
    }
  }

  /// A step that changes columns in their place.
  private func changing(_ id: String, _ given: NodeArguments, _ parameters: Parameters) throws -> [DraftedStep] {
    let (copies, columns) = outputs(given, try required(given))
    var own = parameters
    own["columns"] = named(columns)
    return copies + [DraftedStep(id, own)]
  }

  // MARK: - Features

  func featurizeText() throws -> [DraftedStep] {
    let given = arguments.variant(variant)
    switch NodeArguments.snake(variant) {
    case "character_statistics":
      let columns = try required(given)
      let prefix = given.text("output_column_prefix", "output_prefix")
      let renamings = columns.flatMap { column -> [Renaming] in
        let stem = prefix.map { columns.count == 1 ? $0 : "\($0)_\(column)" } ?? column + "_"
        guard stem != column + "-stats" else { return [] }
        return TextStatistics.statistics.map { Renaming("\(column)-stats_\($0)", to: "\(stem)_\($0)") }
      }
      let step = DraftedStep(TextStatistics.info.id, ["columns": named(columns)])
      return renamings.isEmpty ? [step] : [step, DraftedStep(.rename(renamings))]
    case "vectorize": return try vectorize(given)
    default: throw Unmapped("assay has no \"\(variant)\" of text")
    }
  }

  private func vectorize(_ given: NodeArguments) throws -> [DraftedStep] {
    let column = try required(given)[0]
    let output = given.text("output_column", "output_column_prefix") ?? "\(column)_features"
    let isVector = NodeArguments.snake(given.text("output_format") ?? "Vector") == "vector"
    // A list is called after the prefix, with vector at the end.
    let isNamed = isVector && output.hasSuffix("_vector")
    let prefix = isNamed ? String(output.dropLast("vector".count)) : output + "_"
    var parameters: Parameters = [
      "column": .text(column), "prefix": .text(prefix), "output": isVector ? "list" : "columns",
    ]
    if NodeArguments.snake(given.text("tokenizer") ?? "Standard") == "custom" {
      let custom = given.variant("tokenizer_custom")
      parameters["tokenizer"] = "custom"
      parameters["pattern"] = .text(custom.text("pattern") ?? "\\s+")
      parameters["gaps"] = .flag(custom.flag("gaps") ?? true)
      parameters["min_length"] = .number(custom.number("minimum_token_length") ?? 1)
      parameters["lowercase"] = .flag(custom.flag("lowercase_before_tokenization") ?? true)
    } else {
      _ = given.variant("tokenizer_standard")
    }
    if NodeArguments.snake(given.text("vectorizer") ?? "Count Vectorizer") == "hashing" {
      parameters["vectorizer"] = "hashing"
      let number = given.variant("vectorizer_hashing").number("number_of_features") ?? 262_144
      parameters["features"] = .number(number)
      note(.differs, "puts terms into other places of the list", why: "its hash function is not Spark's")
    } else {
      let count = given.variant("vectorizer_count_vectorizer")
      parameters["vectorizer"] = "count"
      parameters["min_term_freq"] = .number(count.number("minimum_term_frequency") ?? 1)
      parameters["min_doc_freq"] = .number(count.number("minimum_document_frequency") ?? 1)
      parameters["max_doc_freq"] = .number(count.number("maximum_document_frequency") ?? 1)
      parameters["vocabulary"] = .number(min(count.number("maximum_vocabulary_size") ?? 10_000, 262_144))
      parameters["binary"] = .flag(count.flag("binarize_count") ?? false)
      noteRelearned("the vocabulary")
    }
    if NodeArguments.snake(given.text("apply_idf") ?? "No") == "yes" {
      parameters["idf"] = "spark"
      let least = given.variant("apply_idf_yes").number("minimum_document_frequency") ?? 1
      parameters["idf_min_doc_freq"] = .number(least)
    }
    let step = DraftedStep(Vectorise.info.id, parameters)
    return isVector && !isNamed ? [step, renaming(output + "_vector", to: output)] : [step]
  }

  func featurizeDates() throws -> [DraftedStep] {
    let given = variant.isEmpty ? arguments : arguments.variant(variant)
    let column = try required(given)[0]
    let output = given.text("output_column", "output_column_prefix") ?? column
    let parts = [
      "year", "month", "day", "hour", "minute", "second", "week_of_year", "day_of_year", "quarter",
    ].filter { given.flag($0) == true }
    guard !parts.isEmpty else { throw Unmapped("it asks for no part of the date") }
    let isCyclic = NodeArguments.snake(given.text("output_mode", "embedding") ?? "Ordinal") == "cyclic"
    let isVector = NodeArguments.snake(given.text("output_format") ?? "Columns") == "vector"
    _ = given.flag("infer_datetime_format")
    let format = given.text("date_time_format")
    let countsFromOne = given.flag("use_one_indexing") ?? false
    if !isCyclic, !countsFromOne, parts.contains(where: { !["year", "hour", "minute", "second"].contains($0) }) {
      note(
        .differs, "counts months, days, weeks and quarters from 1",
        why: "Data Wrangler counts them from 0 unless it is told otherwise")
    }
    if isCyclic {
      note(.info, "calls the columns of a part _sin and _cos", why: "Data Wrangler calls them _1 and _2")
    }
    var steps: [DraftedStep] = []
    var source = column
    // Texts become times first, in a column that goes again.
    if format != nil || kinds[column] == .text {
      source = "\(column)__time"
      var parse: Parameters = ["columns": named([source]), "to": "timestamp"]
      if let format { parse["formats"] = [.text(format)] }
      steps = [
        DraftedStep(DuplicateColumn.info.id, ["column": .text(column), "name": .text(source)]),
        DraftedStep(ParseValues.info.id, parse),
      ]
    }
    let step: Parameters = [
      "columns": named([source]), "parts": named(parts), "embedding": isCyclic ? "cyclic" : "ordinal",
      "output": isVector ? "list" : "columns", "drop": .flag(source != column),
      "prefix": .text(isVector && output.hasSuffix("_parts") ? String(output.dropLast("parts".count)) : output + "_"),
    ]
    steps.append(DraftedStep(DateParts.info.id, step))
    if isVector, !output.hasSuffix("_parts"), output != column { steps.append(renaming(output + "_parts", to: output)) }
    return steps
  }

  // MARK: - Formats and checks

  static let formats: [(name: String, method: String)] = [
    ("Left pad", "pad-left"), ("Right pad", "pad-right"), ("Center (pad on either side)", "center"),
    ("Prepend zeros", "zeros"), ("Strip left and right", "strip"), ("Strip characters from left", "strip-left"),
    ("Strip characters from right", "strip-right"), ("Lower case", "lower"), ("Upper case", "upper"),
    ("Title case", "title"), ("Capitalize", "capitalize"), ("Swap case", "swap-case"), ("Add prefix", "prefix"),
    ("Add suffix", "suffix"), ("Remove symbols", "remove-symbols"),
  ]

  func formatText() throws -> [DraftedStep] {
    let name = NodeArguments.snake(variant)
    let given = arguments.variant(variant, also: "Center pad on either side")
    if name == "add_prefix_or_suffix" {
      let prefix = given.text("prefix").map { ("prefix", $0) }
      let pieces = [prefix, given.text("suffix").map { ("suffix", $0) }].compactMap { $0 }
      guard let piece = pieces.first, pieces.count == 1 else { throw Unmapped("it adds a prefix and a suffix at once") }
      return try changing(FormatText.info.id, given, ["method": .text(piece.0), "text": .text(piece.1)])
    }
    guard let method = Self.formats.first(where: { NodeArguments.snake($0.name) == name })?.method else {
      throw Unmapped("assay has no format \"\(variant)\"")
    }
    var parameters: Parameters = ["method": .text(method)]
    switch method {
    case "pad-left", "pad-right", "center", "zeros":
      parameters["width"] = .number(given.number("width", "minimum_width") ?? 10)
      if let fill = given.text("fill_character"), method != "zeros" { parameters["fill"] = .text(fill) }
      if method != "center" {
        note(.info, "leaves texts alone that are longer than the width", why: "Data Wrangler cuts them")
      }
    case "strip", "strip-left", "strip-right":
      if let text = given.text("characters_to_remove", "characters") { parameters["characters"] = .text(text) }
    case "prefix", "suffix": parameters["text"] = .text(given.text(method) ?? "")
    case "remove-symbols":
      parameters["symbols"] = .text(given.text("symbols") ?? "!@#$%^&*()_+=-/\\`~{}|<>?")
    default: break
    }
    return try changing(FormatText.info.id, given, parameters)
  }

  static let checks: [(name: String, check: String)] = [
    ("Is between length", "length"), ("Starts with", "starts-with"), ("Ends with", "ends-with"),
    ("Is alphanumeric", "alphanumeric"), ("Is alpha (letters)", "alphabetic"), ("Is alpha", "alphabetic"),
    ("Is digit", "digit"), ("Is space", "space"), ("Is title", "title"), ("Is lowercase", "lower"),
    ("Is uppercase", "upper"), ("Is numeric", "numeric"), ("Is decimal", "decimal"),
  ]

  func validateText() throws -> [DraftedStep] {
    let name = NodeArguments.snake(variant)
    guard let check = Self.checks.first(where: { NodeArguments.snake($0.name) == name })?.check else {
      throw Unmapped("assay has no check \"\(variant)\"")
    }
    let given = arguments.variant(variant)
    var parameters: Parameters = ["check": .text(check), "output": "number"]
    if check == "length" {
      if let least = given.number("min_length", "minimum_length") { parameters["min"] = .number(least) }
      if let most = given.number("max_length", "maximum_length") { parameters["max"] = .number(most) }
    }
    if check == "starts-with" || check == "ends-with" {
      guard let text = given.text("prefix", "suffix", "substring", "pattern") else {
        throw Unmapped("it names no text")
      }
      parameters["text"] = .text(text)
    }
    return try adding(ValidateText.info.id, given, parameters, ending: "__check")
  }

  // MARK: - Search

  func searchAndEdit() throws -> [DraftedStep] {
    let name = NodeArguments.snake(variant)
    let given = arguments.variant(variant, also: "Find and replace")
    switch name {
    case "find_and_replace_substring", "find_and_replace":
      let with = (given.text("replacement") ?? "").replacing("$", with: "\\")
      return try changing(
        ReplaceText.info.id, given, ["method": "regex", "pattern": try pattern(given), "with": .text(with)])
    case "find_substring", "find_substring_from_right":
      var parameters: Parameters = ["method": "position", "side": name.hasSuffix("right") ? "right" : "left"]
      parameters["pattern"] = .text(given.text("needle") ?? "")
      if let start = given.integer("start_index"), start > 0 { parameters["start"] = .number(Double(start + 1)) }
      if let end = given.integer("end_index") { parameters["end"] = .number(Double(end)) }
      note(
        .differs, "counts places from 1, and 0 is not found", why: "Data Wrangler counts from 0, and -1 is not found")
      return try adding(FindText.info.id, given, parameters, ending: "__position")
    case "matches":
      let matches: Parameters = [
        "method": "matches", "regex": true, "where": "start", "pattern": try pattern(given),
        "ignore_case": .flag(!(given.flag("case") ?? true)),
      ]
      return try adding(FindText.info.id, given, matches, ending: "__matches")
    case "find_all_occurrences":
      let all: Parameters = ["method": "all", "regex": true, "pattern": try pattern(given)]
      return try adding(FindText.info.id, given, all, ending: "__all")
    case "extract_using_regex":
      let pattern = try pattern(given)
      let hasGroup = pattern.text?.replacing("\\(", with: "").replacing("(?", with: "").contains("(") ?? false
      note(.info, "gives nothing where nothing is found", why: "Data Wrangler gives an empty text")
      return try adding(
        ExtractText.info.id, given,
        ["method": "regex", "pattern": pattern, "group": .number(given.number("index") ?? (hasGroup ? 1 : 0))],
        ending: "__part")
    case "extract_between_delimiters":
      return try adding(
        ExtractText.info.id, given, try delimiters(given, ["method": "between"]), ending: "__part")
    case "extract_from_position":
      return try adding(ExtractText.info.id, given, places(given), ending: "__part")
    case "replace_between_delimiters":
      let replace: Parameters = ["method": "between", "with": .text(given.text("replacement") ?? "")]
      return try changing(ReplaceText.info.id, given, try delimiters(given, replace))
    case "replace_from_position":
      var replace = places(given)
      replace["with"] = .text(given.text("replacement") ?? "")
      return try changing(ReplaceText.info.id, given, replace)
    case "convert_regex_to_missing":
      return try changing(
        ReplaceText.info.id, given, ["method": "missing", "where": "whole", "pattern": try pattern(given)])
    case "convert_non_matches_to_missing": return try nonMatches(given)
    case "split_string_by_delimiter", "split_by_delimiter": return try splitText(given)
    default: throw Unmapped("assay has no \"\(variant)\" of text")
    }
  }

  private func pattern(_ given: NodeArguments) throws -> Parameter {
    guard let pattern = given.text("pattern") else { throw Unmapped("it names no expression") }
    return .text(pattern)
  }

  private func delimiters(_ given: NodeArguments, _ parameters: Parameters) throws -> Parameters {
    guard let left = given.text("left_delimiter"), let right = given.text("right_delimiter") else {
      throw Unmapped("it names no delimiters")
    }
    var own = parameters
    (own["left"], own["right"]) = (.text(left), .text(right))
    return own
  }

  /// From a place, 1 is the first, over a length.
  private func places(_ given: NodeArguments) -> Parameters {
    let start = max(1, given.integer("start_position") ?? 1)
    var parameters: Parameters = ["method": "position", "start": .number(Double(start))]
    if let length = given.integer("length") { parameters["end"] = .number(Double(start + length - 1)) }
    return parameters
  }

  private func nonMatches(_ given: NodeArguments) throws -> [DraftedStep] {
    let (copies, columns) = outputs(given, try required(given))
    let pattern = SQL.text(try pattern(given).text ?? "")
    let items = columns.map { column in
      let name = SQL.identifier(column)
      return "CASE WHEN regexp_full_match(\(name), \(pattern)) THEN \(name) END AS \(name)"
    }
    let query = "SELECT * REPLACE (\(items.joined(separator: ", "))) FROM data"
    return copies + [DraftedStep(CustomSQL.info.id, ["query": .text(query)], origin: copies.isEmpty ? origin : nil)]
  }

  private func splitText(_ given: NodeArguments) throws -> [DraftedStep] {
    let column = try required(given)[0]
    let delimiter = given.text("delimiter")
    var parameters: Parameters = [
      "column": .text(column), "delimiter": .text(delimiter ?? "\\s+"), "regex": .flag(delimiter == nil),
      "output": "list",
    ]
    // A limit on parts, one more than splits.
    if let limit = given.integer("limit", "max_splits"), limit > 0 { parameters["max"] = .number(Double(limit - 1)) }
    let name = given.text("output_column") ?? column
    parameters["name"] = .text(name)
    parameters["drop"] = .flag(name == column)
    return [DraftedStep(SplitText.info.id, parameters)]
  }
}
