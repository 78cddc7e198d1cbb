// Protocol Buffers: what it takes to write requests and to walk through answers.
// Source: https://protobuf.dev/programming-guides/encoding/

/// A message under construction, field by field.
struct ProtoMessage: Sendable {
  private(set) var bytes: [UInt8] = []

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func with(_ field: Int, _ number: Int) -> ProtoMessage {
    var message = self
    message.appendVarint(UInt64(field) << 3)
    message.appendVarint(UInt64(bitPattern: Int64(number)))
    return message
  }

  func with(_ field: Int, _ part: some Collection<UInt8>) -> ProtoMessage {
    var message = self
    message.appendVarint(UInt64(field) << 3 | 2)
    message.appendVarint(UInt64(part.count))
    message.bytes += part
    return message
  }

  func with(_ field: Int, _ text: String) -> ProtoMessage { with(field, Array(text.utf8)) }
  func with(_ field: Int, _ part: ProtoMessage) -> ProtoMessage { with(field, part.bytes) }
}

/// A field of a message that was read.
struct ProtoField {
  let number: Int
  /// The value of a number; 0 for bytes.
  let value: UInt64
  /// The bytes of a text, a message or bytes; empty for numbers.
  let bytes: ArraySlice<UInt8>

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var integer: Int { Int(truncatingIfNeeded: value) }

  /// The fields of a message in their order.
  static func all(of bytes: ArraySlice<UInt8>) throws -> [ProtoField] {
    var fields: [ProtoField] = []
    var place = bytes.startIndex
    func varint() throws -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while place < bytes.endIndex, shift < 64 {
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw SparkError.protocolViolation("a number without an end")
    }
    func part(_ count: UInt64) throws -> ArraySlice<UInt8> {
      guard count <= UInt64(bytes.endIndex - place) else {
        throw SparkError.protocolViolation("a field that is longer than its message")
      }
      defer { place += Int(count) }
      return bytes[place..<place + Int(count)]
    }
    while place < bytes.endIndex {
      let key = try varint()
      let number = Int(truncatingIfNeeded: key >> 3)
      switch key & 7 {
      case 0: fields.append(ProtoField(number: number, value: try varint(), bytes: []))
      case 2: fields.append(ProtoField(number: number, value: 0, bytes: try part(varint())))
      case 1, 5:
        let value = try part(key & 7 == 1 ? 8 : 4).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        fields.append(ProtoField(number: number, value: value, bytes: []))
      default: throw SparkError.protocolViolation("a field of an unknown kind")
      }
    }
    return fields
  }
}

extension [ProtoField] {
  func first(_ number: Int) -> ProtoField? { first { $0.number == number } }
}
