/// Where data comes from and how to read it: everything that is needed to open it again.
public struct Source: Codable, Hashable, Sendable {
  /// A path, `-` for standard input, or `s3://bucket/key`: an object, all below a prefix, or all that fit a pattern;
  /// `glue://database/table` and `spark:database.table` are tables elsewhere.
  public var location: String
  /// More files, or more objects on S3, that are read below the first, in this order: with `location`, a list of exactly
  /// what is read. Columns are brought together by their names.
  public var also: [String]
  /// Nil means: tell from the name and the content.
  public var format: SourceFormat?
  public var options: ReadOptions
  public var rows: ImportRows

  public init(
    location: String, also: [String] = [], format: SourceFormat? = nil, options: ReadOptions = ReadOptions(),
    rows: ImportRows = .all
  ) {
    self.location = location
    self.also = also
    self.format = format
    self.options = options
    self.rows = rows
  }

  /// True for what is no path of this machine: an address such as `s3://bucket/key`, or a table of a cluster.
  public static func isElsewhere(_ location: String) -> Bool {
    location.contains("://") || TableAddress.isMeant(by: location)
  }

  /// Everything that is read, in order.
  public var locations: [String] { [location] + also }

  /// The last part of the path, or `standard input`; of a list, that of the first, and how many more there are.
  public var name: String { Self.name(of: location) + more }

  /// ` + 2 more` for a list of three, nothing for a single place.
  public var more: String { also.isEmpty ? "" : " + \(also.count.grouped) more" }

  /// The last part of a path or an address.
  public static func name(of location: String) -> String {
    if let table = try? TableAddress(location) {
      return table.parts.last?.split(separator: "/").last.map(String.init) ?? ""
    }
    return location == "-" ? "standard input" : location.split(separator: "/").last.map(String.init) ?? location
  }
}

extension Source {
  private enum CodingKeys: String, CodingKey {
    case location, also, format, options, rows
  }

  /// A source that was written before there were lists has none.
  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      location: try box.decode(String.self, forKey: .location),
      also: try box.decodeIfPresent([String].self, forKey: .also) ?? [],
      format: try box.decodeIfPresent(SourceFormat.self, forKey: .format),
      options: try box.decode(ReadOptions.self, forKey: .options),
      rows: try box.decode(ImportRows.self, forKey: .rows))
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(location, forKey: .location)
    if !also.isEmpty { try box.encode(also, forKey: .also) }
    try box.encodeIfPresent(format, forKey: .format)
    try box.encode(options, forKey: .options)
    try box.encode(rows, forKey: .rows)
  }
}

/// The formats that assay reads. All but a workbook may be packed with gzip.
public enum SourceFormat: String, Codable, Hashable, Sendable, CaseIterable {
  case csv, tsv, json, jsonl, parquet
  /// A sheet of an Excel workbook.
  case xlsx
  /// Text whose columns stand at the same places in every line.
  case fwf

  /// True for CSV and TSV.
  public var isDelimited: Bool { self == .csv || self == .tsv }

  /// True for what rows can be written as.
  public var isWritten: Bool { self != .fwf }
}

/// Which rows of a source become the dataset.
public enum ImportRows: Codable, Hashable, Sendable {
  case all
  case first(Int)
  /// The same rows for the same seed, in file order.
  case random(Int, seed: UInt64)
  /// About the given number of rows, with every value of the column in its share of the whole, in file order.
  case stratified(Int, column: String, seed: UInt64)
}

/// How text is read. Nil means: tell from the beginning of the file.
public struct ReadOptions: Codable, Hashable, Sendable {
  public var delimiter: String?
  public var quote: String?
  public var escape: String?
  public var hasHeader: Bool?
  /// Leaves rows of the wrong length out and counts them, instead of stopping at the first.
  public var skipBadRows: Bool
  /// DuckDB type by column name, over what the file's beginning suggests.
  public var types: [String: String]
  /// The names of the columns, in order, over those that the text has; fewer leave the others theirs.
  public var names: [String]?
  /// The sheet of a workbook, by its name or its number from 1; nil is the first.
  public var sheet: String?
  /// The cells of a sheet, such as `B2:F100`, `B:F` or `2:100`; nil is all of them.
  public var range: String?
  /// How many characters each column of fixed-width text has, from the beginning of a line.
  public var widths: [Int]?
  /// Where each column of fixed-width text stands, over `widths`.
  public var cuts: [ColumnCut]?
  /// Of objects on S3, those changed at or after this time with its zone, such as `2026-11-26T14:00:00Z`.
  public var changedFrom: String?
  /// Those changed at or before this time.
  public var changedUntil: String?

  public init(
    delimiter: String? = nil, quote: String? = nil, escape: String? = nil, hasHeader: Bool? = nil,
    skipBadRows: Bool = false, types: [String: String] = [:], names: [String]? = nil, sheet: String? = nil,
    range: String? = nil, widths: [Int]? = nil, cuts: [ColumnCut]? = nil, changedFrom: String? = nil,
    changedUntil: String? = nil
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.hasHeader = hasHeader
    self.skipBadRows = skipBadRows
    self.types = types
    self.names = names
    self.sheet = sheet
    self.range = range
    self.widths = widths
    self.cuts = cuts
    self.changedFrom = changedFrom
    self.changedUntil = changedUntil
  }
}

extension ReadOptions {
  /// True for cells that `range` can name.
  public static func isRange(_ text: String) -> Bool { CellRange(text.trimmed) != nil }

  /// Refuses what a format has no use for, rather than read something else than was asked for.
  func check(_ format: SourceFormat, _ name: String) throws {
    func refuse(_ what: String, _ advice: String) -> FrameError {
      FrameError(.unsupportedFormat, location: name, what: what, advice: advice)
    }
    let isText = format.isDelimited || format == .fwf
    if format != .xlsx, sheet?.isEmpty == false || range?.isEmpty == false {
      throw refuse(
        "a sheet or a range of cells is asked for, and this is no workbook", "Leave --sheet and --range out.")
    }
    if format != .fwf, widths?.isEmpty == false || cuts?.isEmpty == false {
      throw refuse(
        "places of columns are given, and this is no fixed-width text",
        "Leave --widths and --cut out, or add --input-format fwf.")
    }
    if !isText, format != .xlsx, names?.isEmpty == false {
      throw refuse("names are given for columns that have theirs", "Leave --names out, and rename with SQL or a step.")
    }
  }

  /// The format that has what the options speak of; nil where they would suit several.
  public var impliedFormat: SourceFormat? {
    if widths?.isEmpty == false || cuts?.isEmpty == false { return .fwf }
    return sheet?.isEmpty == false || range?.isEmpty == false ? .xlsx : nil
  }
}

/// A source that has been looked at: its columns are known and `sql` reads it.
public struct OpenedSource: Sendable {
  public let source: Source
  public let format: SourceFormat
  /// What `sql` returns.
  public internal(set) var schema: Schema
  /// Size of the file in bytes; nil where unknown.
  public let bytes: Int?
  /// What the reader of the data should know, one sentence each.
  public internal(set) var notes: [String]

  var layout: Layout
  /// What is read: the user's file, or a cleaned copy of it.
  var file: InputFile
  /// The user's own file, to tell whether it has changed.
  let original: InputFile
  /// The first complete records of a delimited text, and whether they are all.
  var head: (file: InputFile, isWhole: Bool)?
  let survey = SurveyCache()
  /// True once the layout holds what the survey found.
  var isSurveyed = false
  /// True where `file` is made from the user's file, so that its lines are not those that the user knows.
  var isCopy = false

  enum Layout: Sendable {
    case delimited(DelimitedLayout)
    case json(JSONLayout)
    case parquet
    case fixed(FixedLayout)
    case remote(RemoteLayout)
    case sheets(SheetParts)
    case cluster(ClusterTable)
    case list(DelimitedList)
  }

  /// A SELECT over every row of the source, in order.
  public var allRowsSQL: String {
    switch layout {
    case .delimited(let layout): layout.select(file.path)
    case .json(let layout): layout.select(file.path)
    case .parquet: "SELECT * FROM read_parquet(\(SQL.text(file.path)))"
    case .fixed(let layout): layout.select(file.path)
    case .remote(let layout): layout.select
    case .sheets(let layout): layout.select
    case .cluster(let table): table.select
    case .list(let list): list.select()
    }
  }

  /// What this process opened under another name, by the text that SQL has for it: an object that was copied here, or a
  /// path that DuckDB would take for a pattern. What was changed on the way has no name that others could read.
  public var names: [String: String] {
    var names: [String: String] = [:]
    var parts = [self]
    if case .list(let list) = layout { parts = list.parts }
    for part in parts where part.file === part.original && part.source.location != "-" {
      guard part.file.path.hasPrefix("/proc/self/fd/") else { continue }
      names[SQL.text(part.file.path)] = SQL.text(part.file.name)
    }
    return names
  }

  /// A SELECT over the source, import rule applied.
  public var sql: String { source.rows.applied(to: allRowsSQL) }
}

/// The first rows of a source.
public struct Preview: Sendable {
  public let schema: Schema
  public let table: DataTable
  /// True when `table` is the whole source.
  public let complete: Bool
  /// What the reader of the data should know, one sentence each.
  public let notes: [String]
  /// Size of the file in bytes; nil where unknown.
  public let bytes: Int?
  /// What the source was read as; nil for a table elsewhere.
  public let format: SourceFormat?

  public init(
    schema: Schema, table: DataTable, complete: Bool, notes: [String] = [], bytes: Int? = nil,
    format: SourceFormat? = nil
  ) {
    self.schema = schema
    self.table = table
    self.complete = complete
    self.notes = notes
    self.bytes = bytes
    self.format = format
  }
}

/// How many rows there are, and how sure that is.
public enum RowCount: Hashable, Sendable {
  case exact(Int)
  /// Counted so far.
  case atLeast(Int)
  /// From the size of the rows seen so far.
  case estimate(Int)

  public var number: Int {
    switch self {
    case .exact(let rows), .atLeast(let rows), .estimate(let rows): rows
    }
  }
}
