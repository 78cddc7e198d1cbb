import Jobs

/// Rewrites text that DuckDB cannot read as clean UTF-8 in a nameless temporary file: UTF-16, bytes that are not UTF-8
/// (taken for Windows-1252, which extends Latin-1), and mixed ends of lines.
struct Transcoder {
  var normalizesNewlines = false
  private var pending: [UInt8] = []
  private var isBigEndian: Bool?

  init(normalizesNewlines: Bool = false) { self.normalizesNewlines = normalizesNewlines }

  /// The whole file as UTF-8.
  static func transcode(
    _ file: InputFile, normalizesNewlines: Bool = false, context: (any JobContext)? = nil
  ) throws -> InputFile {
    var transcoder = Transcoder(normalizesNewlines: normalizesNewlines)
    let writer = try ScratchFile.Writer(name: file.name)
    var offset = 0
    while offset < file.size {
      try context?.checkCancelled()
      context?.report(Double(offset) / Double(file.size), "converting the text to UTF-8")
      let chunk = try file.read(at: offset, count: 1 << 20)
      if chunk.isEmpty { break }
      if offset == 0, Content.isUTF16(chunk) { transcoder.isBigEndian = chunk[0] == 0xFE }
      try writer.write(transcoder.convert(chunk, isLast: offset + chunk.count >= file.size))
      offset += chunk.count
    }
    return writer.finish()
  }

  /// Converts one piece; a character or CRLF that is cut at its end waits for the next.
  mutating func convert(_ chunk: [UInt8], isLast: Bool) -> [UInt8] {
    let input = pending + chunk
    pending = []
    let text = isBigEndian == nil ? repair(input, isLast: isLast) : decodeUTF16(input, isLast: isLast)
    return normalizesNewlines ? normalized(text, isLast: isLast) : text
  }

  private mutating func repair(_ input: [UInt8], isLast: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(input.count + input.count / 8)
    var position = 0
    while position < input.count {
      let byte = input[position]
      if byte < 0x80 {
        output.append(byte)
        position += 1
        continue
      }
      let length = Self.sequenceLength(input, position)
      if length == 0, !isLast, input.count - position < 4, Self.couldContinue(input[position...]) {
        pending = Array(input[position...])
        break
      }
      if length == 0 {
        output.append(contentsOf: Self.windows1252(byte))
        position += 1
      } else {
        output.append(contentsOf: input[position..<position + length])
        position += length
      }
    }
    return output
  }

  private mutating func decodeUTF16(_ input: [UInt8], isLast: Bool) -> [UInt8] {
    var units: [UInt16] = []
    units.reserveCapacity(input.count / 2)
    for position in stride(from: 0, to: input.count - 1, by: 2) {
      let (first, second) = (UInt16(input[position]), UInt16(input[position + 1]))
      units.append(isBigEndian == true ? first << 8 | second : second << 8 | first)
    }
    var used = units.count
    if !isLast, let last = units.last, UTF16.isLeadSurrogate(last) { used -= 1 }
    if !isLast { pending = Array(input[(used * 2)...]) }
    let text = String(decoding: units[..<used], as: UTF16.self)
    return Array(text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...])
  }

  private mutating func normalized(_ text: [UInt8], isLast: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      guard byte == 0x0D else {
        output.append(byte)
        continue
      }
      if position == text.count, !isLast {
        pending.insert(0x0D, at: 0)
        break
      }
      if position < text.count, text[position] == 0x0A { position += 1 }
      output.append(0x0A)
    }
    return output
  }

  /// Where the first byte lies that is not part of UTF-8, nil when there is none; a character cut at the end is fine.
  static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    var position = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position += 1
        continue
      }
      let length = sequenceLength(bytes, position)
      if length == 0 {
        return bytes.count - position < 4 && couldContinue(bytes[position...]) ? nil : position
      }
      position += length
    }
    return nil
  }

  /// Length of the well-formed UTF-8 sequence at `position` (Unicode, table 3-7), 0 where there is none.
  private static func sequenceLength(_ bytes: [UInt8], _ position: Int) -> Int {
    func isContinuation(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      position + distance < bytes.count && range.contains(bytes[position + distance])
    }
    switch bytes[position] {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
    case 0xE0...0xEF:
      let second: ClosedRange<UInt8> =
        bytes[position] == 0xE0 ? 0xA0...0xBF : bytes[position] == 0xED ? 0x80...0x9F : 0x80...0xBF
      return isContinuation(1, second) && isContinuation(2) ? 3 : 0
    case 0xF0...0xF4:
      let second: ClosedRange<UInt8> =
        bytes[position] == 0xF0 ? 0x90...0xBF : bytes[position] == 0xF4 ? 0x80...0x8F : 0x80...0xBF
      return isContinuation(1, second) && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: return 0
    }
  }

  /// True when the bytes may be the beginning of a sequence that goes on in the next piece.
  private static func couldContinue(_ tail: ArraySlice<UInt8>) -> Bool {
    guard let first = tail.first else { return false }
    let needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
    return tail.count < needed && tail.dropFirst().allSatisfy { (0x80...0xBF).contains($0) }
  }

  /// https://encoding.spec.whatwg.org/index-windows-1252.txt; the five unassigned bytes become U+FFFD.
  private static let highControls: [UInt16] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0xFFFD, 0x017E, 0x0178,
  ]

  private static func windows1252(_ byte: UInt8) -> [UInt8] {
    let code = byte < 0xA0 ? highControls[Int(byte) - 0x80] : UInt16(byte)
    return Array(String(decoding: [code], as: UTF16.self).utf8)
  }
}
