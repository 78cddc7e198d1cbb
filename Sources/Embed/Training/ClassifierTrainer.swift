// A text classifier: the mean of a text's features, and a row for each label (Joulin et al. 2017).

import CTextKernels
import Foundation
import Jobs
import Numerics

/// A trained classifier, as a fastText file holds it.
public struct TrainedClassifier: Sendable {
  public let options: TrainingOptions
  let table: FeatureTable
  let inputs: RowMatrix
  let outputs: RowMatrix
  public let examples: Int
  /// An entry for each epoch that ended.
  public internal(set) var epochs: [TrainingProgress]
  /// The share of validation texts whose first label is right, after each epoch; empty without validation.
  public internal(set) var validation: [Double]
  public internal(set) var stoppedEarly: Bool
  public internal(set) var wasCancelled: Bool

  public var labels: [String] { table.labels }
  /// Without the line's end.
  public var wordCount: Int { table.words.count - 1 }
}

final class ClassifierTrainer: @unchecked Sendable {
  /// Examples between two looks at the rate of learning.
  private static let stride = 32

  private let options: TrainingOptions
  private let level: TextKernelLevel
  private let table: FeatureTable
  private let examples: ClassifierExamples
  private let lone: LoneFeatures
  private let validation: ClassifierExamples?
  private let inputs: RowMatrix
  private let outputs: RowMatrix
  private let alias: [UInt64]
  private let tree: (starts: [Int64], path: [Int32], codes: [Float])
  private let clock: TrainingClock
  private var order: [Int32]

  init(
    _ corpus: Corpus, validation: Corpus?, _ options: TrainingOptions, level: TextKernelLevel, context: any JobContext
  ) throws {
    (self.options, self.level) = (options, level)
    var table = try FeatureTable(corpus, options)
    context.report(nil, "making features")
    var examples = table.examples(corpus, isLearning: true, zeroRow: -1)
    guard examples.count > 0 else { throw EmbedError.noLabels(prefix: options.labelPrefix, source: corpus.source) }
    var lone = LoneFeatures(&examples, rows: table.rows)
    let places = lone.order(rows: table.rows, fixed: table.words.count)
    table.move(to: places)
    lone.move(to: places)
    for index in examples.features.indices where Int(examples.features[index]) < places.count {
      examples.features[index] = places[Int(examples.features[index])]
    }
    (self.examples, self.lone) = (examples, lone)
    let zeroRow = Int32(table.rows)
    self.validation = validation.map { table.examples($0, isLearning: false, zeroRow: zeroRow) }
    self.table = table
    inputs = try RowMatrix(rows: lone.rowCount, dimensions: options.vectorDim)
    outputs = try RowMatrix(rows: table.labels.count, dimensions: options.vectorDim)
    inputs.fill(0..<table.rows, reach: 1 / Float(options.vectorDim), seed: options.seed &+ 1)
    lone.gather(inputs, level: level)
    alias = aliasTable(table.labelCounts.map { Double($0).squareRoot() })
    let huffman = HuffmanTree(table.labelCounts)
    var tree: (starts: [Int64], path: [Int32], codes: [Float]) = ([0], [], [])
    for label in table.labels.indices {
      for step in huffman.path(of: label) {
        tree.path.append(step.row)
        tree.codes.append(step.code)
      }
      tree.starts.append(Int64(tree.path.count))
    }
    self.tree = tree
    order = Array(0..<Int32(examples.count))
    clock = TrainingClock(
      total: examples.count * options.epochs, wordsPerUnit: Double(examples.words) / Double(examples.count),
      options: options, context: context)
  }

  func train() throws -> TrainedClassifier {
    var epochs: [TrainingProgress] = []
    var scores: [Double] = []
    var stoppedEarly = false
    var best = 0
    for epoch in 1...options.epochs {
      var random = RandomSource(seed: options.seed).split(UInt64(epoch))
      random.shuffle(&order)
      let parts = min(options.threads, examples.count)
      try inParallel(parts, threads: options.threads) { [self] part in
        let first = examples.count * part / parts
        try train(first..<examples.count * (part + 1) / parts, epoch: epoch, part: part)
      }
      if clock.isStopped { break }
      epochs.append(clock.endEpoch(epoch))
      if validation != nil { lone.share(inputs, level: level) }
      guard let score = accuracy() else { continue }
      scores.append(score)
      epochs[epochs.count - 1].accuracy = score
      clock.announce(epochs[epochs.count - 1])
      if score > scores[best] { best = scores.count - 1 }
      if options.earlyStopping, epoch >= options.minEpochs, epoch < options.epochs,
        scores.count - 1 - best >= options.patience
      {
        stoppedEarly = true
        break
      }
    }
    lone.share(inputs, level: level)
    return TrainedClassifier(
      options: options, table: table, inputs: inputs, outputs: outputs, examples: examples.count, epochs: epochs,
      validation: scores, stoppedEarly: stoppedEarly, wasCancelled: clock.isStopped)
  }

  private func train(_ range: Range<Int>, epoch: Int, part: Int) throws {
    let scratch = try MappedRegion(bytes: Int(assay_text_scratch(Int32(inputs.width))) * 4)
    let copies = try MappedRegion(bytes: 2 * Int(ASSAY_COPIES) * inputs.width * 4)
    var worker = assay_text_worker()
    if options.threads > 1 { worker.copies = copies.pointer.assumingMemoryBound(to: Float.self) }
    worker.random = SeedMixer.seed(options.seed, UInt64(epoch), UInt64(part))
    worker.scratch = scratch.pointer.assumingMemoryBound(to: Float.self)
    let loss: assay_text_loss =
      switch options.loss {
      case .softmax: ASSAY_SOFTMAX
      case .hierarchical: ASSAY_HIERARCHICAL
      case .negative: ASSAY_NEGATIVE
      case .oneVersusAll: ASSAY_ONE_VS_ALL
      }
    withModel { model, examples in
      var (model, examples) = (model, examples)
      var at = range.lowerBound
      while at < range.upperBound, !clock.isStopped {
        let next = min(at + Self.stride, range.upperBound)
        assay_train_examples(level.rawValue, loss, &model, &worker, &examples, Int64(at), Int64(next), clock.rate)
        clock.add(next - at, loss: worker.loss, losses: Int(worker.losses), epoch: epoch)
        (worker.loss, worker.losses) = (0, 0)
        at = next
      }
    }
  }

  private func withModel(_ body: (assay_text_model, assay_text_examples) -> Void) {
    func arrays(_ body: (UnsafePointer<UInt64>?, assay_text_examples) -> Void) {
      alias.withUnsafeBufferPointer { alias in
        examples.starts.withUnsafeBufferPointer { starts in
          examples.features.withUnsafeBufferPointer { features in
            examples.labelStarts.withUnsafeBufferPointer { labelStarts in
              examples.labels.withUnsafeBufferPointer { labels in
                order.withUnsafeBufferPointer { order in
                  tree.starts.withUnsafeBufferPointer { pathStarts in
                    tree.path.withUnsafeBufferPointer { path in
                      tree.codes.withUnsafeBufferPointer { codes in
                        body(
                          alias.baseAddress,
                          assay_text_examples(
                            starts: starts.baseAddress, features: features.baseAddress, sizes: nil,
                            words: Int32(table.words.count), lone: nil,
                            label_starts: labelStarts.baseAddress, labels: labels.baseAddress,
                            order: order.baseAddress, path_starts: pathStarts.baseAddress, path: path.baseAddress,
                            codes: codes.baseAddress))
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    arrays { alias, examples in
      let model = assay_text_model(
        inputs: inputs.pointer, outputs: outputs.pointer, width: Int32(inputs.width),
        vocabulary: Int32(outputs.rows), keep: nil, alias: alias, window: 0,
        negatives: Int32(options.negativeSamples), batch: 0, starts: nil, parts: nil)
      lone.sizes.withUnsafeBufferPointer { sizes in
        lone.moves.withUnsafeBufferPointer { moves in
          var examples = examples
          (examples.sizes, examples.lone) = (sizes.baseAddress, moves.baseAddress)
          body(model, examples)
        }
      }
    }
  }

  /// The share of validation texts whose most likely label is one of theirs; nil without any.
  private func accuracy() -> Double? {
    guard let validation, validation.count > 0 else { return nil }
    let huffman = options.loss == .hierarchical ? HuffmanTree(table.labelCounts) : nil
    let mean = AlignedVector([], width: inputs.width)
    var right = 0
    for example in 0..<validation.count {
      let first = Int(validation.starts[example])
      validation.features.withUnsafeBufferPointer { features in
        assay_mean(
          level.rawValue, inputs.pointer, Int32(inputs.width), features.baseAddress.map { $0 + first },
          validation.starts[example + 1] - Int64(first), mean.pointer)
      }
      var products = [Float](repeating: 0, count: outputs.rows)
      assay_dots(
        level.rawValue, outputs.pointer, Int32(outputs.width), Int64(outputs.rows), mean.pointer, &products)
      let scores = labelScores(products, loss: options.loss, tree: huffman)
      guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { continue }
      let labels = validation.labels[Int(validation.labelStarts[example])..<Int(validation.labelStarts[example + 1])]
      right += labels.contains(Int32(best)) ? 1 : 0
    }
    return Double(right) / Double(validation.count)
  }
}

/// Probabilities of labels from the products of their rows with a text.
func labelScores(_ products: [Float], loss: ClassifierLoss, tree: HuffmanTree?) -> [Float] {
  func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
  // fastText looks these two up in 512 steps of -8 ... 8: files give the same probabilities only where we do too.
  func tableLogistic(_ x: Float) -> Float {
    guard x >= -8 else { return 0 }
    guard x <= 8 else { return 1 }
    return logistic(Float(Int((x + 8) * 32)) / 32 - 8)
  }
  switch loss {
  case .softmax:
    let top = products.max() ?? 0
    let powers = products.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  case .negative, .oneVersusAll: return products.map(tableLogistic)
  case .hierarchical:
    guard let tree else { return products }
    return (0..<tree.leaves).map { leaf in
      tree.path(of: leaf).reduce(Float(1)) { score, step in
        let p = logistic(products[Int(step.row)])
        return score * (step.code > 0.5 ? p : 1 - p)
      }
    }
  }
}
