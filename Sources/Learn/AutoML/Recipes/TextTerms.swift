// The terms of free text: words, and pairs of neighbouring words, in small letters. Which terms are counted is decided by how
// many rows hold them; how much each weighs is learnt by a recipe.

import Frame

/// How often each term occurs in each row, row after row.
struct TermCounts: Sendable {
  /// The first entry of each row, and the number of entries at the end: `[rows + 1]`.
  let starts: [Int]
  let terms: [Int32]
  let counts: [Float]

  /// The entries of one row.
  func entries(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  func appending(_ other: TermCounts) -> TermCounts {
    TermCounts(
      starts: starts + other.starts.dropFirst().map { $0 + terms.count }, terms: terms + other.terms,
      counts: counts + other.counts)
  }
}

enum TextTerms {
  /// The terms of one text: words of letters and digits, and pairs of them.
  static func terms(_ text: String) -> [String] {
    let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }.prefix(2_000).map(String.init)
    return words + zip(words, words.dropFirst()).map { $0 + " " + $1 }
  }

  /// The terms that three rows or more hold, but not nearly all of them; the most frequent first.
  static func vocabulary(_ column: TypedColumn, _ rows: [Int], limit: Int) -> [String] {
    var holders: [String: Int] = [:]
    var texts = 0
    for row in rows {
      guard let text = column.text(row) else { continue }
      texts += 1
      for term in Set(terms(text)) { holders[term, default: 0] += 1 }
    }
    let kept = holders.filter { $0.value >= 3 && $0.value * 10 <= texts * 9 }
    return kept.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(limit).map(\.key)
  }

  /// The place of each term in the vocabulary.
  static func numbers(_ vocabulary: [String]) -> [String: Int32] {
    Dictionary(vocabulary.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// How often each known term occurs in a text, in the order of the vocabulary.
  static func count(_ text: String?, _ numbers: [String: Int32]) -> [(Int32, Float)] {
    var found: [Int32: Float] = [:]
    for term in text.map(terms) ?? [] {
      if let number = numbers[term] { found[number, default: 0] += 1 }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  static func count(_ column: TypedColumn?, terms vocabulary: [String], rows: Int) -> TermCounts {
    let numbers = numbers(vocabulary)
    var starts = [0]
    var found: [Int32] = []
    var counts: [Float] = []
    for row in 0..<rows {
      for (term, count) in count(column?.text(row), numbers) {
        found.append(term)
        counts.append(count)
      }
      starts.append(found.count)
    }
    return TermCounts(starts: starts, terms: found, counts: counts)
  }
}
