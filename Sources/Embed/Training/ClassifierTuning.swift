// Hyper-parameters of a text classifier, found on held-out texts within a time: single steps away from the best so far, each
// drawn less wide as time goes (as fastText's autotune does; a form of the (1+1) evolution strategy, Rechenberg 1973).

import Dispatch
import Foundation
import Jobs
import Numerics

/// One setting that was tried.
public struct TuningTrial: Codable, Sendable, Equatable {
  public var options: TrainingOptions
  /// The share of held-out texts whose first label is right; nil for one that time cut short.
  public var accuracy: Double?
  public var seconds: Double
  /// True where no setting before was better.
  public var isBest: Bool

  /// One line for a person.
  public var text: String {
    let figure = accuracy.map { "accuracy \(($0 * 10_000).rounded() / 10_000)" } ?? "cut short"
    let parts = options.subwords ? ", n-grams of \(options.minChar) to \(options.maxChar) characters" : ""
    return "\(figure): \(options.epochs) epochs, learning_rate \(options.learningRate), word_ngrams "
      + "\(options.wordNgrams), vector_dim \(options.vectorDim)" + parts
  }
}

/// Trains classifiers with other and other hyper-parameters until the time is out, and gives the best of them on the
/// validation texts. Loss, threads, seed and labels' prefix stay as they are given.
///
/// - Parameters:
///   - seconds: for all trials; the first is finished in any case.
///   - afterTrial: gets each as it ends.
/// - Throws: as `trainClassifier`; `JobCancelled` only where no trial has ended by then.
public func tuneClassifier(
  _ corpus: Corpus, validation: Corpus, options: TrainingOptions, seconds: Double, level: TextKernelLevel = .best,
  context: any JobContext, afterTrial: (TuningTrial) -> Void = { _ in }
) throws -> (classifier: TrainedClassifier, trials: [TuningTrial]) {
  let begun = DispatchTime.now().uptimeNanoseconds
  func elapsed() -> Double { Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9 }
  var random = RandomSource(seed: options.seed).split("autotune")
  var best: (classifier: TrainedClassifier, accuracy: Double)?
  var trials: [TuningTrial] = []
  var next = options
  next.earlyStopping = false
  while best == nil || elapsed() < seconds {
    let start = elapsed()
    let limited = TrialContext(
      context, number: trials.count + 1, begun: begun, seconds: best == nil ? .infinity : seconds)
    let trained = try trainClassifier(corpus, validation: validation, options: next, level: level, context: limited)
    let accuracy = trained.wasCancelled && best != nil ? nil : trained.validation.last
    let isBest = accuracy.map { $0 > best?.accuracy ?? -1 } ?? false
    trials.append(
      TuningTrial(options: next, accuracy: accuracy, seconds: elapsed() - start, isBest: isBest))
    afterTrial(trials[trials.count - 1])
    if isBest || best == nil { best = (trained, accuracy ?? 0) }
    do { try context.checkCancelled() } catch { break }
    next = (best?.classifier.options ?? options).varied(by: max(0.1, 1 - elapsed() / max(seconds, 1)), &random)
  }
  guard let best else { throw JobCancelled() }
  return (best.classifier, trials)
}

extension TrainingOptions {
  /// A neighbour: each number may move, the more the larger `spread` is, from 0 to 1.
  fileprivate func varied(by spread: Double, _ random: inout RandomSource) -> TrainingOptions {
    func moved(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      // Half of the numbers stay, so that what made the best good is not lost at once.
      guard random.nextUnit() < 0.5 else { return value }
      let reach = 0.35 * spread * log(range.upperBound / range.lowerBound)
      return min(max(value * exp(reach * random.nextNormal()), range.lowerBound), range.upperBound)
    }
    var options = self
    options.epochs = Int(moved(Double(epochs), 1...100).rounded())
    options.learningRate = (moved(learningRate, 0.01...5) * 1e4).rounded() / 1e4
    options.vectorDim = Int(moved(Double(vectorDim), 8...300).rounded())
    options.wordNgrams = Int(moved(Double(wordNgrams), 1...5).rounded())
    if random.nextUnit() < 0.25 {
      options.subwords.toggle()
      options.minChar = [2, 3][random.nextIndex(below: 2)]
      options.maxChar = options.minChar + 1 + random.nextIndex(below: 3)
    }
    return options
  }
}

/// Stops a trial when the time of all is out, and tells of the whole instead of the trial.
private struct TrialContext: JobContext {
  private let outer: any JobContext
  private let number: Int
  private let begun: UInt64
  private let seconds: Double

  init(_ outer: any JobContext, number: Int, begun: UInt64, seconds: Double) {
    (self.outer, self.number, self.begun, self.seconds) = (outer, number, begun, seconds)
  }

  private var elapsed: Double { Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9 }

  func checkCancelled() throws {
    try outer.checkCancelled()
    if elapsed > seconds { throw JobCancelled() }
  }

  func report(_ fraction: Double?, _ note: String) {
    outer.report(seconds.isFinite ? min(elapsed / seconds, 1) : nil, "trial \(number): \(note)")
  }

  func emit(_ partial: any Sendable) { outer.emit(partial) }
  func onCancel(_ action: @escaping @Sendable () -> Void) { outer.onCancel(action) }
}
