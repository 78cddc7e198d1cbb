// Writes the file that KeptVectors reads: vectors as they come, the rest at the end, and a name only when all is there.

import Foundation

/// Takes the texts of a column one after the other, and the vectors of those that it has not met.
///
/// What is written goes to a file beside the one that is meant, which it becomes in the end; without an end it is removed.
public final class VectorKeeper {
  /// A text that was met.
  public enum Known: Equatable, Sendable {
    case vector(Int)
    /// Nothing in it is known.
    case none
  }

  private let path: String
  private let part: String
  private let key: String
  private let dimensions: Int
  private let width: Int
  private let limit: Int
  private var descriptor: Int32
  private var met: [TextMark: Int32] = [:]
  private var marks: [TextMark] = []
  private var numbers: [Int32] = []
  private var without = 0
  private var held: [Float] = []
  private var written = 0
  private var sum = ByteSum()

  /// - Parameters:
  ///   - key: what the file is for; reading asks for the same.
  ///   - limit: bytes that the file may have.
  /// - Throws: `EmbedError.unwritable`, as the others do.
  public init(_ path: String, key: String, dimensions: Int, limit: Int) throws {
    (self.path, self.key, self.dimensions, self.limit) = (path, key, dimensions, limit)
    width = KeptVectors.width(dimensions)
    let process = ProcessInfo.processInfo.processIdentifier
    part = "\(path).\(process)-\(String(UInt32.random(in: 0...UInt32.max), radix: 16)).part"
    descriptor = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(part) }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(part)
    }
  }

  private static func failure(_ path: String) -> EmbedError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }

  /// Rows that were added.
  public var rows: Int { numbers.count }

  /// What is known of a text; nil for one that was never met.
  public func known(_ mark: TextMark) -> Known? { met[mark].map { $0 < 0 ? .none : .vector(Int($0)) } }

  /// Remembers the vector of a text that was not met; zeros where nothing in it is known.
  /// - Returns: whether the text has a vector that was not known.
  public func learn(_ mark: TextMark, _ vector: [Float]) throws -> Bool {
    guard met[mark] == nil else { return false }
    let square = vector.reduce(0) { $0 + Double($1) * Double($1) }
    guard square > 0, square.isFinite, vector.count == dimensions else {
      met[mark] = -1
      return false
    }
    met[mark] = Int32(marks.count)
    marks.append(mark)
    let scale = 1 / square.squareRoot()
    held.append(contentsOf: vector.lazy.map { Float(Double($0) * scale) })
    held.append(contentsOf: repeatElement(0, count: width - dimensions))
    if held.count >= 1 << 18 { try writeHeld() }
    return true
  }

  /// Adds a row with a text that was learnt, or without one.
  public func add(_ mark: TextMark?) {
    let number = mark.flatMap { met[$0] } ?? -1
    numbers.append(number)
    if number < 0 { without += 1 }
  }

  /// Writes the end, gives the file its name, and maps it.
  public func finish() throws -> KeptVectors {
    try writeHeld()
    try write(marks.flatMap { [$0.low.littleEndian, $0.high.littleEndian] })
    try write(numbers.map(\.littleEndian))
    let counts = [marks.count, numbers.count, without, dimensions, width].map(UInt64.init)
    var head = [KeptVectors.magic] + counts + [TextMark(key).low]
    head.map(\.littleEndian).withUnsafeBytes { sum.add($0) }
    head.append(sum.value)
    try head.map(\.littleEndian).withUnsafeBytes { try put($0, at: 0) }
    guard fsync(descriptor) == 0, close(descriptor) == 0 else {
      descriptor = -1
      unlink(part)
      throw Self.failure(part)
    }
    descriptor = -1
    guard rename(part, path) == 0 else {
      defer { unlink(part) }
      throw Self.failure(path)
    }
    return try KeptVectors(contentsOf: path, key: key)
  }

  private func writeHeld() throws {
    try write(held)
    held.removeAll(keepingCapacity: true)
  }

  private func write<Number>(_ numbers: [Number]) throws {
    try numbers.withUnsafeBytes { bytes in
      sum.add(bytes)
      try put(bytes, at: KeptVectors.head + written)
      written += bytes.count
    }
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    guard offset + bytes.count <= limit else {
      throw EmbedError.unwritable(path: part, reason: "more than \(limit) bytes")
    }
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(part) }
      done += count
    }
  }
}
