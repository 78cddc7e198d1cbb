import Foundation
import Jobs
import Testing

@testable import Embed

@Suite struct ClassifierTests {
  private func trained(_ change: (inout TrainingOptions) -> Void = { _ in }) throws -> TrainedClassifier {
    try trainClassifier(
      try corpus(labelled()),
      options: options(.supervised) { options in
        options.learningRate = 0.5
        change(&options)
      }, context: SilentContext())
  }

  /// Few of 20,000 buckets have a row, and many of 200: rows are written one by one, or all.
  @Test(arguments: ClassifierLoss.allCases, [200, 20_000])
  func aTextGetsTheLabelOfItsTopic(_ loss: ClassifierLoss, _ buckets: Int) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try trained { ($0.loss, $0.buckets) = (loss, buckets) }.writeFastText(to: scratch.path("model.bin"))
    let model = try FastTextModel(contentsOf: scratch.path("model.bin"))
    #expect(model.labels.sorted() == ["__label__fruit", "__label__metal"])
    let arguments = model.arguments
    let size = try FileManager.default.attributesOfItem(atPath: scratch.path("model.bin"))[.size] as? Int ?? 0
    #expect(size > (buckets + model.words.count) * Int(arguments.dim) * 4)
    let fruit = try model.predict("apple ripe unknown plum", count: 2)
    #expect(fruit.map(\.label) == ["__label__fruit", "__label__metal"])
    #expect(fruit[0].probability > 0.9)
    #expect(try model.predict("ore rust", threshold: 0.9).map(\.label) == ["__label__metal"])
    // A text without words still has an end.
    #expect(try model.predict("").count == 1)
  }

  @Test func charactersTellUnknownWordsApart() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try trained { $0.subwords = true }.writeFastText(to: scratch.path("model.bin"))
    let model = try FastTextModel(contentsOf: scratch.path("model.bin"))
    #expect(try model.predict("cherrylike").first?.label == "__label__fruit")
    #expect(model.trace(of: "ore").map(\.ngram) == ["<or", "<ore", "<ore>", "ore", "ore>", "re>"])
  }

  @Test func trainingStopsOnceTheValidationNoLongerImproves() throws {
    var options = options(.supervised) { $0.epochs = 50 }
    (options.earlyStopping, options.minEpochs, options.patience, options.learningRate) = (true, 2, 3, 0.5)
    let trained = try trainClassifier(
      try corpus(labelled()), validation: try corpus(labelled(lines: 20)), options: options, context: SilentContext())
    #expect(trained.stoppedEarly)
    #expect(trained.epochs.count < 20)
    #expect(trained.validation.last == 1)
  }

  @Test func oneThreadGivesTheSameModelEachTime() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for name in ["a", "b"] { try trained().writeFastText(to: scratch.path(name)) }
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: scratch.path("a")))
        == Data(contentsOf: URL(fileURLWithPath: scratch.path("b"))))
  }

  @Test func aTextWithoutLabelsIsRefused() throws {
    #expect(throws: EmbedError.noLabels(prefix: "__label__")) {
      try trainClassifier(try corpus(twoTopics()), options: options(.supervised), context: SilentContext())
    }
  }

  @Test func vectorsAreNoClassifier() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try trainVectors(try corpus(twoTopics()), options: options(.cbow), context: SilentContext())
      .writeFastText(to: scratch.path("v.bin"))
    let model = try FastTextModel(contentsOf: scratch.path("v.bin"))
    #expect(throws: EmbedError.self) { try model.predict("apple") }
  }

  @Test func theTreeOfLabelsIsThatOfFastText() {
    let tree = HuffmanTree([5, 2, 1, 1])
    #expect((0..<4).map { tree.path(of: $0).count } == [1, 2, 3, 3])
    #expect(tree.path(of: 0).map(\.row) == [2])
  }
}
