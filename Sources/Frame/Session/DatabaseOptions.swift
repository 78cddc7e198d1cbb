import Foundation

/// How much of the machine a database may use.
public struct DatabaseOptions: Codable, Hashable, Sendable {
  /// Threads for one query; nil means every processor.
  public var threads: Int?
  /// Bytes that DuckDB may keep in memory before it spills to `temporaryDirectory`.
  public var memoryLimit: Int
  /// Where larger-than-memory work spills; nil means beside the database file, or the system's temporary folder.
  public var temporaryDirectory: String?

  public static let defaultMemoryLimit = 1 << 30

  public init(threads: Int? = nil, memoryLimit: Int = Self.defaultMemoryLimit, temporaryDirectory: String? = nil) {
    self.threads = threads
    self.memoryLimit = memoryLimit
    self.temporaryDirectory = temporaryDirectory
  }

  /// DuckDB's settings, by name.
  var settings: [(name: String, value: String)] {
    [
      ("threads", String(threads ?? ProcessInfo.processInfo.activeProcessorCount)),
      ("memory_limit", "\(memoryLimit)B"),
      ("temp_directory", temporaryDirectory ?? SpillFolder.path),
      ("autoinstall_known_extensions", "false"),
      ("autoload_known_extensions", "false"),
      // Nothing of the person's DuckDB shell is read, and no credentials are left on disk.
      ("allow_persistent_secrets", "false"),
      ("preserve_insertion_order", "true"),
    ]
  }
}
