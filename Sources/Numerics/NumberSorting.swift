// Sorting many numbers at once: by the digits of their bits (least significant first), which compares none of them.

extension Array where Element == Double {
  /// Sorts numbers, ascending: −0 before 0, and a not-a-number at an end, by its sign.
  ///
  /// Six passes of eleven bits over the keys, less those in which all keys have the same digit, as whole numbers have;
  /// O(n) with as much memory again.
  public mutating func sortNumbers() {
    guard count > 512 else {
      let keys = map(\.ascendingKey).sorted()
      for index in indices { self[index] = Double(ascendingKey: keys[index]) }
      return
    }
    let (bits, passes) = (11, 6)
    let size = 1 << bits
    var keys = map(\.ascendingKey)
    var counts = [Int](repeating: 0, count: size * passes)
    counts.withUnsafeMutableBufferPointer { counts in
      for key in keys {
        for pass in 0..<passes {
          counts[pass &* size &+ Int(truncatingIfNeeded: key >> UInt64(pass &* bits)) & (size &- 1)] &+= 1
        }
      }
    }
    var sorted = [UInt64](repeating: 0, count: count)
    for pass in 0..<passes {
      let digits = pass * size..<(pass + 1) * size
      if counts[digits].contains(count) { continue }
      var places: [Int] = []
      places.reserveCapacity(size)
      var next = 0
      for number in counts[digits] {
        places.append(next)
        next += number
      }
      let shift = UInt64(pass * bits)
      keys.withUnsafeBufferPointer { keys in
        sorted.withUnsafeMutableBufferPointer { sorted in
          places.withUnsafeMutableBufferPointer { places in
            for key in keys {
              let digit = Int(truncatingIfNeeded: key >> shift) & (size &- 1)
              sorted[places[digit]] = key
              places[digit] &+= 1
            }
          }
        }
      }
      swap(&keys, &sorted)
    }
    for index in indices { self[index] = Double(ascendingKey: keys[index]) }
  }
}

extension Double {
  /// A whole number that compares as the number does.
  fileprivate var ascendingKey: UInt64 {
    let bits = bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  fileprivate init(ascendingKey key: UInt64) {
    self.init(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }
}
