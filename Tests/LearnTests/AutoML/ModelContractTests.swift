import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Learn

/// What every learner has to do, whatever it learns by.
@Suite struct ModelContractTests {
  static let boosting = BoostingOptions(rate: 0.2, leaves: 8, rowsPerLeaf: 5, rounds: 40)

  static let all: [CandidateSpec] = [
    CandidateSpec(.lightGBM(boosting), .codes),
    CandidateSpec(.lightGBM(boosting.extra), .codes),
    CandidateSpec(.forest(ForestSettings(trees: 20, leaves: 32)), .codes),
    CandidateSpec(.xgboost(boosting.deep), .means),
    CandidateSpec(.linear(LinearSettings()), .scaled),
    CandidateSpec(.neighbors(NeighborSettings(neighbors: 10)), .scaled),
    CandidateSpec(.bayes(BayesSettings()), .codes),
    CandidateSpec(
      .network(NetworkSettings(hidden: [32, 16], bins: 8, rate: 0.01, passes: 40, batch: 32)), .levels),
    CandidateSpec(.network(NetworkSettings(hidden: [32], members: 3, bins: 1, rate: 0.01, batch: 32)), .levels),
  ]

  static let problems: [Problem] = Problem.allCases

  /// A table that a model has to cope with: missing numbers and levels, and a column that hardly varies.
  static func task(_ problem: Problem, rows: Int = 240, seed: UInt64 = 4) throws -> (DataTable, Labels) {
    var random = RandomSource(seed: seed)
    var (x, y, color, rare): ([Double?], [Double?], [String?], [Int?]) = ([], [], [], [])
    var signal: [Double] = []
    for row in 0..<rows {
      let (a, b) = (random.nextNormal(), random.nextNormal())
      let level = random.nextIndex(below: 3)
      signal.append(2 * a - b + (level == 1 ? 2 : 0) + 0.3 * random.nextNormal())
      x.append(random.nextUnit() < 0.1 ? nil : a)
      y.append(b)
      color.append(random.nextUnit() < 0.1 ? nil : ["red", "green", "blue"][level])
      rare.append(row == 7 ? 1 : 0)
    }
    let labels: Labels =
      switch problem {
      case .binary: .classes(signal.map { $0 > 0.5 ? 1 : 0 }, count: 2)
      case .multiclass: .classes(signal.map { $0 > 1.5 ? 2 : $0 > -0.5 ? 1 : 0 }, count: 3)
      case .regression: .numbers(signal)
      }
    return (DataTable(columns: [column("x", x), column("y", y), column("color", color), column("rare", rare)]), labels)
  }

  private struct Trained {
    let model: any TrainedModel
    let recipe: FittedRecipe
    let table: PreparedTable
    let schema: FeatureSchema
    let labels: Labels
    let judged: [Int]

    func answers() throws -> [Double] { try model.predict(recipe.transform(table, rows: judged)) }
  }

  private func train(
    _ spec: CandidateSpec, _ problem: Problem, seed: UInt64 = 1, labels: Labels? = nil, deadline: Deadline = .none,
    context: any JobContext = SilentContext()
  ) throws -> Trained {
    let (table, given) = try Self.task(problem)
    let wanted = labels ?? given
    let labels = LabelScale(wanted, takesLog: false).scaled(wanted)
    let learnt = Array(0..<180)
    let judged = Array(180..<240)
    let schema = try FeatureSchema.fit(table, rows: Array(0..<240), target: "none", context: SilentContext())
    let prepared = try PreparedTable(table, schema: schema, context: SilentContext())
    let (recipe, features) = try FittedRecipe.fit(
      spec.recipe, prepared, rows: learnt, labels: labels.selecting(learnt), seed: seed, context: SilentContext())
    let task = TrainingTask(
      features: features, labels: labels.selecting(learnt), validation: recipe.transform(prepared, rows: judged),
      validationLabels: labels.selecting(judged), objective: Objective.all(for: problem)[0], seed: seed,
      deadline: deadline)
    let model = try spec.learner.learner.fit(task, context: context)
    return Trained(
      model: model, recipe: recipe, table: prepared, schema: schema, labels: labels.selecting(judged), judged: judged)
  }

  private func suits(_ spec: CandidateSpec, _ problem: Problem) -> Bool {
    if case .bayes = spec.learner { return problem.isClassification }
    return true
  }

  @Test(arguments: all, problems) func itPredictsRowsThatItHasNotSeenBetterThanGuessing(
    _ spec: CandidateSpec, _ problem: Problem
  ) throws {
    guard suits(spec, problem) else { return }
    let trained = try train(spec, problem)
    let answers = try trained.answers()
    #expect(answers.count == 60 * trained.labels.outputs)
    #expect(answers.allSatisfy { $0.isFinite })
    switch trained.labels {
    case .numbers(let numbers):
      #expect(try #require(RegressionMetrics.rSquared(actual: numbers, predicted: answers)) > 0.4)
    case .classes(_, let count):
      for start in stride(from: 0, to: answers.count, by: count) {
        #expect(abs(answers[start..<start + count].reduce(0, +) - 1) < 1e-5)
      }
      let accuracy = try #require(Objective.accuracy.value(trained.labels, answers))
      #expect(accuracy > (count == 2 ? 0.7 : 0.55))
    }
  }

  @Test(arguments: all, problems) func theSameSeedGivesTheSameModel(_ spec: CandidateSpec, _ problem: Problem) throws {
    guard suits(spec, problem) else { return }
    let first = try train(spec, problem).model.files()
    let second = try train(spec, problem).model.files()
    #expect(first == second)
  }

  @Test(arguments: all, problems) func whatIsSavedPredictsTheSameAfterLoading(
    _ spec: CandidateSpec, _ problem: Problem
  ) throws {
    guard suits(spec, problem) else { return }
    let trained = try train(spec, problem)
    let loaded = try spec.learner.load(
      trained.model.files(), width: trained.recipe.width, outputs: trained.labels.outputs)
    let again = try loaded.predict(trained.recipe.transform(trained.table, rows: trained.judged))
    for (left, right) in zip(try trained.answers(), again) { #expect(abs(left - right) < 1e-6) }
  }

  @Test(arguments: all) func filesOfAnotherShapeAreRefused(_ spec: CandidateSpec) throws {
    let trained = try train(spec, .binary)
    let files = try trained.model.files()
    #expect(throws: BundleError.self) {
      _ = try spec.learner.load(files, width: trained.recipe.width + 1, outputs: 2)
    }
    #expect(throws: BundleError.self) { _ = try spec.learner.load([:], width: trained.recipe.width, outputs: 2) }
  }

  @Test(arguments: all) func rowsOfOneClassAreLearntAsThatClass(_ spec: CandidateSpec) throws {
    let labels = Labels.classes(Array(repeating: 0, count: 240), count: 2)
    let answers = try train(spec, .binary, labels: labels).answers()
    #expect(answers.allSatisfy { $0.isFinite })
    #expect(stride(from: 0, to: answers.count, by: 2).allSatisfy { answers[$0] > 0.9 })
  }

  @Test(arguments: all) func aLevelThatWasNeverSeenIsPredictedWithoutFuss(_ spec: CandidateSpec) throws {
    let trained = try train(spec, .binary)
    let strange = DataTable(columns: [
      column("x", [1.0, nil]), column("y", [nil, 1e9]), column("color", ["ultraviolet", nil]),
      column("rare", [5, nil]),
    ])
    let prepared = try PreparedTable(strange, schema: trained.schema, context: SilentContext())
    let answers = try trained.model.predict(trained.recipe.transform(prepared, rows: [0, 1]))
    #expect(answers.count == 4)
    #expect(answers.allSatisfy { $0.isFinite && (0...1).contains($0) })
  }

  @Test(arguments: all) func itStopsSoonAfterItIsCancelled(_ spec: CandidateSpec) throws {
    #expect(throws: JobCancelled.self) { _ = try train(spec, .binary, context: CancelledContext()) }
  }

  @Test(arguments: all) func aDeadlineThatHasPassedStillGivesAModel(_ spec: CandidateSpec) throws {
    let answers = try train(spec, .multiclass, deadline: Deadline(in: 0)).answers()
    #expect(answers.count == 180)
    #expect(answers.allSatisfy { $0.isFinite })
  }
}

/// A context in which somebody has asked to stop.
struct CancelledContext: JobContext {
  func checkCancelled() throws { throw JobCancelled() }
  func report(_ fraction: Double?, _ note: String) {}
  func emit(_ partial: any Sendable) {}
  func onCancel(_ action: @escaping @Sendable () -> Void) { action() }
}

extension BoostingOptions {
  fileprivate var extra: BoostingOptions {
    var copy = self
    copy.isExtra = true
    return copy
  }

  fileprivate var deep: BoostingOptions {
    var copy = self
    copy.depth = 4
    copy.rowsPerLeaf = 1
    return copy
  }
}
