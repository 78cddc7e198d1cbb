// Bytes of a text, plain, gzip or xz, a piece at a time: the text may be larger than memory.

import CCompression
import Foundation

/// Reads a file from its beginning to its end. `-` is standard input.
final class TextReader {
  private enum Coding { case plain, gzip, xz }

  private let path: String
  private let descriptor: Int32
  private let coding: Coding
  /// What was read and not yet decoded.
  private var input: [UInt8]
  private var first = 0, last = 0
  private var zlib = z_stream()
  private var lzma = lzma_stream()
  private var isEnded = false

  init(_ path: String) throws {
    self.path = path
    descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? EmbedError.notFound(path: path) : Self.failure(path)
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw EmbedError.unreadable(path: path, reason: "it is a folder; give a file")
    }
    var input = [UInt8](repeating: 0, count: 1 << 18)
    let file = descriptor
    var held = 0
    while held < 6 {
      let count = input.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + held }, $0.count - held) }
      if count <= 0 { break }
      held += count
    }
    self.input = input
    last = held
    if last >= 2, input[0] == 0x1F, input[1] == 0x8B {
      coding = .gzip
      _ = inflateInit2_(&zlib, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    } else if last >= 6, Array(input[0..<6]) == [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] {
      coding = .xz
      _ = lzma_stream_decoder(&lzma, UInt64.max, 0x08 /* LZMA_CONCATENATED */)
    } else {
      coding = .plain
    }
  }

  deinit {
    if coding == .gzip { inflateEnd(&zlib) }
    if coding == .xz { lzma_end(&lzma) }
    close(descriptor)
  }

  private static func failure(_ path: String) -> EmbedError {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }

  private func refill() throws {
    guard first == last else { return }
    while true {
      let count = input.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(path) }
      (first, last) = (0, count)
      return
    }
  }

  /// Up to `count` bytes; 0 at the end.
  func next(into target: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    switch coding {
    case .plain:
      if first < last {
        let taken = min(count, last - first)
        input.withUnsafeBufferPointer { if let base = $0.baseAddress { memcpy(target, base + first, taken) } }
        first += taken
        return taken
      }
      while true {
        let taken = Foundation.read(descriptor, target, count)
        if taken < 0, errno == EINTR { continue }
        guard taken >= 0 else { throw Self.failure(path) }
        return taken
      }
    case .gzip: return try inflate(into: target, count: count)
    case .xz: return try decode(into: target, count: count)
    }
  }

  private func inflate(into target: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    zlib.next_out = target
    zlib.avail_out = UInt32(count)
    while zlib.avail_out == UInt32(count), !isEnded {
      try refill()
      let available = last - first
      let code: Int32 = input.withUnsafeMutableBufferPointer { buffer in
        zlib.next_in = buffer.baseAddress.map { $0 + first }
        zlib.avail_in = UInt32(available)
        return CCompression.inflate(&zlib, Z_NO_FLUSH)
      }
      first = last - Int(zlib.avail_in)
      if code == Z_STREAM_END {
        try refill()
        // Several files in one: gzip reads them as one.
        if first == last { isEnded = true } else { inflateReset(&zlib) }
      } else if code != Z_OK || available == 0 {
        throw EmbedError.broken(path: path, place: "its compressed part", reason: "gzip cannot go on")
      }
    }
    return count - Int(zlib.avail_out)
  }

  private func decode(into target: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    lzma.next_out = target
    lzma.avail_out = count
    while lzma.avail_out == count, !isEnded {
      try refill()
      let available = last - first
      let code = input.withUnsafeBufferPointer { buffer in
        lzma.next_in = buffer.baseAddress.map { $0 + first }
        lzma.avail_in = available
        return lzma_code(&lzma, available == 0 ? LZMA_FINISH : LZMA_RUN)
      }
      first = last - lzma.avail_in
      if code == LZMA_STREAM_END {
        isEnded = true
      } else if code != LZMA_OK {
        throw EmbedError.broken(path: path, place: "its compressed part", reason: "xz cannot go on")
      }
    }
    return count - lzma.avail_out
  }
}
