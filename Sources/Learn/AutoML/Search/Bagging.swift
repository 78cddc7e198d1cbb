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
  let folds: Folds
  let seed: UInt64
}

/// How a candidate ended.
enum BaggingOutcome {
  case completed(Bagged)
  case stopped(foldScores: [Double], reason: String)
}

/// What the folds of a candidate gave together.
struct Bagged {
  /// `[rows × outputs]`: of each row, the mean of the folds that had put it aside.
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
  private let cache = Mutex<(entries: [Key: Encoded], bytes: Int)>(([:], 0))

  init(_ data: RunData, threads: Int, announcer: Announcer? = nil, control: AutoMLControl = AutoMLControl()) {
    self.data = data
    self.threads = threads
    self.announcer = announcer
    self.control = control
  }

  /// - Parameters:
  ///   - number: the candidate's, for those who watch.
  ///   - reference: scores of folds; a candidate whose first folds are clearly worse is not trained on the others.
  ///   - deadline: when the last fold should end; each gets its share of the time that is left.
  ///   - hardStop: when what has not ended is given up.
  /// - Throws: `LearnError`, `BundleError`, `JobCancelled`.
  func train(
    _ spec: CandidateSpec, number: Int, into draft: CandidateDraft, reference: [Double]?, deadline: Deadline,
    hardStop: Deadline, context: any JobContext
  ) throws -> BaggingOutcome {
    let count = data.folds.count
    let outputs = data.labels.outputs
    let state = Mutex(
      Progress(
        answers: Array(repeating: 0, count: data.labels.rows * outputs), scores: Array(repeating: nil, count: count),
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
          fold, spec, draft, deadline: Deadline(in: deadline.left / waves, control: control), context: context)
        announcer?.tell(
          .fold(
            FoldPoint(
              candidate: number, fold: fold, folds: count, score: score,
              seconds: Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9)))
        let goesOn = state.withLock { progress in
          for (position, row) in data.folds.judged[fold].enumerated() {
            for output in 0..<outputs {
              progress.answers[row * outputs + output] +=
                answers[position * outputs + output] / Double(data.folds.repeats)
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
    return .completed(
      Bagged(
        answers: end.answers, foldScores: end.scores.compactMap { $0 }, folds: end.folds.compactMap { $0 },
        answersFile: file,
        predictMillisecondsPerRow: end.seconds * 1000 / Double(data.labels.rows) * Double(count)
          / Double(data.folds.repeats)))
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
    _ fold: Int, _ spec: CandidateSpec, _ draft: CandidateDraft, deadline: Deadline, context: any JobContext
  ) throws -> (BundleFold, answers: [Double], score: Double?, seconds: Double) {
    let encoded = try encoded(spec.recipe, fold, context)
    let (train, center, scale) = Self.scaled(data.labels.selecting(data.folds.learnt[fold]))
    let judged = data.labels.selecting(data.folds.judged[fold])
    let task = TrainingTask(
      features: encoded.train, labels: train, validation: encoded.judged,
      validationLabels: Self.scaled(judged, center, scale), objective: data.objective, seed: seed(fold),
      deadline: deadline)
    let model = try spec.learner.learner.fit(task, context: context)
    let start = DispatchTime.now().uptimeNanoseconds
    let answers = try model.predict(encoded.judged).map { data.labels.outputs == 1 ? center + scale * $0 : $0 }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    guard answers.allSatisfy(\.isFinite) else {
      throw LearnError.library(call: spec.name, reason: "it predicts numbers that are not finite")
    }
    let name = "fold-\(fold)/"
    let recipe = try draft.write(JSONEncoder.sorted.encode(encoded.fitted), to: name + "recipe.json")
    let files = try model.files().sorted { $0.key < $1.key }.map { try draft.write($0.value, to: name + $0.key) }
    let kept = BundleFold(recipe: recipe, files: files, center: center, scale: scale)
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

  /// Numbers with mean 0 and standard deviation 1; classes as they are.
  static func scaled(_ labels: Labels) -> (labels: Labels, center: Double, scale: Double) {
    guard case .numbers(let numbers) = labels else { return (labels, 0, 1) }
    let center = Statistics.mean(numbers)
    let spread = Statistics.standardDeviation(numbers, correction: 0)
    let scale = spread > 0 ? spread : 1
    return (scaled(labels, center, scale), center, scale)
  }

  private static func scaled(_ labels: Labels, _ center: Double, _ scale: Double) -> Labels {
    guard case .numbers(let numbers) = labels else { return labels }
    return .numbers(numbers.map { ($0 - center) / scale })
  }
}
