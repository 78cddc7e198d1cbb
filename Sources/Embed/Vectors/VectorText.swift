// Vectors as text, quickly: six decimals, as word2vec writes them.

import Foundation

/// Writes bytes to a file through a buffer. The file appears under its name once it is whole.
final class ByteWriter {
  private static let size = 1 << 20
  /// What is larger goes past the system's cache from here on: to copy hundreds of megabytes into it costs more than to
  /// make them, and drives out files that somebody reads.
  private static let cached = 1 << 26
  private static let page = 1 << 12
  /// Bytes that one write may ask for at most.
  private static let margin = 1 << 12

  private let path: String
  private let partial: String
  private var descriptor: Int32
  /// Memory of its own: the bytes of a large file go through it one by one.
  private let buffer: UnsafeMutablePointer<UInt8>
  private var held = 0
  /// Bytes that are in the file.
  private var written = 0
  private var isDirect = false
  private var mayBeDirect = true
  /// What is written into holes, and where it begins: neighbours go to the file together.
  private let patch: UnsafeMutablePointer<UInt8>
  private var patchStart = 0
  private var patchHeld = 0

  init(_ path: String) throws {
    self.path = path
    partial = path + ".part"
    buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.size + Self.margin, alignment: Self.page)
      .bindMemory(to: UInt8.self, capacity: Self.size + Self.margin)
    patch = .allocate(capacity: Self.size)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
  }

  deinit {
    UnsafeMutableRawPointer(buffer).deallocate()
    patch.deallocate()
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  func write(_ bytes: some Collection<UInt8>) throws {
    let isWritten: Void? = try bytes.withContiguousStorageIfAvailable { bytes in
      if let base = bytes.baseAddress { try write(raw: base, count: bytes.count) }
    }
    if isWritten == nil {
      for byte in bytes {
        if held == Self.size { try drain() }
        buffer[held] = byte
        held += 1
      }
    }
  }

  func write(_ text: String) throws { try write(text.utf8) }

  func write(raw pointer: UnsafeRawPointer, count: Int) throws {
    var taken = 0
    while taken < count {
      let part = min(count - taken, Self.size - held)
      memcpy(buffer + held, pointer + taken, part)
      held += part
      taken += part
      if held == Self.size { try drain() }
    }
  }

  func write<Number: FixedWidthInteger>(_ number: Number) throws {
    try withUnsafeBytes(of: number.littleEndian) {
      if let base = $0.baseAddress { try write(raw: base, count: $0.count) }
    }
  }

  func write(_ number: Double) throws { try write(number.bitPattern) }
  func write(_ truth: Bool) throws { try write(UInt8(truth ? 1 : 0)) }

  /// A space and a number with six decimals for each of a row.
  func writeText(_ row: UnsafePointer<Float>, count: Int) throws {
    var at = 0
    while at < count {
      // As many as are sure to fit: a number takes up to 21 bytes.
      let end = min(count, at + Self.margin / 32)
      if held > Self.size - Self.margin { try drain() }
      held = Self.text(row, at..<end, buffer, held)
      at = end
    }
  }

  /// Writes numbers from `place` on; returns where they end.
  private static func text(
    _ row: UnsafePointer<Float>, _ columns: Range<Int>, _ buffer: UnsafeMutablePointer<UInt8>, _ place: Int
  ) -> Int {
    var place = place
    for column in columns {
      let value = row[column]
      guard value.isFinite, abs(value) < 1e12 else {
        for byte in " \(value)".utf8 {
          buffer[place] = byte
          place &+= 1
        }
        continue
      }
      buffer[place] = 32
      place &+= 1
      if value < 0 {
        buffer[place] = 45
        place &+= 1
      }
      let scaled = UInt64(abs(Double(value)) * 1e6 + 0.5)
      var whole = scaled / 1_000_000
      var rest = UInt32(truncatingIfNeeded: scaled &- whole &* 1_000_000)
      var digits = 1
      var cap: UInt64 = 10
      while whole >= cap {
        cap &*= 10
        digits &+= 1
      }
      var digit = place &+ digits
      for _ in 0..<digits {
        digit &-= 1
        buffer[digit] = UInt8(truncatingIfNeeded: 48 &+ whole % 10)
        whole /= 10
      }
      place &+= digits
      buffer[place] = 46
      digit = place &+ 7
      for _ in 0..<6 {
        digit &-= 1
        buffer[digit] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
        rest /= 10
      }
      place &+= 7
    }
    return place
  }

  /// Writes what is held, but for a part of a page where only whole ones can go.
  private func drain(isLast: Bool = false) throws {
    if !isDirect, mayBeDirect, !isLast, written >= Self.cached, written % Self.page == 0 { passCache(true) }
    if isDirect, isLast { passCache(false) }
    let whole = isDirect || (mayBeDirect && !isLast) ? held / Self.page * Self.page : held
    var done = 0
    while done < whole {
      let count = Foundation.write(descriptor, buffer + done, whole - done)
      if count < 0, errno == EINVAL, isDirect {
        passCache(false)
        mayBeDirect = false
      } else if count < 0, errno != EINTR {
        throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno)))
      }
      done += max(count, 0)
    }
    written += whole
    held -= whole
    memmove(buffer, buffer + whole, held)
  }

  private func passCache(_ isWanted: Bool) {
    #if os(Linux)
      #if arch(arm64)
        let flag: Int32 = 0o200000  // O_DIRECT
      #else
        let flag: Int32 = 0o40000
      #endif
      let flags = fcntl(descriptor, F_GETFL)
      isDirect = flags >= 0 && fcntl(descriptor, F_SETFL, isWanted ? flags | flag : flags & ~flag) == 0 && isWanted
      mayBeDirect = isDirect || !isWanted
    #else
      mayBeDirect = false
    #endif
  }

  /// Leaves zeros out of what follows: the file has a hole there, which takes no room on most disks.
  /// - Returns: where the hole begins.
  func skip(_ count: Int) throws -> Int {
    try drain(isLast: true)
    mayBeDirect = false
    let end = lseek(descriptor, off_t(count), SEEK_CUR)
    guard end >= 0 else { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
    return Int(end) - count
  }

  /// Writes into a hole, from its beginning to its end; less than a page between two pieces is written with them.
  func write(raw pointer: UnsafeRawPointer, count: Int, at offset: Int) throws {
    let gap = offset - patchStart - patchHeld
    if patchHeld == 0 || gap < 0 || gap > 4096 || patchHeld + gap + count > Self.size {
      try fillHole()
      patchStart = offset
    } else {
      memset(patch + patchHeld, 0, gap)
      patchHeld += gap
    }
    guard count <= Self.size else { return try put(pointer, count, at: offset) }
    memcpy(patch + patchHeld, pointer, count)
    patchHeld += count
  }

  private func fillHole() throws {
    try put(patch, patchHeld, at: patchStart)
    patchHeld = 0
  }

  private func put(_ pointer: UnsafeRawPointer, _ count: Int, at offset: Int) throws {
    var written = 0
    while written < count {
      let taken = pwrite(descriptor, pointer + written, count - written, off_t(offset + written))
      if taken < 0, errno != EINTR { throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno))) }
      written += max(taken, 0)
    }
  }

  /// Puts the file in its place.
  func finish() throws {
    try fillHole()
    try drain(isLast: true)
    close(descriptor)
    descriptor = -1
    guard rename(partial, path) == 0 else {
      throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
