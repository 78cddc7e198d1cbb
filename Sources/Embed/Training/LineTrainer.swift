// Word2Vec and its relatives: vectors from words that stand near each other.

import CTextKernels
import Foundation
import Jobs

/// Vectors as they came out of a training, with what a fastText file also holds.
public struct TrainedVectors: Sendable {
  public let options: TrainingOptions
  public let vocabulary: Vocabulary
  /// [words]: of a model with n-grams the means of the words' rows.
  public let vectors: RowMatrix
  /// What was trained: words first, then n-grams.
  let inputs: RowMatrix
  /// Nil for GloVe.
  let outputs: RowMatrix?
  let subwords: SubwordTable?
  /// An entry for each epoch that ended.
  public internal(set) var epochs: [TrainingProgress]
  /// True where it was stopped before its end; what it had learnt is kept.
  public internal(set) var wasCancelled: Bool

  /// True where fastText has a file for it: not for GloVe, nor for shared negatives.
  public var hasFastTextForm: Bool { outputs != nil && options.mode != .batchSkipgram }
}

/// Trains `skipgram`, `cbow`, `batch_skipgram` and `fasttext`.
final class LineTrainer: @unchecked Sendable {
  /// Words between two looks at the rate of learning.
  private static let stride = 10_000

  private let options: TrainingOptions
  private let level: TextKernelLevel
  private let corpus: Corpus
  private let vocabulary: Vocabulary
  private let inputs: RowMatrix
  private let outputs: RowMatrix
  private let subwords: SubwordTable?
  private let keep: [UInt32]
  private let alias: [UInt64]
  private let clock: TrainingClock

  init(_ corpus: Corpus, _ options: TrainingOptions, level: TextKernelLevel, context: any JobContext) throws {
    (self.corpus, self.options, self.level) = (corpus, options, level)
    vocabulary = try corpus.keepWords(minCount: options.minCount)
    let usesCharacters = options.usesCharacters
    subwords =
      usesCharacters
      ? SubwordTable(vocabulary.words, lengths: options.minChar...options.maxChar, buckets: options.buckets) : nil
    inputs = try RowMatrix(rows: subwords?.rows ?? vocabulary.count, dimensions: options.vectorDim)
    outputs = try RowMatrix(rows: vocabulary.count, dimensions: options.vectorDim)
    // Four times word2vec.c's and twice gensim's: on 4 M words it gives better vectors at every mode, and no others after
    // more training.
    inputs.fill(0..<inputs.rows, reach: (usesCharacters ? 1 : 2) / Float(options.vectorDim), seed: options.seed &+ 1)
    let total = Double(vocabulary.total)
    keep = vocabulary.counts.map { count in
      guard options.samplingThreshold > 0 else { return .max }
      let ratio = options.samplingThreshold * total / Double(count)
      return UInt32(min(1, ratio.squareRoot() + ratio) * 4_294_967_295)
    }
    alias = aliasTable(vocabulary.counts.map { pow(Double($0), 0.75) })
    clock = TrainingClock(total: corpus.numbers.count * options.epochs, options: options, context: context)
  }

  /// - Parameter afterEpoch: gets the vectors so far; false ends the training.
  func train(afterEpoch: ([String], RowMatrix, TrainingProgress) throws -> Bool) throws -> TrainedVectors {
    var epochs: [TrainingProgress] = []
    let ranges = corpus.numbers.lines(in: options.threads)
    for epoch in 1...options.epochs {
      try inParallel(ranges.count, threads: options.threads) { [self] part in
        try train(ranges[part], epoch: epoch, part: part)
      }
      if clock.isStopped { break }
      epochs.append(clock.endEpoch(epoch))
      guard epoch < options.epochs else { break }
      guard try afterEpoch(vocabulary.words, try wordVectors(), epochs[epochs.count - 1]) else { break }
    }
    return TrainedVectors(
      options: options, vocabulary: vocabulary, vectors: try wordVectors(), inputs: inputs, outputs: outputs,
      subwords: subwords, epochs: epochs, wasCancelled: clock.isStopped)
  }

  private func train(_ range: Range<Int>, epoch: Int, part: Int) throws {
    let scratch = try MappedRegion(bytes: Int(assay_text_scratch(Int32(inputs.width))) * 4)
    var worker = assay_text_worker()
    worker.random = SeedMixer.seed(options.seed, UInt64(epoch), UInt64(part))
    worker.scratch = scratch.pointer.assumingMemoryBound(to: Float.self)
    let mode: assay_text_mode =
      switch options.mode {
      case .batchSkipgram: ASSAY_BATCH_SKIPGRAM
      case .cbow: ASSAY_CBOW
      case .skipgram, .fasttext, .glove, .supervised: ASSAY_SKIPGRAM
      }
    withModel { model in
      var model = model
      var at = range.lowerBound
      while at < range.upperBound, !clock.isStopped {
        let used = assay_train_lines(
          level.rawValue, mode, &model, &worker, corpus.numbers.pointer + at, Int64(range.upperBound - at),
          Int64(Self.stride), clock.rate)
        at += Int(used)
        clock.add(Int(used), loss: worker.loss, losses: Int(worker.losses), epoch: epoch)
        (worker.loss, worker.losses) = (0, 0)
      }
    }
  }

  private func withModel(_ body: (assay_text_model) -> Void) {
    keep.withUnsafeBufferPointer { keep in
      alias.withUnsafeBufferPointer { alias in
        var model = assay_text_model(
          inputs: inputs.pointer, outputs: outputs.pointer, width: Int32(inputs.width),
          vocabulary: Int32(vocabulary.count), keep: keep.baseAddress, alias: alias.baseAddress,
          window: Int32(options.windowSize), negatives: Int32(options.negativeSamples),
          batch: Int32(options.batchSize), starts: nil, parts: nil)
        guard let subwords else { return body(model) }
        subwords.starts.withUnsafeBufferPointer { starts in
          subwords.parts.withUnsafeBufferPointer { parts in
            (model.starts, model.parts) = (starts.baseAddress, parts.baseAddress)
            body(model)
          }
        }
      }
    }
  }

  private func wordVectors() throws -> RowMatrix {
    guard let subwords else { return inputs }
    let vectors = try RowMatrix(rows: vocabulary.count, dimensions: options.vectorDim)
    subwords.parts.withUnsafeBufferPointer { parts in
      for word in 0..<vocabulary.count {
        let first = Int(subwords.starts[word])
        let count = subwords.starts[word + 1] - subwords.starts[word]
        assay_mean(
          level.rawValue, inputs.pointer, Int32(inputs.width), parts.baseAddress.map { $0 + first }, count,
          vectors.row(word))
      }
    }
    return vectors
  }
}

/// Seeds that differ for each thread of each epoch.
enum SeedMixer {
  static func seed(_ parts: UInt64...) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for part in parts {
      state = (state ^ part) &* 0xBF58_476D_1CE4_E5B9
      state ^= state >> 29
    }
    return state | 1
  }
}

extension NumberStore {
  /// Splits the numbers into ranges of about the same length that end with a line.
  func lines(in parts: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var first = 0
    for part in 0..<parts {
      var end = max(first, count * (part + 1) / parts)
      while end < count, end > first, pointer[end - 1] >= 0 { end += 1 }
      if end > first { ranges.append(first..<end) }
      first = end
    }
    return ranges
  }
}
