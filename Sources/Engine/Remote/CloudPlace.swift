import Cloud
import Foundation

/// A place that a tree of S3 and of the Glue catalogue can show.
public enum CloudPlace: Codable, Hashable, Sendable {
  /// All buckets.
  case buckets
  /// What is below a prefix, up to the next slash. The prefix is empty, or ends in a slash.
  case objects(bucket: String, prefix: String)
  case object(bucket: String, key: String)
  /// All databases of the catalogue.
  case databases
  case tables(database: String)
  case table(database: String, name: String)
  case partitions(database: String, table: String)

  /// `s3://lake/sales/` or `glue://sales/orders`: what a person types, and what a source is called.
  public var address: String {
    switch self {
    case .buckets: "s3://"
    case .objects(let bucket, let prefix): "s3://\(bucket)/\(prefix)"
    case .object(let bucket, let key): "s3://\(bucket)/\(key)"
    case .databases: "glue://"
    case .tables(let database): "glue://\(database)"
    case .table(let database, let name), .partitions(let database, let name): "glue://\(database)/\(name)"
    }
  }

  /// The place that lists this one; nil at a root.
  public var parent: CloudPlace? {
    switch self {
    case .buckets, .databases: nil
    case .objects(_, ""): .buckets
    case .objects(let bucket, let key), .object(let bucket, let key):
      .objects(
        bucket: bucket,
        prefix: key.split(separator: "/", omittingEmptySubsequences: false)
          .dropLast(key.hasSuffix("/") ? 2 : 1).map { $0 + "/" }.joined())
    case .tables: .databases
    case .table(let database, _): .tables(database: database)
    case .partitions(let database, let table): .table(database: database, name: table)
    }
  }

  /// On S3, where objects can be put and deleted.
  public var isObjectStore: Bool {
    switch self {
    case .objects, .object: true
    case .buckets, .databases, .tables, .table, .partitions: false
    }
  }
}

/// Who asks, and where.
public struct CloudAccount: Sendable, Equatable {
  public var profile: String
  public var region: String
  /// What is asked instead of AWS itself, as host and port; nil for AWS.
  public var objectStore: String?
  public var catalogue: String?
  public var isReadOnly: Bool
  /// Something says who is asking: a quick look, not a promise.
  public var isNamed: Bool

  /// - Parameter environment: as the AWS tools know it; files that it names are read.
  public init(environment: [String: String]) {
    self.init(CloudSettings(environment: environment))
  }

  init(_ settings: CloudSettings) {
    profile = settings.profile
    region = settings.region
    objectStore = (try? settings.endpoint(.s3))?.authority
    catalogue = (try? settings.endpoint(.glue))?.authority
    isReadOnly = settings.isReadOnly
    isNamed = settings.namesCredentials
  }
}

/// A line of a listing.
public struct CloudEntry: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case bucket, prefix, object, database, table
    /// A column of a table, and one that its partitions are made by.
    case column, key
    case location, partitions, partition
  }

  public var kind: Kind
  public var name: String
  /// What lies behind it; nil for what is only said.
  public var place: CloudPlace?
  /// What reads it as a dataset; nil where nothing does.
  public var source: String?
  /// Bytes.
  public var size: Int?
  public var modified: Date?
  /// A type, a format, a class of storage.
  public var detail: String

  public init(
    _ kind: Kind, _ name: String, place: CloudPlace? = nil, source: String? = nil, size: Int? = nil,
    modified: Date? = nil, detail: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.place = place
    self.source = source
    self.size = size
    self.modified = modified
    self.detail = detail
  }

  /// Whether other lines lie below it.
  public var hasMore: Bool {
    switch kind {
    case .bucket, .prefix, .database, .table, .partitions: true
    case .object, .column, .key, .location, .partition: false
    }
  }
}

/// One part of what is in a place.
public struct CloudListing: Sendable, Equatable {
  public var entries: [CloudEntry]
  /// Asks for the next part; nil at the end.
  public var next: String?
}

/// How much is meant.
public struct CloudAmount: Codable, Sendable, Equatable {
  public var objects: Int
  public var bytes: Int

  public init(objects: Int = 0, bytes: Int = 0) {
    self.objects = objects
    self.bytes = bytes
  }
}

/// Why a service did not answer, and what to do about it.
public struct CloudRefusal: Sendable, Equatable {
  /// A clause without a full stop.
  public var what: String
  /// A sentence; empty where nobody knows.
  public var advice: String
  public var location: String?

  init(_ error: CloudError) {
    what = error.what + (error.code.map { error.what.contains($0) ? "" : " (\($0))" } ?? "")
    advice = error.advice ?? ""
    location = error.location
  }

  public var text: String { (location.map { $0 + ": " } ?? "") + what + "." + (advice.isEmpty ? "" : " " + advice) }
}

extension CloudRefusal {
  /// What failed otherwise.
  public init(_ text: String) { (what, advice, location) = (text, "", nil) }
}
