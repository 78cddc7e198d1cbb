// Files of word vectors: word2vec's text and binary, GloVe's text, fastText's .vec and .bin.

import Foundation

/// Reads and writes files of word vectors.
public enum VectorFile {
  /// Writes "count dimensions" and a line for each word.
  /// - Parameter hasHeader: false leaves the first line out, as GloVe does.
  public static func writeText(
    _ words: [String], _ matrix: RowMatrix, to path: String, hasHeader: Bool = true
  ) throws {
    let writer = try ByteWriter(path)
    if hasHeader { try writer.write("\(words.count) \(matrix.dimensions)\n") }
    for (number, word) in words.enumerated() {
      try writer.write(word.utf8)
      try writer.writeText(matrix.row(number), count: matrix.dimensions)
      try writer.write(CollectionOfOne(10))
    }
    try writer.finish()
  }

  /// Writes word2vec's binary format: floats of four bytes after each word.
  public static func writeBinary(_ words: [String], _ matrix: RowMatrix, to path: String) throws {
    let writer = try ByteWriter(path)
    try writer.write("\(words.count) \(matrix.dimensions)\n")
    for (number, word) in words.enumerated() {
      try writer.write(word.utf8)
      try writer.write(CollectionOfOne(32))
      try writer.write(raw: matrix.row(number), count: matrix.dimensions * 4)
      try writer.write(CollectionOfOne(10))
    }
    try writer.finish()
  }

  /// Reads any of the formats; which one, the content says.
  public static func read(_ path: String) throws -> WordVectors {
    let file = try MappedFile(path)
    guard file.bytes.count > 4 else {
      throw EmbedError.unsupported(path: path, what: "The file holds no vectors", advice: advice)
    }
    if file.bytes.loadUnaligned(as: Int32.self) == FastTextArguments.magic {
      return try FastTextModel(contentsOf: path).wordVectors()
    }
    let first = line(file, from: 0)
    let head = fields(file, first)
    let counts = head.compactMap { Int($0) }
    if head.count == 2, counts.count == 2, counts[0] >= 0, counts[1] > 0 {
      let next = line(file, from: first.upperBound + 1)
      let isText = fields(file, next).dropFirst().filter { Float($0) != nil }.count >= counts[1]
      return isText || counts[0] == 0
        ? try readText(file, from: first.upperBound + 1, dimensions: counts[1], lineNumber: 2)
        : try readBinary(file, from: first.upperBound + 1, count: counts[0], dimensions: counts[1])
    }
    let dimensions = head.count - 1
    guard dimensions > 0, head.dropFirst().allSatisfy({ Float($0) != nil }) else {
      throw EmbedError.unsupported(path: path, what: "These are no word vectors", advice: advice)
    }
    return try readText(file, from: 0, dimensions: dimensions, lineNumber: 1)
  }

  private static let advice = "Give a file of word2vec (text or binary), GloVe or fastText (.vec or .bin)."

  private static func line(_ file: MappedFile, from first: Int) -> Range<Int> {
    var end = min(first, file.bytes.count)
    while end < file.bytes.count, file.bytes[end] != 10 { end += 1 }
    return min(first, end)..<end
  }

  private static func fields(_ file: MappedFile, _ range: Range<Int>) -> [String] {
    // A binary file has no lines: what is longer than any line is none.
    guard range.count < 1 << 22 else { return [] }
    return file.bytes[range].split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 })
      .map { String(decoding: UnsafeRawBufferPointer(rebasing: $0), as: UTF8.self) }
  }

  private static func readText(
    _ file: MappedFile, from first: Int, dimensions: Int, lineNumber: Int
  ) throws -> WordVectors {
    var words: [String] = []
    var values: [Float] = []
    var at = first
    var number = lineNumber
    while at < file.bytes.count {
      let line = line(file, from: at)
      at = line.upperBound + 1
      defer { number += 1 }
      guard !line.isEmpty else { continue }
      // A word may hold spaces, as some of GloVe's do: the numbers stand at the end.
      var end = line.upperBound
      while end > line.lowerBound, file.bytes[end - 1] <= 32 { end -= 1 }
      let start = values.count
      values.append(contentsOf: repeatElement(0, count: dimensions))
      for column in stride(from: dimensions - 1, through: 0, by: -1) {
        var begin = end
        while begin > line.lowerBound, file.bytes[begin - 1] > 32 { begin -= 1 }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: file.bytes[begin..<end]), as: UTF8.self)
        guard begin > line.lowerBound, let value = Float(text) else {
          throw EmbedError.broken(
            path: file.path, place: "line \(number)", reason: "a word and \(dimensions) numbers were expected")
        }
        values[start + column] = value
        end = begin - 1
      }
      let word = file.bytes[line.lowerBound..<max(end, line.lowerBound)]
      words.append(String(decoding: UnsafeRawBufferPointer(rebasing: word), as: UTF8.self))
    }
    let matrix = try RowMatrix(rows: words.count, dimensions: dimensions)
    for number in words.indices {
      for column in 0..<dimensions { matrix.row(number)[column] = values[number * dimensions + column] }
    }
    return try WordVectors(words: words, matrix: matrix)
  }

  private static func readBinary(
    _ file: MappedFile, from first: Int, count: Int, dimensions: Int
  ) throws -> WordVectors {
    guard count <= file.bytes.count / (dimensions * 4 + 1) else {
      throw EmbedError.broken(path: file.path, place: "line 1", reason: "\(count) words do not fit into the file")
    }
    let matrix = try RowMatrix(rows: count, dimensions: dimensions)
    var words: [String] = []
    var at = first
    for number in 0..<count {
      while at < file.bytes.count, file.bytes[at] == 10 { at += 1 }
      let start = at
      while at < file.bytes.count, file.bytes[at] != 32 { at += 1 }
      guard at + 1 + dimensions * 4 <= file.bytes.count else {
        throw EmbedError.broken(path: file.path, place: "word \(number + 1)", reason: "the file ends within it")
      }
      words.append(String(decoding: UnsafeRawBufferPointer(rebasing: file.bytes[start..<at]), as: UTF8.self))
      for column in 0..<dimensions {
        matrix.row(number)[column] = file.bytes.loadUnaligned(fromByteOffset: at + 1 + column * 4, as: Float.self)
      }
      at += 1 + dimensions * 4
    }
    return try WordVectors(words: words, matrix: matrix)
  }
}
