import Foundation
import Jobs
import Testing

@testable import Embed

/// Counting of pairs, in memory and beyond it.
struct CoOccurrenceTests {
  /// Words of which few are frequent and most are rare, as in any text.
  private static let text: String = {
    var state: UInt64 = 11
    return (0..<2_500).map { _ in
      (0..<16).map { _ -> String in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let share = Double(state >> 11) / Double(1 << 53)
        return "w\(Int(pow(1_500, share)))"
      }.joined(separator: " ")
    }.joined(separator: "\n") + "\n"
  }()

  private func counted(memory: Int, context: any JobContext = SilentContext()) throws -> (CoOccurrences, words: Int) {
    let corpus = try Corpus()
    for line in Self.text.split(separator: "\n") { try corpus.add(line: String(line), splitting: .whitespace) }
    let vocabulary = try corpus.keepWords(minCount: 1)
    let pairs = try CoOccurrences(
      corpus, words: vocabulary.count, window: 10, memory: memory, context: context)
    return (pairs, vocabulary.count)
  }

  private func triples(_ pairs: CoOccurrences) throws -> [(first: Int32, second: Int32, sum: Float)] {
    let buffer = UnsafeMutablePointer<Int32>.allocate(capacity: pairs.count * 3)
    defer { buffer.deallocate() }
    try pairs.read(0..<pairs.count, into: buffer)
    return (0..<pairs.count).map {
      (buffer[$0 * 3], buffer[$0 * 3 + 1], Float(bitPattern: UInt32(bitPattern: buffer[$0 * 3 + 2])))
    }
  }

  private func sums(_ pairs: CoOccurrences) throws -> [UInt64: Float] {
    Dictionary(uniqueKeysWithValues: try triples(pairs).map { (UInt64($0.first) << 32 | UInt64($0.second), $0.sum) })
  }

  /// 196, 144, 25 and 12 runs: few are merged one way, many another.
  @Test(arguments: [1_000, 100_000, 400_000, 700_000]) func aSmallMemoryCountsWhatALargeOneDoes(_ memory: Int) throws {
    let (whole, _) = try counted(memory: CoOccurrences.defaultMemory)
    let (parts, _) = try counted(memory: memory)
    #expect(whole.pointer != nil && parts.pointer == nil)
    let (expected, found) = (try sums(whole), try sums(parts))
    #expect(expected.count == whole.count && found.count == expected.count && found.count > 80_000)
    for (key, sum) in expected {
      guard let other = found[key], abs(other - sum) <= 1e-4 * sum else {
        Issue.record("\(key): \(sum), not \(found[key] ?? -1)")
        break
      }
    }
  }

  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
  }

  @Test func pairsInAFileAreShuffledAsInMemory() throws {
    let (whole, _) = try counted(memory: CoOccurrences.defaultMemory)
    let (parts, _) = try counted(memory: 100_000)
    let before = try sums(parts)
    for pairs in [whole, parts] { try pairs.shuffle(seed: 5, block: 100, context: SilentContext()) }
    #expect(try sums(parts) == before)
    func tiles(_ pairs: CoOccurrences) throws -> [[Int32]] {
      try triples(pairs).map { [$0.first / 100, $0.second / 100] }
    }
    // The blocks of words come in the same random order; within them the order is another.
    #expect(try tiles(whole) == tiles(parts))
    let order = try triples(parts).prefix(200).map(\.second)
    #expect(order != order.sorted())
  }

  @Test func vectorsAreLearntFromPairsInAFile() throws {
    var options = TrainingOptions(mode: .glove)
    (options.vectorDim, options.epochs, options.minCount, options.threads) = (12, 8, 1, 2)
    func losses(_ memory: Int?) throws -> [Double] {
      let corpus = try Corpus()
      for line in Self.text.split(separator: "\n") { try corpus.add(line: String(line), splitting: .whitespace) }
      return try trainVectors(corpus, options: options, memory: memory, context: SilentContext()).epochs
        .compactMap(\.loss)
    }
    let (whole, parts) = (try losses(nil), try losses(100_000))
    #expect(whole.count == 8 && parts.count == 8)
    for (one, other) in zip(whole, parts) { #expect(abs(one - other) < 0.1 * one, "\(whole) \(parts)") }
  }

  @Test func countingThatIsCancelledLeavesNoFile() throws {
    let context = ForegroundContext()
    context.cancel()
    #expect(throws: JobCancelled.self) { try counted(memory: 1_000, context: context) }
    #expect(!(try leftovers()).contains { $0.hasPrefix("assay-words-") })
  }
}
