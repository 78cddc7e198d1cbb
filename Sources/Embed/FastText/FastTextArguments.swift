// The head of a fastText file.

/// What a fastText model was trained with, as its file says.
public struct FastTextArguments: Sendable, Equatable {
  static let magic: Int32 = 793_712_314
  static let version: Int32 = 12

  public enum Kind: Int32, Sendable { case cbow = 1, skipgram, supervised }

  var dim: Int32 = 100
  var ws: Int32 = 5
  var epoch: Int32 = 5
  var minCount: Int32 = 1
  var neg: Int32 = 5
  var wordNgrams: Int32 = 1
  /// 1 hierarchical softmax, 2 negative sampling, 3 softmax, 4 one against all.
  var loss: Int32 = 2
  var model: Int32 = 2
  var bucket: Int32 = 0
  var minn: Int32 = 0
  var maxn: Int32 = 0
  var lrUpdateRate: Int32 = 100
  var t = 1e-4

  public var kind: Kind { Kind(rawValue: model) ?? .skipgram }

  var classifierLoss: ClassifierLoss {
    switch loss {
    case 1: .hierarchical
    case 2: .negative
    case 4: .oneVersusAll
    default: .softmax
    }
  }

  /// Lengths of character n-grams; nil where there are none.
  var lengths: ClosedRange<Int>? {
    guard maxn > 0, minn > 0, minn <= maxn else { return nil }
    return Int(minn)...Int(maxn)
  }

  init() {}

  init(_ options: TrainingOptions, usesBuckets: Bool) {
    dim = Int32(options.vectorDim)
    ws = Int32(options.windowSize)
    epoch = Int32(options.epochs)
    minCount = Int32(options.minCount)
    neg = Int32(options.negativeSamples)
    let isSupervised = options.mode == .supervised
    wordNgrams = isSupervised ? Int32(options.wordNgrams) : 1
    model = (isSupervised ? Kind.supervised : options.mode == .cbow ? .cbow : .skipgram).rawValue
    switch options.loss {
    case .hierarchical: loss = 1
    case .negative: loss = 2
    case .softmax: loss = 3
    case .oneVersusAll: loss = 4
    }
    if !isSupervised { loss = 2 }
    bucket = usesBuckets ? Int32(options.buckets) : 0
    if options.usesCharacters || (isSupervised && options.subwords) {
      (minn, maxn) = (Int32(options.minChar), Int32(options.maxChar))
    }
    t = options.samplingThreshold
  }

  /// The numbers in the order of the file, but the last.
  var numbers: [Int32] {
    [dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate]
  }
}
