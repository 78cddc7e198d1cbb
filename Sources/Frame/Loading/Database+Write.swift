import Cloud
import Foundation
import Jobs

extension Database {
  /// Writes the rows of `sql` to a file: all of them or none. They go into a temporary file in the same folder that
  /// takes the name in the end, so that an older file survives whatever goes wrong.
  /// - Parameters:
  ///   - format: nil means what the name says, CSV where it says nothing. A name that ends in `.gz` is packed.
  ///   - hasBloomFilters: false keeps them out of Parquet files, whose writer holds them all in memory until the end.
  /// - Returns: the number of rows.
  @discardableResult
  public func write(
    _ sql: String, to path: String, format: SourceFormat? = nil, hasBloomFilters: Bool = true,
    context: any JobContext = SilentContext()
  ) throws -> Int {
    if S3Location.isMeant(by: path) {
      return try writeRemote(sql, to: path, format: format, hasBloomFilters: hasBloomFilters, context: context)
    }
    let target = (path as NSString).expandingTildeInPath
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder.boolValue {
      throw FrameError.writing(path, errno: EISDIR)
    }
    let folder = (target as NSString).deletingLastPathComponent
    let base = (target as NSString).lastPathComponent
    let temporary = (folder.isEmpty ? "." : folder) + "/.\(base).\(ProcessInfo.processInfo.processIdentifier).part"
    // Finds out early, and in the system's words, whether the folder can be written to.
    try ScratchFile.create(temporary, name: path)
    defer { unlink(temporary) }
    let rows = try copy(
      sql, to: temporary, format: format ?? SourceFormat(path: path) ?? .csv, isPacked: path.hasSuffix(".gz"),
      hasBloomFilters: hasBloomFilters, name: path, context: context)
    guard rename(temporary, target) == 0 else { throw FrameError.writing(path, errno: errno) }
    return rows
  }

  /// Writes an object. It appears when it is complete: S3 shows no object before its last part has come.
  private func writeRemote(
    _ sql: String, to path: String, format: SourceFormat?, hasBloomFilters: Bool, context: any JobContext
  ) throws -> Int {
    do {
      let location = try S3Location(path)
      guard !location.isPrefix, !location.isPattern else {
        throw FrameError(
          .notWritable, location: path, what: "this names no object", advice: "Add a name to the address.")
      }
      try prepareWriting(location, context)
      if format ?? SourceFormat(path: path) == .xlsx { return try uploadWorkbook(sql, to: location, context) }
      return try copy(
        sql, to: location.description, format: format ?? SourceFormat(path: path) ?? .csv,
        isPacked: path.hasSuffix(".gz"), hasBloomFilters: hasBloomFilters, name: path, context: context)
    } catch let error as CloudError {
      throw FrameError(error)
    } catch let error as FrameError where error.problem == .query && error.what.contains("HTTP") {
      throw FrameError(
        .notWritable, location: path, what: "S3 did not take it: \(error.what)",
        advice: "Check that the bucket is there, and that these credentials may write.")
    }
  }

  /// Writes a workbook as an object, through a file: it is complete when its directory is written, at its end.
  func uploadWorkbook(_ sql: String, to location: S3Location, _ context: any JobContext) throws -> Int {
    let file = NSTemporaryDirectory() + "/assay-\(UUID().uuidString).xlsx"
    let name = location.description
    try ScratchFile.create(file, name: name)
    defer { unlink(file) }
    let rows = try copy(
      sql, to: file, format: .xlsx, isPacked: name.hasSuffix(".gz"), name: name, context: context)
    try remote.client(context).upload(file, to: location)
    return rows
  }

  /// Refuses where nothing may be changed, and hands DuckDB the credentials.
  func prepareWriting(_ location: S3Location, _ context: any JobContext) throws {
    let settings = remote.cloud().settings
    if settings.isReadOnly { throw settings.readOnlyRefusal(location.description) }
    try remote.prepare(location.bucket, context) { try execute($0) }
  }

  /// Writes to exactly this path.
  /// - Parameter name: what errors call the file.
  func copy(
    _ sql: String, to path: String, format: SourceFormat, isPacked: Bool, hasBloomFilters: Bool = true, name: String,
    context: any JobContext
  ) throws -> Int {
    let packing = isPacked ? ", COMPRESSION gzip" : ""
    let options: String
    switch format {
    case .csv: options = "FORMAT csv, HEADER true\(packing)"
    case .tsv: options = "FORMAT csv, HEADER true, DELIMITER '\t'\(packing)"
    case .json: options = "FORMAT json, ARRAY true\(packing)"
    case .jsonl: options = "FORMAT json\(packing)"
    case .parquet:
      options = "FORMAT parquet, COMPRESSION zstd\(hasBloomFilters ? "" : ", WRITE_BLOOM_FILTER false")"
    case .xlsx:
      guard !isPacked else {
        throw FrameError(
          .notWritable, location: name, what: "a workbook is not packed with gzip: it is packed in itself",
          advice: "Leave .gz out of its name.")
      }
      return try copyWorkbook(sql, to: path, name: name, context: context)
    case .fwf:
      throw FrameError(
        .notWritable, location: name, what: "fixed-width text is read and not written",
        advice: "Write .csv, .tsv, .json, .jsonl, .parquet or .xlsx.")
    }
    do {
      let result = try query(
        "COPY \(SQL.subquery(sql)) TO \(SQL.text(path)) (\(options), USE_TMP_FILE false)", context: context,
        note: "writing rows")
      return Int(result.value(0, 0).number ?? 0)
    } catch var error as FrameError {
      if error.problem == .diskFull { throw FrameError.writing(name, errno: ENOSPC) }
      if error.location == path { error.location = name }
      throw error
    }
  }
}
