// A text as numbers of words, built a line or a file at a time.

import Foundation
import Jobs

/// How a text becomes words.
public enum WordSplitting: String, Codable, Sendable, CaseIterable {
  /// What stands between white space, as it stands: for text that is split already.
  case whitespace
  /// Runs of letters and digits of any script; an apostrophe between two letters belongs to the word.
  case words
  /// The same in lower case.
  case lowercase
}

/// The words of a text in order, as numbers in the order of their first appearance; below 0 stands the end of a line.
public final class Corpus: @unchecked Sendable {
  let table = WordTable()
  let numbers: NumberStore
  private var buffer: [UInt8] = []
  /// Where the text is from, for errors; of a file its path.
  public var source: String?

  /// - Parameter memoryLimit: bytes of numbers that stay in memory; more go to a file in the temporary folder.
  public init(memoryLimit: Int? = nil) throws {
    numbers = try NumberStore(limit: memoryLimit ?? NumberStore.defaultLimit)
  }

  /// Words read, rare ones too.
  public var wordCount: Int { table.counts.reduce(0, +) }

  /// Reads a file, one sentence a line; gzip and xz are unpacked on the way.
  public func read(_ path: String, splitting: WordSplitting = .whitespace, context: any JobContext) throws {
    let reader = try TextReader(path)
    source = source ?? (path == "-" ? "standard input" : path)
    let size = 1 << 20
    var capacity = size
    var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + WordTable.margin)
    defer { bytes.deallocate() }
    var held = 0
    while true {
      try context.checkCancelled()
      if capacity - held < size / 2 {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + WordTable.margin)
        larger.update(from: bytes, count: held)
        bytes.deallocate()
        (bytes, capacity) = (larger, capacity * 2)
      }
      let count = try reader.next(into: bytes + held, count: capacity - held)
      let total = held + count
      // A word, or a line where lines are split by us, may go on in the next piece.
      var whole = total
      if count > 0 {
        let limit: UInt8 = splitting == .whitespace ? 32 : 10
        while whole > 0, splitting == .whitespace ? bytes[whole - 1] > limit : bytes[whole - 1] != limit { whole -= 1 }
      }
      if whole > 0 {
        if splitting == .whitespace {
          // What stands after the text must not look like more of its last word.
          let next = bytes[whole]
          bytes[whole] = 10
          try table.scan(bytes, count: whole, into: numbers)
          bytes[whole] = next
        } else {
          let text = String(decoding: UnsafeBufferPointer(start: bytes, count: whole), as: UTF8.self)
          for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            try add(line: line, splitting: splitting)
          }
        }
      }
      memmove(bytes, bytes + whole, total - whole)
      held = total - whole
      if count == 0 { break }
      context.report(nil, "reading words")
    }
    if numbers.count > 0, numbers.pointer[numbers.count - 1] >= 0 {
      try numbers.reserve(1)
      numbers.append(-1)
    }
  }

  /// Adds one text as a line, after words that stand for themselves, such as labels.
  public func add(line text: some StringProtocol, splitting: WordSplitting, labels: [String] = []) throws {
    buffer.removeAll(keepingCapacity: true)
    for label in labels {
      buffer.append(contentsOf: label.utf8.map { $0 <= 32 ? UInt8(ascii: "-") : $0 })
      buffer.append(32)
    }
    switch splitting {
    case .whitespace:
      buffer.append(contentsOf: text.utf8.lazy.map { $0 <= 32 ? 32 : $0 })
    case .words: Self.split(String(text), into: &buffer)
    case .lowercase: Self.split(text.lowercased(), into: &buffer)
    }
    buffer.append(10)
    let count = buffer.count
    buffer.append(contentsOf: repeatElement(10, count: WordTable.margin))
    try buffer.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { try table.scan(base, count: count, into: numbers) }
    }
  }

  /// The words of a text with a space after each. What separates them in other scripts than the Latin one counts too.
  static func split(_ text: String, into bytes: inout [UInt8]) {
    let scalars = Array(text.unicodeScalars)
    var isInWord = false
    for (index, scalar) in scalars.enumerated() {
      let properties = scalar.properties
      var belongs =
        scalar.isASCII
        ? (scalar.value >= 48 && scalar.value < 58) || (scalar.value | 32 >= 97 && scalar.value | 32 <= 122)
        : properties.isAlphabetic || properties.numericType != nil || properties.generalCategory == .nonspacingMark
      if scalar == "'" || scalar == "\u{2019}", isInWord, index + 1 < scalars.count {
        belongs = scalars[index + 1].properties.isAlphabetic
      }
      if belongs {
        bytes.append(contentsOf: String(scalar).utf8)
      } else if isInWord {
        bytes.append(32)
      }
      isInWord = belongs
    }
  }
}
