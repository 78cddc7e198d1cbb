// What GPT-2 was trained for: how likely a text is, and how it goes on.

import Foundation
import Jobs
import Numerics

/// How well a model foresaw a text.
public struct TextScore: Codable, Sendable, Equatable {
  /// Pieces that were foreseen: all of them where the vocabulary has a mark that begins texts, else all but the first.
  public let pieces: Int
  /// The natural logarithm of the text's probability.
  public let logLikelihood: Double
  /// exp(-logLikelihood / pieces): of how many pieces, equally likely, the model in effect chose. Nil without a piece.
  public var perplexity: Double? { pieces > 0 ? exp(-logLikelihood / Double(pieces)) : nil }
}

/// How a text is completed.
public struct CompletionOptions: Codable, Sendable, Equatable {
  /// Pieces at most.
  public var count: Int
  /// 0 takes the most likely piece each time; higher is more surprising.
  public var temperature: Double
  /// Draws from this many most likely pieces; nil from all.
  public var top: Int?
  public var seed: UInt64

  public init(count: Int = 40, temperature: Double = 0, top: Int? = nil, seed: UInt64 = 0) {
    (self.count, self.temperature, self.top, self.seed) = (count, temperature, top, seed)
  }

  /// - Throws: `EmbedError.option` for a value outside of its range.
  public func check() throws {
    guard (1...100_000).contains(count) else {
      throw EmbedError.option(name: "count", value: "\(count)", allowed: "a whole number from 1 to 100000")
    }
    guard temperature >= 0, temperature <= 100 else {
      throw EmbedError.option(name: "temperature", value: "\(temperature)", allowed: "a number from 0 to 100")
    }
    if let top, top < 1 {
      throw EmbedError.option(name: "top_k", value: "\(top)", allowed: "a whole number from 1")
    }
  }
}

/// A text that a model wrote.
public struct Completion: Codable, Sendable, Equatable {
  /// Why it ends: as many pieces as were wanted, the model's own mark of an end, or no more room in the model.
  public enum Ending: String, Codable, Sendable {
    case count, end, room
  }

  public let prompt: String
  public let text: String
  public let pieces: Int
  public let ending: Ending
}

extension GPT2Encoder {
  /// States whose expectations are held at a time.
  private static let scoredRows = 96

  /// How well each text was foreseen. A text longer than the model's context is taken in windows that overlap by half.
  public func scores(of texts: [String], threads: Int, context: any JobContext) throws -> [TextScore] {
    let results = VectorResults(count: texts.count)
    try inParallel(texts.count, threads: threads) { [self] number in
      results.set([number], [try logProbabilities(of: texts[number], context: context)])
    }
    return results.values.map { values in
      TextScore(pieces: values.count, logLikelihood: values.reduce(0) { $0 + Double($1) })
    }
  }

  /// The logarithm of the probability of each piece after those before it.
  func logProbabilities(of text: String, context: any JobContext) throws -> [Float] {
    let tokens = (tokenizer.end.map { [$0] } ?? []) + tokenizer.encode(text)
    guard tokens.count > 1, limit > 1 else { return [] }
    var result: [Float] = []
    let logits = FloatBuffer(Self.scoredRows * pieces)
    // The first piece that is not scored yet.
    var next = 1
    var begin = 0
    while next < tokens.count {
      let end = min(begin + limit, tokens.count)
      let states = states(of: Array(tokens[begin..<end]))
      while next < end {
        try context.checkCancelled()
        let rows = min(Self.scoredRows, end - next)
        try states.withUnsafeBufferPointer { states in
          guard let base = states.baseAddress else { return }
          try self.logits(after: base + (next - 1 - begin) * dimensions, rows: rows, to: logits.pointer)
        }
        for row in 0..<rows {
          let values = UnsafeBufferPointer(start: logits.pointer + row * pieces, count: pieces)
          result.append(values[Int(tokens[next + row])] - Self.logSum(values))
        }
        next += rows
      }
      begin = max(begin + 1, end - limit / 2)
    }
    return result
  }

  private static func logSum(_ values: UnsafeBufferPointer<Float>) -> Float {
    let top = values.reduce(-Float.infinity, max)
    var sum = 0.0
    for value in values { sum += Double(expf(value - top)) }
    return top + Float(log(sum))
  }

  /// Goes on with a text, a piece at a time.
  /// - Throws: `EmbedError` for options, and for a text that leaves no room; `JobCancelled`.
  public func complete(
    _ prompt: String, options: CompletionOptions = CompletionOptions(), context: any JobContext
  ) throws -> Completion {
    try options.check()
    let begun = tokenizer.encode(prompt)
    let tokens = begun.isEmpty ? tokenizer.end.map { [$0] } ?? [] : begun
    guard !tokens.isEmpty else {
      throw EmbedError.option(name: "text", value: "\"\"", allowed: "a text to go on from")
    }
    guard tokens.count <= limit else {
      throw EmbedError.option(
        name: "text", value: "of \(tokens.count) pieces", allowed: "at most \(limit) pieces with this model")
    }
    let cache = makeCache(capacity: tokens.count + options.count)
    var random = RandomSource(seed: options.seed)
    var written: [Int32] = []
    var ending = Completion.Ending.count
    var states = states(of: tokens, after: cache)
    while true {
      try context.checkCancelled()
      let piece = Self.choose(logits(after: states.suffix(dimensions)), options, &random)
      if piece == tokenizer.end {
        ending = .end
        break
      }
      written.append(piece)
      context.report(Double(written.count) / Double(options.count), tokenizer.decode(Array(written.suffix(12))))
      if written.count == options.count { break }
      guard cache.count < limit else {
        ending = .room
        break
      }
      states = self.states(of: [piece], after: cache)
    }
    return Completion(prompt: prompt, text: tokenizer.decode(written), pieces: written.count, ending: ending)
  }

  /// The most likely piece, or one that is drawn.
  static func choose(_ logits: [Float], _ options: CompletionOptions, _ random: inout RandomSource) -> Int32 {
    let best = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    guard options.temperature > 0, options.top != 1 else { return Int32(best) }
    var candidates = Array(logits.indices)
    if let top = options.top, top < candidates.count {
      candidates.sort { (logits[$0], $1) > (logits[$1], $0) }
      candidates.removeLast(candidates.count - top)
    }
    let weights = candidates.map { exp(Double(logits[$0] - logits[best]) / options.temperature) }
    var left = random.nextUnit() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return Int32(candidates[place]) }
    }
    return Int32(candidates.last ?? best)
  }
}
