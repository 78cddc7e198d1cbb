// The name by which steps refer to each other. Stable for the life of a flow: an id is never handed out twice.

/// Identifies one step within one flow, such as `s3`.
public struct StepID: Hashable, Sendable, RawRepresentable, CustomStringConvertible, Comparable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }

  /// Orders by length first, so that `s9` comes before `s10`.
  public static func < (left: StepID, right: StepID) -> Bool {
    (left.rawValue.count, left.rawValue) < (right.rawValue.count, right.rawValue)
  }
}

extension StepID: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension StepID: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
