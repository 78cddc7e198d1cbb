import Foundation

/// What a person has chosen in the palette: how often, and what last. Kept in the state folder, so that the palette
/// offers it first the next time.
public struct CommandUse: Codable, Sendable, Equatable {
  public private(set) var counts: [String: Int] = [:]
  /// Ids, the newest first.
  public private(set) var recent: [String] = []

  static let recentLimit = 30

  public init() {}

  /// Reads what was kept; an absent or damaged file counts as none, since nothing of value is in it.
  public init(at locations: Locations) {
    let data = try? Data(contentsOf: URL(fileURLWithPath: locations.commandUse))
    self = data.flatMap { try? JSONDecoder().decode(CommandUse.self, from: $0) } ?? CommandUse()
  }

  public mutating func note(_ id: String) {
    counts[id, default: 0] += 1
    recent.removeAll { $0 == id }
    recent.insert(id, at: 0)
    recent = Array(recent.prefix(Self.recentLimit))
  }

  /// How much sooner the palette offers it: what was chosen lately first, then what was chosen often. From 0 to 42.
  public func rank(_ id: String) -> Int {
    let lately = recent.prefix(10).firstIndex(of: id).map { (10 - $0) * 4 } ?? 0
    return lately + min(3, counts[id, default: 0] / 2)
  }

  public func write(to locations: Locations) throws {
    try FileManager.default.createDirectory(atPath: locations.state, withIntermediateDirectories: true)
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: locations.commandUse), options: .atomic)
  }
}
