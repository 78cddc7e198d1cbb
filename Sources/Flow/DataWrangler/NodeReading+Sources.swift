import Frame

extension NodeReading {
  /// The source, and what the file calls it. A place in the cloud is kept as it is; the caller gives files for it.
  func source() -> (source: Source, name: String) {
    let dataset = arguments.record("dataset_definition") ?? arguments
    let name = dataset.text("name") ?? node.name ?? node.kind
    if let s3 = dataset.record("s3ExecutionContext") {
      return (s3Source(s3), name)
    }
    let area = node.kind.replacing("_source", with: "")
    let place = [
      dataset.text("catalogName"), dataset.text("databaseName", "database", "schema"), name,
    ]
    let path = place.compactMap { $0 }.joined(separator: "/")
    let query = dataset.text("queryString", "sqlQuery", "query")
    note(
      .info, "reads \(area) in Data Wrangler" + (query.map { ": \($0)" } ?? ""),
      why: "assay reads files", advice: "Export its rows, and give the file with --input")
    return (Source(location: "\(area)://\(path)"), name)
  }

  private func s3Source(_ s3: NodeArguments) -> Source {
    var source = Source(location: s3.text("s3Uri") ?? "s3://")
    let format = s3.text("s3ContentType")?.lowercased() ?? ""
    source.format = SourceFormat(rawValue: format)
    if source.format == nil, !format.isEmpty {
      note(.differs, "is \(format.uppercased()) there", why: "assay does not read it", advice: "Convert it to Parquet")
    }
    if source.format?.isDelimited == true {
      source.options.hasHeader = s3.flag("s3HasHeader")
      source.options.delimiter = s3.text("s3FieldDelimiter")
      if source.options.delimiter == "\t" { source.format = .tsv }
      if let lines = s3.integer("s3SkipLines"), lines > 0 {
        note(.differs, "skips \(lines) lines before the header there", advice: "Give a file without them")
      }
    }
    if source.location.hasSuffix("/") {
      note(.info, "is a folder there", why: "assay reads one file", advice: "Give one file with --input")
    }
    if s3.flag("s3AddsFilenameColumn") == true {
      note(.differs, "has no column of file names here", why: "assay reads one file")
    }
    return source
  }

  /// The types that Data Wrangler found; nothing where it has not looked at the data yet.
  func inferredTypes() -> [DraftedStep] {
    guard let schema = node.trained?["schema"]?.record else {
      note(.info, "types are found by assay", why: "Data Wrangler has kept none")
      return []
    }
    let casts = schema.sorted { $0.key < $1.key }.compactMap { column, type in
      Self.kind(type.text ?? "").map { Cast(column, to: $0) }
    }
    guard !casts.isEmpty else { return [] }
    return [DraftedStep(.cast(casts), origin: ["operator": .text(node.operatorID)])]
  }

  static func kind(_ type: String) -> ColumnKind? {
    switch type.lowercased() {
    case "long", "int", "integer": .integer
    case "float", "double": .real
    case "string": .text
    case "bool", "boolean": .boolean
    case "date": .date
    case "datetime", "timestamp": .timestamp
    default: nil
    }
  }

  func castColumn() throws -> [DraftedStep] {
    guard let column = arguments.columns("column", "input_column").first else { throw Unmapped("it names no column") }
    guard let kind = Self.kind(arguments.text("data_type") ?? "") else {
      throw Unmapped("assay has no type \"\(arguments.text("data_type") ?? "")\" to cast to")
    }
    let from = arguments.text("original_data_type").flatMap(Self.kind)
    let format = kind == .date ? arguments.text("date_formatting") : arguments.text("datetime_formatting")
    var step = DraftedStep(.cast([Cast(column, to: kind)]))
    // Texts are read as dd-MM-yyyy there unless it is said otherwise.
    if kind == .date, format != "yyyy-MM-dd", from == .text || from == nil {
      step = DraftedStep(
        ParseValues.info.id,
        ["columns": named([column]), "to": "date", "formats": [.text(Self.strptime(format ?? "dd-MM-yyyy"))]])
    } else if kind == .timestamp, let format {
      step = DraftedStep(
        ParseValues.info.id, ["columns": named([column]), "to": "timestamp", "formats": [.text(Self.strptime(format))]])
    }
    switch arguments.text("non_castable_data_handling_method") ?? "replace_null" {
    case "replace_null": return [step]
    case "drop":
      return [step, DraftedStep(DropMissingRows.info.id, ["columns": named([column]), "how": "any"])]
    case "replace_value":
      let value = arguments.text("replace_value") ?? ""
      return [step, DraftedStep(FillMissing.info.id, ["columns": named([column]), "value": .text(value)])]
    default: throw Unmapped("assay keeps no column of the values that could not be cast")
    }
  }

  /// A pattern of Java's DateTimeFormatter as one of strptime: `dd-MM-yyyy` as `%d-%m-%Y`.
  static func strptime(_ pattern: String) -> String {
    let words = [
      ("yyyy", "%Y"), ("yy", "%y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("M", "%-m"), ("dd", "%d"),
      ("d", "%-d"), ("HH", "%H"), ("hh", "%I"), ("mm", "%M"), ("ss", "%S"), ("SSS", "%g"), ("a", "%p"), ("EEE", "%a"),
    ]
    if pattern.contains("%") { return pattern }
    var result = ""
    var rest = Substring(pattern)
    while let first = rest.first {
      if first == "'" {
        let text = rest.dropFirst().prefix { $0 != "'" }
        result += text
        rest = rest.dropFirst(text.count + 2)
      } else if let (word, code) = words.first(where: { rest.hasPrefix($0.0) }) {
        result += code
        rest = rest.dropFirst(word.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
