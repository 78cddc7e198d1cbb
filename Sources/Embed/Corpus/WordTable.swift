// Words as bytes, each with a number in the order of their first appearance and how often it occurred.

import Foundation

/// A table of words, open addressing. Words are compared eight bytes at a time.
final class WordTable {
  private struct Slot {
    var head: UInt64 = 0
    var offset = 0
    var length: UInt32 = 0
    var number: Int32 = -1
  }

  /// Bytes that must be readable after the end of a text.
  static let margin = 16

  private var slots: UnsafeMutablePointer<Slot>
  private var bits = 16
  private var places: [(offset: Int, length: Int)] = []
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaCount = 0
  private var arenaCapacity = 1 << 20
  private var countsPointer: UnsafeMutablePointer<Int>
  private var countsCapacity = 1 << 16
  private var isClosed = false

  init() {
    slots = .allocate(capacity: 1 << bits)
    slots.initialize(repeating: Slot(), count: 1 << bits)
    arena = .allocate(capacity: arenaCapacity)
    arena.initialize(repeating: 0, count: arenaCapacity)
    countsPointer = .allocate(capacity: countsCapacity)
    countsPointer.initialize(repeating: 0, count: countsCapacity)
  }

  deinit {
    slots.deallocate()
    arena.deallocate()
    countsPointer.deallocate()
  }

  /// Gives back what only reading needs: counts stay, words and more reading do not.
  func close() {
    slots.deallocate()
    arena.deallocate()
    bits = 0
    slots = .allocate(capacity: 1)
    slots.initialize(to: Slot())
    arena = .allocate(capacity: 1)
    arenaCount = 0
    arenaCapacity = 1
    isClosed = true
  }

  var count: Int { places.count }
  var counts: UnsafeBufferPointer<Int> { UnsafeBufferPointer(start: countsPointer, count: places.count) }

  func word(_ number: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(!isClosed, "words are asked for before a training")
    return UnsafeBufferPointer(start: arena + places[number].offset, count: places[number].length)
  }

  func text(_ number: Int) -> String { String(decoding: word(number), as: UTF8.self) }

  @inline(__always) private static func mix(_ hash: UInt64) -> UInt64 {
    let product = hash &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 29)
  }

  /// Appends the numbers of the words of `bytes` to `store`, and -1 for each line's end. Words are what stands between
  /// bytes up to the space. The text must not end within a word, and `margin` bytes after it must be readable.
  func scan(_ bytes: UnsafePointer<UInt8>, count: Int, into store: NumberStore) throws {
    precondition(!isClosed, "a corpus reads before it trains")
    try store.reserve(count / 2 + 2)
    let raw = UnsafeRawPointer(bytes)
    var at = 0
    while at < count {
      let byte = bytes[at]
      if byte <= 32 {
        if byte == 10 { store.append(-1) }
        at &+= 1
        continue
      }
      var head: UInt64 = 0
      var hash: UInt64 = 0
      var end = at
      while true {
        var piece = raw.loadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian
        let stop = (piece &- 0x2121_2121_2121_2121) & ~piece & 0x8080_8080_8080_8080
        let length = stop == 0 ? 8 : stop.trailingZeroBitCount >> 3
        if length < 8 { piece &= (1 << UInt64(truncatingIfNeeded: length &* 8)) &- 1 }
        if end == at {
          head = piece
          hash = Self.mix(piece)
        } else if length > 0 {
          hash = Self.mix(hash ^ piece)
        }
        end &+= length
        if length < 8 || end >= count { break }
      }
      end = min(end, count)
      store.append(number(of: bytes + at, length: end &- at, head: head, hash: hash))
      at = end
    }
  }

  private func number(of bytes: UnsafePointer<UInt8>, length: Int, head: UInt64, hash: UInt64) -> Int32 {
    let mask = (1 << bits) &- 1
    var place = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
    while true {
      let slot = slots + place
      if slot.pointee.number < 0 { break }
      if slot.pointee.head == head, Int(slot.pointee.length) == length,
        length <= 8 || memcmp(bytes + 8, arena + slot.pointee.offset + 8, length &- 8) == 0
      {
        countsPointer[Int(slot.pointee.number)] &+= 1
        return slot.pointee.number
      }
      place = (place &+ 1) & mask
    }
    let number = Int32(places.count)
    let offset = keep(bytes, length)
    slots[place] = Slot(head: head, offset: offset, length: UInt32(length), number: number)
    places.append((offset, length))
    if places.count > countsCapacity { growCounts() }
    countsPointer[Int(number)] = 1
    if places.count * 2 > 1 << bits { growSlots() }
    return number
  }

  private func growCounts() {
    let larger = UnsafeMutablePointer<Int>.allocate(capacity: countsCapacity * 2)
    larger.initialize(repeating: 0, count: countsCapacity * 2)
    larger.update(from: countsPointer, count: countsCapacity)
    countsPointer.deallocate()
    (countsPointer, countsCapacity) = (larger, countsCapacity * 2)
  }

  private func keep(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int {
    if arenaCount + length + Self.margin > arenaCapacity {
      let capacity = max(arenaCapacity * 2, arenaCount + length + Self.margin)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      larger.initialize(repeating: 0, count: capacity)
      larger.update(from: arena, count: arenaCount)
      arena.deallocate()
      (arena, arenaCapacity) = (larger, capacity)
    }
    defer { arenaCount += length }
    (arena + arenaCount).update(from: bytes, count: length)
    return arenaCount
  }

  private func growSlots() {
    let old = slots
    let oldCount = 1 << bits
    bits += 2
    slots = .allocate(capacity: 1 << bits)
    slots.initialize(repeating: Slot(), count: 1 << bits)
    for slot in UnsafeBufferPointer(start: old, count: oldCount) where slot.number >= 0 {
      let hash = Self.hash(arena + slot.offset, Int(slot.length))
      var place = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & ((1 << bits) - 1)
      while slots[place].number >= 0 { place = (place + 1) & ((1 << bits) - 1) }
      slots[place] = slot
    }
    old.deallocate()
  }

  /// The same hash as a scan finds.
  private static func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var hash: UInt64 = 0
    var at = 0
    while at < length {
      var piece: UInt64 = 0
      for index in 0..<min(8, length - at) { piece |= UInt64(bytes[at + index]) << UInt64(index * 8) }
      hash = at == 0 ? mix(piece) : mix(hash ^ piece)
      at += 8
    }
    return hash
  }
}
