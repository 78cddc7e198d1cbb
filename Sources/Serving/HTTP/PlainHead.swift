// The head of a request as nearly all clients write it: POST /invocations over HTTP/1.1, with a body whose length is given. It is
// read in one pass over its bytes. Whatever is written in any other way, right or wrong, is left to the HTTP library: this reader
// takes nothing that the library would refuse or understand differently (RFC 9112; NIOHTTP1 is the oracle of its tests).

/// Where the parts of a plain request's head are among its bytes.
struct PlainHead: Equatable {
  enum Reading: Equatable {
    case plain(PlainHead)
    /// More bytes have to come before it can be told.
    case incomplete
    /// A request for the library.
    case other
  }

  /// Bytes of a head at most.
  static let limit = 4_096
  private static let start: StaticString = "POST /invocations"
  private static let version: StaticString = "HTTP/1.1\r\n"

  /// Bytes up to the body.
  private(set) var count = 0
  private(set) var bodyCount = 0
  private(set) var query = 0..<0
  private(set) var contentType = 0..<0
  private(set) var accept = 0..<0
  private(set) var authorization = 0..<0

  var uri: Range<Int> { 5..<(query.isEmpty ? 17 : query.upperBound) }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Reading {
    var reader = HeadReader(bytes: UnsafeBufferPointer(rebasing: bytes.prefix(limit)))
    guard let head = reader.head() else {
      return reader.isAtEnd && bytes.count < limit ? .incomplete : .other
    }
    return .plain(head)
  }

  /// Reads a head; nil where it is not plain, or not whole, which `isAtEnd` tells apart.
  private struct HeadReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private(set) var isAtEnd = false

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func next() -> UInt8? {
      guard position < bytes.count else {
        isAtEnd = true
        return nil
      }
      position += 1
      return bytes[position - 1]
    }

    private mutating func takes(_ text: StaticString) -> Bool {
      for index in 0..<text.utf8CodeUnitCount where next() != text.utf8Start[index] { return false }
      return true
    }

    mutating func head() -> PlainHead? {
      var head = PlainHead()
      guard takes(PlainHead.start), let mark = next() else { return nil }
      if mark == UInt8(ascii: "?") {
        let start = position
        while let byte = next(), byte != 32 {
          guard Self.isOfQuery(byte) else { return nil }
        }
        if isAtEnd { return nil }
        head.query = start..<position - 1
        guard !head.query.isEmpty else { return nil }
      } else if mark != 32 {
        return nil
      }
      guard takes(PlainHead.version) else { return nil }
      var hasLength = false
      while true {
        let start = position
        guard let first = next() else { return nil }
        if first == 13 {
          guard takes("\n") else { return nil }
          head.count = position
          return hasLength ? head : nil
        }
        position = start
        guard let name = name(), let value = value() else { return nil }
        guard take(name, value, &head, &hasLength) else { return nil }
      }
    }

    /// A field's name, up to the colon.
    private mutating func name() -> Range<Int>? {
      let start = position
      while let byte = next() {
        if byte == UInt8(ascii: ":") { return position - 1 > start ? start..<position - 1 : nil }
        guard Self.isOfName(byte) else { return nil }
      }
      return nil
    }

    /// A field's value without blanks before it, up to the end of the line. The library keeps those behind it, so that such a
    /// value is left to it.
    private mutating func value() -> Range<Int>? {
      var start = position
      while let byte = next() {
        if byte == 13 {
          guard takes("\n") else { return nil }
          let range = start..<position - 2
          if let last = bytes[range].last, last == 32 || last == 9 { return nil }
          return range
        }
        guard byte >= 32 && byte < 127 || byte == 9 else { return nil }
        if byte == 32 || byte == 9, start == position - 1 { start = position }
      }
      return nil
    }

    /// Keeps what matters; false for what a plain request has not.
    private func take(
      _ name: Range<Int>, _ value: Range<Int>, _ head: inout PlainHead, _ hasLength: inout Bool
    ) -> Bool {
      switch name.count {
      case 6 where isText(name, "accept"):
        guard head.accept.isEmpty, !value.isEmpty else { return false }
        head.accept = value
      case 6 where isText(name, "expect"), 7 where isText(name, "upgrade"), 16 where isText(name, "proxy-connection"),
        17 where isText(name, "transfer-encoding"):
        return false
      case 10 where isText(name, "connection"): return isText(value, "keep-alive")
      case 12 where isText(name, "content-type"):
        guard head.contentType.isEmpty, !value.isEmpty else { return false }
        head.contentType = value
      case 13 where isText(name, "authorization"):
        guard head.authorization.isEmpty, !value.isEmpty else { return false }
        head.authorization = value
      case 14 where isText(name, "content-length"):
        guard !hasLength, (1...7).contains(value.count) else { return false }
        for index in value {
          guard bytes[index] &- 48 < 10 else { return false }
          head.bodyCount = head.bodyCount * 10 + Int(bytes[index] - 48)
        }
        hasLength = true
      default: break
      }
      return true
    }

    private func isText(_ range: Range<Int>, _ text: StaticString) -> Bool {
      guard range.count == text.utf8CodeUnitCount else { return false }
      for (offset, index) in range.enumerated() {
        let byte = bytes[index]
        let small = byte &- 65 < 26 ? byte | 32 : byte
        if small != text.utf8Start[offset] { return false }
      }
      return true
    }

    private static func isOfQuery(_ byte: UInt8) -> Bool {
      byte | 32 >= 97 && byte | 32 <= 122 || byte >= 48 && byte <= 57 || byte >= 44 && byte <= 46 || byte == 37
        || byte == 38 || byte == 61
        || byte == 95
    }

    /// A sign of a token (RFC 9110, section 5.6.2), of those that names have.
    private static func isOfName(_ byte: UInt8) -> Bool {
      byte | 32 >= 97 && byte | 32 <= 122 || byte >= 48 && byte <= 57 || byte == 45 || byte == 95
    }
  }
}
