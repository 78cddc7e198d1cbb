import Cloud
import Foundation
import Frame
import Jobs

/// Queries of Athena, and what is to be known before one.
extension CloudRunner {
  // MARK: Before

  /// What the tables of a query hold.
  func estimate(_ query: AthenaQuery) throws -> AthenaEstimate {
    let glue = GlueClient(session, context: context)
    let store = S3Client(session, context: context)
    var known: [AthenaStatement.Mention: Int?] = [:]
    let tables = try AthenaStatement(query.sql).tables.map { mention in
      let database = mention.database ?? query.database
      let name = (database.map { $0 + "." } ?? "") + mention.table
      if let bytes = known[mention] { return AthenaEstimate.Table(name: name, bytes: bytes) }
      var bytes: Int?
      if let database, let table = try found({ try glue.table(database, mention.table) }),
        table.TableType != "VIRTUAL_VIEW", let location = table.StorageDescriptor?.Location,
        var place = try? S3Location(location)
      {
        if !place.isPrefix { place.key += "/" }
        var sum = 0
        try store.eachPage(place.bucket, prefix: place.key) { page in
          try context.checkCancelled()
          sum += page.objects.reduce(0) { $0 + $1.size }
        }
        bytes = sum
      }
      known[mention] = bytes
      return AthenaEstimate.Table(name: name, bytes: bytes)
    }
    return AthenaEstimate(tables: tables)
  }

  /// Nil for what is not there.
  private func found<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch let error as CloudError where error.problem == .notFound {
      return nil
    }
  }

  /// The tables of a database with their columns, as many as a person may complete among.
  func catalogue(_ database: String) throws -> [CatalogTable] {
    let glue = GlueClient(session, context: context)
    var (tables, next): ([CatalogTable], String?) = ([], nil)
    repeat {
      let page = try glue.tablePage(database, next: next)
      tables += page.items.map { table in
        let columns = (table.StorageDescriptor?.Columns ?? []) + (table.PartitionKeys ?? [])
        return CatalogTable(name: table.Name, columns: columns.map { .init(name: $0.Name, type: $0.Type ?? "") })
      }
      next = page.next
    } while next != nil && tables.count < 2000
    return tables
  }

  // MARK: Running

  /// Runs a query and brings its rows here as Parquet. What was run is remembered, however it ends.
  func run(_ query: AthenaQuery) throws -> AthenaOutcome {
    var record = AthenaRecord(query: query, startedAt: Date(), state: "SUCCEEDED")
    defer { try? AthenaHistory(locations).add(record) }
    do {
      let outcome = try run(query, &record)
      (record.rows, record.path) = (outcome.rows, outcome.path)
      return outcome
    } catch let error as JobCancelled {
      record.state = "CANCELLED"
      throw error
    } catch {
      (record.state, record.error) = ("FAILED", "\(error)")
      throw error
    }
  }

  private func run(_ query: AthenaQuery, _ record: inout AthenaRecord) throws -> AthenaOutcome {
    let athena = AthenaClient(session, context: context)
    var sql = query.sql
    // Athena takes one statement, without the mark that ends it elsewhere.
    while let last = sql.last, last == ";" || last.isWhitespace { sql.removeLast() }
    let unloaded = try query.unload.map { try Self.folder(for: sql, below: $0) }
    if let unloaded {
      sql = "UNLOAD (\(sql)\n)\nTO \(SQL.text(unloaded.description))\nWITH (format = 'PARQUET', compression = 'SNAPPY')"
    }
    let id = try athena.start(sql, database: query.database, output: query.output, workgroup: query.workgroup)
    var scanned: Int?
    defer { record.bytesScanned = scanned }
    let done = try athena.wait(id) { now in
      scanned = now.bytesScanned ?? scanned
      context.emit(JobOutput.cloud(.athenaProgress(AthenaProgress(state: now.state, bytesScanned: now.bytesScanned))))
    }
    let isFree = done.kind == "DDL"
    var outcome = AthenaOutcome(
      columns: 0, rows: 0, bytesScanned: done.bytesScanned, milliseconds: done.milliseconds,
      dollars: isFree ? 0 : done.bytesScanned.map(AthenaClient.cost))
    if let unloaded {
      // No rows are no file.
      guard try !store.list(unloaded.bucket, prefix: unloaded.key).objects.isEmpty else { return outcome }
      let source = Source(location: unloaded.description, format: .parquet)
      (outcome.columns, outcome.rows) = try extent(source)
      outcome.path = source.location
      return outcome
    }
    let first = try athena.page(id)
    outcome.columns = first.part.columns.count
    guard outcome.columns > 0 else { return outcome }
    let folder = locations.state + "/athena"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let target = folder + "/athena-\(id.prefix(8)).parquet"
    outcome.rows = try write(athena, id, first, done.output, to: target)
    outcome.path = target
    return outcome
  }

  /// A folder of its own for the rows of a query.
  private static func folder(for sql: String, below place: String) throws -> S3Location {
    guard AthenaClient.onlyReads(sql) else {
      throw CloudError(
        .usage, location: "athena", what: "only the rows of a query can be unloaded",
        advice: "Run the statement without a place for Parquet.")
    }
    var folder = try S3Location(place)
    if !folder.key.isEmpty, !folder.isPrefix { folder.key += "/" }
    folder.key += "athena-\(UUID().uuidString.prefix(8).lowercased())/"
    return folder
  }

  /// Writes a result as Parquet: a short one from the service, a long one from the file that Athena has written.
  private func write(
    _ athena: AthenaClient, _ id: String, _ first: (part: AthenaResult, next: String?), _ output: String?,
    to target: String
  ) throws -> Int {
    let file = NSTemporaryDirectory() + "assay-athena-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let store = S3Client(session, context: context)
    var isWhole = first.next == nil
    let place = output.flatMap { $0.hasSuffix(".csv") ? try? S3Location($0) : nil }
    if !isWhole, let place, try store.look(place) != nil {
      try store.download(place, to: file, note: "reading the result")
      return try convert(file, first.part.columns, hasMark: false, to: target)
    }
    var rows = first.part
    var next = first.next
    while !isWhole, let token = next {
      try context.checkCancelled()
      let page = try athena.page(id, next: token)
      rows.rows += page.part.rows
      context.report(nil, "reading the result: \(rows.rows.count.grouped) rows")
      next = page.next
      isWhole = next == nil
    }
    try Data(rows.markedCSV.utf8).write(to: URL(fileURLWithPath: file))
    return try convert(file, rows.columns, hasMark: true, to: target)
  }

  /// The rows of a file that Athena wrote, or that was made like one: nothing is a missing value, quotes around nothing an
  /// empty text.
  private func convert(
    _ file: String, _ columns: [AthenaResult.Column], hasMark: Bool, to target: String
  ) throws -> Int {
    var taken: Set<String> = []
    let names = columns.map { column in
      var name = column.name.isEmpty ? "column" : column.name
      while !taken.insert(name.lowercased()).inserted { name += "_" }
      return name
    }
    let mark = "assay end of line"
    var fields = zip(names, columns).map { "\(SQL.text($0)): \(SQL.text(Self.type($1.type)))" }
    if hasMark { fields.append("\(SQL.text(mark)): 'VARCHAR'") }
    let arguments = [
      SQL.text(file), "auto_detect = false", "header = true", "delim = ','", "quote = '\"'", "escape = '\"'",
      "nullstr = ''", "allow_quoted_nulls = false", "max_line_size = 4194304",
      "columns = {\(fields.joined(separator: ", "))}",
    ]
    let all = names.map { SQL.identifier($0) }.joined(separator: ", ")
    let sql = "SELECT \(all) FROM read_csv(\(arguments.joined(separator: ", ")))"
    return try Database().write(sql, to: target, format: .parquet, context: context)
  }

  /// Athena's name of a type as DuckDB has it.
  private static func type(_ type: String) -> String {
    switch type {
    case "tinyint", "smallint", "integer", "bigint", "double", "boolean", "date": type.uppercased()
    case "float", "real": "FLOAT"
    case "timestamp": "TIMESTAMP"
    default: type.hasPrefix("decimal(") ? type.uppercased() : "VARCHAR"
    }
  }
}

extension AthenaResult {
  /// The result with a header: missing values are nothing, texts are quoted. Every line ends in a mark, without which that of
  /// one missing value would be empty.
  var markedCSV: String {
    func cell(_ text: String?) -> String { text.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" } ?? "" }
    let lines = [columns.map { cell($0.name) } + ["mark"]] + rows.map { $0.map(cell) + ["1"] }
    return lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
