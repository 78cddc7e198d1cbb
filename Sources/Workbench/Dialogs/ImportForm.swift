import Frame
import Widgets

/// The fields of the import dialog, and the source that they describe.
enum ImportForm {
  /// The fields for a source as it was when the dialog opened.
  /// - Parameters:
  ///   - method: the import rule that is chosen now.
  ///   - schema: columns as they are read now; nil while they are not known.
  ///   - types: column types that the person chose.
  ///   - format: what the source is read as now; nil while that is not known.
  ///   - sheets: the sheets of a workbook, as far as they are known.
  static func fields(
    for source: Source, method: String, schema: Schema?, types: [String: String], isEditing: Bool,
    format: SourceFormat? = nil, sheets: [String] = []
  ) -> [FormField] {
    let format = format ?? Self.format(source)
    var fields = rowFields(source.rows, method, schema)
    if asksFormat(source) { fields.append(formatField(source)) }
    switch format {
    case .csv, .tsv, nil: fields += textFields(source.options)
    case .xlsx: fields += sheetFields(source.options, sheets)
    case .fwf: fields += fixedFields(source.options)
    case .json, .jsonl, .parquet: break
    }
    if format != .parquet, let schema, !schema.isEmpty { fields += typeFields(schema, types) }
    if PlaceList.isMeant(for: source) { fields.append(placesField(source)) }
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

  /// What a source is before anybody has looked into it; nil where neither its name nor its options say.
  static func format(_ source: Source) -> SourceFormat? {
    source.format ?? source.options.impliedFormat ?? SourceFormat(path: source.location)
  }

  /// True for a source whose name leaves open what it is, tables elsewhere aside.
  private static func asksFormat(_ source: Source) -> Bool {
    if source.format != nil { return true }
    if Source.isElsewhere(source.location), !source.location.lowercased().hasPrefix("s3:") { return false }
    return SourceFormat.isVague(source.location) || SourceFormat(path: source.location) == nil
  }

  private static func formatField(_ source: Source) -> FormField {
    let names: [SourceFormat: String] = [
      .csv: "CSV", .tsv: "TSV", .json: "JSON", .jsonl: "JSON lines", .parquet: "Parquet", .xlsx: "Excel",
      .fwf: "fixed width",
    ]
    return .choice(
      "format", "Format",
      [FormOption("", "found by itself")] + SourceFormat.allCases.map { FormOption($0.rawValue, names[$0]) },
      selected: source.format?.rawValue ?? "",
      help:
        "What the file is. It is found from its name and its beginning; choose one when the preview below shows "
        + "everything in a single column, or columns where there are none.")
  }

  private static func placesField(_ source: Source) -> FormField {
    .text(
      "also", "Also", PlaceList.text(source), placeholder: "this one alone",
      help:
        "More files, or more objects on S3, that are read below this one as one dataset, in this order: names in the same "
        + "folder, or paths, with commas between them. Columns are brought together by their names; one that a file lacks "
        + "is missing in its rows.")
  }

  private static func headerField(_ options: ReadOptions, _ help: String) -> FormField {
    .radio(
      "header", "Header", [FormOption("auto", "found by itself"), FormOption("yes"), FormOption("no")],
      selected: options.hasHeader.map { $0 ? "yes" : "no" } ?? "auto", help: help)
  }

  private static func sheetFields(_ options: ReadOptions, _ sheets: [String]) -> [FormField] {
    var names = sheets
    if let own = options.sheet, !own.isEmpty, !names.contains(own) { names.insert(own, at: 0) }
    return [
      .choice(
        "sheet", "Sheet", [FormOption("", "the first")] + names.map { FormOption($0) }, selected: options.sheet ?? "",
        help: "The sheet of the workbook that becomes the dataset. One sheet is one table."),
      .text(
        "range", "Cells", options.range ?? "", placeholder: "all that are filled",
        help:
          "The cells to read, as a spreadsheet writes them: B3:F200, the columns B:F, or the rows 3:200. Without it "
          + "everything that is filled is read; a title that stands above the table is passed over."),
      headerField(
        options,
        "Whether the first row holds the names of the columns. Without names they are called A, B and so on, as in the "
          + "spreadsheet."),
    ]
  }

  private static func fixedFields(_ options: ReadOptions) -> [FormField] {
    let places = options.cuts.map { $0.map(\.description) } ?? options.widths.map { $0.map(String.init) } ?? []
    return [
      .text(
        "places", "Columns", places.joined(separator: ","), placeholder: "found from what is blank in every line",
        help:
          "Where the columns stand in a line: their widths in characters, 3,12,9, or the places from and to, 0-3,3-15,15-, "
          + "where the first character is 0 and the end is not included. Without them the columns are found: they are "
          + "what stands between the places that are blank in every line."),
      .text(
        "names", "Names", (options.names ?? []).joined(separator: ","), placeholder: "from the header",
        help: "The names of the columns, from left to right, with commas between them."),
      headerField(
        options,
        "Whether the first line holds the names of the columns. With a name for every column it is taken as data."),
    ]
  }

  private static func textFields(_ options: ReadOptions) -> [FormField] {
    var delimiters = [
      FormOption("", "found by itself"), FormOption(",", "comma ,"), FormOption(";", "semicolon ;"),
      FormOption("\t", "tab"), FormOption("|", "bar |"), FormOption(" ", "blank"),
    ]
    if let own = options.delimiter, !delimiters.contains(where: { $0.id == own }) { delimiters.append(FormOption(own)) }
    return [
      headerField(
        options,
        "Whether the first line holds the names of the columns. Without names they are called column1, column2 and so on."
      ),
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
    if form["also"] != nil { source.also = PlaceList.places(form.text("also"), beside: base.location) }
    if form["format"] != nil { source.format = SourceFormat(rawValue: form.text("format")) }
    let sheet = form["sheet"] == nil ? "" : form.text("sheet")
    let range = form["range"] == nil ? "" : form.text("range")
    source.options.sheet = sheet.isEmpty ? nil : sheet
    // What is half typed is not asked for yet.
    source.options.range = ReadOptions.isRange(range) ? range : nil
    let places = form["places"] == nil ? "" : form.text("places")
    source.options.widths = ColumnCut.widths(places)
    source.options.cuts = ColumnCut.list(places)
    if form["names"] != nil {
      let names = form.text("names").split(separator: ",", omittingEmptySubsequences: false).map {
        String($0).trimmingBlanks
      }
      source.options.names = names.allSatisfy(\.isEmpty) ? nil : names
    }
    guard form["header"] != nil else { return source }
    switch form.text("header") {
    case "yes": source.options.hasHeader = true
    case "no": source.options.hasHeader = false
    default: source.options.hasHeader = nil
    }
    guard form["delimiter"] != nil else { return source }
    let delimiter = form.text("delimiter")
    source.options.delimiter = delimiter.isEmpty ? nil : delimiter
    source.options.skipBadRows = form.isOn("skip")
    return source
  }

  /// What still keeps the source from being read, with its field; nil where nothing does.
  static func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if form["count"] != nil, form.integer("count") == nil { return ("count", "say how many rows to keep") }
    if form["range"] != nil, !form.text("range").trimmingBlanks.isEmpty, !ReadOptions.isRange(form.text("range")) {
      return ("range", "write cells as B3:F200, B:F or 3:200")
    }
    if form["places"] != nil, !form.text("places").trimmingBlanks.isEmpty,
      ColumnCut.widths(form.text("places")) == nil, ColumnCut.list(form.text("places")) == nil
    {
      return ("places", "write widths as 3,12,9 or places as 0-3,3-15,15-")
    }
    if form["by"] != nil, form.text("by").isEmpty { return ("by", "choose the column whose proportions to keep") }
    return nil
  }
}
