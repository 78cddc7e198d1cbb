import CCompression
import Foundation

/// The parts of a ZIP archive, which is what a workbook is. Reads the directory at its end (APPNOTE 6.3.10, with the
/// ZIP64 fields), and unpacks parts a piece at a time; it writes nothing.
struct ZipArchive {
  struct Part: Hashable {
    var name: String
    /// 0 is stored, 8 deflate.
    var method: Int
    var packedSize: Int
    var size: Int
    /// Where its own header starts.
    var offset: Int
    var checksum: UInt32
    var isEncrypted: Bool
  }

  let file: InputFile
  private(set) var parts: [String: Part] = [:]

  /// - Throws: `FrameError` where there is no whole directory.
  init(_ file: InputFile) throws {
    self.file = file
    let tail = min(file.size, 22 + 65_535 + 20)
    let end = try ZipFields(file.read(at: file.size - tail, count: tail))
    guard let last = end.lastIndex(of: 0x0605_4B50) else {
      throw Self.damaged(file, "the list of its parts is missing")
    }
    var (count, size, offset) = (end.short(last + 10), end.long(last + 12), end.long(last + 16))
    if offset == 0xFFFF_FFFF || count == 0xFFFF, last >= 20, end.long(last - 20) == 0x0706_4B50 {
      let more = try ZipFields(file.read(at: end.wide(last - 12), count: 56))
      guard more.bytes.count == 56, more.long(0) == 0x0606_4B50 else {
        throw Self.damaged(file, "the list of its parts is missing")
      }
      (count, size, offset) = (more.wide(32), more.wide(40), more.wide(48))
    }
    guard size >= 0, offset >= 0, size <= file.size, offset <= file.size - size else {
      throw Self.damaged(file, "the list of its parts lies outside of it")
    }
    let list = try ZipFields(file.read(at: offset, count: size))
    var position = 0
    for _ in 0..<count {
      guard position + 46 <= list.bytes.count, list.long(position) == 0x0201_4B50 else {
        throw Self.damaged(file, "the list of its parts is cut off")
      }
      let (nameLength, extraLength) = (list.short(position + 28), list.short(position + 30))
      let nameEnd = position + 46 + nameLength
      guard nameEnd + extraLength <= list.bytes.count else {
        throw Self.damaged(file, "the list of its parts is cut off")
      }
      var part = Part(
        name: String(decoding: list.bytes[(position + 46)..<nameEnd], as: UTF8.self), method: list.short(position + 10),
        packedSize: list.long(position + 20), size: list.long(position + 24), offset: list.long(position + 42),
        checksum: UInt32(list.long(position + 16)), isEncrypted: list.short(position + 8) & 1 == 1)
      list.widen(&part, in: nameEnd..<(nameEnd + extraLength))
      // Some programs write names with the strokes of Windows, or with one in front.
      var name = part.name.replacing("\\", with: "/")
      if name.hasPrefix("/") { name.removeFirst() }
      parts[name.lowercased()] = part
      position = nameEnd + extraLength + list.short(position + 32)
    }
  }

  /// A part by its name, letters' case aside.
  subscript(name: String) -> Part? { parts[name.lowercased()] }

  /// The content of a part, as it is unpacked.
  func stream(_ part: Part) throws -> ZipStream { try ZipStream(file, part) }

  static func damaged(_ file: InputFile, _ reason: String) -> FrameError {
    FrameError(
      .malformed, location: file.name, what: "the workbook is damaged: \(reason)",
      advice: "Check that it was written or copied completely, or open it in a spreadsheet and save it again.")
  }
}

/// Numbers among bytes, the least byte first.
private struct ZipFields {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func short(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
  func long(_ at: Int) -> Int { short(at) | short(at + 2) << 16 }
  /// No file is as large as what is cut here, and sums of a few such numbers still fit.
  func wide(_ at: Int) -> Int { min(long(at + 4), 0xFFF_FFFF) << 32 | long(at) }

  func lastIndex(of mark: Int) -> Int? {
    guard bytes.count >= 22 else { return nil }
    return stride(from: bytes.count - 22, through: 0, by: -1).first { long($0) == mark }
  }

  /// Puts the sizes of a ZIP64 field in place of those that did not fit.
  func widen(_ part: inout ZipArchive.Part, in extra: Range<Int>) {
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound {
      let (id, length) = (short(position), short(position + 2))
      var field = position + 4
      let end = min(field + length, extra.upperBound)
      func next() -> Int? {
        guard field + 8 <= end else { return nil }
        defer { field += 8 }
        return wide(field)
      }
      if id == 1 {
        if part.size == 0xFFFF_FFFF { part.size = next() ?? part.size }
        if part.packedSize == 0xFFFF_FFFF { part.packedSize = next() ?? part.packedSize }
        if part.offset == 0xFFFF_FFFF { part.offset = next() ?? part.offset }
      }
      position = end
    }
  }
}

/// Unpacks one part of an archive from its beginning to its end.
final class ZipStream {
  private let file: InputFile
  private let part: ZipArchive.Part
  private var offset: Int
  private let end: Int
  private var inflater = z_stream()
  private var input: [UInt8] = []
  private var used = 0
  private var isEnded = false
  private var checksum: UInt = 0
  private static let piece = 256 << 10

  init(_ file: InputFile, _ part: ZipArchive.Part) throws {
    (self.file, self.part) = (file, part)
    guard !part.isEncrypted else {
      throw FrameError(
        .unsupportedFormat, location: file.name, what: "the archive is protected by a password",
        advice: "Save it without a password.")
    }
    guard part.method == 8 || part.method == 0 else {
      throw ZipArchive.damaged(file, "\(part.name) is packed in a way that workbooks do not use")
    }
    let header = try part.offset + 30 <= file.size ? ZipFields(file.read(at: part.offset, count: 30)) : ZipFields([])
    guard header.bytes.count == 30, header.long(0) == 0x0403_4B50 else {
      throw ZipArchive.damaged(file, "\(part.name) is not where the list of its parts says")
    }
    offset = part.offset + 30 + header.short(26) + header.short(28)
    end = offset + part.packedSize
    guard part.packedSize >= 0, end <= file.size else { throw ZipArchive.damaged(file, "\(part.name) is cut off") }
    if part.method == 8 { _ = inflateInit2_(&inflater, -15, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) }
  }

  deinit { if part.method == 8 { inflateEnd(&inflater) } }

  /// How much has been unpacked, 0...1.
  var fraction: Double { part.packedSize == 0 ? 1 : 1 - Double(end - offset) / Double(part.packedSize) }

  /// The next bytes; none at the end.
  func next() throws -> [UInt8] {
    if isEnded { return [] }
    let bytes = try part.method == 8 ? inflated() : stored()
    bytes.withUnsafeBufferPointer { checksum = crc32(checksum, $0.baseAddress, UInt32($0.count)) }
    if isEnded, UInt32(truncatingIfNeeded: checksum) != part.checksum {
      throw ZipArchive.damaged(file, "\(part.name) is not what was written")
    }
    return bytes
  }

  private func stored() throws -> [UInt8] {
    let bytes = try file.read(at: offset, count: min(Self.piece, end - offset))
    offset += bytes.count
    isEnded = offset >= end || bytes.isEmpty
    return bytes
  }

  private func inflated() throws -> [UInt8] {
    var output: [UInt8] = []
    while output.isEmpty, !isEnded {
      if used == input.count {
        input = try file.read(at: offset, count: min(Self.piece, end - offset))
        used = 0
        offset += input.count
      }
      var code = Z_OK
      output = [UInt8](unsafeUninitializedCapacity: Self.piece * 4) { target, filled in
        code = input.withUnsafeMutableBufferPointer { source -> Int32 in
          inflater.next_in = source.baseAddress.map { $0 + used }
          inflater.avail_in = UInt32(source.count - used)
          inflater.next_out = target.baseAddress
          inflater.avail_out = UInt32(target.count)
          return inflate(&inflater, Z_NO_FLUSH)
        }
        filled = target.count - Int(inflater.avail_out)
      }
      used = input.count - Int(inflater.avail_in)
      if code == Z_STREAM_END {
        isEnded = true
      } else if code != Z_OK || output.isEmpty && used == input.count && offset >= end {
        throw ZipArchive.damaged(file, "\(part.name) cannot be unpacked")
      }
    }
    return output
  }
}
