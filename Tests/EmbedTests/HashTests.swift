import Testing

@testable import Embed

/// Numbers recorded from fastText 0.9.2.
@Suite struct HashTests {
  @Test(
    arguments: [
      ("amazon", 245_108_205), ("<am", 1_067_210_937), ("café", 1_970_454_601), ("__label__1", 1_406_357_688),
    ] as [(String, UInt32)])
  func wordsHashAsInFastText(_ word: String, _ wanted: UInt32) {
    #expect(textHash(word.utf8) == wanted)
  }

  @Test func aWordHasTheNgramsOfFastText() {
    var found: [String] = []
    characterNgrams(of: Array("where".utf8), lengths: 3...6, buckets: 1000) { bytes, _ in
      found.append(String(decoding: bytes, as: UTF8.self))
    }
    #expect(
      found.joined(separator: " ")
        == "<wh <whe <wher <where whe wher where where> her here here> ere ere> re>")
  }

  @Test func anEdgeAloneIsNoNgram() {
    var found: [String] = []
    characterNgrams(of: Array("né".utf8), lengths: 1...2, buckets: 1000) { bytes, _ in
      found.append(String(decoding: bytes, as: UTF8.self))
    }
    #expect(found == ["<n", "n", "né", "é", "é>"])
  }

  @Test func pairsOfWordsHashAsInFastText() {
    let hashes = ["the", "movie", "was"].map { Int32(bitPattern: textHash($0.utf8)) }
    var found: [Int] = []
    wordNgrams(of: hashes, longest: 2, buckets: 2_000_000) { found.append($0) }
    #expect(found == [229_059, 477_063])
  }
}
