import Cloud
import Engine
import Foundation

extension Headless {
  /// Has files written: to `path`, or, where that is on S3, into a folder of their own, from which they become objects.
  /// - Parameter body: writes to the path that it gets, or beside it, and returns what it wrote.
  /// - Returns: what was written, as a person would name it.
  func delivering(to path: String, _ body: (String) throws -> [String]) throws -> [String] {
    guard S3Location.isMeant(by: path) else { return try body(path) }
    let location = try S3Location(path)
    guard !location.isPrefix, !location.isPattern else {
      throw UsageError("\(path): this names no object. Add a name to the address.")
    }
    let session = CloudSession(CloudSettings(environment: cloudEnvironment))
    // Before the work, not after it.
    if session.settings.isReadOnly { throw session.settings.readOnlyRefusal(path) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let client = S3Client(session, context: context)
    let files: [String]
    do {
      files = try body(folder.appendingPathComponent(location.name).path)
    } catch ReportFileError.unknownEnding {
      throw ReportFileError.unknownEnding(path)
    }
    return try files.map { file in
      var target = location
      target.key = location.key.dropLast(location.name.count) + URL(fileURLWithPath: file).lastPathComponent
      try client.upload(file, to: target)
      return target.description
    }
  }
}
