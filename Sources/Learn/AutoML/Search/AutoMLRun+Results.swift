// What a run tells of its candidates and of their ensemble.

import Foundation
import Numerics

extension AutoMLRun {
  /// Writes the ensemble that was chosen last; from now on it answers.
  func keepEnsemble() throws {
    defer { announcer.tell(.ensemble(ensembleRow)) }
    let members = board.members
    let base = needed.filter { record in !members.contains { $0.candidate == record.number } }
    try folder.write(
      BundleManifest(
        problem: data.problem, target: options.target, classes: inference.classes, metric: data.objective,
        score: board.score ?? .nan, temperature: board.temperature, threshold: board.threshold, schema: schema,
        members: members, base: base.map { BundleMember($0, weight: 0) }))
  }

  /// The candidates of the ensemble, and those that they see.
  var needed: [CandidateRecord] {
    let chosen = board.chosenRecords
    let numbers = Set(chosen.map(\.number))
    let seen = Set(chosen.flatMap(\.spec.base)).subtracting(numbers)
    return chosen + records.filter { seen.contains($0.number) }
  }

  /// Milliseconds that a row takes candidates together; nil for none.
  static func predictMilliseconds(_ records: [CandidateRecord]) -> Double? {
    records.isEmpty ? nil : records.reduce(0) { $0 + ($1.predictMillisecondsPerRow ?? 0) }
  }

  func row(_ record: CandidateRecord) -> LeaderboardRow {
    let scores = record.shownScores
    return LeaderboardRow(
      model: record.spec.name, candidate: record.number, settings: record.spec.text, score: record.score,
      std: scores.count > 1 && record.score != nil ? Statistics.standardDeviation(scores) : nil,
      metrics: record.metrics, fitSeconds: record.fitSeconds,
      predictMillisecondsPerRow: record.predictMilliseconds(among: records), bytes: record.bytes,
      weight: board.weight(of: record.number), recipe: record.spec.recipe.text, level: record.spec.level,
      foldScores: scores,
      isTied: isTied(record), status: record.status, reason: record.reason)
  }

  /// Whether the differences to the best candidate's folds are as small as chance makes them: |t| of the corrected
  /// resampled t-test (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366) below the 97.5 % point.
  func isTied(_ record: CandidateRecord) -> Bool? {
    let best = records.filter { $0.status == .completed }
      .max { data.objective.gain($0.score) < data.objective.gain($1.score) }
    guard record.status == .completed, let best, best.foldScores.count == record.foldScores.count else { return nil }
    if best.number == record.number { return true }
    let differences = zip(best.foldScores, record.foldScores).map { $0 - $1 }
    guard differences.count > 2, differences.allSatisfy(\.isFinite) else { return nil }
    let mean = Statistics.mean(differences)
    let spread = Statistics.standardDeviation(differences)
    guard spread > 0 else { return mean == 0 }
    // Folds share most of the rows that they learn from, so their differences vary together.
    let count = Double(differences.count)
    let share = Double(data.folds.repeats) / count
    let error = spread * (1 / count + share / (1 - share)).squareRoot()
    return abs(mean) / error < studentQuantile(degrees: differences.count - 1)
  }

  var ensembleRow: LeaderboardRow {
    let foldScores = board.foldScores(data.folds)
    let asked = needed
    return LeaderboardRow(
      model: "Ensemble", candidate: nil, settings: board.text, score: board.score,
      std: foldScores.count > 1 ? Statistics.standardDeviation(foldScores) : nil,
      metrics: Objective.figures(data.problem, data.judgedLabels, board.answers, threshold: board.threshold),
      fitSeconds: records.reduce(0) { $0 + $1.fitSeconds },
      predictMillisecondsPerRow: Self.predictMilliseconds(asked), bytes: asked.reduce(0) { $0 + $1.bytes },
      weight: nil, recipe: nil, level: asked.map(\.spec.level).max() ?? 1, foldScores: foldScores, isTied: nil,
      status: .completed,
      reason: nil)
  }

  func finished(_ judged: TestReport?) -> AutoMLReport {
    let ensemble = ensembleRow
    let ranked = records.map(row).sorted { left, right in
      let (a, b) = (data.objective.gain(left.score), data.objective.gain(right.score))
      return a == b ? (left.candidate ?? 0) < (right.candidate ?? 0) : a > b
    }
    return AutoMLReport(
      target: options.target, problem: data.problem, reason: inference.reason, metric: data.objective,
      best: ensemble.model, leaderboard: [ensemble] + ranked, test: judged, rows: data.labels.rows,
      classes: inference.classes, positiveClass: data.problem == .binary ? inference.classes[1] : nil,
      features: reportedFeatures, excluded: schema.excluded, folds: data.folds.count, seconds: elapsed,
      seed: options.seed, notes: notes)
  }
}

/// The 97.5 % point of Student's distribution, by the expansion of Cornish and Fisher (Abramowitz and Stegun, 26.7.5).
func studentQuantile(degrees: Int) -> Double {
  let (z, n) = (1.959963985, Double(degrees))
  let first = (pow(z, 3) + z) / 4
  let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
  let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
  return z + first / n + second / (n * n) + third / (n * n * n)
}
