import Frame
import Jobs

/// How rows are written as text.
public enum CopyFormat: String, Codable, Sendable, CaseIterable {
  case tsv, csv, markdown, json

  public var title: String {
    switch self {
    case .tsv: "TSV"
    case .csv: "CSV"
    case .markdown: "Markdown"
    case .json: "JSON"
    }
  }
}

/// Which rows and columns are wanted as text.
public struct CopyRequest: Codable, Sendable, Equatable {
  /// Names, in the order wanted; nil is all of them.
  public var columns: [String]?
  /// Rows from the first on; nil is all that the limits allow.
  public var rows: Range<Int>?
  public var format: CopyFormat
  /// Bytes of text at most: what does not fit as a whole row is left out, and told.
  public var byteLimit: Int

  /// A clipboard is no place for more.
  public static let mostBytes = 16 << 20

  public init(
    columns: [String]? = nil, rows: Range<Int>? = nil, format: CopyFormat, byteLimit: Int = CopyRequest.mostBytes
  ) {
    self.columns = columns
    self.rows = rows
    self.format = format
    self.byteLimit = byteLimit
  }
}

/// Rows as text.
public struct CopiedRows: Sendable, Equatable {
  public var text: String
  /// Rows that stand in the text.
  public var rows: Int
  /// Rows that were asked for.
  public var wanted: Int
  public var columns: Int

  public init(text: String, rows: Int, wanted: Int, columns: Int) {
    self.text = text
    self.rows = rows
    self.wanted = wanted
    self.columns = columns
  }
}

extension NodeStore {
  private static let batch = 8192

  /// Rows of a step that is open, batch after batch, until there are no more or the text is full.
  func copy(_ request: NodeRequest, _ copy: CopyRequest, _ context: any JobContext) throws -> CopiedRows {
    var writer: TableText?
    var wanted = 0
    var first = copy.rows?.lowerBound ?? 0
    let end = copy.rows?.upperBound ?? Int.max
    while first < end {
      try context.checkCancelled()
      let page = try rows(request, first..<min(end, first + Self.batch), context)
      if case .exact(let rows) = page.count { wanted = min(rows, end) - (copy.rows?.lowerBound ?? 0) }
      let table = try copy.columns.map { try page.rows.selecting($0) } ?? page.rows
      if writer == nil { writer = TableText(copy.format, schema: table.schema, byteLimit: copy.byteLimit) }
      guard writer?.append(table) ?? false, table.rowCount > 0 else { break }
      first += table.rowCount
      let done = Double(first - (copy.rows?.lowerBound ?? 0))
      context.report(wanted > 0 ? min(1, done / Double(wanted)) : nil, "rows as \(copy.format.title)")
      if table.rowCount < Self.batch { break }
    }
    guard let writer else { return CopiedRows(text: "", rows: 0, wanted: 0, columns: 0) }
    return CopiedRows(
      text: writer.finished, rows: writer.rows, wanted: max(wanted, writer.rows), columns: writer.columns)
  }
}

extension DataTable {
  /// The named columns in this order.
  /// - Throws: `EngineError.noSuchColumn`.
  func selecting(_ names: [String]) throws -> DataTable {
    let chosen = try names.map { name in
      guard let column = self[name] else { throw EngineError.noSuchColumn(name, schema.map(\.name)) }
      return column
    }
    return DataTable(columns: chosen, rowCount: rowCount)
  }
}
