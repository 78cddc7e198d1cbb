import Foundation
import Jobs
import Numerics
import Testing

@testable import Embed

/// How likely transformers finds texts, and how it goes on with them, recorded with the small GPT-2 of random weights.
@Suite struct WritingTests {
  private struct Record: Decodable {
    struct Case: Decodable {
      let text: String
      let ids: [Int32]
      let log_probabilities: [Double]
      let greedy_20: [Int32]?
    }
    let cases: [Case]
  }

  private func read() throws -> (Record, GPT2Encoder) {
    let url = try #require(Bundle.module.url(forResource: "Records/tiny_gpt2_scores", withExtension: "json"))
    let folder = url.deletingLastPathComponent().appendingPathComponent("tiny-gpt2").path
    return (try JSONDecoder().decode(Record.self, from: Data(contentsOf: url)), try GPT2Encoder(folder: folder))
  }

  @Test func textsAreAsLikelyAsRecorded() throws {
    let (record, model) = try read()
    let scores = try model.scores(of: record.cases.map(\.text), threads: 2, context: SilentContext())
    for (score, entry) in zip(scores, record.cases) {
      #expect(score.pieces == entry.ids.count)
      let wanted = entry.log_probabilities.reduce(0, +)
      #expect(abs(score.logLikelihood - wanted) < 1e-4 * abs(wanted))
      let perplexity = try #require(score.perplexity)
      #expect(abs(perplexity - exp(-wanted / Double(entry.ids.count))) < 1e-3 * perplexity)
      let each = try model.logProbabilities(of: entry.text, context: SilentContext())
      for (found, wanted) in zip(each, entry.log_probabilities) { #expect(abs(Double(found) - wanted) < 1e-3) }
    }
    let nothing = try model.scores(of: [""], threads: 1, context: SilentContext())
    #expect(nothing == [TextScore(pieces: 0, logLikelihood: 0)])
    #expect(nothing[0].perplexity == nil)
  }

  @Test func aLongTextIsScoredInWindowsPieceByPiece() throws {
    let (_, model) = try read()
    let text = String(repeating: "the quick brown fox jumps over the lazy dog. ", count: 40)
    let all = try model.logProbabilities(of: text, context: SilentContext())
    let pieces = model.tokens(of: text)
    #expect(pieces.count > 2 * model.limit)
    #expect(all.count == pieces.count)
    // The piece after the first window is foreseen from the second half of it.
    let window = [Int32](pieces[(model.limit / 2 - 1)..<(model.limit - 1)])
    let states = model.states(of: window)
    let logits = model.logits(after: states.suffix(model.dimensions))
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp(Double($1 - top)) }
    let wanted = Double(logits[Int(pieces[model.limit - 1])] - top) - log(sum)
    #expect(abs(Double(all[model.limit - 1]) - wanted) < 1e-3)
  }

  @Test func theLikeliestPiecesAreTheRecordedOnes() throws {
    let (record, model) = try read()
    for entry in record.cases {
      guard let wanted = entry.greedy_20 else { continue }
      let found = try model.complete(entry.text, options: CompletionOptions(count: 20), context: SilentContext())
      #expect(found.text == model.tokenizer.decode(wanted), "\(entry.text)")
      #expect(found.pieces == 20)
      #expect(found.ending == .count)
    }
  }

  @Test func whatIsRememberedGivesTheSameStates() throws {
    let (record, model) = try read()
    let tokens = record.cases[1].ids
    let cache = model.makeCache(capacity: tokens.count)
    var states = model.states(of: Array(tokens.prefix(3)), after: cache)
    states += model.states(of: Array(tokens[3..<5]), after: cache)
    for token in tokens[5...] { states += model.states(of: [token], after: cache) }
    let distance = zip(states, model.states(of: tokens)).map { abs($0 - $1) }.max() ?? 1
    #expect(distance < 1e-4)
  }

  @Test func aSeedDecidesWhatIsDrawn() throws {
    let (_, model) = try read()
    func write(_ seed: UInt64, top: Int? = nil, temperature: Double = 1) throws -> String {
      let options = CompletionOptions(count: 12, temperature: temperature, top: top, seed: seed)
      return try model.complete("the quick", options: options, context: SilentContext()).text
    }
    #expect(try write(1) == write(1))
    #expect(try Set((0..<6).map { try write($0) }).count > 3)
    #expect(try write(5, top: 1) == write(0, temperature: 0))
    #expect(try write(5, temperature: 1e-4) == write(0, temperature: 0))
  }

  @Test func onlyTheLikeliestAreDrawnByTheirShares() {
    let logits: [Float] = [0, 2, 1, -3]
    var random = RandomSource(seed: 3)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<20_000 {
      counts[Int(GPT2Encoder.choose(logits, CompletionOptions(temperature: 2, top: 2), &random))] += 1
    }
    #expect(counts[0] == 0 && counts[3] == 0)
    #expect(abs(Double(counts[1]) / 20_000 - 1 / (1 + exp(-0.5))) < 0.02)
  }

  @Test func theModelsRoomEndsAText() throws {
    let (_, model) = try read()
    let found = try model.complete("the", options: CompletionOptions(count: 500), context: SilentContext())
    #expect(found.ending == .room || found.ending == .end)
    #expect(found.pieces <= model.limit)
    let long = String(repeating: "x ", count: 200)
    #expect(throws: EmbedError.self) { try model.complete(long, context: SilentContext()) }
    #expect(throws: EmbedError.self) {
      try model.complete("a", options: CompletionOptions(temperature: -1), context: SilentContext())
    }
    #expect(try model.complete("", options: CompletionOptions(count: 2), context: SilentContext()).pieces <= 2)
  }
}
