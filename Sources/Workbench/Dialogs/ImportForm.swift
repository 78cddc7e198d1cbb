import Frame
import Widgets

/// The fields of the import dialog, and the source that they describe.
enum ImportForm {
  /// The fields for a source as it was when the dialog opened.
  /// - Parameters:
  ///   - method: the import rule that is chosen now.
  ///   - schema: columns as they are read now; nil while they are not known.
  ///   - types: column types that the person chose.
  static func fields(
    for source: Source, method: String, schema: Schema?, types: [String: String], isEditing: Bool
  ) -> [FormField] {
    let format = source.format ?? SourceFormat(path: source.location)
    var fields = rowFields(source.rows, method, schema)
    if format?.isDelimited ?? true { fields += textFields(source.options) }
    if format != .parquet, let schema, !schema.isEmpty { fields += typeFields(schema, types) }
    let buttons = [FormOption("import", isEditing ? "Read again" : "Import"), FormOption("cancel", "Back")]
    return fields + [.buttons(buttons)]
  }

  private static func rowFields(_ rows: ImportRows, _ method: String, _ schema: Schema?) -> [FormField] {
    var fields: [FormField] = [
      .radio(
        "rows", "Rows",
        [
          FormOption("all", "all"), FormOption("first", "first"), FormOption("random", "random"),
          FormOption("stratified", "stratified"),
        ], selected: method,
        help:
          "Which rows become the dataset: all of them, the first ones, a random sample, or a random sample that keeps "
          + "the proportions of a column, so that rare values are still there. The flow remembers the choice and its "
          + "seed."
      )
    ]
    guard method != "all" else { return fields }
    let (count, seed, column) = Self.values(of: rows)
    fields.append(
      .number(
        "count", "How many", String(count), in: 1...1e12, isInteger: true,
        help: "The number of rows to keep. Where the file has fewer, all of them are kept."))
    if method == "stratified" {
      let known = schema ?? []
      let wanted = column ?? known.first { $0.kind == .text || $0.kind == .boolean }?.name ?? known.first?.name
      fields.append(
        .choice(
          "by", "By column", ColumnChoices.options(known), selected: wanted,
          help:
            "Each value of this column keeps its share of the rows. Choose the label that you want to predict, or the "
            + "groups that you compare."))
    }
    if method != "first" {
      fields.append(
        .number(
          "seed", "Seed", String(seed), in: 0...9e15, isInteger: true,
          help: "Starts the random choice. The same seed chooses the same rows again, on any machine."))
    }
    return fields
  }

  private static func values(of rows: ImportRows) -> (count: Int, seed: UInt64, column: String?) {
    switch rows {
    case .all: (10_000, 0, nil)
    case .first(let count): (count, 0, nil)
    case .random(let count, let seed): (count, seed, nil)
    case .stratified(let count, let column, let seed): (count, seed, column)
    }
  }

  /// The rule's name among the options.
  static func method(of rows: ImportRows) -> String {
    switch rows {
    case .all: "all"
    case .first: "first"
    case .random: "random"
    case .stratified: "stratified"
    }
  }

  private static func textFields(_ options: ReadOptions) -> [FormField] {
    let header = options.hasHeader.map { $0 ? "yes" : "no" } ?? "auto"
    var delimiters = [
      FormOption("", "found by itself"), FormOption(",", "comma ,"), FormOption(";", "semicolon ;"),
      FormOption("\t", "tab"), FormOption("|", "bar |"), FormOption(" ", "blank"),
    ]
    if let own = options.delimiter, !delimiters.contains(where: { $0.id == own }) { delimiters.append(FormOption(own)) }
    return [
      .radio(
        "header", "Header", [FormOption("auto", "found by itself"), FormOption("yes"), FormOption("no")],
        selected: header,
        help:
          "Whether the first line holds the names of the columns. Without names they are called column0, column1 and "
          + "so on."),
      .choice(
        "delimiter", "Delimiter", delimiters, selected: options.delimiter ?? "",
        help:
          "The character between two fields of a line. It is found from the beginning of the file; choose one when the "
          + "preview below shows everything in a single column."),
      .check(
        "skip", "Bad rows", "leave out rows of the wrong length", isOn: options.skipBadRows,
        help:
          "A row with more or fewer fields than the header stops the import, with its line number, because a shifted "
          + "row is wrong in every column. Leaving such rows out counts them and says how many there were."),
    ]
  }

  private static func typeFields(_ schema: Schema, _ types: [String: String]) -> [FormField] {
    let options = schema.map { column in
      FormOption(column.name, "\(column.name) (\(column.kind.rawValue)\(types[column.name] == nil ? "" : ", chosen"))")
    }
    let kinds = ColumnKind.allCases.filter { $0 != .other }.map { FormOption($0.typeName, $0.rawValue) }
    return [
      .choice(
        "column", "Column", options,
        help: "A column that should be read as another type than the one found: a postal code as text, for example."),
      .choice(
        "type", "read as", [FormOption("", "as found")] + kinds, selected: "",
        help:
          "The type of the column chosen above. Values that cannot be read as this type are an error here; the step "
          + "Data types makes them missing instead."),
    ]
  }

  /// The source that the fields describe.
  static func source(_ base: Source, _ form: FormState, types: [String: String]) -> Source {
    var source = base
    let count = max(1, form.integer("count") ?? 1)
    let seed = UInt64(max(0, form.integer("seed") ?? 0))
    switch form.text("rows") {
    case "first": source.rows = .first(count)
    case "random": source.rows = .random(count, seed: seed)
    case "stratified": source.rows = .stratified(count, column: form.text("by"), seed: seed)
    default: source.rows = .all
    }
    source.options.types = types
    guard form["header"] != nil else { return source }
    switch form.text("header") {
    case "yes": source.options.hasHeader = true
    case "no": source.options.hasHeader = false
    default: source.options.hasHeader = nil
    }
    let delimiter = form.text("delimiter")
    source.options.delimiter = delimiter.isEmpty ? nil : delimiter
    source.options.skipBadRows = form.isOn("skip")
    return source
  }

  /// What still keeps the source from being read, with its field; nil where nothing does.
  static func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if form["count"] != nil, form.integer("count") == nil { return ("count", "say how many rows to keep") }
    if form["by"] != nil, form.text("by").isEmpty { return ("by", "choose the column whose proportions to keep") }
    return nil
  }
}
