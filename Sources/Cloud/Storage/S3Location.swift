/// `s3://bucket/key`: a bucket, and a key, prefix or pattern in it.
public struct S3Location: Hashable, Sendable, CustomStringConvertible {
  public var bucket: String
  /// Without a slash at the beginning unless the key has one; empty for the bucket as a whole.
  public var key: String

  public init(bucket: String, key: String = "") {
    self.bucket = bucket
    self.key = key
  }

  /// True for what `init(_:)` is meant for; `s3a` and `s3n` are what Hadoop calls the same.
  public static func isMeant(by text: String) -> Bool {
    ["s3://", "s3a://", "s3n://"].contains { text.lowercased().hasPrefix($0) }
  }

  /// - Throws: `CloudError` for what names no bucket.
  public init(_ text: String) throws {
    guard Self.isMeant(by: text), let start = text.range(of: "://") else {
      throw CloudError(.usage, location: text, what: "this is no address of S3", advice: "Write s3://bucket/key.")
    }
    let rest = text[start.upperBound...]
    let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    bucket = String(rest[..<slash])
    key = slash < rest.endIndex ? String(rest[rest.utf8.index(after: slash)...]) : ""
    let isName = bucket.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    guard !bucket.isEmpty, isName else {
      throw CloudError(
        .usage, location: text, what: bucket.isEmpty ? "it names no bucket" : "\"\(bucket)\" is no name of a bucket",
        advice: "Write s3://bucket/key.")
    }
  }

  public var description: String { "s3://\(bucket)/\(key)" }

  /// True for a pattern: it holds `*`, `?` or `[`.
  public var isPattern: Bool { KeyPattern.isPattern(key) }
  /// True for all that is below: a bucket, or a key that ends in a slash.
  public var isPrefix: Bool { key.isEmpty || key.utf8.last == UInt8(ascii: "/") }

  /// The key as a path in a folder that stands for `base`, the beginning of the key.
  /// - Throws: `CloudError` where it would lead out of that folder.
  public func path(below base: String) throws -> String {
    let parts = (key.hasPrefix(base) ? String(key.dropFirst(base.count)) : key).split(separator: "/")
    guard !parts.isEmpty, !parts.contains(".."), !parts.contains(".") else {
      throw CloudError(
        .usage, location: description, what: "such a key is no path in a folder",
        advice: "Copy it alone, to a file.")
    }
    return parts.joined(separator: "/")
  }

  /// The last part of the key, or the bucket.
  public var name: String {
    key.split(separator: "/").last.map(String.init) ?? bucket
  }
}

/// A pattern as Python's fnmatch has it: `*` is any text, slashes too, `?` one character, `[a-z]` and `[!a-z]` one of or
/// none of some.
public struct KeyPattern: Sendable {
  private enum Part: Equatable {
    case any, one
    case exactly(Character)
    case among([ClosedRange<Character>], isNegated: Bool)
  }

  private let parts: [Part]
  /// What every match begins with.
  public let literalPrefix: String

  public static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  public init(_ text: String) {
    var parts: [Part] = []
    var rest = Array(text)[...]
    while let next = rest.popFirst() {
      switch next {
      case "*": if parts.last != .any { parts.append(.any) }
      case "?": parts.append(.one)
      case "[":
        if let (part, taken) = Self.range(rest) {
          parts.append(part)
          rest = rest.dropFirst(taken)
        } else {
          parts.append(.exactly("["))
        }
      default: parts.append(.exactly(next))
      }
    }
    self.parts = parts
    var literal = ""
    for part in parts {
      guard case .exactly(let character) = part else { break }
      literal.append(character)
    }
    literalPrefix = literal
  }

  /// What stands between brackets; nil where none closes.
  private static func range(_ rest: ArraySlice<Character>) -> (Part, taken: Int)? {
    var body = Array(rest)
    let isNegated = body.first == "!"
    if isNegated { body.removeFirst() }
    // A bracket at the beginning stands for itself.
    guard body.count > 1, let end = body[1...].firstIndex(of: "]") else { return nil }
    var ranges: [ClosedRange<Character>] = []
    var at = 0
    while at < end {
      if at + 2 < end, body[at + 1] == "-" {
        if body[at] <= body[at + 2] { ranges.append(body[at]...body[at + 2]) }
        at += 3
      } else {
        ranges.append(body[at]...body[at])
        at += 1
      }
    }
    return (.among(ranges, isNegated: isNegated), end + 1 + (isNegated ? 1 : 0))
  }

  /// True when the whole text fits.
  public func matches(_ text: String) -> Bool {
    let text = Array(text)
    var (at, part) = (0, 0)
    var star: (part: Int, at: Int)?
    while at < text.count {
      if part < parts.count, parts[part] == .any {
        star = (part, at)
        part += 1
      } else if part < parts.count, Self.fits(text[at], parts[part]) {
        (at, part) = (at + 1, part + 1)
      } else if let last = star {
        star = (last.part, last.at + 1)
        (at, part) = (last.at + 1, last.part + 1)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == .any }
  }

  private static func fits(_ character: Character, _ part: Part) -> Bool {
    switch part {
    case .any, .one: true
    case .exactly(let wanted): character == wanted
    case .among(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
    }
  }
}
