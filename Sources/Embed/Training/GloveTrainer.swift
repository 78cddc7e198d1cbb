// GloVe: vectors whose products, with a bias for each word, are the logarithms of co-occurrences (Pennington, Socher,
// Manning 2014, doi:10.3115/v1/D14-1162), by AdaGrad (Duchi, Hazan, Singer 2011).

import CTextKernels
import Foundation
import Jobs

/// Trains `glove`.
final class GloveTrainer: @unchecked Sendable {
  /// Pairs between two looks at whether to stop.
  private static let stride = 2048
  /// Words whose pairs are learnt one after another: their rows, of two such blocks, fit into a processor's own cache.
  private static let block = 256

  private let options: TrainingOptions
  private let level: TextKernelLevel
  private let vocabulary: Vocabulary
  private let pairs: CoOccurrences
  private let words: RowMatrix
  private let contexts: RowMatrix
  private let wordSquares: RowMatrix
  private let contextSquares: RowMatrix
  private let clock: TrainingClock

  /// - Parameter memory: bytes for pairs; more go to a file, from which they are read in every epoch.
  init(
    _ corpus: Corpus, _ options: TrainingOptions, level: TextKernelLevel, memory: Int?, context: any JobContext
  ) throws {
    (self.options, self.level) = (options, level)
    vocabulary = try corpus.keepWords(minCount: max(options.minCount, 1))
    pairs = try CoOccurrences(
      corpus, words: vocabulary.count, window: options.windowSize, memory: memory ?? CoOccurrences.defaultMemory,
      context: context)
    try pairs.shuffle(seed: options.seed &+ 3, block: Self.block, context: context)
    let count = vocabulary.count
    let dimensions = options.vectorDim
    words = try RowMatrix(rows: count, dimensions: dimensions, margin: 2)
    contexts = try RowMatrix(rows: count, dimensions: dimensions, margin: 2)
    wordSquares = try RowMatrix(rows: count, dimensions: dimensions, margin: 2)
    contextSquares = try RowMatrix(rows: count, dimensions: dimensions, margin: 2)
    for (rows, seed) in [(words, options.seed &+ 1), (contexts, options.seed &+ 2)] {
      rows.fill(0..<rows.rows, reach: 0.5 / Float(dimensions), seed: seed)
    }
    for row in 0..<count {
      // The bias stands beside a 1 of the other side.
      words.row(row)[dimensions + 1] = 1
      contexts.row(row)[dimensions] = 1
      for column in 0..<words.width {
        wordSquares.row(row)[column] = 1
        contextSquares.row(row)[column] = 1
      }
    }
    clock = TrainingClock(
      total: pairs.count * options.epochs, wordsPerUnit: Double(vocabulary.total) / Double(max(pairs.count, 1)),
      options: options, context: context)
  }

  func train(afterEpoch: ([String], RowMatrix, TrainingProgress) throws -> Bool) throws -> TrainedVectors {
    var epochs: [TrainingProgress] = []
    for epoch in 1...options.epochs {
      let parts = options.threads
      try inParallel(parts, threads: options.threads) { [self] part in
        try train(pairs.count * part / parts..<pairs.count * (part + 1) / parts, epoch: epoch)
      }
      if clock.isStopped { break }
      epochs.append(clock.endEpoch(epoch))
      guard epoch < options.epochs else { break }
      guard try afterEpoch(vocabulary.words, try sums(), epochs[epochs.count - 1]) else { break }
    }
    return TrainedVectors(
      options: options, vocabulary: vocabulary, vectors: try sums(), inputs: words, outputs: nil, subwords: nil,
      epochs: epochs, wasCancelled: clock.isStopped)
  }

  private func train(_ range: Range<Int>, epoch: Int) throws {
    let held = pairs.pointer
    let buffer = UnsafeMutablePointer<Int32>.allocate(capacity: held == nil ? Self.stride * 3 : 1)
    let numbers = UnsafeMutablePointer<Int32>.allocate(capacity: Self.stride * 4)
    let figures = UnsafeMutablePointer<Float>.allocate(capacity: Self.stride * 4)
    defer {
      buffer.deallocate()
      numbers.deallocate()
      figures.deallocate()
    }
    let (logs, weights) = (figures, figures + Self.stride * 2)
    let most = Float(options.xMax)
    var at = range.lowerBound
    while at < range.upperBound, !clock.isStopped {
      let count = min(Self.stride, range.upperBound - at)
      var taken = 0
      if held == nil { try pairs.read(at..<at + count, into: buffer) }
      let triples = held.map { $0 + at * 3 } ?? buffer
      for pair in 0..<count {
        let (first, second) = (triples[pair * 3], triples[pair * 3 + 1])
        let value = Float(bitPattern: UInt32(bitPattern: triples[pair * 3 + 2]))
        // To the power of 3/4.
        let root = (value / most).squareRoot()
        let weight = value < most ? root * root.squareRoot() : 1
        let logarithm = log(value)
        numbers[taken * 2] = first
        numbers[taken * 2 + 1] = second
        logs[taken] = logarithm
        weights[taken] = weight
        taken += 1
        guard first != second else { continue }
        numbers[taken * 2] = second
        numbers[taken * 2 + 1] = first
        logs[taken] = logarithm
        weights[taken] = weight
        taken += 1
      }
      let loss = assay_train_pairs(
        level.rawValue, words.pointer, contexts.pointer, wordSquares.pointer, contextSquares.pointer,
        Int32(words.width), Int32(options.vectorDim), numbers, logs, weights, Int64(taken),
        Float(options.learningRate))
      clock.add(count, loss: loss, losses: taken, epoch: epoch)
      at += count
    }
  }

  /// A word's vector is the sum of its two.
  private func sums() throws -> RowMatrix {
    let sums = try RowMatrix(rows: vocabulary.count, dimensions: options.vectorDim)
    for row in 0..<vocabulary.count {
      for column in 0..<options.vectorDim {
        sums.row(row)[column] = words.row(row)[column] + contexts.row(row)[column]
      }
    }
    return sums
  }
}
