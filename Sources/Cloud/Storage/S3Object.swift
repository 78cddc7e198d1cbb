import Foundation

/// An object as a listing, or a look at it, tells it.
public struct S3Object: Hashable, Sendable {
  public var bucket: String
  public var key: String
  /// Bytes.
  public var size: Int
  public var modified: Date?
  /// Changes whenever the content does.
  public var tag: String
  public var storageClass: String?

  public init(
    bucket: String, key: String, size: Int, modified: Date? = nil, tag: String = "", storageClass: String? = nil
  ) {
    self.bucket = bucket
    self.key = key
    self.size = size
    self.modified = modified
    self.tag = tag
    self.storageClass = storageClass
  }

  public var location: S3Location { S3Location(bucket: bucket, key: key) }
}

/// A bucket.
public struct S3Bucket: Hashable, Sendable {
  public var name: String
  public var created: Date?
}

/// A part of a listing.
public struct S3Page: Sendable {
  public var objects: [S3Object]
  /// What stands before the next slash, where a listing stops at slashes: with the slash.
  public var prefixes: [String]
  /// Asks for the next part; nil at the end.
  public var next: String?
}

/// Which objects below a location are meant.
public struct S3Selection: Hashable, Sendable {
  /// Changed at or after this.
  public var from: Date?
  /// Changed at or before this.
  public var until: Date?
  /// What keys end in.
  public var suffix: String?
  /// Leaves out objects without a byte, such as the marks of folders.
  public var ignoresEmpty: Bool

  public init(from: Date? = nil, until: Date? = nil, suffix: String? = nil, ignoresEmpty: Bool = false) {
    self.from = from
    self.until = until
    self.suffix = suffix
    self.ignoresEmpty = ignoresEmpty
  }

  public func takes(_ object: S3Object) -> Bool {
    if ignoresEmpty, object.size == 0 { return false }
    if let suffix, !object.key.hasSuffix(suffix) { return false }
    if let from, (object.modified ?? .distantPast) < from { return false }
    if let until, (object.modified ?? .distantFuture) > until { return false }
    return true
  }
}
