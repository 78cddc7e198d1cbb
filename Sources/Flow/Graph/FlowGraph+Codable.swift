// The JSON form of a graph: `{"version": 1, "next": 4, "steps": [...]}`, and `"parameters": [...]` where
// it has some.

extension FlowGraph: Codable {
  private enum CodingKeys: String, CodingKey { case version, next, steps, parameters }

  /// Reads and validates a graph.
  /// - Throws: `FlowError` where the file is of a later version, names an unknown operation or does not hang together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decodeIfPresent(Int.self, forKey: .version) ?? 1
    guard version <= Self.formatVersion else {
      throw FlowError.unsupportedVersion(version, newest: Self.formatVersion)
    }
    let steps = try container.decode([Step].self, forKey: .steps)
    self.init(
      steps: steps, parameters: try container.decodeIfPresent([FlowParameter].self, forKey: .parameters) ?? [])
    nextNumber = max(nextNumber, try container.decodeIfPresent(Int.self, forKey: .next) ?? 1)
    if let error = validate().first { throw error }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.formatVersion, forKey: .version)
    try container.encode(nextNumber, forKey: .next)
    try container.encode(steps, forKey: .steps)
    if !parameters.isEmpty { try container.encode(parameters, forKey: .parameters) }
  }
}
