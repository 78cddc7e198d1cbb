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

  /// What can be said against it before anything is looked at; nil for nothing.
  public var fault: String? {
    if mode == .overwritePartitions, partitions.isEmpty {
      return "Overwriting partitions takes the columns that make them: --partition-by year,region. Without them add "
        + "rows (--mode append) or replace all (--mode overwrite)."
    }
    var seen: Set<String> = []
    return partitions.first { !seen.insert($0.lowercased()).inserted }
      .map { "The partitions name the column \($0) twice: once is enough." }
  }
}

/// What writing a dataset did.
public struct WrittenDataset: Codable, Hashable, Sendable {
  public var rows: Int
  /// New objects.
  public var objects: Int
  /// Old objects that are gone.
  public var deleted: Int

  public init(rows: Int, objects: Int, deleted: Int) {
    (self.rows, self.objects, self.deleted) = (rows, objects, deleted)
  }
}

extension Database {
  /// Writes the rows of `sql` below a prefix. New objects are written first and old ones deleted after, so that a failure
  /// loses nothing.
  /// - Throws: `FrameError`, `CloudError` or `JobCancelled`.
  public func write(
    _ sql: String, dataset address: String, _ writing: DatasetWriting, context: any JobContext = SilentContext()
  ) throws -> WrittenDataset {
    guard writing.format.isWritten else {
      throw CloudError(
        .usage, location: address, what: "\(writing.format.title) text is read and not written",
        advice: "Write Parquet, CSV, TSV, JSON lines or Excel.")
    }
    if let fault = writing.fault { throw CloudError(.usage, location: address, what: fault) }
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
    func objects() throws -> [S3Object] {
      var objects: [S3Object] = []
      try client.eachPage(location.bucket, prefix: location.key) { objects += $0.objects }
      return objects
    }
    func keys() throws -> Set<String> { Set(try objects().map(\.key)) }
    let there = try objects()
    if writing.mode != .overwrite { try Self.checkDivision(there, location, writing) }
    let before = Set(there.map(\.key))
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

  /// Rows that are added must be divided like some that are there, or a reader finds a column in a part of them alone.
  private static func checkDivision(
    _ objects: [S3Object], _ location: S3Location, _ writing: DatasetWriting
  ) throws {
    let data = objects.filter(RemoteFiles.isData)
    func columns(_ object: S3Object) -> [String] {
      RemoteLayout.partitions(of: String(object.key.dropFirst(location.key.count)))
    }
    let wanted = writing.partitions.map { $0.lowercased() }
    guard let first = data.first, !data.contains(where: { columns($0).map { $0.lowercased() } == wanted }) else {
      return
    }
    let there = columns(first)
    throw CloudError(
      .conflict, location: location.description,
      what: there.isEmpty
        ? "nothing was written: what is there is not divided into partitions, such as \(first.location.name)"
        : "nothing was written: what is there is divided by \(there.joined(separator: ", "))",
      advice: (there.isEmpty
        ? "Leave --partition-by away." : "Divide the rows like that: --partition-by \(there.joined(separator: ",")).")
        + " Or write to another prefix, or replace all of it: --mode overwrite.")
  }

  private static func folder(_ key: String) -> String {
    key.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  private func copy(
    _ sql: String, to location: S3Location, _ writing: DatasetWriting, _ context: any JobContext
  ) throws -> Int {
    guard !writing.partitions.isEmpty else {
      if writing.format == .xlsx { return try uploadWorkbook(sql, to: part(of: location, "xlsx"), context) }
      let ending = writing.format.rawValue
      let object = part(of: location, ending).description
      return try copy(sql, to: object, format: writing.format, isPacked: false, name: object, context: context)
    }
    let schema = try describe(sql)
    for name in writing.partitions where schema.column(named: name) == nil {
      throw FrameError(
        .noSuchColumn, location: location.description, column: name, what: "there is no such column to divide by",
        advice: "The columns are \(ColumnNames.listed(schema.map(\.name))).")
    }
    guard writing.partitions.count < schema.count else {
      throw FrameError(
        .notWritable, location: location.description, what: "every column would become a folder, and none remains",
        advice: "Leave one of \(ColumnNames.listed(schema.map(\.name))) out of the partitions.")
    }
    let folders = try folders(sql, writing, context)
    if folders > Self.mostFolders { throw Self.tooMany(folders, location, writing) }
    let format: String
    switch writing.format {
    case .csv: format = "FORMAT csv, HEADER true"
    case .tsv: format = "FORMAT csv, HEADER true, DELIMITER '\t'"
    case .parquet: format = "FORMAT parquet, COMPRESSION zstd"
    case .json, .jsonl, .xlsx: return try writeParts(sql, to: location, writing, context)
    // Refused before.
    case .fwf: return 0
    }
    let ending = writing.format.rawValue
    let target = String(location.description.dropLast(location.description.hasSuffix("/") ? 1 : 0))
    do {
      let result = try query(
        "COPY \(SQL.subquery(sql)) TO \(SQL.text(target)) (\(format), "
          + "PARTITION_BY (\(SQL.identifiers(writing.partitions))), "
          + "FILENAME_PATTERN 'part-{uuid}', FILE_EXTENSION '\(ending)', APPEND true)", context: context,
        note: "writing rows")
      return Int(result.value(0, 0).number ?? 0)
    } catch let error as FrameError where error.problem == .outOfMemory {
      throw Self.tooMany(folders, location, writing, because: " which takes more memory than assay may use")
    }
  }

  /// Folders that a dataset may get at once: each takes an object of its own, and memory while it is written.
  static let mostFolders = 10_000

  private func folders(_ sql: String, _ writing: DatasetWriting, _ context: any JobContext) throws -> Int {
    let columns = SQL.identifiers(writing.partitions)
    let count = try query(
      "SELECT count(*) FROM (SELECT DISTINCT \(columns) FROM \(SQL.subquery(sql)))", context: context,
      note: "counting folders")
    return Int(count.value(0, 0).number ?? 0)
  }

  private static func tooMany(
    _ folders: Int, _ location: S3Location, _ writing: DatasetWriting, because reason: String? = nil
  ) -> FrameError {
    let isShort = reason != nil
    let columns = ColumnNames.listed(writing.partitions)
    let reason = reason ?? " and \(mostFolders.grouped) are the most"
    return FrameError(
      .notWritable, location: location.description,
      what: "dividing by \(columns) would make \(folders.grouped) folders,\(reason)",
      advice: "Divide by columns with fewer values, or by a coarser one made with SQL, such as the month of a day."
        + (isShort ? " Or raise the memory limit." : ""))
  }

  /// A new object below a prefix.
  private func part(of location: S3Location, _ ending: String) -> S3Location {
    var part = location
    part.key += "part-\(UUID().uuidString.lowercased()).\(ending)"
    return part
  }

  /// Writes an object for each combination of values, of the formats whose rows DuckDB does not divide.
  private func writeParts(
    _ sql: String, to location: S3Location, _ writing: DatasetWriting, _ context: any JobContext
  ) throws -> Int {
    let partitions = writing.partitions
    let table = SQL.identifier("assay_parts_\(UUID().uuidString)")
    defer { try? execute("DROP TABLE IF EXISTS \(table)") }
    try execute("CREATE TABLE \(table) AS \(sql)", context: context, note: "computing rows")
    let texts = partitions.map { "CAST(\(SQL.identifier($0)) AS VARCHAR)" }
    let groups = try query("SELECT DISTINCT \(texts.joined(separator: ", ")) FROM \(table) ORDER BY ALL")
    var rows = 0
    for group in 0..<groups.rowCount {
      try context.checkCancelled()
      context.report(
        Double(group) / Double(groups.rowCount), "writing object \((group + 1).grouped) of \(groups.rowCount.grouped)")
      var (folder, conditions) = (location, [String]())
      for (place, name) in partitions.enumerated() {
        let value = groups.text(group, place)
        folder.key += "\(name)=\(value.map(Self.folderName) ?? FolderColumns.missing)/"
        conditions.append("\(texts[place]) IS NOT DISTINCT FROM \(value.map { SQL.text($0) } ?? "NULL")")
      }
      let part =
        "SELECT * EXCLUDE (\(SQL.identifiers(partitions))) FROM \(table) WHERE \(conditions.joined(separator: " AND "))"
      let object = self.part(of: folder, writing.format.rawValue)
      rows +=
        try writing.format == .xlsx
        ? uploadWorkbook(part, to: object, context)
        : copy(
          part, to: object.description, format: .jsonl, isPacked: false, name: object.description, context: context)
    }
    return rows
  }

  /// A value as the name of a folder, as DuckDB writes it.
  private static func folderName(_ value: String) -> String {
    value.addingPercentEncoding(withAllowedCharacters: folderCharacters) ?? value
  }

  private static let folderCharacters = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
}
