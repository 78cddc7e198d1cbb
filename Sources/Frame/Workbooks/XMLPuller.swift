/// Pulls the tags and texts of XML out of bytes that come piece by piece: as much of XML as the parts of a workbook use
/// (elements, attributes, text, CDATA; comments, instructions and declarations are passed over). Names are compared
/// without their prefix. Not a validator.
final class XMLPuller {
  enum Event { case start, end, text }

  /// What names are compared by.
  typealias Key = UInt64

  private let source: () throws -> [UInt8]
  private var bytes: [UInt8] = []
  private var position = 0
  private var isExhausted = false
  private var endsItself = false
  private var attributes = 0..<0
  /// The name of the element that starts or ends.
  private(set) var name: Key = 0
  /// Where the text lies; good until the next event.
  private var textRange = 0..<0
  private var isLiteral = false

  /// - Parameter source: the next bytes; none at the end.
  init(_ source: @escaping () throws -> [UInt8]) { self.source = source }

  static func key(_ name: StaticString) -> Key {
    var key: Key = 0xCBF2_9CE4_8422_2325
    for index in 0..<name.utf8CodeUnitCount { key = (key ^ Key(name.utf8Start[index])) &* 0x100_0000_01B3 }
    return key
  }

  /// The next tag or text; nil at the end.
  func next() throws -> Event? {
    if endsItself {
      endsItself = false
      return .end
    }
    while true {
      guard try holds(1) else { return nil }
      if bytes[position] != 0x3C { return try text() }
      guard try holds(2) else { throw Flaw() }
      switch bytes[position + 1] {
      case 0x2F:
        let end = try find(0x3E, from: position + 2)
        name = key(in: (position + 2)..<end)
        position = end + 1
        return .end
      case 0x3F: try skip(through: [0x3F, 0x3E])
      case 0x21:
        if try starts(with: Self.comment) {
          try skip(through: [0x2D, 0x2D, 0x3E])
        } else if try starts(with: Self.literal) {
          let from = Self.literal.count
          let end = try seek([0x5D, 0x5D, 0x3E], from: position + from)
          (textRange, isLiteral) = ((position + from)..<end, true)
          position = end + 3
          return .text
        } else {
          try skip(through: [0x3E])
        }
      default: return try element()
      }
    }
  }

  /// Thrown where the text is not XML.
  struct Flaw: Error {}

  private static let comment = Array("<!--".utf8)
  private static let literal = Array("<![CDATA[".utf8)

  // MARK: Contents

  /// The value of an attribute of the element that started, nil where it has none.
  func attribute(_ wanted: Key) -> [UInt8]? {
    guard let range = attributeRange(wanted) else { return nil }
    var value: [UInt8] = []
    append(range, to: &value, isLiteral: false)
    return value
  }

  func number(_ wanted: Key) -> Int? {
    guard let range = attributeRange(wanted), !range.isEmpty, range.count < 10 else { return nil }
    var number = 0
    for index in range {
      guard (0x30...0x39).contains(bytes[index]) else { return nil }
      number = number * 10 + Int(bytes[index] - 0x30)
    }
    return number
  }

  /// Hands over an attribute's bytes as they stand.
  func withAttribute<Result>(_ wanted: Key, _ body: (ArraySlice<UInt8>) -> Result) -> Result? {
    attributeRange(wanted).map { body(bytes[$0]) }
  }

  /// Appends the text, with characters in place of their references.
  func appendText(to output: inout [UInt8]) { append(textRange, to: &output, isLiteral: isLiteral) }

  private func attributeRange(_ wanted: Key) -> Range<Int>? {
    var index = attributes.lowerBound
    let end = attributes.upperBound
    while index < end {
      while index < end, bytes[index] <= 0x20 || bytes[index] == 0x2F { index += 1 }
      let start = index
      while index < end, bytes[index] != 0x3D, bytes[index] > 0x20 { index += 1 }
      let found = key(in: start..<index)
      while index < end, bytes[index] != 0x22, bytes[index] != 0x27 { index += 1 }
      guard index < end else { return nil }
      let quote = bytes[index]
      index += 1
      let from = index
      while index < end, bytes[index] != quote { index += 1 }
      if found == wanted { return from..<index }
      index += 1
    }
    return nil
  }

  private func append(_ range: Range<Int>, to output: inout [UInt8], isLiteral: Bool) {
    guard !isLiteral, bytes[range].contains(0x26) else {
      output.append(contentsOf: bytes[range])
      return
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      guard byte == 0x26, let end = bytes[index..<min(range.upperBound, index + 12)].firstIndex(of: 0x3B) else {
        output.append(byte)
        index += 1
        continue
      }
      let reference = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
      if let character = Self.character(reference) {
        output.append(contentsOf: String(character).utf8)
      } else {
        output.append(contentsOf: bytes[index...end])
      }
      index = end + 1
    }
  }

  private static func character(_ reference: String) -> Unicode.Scalar? {
    switch reference {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard reference.hasPrefix("#") else { return nil }
      let digits = reference.dropFirst()
      let isHex = digits.first == "x" || digits.first == "X"
      return (isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)).flatMap(Unicode.Scalar.init)
    }
  }

  // MARK: Scanning

  private func element() throws -> Event {
    var index = position + 1
    var quote: UInt8 = 0
    while true {
      if index == bytes.count, try !more(&index) { throw Flaw() }
      let byte = bytes[index]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        break
      }
      index += 1
    }
    endsItself = bytes[index - 1] == 0x2F
    let end = endsItself ? index - 1 : index
    var nameEnd = position + 1
    while nameEnd < end, bytes[nameEnd] > 0x20 { nameEnd += 1 }
    name = key(in: (position + 1)..<nameEnd)
    attributes = nameEnd..<end
    position = index + 1
    return .start
  }

  private func text() throws -> Event {
    var index = position
    while true {
      if index == bytes.count, try !more(&index) { break }
      if bytes[index] == 0x3C { break }
      index += 1
    }
    (textRange, isLiteral) = (position..<index, false)
    position = index
    return .text
  }

  /// The key of a name, its prefix and blanks aside.
  private func key(in range: Range<Int>) -> Key {
    var key: Key = 0xCBF2_9CE4_8422_2325
    for index in range {
      let byte = bytes[index]
      if byte <= 0x20 { break }
      if byte == 0x3A {
        key = 0xCBF2_9CE4_8422_2325
      } else {
        key = (key ^ Key(byte)) &* 0x100_0000_01B3
      }
    }
    return key
  }

  private func holds(_ count: Int) throws -> Bool {
    var index = position
    while bytes.count - position < count {
      index = position
      if try !more(&index) { return false }
    }
    return true
  }

  private func starts(with mark: [UInt8]) throws -> Bool {
    try holds(mark.count) && bytes[position...].starts(with: mark)
  }

  private func find(_ byte: UInt8, from start: Int) throws -> Int { try seek([byte], from: start) }

  private func seek(_ mark: [UInt8], from start: Int) throws -> Int {
    var index = start
    while true {
      while index + mark.count > bytes.count {
        if try !more(&index) { throw Flaw() }
      }
      if bytes[index] == mark[0], bytes[index..<(index + mark.count)].elementsEqual(mark) { return index }
      index += 1
    }
  }

  private func skip(through mark: [UInt8]) throws { position = try seek(mark, from: position + 1) + mark.count }

  /// Lets go of what was passed and takes the next bytes; `index` moves with them. False at the end.
  private func more(_ index: inout Int) throws -> Bool {
    if isExhausted { return false }
    let piece = try source()
    guard !piece.isEmpty else {
      isExhausted = true
      return false
    }
    index -= position
    bytes.removeFirst(position)
    position = 0
    bytes.append(contentsOf: piece)
    // A tag or text of this length is no workbook's.
    if bytes.count > 256 << 20 { throw Flaw() }
    return true
  }
}
