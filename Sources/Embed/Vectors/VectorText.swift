// Vectors as text, quickly: six decimals, as word2vec writes them.

import Foundation

/// Writes bytes to a file through a buffer. The file appears under its name once it is whole.
final class ByteWriter {
  private let path: String
  private let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    partial = path + ".part"
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
    buffer.reserveCapacity(1 << 20)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  func write(_ bytes: some Collection<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 19 { try drain() }
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func write(raw pointer: UnsafeRawPointer, count: Int) throws {
    buffer.append(contentsOf: UnsafeRawBufferPointer(start: pointer, count: count))
    if buffer.count >= 1 << 19 { try drain() }
  }

  func write<Number: FixedWidthInteger>(_ number: Number) throws {
    try withUnsafeBytes(of: number.littleEndian) { try write(Array($0)) }
  }

  func write(_ number: Double) throws { try write(number.bitPattern) }
  func write(_ truth: Bool) throws { try write(UInt8(truth ? 1 : 0)) }

  /// A space and a number with six decimals for each of a row.
  func writeText(_ row: UnsafePointer<Float>, count: Int) throws {
    for column in 0..<count {
      let value = row[column]
      guard value.isFinite, abs(value) < 1e12 else {
        buffer.append(contentsOf: " \(value)".utf8)
        continue
      }
      var scaled = UInt64((abs(Double(value)) * 1e6).rounded())
      buffer.append(32)
      if value < 0 { buffer.append(45) }
      var digits = 7
      var cap: UInt64 = 10_000_000
      while scaled >= cap {
        cap &*= 10
        digits += 1
      }
      let first = buffer.count
      buffer.append(contentsOf: repeatElement(46, count: digits + 1))
      var place = first + digits
      for digit in 0..<digits {
        if digit == 6 { place -= 1 }
        buffer[place] = UInt8(48 + scaled % 10)
        scaled /= 10
        place -= 1
      }
    }
    if buffer.count >= 1 << 19 { try drain() }
  }

  private func drain() throws {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { raw in
        Foundation.write(descriptor, raw.baseAddress.map { $0 + written }, raw.count - written)
      }
      if count < 0, errno != EINTR { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
      written += max(count, 0)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Leaves zeros out of what follows: the file has a hole there, which takes no room on most disks.
  /// - Returns: where the hole begins.
  func skip(_ count: Int) throws -> Int {
    try drain()
    let end = lseek(descriptor, off_t(count), SEEK_CUR)
    guard end >= 0 else { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
    return Int(end) - count
  }

  /// Writes into a hole.
  func write(raw pointer: UnsafeRawPointer, count: Int, at offset: Int) throws {
    var written = 0
    while written < count {
      let taken = pwrite(descriptor, pointer + written, count - written, off_t(offset + written))
      if taken < 0, errno != EINTR { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
      written += max(taken, 0)
    }
  }

  /// Puts the file in its place.
  func finish() throws {
    try drain()
    close(descriptor)
    descriptor = -1
    guard rename(partial, path) == 0 else {
      throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
