// The runs of a plain text in a form that costs little to make and to look up.

/// Which runs an ASCII text has: equal for two texts exactly where their `PatternToken`s differ in nothing but lengths.
struct TextShape {
  /// A byte above 127 for each run, after that of a literal its characters.
  private(set) var bytes: [UInt8] = []
  /// Characters of each run.
  private(set) var lengths: [Int] = []

  /// The sorts of characters.
  private enum Sort {
    static let digit = UInt8(0), lower = UInt8(1), upper = UInt8(2), blank = UInt8(3), other = UInt8(4)
  }

  /// [128]: the sort of an ASCII character.
  private static let sorts: [UInt8] = (0..<128).map { character in
    switch UInt8(character) {
    case 0x30...0x39: Sort.digit
    case 0x61...0x7A: Sort.lower
    case 0x41...0x5A: Sort.upper
    case 0x09...0x0D, 0x20: Sort.blank
    default: Sort.other
    }
  }

  /// The first byte of a run: of white space, of a literal, and of letters and digits by their mix.
  private enum Mark {
    static let whitespace = UInt8(0x80), literal = UInt8(0x81), digits = UInt8(0x82), alnum = UInt8(0x83)
    static let lower = UInt8(0x84), upper = UInt8(0x85), name = UInt8(0x86), mixed = UInt8(0x87)
  }

  private let sorts = Self.sorts

  /// Takes a text apart.
  /// - Returns: false of a text that has other characters than ASCII, or more than `most` runs.
  mutating func read(_ text: String, most: Int) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    let isPlain = text.utf8.withContiguousStorageIfAvailable { read($0, most: most) }
    return isPlain ?? false
  }

  private mutating func read(_ text: UnsafeBufferPointer<UInt8>, most: Int) -> Bool {
    var position = 0
    while position < text.count {
      let start = position
      let first = text[start]
      guard first < 128, lengths.count < most else { return false }
      let sort = sorts[Int(first)]
      if sort >= Sort.blank {
        while position < text.count, text[position] < 128, sorts[Int(text[position])] == sort { position += 1 }
        bytes.append(sort == Sort.blank ? Mark.whitespace : Mark.literal)
        if sort == Sort.other { bytes.append(contentsOf: text[start..<position]) }
      } else {
        var (digits, uppers) = (0, 0)
        while position < text.count, text[position] < 128 {
          let next = sorts[Int(text[position])]
          if next >= Sort.blank { break }
          if next == Sort.digit { digits += 1 } else if next == Sort.upper { uppers += 1 }
          position += 1
        }
        let length = position - start
        if digits == length {
          bytes.append(Mark.digits)
        } else if digits > 0 {
          bytes.append(Mark.alnum)
        } else if uppers == 0 {
          bytes.append(Mark.lower)
        } else if uppers == length {
          bytes.append(Mark.upper)
        } else {
          bytes.append(uppers == 1 && sort == Sort.upper ? Mark.name : Mark.mixed)
        }
      }
      lengths.append(position - start)
    }
    return true
  }
}
