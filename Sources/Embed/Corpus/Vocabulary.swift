// The words that get a vector.

import Foundation

/// Words by how often they occur, most frequent first.
public struct Vocabulary: Sendable, Equatable {
  public let words: [String]
  public let counts: [Int]
  /// Occurrences of these words.
  public let total: Int

  public init(words: [String], counts: [Int]) {
    (self.words, self.counts) = (words, counts)
    total = counts.reduce(0, +)
  }

  public var count: Int { words.count }
}

extension Corpus {
  /// Leaves the words that occur at least `minCount` times, and makes the numbers those of the vocabulary. Once only.
  /// - Throws: `EmbedError.noWords` where fewer than two words are left.
  func keepWords(minCount: Int) throws -> Vocabulary {
    let counts = table.counts
    let kept = (0..<table.count).filter { counts[$0] >= minCount }
      .sorted { (counts[$0], $1) > (counts[$1], $0) }
    guard kept.count > 1 else {
      throw EmbedError.noWords(read: wordCount, different: table.count, minCount: minCount, source: source)
    }
    var ranks = [Int32](repeating: -2, count: table.count)
    for (rank, number) in kept.enumerated() { ranks[number] = Int32(rank) }
    let pointer = numbers.pointer
    var written = 0
    ranks.withUnsafeBufferPointer { ranks in
      for index in 0..<numbers.count {
        let number = pointer[index]
        let rank = number < 0 ? -1 : ranks[Int(number)]
        pointer[written] = rank
        written &+= rank == -2 ? 0 : 1
      }
    }
    numbers.shrink(to: written)
    let vocabulary = Vocabulary(words: kept.map { table.text($0) }, counts: kept.map { counts[$0] })
    table.close()
    return vocabulary
  }
}
