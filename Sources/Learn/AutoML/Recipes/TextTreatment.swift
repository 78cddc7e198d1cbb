// What a recipe makes of free text, and the texts of a table as all of these need them.

import Embed
import Frame

/// What becomes of free text, beside figures about its characters.
public enum TextTreatment: String, Codable, Sendable, CaseIterable {
  /// Words and pairs of words, weighted by rarity, in a few directions.
  case terms
  /// The mean of word vectors that are trained on the rows learnt from.
  case vectors
  /// Vectors of an encoder that somebody has trained already.
  case encoder

  var text: String {
    switch self {
    case .terms: "\(TermProjection.widthLimit) directions of TF-IDF"
    case .vectors: "the mean of \(WordMeans.dimensions) numbers of each word, learnt from these texts"
    case .encoder: "vectors of an encoder"
    }
  }
}

/// The texts of one column: their terms, their words, and what an encoder makes of them.
struct PreparedTexts: Sendable {
  let counts: TermCounts
  /// Every word that occurs, in the order of its first appearance.
  let lexicon: [String]
  /// The words of each row, row after row, and where each row begins: `[rows + 1]`.
  let words: [Int32]
  let starts: [Int]
  /// `[rows × dimensions]`; empty without an encoder.
  let vectors: [Float]
  let dimensions: Int

  var rows: Int { starts.count - 1 }

  init(_ column: TypedColumn?, counts: TermCounts, rows: Int, vectors: [Float], dimensions: Int) {
    var numbers: [Substring: Int32] = [:]
    var (lexicon, words, starts): ([String], [Int32], [Int]) = ([], [], [0])
    for row in 0..<rows {
      for word in Self.words(column?.text(row) ?? "") {
        if let number = numbers[word] {
          words.append(number)
        } else {
          let number = Int32(lexicon.count)
          numbers[word] = number
          lexicon.append(String(word))
          words.append(number)
        }
      }
      starts.append(words.count)
    }
    (self.counts, self.lexicon, self.words, self.starts) = (counts, lexicon, words, starts)
    (self.vectors, self.dimensions) = (vectors, dimensions)
  }

  private init(
    counts: TermCounts, lexicon: [String], words: [Int32], starts: [Int], vectors: [Float], dimensions: Int
  ) {
    (self.counts, self.lexicon, self.words, self.starts) = (counts, lexicon, words, starts)
    (self.vectors, self.dimensions) = (vectors, dimensions)
  }

  /// The words of a text in small letters; no text counts for more of them than its beginning.
  static func words(_ text: String) -> ArraySlice<Substring> {
    splitText(text, .lowercase).split(separator: " ").prefix(2_000)
  }

  func appending(_ other: PreparedTexts) -> PreparedTexts {
    var numbers = Dictionary(
      lexicon.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    var all = lexicon
    let places = other.lexicon.map { word in
      if let number = numbers[word] { return number }
      let number = Int32(all.count)
      numbers[word] = number
      all.append(word)
      return number
    }
    return PreparedTexts(
      counts: counts.appending(other.counts), lexicon: all, words: words + other.words.map { places[Int($0)] },
      starts: starts + other.starts.dropFirst().map { $0 + words.count }, vectors: vectors + other.vectors,
      dimensions: dimensions)
  }
}
