import Cloud
import Foundation
import Jobs

extension Database {
  /// Looks at a source: format, columns and types, from its beginning alone.
  ///
  /// Standard input is read to its end; text in another encoding is converted first.
  /// - Throws: `FrameError` that says what is wrong with the file, where, and what to do.
  public func open(_ source: Source, context: (any JobContext)? = nil) throws -> OpenedSource {
    try source.checkList()
    if S3Location.isMeant(by: source.location) || CatalogAddress.isMeant(by: source.location) {
      return try openRemote(source, context: context)
    }
    if TableAddress.isMeant(by: source.location) { return try checkingRule(openCluster(source, context)) }
    if !source.also.isEmpty { return try checkingRule(openList(source, context)) }
    let file = try source.location == "-" ? StandardInput.spool() : InputFile(path: source.location)
    if file.size == 0 { throw FrameError.empty(source.name) }
    let start = try file.read(at: 0, count: min(64 << 10, file.size))
    let isGzip = Content.isGzip(start)
    let format = try source.format ?? source.options.impliedFormat ?? guess(source, file, start, isGzip, context)
    return try opened(source, format, file, context)
  }

  /// Looks at a file in a format.
  func opened(
    _ source: Source, _ format: SourceFormat, _ file: InputFile, _ context: (any JobContext)?
  ) throws -> OpenedSource {
    try source.options.check(format, source.name)
    let start = try file.read(at: 0, count: min(64 << 10, file.size))
    let isGzip = Content.isGzip(start)
    switch format {
    case .csv, .tsv:
      let opener = DelimitedOpener(
        database: self, source: source, format: format, isGzip: isGzip, context: context)
      return try checkingRule(opener.open(file))
    case .json, .jsonl: return try checkingRule(openJSON(source, format, file, start, isGzip: isGzip))
    case .parquet: return try checkingRule(openParquet(source, file, start))
    case .xlsx: return try checkingRule(openWorkbook(source, file, context))
    case .fwf:
      let opener = FixedOpener(database: self, source: source, isGzip: isGzip, context: context)
      return try checkingRule(opener.open(file))
    }
  }

  /// The first rows of a source, read from its beginning alone whatever its size and import rule.
  /// - Parameter rows: how many at most.
  public func preview(_ source: Source, rows: Int = 200, context: (any JobContext)? = nil) throws -> Preview {
    try preview(open(source, context: context), rows: rows, context: context)
  }

  /// The first rows of an opened source.
  public func preview(_ opened: OpenedSource, rows: Int = 200, context: (any JobContext)? = nil) throws -> Preview {
    if let table = opened.clusterTable {
      let isCut = !table.first.complete || table.first.table.rowCount > rows
      return Preview(
        schema: opened.schema, table: table.first.table.prefix(rows), complete: !isCut, notes: opened.notes, bytes: nil)
    }
    let limited: String
    if case .delimited(var layout) = opened.layout, let head = opened.head {
      layout.isGzip = false
      limited = "SELECT * FROM (\(layout.select(head.file.path))) LIMIT \(rows + 1)"
    } else {
      limited = "SELECT * FROM (\(opened.allRowsSQL)) LIMIT \(rows + 1)"
    }
    let table = try located(opened) { try query(limited, context: context) }
    let isCut = table.rowCount > rows || opened.head.map { !$0.isWhole } ?? false
    return Preview(
      schema: opened.schema, table: table.prefix(rows), complete: !isCut, notes: opened.notes, bytes: opened.bytes,
      format: opened.format)
  }

  func guess(
    _ source: Source, _ file: InputFile, _ start: [UInt8], _ isGzip: Bool, _ context: (any JobContext)?
  ) throws -> SourceFormat {
    if !SourceFormat.isVague(source.location), let named = SourceFormat(path: source.location) { return named }
    let format = isGzip ? .csv : SourceFormat(content: start)
    return try format == .csv ? textFormat(source, file, isGzip: isGzip, context) : format
  }

  /// Refuses an import rule that names a column which is not there.
  func checkingRule(_ opened: OpenedSource) throws -> OpenedSource {
    guard case .stratified(_, let column, _) = opened.source.rows, opened.schema.column(named: column) == nil else {
      return opened
    }
    throw FrameError(
      .noSuchColumn, location: opened.source.name, column: column, what: "there is no such column to stratify by",
      advice: "The columns are \(ColumnNames.listed(opened.schema.map(\.name))).")
  }

  private func openJSON(
    _ source: Source, _ format: SourceFormat, _ file: InputFile, _ start: [UInt8], isGzip: Bool
  ) throws -> OpenedSource {
    if !isGzip {
      if let guess = Content.knownBinary(start) { throw FrameError.binary(source.name, looksLike: guess) }
      if Content.isBinary(start) { throw FrameError.binary(source.name, looksLike: nil) }
      if start.allSatisfy({ $0 <= 0x20 }) && file.size == start.count { throw FrameError.empty(source.name) }
    }
    let shape = isGzip ? .auto : JSONLayout.shape(of: start)
    var layout = JSONLayout(shape: shape, isGzip: isGzip)
    let readsAll = file.size <= 16 << 20
    var opened = OpenedSource(
      source: source, format: format, schema: [], bytes: file.size, notes: [], layout: .json(layout), file: file,
      original: file, head: nil)
    let inferred = try located(opened) { try describe(layout.inference(file.path, readsAll: readsAll)) }
    if !readsAll { opened.notes.append("The columns are those of the first \(JSONLayout.sample) records.") }
    layout.columns = JSONLayout.fixed(inferred, source.options.types)
    opened.layout = .json(layout)
    opened.schema = layout.columns ?? inferred
    return opened
  }

  private func openParquet(_ source: Source, _ file: InputFile, _ start: [UInt8]) throws -> OpenedSource {
    let mark = Array("PAR1".utf8)
    guard start.starts(with: mark) else {
      throw FrameError(
        .malformed, location: source.name, what: "this is not a Parquet file: it does not start with PAR1",
        advice: "Check the name; a CSV or JSON file needs its own ending.")
    }
    guard file.size >= 12, try file.read(at: file.size - 4, count: 4) == mark else {
      throw FrameError(
        .malformed, location: source.name, what: "the Parquet file is cut off: its end is missing",
        advice: "Check that it was written or copied completely.")
    }
    var opened = OpenedSource(
      source: source, format: .parquet, schema: [], bytes: file.size, notes: [], layout: .parquet, file: file,
      original: file, head: nil)
    opened.schema = try located(opened) { try describe(opened.allRowsSQL) }
    return opened
  }

  /// Puts the name that the user knows into errors, and tells a changed file from a bad one.
  func located<Result>(_ opened: OpenedSource, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as FrameError {
      try opened.original.checkUnchanged()
      error.location = opened.source.name
      if opened.isCopy { error.line = nil }
      throw error
    }
  }
}

extension JSONLayout {
  /// The inferred columns with types that can be relied on: values of mixed types are read as text, what the user chose
  /// wins. Nil where the records are not objects.
  static func fixed(_ inferred: Schema, _ types: [String: String]) -> Schema? {
    if inferred.map(\.name) == ["json"] { return nil }
    return inferred.map { column in
      let type = types[column.name] ?? (column.type == "JSON" || column.type == "NULL" ? "VARCHAR" : column.type)
      return Column(name: column.name, type: type)
    }
  }
}

extension DataTable {
  /// The first rows.
  public func prefix(_ rows: Int) -> DataTable { slice(0..<Swift.min(rows, rowCount)) }

  /// Some of the rows.
  public func slice(_ rows: Range<Int>) -> DataTable {
    let columns = columns.map { column in
      TypedColumn(
        column: column.column, data: column.data.slice(rows), valid: column.valid.map { Array($0[rows]) })
    }
    return DataTable(columns: columns, rowCount: rows.count)
  }
}

extension ColumnData {
  /// Some of the cells.
  func slice(_ rows: Range<Int>) -> ColumnData {
    switch self {
    case .integers(let values): .integers(Array(values[rows]))
    case .reals(let values): .reals(Array(values[rows]))
    case .booleans(let values): .booleans(Array(values[rows]))
    case .texts(let values): .texts(Array(values[rows]))
    case .dates(let values): .dates(Array(values[rows]))
    case .timestamps(let values): .timestamps(Array(values[rows]))
    case .times(let values): .times(Array(values[rows]))
    case .others(let values): .others(Array(values[rows]))
    }
  }
}
