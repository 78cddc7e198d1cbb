import Foundation
import Testing

@testable import Frame

/// A folder that goes away with the test.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "assay-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// The message that opening (and reading everything) ends with, nil when it succeeds.
func complaint(_ path: String, options: ReadOptions = ReadOptions(), rows: ImportRows = .all) throws -> String? {
  let database = try Database()
  do {
    let opened = try database.open(Source(location: path, options: options, rows: rows))
    _ = try database.preview(opened)
    _ = try database.query(opened.sql)
    return nil
  } catch let error as FrameError {
    return error.description
  }
}

/// Every row as text, cells joined with `|`, missing ones as `·`.
func lines(_ table: DataTable) -> [String] {
  (0..<table.rowCount).map { row in
    table.columns.indices.map { table.text(row, $0) ?? "·" }.joined(separator: "|")
  }
}
