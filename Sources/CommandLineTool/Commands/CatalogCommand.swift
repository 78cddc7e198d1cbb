import ArgumentParser
import Cloud
import Engine
import Foundation
import Frame

/// `assay glue`.
struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glue", abstract: "Look into the AWS Glue catalogue, and add tables to it.",
    discussion: """
      A table of the catalogue is a source for every subcommand: assay profile glue://sales/orders.
      """,
    subcommands: [
      CatalogDatabasesCommand.self, CatalogTablesCommand.self, CatalogShowCommand.self, CatalogCreateCommand.self,
    ])

  /// `database.table`, `database/table` or `glue://database/table`.
  static func split(_ name: String) throws -> (database: String, table: String) {
    let plain = name.hasPrefix("glue://") ? String(name.dropFirst(7)) : name
    let parts = plain.split(maxSplits: 1) { $0 == "." || $0 == "/" }.map(String.init)
    guard parts.count == 2 else { throw UsageError("\(name): write DATABASE.TABLE.") }
    return (parts[0], parts[1])
  }
}

/// `assay glue databases`.
struct CatalogDatabasesCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(commandName: "databases", abstract: "List the databases.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let databases = try GlueClient(cloud.session(headless), context: headless.context).databases()
    if json { return try headless.writeJSON(databases) }
    var table = TextTable([.init(title: "database"), .init(title: "location", limit: 80), .init(title: "description")])
    for database in databases {
      table.add([database.Name, database.LocationUri ?? "", oneLine(database.Description ?? "")])
    }
    try headless.console.write(table.lines(width: headless.console.textWidth).lines.joined(separator: "\n") + "\n")
  }
}

/// `assay glue tables`.
struct CatalogTablesCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(commandName: "tables", abstract: "List the tables of a database.")

  @Argument(help: "The database.")
  var database: String

  @Option(help: ArgumentHelp("Only tables whose names fit a regular expression.", valueName: "pattern"))
  var matching: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let tables = try GlueClient(cloud.session(headless), context: headless.context)
      .tables(database, pattern: matching)
    if json { return try headless.writeJSON(tables) }
    var text = TextTable([
      .init(title: "table"), .init(title: "columns", alignment: .right), .init(title: "format"),
      .init(title: "location", limit: 80),
    ])
    for table in tables {
      let columns = (table.StorageDescriptor?.Columns ?? []).count + (table.PartitionKeys ?? []).count
      text.add([table.Name, "\(columns)", table.format.rawValue, table.StorageDescriptor?.Location ?? ""])
    }
    try headless.console.write(text.lines(width: headless.console.textWidth).lines.joined(separator: "\n") + "\n")
  }
}

/// `assay glue show`.
struct CatalogShowCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the columns of a table.")

  @Argument(help: "DATABASE.TABLE.")
  var table: String

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let (database, name) = try CatalogCommand.split(table)
    let table = try GlueClient(cloud.session(headless), context: headless.context).table(database, name)
    if json { return try headless.writeJSON(table) }
    var text = TextTable([
      .init(title: "column"), .init(title: "type"), .init(title: "partition"), .init(title: "comment"),
    ])
    for column in table.StorageDescriptor?.Columns ?? [] {
      text.add([column.Name, column.Type ?? "", "", oneLine(column.Comment ?? "")])
    }
    for column in table.PartitionKeys ?? [] {
      text.add([column.Name, column.Type ?? "", "yes", oneLine(column.Comment ?? "")])
    }
    let head = "\(database).\(name)  \(table.format.rawValue)  \(table.StorageDescriptor?.Location ?? "")\n\n"
    let lines = text.lines(width: headless.console.textWidth).lines
    try headless.console.write(head + lines.joined(separator: "\n") + "\n")
  }
}

/// `assay glue create`.
struct CatalogCreateCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Add a table over objects on S3 to the catalogue.",
    discussion: """
      assay glue create sales.orders s3://lake/orders/

      Columns and types are those that assay finds in the objects; folders such as year=2026/ become partition keys.
      """)

  @Argument(help: "DATABASE.TABLE.")
  var table: String

  @Argument(help: "Where the objects are: s3://bucket/prefix/.")
  var location: String

  @Flag(help: "Create the database too where there is none.")
  var createDatabase = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  func run(_ headless: Headless) throws {
    let (database, name) = try CatalogCommand.split(table)
    let session = cloud.session(headless)
    let place = try S3Location(location)
    guard place.isPrefix else { throw UsageError("\(location): a table is over a prefix. Add a slash at its end.") }
    let client = S3Client(session, context: headless.context)
    guard let first = try client.objects(place, S3Selection(ignoresEmpty: true)).first else {
      throw UsageError("\(location): nothing is below this prefix.")
    }
    let format = SourceFormat(path: first.key) ?? .csv
    guard format != .xlsx, format != .fwf else {
      throw UsageError(
        "\(first.location): Athena reads no workbooks and no fixed-width text. Write it as Parquet first.")
    }
    guard
      case .preview(let preview) = try headless.engine(.none).run(
        .preview(Source(location: location)), context: headless.context)
    else { return }
    let folders = first.key.dropFirst(place.key.count).split(separator: "/").dropLast()
    let keys = folders.compactMap { $0.contains("=") ? $0.split(separator: "=").first.map(String.init) : nil }
    let formats: [SourceFormat: GlueTable.Format] = [
      .csv: .csv, .tsv: .csv, .json: .json, .jsonl: .json, .parquet: .parquet,
    ]
    let files = formats[format] ?? .csv
    let columns = preview.schema.filter { !keys.contains($0.name) }.map { column in
      GlueColumn(name: column.name.lowercased(), type: HiveType.name(of: column.type, in: files))
    }
    // Names of folders are read by their types, whatever is in the files.
    let partitions = keys.map { key in
      let type = preview.schema.first { $0.name == key }?.type ?? "VARCHAR"
      return GlueColumn(name: key.lowercased(), type: HiveType.name(of: type, in: .parquet))
    }
    let new = GlueTable(
      name: name, location: place.description, format: files, columns: columns,
      partitions: partitions, delimiter: format == .tsv ? "\t" : ",")
    let glue = GlueClient(session, context: headless.context)
    if createDatabase, try !glue.databases().contains(where: { $0.Name == database }) {
      try glue.create(database: database)
    }
    try glue.create(new, in: database)
    if json { return try headless.writeJSON(new) }
    headless.console.tell(
      "created \(database).\(name): \(counted(columns.count, "column")), \(counted(partitions.count, "partition key"))")
    if !partitions.isEmpty {
      headless.console.tell("assay: note: Athena sees its partitions after MSCK REPAIR TABLE \(database).\(name).")
    }
  }
}
