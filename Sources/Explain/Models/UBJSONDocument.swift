// UBJSON as XGBoost writes it: numbers are big-endian, lists of one type carry it once with their length.

/// Reads Universal Binary JSON, draft 12.
struct UBJSONDocumentReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws -> ModelDocument {
    var reader = UBJSONDocumentReader(bytes: bytes)
    return try reader.value(try reader.byte(), depth: 0)
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func fault(_ reason: String) -> DocumentFault { DocumentFault(offset: at, reason: reason) }

  private mutating func byte() throws -> UInt8 {
    guard at < bytes.count else { throw fault("the document ends too early") }
    at += 1
    return bytes[at - 1]
  }

  private mutating func peek() throws -> UInt8 {
    guard at < bytes.count else { throw fault("the document ends too early") }
    return bytes[at]
  }

  private mutating func bits(_ count: Int) throws -> UInt64 {
    guard at + count <= bytes.count else { throw fault("the document ends too early") }
    var bits: UInt64 = 0
    for i in at..<at + count { bits = bits << 8 | UInt64(bytes[i]) }
    at += count
    return bits
  }

  private mutating func value(_ type: UInt8, depth: Int) throws -> ModelDocument {
    guard depth < 64 else { throw fault("values are nested too deeply") }
    switch type {
    case UInt8(ascii: "Z"), UInt8(ascii: "N"): return .null
    case UInt8(ascii: "T"): return .bool(true)
    case UInt8(ascii: "F"): return .bool(false)
    case UInt8(ascii: "S"): return .text(try text())
    case UInt8(ascii: "C"): return .text(String(decoding: [try byte()], as: UTF8.self))
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "{"): return try object(depth: depth)
    default:
      guard let number = try number(type) else { throw fault("\(type) is no type of a value") }
      return .number(number)
    }
  }

  /// Bytes of a number of a type; nil for other types.
  private static func size(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "i"), UInt8(ascii: "U"): 1
    case UInt8(ascii: "I"): 2
    case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
    case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
    default: nil
    }
  }

  private mutating func number(_ type: UInt8) throws -> Double? {
    guard let size = Self.size(of: type) else { return nil }
    let bits = try bits(size)
    return switch type {
    case UInt8(ascii: "i"): Double(Int8(truncatingIfNeeded: bits))
    case UInt8(ascii: "I"): Double(Int16(truncatingIfNeeded: bits))
    case UInt8(ascii: "l"): Double(Int32(truncatingIfNeeded: bits))
    case UInt8(ascii: "L"): Double(Int64(bitPattern: bits))
    case UInt8(ascii: "d"): Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case UInt8(ascii: "D"): Double(bitPattern: bits)
    default: Double(bits)
    }
  }

  private mutating func length() throws -> Int {
    let type = try byte()
    guard let number = try number(type), number >= 0, number <= Double(bytes.count) else {
      throw fault("a length was expected")
    }
    return Int(number)
  }

  private mutating func text() throws -> String {
    let count = try length()
    guard at + count <= bytes.count else { throw fault("a text is longer than the document") }
    defer { at += count }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[at..<at + count]), as: UTF8.self)
  }

  /// The type and the count that a list or an object begins with, where it has them.
  private mutating func header() throws -> (type: UInt8?, count: Int?) {
    var type: UInt8?
    if try peek() == UInt8(ascii: "$") {
      at += 1
      type = try byte()
    }
    guard try peek() == UInt8(ascii: "#") else {
      guard type == nil else { throw fault("a list of one type needs a count") }
      return (nil, nil)
    }
    at += 1
    return (type, try length())
  }

  private mutating func list(depth: Int) throws -> ModelDocument {
    let (type, count) = try header()
    if let type, let count {
      if let size = Self.size(of: type) {
        guard at + count * size <= bytes.count else { throw fault("a list is longer than the document") }
        return .numbers(try (0..<count).map { _ in try number(type) ?? .nan })
      }
      return .list(try (0..<count).map { _ in try value(type, depth: depth + 1) })
    }
    var items: [ModelDocument] = []
    while try count.map({ items.count < $0 }) ?? (try peek() != UInt8(ascii: "]")) {
      items.append(try value(try byte(), depth: depth + 1))
    }
    if count == nil { at += 1 }
    return items.isEmpty ? .numbers([]) : .list(items)
  }

  private mutating func object(depth: Int) throws -> ModelDocument {
    let (type, count) = try header()
    var members: [String: ModelDocument] = [:]
    var read = 0
    while try count.map({ read < $0 }) ?? (try peek() != UInt8(ascii: "}")) {
      let name = try text()
      members[name] = try value(try type ?? byte(), depth: depth + 1)
      read += 1
    }
    if count == nil { at += 1 }
    return .object(members)
  }
}
