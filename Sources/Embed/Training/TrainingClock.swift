// How far a training is, counted by several threads.

import Dispatch
import Jobs
import Synchronization

/// Counts the work that is done and tells it ten times a second. A cancelled training stops soon and keeps what it has
/// learnt.
final class TrainingClock: Sendable {
  private struct State {
    var lastReport: UInt64 = 0
    var loss = 0.0
    var losses = 0
  }

  private let done = Atomic<Int>(0)
  private let stops = Atomic<Bool>(false)
  private let state = Mutex(State())
  private let begun = DispatchTime.now().uptimeNanoseconds
  private let total: Int
  private let options: TrainingOptions
  private let context: any JobContext
  /// Words that a unit of work stands for.
  private let wordsPerUnit: Double

  /// - Parameter total: units of work in all epochs.
  init(total: Int, wordsPerUnit: Double = 1, options: TrainingOptions, context: any JobContext) {
    self.total = max(total, 1)
    self.wordsPerUnit = wordsPerUnit
    self.options = options
    self.context = context
  }

  /// True once somebody asked for an end.
  var isStopped: Bool { stops.load(ordering: .relaxed) }

  /// The rate of learning now: falls in a line, to no less than a ten thousandth.
  var rate: Float {
    let left = 1 - Double(done.load(ordering: .relaxed)) / Double(total)
    return Float(options.learningRate * max(left, 1e-4))
  }

  /// Takes note of work that is done.
  func add(_ units: Int, loss: Double, losses: Int, epoch: Int) {
    let now = done.wrappingAdd(units, ordering: .relaxed).newValue
    do { try context.checkCancelled() } catch { stops.store(true, ordering: .relaxed) }
    let progress: TrainingProgress? = state.withLock { state in
      state.loss += loss
      state.losses += losses
      let time = DispatchTime.now().uptimeNanoseconds
      guard time - state.lastReport > 100_000_000 else { return nil }
      state.lastReport = time
      return self.progress(now, time, epoch, state)
    }
    if let progress { tell(progress) }
  }

  /// Ends an epoch; returns where the training stands.
  func endEpoch(_ epoch: Int) -> TrainingProgress {
    let progress = state.withLock { state in
      defer { (state.loss, state.losses) = (0, 0) }
      return self.progress(
        done.load(ordering: .relaxed), DispatchTime.now().uptimeNanoseconds, epoch, state)
    }
    tell(progress)
    return progress
  }

  private func progress(_ done: Int, _ time: UInt64, _ epoch: Int, _ state: State) -> TrainingProgress {
    TrainingProgress(
      epoch: epoch, epochs: options.epochs, fraction: min(1, Double(done) / Double(total)),
      wordsPerSecond: Double(done) * wordsPerUnit / max(Double(time - begun) / 1e9, 1e-6),
      loss: state.losses > 0 ? state.loss / Double(state.losses) : nil, learningRate: Double(rate))
  }

  /// Says again where an epoch ended, with what was found since.
  func announce(_ progress: TrainingProgress) { context.emit(progress) }

  private func tell(_ progress: TrainingProgress) {
    context.report(progress.fraction, progress.note)
    context.emit(progress)
  }
}
