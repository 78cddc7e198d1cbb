// Word vectors of a column's own texts: trained on the rows that a fold learns from, and a text is the mean of its words, in
// which frequent words count less (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings",
// ICLR). The means are turned to their principal directions, each of which varies by 1.

import Embed
import Foundation
import Jobs
import Numerics

/// Words of one column with what they add to a text's numbers.
struct WordMeans: Codable, Hashable, Sendable {
  static let dimensions = 48
  /// Words of a training at most; what is longer is thinned out evenly, row by row.
  private static let wordLimit = 1_500_000
  /// Words that a training goes through, over all epochs, where the texts are few.
  private static let wordsWanted = 2_500_000
  /// The share of the text at which a word counts half.
  private static let halfShare = 1e-3

  /// The most frequent first.
  let words: [String]
  /// How much each word counts in a text's mean.
  let weights: [Float]
  /// `[words × width]`: what each word says.
  let vectors: [Float]
  let width: Int

  /// - Parameter rows: the rows to learn from.
  /// - Throws: what `context` throws.
  init(_ texts: PreparedTexts, rows: [Int], seed: UInt64, context: any JobContext) throws {
    let read = rows.reduce(0) { $0 + texts.starts[$1 + 1] - texts.starts[$1] }
    let step = max(1, (read + Self.wordLimit - 1) / Self.wordLimit)
    let some = step == 1 ? rows : stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    var options = TrainingOptions(mode: .batchSkipgram)
    options.vectorDim = Self.dimensions
    options.minCount = read < 200_000 ? 2 : 5
    options.epochs = min(max(Self.wordsWanted / max(read / step, 1), 3), 40)
    options.samplingThreshold = 1e-3
    options.seed = seed
    guard let trained = try Self.train(texts, some, options, context) else {
      (words, weights, vectors, width) = ([], [], [], 0)
      return
    }
    try context.checkCancelled()
    let vocabulary = trained.vocabulary
    let total = Double(max(vocabulary.total, 1))
    let weights = vocabulary.counts.map { Float(Self.halfShare / (Self.halfShare + Double($0) / total)) }
    let raw = (0..<vocabulary.count).flatMap { trained.vectors[$0] }
    let plain = WordMeans(words: vocabulary.words, weights: weights, vectors: raw, width: Self.dimensions)
    self = plain.turned(by: plain.project(texts, rows: some))
  }

  private init(words: [String], weights: [Float], vectors: [Float], width: Int) {
    (self.words, self.weights, self.vectors, self.width) = (words, weights, vectors, width)
  }

  /// Nil for texts with hardly a word.
  private static func train(
    _ texts: PreparedTexts, _ rows: [Int], _ options: TrainingOptions, _ context: any JobContext
  ) throws -> TrainedVectors? {
    do {
      let corpus = try Corpus()
      for row in rows {
        let line = texts.words[texts.starts[row]..<texts.starts[row + 1]].lazy.map { texts.lexicon[Int($0)] }
        try corpus.add(line: line.joined(separator: " "), splitting: .whitespace)
      }
      return try trainVectors(corpus, options: options, context: context)
    } catch EmbedError.noWords {
      return nil
    }
  }

  /// The same along the principal directions of some texts' numbers, `[width][texts]`.
  private func turned(by numbers: [[Double]]) -> WordMeans {
    let count = numbers.first?.count ?? 0
    let centers = numbers.map { Statistics.mean($0) }
    var products = Array(repeating: [Double](repeating: 0, count: width), count: width)
    for i in 0..<width {
      for j in 0...i {
        var sum = 0.0
        for text in 0..<count { sum += (numbers[i][text] - centers[i]) * (numbers[j][text] - centers[j]) }
        products[i][j] = sum / Double(max(count, 1))
        products[j][i] = products[i][j]
      }
    }
    let eigen = SymmetricEigen(products)
    let kept = eigen.values.prefix(max(1, count / 4)).prefix { $0 > 1e-6 * max(eigen.values[0], 1e-12) }.count
    var vectors = [Float](repeating: 0, count: words.count * kept)
    for word in words.indices {
      for direction in 0..<kept {
        var sum = 0.0
        for column in 0..<width {
          sum += (Double(self.vectors[word * width + column]) - centers[column]) * eigen.vectors[direction][column]
        }
        vectors[word * kept + direction] = Float(sum / eigen.values[direction].squareRoot())
      }
    }
    return WordMeans(words: words, weights: weights, vectors: vectors, width: kept)
  }

  // MARK: Applying

  /// The numbers of some rows, `[width][rows]`; zeros for a text without a known word.
  func project(_ texts: PreparedTexts, rows: [Int]) -> [[Double]] {
    let places = places
    let numbers = texts.lexicon.map { places[$0] ?? -1 }
    var result = Array(repeating: [Double](repeating: 0, count: rows.count), count: width)
    for (position, row) in rows.enumerated() {
      let mean = mean(texts.words[texts.starts[row]..<texts.starts[row + 1]].lazy.map { numbers[Int($0)] })
      for column in 0..<width { result[column][position] = mean[column] }
    }
    return result
  }

  /// The place of each word.
  var places: [String: Int32] {
    Dictionary(words.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter numbers: the places of a text's words; -1 for one that is not known.
  func mean(_ numbers: some Sequence<Int32>) -> [Double] {
    var sums = [Float](repeating: 0, count: width)
    var total: Float = 0
    for number in numbers where number >= 0 {
      let (weight, start) = (weights[Int(number)], Int(number) * width)
      for column in 0..<width { sums[column] += weight * vectors[start + column] }
      total += weight
    }
    return sums.map { total > 0 ? Double($0 / total) : 0 }
  }

  /// True where the tables are as long as they should be.
  var isWhole: Bool {
    (0...Self.dimensions).contains(width) && weights.count == words.count && vectors.count == words.count * width
  }

  // MARK: Keeping

  private enum CodingKeys: String, CodingKey { case words, weights, vectors, width }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    words = try container.decode([String].self, forKey: .words)
    weights = floats(try container.decode(Data.self, forKey: .weights))
    vectors = floats(try container.decode(Data.self, forKey: .vectors))
    width = try container.decode(Int.self, forKey: .width)
  }

  /// Tables of numbers are bytes in base 64: as digits they would be three times as long.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(words, forKey: .words)
    try container.encode(bytes(weights), forKey: .weights)
    try container.encode(bytes(vectors), forKey: .vectors)
    try container.encode(width, forKey: .width)
  }
}
