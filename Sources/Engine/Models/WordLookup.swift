import Embed
import Flow

/// The words of a model, and what stands in for those that it has never met.
struct WordLookup {
  let words: WordVectors
  /// Nil for a model without character n-grams.
  let subwords: FastTextModel?

  /// Words among which one that was meant is looked for: more of them take too long while somebody types.
  private static let suggested = 5_000

  /// - Throws: `EmbedError` where the model has no words.
  init(_ path: String, _ models: TextModels) throws {
    words = try models.words(path)
    subwords = try models.encoder(path) as? FastTextModel
  }

  /// The word's number, as written, or else in small letters.
  /// - Throws: `EmbedError.unknownWord`, with one that is close.
  func number(_ word: String) throws -> Int {
    guard let number = known(word) else { throw unknown(word) }
    return number
  }

  private func known(_ word: String) -> Int? { words.number(of: word) ?? words.number(of: word.lowercased()) }

  private func unknown(_ word: String) -> EmbedError {
    .unknownWord(word, nearest: Nearest.name(to: word, among: Array(words.words.prefix(Self.suggested))))
  }

  /// Of length 1. A word of which only n-grams are known has the vector of these.
  ///
  /// - Parameter used: gets the number of a word that the model has.
  func vector(_ word: String, _ used: inout Set<Int>) throws -> [Float] {
    if let number = known(word) {
      used.insert(number)
      return words.unitVector(number)
    }
    if let vector = subwords?.vector(of: word), vector.contains(where: { $0 != 0 }) {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
    throw unknown(word)
  }

  /// The words nearest to one, itself left out.
  func neighbors(of word: String, count: Int) throws -> WordNeighbors {
    var used: Set<Int> = []
    let vector = try vector(word, &used)
    return WordNeighbors(
      word: used.first.map { words.words[$0] } ?? word,
      neighbors: words.nearest(to: vector, count: count, without: used))
  }

  /// How well each of some words fits the others, the odd one first.
  func fits(_ items: [String]) throws -> [GroupFit] {
    var used: Set<Int> = []
    return groupFits(items, try items.map { try vector($0, &used) })
  }
}
