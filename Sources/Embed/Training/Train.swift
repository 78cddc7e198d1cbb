// The trainings, as the rest of assay calls them.

import Jobs

/// Trains word vectors on a corpus, whose numbers become those of the vocabulary: a corpus trains once.
///
/// - Parameters:
///   - memory: bytes for the pairs of `glove`, 1 GiB where nothing is said; more go to a nameless file in the temporary
///     folder.
///   - afterEpoch: gets the words, their vectors so far and where the training stands; false ends it.
/// - Throws: `EmbedError` for options and for a corpus without words. A cancelled training does not throw: what it has
///   learnt comes back, and says so.
public func trainVectors(
  _ corpus: Corpus, options: TrainingOptions, level: TextKernelLevel = .best, memory: Int? = nil,
  context: any JobContext,
  afterEpoch: ([String], RowMatrix, TrainingProgress) throws -> Bool = { _, _, _ in true }
) throws -> TrainedVectors {
  try options.check()
  switch options.mode {
  case .glove:
    return try GloveTrainer(corpus, options, level: level, memory: memory, context: context)
      .train(afterEpoch: afterEpoch)
  case .supervised:
    throw EmbedError.option(name: "mode", value: "supervised", allowed: "a mode of word vectors")
  case .skipgram, .cbow, .batchSkipgram, .fasttext:
    return try LineTrainer(corpus, options, level: level, context: context).train(afterEpoch: afterEpoch)
  }
}

/// Trains a text classifier on lines that hold labels.
public func trainClassifier(
  _ corpus: Corpus, validation: Corpus? = nil, options: TrainingOptions, level: TextKernelLevel = .best,
  context: any JobContext
) throws -> TrainedClassifier {
  try options.check()
  return try ClassifierTrainer(corpus, validation: validation, options, level: level, context: context).train()
}
