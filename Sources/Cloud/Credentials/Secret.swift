import Foundation

/// A text that nobody may see: it has no description, no reflection and no coding, so that it can slip into no log.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself, for signing alone.
  let value: String

  public init(_ value: String) { self.value = value }

  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Hands the text to `body`, for a library that has to sign requests itself.
  public func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(value) }
}

/// What requests are signed with.
public struct Credentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  public let accessKey: String
  public let secret: Secret
  /// Of temporary credentials.
  public let token: Secret?
  /// When temporary credentials end.
  public let expiration: Date?
  /// Where they come from: `the environment`, `the profile analyst of ~/.aws/credentials`.
  public let origin: String

  public init(accessKey: String, secret: Secret, token: Secret? = nil, expiration: Date? = nil, origin: String) {
    self.accessKey = accessKey
    self.secret = secret
    self.token = token
    self.expiration = expiration
    self.origin = origin
  }

  /// The last four characters of the access key, which is enough to tell two apart.
  public var description: String { "credentials …\(accessKey.suffix(4)) from \(origin)" }
  public var customMirror: Mirror { Mirror(self, children: ["accessKey": "…\(accessKey.suffix(4))"]) }
}
