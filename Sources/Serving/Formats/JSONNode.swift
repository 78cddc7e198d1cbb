// JSON (RFC 8259) as it stands in a body: numbers and plain texts stay where they are, so that they are read once, by whoever
// knows what column they are for.

/// A value of a JSON text.
indirect enum JSONNode {
  case null
  case bool(Bool)
  /// Its bytes in the body.
  case number(Range<Int>)
  /// A text without escapes, by its bytes in the body.
  case plain(Range<Int>)
  case text([UInt8])
  case array([JSONNode])
  /// Where a key comes twice, the last counts.
  case object([String: JSONNode])
}

/// Reads JSON.
struct JSONParser {
  /// Containers within containers at most: instances are four deep.
  private static let depthLimit = 32

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The value that the whole text is.
  ///
  /// - Throws: `Refusal`.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> JSONNode {
    var parser = JSONParser(bytes)
    let node = try parser.value(0)
    parser.skipBlanks()
    guard parser.position == bytes.count else { throw parser.error("something follows the value") }
    return node
  }

  private func error(_ reason: String) -> Refusal {
    Refusal(.badRequest, "no JSON: at byte \(position), \(reason)")
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private mutating func value(_ depth: Int) throws -> JSONNode {
    skipBlanks()
    switch byte {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || byte &- 48 < 10: return .number(try number())
    case nil: throw error("the text ends where a value should be")
    default: throw error("there is no value")
    }
  }

  private mutating func word(_ word: StaticString, _ node: JSONNode) throws -> JSONNode {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count, (position..<end).allSatisfy({ bytes[$0] == word.utf8Start[$0 - position] }) else {
      throw error("there is no value")
    }
    position = end
    return node
  }

  private mutating func number() throws -> Range<Int> {
    let start = position
    func digits() -> Int {
      let from = position
      while let byte, byte &- 48 < 10 { position += 1 }
      return position - from
    }
    if byte == UInt8(ascii: "-") { position += 1 }
    let leading = byte
    let whole = digits()
    guard whole > 0, whole == 1 || leading != UInt8(ascii: "0") else { throw error("a number is incomplete") }
    if byte == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error("a number is incomplete") }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw error("a number is incomplete") }
    }
    return start..<position
  }

  private mutating func array(_ depth: Int) throws -> JSONNode {
    guard depth < Self.depthLimit else { throw error("values are too deep in one another") }
    position += 1
    var nodes: [JSONNode] = []
    skipBlanks()
    if byte == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      nodes.append(try value(depth + 1))
      skipBlanks()
      if byte == UInt8(ascii: ",") {
        position += 1
      } else if byte == UInt8(ascii: "]") {
        position += 1
        return .array(nodes)
      } else {
        throw error("an array is not closed")
      }
    }
  }

  private mutating func object(_ depth: Int) throws -> JSONNode {
    guard depth < Self.depthLimit else { throw error("values are too deep in one another") }
    position += 1
    var nodes: [String: JSONNode] = [:]
    skipBlanks()
    if byte == UInt8(ascii: "}") {
      position += 1
      return .object([:])
    }
    while true {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { throw error("an object needs a key in quotes") }
      let key = text(try string())
      skipBlanks()
      guard byte == UInt8(ascii: ":") else { throw error("a key needs a colon") }
      position += 1
      nodes[key] = try value(depth + 1)
      skipBlanks()
      if byte == UInt8(ascii: ",") {
        position += 1
      } else if byte == UInt8(ascii: "}") {
        position += 1
        return .object(nodes)
      } else {
        throw error("an object is not closed")
      }
    }
  }

  private func text(_ node: JSONNode) -> String {
    switch node {
    case .plain(let range): String(decoding: bytes[range], as: UTF8.self)
    case .text(let text): String(decoding: text, as: UTF8.self)
    case .null, .bool, .number, .array, .object: ""
    }
  }

  // MARK: Texts

  private mutating func string() throws -> JSONNode {
    position += 1
    let start = position
    while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { position += 1 }
    if byte == UInt8(ascii: "\"") {
      position += 1
      return .plain(start..<position - 1)
    }
    var result = Array(bytes[start..<position])
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return .text(result)
      case UInt8(ascii: "\\"): try escape(into: &result)
      case ..<32: throw error("a text holds a control character")
      default:
        result.append(byte)
        position += 1
      }
    }
    throw error("a text is not closed")
  }

  private mutating func escape(into result: inout [UInt8]) throws {
    position += 1
    let letter = byte
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter ?? 0)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), byte == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw error("half a character is missing") }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half a character is missing") }
      result += Array(String(Character(scalar)).utf8)
    default: throw error("a text holds an unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("a text is not closed") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch bytes[position] {
      case 48...57: digit = bytes[position] - 48
      case 65...70: digit = bytes[position] - 55
      case 97...102: digit = bytes[position] - 87
      default: throw error("a text holds an unknown escape")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
