import Foundation
import Frame

/// Tells whether a file is still the one that a session read: its size, and a digest of its beginning and its end.
public struct FileMark: Codable, Sendable, Equatable {
  public var bytes: Int
  public var digest: String

  private static let part = 1 << 16

  /// Of a list, the sizes together, and a digest of the digests. Nil where a file is not there.
  init?(of source: Source) {
    let marks = source.locations.compactMap { FileMark(of: $0) }
    guard marks.count == source.locations.count, let first = marks.first else { return nil }
    self = first
    guard marks.count > 1 else { return }
    bytes = marks.reduce(0) { $0 + $1.bytes }
    digest = Fingerprint.digest(marks.map(\.digest).joined(separator: " "))
  }

  /// Nil where there is no such file.
  public init?(of path: String) {
    guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd() else { return nil }
    defer { try? handle.close() }
    bytes = Int(size)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for start in [0, max(0, bytes - Self.part)] {
      guard (try? handle.seek(toOffset: UInt64(start))) != nil, let data = try? handle.read(upToCount: Self.part)
      else { break }
      // FNV-1a, 64 bits.
      for byte in data { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    digest = String(hash, radix: 16)
  }
}
