// The codes of a column's levels, found by the bytes of their names without making a text of them.

/// Which level a name is.
final class LevelTable: Sendable {
  /// The code of a name that is no level: the number of levels.
  let unknown: Int32
  /// Texts are equal where they mean the same characters, however those are composed.
  private let codes: [String: Int32]
  /// Levels of ASCII by the hash of their bytes (linear probing); -1 where there is none.
  private let places: [Int32]
  /// Where the bytes of each level begin, and where those of the last end: `[levels + 1]`.
  private let starts: [Int]
  private let bytes: [UInt8]
  private let areAllASCII: Bool

  /// - Parameter levels: in the order of their codes.
  init(_ levels: [String]) {
    unknown = Int32(levels.count)
    codes = Dictionary(levels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    var size = 8
    while size < levels.count * 2 { size *= 2 }
    var places = [Int32](repeating: -1, count: size)
    var starts = [0]
    var bytes: [UInt8] = []
    for (code, level) in levels.enumerated() {
      let name = Array(level.utf8)
      bytes += name
      starts.append(bytes.count)
      guard name.allSatisfy({ $0 < 128 }) else { continue }
      var place = name.withUnsafeBufferPointer { Self.hash($0) } & (size - 1)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(code)
    }
    (self.places, self.starts, self.bytes) = (places, starts, bytes)
    areAllASCII = bytes.allSatisfy { $0 < 128 }
  }

  /// FNV-1a.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 29)
  }

  /// The code of a name in UTF-8.
  func code(of name: UnsafeBufferPointer<UInt8>) -> Int32 {
    var all: UInt8 = 0
    for byte in name { all |= byte }
    if all < 128 {
      let mask = places.count - 1
      var place = Self.hash(name) & mask
      while places[place] >= 0 {
        let code = Int(places[place])
        if isLevel(code, name) { return Int32(code) }
        place = (place + 1) & mask
      }
      if areAllASCII { return unknown }
    }
    return codes[String(decoding: name, as: UTF8.self)] ?? unknown
  }

  private func isLevel(_ code: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[code]
    guard starts[code + 1] - start == name.count else { return false }
    for index in name.indices where bytes[start + index] != name[index] { return false }
    return true
  }
}
