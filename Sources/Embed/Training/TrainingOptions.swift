// What a training can be told. Names, defaults and ranges are those of Amazon's BlazingText; GloVe's are its authors'.

/// How word vectors, or a text classifier, are trained.
public enum EmbedMode: String, Codable, Sendable, CaseIterable {
  /// A word predicts the words around it (Mikolov et al. 2013, arXiv:1310.4546).
  case skipgram
  /// The words around predict the word in their middle.
  case cbow
  /// Skip-gram whose windows share their negatives (Ji et al. 2016, arXiv:1604.04661).
  case batchSkipgram = "batch_skipgram"
  /// Skip-gram in which a word is the mean of its character n-grams (Bojanowski et al. 2017, arXiv:1607.04606).
  case fasttext
  /// Vectors whose products are the logarithms of co-occurrences (Pennington, Socher, Manning 2014).
  case glove
  /// A linear classifier over the mean of the words' vectors (Joulin et al. 2017, arXiv:1607.01759).
  case supervised
}

/// What a classifier's training makes small.
public enum ClassifierLoss: String, Codable, Sendable, CaseIterable {
  case softmax
  /// A Huffman tree of labels.
  case hierarchical = "hs"
  /// The label against some that are drawn.
  case negative = "ns"
  /// Each label for itself: a text may have several.
  case oneVersusAll = "ova"
}

/// Hyper-parameters.
public struct TrainingOptions: Codable, Sendable, Equatable {
  public var mode: EmbedMode
  public var vectorDim = 100
  public var windowSize = 5
  public var epochs = 5
  public var learningRate = 0.05
  public var negativeSamples = 5
  /// Words more frequent than about this share of the text are left out at random; 0 keeps all.
  public var samplingThreshold = 1e-4
  public var minCount = 5
  /// How many inputs share their negatives, of `batch_skipgram`.
  public var batchSize = 11
  /// Character n-grams, of `skipgram` and `cbow`.
  public var subwords = false
  public var minChar = 3
  public var maxChar = 6
  /// Places that n-grams are hashed to.
  public var buckets = 2_000_000
  /// The longest run of words that counts as a feature, of `supervised`.
  public var wordNgrams = 2
  public var loss = ClassifierLoss.softmax
  public var labelPrefix = "__label__"
  public var earlyStopping = false
  /// Epochs without a better score before an early stop.
  public var patience = 4
  public var minEpochs = 5
  /// Co-occurrences from this count on weigh the same, of `glove`.
  public var xMax = 100.0
  /// One thread gives the same vectors each time; several do not.
  public var threads = 1
  public var seed: UInt64 = 0

  /// The defaults of a mode.
  public init(mode: EmbedMode) {
    self.mode = mode
    if mode == .fasttext { subwords = true }
    if mode == .glove { (windowSize, epochs) = (15, 25) }
  }

  /// True where a word is the mean of itself and its character n-grams.
  var usesCharacters: Bool { mode == .fasttext || (subwords && (mode == .skipgram || mode == .cbow)) }

  /// - Throws: `EmbedError.option` for a value outside of its range.
  public func check() throws {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard !range.contains(value) else { return }
      throw EmbedError.option(
        name: name, value: "\(value)", allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    try whole("vector_dim", vectorDim, 1...4096)
    try whole("window_size", windowSize, 1...100)
    try whole("epochs", epochs, 1...10_000)
    try whole("negative_samples", negativeSamples, 1...100)
    try whole("min_count", minCount, 0...Int(Int32.max))
    try whole("batch_size", batchSize, 1...200)
    try whole("min_char", minChar, 1...32)
    try whole("max_char", maxChar, minChar...32)
    try whole("buckets", buckets, 1...Int(Int32.max / 2))
    try whole("word_ngrams", wordNgrams, 1...10)
    try whole("patience", patience, 1...10_000)
    try whole("min_epochs", minEpochs, 1...10_000)
    try whole("threads", threads, 1...1024)
    guard learningRate > 0, learningRate <= 100 else {
      throw EmbedError.option(name: "learning_rate", value: "\(learningRate)", allowed: "a number above 0, at most 100")
    }
    guard samplingThreshold >= 0, samplingThreshold <= 1 else {
      throw EmbedError.option(
        name: "sampling_threshold", value: "\(samplingThreshold)", allowed: "a number from 0 to 1")
    }
    guard xMax > 0, xMax.isFinite else {
      throw EmbedError.option(name: "x_max", value: "\(xMax)", allowed: "a number above 0")
    }
    guard !labelPrefix.isEmpty, !labelPrefix.utf8.contains(where: { $0 <= 32 }) else {
      throw EmbedError.option(name: "label_prefix", value: labelPrefix, allowed: "a text without spaces")
    }
  }
}

/// How a training goes.
public struct TrainingProgress: Codable, Sendable, Equatable {
  /// From 1.
  public var epoch: Int
  public var epochs: Int
  /// Of all epochs, in 0...1.
  public var fraction: Double
  public var wordsPerSecond: Double
  /// Mean over the steps of this epoch that were looked at; nil before the first.
  public var loss: Double?
  public var learningRate: Double
  /// Of a classifier at the end of an epoch: the share of validation texts whose first label is right.
  public var accuracy: Double?

  /// One line for a progress note.
  public var note: String {
    func fixed(_ value: Double, _ digits: Int) -> String {
      let scale = [1.0, 10, 100, 1000, 10_000][digits]
      let parts = "\((abs(value) * scale).rounded() / scale)".split(separator: ".")
      let fraction = parts.count > 1 ? String(parts[1]) : ""
      return (value < 0 ? "-" : "") + parts[0] + (digits > 0 ? "." + fraction.padded(to: digits) : "")
    }
    let speed =
      wordsPerSecond >= 1e6 ? fixed(wordsPerSecond / 1e6, 1) + " M" : fixed(wordsPerSecond / 1e3, 0) + " k"
    return "epoch \(epoch)/\(epochs)  \(speed) words/s"
      + (loss.map { "  loss " + fixed($0, 3) } ?? "") + "  rate " + fixed(learningRate, 4)
  }
}

extension String {
  fileprivate func padded(to count: Int) -> String {
    self + String(repeating: "0", count: Swift.max(0, count - self.count))
  }
}
