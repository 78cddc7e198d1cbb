import Cloud
import Foundation

/// SQL for Athena, and where it runs.
public struct AthenaQuery: Codable, Sendable, Equatable {
  public var sql: String
  /// Of tables that are named without one.
  public var database: String?
  /// Where Athena puts its result, `s3://bucket/prefix/`; nil where the workgroup says it.
  public var output: String?
  public var workgroup: String?
  /// Where Athena writes the rows as Parquet (UNLOAD), `s3://bucket/prefix/`: they stay there, in a folder of their own, and are
  /// read from there. Nil brings them here.
  public var unload: String?

  public init(
    _ sql: String, database: String? = nil, output: String? = nil, workgroup: String? = nil, unload: String? = nil
  ) {
    self.sql = sql
    self.database = database
    self.output = output
    self.workgroup = workgroup
    self.unload = unload
  }
}

/// How far a query is.
public struct AthenaProgress: Sendable, Equatable {
  /// `QUEUED` or `RUNNING`.
  public var state: String
  public var bytesScanned: Int?
}

/// A query that has run.
public struct AthenaOutcome: Sendable, Equatable {
  public var columns: Int
  public var rows: Int
  public var bytesScanned: Int?
  public var milliseconds: Int?
  /// At the public price of most regions; nil where nobody said what was scanned.
  public var dollars: Double?
  /// The rows as Parquet: a file, or a prefix on S3 where they were unloaded; nil for a statement that returns none.
  public var path: String?
}

/// What a query would cost at most: the bytes of the tables that it names, each as often as it names it.
public struct AthenaEstimate: Sendable, Equatable {
  public struct Table: Sendable, Equatable {
    public var name: String
    /// Nil where nobody knows: a view, or a table whose files are elsewhere.
    public var bytes: Int?
  }

  public var tables: [Table]
  /// Of the tables that are known.
  public var bytes: Int { tables.reduce(0) { $0 + ($1.bytes ?? 0) } }
  /// What reading all of them would cost.
  public var dollars: Double { AthenaClient.cost(bytes: bytes) }
  public var isComplete: Bool { tables.allSatisfy { $0.bytes != nil } }
}

/// A table of the catalogue as completion needs it.
public struct CatalogTable: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    public var name: String
    public var type: String
  }
  public var name: String
  public var columns: [Column]
}

/// A query as it is remembered.
public struct AthenaRecord: Codable, Sendable, Equatable {
  public var query: AthenaQuery
  public var startedAt: Date
  /// `SUCCEEDED`, `FAILED` or `CANCELLED`.
  public var state: String
  public var bytesScanned: Int?
  public var rows: Int?
  public var path: String?
  public var error: String?
}

/// The queries that were run on this machine, one a line of a file, oldest first.
struct AthenaHistory {
  let path: String
  static let kept = 500

  init(_ locations: Locations) { path = locations.state + "/athena/history.jsonl" }

  /// What is remembered, newest first. Lines that cannot be read are left out.
  func read() -> [AthenaRecord] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let lines = data.split(separator: UInt8(ascii: "\n"))
    return lines.suffix(Self.kept).reversed().compactMap { try? decoder.decode(AthenaRecord.self, from: Data($0)) }
  }

  func add(_ record: AthenaRecord) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: try encoder.encode(record) + Data("\n".utf8))
  }
}
