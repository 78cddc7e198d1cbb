// The tree of values of a model file, JSON or UBJSON (Universal Binary JSON, draft 12, ubjson.org). Lists of numbers,
// which are nearly all of a model, are kept as such. Not a general JSON library: it reads what XGBoost writes.

/// A value of a model file.
enum ModelDocument: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  /// A list of numbers alone, the empty list among them.
  case numbers([Double])
  case list([ModelDocument])
  case object([String: ModelDocument])

  subscript(key: String) -> ModelDocument? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// A number, also one that stands in a text, as XGBoost writes its parameters.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): Double(text)
    case .null, .bool, .numbers, .list, .object: nil
    }
  }

  var numbers: [Double]? {
    switch self {
    case .numbers(let numbers): numbers
    case .list(let items):
      // Some versions write flags as words.
      items.allSatisfy({ if case .bool = $0 { true } else { $0.number != nil } })
        ? items.map { if case .bool(let flag) = $0 { flag ? 1 : 0 } else { $0.number ?? .nan } } : nil
    case .null, .bool, .number, .text, .object: nil
    }
  }

  var list: [ModelDocument]? {
    switch self {
    case .list(let items): items
    case .numbers(let numbers): numbers.map { .number($0) }
    case .null, .bool, .number, .text, .object: nil
    }
  }
}

/// Where a document stops making sense.
struct DocumentFault: Error, Equatable {
  let offset: Int
  let reason: String
}

/// How deep values may be nested: a model nests ten levels.
private let depthLimit = 64

// MARK: JSON

/// Reads JSON (RFC 8259).
struct JSONDocumentReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws -> ModelDocument {
    var reader = JSONDocumentReader(bytes: bytes)
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.at == bytes.count else { throw reader.fault("there is more after the end of the document") }
    return value
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func fault(_ reason: String) -> DocumentFault { DocumentFault(offset: at, reason: reason) }

  private var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 0x20 || (0x09...0x0D).contains(bytes[at]) { at += 1 }
  }

  private mutating func take(_ sign: Character) -> Bool {
    skipBlanks()
    guard at < bytes.count, bytes[at] == sign.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws -> ModelDocument {
    skipBlanks()
    guard at < bytes.count else { throw fault("the document ends too early") }
    guard depth < depthLimit else { throw fault("values are nested too deeply") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: StaticString, _ value: ModelDocument) throws -> ModelDocument {
    for i in 0..<word.utf8CodeUnitCount {
      guard current == word.utf8Start[i] else { throw fault("a value was expected") }
      at += 1
    }
    return value
  }

  private mutating func object(depth: Int) throws -> ModelDocument {
    at += 1
    var members: [String: ModelDocument] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw fault("a name in quotes was expected") }
      let name = try text()
      guard take(":") else { throw fault("a colon was expected") }
      members[name] = try value(depth: depth + 1)
    } while take(",")
    guard take("}") else { throw fault("a comma or a closing brace was expected") }
    return .object(members)
  }

  private mutating func list(depth: Int) throws -> ModelDocument {
    at += 1
    if take("]") { return .numbers([]) }
    skipBlanks()
    let sign = current
    if sign == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(sign) {
      var numbers: [Double] = []
      numbers.reserveCapacity(128)
      repeat {
        skipBlanks()
        numbers.append(try number())
      } while take(",")
      guard take("]") else { throw fault("a comma or a closing bracket was expected") }
      return .numbers(numbers)
    }
    var items: [ModelDocument] = []
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw fault("a comma or a closing bracket was expected") }
    return .list(items)
  }

  /// Digits are gathered as a whole number and scaled once, which is exact for up to 15 of them; what has more is read by
  /// the library.
  private mutating func number() throws -> Double {
    let start = at
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { at += 1 }
    var digits = 0
    var whole: UInt64 = 0
    var exponent = 0
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    while isDigit(current) {
      whole = whole &* 10 &+ UInt64(current &- 0x30)
      digits += 1
      at += 1
    }
    guard digits > 0 else { throw fault("a value was expected") }
    if current == UInt8(ascii: ".") {
      at += 1
      while isDigit(current) {
        whole = whole &* 10 &+ UInt64(current &- 0x30)
        digits += 1
        exponent -= 1
        at += 1
      }
    }
    if current | 0x20 == UInt8(ascii: "e") {
      at += 1
      let sign = current
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { at += 1 }
      var shift = 0
      while isDigit(current) {
        shift = min(shift * 10 + Int(current &- 0x30), 9999)
        at += 1
      }
      exponent += sign == UInt8(ascii: "-") ? -shift : shift
    }
    if digits <= 15, abs(exponent) <= 22 {
      let scaled = exponent < 0 ? Double(whole) / Self.powers[-exponent] : Double(whole) * Self.powers[exponent]
      return isNegative ? -scaled : scaled
    }
    let token = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    guard let value = Double(token) else { throw fault("\(token) is no number") }
    return value
  }

  private static let powers: [Double] = {
    var powers = [1.0]
    for _ in 0..<22 { powers.append((powers.last ?? 1) * 10) }
    return powers
  }()

  private mutating func text() throws -> String {
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
    guard at < bytes.count else { throw fault("a text has no end") }
    var content = Array(bytes[start..<at])
    while current != UInt8(ascii: "\"") {
      guard at < bytes.count else { throw fault("a text has no end") }
      if current == UInt8(ascii: "\\") {
        at += 1
        try escape(&content)
      } else {
        content.append(current)
        at += 1
      }
    }
    at += 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func escape(_ content: inout [UInt8]) throws {
    let sign = current
    at += 1
    switch sign {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(sign)
    case UInt8(ascii: "u"):
      var units = [try hexadecimal()]
      if 0xD800...0xDBFF ~= units[0], current == UInt8(ascii: "\\"), at + 1 < bytes.count,
        bytes[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        units.append(try hexadecimal())
      }
      content += Array(String(decoding: units, as: UTF16.self).utf8)
    default: throw fault("a backslash stands before a sign that needs none")
    }
  }

  private mutating func hexadecimal() throws -> UInt16 {
    guard at + 4 <= bytes.count,
      let unit = UInt16(String(decoding: UnsafeBufferPointer(rebasing: bytes[at..<at + 4]), as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits were expected") }
    at += 4
    return unit
  }
}
