// Pairs of words with a sum: in memory, and beyond a limit in a file.

import Foundation

/// Triples that are appended and then read: word, word, and the bits of a sum.
final class PairStore: @unchecked Sendable {
  /// Bytes of a triple.
  static let size = 12
  /// Triples that wait to be written together.
  private static let waiting = 1 << 16

  private(set) var count = 0
  /// Numbers that memory holds before they are written.
  private var most: Int
  private var memory: NumberStore
  private var file: SpillFile?
  private var written = 0

  /// - Parameter limit: bytes that stay in memory.
  init(limit: Int) throws {
    most = limit / 4
    memory = try NumberStore(limit: .max)
  }

  /// Triples in memory, where all are.
  var pointer: UnsafeMutablePointer<Int32>? { file == nil ? memory.pointer : nil }

  @inline(__always) func append(_ first: Int32, _ second: Int32, _ sum: Float) throws {
    try memory.reserve(3)
    memory.append(first)
    memory.append(second)
    memory.append(Int32(bitPattern: sum.bitPattern))
    count &+= 1
    if memory.count > most { try spill() }
  }

  private func spill() throws {
    let target = try file ?? SpillFile()
    let bytes = UnsafeRawBufferPointer(start: memory.pointer, count: memory.count * 4)
    try target.write(bytes, at: written)
    written += bytes.count
    // What was held while all was in memory is more than is needed from now on.
    memory = try NumberStore(limit: .max)
    (file, most) = (target, Self.waiting * 3)
  }

  /// Nothing is appended any more.
  func end() throws {
    guard let file, memory.count > 0 else { return }
    try file.write(UnsafeRawBufferPointer(start: memory.pointer, count: memory.count * 4), at: written)
    written += memory.count * 4
    memory = try NumberStore(limit: .max)
  }

  /// Copies triples. What was appended must have ended.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Int32>) throws {
    guard let file else {
      target.update(from: memory.pointer + range.lowerBound * 3, count: range.count * 3)
      return
    }
    try file.read(
      into: UnsafeMutableRawBufferPointer(start: target, count: range.count * Self.size),
      at: range.lowerBound * Self.size)
  }

  /// Triples of a store that is in a file, one after the other.
  func forEach(check: () throws -> Void, _ body: (UnsafePointer<Int32>) throws -> Void) throws {
    let buffer = UnsafeMutablePointer<Int32>.allocate(capacity: Self.waiting * 3)
    defer { buffer.deallocate() }
    for first in stride(from: 0, to: count, by: Self.waiting) {
      try check()
      let part = first..<min(first + Self.waiting, count)
      try read(part, into: buffer)
      for place in 0..<part.count { try body(buffer + place * 3) }
    }
  }

  /// Takes what another file holds, of as many triples.
  func replace(with other: SpillFile) { file = other }
}

/// Reads a run of a store in order.
struct PairRun {
  private let store: PairStore
  private var next: Int
  private let end: Int
  private let held: HeldNumbers
  private var place = 0
  private var size = 0

  /// - Parameter buffer: triples that are read together from a file.
  init(_ store: PairStore, _ range: Range<Int>, buffer: Int) throws {
    (self.store, next, end) = (store, range.lowerBound, range.upperBound)
    held = HeldNumbers(store.pointer.map { $0 + range.lowerBound * 3 }, capacity: buffer * 3)
    if store.pointer != nil { size = range.count } else { try refill() }
  }

  /// The pair's words, the first above the second; the largest number after the last one.
  var key: UInt64 {
    guard place < size else { return .max }
    return UInt64(held.pointer[place * 3]) << 32 | UInt64(held.pointer[place * 3 + 1])
  }

  var sum: Float { Float(bitPattern: UInt32(bitPattern: held.pointer[place * 3 + 2])) }

  mutating func advance() throws {
    place += 1
    if place == size, store.pointer == nil { try refill() }
  }

  private mutating func refill() throws {
    (place, size) = (0, min(held.capacity / 3, end - next))
    guard size > 0 else { return }
    try store.read(next..<next + size, into: held.pointer)
    next += size
  }
}

/// Numbers of one's own, or of somebody else.
private final class HeldNumbers {
  let pointer: UnsafeMutablePointer<Int32>
  let capacity: Int
  private let isOwn: Bool

  init(_ pointer: UnsafeMutablePointer<Int32>?, capacity: Int) {
    (self.capacity, isOwn) = (capacity, pointer == nil)
    self.pointer = pointer ?? .allocate(capacity: capacity)
  }

  deinit { if isOwn { pointer.deallocate() } }
}
