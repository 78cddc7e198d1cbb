// Reads FlatBuffers, the encoding of Arrow's metadata, with every offset checked.
// Source: https://flatbuffers.dev/internals/

/// Bytes of which no one reads past the end, little-endian.
struct CheckedBytes {
  let bytes: UnsafeRawBufferPointer

  func load<Number: BitwiseCopyable>(_ offset: Int, as type: Number.Type = Number.self) throws -> Number {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else {
      throw FrameError.arrow("it ends early")
    }
    return bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)
  }

  func part(_ offset: Int, _ count: Int) throws -> CheckedBytes {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw FrameError.arrow("it ends early")
    }
    return CheckedBytes(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
  }
}

/// A table of a FlatBuffer: fields by number, each of which may be absent.
struct FlatTable {
  let bytes: CheckedBytes
  private let start: Int
  private let fields: Int
  private let fieldBytes: Int

  /// The table at the root of a buffer.
  init(root bytes: CheckedBytes) throws { try self.init(bytes, at: Int(try bytes.load(0, as: UInt32.self))) }

  init(_ bytes: CheckedBytes, at start: Int) throws {
    self.bytes = bytes
    self.start = start
    fields = start - Int(try bytes.load(start, as: Int32.self))
    fieldBytes = Int(try bytes.load(fields, as: UInt16.self))
  }

  private func place(_ field: Int) throws -> Int? {
    let entry = 4 + 2 * field
    guard entry + 2 <= fieldBytes else { return nil }
    let offset = Int(try bytes.load(fields + entry, as: UInt16.self))
    return offset == 0 ? nil : start + offset
  }

  private func target(_ field: Int) throws -> Int? {
    try place(field).map { $0 + Int(try bytes.load($0, as: UInt32.self)) }
  }

  func has(_ field: Int) throws -> Bool { try place(field) != nil }

  func number<Number: BitwiseCopyable>(_ field: Int, default absent: Number) throws -> Number {
    try place(field).map { try bytes.load($0) } ?? absent
  }

  func table(_ field: Int) throws -> FlatTable? { try target(field).map { try FlatTable(bytes, at: $0) } }

  func text(_ field: Int) throws -> String? {
    try target(field).map { start in
      let count = Int(try bytes.load(start, as: UInt32.self))
      return String(decoding: try bytes.part(start + 4, count).bytes, as: UTF8.self)
    }
  }

  /// Where the elements of a vector begin, and how many there are.
  func vector(_ field: Int) throws -> (start: Int, count: Int) {
    guard let target = try target(field) else { return (0, 0) }
    return (target + 4, Int(try bytes.load(target, as: UInt32.self)))
  }

  func tables(_ field: Int) throws -> [FlatTable] {
    let (start, count) = try vector(field)
    // Four bytes an element: a count that the buffer cannot hold fails here and not after a huge allocation.
    _ = try bytes.part(start, count * 4)
    return try (0..<count).map { index in
      let place = start + 4 * index
      return try FlatTable(bytes, at: place + Int(try bytes.load(place, as: UInt32.self)))
    }
  }
}

extension FrameError {
  /// Arrow data that cannot be read, or not yet.
  static func arrow(_ what: String) -> FrameError {
    FrameError(.malformed, what: "the Arrow data that came cannot be read: \(what)")
  }
}
