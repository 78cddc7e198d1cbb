// The vectors of a column's texts in a file that is mapped: each different text once, and for each row which it is.
//
// The file: eight numbers of eight bytes (magic, texts, rows, rows without a vector, dimensions, width, key, sum of all
// the rest), zeros up to byte 4096; then vectors [texts][width] of Float32 with length 1, marks [texts] of 16 bytes, and
// for each row the number of its text, or -1, as Int32. Little endian. What is damaged is refused, whole.

import CTextKernels
import Foundation
import Jobs

/// Vectors that a search compares a text with.
public final class KeptVectors: Sendable {
  /// Different texts that have a vector.
  public let texts: Int
  public let rows: Int
  /// Rows whose text is missing or in which nothing is known.
  public let without: Int
  public let dimensions: Int
  /// Numbers from one vector to the next.
  public let width: Int
  /// Of all that the file holds.
  let sum: UInt64
  private let file: MappedFile
  private let numbers: Int

  static let magic: UInt64 = 0x3130_5659_4153_5341  // ASSAYV01
  static let head = 4096

  /// A row that was found.
  public struct Hit: Sendable, Equatable {
    public var row: Int
    public var text: Int
    /// The cosine.
    public var similarity: Double
  }

  /// Maps a file that `VectorKeeper` wrote, and reads it once to see that nothing is damaged.
  /// - Parameter key: what the file was written for.
  /// - Throws: `EmbedError.broken` for a file that is damaged or of something else.
  public init(contentsOf path: String, key: String) throws {
    let file = try MappedFile(path)
    func broken(_ reason: String) -> EmbedError { .broken(path: path, place: "its beginning", reason: reason) }
    guard file.bytes.count >= Self.head else { throw broken("it is too short") }
    let head = (0..<8).map { UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
    guard head[0] == Self.magic, head[6] == TextMark(key).low else { throw broken("it is of something else") }
    let sizes = head[1...5].map { Int(exactly: $0) ?? .max }
    guard sizes.allSatisfy({ $0 < 1 << 40 }) else { throw broken("it has no such size") }
    (texts, rows, without, dimensions, width) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4])
    guard dimensions > 0, dimensions <= 1 << 20, width == Self.width(dimensions), texts <= Int(Int32.max) else {
      throw broken("it has no such width")
    }
    numbers = Self.head + texts * (width * 4 + 16)
    guard file.bytes.count == numbers + rows * 4 else { throw broken("it has another size") }
    var found = ByteSum()
    found.add(UnsafeRawBufferPointer(rebasing: file.bytes[Self.head..<(numbers - texts * 16)]))
    found.add(UnsafeRawBufferPointer(rebasing: file.bytes[(numbers - texts * 16)..<numbers]))
    found.add(UnsafeRawBufferPointer(rebasing: file.bytes[numbers...]))
    found.add(UnsafeRawBufferPointer(rebasing: file.bytes[..<56]))
    guard found.value == head[7] else { throw broken("its sum is wrong") }
    (self.file, sum) = (file, head[7])
  }

  static func width(_ dimensions: Int) -> Int { (dimensions + 15) / 16 * 16 }

  /// [texts][width], each of length 1.
  var vectors: UnsafePointer<Float>? {
    file.bytes.baseAddress.map { ($0 + Self.head).assumingMemoryBound(to: Float.self) }
  }

  /// The number of a row's text; nil without one.
  func text(ofRow row: Int) -> Int? {
    let number = file.bytes.loadUnaligned(fromByteOffset: numbers + row * 4, as: Int32.self)
    return number < 0 || number >= texts ? nil : Int(number)
  }

  /// Whether a text is the one that had this number.
  public func has(_ text: String, as number: Int) -> Bool {
    let at = Self.head + texts * width * 4 + number * 16
    let mark = TextMark(text)
    return file.bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) == mark.low
      && file.bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self) == mark.high
  }

  // MARK: Search

  private static let atOnce = 1 << 14

  /// The rows whose texts have the largest cosines, by taking that of every text; the first of equal ones wins.
  public func nearest(
    to vector: [Float], count: Int, threads: Int, context: any JobContext
  ) throws -> [Hit] {
    let query = AlignedVector(unit(vector), width: width)
    let parts = (texts + Self.atOnce - 1) / Self.atOnce
    let found = PartLists(parts)
    try inParallel(parts, threads: threads) { [self] part in
      try context.checkCancelled()
      guard let vectors else { return }
      let first = part * Self.atOnce
      let size = min(Self.atOnce, texts - first)
      let cosines = [Float](unsafeUninitializedCapacity: size) { buffer, made in
        if let base = buffer.baseAddress {
          assay_dots(
            TextKernelLevel.best.rawValue, vectors + first * width, Int32(width), Int64(size), query.pointer, base)
        }
        made = size
      }
      var top = TopList(count: count)
      for (offset, cosine) in cosines.enumerated() { top.offer(first + offset, cosine) }
      found.set(part, top)
    }
    var top = TopList(count: count)
    for entry in found.lists.flatMap(\.entries) { top.offer(entry.number, entry.score) }
    return rows(of: top.entries, count: count)
  }

  func unit(_ vector: [Float]) -> [Float] {
    let square = vector.reduce(0) { $0 + Double($1) * Double($1) }
    return square > 0 ? vector.map { Float(Double($0) / square.squareRoot()) } : vector
  }

  /// The rows of texts that were found, the most alike first, then by their order.
  func rows(of entries: [(number: Int, score: Float)], count: Int) -> [Hit] {
    let scores = Dictionary(entries.map { (Int32($0.number), $0.score) }, uniquingKeysWith: { first, _ in first })
    guard !scores.isEmpty else { return [] }
    var left = scores.mapValues { _ in count }
    var hits: [Hit] = []
    // Most rows are of none: a byte each tells so, quicker than a look into the dictionary.
    var isWanted = [Bool](repeating: false, count: texts)
    for number in scores.keys { isWanted[Int(number)] = true }
    for row in 0..<rows {
      guard let text = text(ofRow: row), isWanted[text], let score = scores[Int32(text)],
        let more = left[Int32(text)], more > 0
      else { continue }
      left[Int32(text)] = more - 1
      hits.append(Hit(row: row, text: text, similarity: Double(min(1, max(-1, score)))))
    }
    return Array(hits.sorted { ($1.similarity, $0.row) < ($0.similarity, $1.row) }.prefix(count))
  }
}

/// Lists that several threads fill, each its own.
private final class PartLists: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var lists: [TopList]

  init(_ count: Int) { lists = [TopList](repeating: TopList(count: 0), count: count) }

  func set(_ number: Int, _ list: TopList) { lock.withLock { lists[number] = list } }
}
