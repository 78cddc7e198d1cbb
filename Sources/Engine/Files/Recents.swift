import Foundation
import Frame

/// The files and flows that were opened last, newest first.
public struct Recents: Codable, Sendable, Equatable {
  public private(set) var paths: [String] = []
  static let limit = 20

  public init(paths: [String] = []) { self.paths = paths }

  /// Reads the list; an absent or damaged one is an empty one, since nothing of value is in it.
  public init(at locations: Locations) {
    let data = try? Data(contentsOf: URL(fileURLWithPath: locations.recents))
    self = data.flatMap { try? JSONDecoder().decode(Recents.self, from: $0) } ?? Recents()
  }

  /// Puts `path` first.
  public mutating func remember(_ path: String) {
    guard path != "-" else { return }
    let absolute = Source.isElsewhere(path) ? path : URL(fileURLWithPath: path).standardizedFileURL.path
    paths.removeAll { $0 == absolute }
    paths.insert(absolute, at: 0)
    paths = Array(paths.prefix(Self.limit))
  }

  public func write(to locations: Locations) throws {
    try FileManager.default.createDirectory(atPath: locations.state, withIntermediateDirectories: true)
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: locations.recents), options: .atomic)
  }
}
