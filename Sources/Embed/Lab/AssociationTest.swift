// Bias that word vectors have taken over from their text (Caliskan, Bryson, Narayanan 2017, doi:10.1126/science.aal4230).

import Foundation
import Jobs
import Numerics

/// Two sets of words to compare, such as flowers and insects, and two that they may lean to, such as pleasant and
/// unpleasant.
public struct AssociationSets: Codable, Sendable, Equatable {
  public var first: [String]
  public var second: [String]
  public var attributes: [String]
  public var opposites: [String]

  public init(first: [String], second: [String], attributes: [String], opposites: [String]) {
    (self.first, self.second) = (first, second)
    (self.attributes, self.opposites) = (attributes, opposites)
  }
}

/// What the word embedding association test (WEAT) found.
public struct AssociationResult: Codable, Sendable, Equatable {
  /// The difference of the two sets' mean leanings, in standard deviations (n - 1) of the leanings of all their words. Above
  /// 0 the first set leans to the attributes, and the second to their opposites. In -2...2, but for very small sets.
  public let effectSize: Double
  /// The share of equal divisions of the words into two sets whose difference is at least as large: one-sided.
  public let pValue: Double
  /// Divisions that were looked at: all, where there are not too many, else some drawn at random.
  public let divisions: Int
  public let isExact: Bool
  /// 95 % of the effect sizes of words drawn again with replacement lie within; nil where too few words are there.
  public let interval: [Double]?
  /// The leaning of each word: its mean cosine with the attributes less that with their opposites.
  public let leanings: [Leaning]
  /// Words that were left out: without a vector, or the last ones of the longer set.
  public let missing: [String]

  public struct Leaning: Codable, Sendable, Equatable {
    public let word: String
    /// True of the first set.
    public let isFirst: Bool
    public let value: Double
  }
}

extension WordVectors {
  private static let exactDivisions = 100_000
  private static let drawnDivisions = 100_000
  private static let resamples = 2000

  /// Tests whether two sets of words lean to different attributes. Words are looked up as written, then in lower case.
  /// - Parameters:
  ///   - sets: of the sets of targets, words without a vector are left out; of the longer one then the last words, as
  ///     the divisions compare sets of the same size.
  ///   - seed: of what is drawn: divisions, where there are many, and the words for the interval.
  /// - Throws: `EmbedError.option` where a set has fewer than two words with a vector.
  public func associations(
    of sets: AssociationSets, seed: UInt64 = 0, context: any JobContext
  ) throws -> AssociationResult {
    var missing: [String] = []
    func find(_ words: [String], _ name: String) throws -> [(word: String, number: Int)] {
      let found = words.compactMap { word -> (String, Int)? in
        if let number = number(of: word) ?? number(of: word.lowercased()) { return (word, number) }
        missing.append(word)
        return nil
      }
      guard found.count >= 2 else {
        throw EmbedError.option(
          name: name, value: words.joined(separator: ","), allowed: "at least two words that have a vector")
      }
      return found
    }
    var (x, y) = (try find(sets.first, "the first set"), try find(sets.second, "the second set"))
    let a = try find(sets.attributes, "the attributes")
    let b = try find(sets.opposites, "the opposites")
    let size = min(x.count, y.count)
    missing += (x[size...] + y[size...]).map(\.word)
    (x, y) = (Array(x[..<size]), Array(y[..<size]))

    let targets = x + y
    let toA = targets.map { target in a.map { similarity(target.number, $0.number) } }
    let toB = targets.map { target in b.map { similarity(target.number, $0.number) } }
    let leanings = targets.indices.map { Self.mean(toA[$0]) - Self.mean(toB[$0]) }
    guard let effect = Self.effect(leanings[..<size], leanings[size...]) else {
      throw EmbedError.option(
        name: "the sets", value: targets.map(\.word).joined(separator: ","), allowed: "words that do not all lean alike"
      )
    }
    let (extreme, divisions, isExact) = try Self.divide(leanings, size, seed: seed, context: context)
    let pValue = isExact ? Double(extreme) / Double(divisions) : Double(extreme + 1) / Double(divisions + 1)

    var random = RandomSource(seed: seed).split("interval")
    func draw(_ range: Range<Int>) -> [Int] {
      range.map { _ in range.lowerBound + random.nextIndex(below: range.count) }
    }
    var effects: [Double] = []
    for _ in 0..<Self.resamples {
      try context.checkCancelled()
      let (drawnA, drawnB) = (draw(0..<a.count), draw(0..<b.count))
      func leaning(_ target: Int) -> Double {
        Self.mean(drawnA.map { toA[target][$0] }) - Self.mean(drawnB.map { toB[target][$0] })
      }
      let (first, second) = (draw(0..<size).map(leaning), draw(size..<2 * size).map(leaning))
      if let value = Self.effect(first[...], second[...]) { effects.append(value) }
    }
    effects.sort()
    let interval =
      effects.count > Self.resamples / 2
      ? [0.025, 0.975].map { effects[Int((Double(effects.count - 1) * $0).rounded())] } : nil
    return AssociationResult(
      effectSize: effect, pValue: pValue, divisions: divisions, isExact: isExact, interval: interval,
      leanings: targets.indices.map {
        AssociationResult.Leaning(word: targets[$0].word, isFirst: $0 < size, value: leanings[$0])
      }, missing: missing)
  }

  private static func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// Cohen's d; nil where all lean alike.
  private static func effect(_ first: ArraySlice<Double>, _ second: ArraySlice<Double>) -> Double? {
    let all = first + second
    let center = mean(all)
    let variance = all.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(all.count - 1)
    return variance > 1e-18 ? (mean(first) - mean(second)) / variance.squareRoot() : nil
  }

  /// How many divisions into two equal sets differ at least as much as the given one.
  private static func divide(
    _ leanings: [Double], _ size: Int, seed: UInt64, context: any JobContext
  ) throws -> (extreme: Int, divisions: Int, isExact: Bool) {
    let wanted = leanings[..<size].reduce(0, +) - 1e-12
    var count = 1.0
    for step in 0..<size { count = count * Double(2 * size - step) / Double(step + 1) }
    var extreme = 0
    if count <= Double(exactDivisions) {
      // All subsets of the size, in the order of their places.
      var chosen = Array(0..<size)
      var divisions = 0
      while true {
        divisions += 1
        if chosen.reduce(0, { $0 + leanings[$1] }) >= wanted { extreme += 1 }
        guard let place = chosen.indices.last(where: { chosen[$0] < size + $0 }) else { break }
        let start = chosen[place] + 1
        for later in place..<size { chosen[later] = start + later - place }
        if divisions % 4096 == 0 { try context.checkCancelled() }
      }
      return (extreme, divisions, true)
    }
    var random = RandomSource(seed: seed).split("divisions")
    var order = leanings
    for division in 0..<drawnDivisions {
      if division % 1024 == 0 {
        try context.checkCancelled()
        context.report(Double(division) / Double(drawnDivisions), "dividing the words at random")
      }
      var sum = 0.0
      for place in 0..<size {
        order.swapAt(place, place + random.nextIndex(below: order.count - place))
        sum += order[place]
      }
      if sum >= wanted { extreme += 1 }
    }
    return (extreme, drawnDivisions, false)
  }
}
