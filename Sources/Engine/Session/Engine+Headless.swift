import Flow
import Frame
import Jobs

/// What subcommands need beyond jobs: rows as they come, and queries over one source.
///
/// `begin` gets the columns before any row. It is called again, and all rows come anew, when the data further down
/// contradict what the source's beginning suggested.
extension Engine {
  /// Runs SQL over a source that is called `data`, and hands over its rows as they are made.
  public func stream(
    _ sql: String, over source: Source, context: any JobContext = SilentContext(),
    begin: (Schema) throws -> Void, rows: (DataTable) throws -> Void
  ) throws {
    let nodes = try nodes()
    try nodes.readingView(of: source, context) { try nodes.stream(sql, context, begin, rows) }
  }

  /// Writes the result of SQL over a source that is called `data` to a file; returns the number of rows.
  public func write(
    _ sql: String, over source: Source, to path: String, format: SourceFormat?,
    context: any JobContext = SilentContext()
  ) throws -> Int {
    let nodes = try nodes()
    return try nodes.readingView(of: source, context) {
      try nodes.database.write(sql, to: path, format: format, context: context)
    }
  }

  /// Writes the result of SQL over a source that is called `data` below a prefix on S3.
  public func write(
    _ sql: String, over source: Source, dataset: String, _ writing: DatasetWriting,
    context: any JobContext = SilentContext()
  ) throws -> WrittenDataset {
    let nodes = try nodes()
    return try nodes.readingView(of: source, context) {
      try nodes.database.write(sql, dataset: dataset, writing, context: context)
    }
  }

  /// Hands over the rows of a step as they are made.
  public func stream(
    _ request: NodeRequest, context: any JobContext = SilentContext(), begin: (Schema) throws -> Void,
    rows: (DataTable) throws -> Void
  ) throws {
    let nodes = try nodes()
    try nodes.reading(request.filled(), context) { try nodes.stream($0.sql, context, begin, rows) }
  }
}

extension Engine {
  /// How many rows of a source are left out for a wrong number of fields. Reads all of it.
  public func skippedRows(of source: Source, context: any JobContext = SilentContext()) throws -> Int {
    let database = try nodes().database
    return try database.skippedRows(database.open(source, context: context), context: context)
  }
}

extension NodeStore {
  /// Runs `body` while a source is a view called `data`.
  func readingView<Result>(
    of source: Source, _ context: any JobContext, _ body: () throws -> Result
  ) throws -> Result {
    try reading(NodeRequest(source: source), context) { relation in
      try database.execute("CREATE OR REPLACE VIEW data AS \(relation.sql)")
      do {
        return try body()
      } catch let error as FrameError where error.problem == .query {
        throw EngineError.query(error.what)
      }
    }
  }

  func stream(
    _ sql: String, _ context: any JobContext, _ begin: (Schema) throws -> Void, _ rows: (DataTable) throws -> Void
  ) throws {
    var hasBegun = false
    try database.stream(sql, context: context) { chunk in
      if !hasBegun { try begin(chunk.schema) }
      hasBegun = true
      try rows(chunk)
    }
    // A result without rows still has columns.
    if !hasBegun { try begin(database.describe(sql)) }
  }
}
