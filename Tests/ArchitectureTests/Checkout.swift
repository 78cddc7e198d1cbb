// The files of this checkout, as the tests of the architecture read them.

import Foundation

enum Checkout {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// A Swift file under Sources, with the module that it belongs to.
  struct SourceFile: Sendable {
    /// From the top of the checkout: `Sources/Grid/Cell.swift`.
    let path: String
    let lines: [String]

    var module: String { String(path.split(separator: "/")[1]) }

    /// The lines with comments and the contents of string literals blanked, so that words in them do not count.
    let code: [String]

    init(path: String, text: String) {
      self.path = path
      lines = text.components(separatedBy: "\n")
      var isInText = false
      code = lines.map { line in
        guard isInText || line.utf8.contains(UInt8(ascii: "\"")) || line.contains("//") else { return line }
        let marks = line.components(separatedBy: "\"\"\"").count - 1
        defer { if marks % 2 == 1 { isInText.toggle() } }
        if isInText || marks > 0 { return "" }
        return line.replacing(/"(?:\\.|[^"\\])*"/, with: "\"\"").replacing(/\/\/.*$/, with: "")
      }
    }
  }

  /// Every Swift file under Sources.
  static let sources: [SourceFile] = {
    let folder = root.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var found: [SourceFile] = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      found.append(SourceFile(path: "Sources" + file.path.dropFirst(folder.path.count), text: text))
    }
    return found.sorted { $0.path < $1.path }
  }()
}
