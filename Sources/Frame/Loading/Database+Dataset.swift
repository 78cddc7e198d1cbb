import Cloud
import Foundation
import Jobs

/// How a dataset on S3, many objects below one prefix, is written.
public struct DatasetWriting: Codable, Hashable, Sendable {
  /// What becomes of the objects that are there already.
  public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
    case append, overwrite
    /// Only the partitions that get rows are replaced.
    case overwritePartitions = "overwrite-partitions"
  }

  /// Columns whose values become folders, `column=value/`.
  public var partitions: [String]
  public var mode: Mode
  public var format: SourceFormat

  public init(partitions: [String] = [], mode: Mode = .append, format: SourceFormat = .parquet) {
    self.partitions = partitions
    self.mode = mode
    self.format = format
  }
}

/// What writing a dataset did.
public struct WrittenDataset: Codable, Hashable, Sendable {
  public var rows: Int
  /// New objects.
  public var objects: Int
  /// Old objects that are gone.
  public var deleted: Int
}

extension Database {
  /// Writes the rows of `sql` below a prefix. New objects are written first and old ones deleted after, so that a failure
  /// loses nothing.
  /// - Throws: `FrameError`, `CloudError` or `JobCancelled`.
  public func write(
    _ sql: String, dataset address: String, _ writing: DatasetWriting, context: any JobContext = SilentContext()
  ) throws -> WrittenDataset {
    guard writing.format != .xlsx, writing.format.isWritten else {
      throw CloudError(
        .usage, location: address, what: "a dataset is not written as \(writing.format.rawValue)",
        advice: "Write it as Parquet, CSV or JSON.")
    }
    var location = try S3Location(address)
    guard !location.isPattern else {
      throw CloudError(.usage, location: address, what: "a dataset is written below a prefix, not to a pattern")
    }
    if !location.key.isEmpty, !location.key.hasSuffix("/") { location.key += "/" }
    if location.key.isEmpty, writing.mode != .append {
      throw CloudError(
        .usage, location: address, what: "a whole bucket is not overwritten", advice: "Name a prefix in it.")
    }
    try prepareWriting(location, context)
    let client = remote.client(context)
    func keys() throws -> Set<String> {
      var keys: Set<String> = []
      try client.eachPage(location.bucket, prefix: location.key) { keys.formUnion($0.objects.map(\.key)) }
      return keys
    }
    let before = try keys()
    let rows = try copy(sql, to: location, writing, context)
    let new = try keys().subtracting(before)
    let old: [String]
    switch writing.mode {
    case .append: old = []
    case .overwrite: old = before.sorted()
    case .overwritePartitions:
      let folders = Set(new.map(Self.folder))
      old = before.filter { folders.contains(Self.folder($0)) }.sorted()
    }
    let deleted = try client.delete(old, in: location.bucket)
    return WrittenDataset(rows: rows, objects: new.count, deleted: deleted)
  }

  private static func folder(_ key: String) -> String {
    key.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  private func copy(
    _ sql: String, to location: S3Location, _ writing: DatasetWriting, _ context: any JobContext
  ) throws -> Int {
    guard !writing.partitions.isEmpty else {
      let ending = writing.format.rawValue
      let object = location.description + "part-\(UUID().uuidString.lowercased()).\(ending)"
      return try copy(sql, to: object, format: writing.format, isPacked: false, name: object, context: context)
    }
    let schema = try describe(sql)
    for name in writing.partitions where schema.column(named: name) == nil {
      throw FrameError(
        .noSuchColumn, location: location.description, column: name, what: "there is no such column to divide by",
        advice: "The columns are \(ColumnNames.listed(schema.map(\.name))).")
    }
    let format =
      switch writing.format {
      case .csv, .tsv: "FORMAT csv, HEADER true"
      case .json, .jsonl: "FORMAT json"
      case .parquet, .xlsx, .fwf: "FORMAT parquet, COMPRESSION zstd"
      }
    let ending = writing.format.rawValue
    let target = String(location.description.dropLast(location.description.hasSuffix("/") ? 1 : 0))
    let result = try query(
      "COPY \(SQL.subquery(sql)) TO \(SQL.text(target)) (\(format), PARTITION_BY (\(SQL.identifiers(writing.partitions))), "
        + "FILENAME_PATTERN 'part-{uuid}', FILE_EXTENSION '\(ending)', APPEND true)", context: context,
      note: "writing rows")
    return Int(result.value(0, 0).number ?? 0)
  }
}
