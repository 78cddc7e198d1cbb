import Foundation
import Jobs
import Testing

@testable import Embed

@Suite struct VectorFileTests {
  private func vectors(_ words: [String], _ rows: [[Float]]) throws -> WordVectors {
    let matrix = try RowMatrix(rows: rows.count, dimensions: rows[0].count)
    for (number, row) in rows.enumerated() { matrix.row(number).update(from: row, count: row.count) }
    return try WordVectors(words: words, matrix: matrix)
  }

  private let words = ["the", "naïve", "😀"]
  private let rows: [[Float]] = [[0.5, -1.25, 0], [1e-6, 12345.5, -0.000_002], [3, 2, 1]]

  @Test func textIsReadAsItWasWritten() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let original = try vectors(words, rows)
    for hasHeader in [true, false] {
      try VectorFile.writeText(words, original.matrix, to: scratch.path("v.txt"), hasHeader: hasHeader)
      let read = try VectorFile.read(scratch.path("v.txt"))
      #expect(read.words == words)
      for number in 0..<3 { #expect(zip(read.matrix[number], rows[number]).allSatisfy { abs($0 - $1) < 1e-6 }) }
    }
    let text = try String(contentsOfFile: scratch.path("v.txt"), encoding: .utf8)
    #expect(text.hasPrefix("the 0.500000 -1.250000 0.000000\nnaïve 0.000001 12345.500000 -0.000002\n"))
  }

  @Test func binaryIsReadAsItWasWritten() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try VectorFile.writeBinary(words, try vectors(words, rows).matrix, to: scratch.path("v.bin"))
    let read = try VectorFile.read(scratch.path("v.bin"))
    #expect(read.words == words)
    for number in 0..<3 { #expect(read.matrix[number] == rows[number]) }
  }

  @Test func aFastTextFileHoldsTheSameVectors() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let trained = try trainVectors(try corpus(twoTopics()), options: options(.fasttext), context: SilentContext())
    try trained.writeFastText(to: scratch.path("v.bin"))
    let read = try VectorFile.read(scratch.path("v.bin"))
    #expect(read.words == trained.vocabulary.words)
    for number in read.words.indices {
      #expect(zip(read.matrix[number], trained.vectors[number]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    let model = try FastTextModel(contentsOf: scratch.path("v.bin"))
    #expect(model.vector(of: "apples").contains { $0 != 0 })
    let near = read.nearest(to: model.vector(of: "apples"), count: 1)
    #expect(near.first?.word == "apple")
  }

  @Test func whatIsCutOffOrNoVectorsIsRefused() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try trainVectors(try corpus(twoTopics()), options: options(.cbow), context: SilentContext())
      .writeFastText(to: scratch.path("v.bin"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("v.bin")))
    for count in [5, 40, 70, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: scratch.path("cut.bin")))
      #expect(throws: EmbedError.self) { try VectorFile.read(scratch.path("cut.bin")) }
    }
    for text in ["", "hello world this is no vector\n", "2 3\na 1 2 3\nb 1 2\n", "a 1 2\nb 1\n"] {
      let path = try scratch.write(text, to: "bad.txt")
      #expect(throws: EmbedError.self, "\(text)") { try VectorFile.read(path) }
    }
  }

  @Test func analogiesLeaveOutTheirOwnWords() throws {
    let vectors = try vectors(
      ["man", "woman", "king", "queen", "tree"], [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0]])
    let found = vectors.analogy(0, 2, 1, count: 2)
    #expect(found.map(\.word) == ["queen", "tree"])
    #expect(vectors.nearest(to: [0, 0, 0], count: 3).isEmpty)
  }

  @Test func evaluationCountsWhatItFinds() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let pairs = try scratch.write(
      "# a comment\nWord 1\tWord 2\tscore\nman\tking\t9\nMan\twoman\t8\nman\ttree\t1\nman\tboat\t3\n", to: "p.tsv")
    let vectors = try vectors(
      ["man", "woman", "king", "queen", "tree"],
      [[1, 0, 0], [1, 1, 0], [1, 0, 0.5], [1, 1, 0.5], [-1, 0, 0]])
    let score = vectors.evaluate(try SimilarityPairs(contentsOf: pairs))
    #expect(score == SimilarityScore(file: "p.tsv", pairs: 4, found: 3, spearman: 1))
    let questions = try scratch.write(
      ": family\nman king woman queen\nman king boat queen\n: wrong\nman woman king tree\n", to: "q.txt")
    let analogies = try vectors.evaluate(try AnalogyQuestions(contentsOf: questions))
    #expect(analogies.sections.map(\.accuracy) == [1, 0])
    #expect(analogies.total.questions == 3 && analogies.total.found == 2 && analogies.total.correct == 1)
    #expect(throws: EmbedError.self) { try SimilarityPairs(contentsOf: questions) }
  }

  /// What passes the system's cache goes in whole pages, the rest of the file does not.
  @Test func aLargeFileIsWhole() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let piece = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let count = 701
    let writer = try ByteWriter(scratch.path("large"))
    for _ in 0..<count { try writer.write(piece) }
    try writer.writeText([0.5, -1], count: 2)
    try writer.finish()
    let file = try MappedFile(scratch.path("large"))
    let end = Array(" 0.500000 -1.000000".utf8)
    #expect(file.bytes.count == count * piece.count + end.count)
    let first = try #require(file.bytes.baseAddress)
    for number in 0..<count {
      #expect(memcmp(first + number * piece.count, piece, piece.count) == 0, "piece \(number)")
    }
    #expect(file.bytes.suffix(end.count).elementsEqual(end))
  }
}
