// A file as bytes, without reading what nobody looks at.

import Foundation

/// The bytes of a file, mapped.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer

  init(_ path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? EmbedError.notFound(path: path) : .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw EmbedError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw EmbedError.unreadable(path: path, reason: "it is no file")
    }
    guard status.st_size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw EmbedError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: base, count: Int(status.st_size))
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}

/// Reads numbers from a mapped file, one after the other.
struct ByteReader {
  let file: MappedFile
  var offset = 0

  init(_ file: MappedFile) { self.file = file }

  func broken(_ reason: String) -> EmbedError {
    .broken(path: file.path, place: "byte \(offset)", reason: reason)
  }

  /// Steps over bytes; returns where they begin.
  mutating func skip(_ count: Int) throws -> Int {
    guard count >= 0, count <= file.bytes.count - offset else { throw broken("\(count) more bytes were expected") }
    defer { offset += count }
    return offset
  }

  mutating func read<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    let at = try skip(MemoryLayout<Number>.size)
    return Number(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: Number.self))
  }

  mutating func readDouble() throws -> Double { Double(bitPattern: try read(UInt64.self)) }

  mutating func readFloats(_ count: Int) throws -> [Float] {
    guard count >= 0, count <= file.bytes.count / 4 else { throw broken("\(count) numbers were expected") }
    let at = try skip(count * 4)
    return (0..<count).map { file.bytes.loadUnaligned(fromByteOffset: at + $0 * 4, as: Float.self) }
  }

  mutating func readText() throws -> String {
    let first = offset
    while offset < file.bytes.count, file.bytes[offset] != 0 { offset += 1 }
    guard offset < file.bytes.count else { throw broken("the end of a word was expected") }
    defer { offset += 1 }
    return String(decoding: UnsafeRawBufferPointer(rebasing: file.bytes[first..<offset]), as: UTF8.self)
  }
}
