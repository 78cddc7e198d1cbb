// How well vectors agree with what people say about words.

import Foundation
import Numerics

/// Pairs of words with how alike people find them.
public struct SimilarityPairs: Sendable {
  public struct Pair: Sendable, Equatable {
    public let first: String
    public let second: String
    public let score: Double
  }

  public let name: String
  public let pairs: [Pair]

  /// Reads lines of two words and a number, separated by tabs, commas or spaces. Lines that begin with # and a line of
  /// headings are left out.
  public init(contentsOf path: String) throws {
    name = URL(fileURLWithPath: path).lastPathComponent
    pairs = try textLines(of: path).compactMap { line -> Pair? in
      guard !line.hasPrefix("#") else { return nil }
      let separator: Character = line.contains("\t") ? "\t" : line.contains(",") ? "," : line.contains(";") ? ";" : " "
      let fields = line.split(separator: separator).map { $0.trimmingCharacters(in: .whitespaces) }
      guard fields.count >= 3, let score = Double(fields[2]), score.isFinite else { return nil }
      return Pair(first: fields[0], second: fields[1], score: score)
    }
    guard !pairs.isEmpty else { throw EmbedError.noPairs(path: path, wanted: "two words and a number") }
  }
}

/// Questions a : b as c : d, in sections.
public struct AnalogyQuestions: Sendable {
  public struct Section: Sendable {
    public let name: String
    public var questions: [[String]]
  }

  public let name: String
  public let sections: [Section]

  /// Reads lines of four words; a line that begins with a colon names the section that follows.
  public init(contentsOf path: String) throws {
    name = URL(fileURLWithPath: path).lastPathComponent
    var sections: [Section] = []
    for line in try textLines(of: path) {
      if line.hasPrefix(":") {
        let name = line.dropFirst().trimmingCharacters(in: .whitespaces)
        sections.append(Section(name: name, questions: []))
        continue
      }
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard words.count == 4 else { continue }
      if sections.isEmpty { sections.append(Section(name: "questions", questions: [])) }
      sections[sections.count - 1].questions.append(words)
    }
    self.sections = sections.filter { !$0.questions.isEmpty }
    guard !self.sections.isEmpty else { throw EmbedError.noPairs(path: path, wanted: "four words") }
  }
}

func textLines(of path: String) throws -> [String] {
  guard FileManager.default.fileExists(atPath: path) else { throw EmbedError.notFound(path: path) }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw EmbedError.unreadable(path: path, reason: "it cannot be opened")
  }
  return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
}

/// What an evaluation found for one file of pairs.
public struct SimilarityScore: Codable, Sendable, Equatable {
  public let file: String
  public let pairs: Int
  /// Pairs of which both words have a vector.
  public let found: Int
  /// The rank correlation of cosines and scores over the pairs found; nil for fewer than two.
  public let spearman: Double?
}

/// What an evaluation found for one file of analogies.
public struct AnalogyScore: Codable, Sendable, Equatable {
  public struct Section: Codable, Sendable, Equatable {
    public let name: String
    public let questions: Int
    /// Questions of which all four words have a vector.
    public let found: Int
    public let correct: Int
    /// Share of the questions found; nil where none was.
    public let accuracy: Double?
  }

  public let file: String
  public let sections: [Section]
  public let total: Section
}

extension WordVectors {
  private func caseless(_ word: String) -> Int? { number(of: word) ?? number(of: word.lowercased()) }

  /// Compares cosines with people's scores. Words are looked up as written, then in lower case.
  public func evaluate(_ pairs: SimilarityPairs) -> SimilarityScore {
    var cosines: [Double] = []
    var scores: [Double] = []
    for pair in pairs.pairs {
      guard let first = caseless(pair.first), let second = caseless(pair.second) else { continue }
      cosines.append(similarity(first, second))
      scores.append(pair.score)
    }
    let spearman = cosines.count > 1 ? rankCorrelation(cosines, scores) : nil
    return SimilarityScore(file: pairs.name, pairs: pairs.pairs.count, found: cosines.count, spearman: spearman)
  }

  /// Answers every question with the nearest of the first `limit` words, the three given ones left out.
  /// - Parameter check: called between questions; throws to stop.
  public func evaluate(
    _ questions: AnalogyQuestions, limit: Int? = nil, check: () throws -> Void = {}
  ) throws -> AnalogyScore {
    let words = min(limit ?? words.count, words.count)
    var sections: [AnalogyScore.Section] = []
    for section in questions.sections {
      var found = 0
      var correct = 0
      for question in section.questions {
        let numbers = question.compactMap(caseless)
        guard numbers.count == 4, numbers.allSatisfy({ $0 < words }) else { continue }
        try check()
        found += 1
        let (a, b, c) = (unitVector(numbers[0]), unitVector(numbers[1]), unitVector(numbers[2]))
        let products = products(with: a.indices.map { b[$0] - a[$0] + c[$0] })
        var best = -1
        for number in 0..<words where number != numbers[0] && number != numbers[1] && number != numbers[2] {
          if best < 0 || products[number] > products[best] { best = number }
        }
        correct += best == numbers[3] ? 1 : 0
      }
      sections.append(Self.section(section.name, section.questions.count, found, correct))
    }
    let total = Self.section(
      "total", sections.map(\.questions).reduce(0, +), sections.map(\.found).reduce(0, +),
      sections.map(\.correct).reduce(0, +))
    return AnalogyScore(file: questions.name, sections: sections, total: total)
  }

  private static func section(_ name: String, _ count: Int, _ found: Int, _ correct: Int) -> AnalogyScore.Section {
    AnalogyScore.Section(
      name: name, questions: count, found: found, correct: correct,
      accuracy: found > 0 ? Double(correct) / Double(found) : nil)
  }
}

/// Spearman's rank correlation, average ranks for ties; nil where either side is constant.
func rankCorrelation(_ left: [Double], _ right: [Double]) -> Double? {
  let a = Statistics.ranks(left)
  let b = Statistics.ranks(right)
  let mean = Double(a.count + 1) / 2
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for index in a.indices {
    ab += (a[index] - mean) * (b[index] - mean)
    aa += (a[index] - mean) * (a[index] - mean)
    bb += (b[index] - mean) * (b[index] - mean)
  }
  return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : nil
}
