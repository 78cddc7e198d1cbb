import Foundation
import Numerics
import Testing

@testable import Embed

/// Ten thousand texts of random characters, and hashes of the numbers that `tokenizers` 0.23 gave them. Records: FNV-1a
/// of the numbers as four bytes each.
@Suite struct TokenizerTests {
  /// Where characters are drawn from: first ones and counts. What is no character becomes a space.
  private static let ranges: [(UInt32, UInt64)] =
    Array(repeating: (0x20, 95), count: 5) + [
      (0, 33), (0xA0, 0x1B0), (0x300, 0x70), (0x370, 0x390), (0x2000, 0x70), (0x3000, 0x7000), (0xAC00, 11172),
      (0, 0x10000), (0x10000, 0x10000), (0, 0x110000),
    ]
  private static let pieces = [
    "[MASK]", "[CLS]", "<|endoftext|>", "'s", "'ll", "don't", "  ", "\r\n", "hello world", "ﬁ", "İstanbul",
    String(repeating: "a", count: 101), "👩‍👩‍👧", "the ", "ing", "Ångström",
  ]

  private static let texts: [String] = {
    var random = SplitMix64(seed: 42)
    return (0..<10_000).map { _ in
      var text = String.UnicodeScalarView()
      for _ in 0..<random.next() % 24 + 1 {
        let kind = Int(random.next() % 16)
        if kind == 15 {
          text.append(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))].unicodeScalars)
        } else {
          let (first, count) = ranges[kind]
          text.append(Unicode.Scalar(first + UInt32(random.next() % count)) ?? " ")
        }
      }
      return String(text)
    }
  }()

  private func recorded(_ name: String) throws -> [UInt32] {
    let url = try #require(Bundle.module.url(forResource: "Records/tokenizers/\(name)", withExtension: "bin"))
    let data = try Data(contentsOf: url)
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self) }
    }
  }

  private func hash(_ numbers: [Int32]) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { for byte in $0 { hash = (hash ^ UInt32(byte)) &* 16_777_619 } }
    }
    return hash
  }

  private func mismatches(_ name: String, _ encode: (String) -> [Int32]) throws -> [Int] {
    let wanted = try recorded(name)
    try #require(wanted.count == Self.texts.count)
    return Self.texts.indices.filter { hash(encode(Self.texts[$0])) != wanted[$0] }
  }

  @Test func wordPiecesOfRandomTextsAreTheRecordedOnes() throws {
    let url = try #require(Bundle.module.url(forResource: "Records/tokenizers/tiny-bert", withExtension: nil))
    let tokenizer = try WordPiece(folder: url.path)
    #expect(try mismatches("wordpiece") { tokenizer.encode($0, limit: .max) } == [])
  }

  @Test func bytePairsOfRandomTextsAreTheRecordedOnes() throws {
    let url = try #require(Bundle.module.url(forResource: "Records/tiny-gpt2", withExtension: nil))
    let tokenizer = try BytePairs(folder: url.path)
    #expect(try mismatches("bytepairs") { tokenizer.encode($0) } == [])
  }
}
