// The candidates that an ensemble may be made of, and the ensemble that was chosen last.

import Foundation
import Numerics

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

  init(labels: Labels, objective: Objective) {
    self.labels = labels
    self.objective = objective
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

  mutating func select(rounds: Int, threads: Int) throws {
    let start = DispatchTime.now().uptimeNanoseconds
    let counts = try GreedyEnsemble.select(
      entries.map(\.view), gains: entries.map(\.gain), labels: labels, objective: objective, rounds: rounds,
      threads: threads)
    let total = Double(counts.values.reduce(0, +))
    chosen = counts.sorted { $0.key < $1.key }.map { (entries[$0.key], Double($0.value) / total) }
    var mean = [Double](repeating: 0, count: entries.first?.answers.count ?? 0)
    for (entry, weight) in chosen {
      for index in mean.indices { mean[index] += weight * entry.answers[index] }
    }
    temperature = GreedyEnsemble.temperature(mean, labels: labels)
    answers = GreedyEnsemble.tempered(mean, temperature, classes: labels.outputs)
    threshold = GreedyEnsemble.threshold(answers, labels: labels, objective: objective)
    score = objective.value(labels, answers, threshold: threshold)
    isStale = false
    selectionSeconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    allSelectionSeconds += selectionSeconds
  }

  /// The ensemble's figure on the rows of each fold.
  func foldScores(_ folds: Folds) -> [Double] {
    let outputs = labels.outputs
    return folds.judged.compactMap { rows in
      let some = rows.flatMap { answers[$0 * outputs..<($0 + 1) * outputs] }
      return objective.value(labels.selecting(rows), some, threshold: threshold)
    }.filter(\.isFinite)
  }

  func weight(of number: Int) -> Double? { chosen.first { $0.entry.record.number == number }?.weight }

  var members: [BundleMember] {
    chosen.map { entry, weight in
      BundleMember(
        candidate: entry.record.number, name: entry.record.spec.name, spec: entry.record.spec, weight: weight,
        folds: entry.record.folds)
    }
  }

  /// Milliseconds that a row takes; nil while nothing is chosen.
  var predictMilliseconds: Double? {
    chosen.isEmpty ? nil : chosen.reduce(0) { $0 + ($1.entry.record.predictMillisecondsPerRow ?? 0) }
  }

  var bytes: Int { chosen.reduce(0) { $0 + $1.entry.record.bytes } }

  /// Its members, the weightiest first.
  var text: String {
    chosen.sorted { $0.weight > $1.weight }.map { entry, weight in
      "\(Int((weight * 100).rounded())) % \(entry.record.spec.name) #\(entry.record.number)"
    }.joined(separator: ", ")
  }
}
