import Foundation
import Jobs

/// A database of the Glue catalogue.
public struct GlueDatabase: Codable, Hashable, Sendable {
  public var Name: String
  public var Description: String?
  public var LocationUri: String?
}

/// A column of a table of the catalogue.
public struct GlueColumn: Codable, Hashable, Sendable {
  public var Name: String
  /// Hive's name, such as `bigint` or `decimal(10,2)`.
  public var `Type`: String?
  public var Comment: String?

  public init(name: String, type: String?, comment: String? = nil) {
    Name = name
    self.Type = type
    Comment = comment
  }
}

/// A table of the catalogue.
public struct GlueTable: Codable, Hashable, Sendable {
  public struct SerDe: Codable, Hashable, Sendable {
    public var SerializationLibrary: String?
    public var Parameters: [String: String]?
  }

  public struct Storage: Codable, Hashable, Sendable {
    public var Columns: [GlueColumn]?
    public var Location: String?
    public var InputFormat: String?
    public var OutputFormat: String?
    public var Compressed: Bool?
    public var NumberOfBuckets: Int?
    public var SerdeInfo: SerDe?
  }

  public var Name: String
  public var DatabaseName: String?
  public var TableType: String?
  public var Parameters: [String: String]?
  public var PartitionKeys: [GlueColumn]?
  public var StorageDescriptor: Storage?

  /// What the files of a table are written in, as far as the catalogue tells.
  public enum Format: String, Sendable, CaseIterable {
    case csv, json, parquet, other
  }

  public var format: Format {
    let storage = StorageDescriptor
    let marks = [
      Parameters?["classification"], storage?.InputFormat, storage?.SerdeInfo?.SerializationLibrary,
    ].compactMap { $0?.lowercased() }
    if marks.contains(where: { $0.contains("parquet") }) { return .parquet }
    if marks.contains(where: { $0.contains("json") }) { return .json }
    if marks.contains(where: { $0.contains("csv") || $0.contains("lazysimpleserde") }) { return .csv }
    return .other
  }

  /// What stands between two fields of a CSV.
  public var delimiter: String? {
    StorageDescriptor?.SerdeInfo?.Parameters?["field.delim"] ?? StorageDescriptor?.SerdeInfo?.Parameters?[
      "separatorChar"]
      ?? Parameters?["delimiter"]
  }

  /// True when the first line of each file holds names.
  public var skipsHeader: Bool { (Parameters?["skip.header.line.count"]).flatMap { Int($0) } ?? 0 > 0 }
}

/// A partition of a table: the values of its keys, and where its files are.
public struct GluePartition: Codable, Hashable, Sendable {
  public var Values: [String]?
  public var StorageDescriptor: GlueTable.Storage?

  public init(Values: [String]?, StorageDescriptor: GlueTable.Storage?) {
    self.Values = Values
    self.StorageDescriptor = StorageDescriptor
  }
}

/// A part of a listing of the catalogue.
public struct GluePage<Item: Sendable>: Sendable {
  public var items: [Item]
  /// Asks for the next part; nil at the end.
  public var next: String?
}

/// The Glue catalogue: databases and tables over files in S3.
public struct GlueClient: Sendable {
  let service: JSONService

  public init(_ session: CloudSession, context: any JobContext = SilentContext()) {
    service = JSONService(
      session: session, service: .glue, target: "AWSGlue", canceller: CallCanceller(context))
  }

  private struct Databases: Decodable {
    var DatabaseList: [GlueDatabase]?
    var NextToken: String?
  }
  private struct Tables: Decodable {
    var TableList: [GlueTable]?
    var NextToken: String?
  }
  private struct Partitions: Decodable {
    var Partitions: [GluePartition]?
    var NextToken: String?
  }
  private struct One: Decodable { var Table: GlueTable? }

  public func databases() throws -> [GlueDatabase] {
    try all { try databasePage(next: $0) }
  }

  /// One part of the databases.
  public func databasePage(next: String? = nil) throws -> GluePage<GlueDatabase> {
    let answer: Databases = try service.ask("GetDatabases", next.map { ["NextToken": $0] } ?? [:], location: "glue")
    return GluePage(items: answer.DatabaseList ?? [], next: answer.NextToken)
  }

  private func all<Item>(_ page: (String?) throws -> GluePage<Item>) throws -> [Item] {
    var (found, next): ([Item], String?) = ([], nil)
    repeat {
      let part = try page(next)
      found += part.items
      next = part.next
    } while next != nil
    return found
  }

  /// - Parameter pattern: a regular expression that names have to fit.
  public func tables(_ database: String, pattern: String? = nil) throws -> [GlueTable] {
    try all { try tablePage(database, pattern: pattern, next: $0) }
  }

  /// One part of the tables of a database, a hundred at most.
  public func tablePage(
    _ database: String, pattern: String? = nil, next: String? = nil
  ) throws -> GluePage<GlueTable> {
    var body = ["DatabaseName": database]
    body["Expression"] = pattern
    body["NextToken"] = next
    let answer: Tables = try service.ask("GetTables", body, location: "glue:\(database)")
    return GluePage(items: answer.TableList ?? [], next: answer.NextToken)
  }

  /// One part of the partitions of a table.
  public func partitionPage(
    _ database: String, _ table: String, next: String? = nil
  ) throws -> GluePage<GluePartition> {
    var body = ["DatabaseName": database, "TableName": table]
    body["NextToken"] = next
    let answer: Partitions = try service.ask("GetPartitions", body, location: "glue:\(database).\(table)")
    return GluePage(items: answer.Partitions ?? [], next: answer.NextToken)
  }

  public func table(_ database: String, _ name: String) throws -> GlueTable {
    let place = "glue:\(database).\(name)"
    let answer: One = try service.ask("GetTable", ["DatabaseName": database, "Name": name], location: place)
    guard let table = answer.Table else {
      throw CloudError(.notFound, location: place, what: "there is no such table")
    }
    return table
  }

  public func create(database: String) throws {
    try refuseIfReadOnly("glue:\(database)")
    let _: NoAnswer = try service.ask(
      "CreateDatabase", ["DatabaseInput": ["Name": database]], location: "glue:\(database)")
  }

  private struct Creation: Encodable {
    var DatabaseName: String
    var TableInput: GlueTable
  }

  /// Puts a table over files that are there already.
  public func create(_ table: GlueTable, in database: String) throws {
    let place = "glue:\(database).\(table.Name)"
    try refuseIfReadOnly(place)
    var table = table
    table.DatabaseName = nil
    let _: NoAnswer = try service.ask(
      "CreateTable", Creation(DatabaseName: database, TableInput: table), location: place)
  }

  private struct Addition: Encodable {
    var DatabaseName: String
    var TableName: String
    var PartitionInputList: [GluePartition]
  }

  /// Tells of partitions, a hundred a call; those that are known stay as they are.
  public func add(_ partitions: [GluePartition], to table: String, in database: String) throws {
    let place = "glue:\(database).\(table)"
    try refuseIfReadOnly(place)
    for start in stride(from: 0, to: partitions.count, by: 100) {
      let part = Array(partitions[start..<min(start + 100, partitions.count)])
      let _: NoAnswer = try service.ask(
        "BatchCreatePartition", Addition(DatabaseName: database, TableName: table, PartitionInputList: part),
        location: place)
    }
  }

  private func refuseIfReadOnly(_ place: String) throws {
    guard service.session.settings.isReadOnly else { return }
    throw service.session.settings.readOnlyRefusal(place)
  }
}

extension GlueTable {
  /// A table over files, with the formats and serialisers that Athena and Spark know them by.
  public init(
    name: String, location: String, format: Format, columns: [GlueColumn], partitions: [GlueColumn] = [],
    delimiter: String = ",", hasHeader: Bool = true
  ) {
    self.init(Name: name)
    TableType = "EXTERNAL_TABLE"
    PartitionKeys = partitions
    let hive = "org.apache.hadoop.hive"
    var storage = Storage(Columns: columns, Location: location, Compressed: false, NumberOfBuckets: -1)
    var parameters = ["classification": format.rawValue, "typeOfData": "file"]
    switch format {
    case .parquet:
      storage.InputFormat = "\(hive).ql.io.parquet.MapredParquetInputFormat"
      storage.OutputFormat = "\(hive).ql.io.parquet.MapredParquetOutputFormat"
      storage.SerdeInfo = SerDe(
        SerializationLibrary: "\(hive).ql.io.parquet.serde.ParquetHiveSerDe", Parameters: ["serialization.format": "1"])
    case .csv, .json, .other:
      storage.InputFormat = "org.apache.hadoop.mapred.TextInputFormat"
      storage.OutputFormat = "\(hive).ql.io.HiveIgnoreKeyTextOutputFormat"
      let isCSV = format == .csv
      storage.SerdeInfo =
        isCSV
        ? SerDe(
          SerializationLibrary: "\(hive).serde2.OpenCSVSerde",
          Parameters: ["separatorChar": delimiter, "quoteChar": "\"", "escapeChar": "\\"])
        : SerDe(SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe", Parameters: [:])
      if isCSV {
        parameters["delimiter"] = delimiter
        parameters["columnsOrdered"] = "true"
        parameters["areColumnsQuoted"] = "false"
        if hasHeader { parameters["skip.header.line.count"] = "1" }
      }
    }
    Parameters = parameters
    StorageDescriptor = storage
  }

  private init(Name: String) { self.Name = Name }
}
