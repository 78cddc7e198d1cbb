import Foundation
import Jobs
import Testing

@testable import Embed

@Suite struct CorpusTests {
  private func words(_ corpus: Corpus) -> [String] {
    (0..<corpus.numbers.count).map {
      let number = corpus.numbers.pointer[$0]
      return number < 0 ? "/" : corpus.table.text(Int(number))
    }
  }

  @Test func aFileIsReadWordByWordAndLineByLine() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try scratch.write("the cat  sat\r\n\non the mat", to: "a.txt")
    let corpus = try Corpus()
    try corpus.read(path, context: SilentContext())
    #expect(words(corpus) == ["the", "cat", "sat", "/", "/", "on", "the", "mat", "/"])
    #expect(corpus.wordCount == 6)
  }

  @Test(arguments: ["gzip", "xz"]) func aPackedFileReadsAsThePlainOne(_ packer: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let text = (0..<60_000).map { "word\($0 % 5000) and a_longer_word_\($0 % 77)\n" }.joined()
    let path = try scratch.write(text, to: "a.txt")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [packer, "-k", path]
    try process.run()
    process.waitUntilExit()
    let packed = path + (packer == "xz" ? ".xz" : ".gz")
    let (plain, other) = (try Corpus(), try Corpus())
    try plain.read(path, context: SilentContext())
    try other.read(packed, context: SilentContext())
    #expect(plain.numbers.count == 240_000)
    #expect(words(plain) == words(other))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: packed))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: packed))
    #expect(throws: EmbedError.self) { try Corpus().read(packed, context: SilentContext()) }
  }

  @Test func wordsBeyondTheMemoryLimitGoToAFile() throws {
    let small = try Corpus(memoryLimit: 1 << 18)
    let text = (0..<100_000).map { "w\($0 % 300)" }.joined(separator: " ")
    for _ in 0..<3 { try small.add(line: text, splitting: .whitespace) }
    #expect(small.numbers.count == 300_003)
    let vocabulary = try small.keepWords(minCount: 900)
    #expect(vocabulary.count == 300)
    #expect(vocabulary.total == 300_000)
  }

  @Test func wordsOfAnyScriptAreSplit() {
    #expect(splitText("Don't stop—Größe 3,5 naïve!", .lowercase) == "don't stop größe 3 5 naïve")
    #expect(splitText("'quoted' rock 'n' roll", .words) == "quoted rock n roll")
    #expect(splitText("数据 科学。", .words) == "数据 科学")
    #expect(splitText("a  b", .whitespace) == "a  b")
  }

  @Test func theVocabularyIsByFrequencyAndLeavesOutWhatIsRare() throws {
    let corpus = try corpus("b a b c\na b d d\n")
    let vocabulary = try corpus.keepWords(minCount: 2)
    #expect(vocabulary.words == ["b", "a", "d"])
    #expect(vocabulary.counts == [3, 2, 2])
    let numbers = (0..<corpus.numbers.count).map { corpus.numbers.pointer[$0] }
    #expect(numbers == [0, 1, 0, -1, 1, 0, 2, 2, -1])
  }

  @Test func aTextWithoutFrequentWordsIsRefused() throws {
    #expect(throws: EmbedError.noWords(read: 0, different: 0, minCount: 5)) { try corpus("").keepWords(minCount: 5) }
    let named = try Corpus()
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try scratch.write(" \n\n", to: "empty.txt")
    try named.read(path, context: SilentContext())
    let error = #expect(throws: EmbedError.self) { try named.keepWords(minCount: 5) }
    #expect(error?.description == "\(path): there are no words in it. Give a text with words.")
    #expect(throws: EmbedError.noWords(read: 3, different: 3, minCount: 2)) {
      try corpus("a b c").keepWords(minCount: 2)
    }
    #expect(throws: EmbedError.notFound(path: "/nowhere/at/all")) {
      try Corpus().read("/nowhere/at/all", context: SilentContext())
    }
  }

  @Test func drawsFollowTheWeights() {
    let table = aliasTable([1, 2, 0, 5])
    var shares = [Double](repeating: 0, count: 4)
    for (number, entry) in table.enumerated() {
      let own = Double(entry & 0xFFFF_FFFF) / 4_294_967_295
      shares[number] += own / 4
      shares[Int(entry >> 32)] += (1 - own) / 4
    }
    for (share, wanted) in zip(shares, [0.125, 0.25, 0, 0.625]) { #expect(abs(share - wanted) < 1e-9) }
  }
}
