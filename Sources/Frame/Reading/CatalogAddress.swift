import Cloud
import Jobs

/// `glue://database/table`: a table of the Glue catalogue, whose files are on S3.
struct CatalogAddress {
  let database: String
  let table: String

  static func isMeant(by text: String) -> Bool { text.lowercased().hasPrefix("glue://") }

  /// Nil for what names no table.
  init?(_ text: String) {
    let parts = text.dropFirst(7).split(separator: "/").map(String.init)
    guard Self.isMeant(by: text), parts.count == 2 else { return nil }
    (database, table) = (parts[0], parts[1])
  }
}

extension Database {
  /// Looks at the files that a table of the catalogue stands for.
  func openCatalog(_ source: Source, _ context: (any JobContext)?) throws -> OpenedSource {
    guard let address = CatalogAddress(source.location) else {
      throw FrameError(
        .notFound, location: source.location, what: "it names no table", advice: "Write glue://database/table.")
    }
    let table = try GlueClient(remote.cloud(), context: context ?? SilentContext())
      .table(address.database, address.table)
    guard let location = table.StorageDescriptor?.Location, S3Location.isMeant(by: location) else {
      throw FrameError(
        .unsupportedFormat, location: source.location, what: "the table stands for no files on S3",
        advice: "Run SQL over it with assay athena.")
    }
    var files = source
    files.location = location.hasSuffix("/") ? location : location + "/"
    switch table.format {
    case .csv:
      files.format = source.format ?? .csv
      files.options.delimiter = source.options.delimiter ?? table.delimiter
      files.options.hasHeader = source.options.hasHeader ?? table.skipsHeader
      let columns = table.StorageDescriptor?.Columns ?? []
      files.options.names = source.options.names ?? columns.map(\.Name)
      // What the catalogue calls a text stays one, such as a postcode that begins with a zero.
      for column in columns where column.Type == "string" && files.options.types[column.Name] == nil {
        files.options.types[column.Name] = "VARCHAR"
      }
    case .json: files.format = source.format ?? .jsonl
    case .parquet: files.format = source.format ?? .parquet
    case .other:
      throw FrameError(
        .unsupportedFormat, location: source.location, what: "its files are in a format that assay does not read",
        advice: "Run SQL over it with assay athena.")
    }
    var opened = try openRemote(files, context: context)
    // The catalogue's names for the columns of a text leave no room for those that its folders hold elsewhere.
    if case .remote(let layout) = opened.layout, layout.parts.count > 1, table.format == .csv {
      throw FrameError(
        .malformed, location: source.location,
        what:
          "its objects are divided into partitions in different ways, such as \(layout.parts.last?.addresses.first ?? "")",
        advice: "Move those aside, or read \(files.location), where the text's own header names the columns.")
    }
    opened.notes.insert("The table's files are at \(files.location).", at: 0)
    return opened
  }
}
