import CDuckDB
import Foundation
import Jobs
import Synchronization

/// What a look at every field of a delimited file finds out, before DuckDB reads it.
///
/// DuckDB fixes types by strict rules and then reads by lax ones: further down, 3.5 in a column of whole numbers silently
/// becomes 4, 007 becomes 7, and a date loses its time of day (duckdb/duckdb#25824). It also loses a row that is longer
/// than its buffer. This pass finds the columns and the length that prevent both.
struct FieldSurvey: Sendable {
  /// A value that its column would read wrongly.
  struct Misfit: Hashable, Sendable {
    var line: Int
    var value: String
  }

  private(set) var rowCount = 0
  /// Bytes of the longest record.
  private(set) var longest = 0
  /// The first misfit of each kind, by column.
  private(set) var misfits: [Int: [Shape: Misfit]] = [:]
  /// The first record of the wrong length.
  private(set) var badRow: (line: Int, found: Int)?

  /// What a field that is not what its column holds looks like.
  enum Shape: Hashable, Sendable { case decimal, timestamp, other }

  private enum Rule { case none, integer, date }

  private let dialect: Dialect
  private let rules: [Rule]
  private var line: Int
  /// Misfits of the record at hand; they count only when the record has the right length.
  private var found: [(column: Int, shape: Shape, range: Range<Int>)] = []
  /// [bytes / 64]: bit i of word k is set where byte 64k + i of the piece at hand may end a field without quotes.
  private var ends: [UInt64] = []

  /// - Parameter line: the first row's line, from 1.
  init(_ layout: DelimitedLayout, firstLine line: Int) {
    dialect = layout.dialect
    rules = layout.columns.map { column in
      switch column.kind {
      case .integer: .integer
      case .date: layout.dateFormat == nil ? .date : .none
      case .real, .boolean, .text, .timestamp, .time, .other: .none
      }
    }
    self.line = line
  }

  /// Reads whole records.
  /// - Parameter isLast: true when the text ends here, so that its last record needs no end of line.
  /// - Returns: the bytes used; the rest belongs before the next piece.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let words = bytes.count / 64
    if ends.count < words { ends = [UInt64](repeating: 0, count: words) }
    var ends = ends
    // Out of the property while it is read, so that no copy is made of it.
    self.ends = []
    defer { self.ends = ends }
    return ends.withUnsafeMutableBufferPointer { ends in
      if let first = ends.baseAddress { assay_ends_of_fields(base, UInt64(words), dialect.delimiter, first) }
      let text = Text(base: base, end: bytes.count, ends: UnsafeBufferPointer(rebasing: ends[..<words]))
      var position = 0
      while position < bytes.count {
        guard let end = scanRecord(text, position, isLast) else { break }
        position = end
      }
      return position
    }
  }

  /// The piece at hand.
  private struct Text {
    let base: UnsafeRawPointer
    let end: Int
    /// Of all but its last bytes.
    let ends: UnsafeBufferPointer<UInt64>

    /// The next delimiter or end of line.
    func endOfUnquoted(_ from: Int, _ delimiter: UInt8) -> Int {
      var position = from
      var word = from >> 6
      if word < ends.count {
        var flags = ends[word] & (UInt64.max << UInt64(from & 63))
        while flags == 0, word + 1 < ends.count {
          word += 1
          flags = ends[word]
        }
        if flags != 0 { return word << 6 + flags.trailingZeroBitCount }
        position = (word + 1) << 6
      }
      while position < end {
        let next = base.load(fromByteOffset: position, as: UInt8.self)
        if next == delimiter || next == 0x0A || next == 0x0D { return position }
        position += 1
      }
      return position
    }
  }

  /// - Returns: where the record ends, its end of line included; nil when the text ends before it.
  private mutating func scanRecord(_ text: Text, _ start: Int, _ isLast: Bool) -> Int? {
    let (base, end) = (text.base, text.end)
    let (delimiter, quote) = (dialect.delimiter, dialect.quote)
    func byte(_ position: Int) -> UInt8 { base.load(fromByteOffset: position, as: UInt8.self) }
    var position = start
    var column = 0
    var lines = 1
    found.removeAll(keepingCapacity: true)
    while true {
      var content = position
      while position < end, byte(position) == 0x20 { position += 1 }
      var contentEnd: Int
      if position < end, byte(position) == quote, quote != 0 {
        content = position + 1
        guard let close = closingQuote(base, content, end, &lines) else {
          return isLast ? finish(start, end, column) : nil
        }
        contentEnd = close
        position = close + 1
        while position < end, byte(position) != delimiter, byte(position) != 0x0A, byte(position) != 0x0D {
          position += 1
        }
      } else {
        position = text.endOfUnquoted(position, delimiter)
        contentEnd = position
      }
      if column < rules.count, rules[column] != .none { check(base, content, contentEnd, column) }
      column += 1
      guard position < end else { break }
      if byte(position) == delimiter {
        position += 1
        continue
      }
      if byte(position) == 0x0D {
        // A CR at the very end may be half of a CRLF.
        if position + 1 == end && !isLast { return nil }
        if position + 1 < end, byte(position + 1) == 0x0A { position += 1 }
      }
      let isBlank = position - start <= 1 && column == 1 && contentEnd == start
      if !(isBlank && rules.count > 1) { endRecord(base, column, contentEnd == content) }
      longest = max(longest, position + 1 - start)
      line += lines
      return position + 1
    }
    guard isLast else { return nil }
    endRecord(base, column, false)
    longest = max(longest, end - start)
    return end
  }

  /// A quote that nobody closes: DuckDB says so better.
  private mutating func finish(_ start: Int, _ end: Int, _ column: Int) -> Int {
    longest = max(longest, end - start)
    return end
  }

  private func closingQuote(_ base: UnsafeRawPointer, _ from: Int, _ end: Int, _ lines: inout Int) -> Int? {
    var position = from
    while position < end {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      if byte == 0x0A { lines += 1 }
      if byte == dialect.escape, position + 1 < end {
        let next = base.load(fromByteOffset: position + 1, as: UInt8.self)
        if next == dialect.quote || (byte != dialect.quote && next == dialect.escape) {
          position += 2
          continue
        }
      }
      if byte == dialect.quote { return position }
      position += 1
    }
    return nil
  }

  private mutating func endRecord(_ base: UnsafeRawPointer, _ fields: Int, _ endsEmpty: Bool) {
    if fields != rules.count && !(fields == rules.count + 1 && endsEmpty) {
      badRow = badRow ?? (line, fields)
      return
    }
    rowCount += 1
    for (column, shape, range) in found where misfits[column]?[shape] == nil {
      let text = String(
        decoding: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
      misfits[column, default: [:]][shape] = Misfit(line: line, value: text)
    }
  }

  private mutating func check(_ base: UnsafeRawPointer, _ from: Int, _ to: Int, _ column: Int) {
    func byte(_ position: Int) -> UInt8 { base.load(fromByteOffset: position, as: UInt8.self) }
    var (first, last) = (from, to)
    while first < last, byte(first) == 0x20 { first += 1 }
    while last > first, byte(last - 1) == 0x20 { last -= 1 }
    guard first < last else { return }
    if rules[column] == .date {
      if last - first > 10 { found.append((column, .timestamp, first..<last)) }
      return
    }
    let digits = byte(first) == 0x2D ? first + 1 : first
    if last - digits > 1, byte(digits) == 0x30 {
      found.append((column, byte(digits + 1) == 0x2E ? .decimal : .other, first..<last))
      return
    }
    for position in digits..<last where byte(position) &- 0x30 > 9 {
      let sign = byte(position)
      let isDecimal = sign == 0x2E || sign == 0x65 || sign == 0x45
      found.append((column, isDecimal ? .decimal : .other, first..<last))
      return
    }
  }
}

extension FieldSurvey {
  /// Passes over a plain delimited file.
  static func run(
    _ file: InputFile, _ layout: DelimitedLayout, context: (any JobContext)?
  ) throws -> FieldSurvey {
    let (start, firstLine) = try layout.firstRow(in: file)
    var survey = FieldSurvey(layout, firstLine: firstLine)
    var offset = start
    var buffer: [UInt8] = []
    while offset < file.size {
      try context?.checkCancelled()
      context?.report(Double(offset) / Double(file.size), "checking values")
      let piece = try file.read(at: offset, count: min(1 << 20, file.size - offset))
      if piece.isEmpty { throw FrameError.changed(file.name) }
      offset += piece.count
      if buffer.isEmpty { buffer = piece } else { buffer.append(contentsOf: piece) }
      let used = buffer.withUnsafeBytes { survey.scan($0, isLast: offset >= file.size) }
      buffer.removeFirst(used)
    }
    return survey
  }
}

/// Remembers a survey, so that copies of one opened source share it.
final class SurveyCache: Sendable {
  private let survey = Mutex<FieldSurvey?>(nil)

  func value(_ make: () throws -> FieldSurvey) rethrows -> FieldSurvey {
    if let known = survey.withLock({ $0 }) { return known }
    let new = try make()
    survey.withLock { $0 = new }
    return new
  }
}
