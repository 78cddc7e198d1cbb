import Foundation
import Jobs
import Testing

@testable import Embed

/// A small GPT-2 of random weights and what transformers 4.30 makes of it, recorded.
@Suite struct GPT2Tests {
  private struct Record: Decodable {
    struct Case: Decodable {
      let text: String
      let input_ids: [Int32]
      let last_hidden: [[Float]]
      let next_logits: [Float]
      let decoded: String
    }
    let cases: [Case]
  }

  private func read() throws -> (Record, GPT2Encoder, BytePairs) {
    let url = try #require(Bundle.module.url(forResource: "Records/tiny_gpt2", withExtension: "json"))
    let folder = url.deletingLastPathComponent().appendingPathComponent("tiny-gpt2").path
    return (
      try JSONDecoder().decode(Record.self, from: Data(contentsOf: url)), try GPT2Encoder(folder: folder),
      try BytePairs(folder: folder)
    )
  }

  @Test func statesAndExpectationsAreTheRecordedOnes() throws {
    let (record, encoder, pairs) = try read()
    for entry in record.cases {
      #expect(encoder.tokens(of: entry.text) == entry.input_ids, "\(entry.text)")
      #expect(pairs.decode(entry.input_ids) == entry.decoded)
      let states = encoder.states(of: entry.input_ids)
      let distance = zip(states, entry.last_hidden.flatMap { $0 }).map { abs($0 - $1) }.max() ?? 1
      #expect(distance < 1e-4, "\(entry.text)")
      let logits = encoder.logits(after: states.suffix(encoder.dimensions))
      #expect((zip(logits, entry.next_logits).map { abs($0 - $1) }.max() ?? 1) < 1e-3)
    }
    let vectors = try encoder.vectors(of: record.cases.map(\.text) + [""], threads: 2, context: SilentContext())
    let first = record.cases[0].last_hidden
    #expect(abs(vectors[0][0] - first.map { $0[0] }.reduce(0, +) / Float(first.count)) < 1e-4)
    #expect(vectors.last?.allSatisfy { $0 == 0 } == true)
  }

  @Test func whiteSpaceAndContractionsAreSplitAsInGPT2() {
    #expect(BytePairs.words("it's  two\n\n x") == ["it", "'s", " ", " two", "\n\n", " x"])
    #expect(BytePairs.words("a1 !? ") == ["a", "1", " !?", " "])
    #expect(BytePairs.words("").isEmpty)
  }
}
