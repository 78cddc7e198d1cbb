import Cloud
import Foundation
import Frame
import Jobs

/// Rows of a step that become a table of the Glue catalogue: objects below a prefix, and the table over them.
public struct CatalogPublication: Codable, Sendable, Equatable {
  public var request: NodeRequest
  public var database: String
  public var table: String
  /// `s3://bucket/prefix/`.
  public var location: String
  public var format: SourceFormat
  /// Columns whose values become folders.
  public var partitions: [String]
  /// Adds to objects that are there; false stops where there are any.
  public var appends: Bool

  public init(
    _ request: NodeRequest, database: String, table: String, location: String, format: SourceFormat = .parquet,
    partitions: [String] = [], appends: Bool = false
  ) {
    self.request = request
    self.database = database
    self.table = table
    self.location = location
    self.format = format
    self.partitions = partitions
    self.appends = appends
  }
}

extension Engine {
  /// Writes the rows, then the table with its partitions. The database is made where there is none.
  /// - Throws: `CloudError` before anything is written where the table is another already, or objects are in the way.
  func publish(
    _ publication: CatalogPublication, _ session: CloudSession, _ context: any JobContext
  ) throws -> CloudAnswer {
    let glue = GlueClient(session, context: context)
    let store = S3Client(session, context: context)
    var place = try S3Location(publication.location)
    if !place.isPrefix { place.key += "/" }
    guard !place.key.isEmpty else {
      throw CloudError(
        .usage, location: place.description, what: "a table takes a prefix of its own in the bucket",
        advice: "Write s3://\(place.bucket)/\(publication.table)/.")
    }
    let name = "\(publication.database).\(publication.table)"
    let hasDatabase = try glue.databases().contains { $0.Name == publication.database }
    let known = hasDatabase ? try existing(publication, glue) : nil
    if let known, known.StorageDescriptor?.Location.map({ $0.hasSuffix("/") ? $0 : $0 + "/" }) != place.description {
      throw CloudError(
        .conflict, location: "glue:\(name)", what: "there is such a table already, over other objects",
        advice: "Choose another name, or its place: \(known.StorageDescriptor?.Location ?? "none").")
    }
    if !publication.appends, try !store.list(place.bucket, prefix: place.key, limit: 1).objects.isEmpty {
      throw CloudError(
        .conflict, location: place.description, what: "objects are there already",
        advice: "Choose another prefix, or add to them.")
    }
    let nodes = try nodes()
    let writing = DatasetWriting(partitions: publication.partitions, format: publication.format)
    let (written, schema) = try nodes.reading(publication.request.filled(), context) { relation in
      let written = try nodes.database.write(
        relation.sql, dataset: place.description, writing, context: context)
      return (written, relation.schema)
    }
    if !hasDatabase { try glue.create(database: publication.database) }
    let table = GlueTable(publication, schema, place)
    if known == nil { try glue.create(table, in: publication.database) }
    if !publication.partitions.isEmpty { try addPartitions(publication, table, place, glue, store, context) }
    return .published(table: name, rows: written.rows, objects: written.objects)
  }

  private func existing(_ publication: CatalogPublication, _ glue: GlueClient) throws -> GlueTable? {
    do {
      return try glue.table(publication.database, publication.table)
    } catch let error as CloudError where error.problem == .notFound {
      return nil
    }
  }

  /// Tells the catalogue of every folder that holds objects; those that it knows stay as they are.
  private func addPartitions(
    _ publication: CatalogPublication, _ table: GlueTable, _ place: S3Location, _ glue: GlueClient, _ store: S3Client,
    _ context: any JobContext
  ) throws {
    var folders: Set<String> = []
    try store.eachPage(place.bucket, prefix: place.key) { page in
      try context.checkCancelled()
      for object in page.objects {
        let parts = object.key.dropFirst(place.key.count).split(separator: "/").dropLast()
        if parts.count == publication.partitions.count { folders.insert(parts.joined(separator: "/")) }
      }
    }
    let partitions = folders.sorted().map { folder in
      let values = folder.split(separator: "/").map { part -> String in
        let value = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
        return String(value).removingPercentEncoding ?? String(value)
      }
      var storage = table.StorageDescriptor
      storage?.Location = "\(place)\(folder)/"
      return GluePartition(Values: values, StorageDescriptor: storage)
    }
    try glue.add(partitions, to: publication.table, in: publication.database)
  }
}

extension GlueTable {
  fileprivate init(_ publication: CatalogPublication, _ schema: Schema, _ place: S3Location) {
    let formats: [SourceFormat: Format] = [.csv: .csv, .tsv: .csv, .json: .json, .jsonl: .json, .parquet: .parquet]
    let format = formats[publication.format] ?? .parquet
    func column(_ name: String, in format: Format) -> GlueColumn {
      let type = schema.column(named: name)?.type ?? "VARCHAR"
      return GlueColumn(name: name.lowercased(), type: HiveType.name(of: type, in: format))
    }
    let plain = schema.map(\.name).filter { !publication.partitions.contains($0) }
    self.init(
      name: publication.table, location: place.description, format: format,
      columns: plain.map { column($0, in: format) },
      // Names of folders are read by their types, whatever is in the files.
      partitions: publication.partitions.map { column($0, in: .parquet) },
      delimiter: publication.format == .tsv ? "\t" : ",")
  }
}
