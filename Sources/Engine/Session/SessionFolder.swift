import Foundation

/// The folder of one running process: its database file and what spills. Removed when the process ends in order; what
/// a killed process left behind is removed by the next one.
final class SessionFolder: Sendable {
  let path: String

  init(locations: Locations) throws {
    let process = ProcessInfo.processInfo.processIdentifier
    path = "\(locations.sessions)/\(process)-\(UInt32.random(in: 0...UInt32.max))"
    Self.sweep(locations.sessions)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { remove() }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Removes the folders of processes that are gone.
  private static func sweep(_ folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let process = name.split(separator: "-").first.flatMap({ Int32($0) }), !Autosave.isAlive(process) else {
        continue
      }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
