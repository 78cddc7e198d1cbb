// The candidates that an ensemble may be made of, and the ensemble that was chosen last.

import Foundation
import Jobs
import Numerics
import Synchronization

/// Candidates with their predictions, and the best mean of them so far.
struct EnsembleBoard {
  private struct Entry {
    let record: CandidateRecord
    let answers: [Double]
    let view: PredictionView
    let gain: Double
  }

  /// Predictions kept in memory; those of weaker candidates are on disk and no longer asked for.
  private static let pool = 24

  private let labels: Labels
  private let objective: Objective
  private var entries: [Entry] = []
  private var chosen: [(entry: Entry, weight: Double)] = []
  /// What the ensemble says about each row, calibrated.
  private(set) var answers: [Double] = []
  private(set) var temperature = 1.0
  private(set) var threshold = 0.5
  private(set) var score: Double?
  /// Seconds that the last choice took, and all of them.
  private(set) var selectionSeconds = 0.0
  private var allSelectionSeconds = 0.0
  private var isStale = false

  private let seed: UInt64

  init(labels: Labels, objective: Objective, seed: UInt64 = 0) {
    self.labels = labels
    self.objective = objective
    self.seed = seed
  }

  var hasCandidates: Bool { !entries.isEmpty }

  mutating func add(_ record: CandidateRecord, _ answers: [Double]) {
    let gain = objective.gain(record.score)
    guard gain.isFinite else { return }
    let entry = Entry(
      record: record, answers: answers, view: PredictionView(answers, labels, objective), gain: gain)
    entries.append(entry)
    isStale = true
    guard entries.count > Self.pool else { return }
    // Of the learners with several candidates the worst goes: a search must not drive out those who err in another way.
    let counts = Dictionary(entries.map { ($0.record.spec.name, 1) }, uniquingKeysWith: +)
    let crowded = entries.indices.filter { (counts[entries[$0].record.spec.name] ?? 0) > 2 }
    let worst = (crowded.isEmpty ? Array(entries.indices) : crowded).min { entries[$0].gain < entries[$1].gain }
    if let worst { entries.remove(at: worst) }
  }

  /// The candidates that may still be chosen, by number.
  var candidates: Set<Int> { Set(entries.map(\.record.number)) }

  /// True when a choice would not take a larger part of the time than it is worth.
  func shouldSelect(elapsed: Double) -> Bool {
    isStale && (chosen.isEmpty || allSelectionSeconds + selectionSeconds < 0.06 * elapsed)
  }

  /// - Parameters:
  ///   - rounds: candidates that are taken at most, one after the other.
  ///   - bags: choices from a part of the rows and of the candidates, of which the mean is taken where rows are few: a choice
  ///     from many by few rows is by luck (Caruana et al. 2006, doi:10.1109/ICDM.2006.76).
  mutating func select(rounds: Int, bags: Int, threads: Int) throws {
    let start = DispatchTime.now().uptimeNanoseconds
    var shares = [Double](repeating: 0, count: entries.count)
    if labels.rows <= Self.baggedRows, entries.count > 2 {
      let choices = try bagged(bags, rounds: min(rounds, 16), threads: threads)
      for choice in choices {
        let total = Double(choice.values.reduce(0, +) * choices.count)
        for (entry, count) in choice { shares[entry] += Double(count) / total }
      }
      // Members that hardly count only cost time.
      shares = shares.map { $0 < 0.015 ? 0 : $0 }
    } else {
      let counts = try GreedyEnsemble.select(
        entries.map(\.view), gains: entries.map(\.gain), labels: labels, objective: objective, rounds: rounds,
        threads: threads)
      for (entry, count) in counts { shares[entry] = Double(count) }
    }
    let total = shares.reduce(0, +)
    chosen = entries.indices.filter { shares[$0] > 0 }.map { (entries[$0], shares[$0] / total) }
    calibrate()
    selectionSeconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    allSelectionSeconds += selectionSeconds
  }

  /// The best candidate alone.
  mutating func selectBest() {
    guard let best = entries.max(by: { ($0.gain, $1.record.number) < ($1.gain, $0.record.number) }) else { return }
    chosen = [(best, 1)]
    calibrate()
  }

  private mutating func calibrate() {
    var mean = [Double](repeating: 0, count: entries.first?.answers.count ?? 0)
    for (entry, weight) in chosen {
      for index in mean.indices { mean[index] += weight * entry.answers[index] }
    }
    temperature = GreedyEnsemble.temperature(mean, labels: labels)
    answers = GreedyEnsemble.tempered(mean, temperature, classes: labels.outputs)
    threshold = GreedyEnsemble.threshold(answers, labels: labels, objective: objective)
    score = objective.value(labels, answers, threshold: threshold)
    isStale = false
  }

  /// Rows up to which choices are bagged.
  private static let baggedRows = 5_000

  private func bagged(_ bags: Int, rounds: Int, threads: Int) throws -> [[Int: Int]] {
    let (entries, labels, objective) = (entries, labels, objective)
    let random = RandomSource(seed: seed).split("bags")
    let found = Mutex([[Int: Int]](repeating: [:], count: bags))
    try inParallel(bags, threads: threads) { bag in
      var random = random.split(UInt64(bag))
      let rows = random.sample(max(2, labels.rows * 6 / 10), of: labels.rows).sorted()
      let some = random.sample(max(3, entries.count * 6 / 10), of: entries.count).sorted()
      let judged = labels.selecting(rows)
      let views = some.map { entries[$0].view.selecting(rows) }
      let gains = views.map { PredictionView.gain($0.values, count: 1, judged, objective) }
      let counts = try GreedyEnsemble.select(
        views, gains: gains, labels: judged, objective: objective, rounds: rounds, threads: 1)
      let named = Dictionary(uniqueKeysWithValues: counts.map { (some[$0.key], $0.value) })
      found.withLock { $0[bag] = named }
    }
    let sound = found.withLock { $0 }.filter { !$0.isEmpty }
    guard sound.isEmpty else { return sound }
    // Parts of the rows on which the figure is not defined.
    return [
      try GreedyEnsemble.select(
        entries.map(\.view), gains: entries.map(\.gain), labels: labels, objective: objective, rounds: rounds,
        threads: threads)
    ]
  }

  /// The ensemble's figure on the rows of each fold.
  func foldScores(_ folds: Folds) -> [Double] {
    let outputs = labels.outputs
    return folds.places.compactMap { rows in
      let some = rows.flatMap { answers[$0 * outputs..<($0 + 1) * outputs] }
      return objective.value(labels.selecting(rows), some, threshold: threshold)
    }.filter(\.isFinite)
  }

  func weight(of number: Int) -> Double? { chosen.first { $0.entry.record.number == number }?.weight }

  var members: [BundleMember] {
    chosen.map { BundleMember($0.entry.record, weight: $0.weight) }
  }

  /// The candidates that were chosen last, the weightiest first.
  var chosenRecords: [CandidateRecord] { chosen.sorted { $0.weight > $1.weight }.map(\.entry.record) }

  /// Its members, the weightiest first.
  var text: String {
    chosen.sorted { $0.weight > $1.weight }.map { entry, weight in
      "\(Int((weight * 100).rounded())) % \(entry.record.spec.name) #\(entry.record.number)"
    }.joined(separator: ", ")
  }
}
