// A model of fastText's format: the original's files, quantised or not, and our own.

import Foundation

/// Words, labels, and rows for words and n-grams.
public final class FastTextModel: Sendable {
  public let path: String
  public let arguments: FastTextArguments
  public let words: [String]
  public let counts: [Int]
  /// Without their prefix's being cut off.
  public let labels: [String]
  private let labelCounts: [Int]
  private let numbers: [String: Int]
  private let labelNames: Set<String>
  private let inputs: ModelRows
  private let outputs: ModelRows
  /// For a pruned model the rows that n-grams have left.
  private let pruned: [Int32: Int32]?
  private let tree: HuffmanTree?

  public init(contentsOf path: String) throws {
    self.path = path
    let file = try MappedFile(path)
    var reader = ByteReader(file)
    guard file.bytes.count > 8, try reader.read(Int32.self) == FastTextArguments.magic else {
      throw EmbedError.unsupported(
        path: path, what: "This is no fastText model", advice: "Give a .bin that fastText or assay wrote.")
    }
    let version = try reader.read(Int32.self)
    guard (11...12).contains(version) else {
      throw EmbedError.unsupported(
        path: path, what: "Version \(version) of fastText's format", advice: "Versions 11 and 12 can be read.")
    }
    var arguments = FastTextArguments()
    for place in [
      \FastTextArguments.dim, \.ws, \.epoch, \.minCount, \.neg, \.wordNgrams, \.loss, \.model, \.bucket, \.minn, \.maxn,
      \.lrUpdateRate,
    ] { arguments[keyPath: place] = try reader.read(Int32.self) }
    arguments.t = try reader.readDouble()
    if version == 11, arguments.kind == .supervised { arguments.maxn = 0 }
    self.arguments = arguments

    let size = Int(try reader.read(Int32.self))
    let wordCount = Int(try reader.read(Int32.self))
    let labelCount = Int(try reader.read(Int32.self))
    _ = try reader.read(Int64.self)
    let prunedCount = try reader.read(Int64.self)
    guard wordCount >= 0, labelCount >= 0, wordCount + labelCount == size, size <= file.bytes.count / 10 else {
      throw reader.broken("a dictionary of \(size) entries is not possible")
    }
    var texts: [String] = []
    var counts: [Int] = []
    for _ in 0..<size {
      texts.append(try reader.readText())
      counts.append(Int(try reader.read(Int64.self)))
      _ = try reader.read(Int8.self)
    }
    words = Array(texts[..<wordCount])
    self.counts = Array(counts[..<wordCount])
    labels = Array(texts[wordCount...])
    labelCounts = Array(counts[wordCount...])
    numbers = Dictionary(zip(words, words.indices), uniquingKeysWith: { first, _ in first })
    labelNames = Set(labels)
    if prunedCount >= 0 {
      var pruned: [Int32: Int32] = [:]
      for _ in 0..<prunedCount { pruned[try reader.read(Int32.self)] = try reader.read(Int32.self) }
      self.pruned = pruned
    } else {
      pruned = nil
    }
    let isQuantized = try reader.read(UInt8.self) != 0
    inputs = try ModelRows(&reader, isQuantized: isQuantized)
    let outputIsQuantized = try reader.read(UInt8.self) != 0
    outputs = try ModelRows(&reader, isQuantized: isQuantized && outputIsQuantized)
    let rows = pruned.map { wordCount + $0.count } ?? wordCount + Int(max(arguments.bucket, 0))
    guard inputs.rows >= min(rows, wordCount), inputs.columns == Int(arguments.dim),
      outputs.columns == inputs.columns, labelCount == 0 || outputs.rows >= labelCount - 1
    else { throw reader.broken("the matrices do not fit the dictionary") }
    tree = arguments.kind == .supervised && arguments.loss == 1 ? HuffmanTree(labelCounts) : nil
  }

  public var dimensions: Int { Int(arguments.dim) }
  public var isClassifier: Bool { arguments.kind == .supervised }

  /// The row of an n-gram; nil where it was pruned.
  private func row(ofBucket bucket: Int) -> Int? {
    if let pruned { return pruned[Int32(bucket)].map { words.count + Int($0) } }
    let row = words.count + bucket
    return row < inputs.rows ? row : nil
  }

  /// Rows of a word and of its n-grams.
  private func rows(of word: String) -> [Int] {
    let number = numbers[word]
    var rows = number.map { [$0] } ?? []
    if let lengths = arguments.lengths, arguments.bucket > 0, word != FeatureTable.lineEnd {
      characterNgrams(of: Array(word.utf8), lengths: lengths, buckets: Int(arguments.bucket)) { _, bucket in
        if let row = row(ofBucket: bucket) { rows.append(row) }
      }
    }
    return rows
  }

  private func mean(_ rows: [Int]) -> [Float] {
    var sum = [Float](repeating: 0, count: dimensions)
    for row in rows { inputs.add(row, to: &sum) }
    let count = Float(max(rows.count, 1))
    return sum.map { $0 / count }
  }

  /// The vector of a word; of a word that is not known the mean of its n-grams, zeros where it has none.
  public func vector(of word: String) -> [Float] { mean(rows(of: word)) }

  /// All words with their vectors.
  public func wordVectors() throws -> WordVectors {
    let matrix = try RowMatrix(rows: words.count, dimensions: dimensions)
    for (number, word) in words.enumerated() {
      matrix.row(number).update(from: vector(of: word), count: dimensions)
    }
    return try WordVectors(words: words, matrix: matrix)
  }

  /// The n-grams of a word, each with the length of its vector; nil for one that was pruned.
  public func trace(of word: String) -> [(ngram: String, length: Double?)] {
    guard let lengths = arguments.lengths, arguments.bucket > 0 else { return [] }
    var found: [(String, Double?)] = []
    characterNgrams(of: Array(word.utf8), lengths: lengths, buckets: Int(arguments.bucket)) { bytes, bucket in
      let length = row(ofBucket: bucket).map { row in
        Double(mean([row]).reduce(0) { $0 + $1 * $1 }.squareRoot())
      }
      found.append((String(decoding: bytes, as: UTF8.self), length))
    }
    return found
  }

  // MARK: Texts

  /// A label and how likely it is.
  public struct Prediction: Codable, Sendable, Equatable {
    public let label: String
    public let probability: Double
  }

  /// Rows of a text that is split by white space, of its end and of its n-grams of words.
  private func features(of text: some StringProtocol) -> [Int] {
    var features: [Int] = []
    var hashes: [Int32] = []
    for token in text.utf8.split(whereSeparator: { $0 <= 32 }) {
      let word = String(decoding: token, as: UTF8.self)
      if labelNames.contains(word) { continue }
      features += rows(of: word)
      hashes.append(Int32(bitPattern: textHash(token)))
    }
    features += rows(of: FeatureTable.lineEnd)
    hashes.append(Int32(bitPattern: textHash(FeatureTable.lineEnd.utf8)))
    if arguments.bucket > 0 {
      Embed.wordNgrams(of: hashes, longest: Int(arguments.wordNgrams), buckets: Int(arguments.bucket)) { bucket in
        if let row = row(ofBucket: bucket) { features.append(row) }
      }
    }
    return features
  }

  /// The most likely labels of a text, in falling order.
  /// - Parameters:
  ///   - text: one line; white space splits it into words.
  ///   - threshold: labels less likely are left out.
  public func predict(_ text: some StringProtocol, count: Int = 1, threshold: Double = 0) throws -> [Prediction] {
    guard isClassifier else {
      throw EmbedError.notThisModel(path: path, what: "it has word vectors and no labels; give a classifier")
    }
    let features = features(of: text)
    guard !features.isEmpty else { return [] }
    let products = outputs.products(with: mean(features))
    let scores = labelScores(products, loss: arguments.classifierLoss, tree: tree)
    var top = TopList(count: min(count, labels.count))
    for label in labels.indices { top.offer(label, scores[label]) }
    return top.entries.lazy.map { Prediction(label: self.labels[$0.number], probability: Double($0.score)) }
      .filter { $0.probability >= threshold }
  }

  /// The vector of a text: of a classifier the mean of its features, else the mean of its words' unit vectors.
  public func textVector(_ text: some StringProtocol) -> [Float] {
    if isClassifier { return mean(features(of: text)) }
    var sum = [Float](repeating: 0, count: dimensions)
    var count: Float = 0
    for token in text.utf8.split(whereSeparator: { $0 <= 32 }) {
      let vector = vector(of: String(decoding: token, as: UTF8.self))
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      for column in vector.indices { sum[column] += vector[column] / length }
      count += 1
    }
    return count > 0 ? sum.map { $0 / count } : sum
  }
}
