import Jobs
import Testing

@testable import Embed

@Suite struct TrainingTests {
  private func train(
    _ text: String, _ options: TrainingOptions, level: TextKernelLevel = .best
  ) throws -> (trained: TrainedVectors, words: WordVectors) {
    let trained = try trainVectors(try corpus(text), options: options, level: level, context: SilentContext())
    return (trained, try WordVectors(words: trained.vocabulary.words, matrix: trained.vectors))
  }

  @Test(arguments: [EmbedMode.skipgram, .cbow, .batchSkipgram, .fasttext, .glove], TextKernelLevel.allCases)
  func wordsOfATopicComeTogether(_ mode: EmbedMode, _ level: TextKernelLevel) throws {
    guard level <= .best else { return }
    let words = try train(twoTopics(), options(mode), level: level).words
    let fruit = Set(["apple", "pear", "plum", "cherry", "sweet", "ripe", "juice"])
    for word in fruit {
      let number = try #require(words.number(of: word))
      let near = words.nearest(to: words.unitVector(number), count: 6, without: [number]).map(\.word)
      #expect(Set(near) == fruit.subtracting([word]), "\(word)")
    }
  }

  @Test(arguments: [EmbedMode.skipgram, .cbow, .batchSkipgram, .fasttext, .glove])
  func oneThreadGivesTheSameVectorsEachTime(_ mode: EmbedMode) throws {
    let first = try train(twoTopics(lines: 60), options(mode)).words
    let second = try train(twoTopics(lines: 60), options(mode)).words
    let other = try train(twoTopics(lines: 60), options(mode) { $0.seed = 1 }).words
    #expect((0..<14).allSatisfy { first.matrix[$0] == second.matrix[$0] })
    #expect((0..<14).contains { first.matrix[$0] != other.matrix[$0] })
  }

  @Test(arguments: [1, 5, 6, 17]) func anyNumberOfNegativesTrains(_ negatives: Int) throws {
    for mode in [EmbedMode.skipgram, .cbow, .batchSkipgram] {
      let words = try train(twoTopics(), options(mode) { $0.negativeSamples = negatives }).words
      let (apple, pear, iron) = (words.number(of: "apple"), words.number(of: "pear"), words.number(of: "iron"))
      #expect(words.similarity(apple ?? 0, pear ?? 0) > words.similarity(apple ?? 0, iron ?? 0) + 0.1)
    }
  }

  @Test func theLossFalls() throws {
    let epochs = try train(twoTopics(), options(.batchSkipgram)).trained.epochs
    #expect(epochs.count == 8)
    let first = try #require(epochs.first?.loss)
    let last = try #require(epochs.last?.loss)
    #expect(last < first)
    #expect(epochs.last?.fraction == 1)
  }

  @Test func severalThreadsTrainTheSameTopics() throws {
    let words = try train(twoTopics(), options(.skipgram) { $0.threads = 3 }).words
    #expect(words.similarity(words.number(of: "iron") ?? 0, words.number(of: "zinc") ?? 0) > 0.5)
  }

  @Test func twoWordsAreEnough() throws {
    let words = try train("a b a b\n", options(.batchSkipgram)).words
    #expect(words.matrix[0].allSatisfy { $0.isFinite })
    let bags = try train("a b a b\n", options(.cbow) { $0.subwords = true }).words
    #expect(bags.matrix[1].allSatisfy { $0.isFinite })
  }

  @Test func aCancelledTrainingKeepsWhatItHasLearnt() throws {
    let impatient = Impatient(after: 2)
    let trained = try trainVectors(
      try corpus(twoTopics()), options: options(.skipgram) { $0.epochs = 500 }, context: impatient)
    #expect(trained.wasCancelled)
    #expect(trained.epochs.count < 5)
    #expect(trained.vectors[0].contains { $0 != 0 })
  }

  @Test func anEpochsScoreMayEndTheTraining() throws {
    let trained = try trainVectors(
      try corpus(twoTopics()), options: options(.cbow), context: SilentContext()
    ) { words, vectors, progress in
      #expect(words.count == vectors.rows)
      return progress.epoch < 3
    }
    #expect(trained.epochs.count == 3)
    #expect(!trained.wasCancelled)
  }

  @Test func valuesOutOfRangeAreRefused() {
    #expect(throws: EmbedError.self) { try options(.cbow) { $0.vectorDim = 0 }.check() }
    #expect(throws: EmbedError.self) { try options(.cbow) { $0.learningRate = .nan }.check() }
    #expect(throws: EmbedError.self) { try options(.cbow) { $0.negativeSamples = 101 }.check() }
    #expect(throws: EmbedError.self) { try options(.cbow) { ($0.minChar, $0.maxChar) = (4, 3) }.check() }
  }

  @Test func theDefaultsAreBlazingTexts() {
    let options = TrainingOptions(mode: .supervised)
    #expect(options.learningRate == 0.05 && options.epochs == 5 && options.vectorDim == 100 && options.minCount == 5)
    #expect(options.wordNgrams == 2 && options.patience == 4 && options.minEpochs == 5 && options.buckets == 2_000_000)
    #expect(
      options.batchSize == 11 && options.samplingThreshold == 1e-4 && !options.subwords && options.windowSize == 5)
  }
}
