// Trains a candidate once for each fold, each on its own thread, and predicts the rows that the fold had put aside. What each
// fold fits, its recipe included, never sees the rows that it is judged on; when to stop, how strong a penalty is and the like
// are chosen by them, which makes scores a little too good.

import Foundation
import Jobs
import Numerics
import Synchronization

/// Everything about the data that all candidates of a run share.
struct RunData: Sendable {
  let problem: Problem
  let objective: Objective
  let table: PreparedTable
  /// The row of the table of each label.
  let rows: [Int]
  let labels: Labels
  /// Those that some fold judges, in the order of `folds.coverage`.
  let judgedLabels: Labels
  /// How much each row counts; nil where all count alike.
  let weights: [Double]?
  let folds: Folds
  let seed: UInt64

  init(
    problem: Problem, objective: Objective, table: PreparedTable, rows: [Int], labels: Labels, weights: [Double]?,
    folds: Folds, seed: UInt64
  ) {
    (self.problem, self.objective, self.table, self.rows) = (problem, objective, table, rows)
    (self.labels, self.weights, self.folds, self.seed) = (labels, weights, folds, seed)
    judgedLabels = folds.coverage.count == labels.rows ? labels : labels.selecting(folds.coverage)
  }
}

/// How a candidate ended.
enum BaggingOutcome {
  case completed(Bagged)
  case stopped(foldScores: [Double], reason: String)
}

/// What the folds of a candidate gave together.
struct Bagged {
  /// `[judged rows × outputs]`: of each row, the mean of the folds that had put it aside.
  let answers: [Double]
  let foldScores: [Double]
  let folds: [BundleFold]
  let answersFile: BundleFile
  let predictMillisecondsPerRow: Double
}

/// Trains candidates over the folds of a run.
final class Bagging: Sendable {
  private struct Encoded: Sendable {
    let fitted: FittedRecipe
    let train: EncodedFeatures
    let judged: EncodedFeatures

    /// The same with what other candidates say, to which the recipe is fitted on the rows learnt from.
    func adding(_ stack: StackFeatures?, learnt: [Int], judged rows: [Int]) -> Encoded {
      guard let stack else { return self }
      let learned = stack.fit(learnt, isScaled: fitted.recipe.isScaled)
      var whole = fitted
      whole.stack = learned
      return Encoded(
        fitted: whole, train: train.adding(stack, learned, rows: learnt),
        judged: judged.adding(stack, learned, rows: rows))
    }
  }

  private struct Key: Hashable {
    let recipe: Recipe
    let fold: Int
  }

  private struct Progress {
    var started = 0
    var answers: [Double]
    var scores: [Double?]
    var folds: [BundleFold?]
    var seconds = 0.0
    var stopped = false
  }

  private struct Stopped: Error {}

  /// Bytes of features that are kept for later candidates with the same recipe.
  private static let cacheLimit = 160 << 20

  private let data: RunData
  private let threads: Int
  private let announcer: Announcer?
  private let control: AutoMLControl
  private let workers: WorkerPool?
  private let cache = Mutex<(entries: [Key: Encoded], bytes: Int)>(([:], 0))

  /// - Parameter workers: that grow the trees of LightGBM; they have all of a fold, one after the other.
  init(
    _ data: RunData, threads: Int, announcer: Announcer? = nil, control: AutoMLControl = AutoMLControl(),
    workers: WorkerPool? = nil
  ) {
    self.data = data
    self.workers = workers
    self.threads = threads
    self.announcer = announcer
    self.control = control
  }

  /// - Parameters:
  ///   - number: the candidate's, for those who watch.
  ///   - stack: what the candidates say that its specification names, of all rows; nil for one of level 1.
  ///   - reference: scores of folds; a candidate whose first folds are clearly worse is not trained on the others.
  ///   - deadline: when the last fold should end; each gets its share of the time that is left.
  ///   - hardStop: when what has not ended is given up.
  /// - Throws: `LearnError`, `BundleError`, `JobCancelled`.
  func train(
    _ spec: CandidateSpec, number: Int, into draft: CandidateDraft, stack: StackFeatures? = nil, reference: [Double]?,
    deadline: Deadline, hardStop: Deadline, context: any JobContext
  ) throws -> BaggingOutcome {
    let count = data.folds.count
    let threads = workers != nil && spec.learner.isShared ? 1 : threads
    let outputs = data.labels.outputs
    let state = Mutex(
      Progress(
        answers: Array(repeating: 0, count: data.judgedLabels.rows * outputs),
        scores: Array(repeating: nil, count: count),
        folds: Array(repeating: nil, count: count)))
    do {
      try inParallel(count, threads: threads) { [self] fold in
        let context = FoldContext(
          context, announcer, control, candidate: number, fold: fold, hardStop: hardStop)
        try context.checkCancelled()
        let begun = DispatchTime.now().uptimeNanoseconds
        let open = state.withLock { progress in
          defer { progress.started += 1 }
          return count - progress.started
        }
        let waves = Double((open + threads - 1) / threads)
        let (kept, answers, score, seconds) = try self.fold(
          fold, spec, draft, stack, deadline: Deadline(in: deadline.left / waves * 0.93, control: control),
          context: context)
        announcer?.tell(
          .fold(
            FoldPoint(
              candidate: number, fold: fold, folds: count, score: score,
              seconds: Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9)))
        let goesOn = state.withLock { progress in
          for (position, place) in data.folds.places[fold].enumerated() {
            let share = 1 / Double(data.folds.times[place])
            for output in 0..<outputs {
              progress.answers[place * outputs + output] += answers[position * outputs + output] * share
            }
          }
          progress.scores[fold] = score
          progress.folds[fold] = kept
          progress.seconds += seconds
          let promises = reference.map { self.promises(progress.scores, $0) } ?? true
          if !promises { progress.stopped = true }
          return promises
        }
        if !goesOn { throw Stopped() }
      }
    } catch is Stopped {
      let scores = state.withLock { $0.scores.compactMap { $0 } }
      return .stopped(
        foldScores: scores, reason: "worse than the best after \(scores.count) of \(count) folds")
    } catch let reason as GivenUp {
      let scores = state.withLock { $0.scores.compactMap { $0 } }
      let why = reason == .asked ? "stopped by hand" : "out of time"
      return .stopped(foldScores: scores, reason: "\(why) after \(scores.count) of \(count) folds")
    }
    let end = state.withLock { $0 }
    let file = try draft.write(bytes(end.answers.map { Float($0) }), to: "answers.f32")
    let asked = data.folds.judged.reduce(0) { $0 + $1.count }
    return .completed(
      Bagged(
        answers: end.answers, foldScores: end.scores.compactMap { $0 },
        folds: data.folds.answering.compactMap { end.folds[$0] }, answersFile: file,
        predictMillisecondsPerRow: end.seconds * 1000 / Double(max(asked, 1)) * Double(data.folds.answering.count)))
  }

  /// False when the folds so far are worse, in the mean, by more than chance makes them.
  private func promises(_ scores: [Double?], _ reference: [Double]) -> Bool {
    // A fold without a figure leaves no gap in the reference, so that its folds would be others.
    guard reference.count == scores.count else { return true }
    let done = scores.indices.filter { scores[$0] != nil }
    guard done.count >= max(2, threads), done.count < scores.count else { return true }
    let differences = done.map { data.objective.gain(scores[$0]) - data.objective.gain(reference[$0]) }
    let spread = Statistics.standardDeviation(reference.map { data.objective.gain($0) })
    return Statistics.mean(differences) > -0.5 * (spread.isFinite ? spread : 0) / Double(done.count).squareRoot()
  }

  private func fold(
    _ fold: Int, _ spec: CandidateSpec, _ draft: CandidateDraft, _ stack: StackFeatures?, deadline: Deadline,
    context: any JobContext
  ) throws -> (BundleFold, answers: [Double], score: Double?, seconds: Double) {
    let encoded = try encoded(spec.recipe, fold, context).adding(
      stack, learnt: data.folds.learnt[fold], judged: data.folds.judged[fold])
    let learnt = data.labels.selecting(data.folds.learnt[fold])
    let judged = data.labels.selecting(data.folds.judged[fold])
    var label = LabelScale(learnt, takesLog: spec.takesLog)
    let task = TrainingTask(
      features: encoded.train, labels: label.scaled(learnt), validation: encoded.judged,
      validationLabels: label.scaled(judged), weights: weights(data.folds.learnt[fold]),
      validationWeights: weights(data.folds.judged[fold]), objective: data.objective, seed: seed(fold),
      deadline: deadline, workers: workers)
    let model = try spec.learner.learner.fit(task, context: context)
    if label.smear != nil, data.objective != .mae {
      label.smear = Self.smear(label.unscaled(try model.predict(encoded.judged)), judged)
    }
    let start = DispatchTime.now().uptimeNanoseconds
    let answers = label.unscaled(try model.predict(encoded.judged))
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    guard answers.allSatisfy(\.isFinite) else {
      throw LearnError.library(call: spec.name, reason: "it predicts numbers that are not finite")
    }
    let name = "fold-\(fold)/"
    let recipe = try draft.write(JSONEncoder.sorted.encode(encoded.fitted), to: name + "recipe.json")
    let files = try model.files().sorted { $0.key < $1.key }.map { try draft.write($0.value, to: name + $0.key) }
    let kept = BundleFold(recipe: recipe, files: files, label: label)
    return (kept, answers, data.objective.value(judged, answers), seconds)
  }

  private func seed(_ fold: Int) -> UInt64 {
    var random = RandomSource(seed: data.seed).split("fold").split(UInt64(fold))
    return random.next()
  }

  private func encoded(_ recipe: Recipe, _ fold: Int, _ context: any JobContext) throws -> Encoded {
    let key = Key(recipe: recipe, fold: fold)
    if let known = cache.withLock({ $0.entries[key] }) { return known }
    let learnt = data.folds.learnt[fold]
    let (fitted, train) = try FittedRecipe.fit(
      recipe, data.table, rows: learnt.map { data.rows[$0] }, labels: data.labels.selecting(learnt), seed: seed(fold),
      context: context)
    let judged = fitted.transform(data.table, rows: data.folds.judged[fold].map { data.rows[$0] })
    let encoded = Encoded(fitted: fitted, train: train, judged: judged)
    let bytes = (train.matrix.values.count + judged.matrix.values.count) * 8
    cache.withLock { cache in
      guard cache.bytes + bytes <= Self.cacheLimit else { return }
      cache.bytes += bytes
      cache.entries[key] = encoded
    }
    return encoded
  }

  /// The weights of some rows, of mean 1.
  private func weights(_ rows: [Int]) -> [Float]? {
    guard let weights = data.weights else { return nil }
    let some = rows.map { weights[$0] }
    let mean = Statistics.mean(some)
    return some.map { Float(mean > 0 ? $0 / mean : 1) }
  }

  /// The factor that makes answers as large as the labels, together.
  private static func smear(_ answers: [Double], _ labels: Labels) -> Double {
    guard case .numbers(let numbers) = labels else { return 1 }
    let (sum, wanted) = (answers.reduce(0, +), numbers.reduce(0, +))
    return sum > 0 && wanted > 0 ? min(max(wanted / sum, 0.5), 2) : 1
  }
}
