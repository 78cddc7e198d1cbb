// Lines with labels as rows that a classifier learns from.

import Foundation

/// Features and labels of texts.
struct ClassifierExamples: Sendable {
  /// [examples + 1] into features.
  var starts: [Int64] = [0]
  /// Rows of the inputs.
  var features: [Int32] = []
  /// [examples + 1] into labels.
  var labelStarts: [Int64] = [0]
  var labels: [Int32] = []
  /// Words without labels, over all examples.
  var words = 0

  var count: Int { starts.count - 1 }

  func range(_ example: Int) -> Range<Int> { Int(starts[example])..<Int(starts[example + 1]) }
}

/// Turns lines into features: words, the line's end, and hashed n-grams of words and characters. N-grams get rows as
/// they are met in training; what is met only later has the row of zeros.
struct FeatureTable {
  static let lineEnd = "</s>"

  let options: TrainingOptions
  let words: [String]
  let wordCounts: [Int]
  let labels: [String]
  let labelCounts: [Int]
  /// All words of the text and the lines' ends.
  let tokens: Int
  /// For each bucket its row, -1 where nothing fell into it.
  private(set) var rowOfBucket: [Int32]
  private(set) var rows: Int
  private let wordNumbers: [String: Int32]
  private let labelNumbers: [String: Int32]

  var lengths: ClosedRange<Int>? { options.subwords ? options.minChar...options.maxChar : nil }
  var usesBuckets: Bool { options.wordNgrams > 1 || options.subwords }

  /// Takes words that are frequent enough and all labels from a corpus.
  init(_ corpus: Corpus, _ options: TrainingOptions) throws {
    self.options = options
    let prefix = Array(options.labelPrefix.utf8)
    let counts = corpus.table.counts
    var kept: [Int] = []
    var labels: [Int] = []
    for number in 0..<corpus.table.count {
      if corpus.table.word(number).starts(with: prefix) {
        labels.append(number)
      } else if counts[number] >= options.minCount {
        kept.append(number)
      }
    }
    var lines = 0
    for index in 0..<corpus.numbers.count where corpus.numbers.pointer[index] < 0 { lines += 1 }
    tokens = counts.reduce(0, +) + lines
    var all = kept.map { (word: corpus.table.text($0), count: counts[$0]) }
    if !all.contains(where: { $0.word == Self.lineEnd }) { all.append((Self.lineEnd, lines)) }
    let order = all.indices.sorted { (all[$0].count, $1) > (all[$1].count, $0) }
    words = order.map { all[$0].word }
    wordCounts = order.map { all[$0].count }
    labels.sort { (counts[$0], $1) > (counts[$1], $0) }
    self.labels = labels.map { corpus.table.text($0) }
    labelCounts = labels.map { counts[$0] }
    rows = words.count
    let usesBuckets = options.wordNgrams > 1 || options.subwords
    rowOfBucket = [Int32](repeating: -1, count: usesBuckets ? options.buckets : 0)
    wordNumbers = Dictionary(uniqueKeysWithValues: zip(words, words.indices.map(Int32.init)))
    labelNumbers = Dictionary(uniqueKeysWithValues: zip(self.labels, self.labels.indices.map(Int32.init)))
    guard !labels.isEmpty, !kept.isEmpty else {
      throw EmbedError.noLabels(prefix: options.labelPrefix, source: corpus.source)
    }
  }

  /// What is known of each word of a corpus.
  private struct Known {
    var word: Int32
    var label: Int32
    var hash: Int32
    var characters: [Int32] = []
  }

  /// The lines of a corpus that have a label.
  /// - Parameters:
  ///   - isLearning: true gives n-grams rows of their own; false, where training is over, does not.
  ///   - zeroRow: what stands for an n-gram without a row; -1 while learning.
  mutating func examples(_ corpus: Corpus, isLearning: Bool, zeroRow: Int32) -> ClassifierExamples {
    let all = (0..<corpus.table.count).map { known(corpus.table.text($0), isLearning, zeroRow) }
    let end = known(Self.lineEnd, isLearning, zeroRow)
    var examples = ClassifierExamples()
    var hashes: [Int32] = []
    func begin() {
      hashes.removeAll(keepingCapacity: true)
    }
    for index in 0..<corpus.numbers.count {
      let number = corpus.numbers.pointer[index]
      let word = number < 0 ? end : all[Int(number)]
      if word.label >= 0 {
        examples.labels.append(word.label)
      } else if word.label == -1 {
        if word.word >= 0 { examples.features.append(word.word) }
        examples.features.append(contentsOf: word.characters)
        hashes.append(word.hash)
      }
      guard number < 0 else { continue }
      if examples.labels.count > Int(examples.labelStarts[examples.count]), hashes.count > 1 {
        examples.words += hashes.count
        Embed.wordNgrams(of: hashes, longest: options.wordNgrams, buckets: options.buckets) { bucket in
          examples.features.append(row(ofBucket: bucket, isLearning, zeroRow))
        }
        examples.starts.append(Int64(examples.features.count))
        examples.labelStarts.append(Int64(examples.labels.count))
      } else {
        examples.features.removeLast(examples.features.count - Int(examples.starts[examples.count]))
        examples.labels.removeLast(examples.labels.count - Int(examples.labelStarts[examples.count]))
      }
      begin()
    }
    return examples
  }

  private mutating func known(_ text: String, _ isLearning: Bool, _ zeroRow: Int32) -> Known {
    let isLabel = text.hasPrefix(options.labelPrefix)
    var known = Known(
      word: wordNumbers[text] ?? -1, label: isLabel ? labelNumbers[text] ?? -2 : -1,
      hash: Int32(bitPattern: textHash(text.utf8)))
    if let lengths, !isLabel, text != Self.lineEnd {
      var characters: [Int32] = []
      characterNgrams(of: Array(text.utf8), lengths: lengths, buckets: options.buckets) { _, bucket in
        characters.append(row(ofBucket: bucket, isLearning, zeroRow))
      }
      known.characters = characters
    }
    return known
  }

  /// Gives rows other numbers; those of words stay.
  mutating func move(to places: [Int32]) {
    for bucket in rowOfBucket.indices where rowOfBucket[bucket] >= 0 {
      rowOfBucket[bucket] = places[Int(rowOfBucket[bucket])]
    }
  }

  private mutating func row(ofBucket bucket: Int, _ isLearning: Bool, _ zeroRow: Int32) -> Int32 {
    if rowOfBucket[bucket] >= 0 { return rowOfBucket[bucket] }
    guard isLearning else { return zeroRow }
    rowOfBucket[bucket] = Int32(rows)
    rows += 1
    return rowOfBucket[bucket]
  }
}
