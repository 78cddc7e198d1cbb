import Cloud
import Foundation
import Synchronization

/// Buckets and prefixes, for a person who looks for a source. Folders are called `s3://`, `s3://lake`, `s3://lake/sales`.
public enum RemotePlaces {
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let isFolder: Bool
    /// Bytes; nil for a folder.
    public let size: Int?
  }

  /// Entries that are listed at most.
  public static let limit = 5000

  /// One for all calls, so that connections and credentials are kept.
  private static let session = Mutex<CloudSession?>(nil)

  /// True for a folder that `entries` lists.
  public static func isMeant(by folder: String) -> Bool { S3Location.isMeant(by: folder) }

  /// What is in a folder, by name: buckets, prefixes up to the next slash, objects. Asks the network, so it may take long.
  /// - Throws: `CloudError`.
  public static func entries(
    of folder: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [Entry] {
    let shared = session.withLock { session in
      if let session { return session }
      let new = CloudSession(CloudSettings(environment: environment))
      session = new
      return new
    }
    let client = S3Client(shared)
    guard folder.lowercased() != "s3://" else {
      return try client.buckets().map { Entry(name: $0.name, isFolder: true, size: nil) }
    }
    var place = try S3Location(folder)
    if !place.key.isEmpty, !place.key.hasSuffix("/") { place.key += "/" }
    var entries: [Entry] = []
    var next: String?
    repeat {
      let page = try client.list(place.bucket, prefix: place.key, delimiter: "/", next: next)
      let start = place.key.count
      entries += page.prefixes.map { Entry(name: String($0.dropFirst(start).dropLast()), isFolder: true, size: nil) }
      entries += page.objects.filter { $0.key != place.key }.map {
        Entry(name: String($0.key.dropFirst(start)), isFolder: false, size: $0.size)
      }
      next = page.next
    } while next != nil && entries.count < limit
    return entries
  }
}
