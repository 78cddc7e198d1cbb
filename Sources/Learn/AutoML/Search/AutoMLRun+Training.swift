// What a run trains: the portfolio, then settings around the best, and what somebody asks for in between.

import Foundation
import Jobs
import Numerics

extension AutoMLRun {
  func trainPortfolio() throws {
    let specs = portfolio
    for (position, spec) in specs.enumerated() where !records.contains(where: { $0.spec == spec }) {
      try meetRequests()
      // Where candidates are to see what others say, the last of the list give way once there are some to see.
      let kept = records.count { $0.status == .completed } < Self.fewestSeen ? 0 : stackingSeconds
      guard left - kept > 0.3 || records.isEmpty, isAllowed(keeping: stackingCandidates) else { return }
      announcer.note(queue: summaries(Array(specs[(position + 1)...]), first: nextNumber + 1))
      // What can learn for a moment only is of no use.
      if position > 0, left - kept < 0.3 * typicalSeconds { return }
      // The first is to be there at once; later ones may take a part of what is left.
      let share = position == 0 ? max(0.5, 0.02 * options.timeLimit) : max((left - kept) * 0.5, 0.3)
      try tryOut(spec, reference: nil, seconds: share)
    }
  }

  /// What a candidate takes that is not cut short, about.
  var typicalSeconds: Double {
    let seconds = records.dropFirst().filter { $0.status == .completed }.map(\.fitSeconds).sorted()
    return seconds.isEmpty ? 0 : seconds[seconds.count / 2]
  }

  /// Trains what somebody asked for; waits while the run is paused.
  func meetRequests() throws {
    if clock.control.isPaused {
      announcer.tell(.paused(true))
      try clock.control.waitWhilePaused(context)
      announcer.tell(.paused(false))
    }
    while isAllowed, left > 0.3, let request = clock.control.next() {
      switch request {
      case .add(let spec): try tryOut(spec, reference: nil, seconds: max(left, 0.3))
      case .retry(let number):
        guard let record = records.first(where: { $0.number == number }) else { continue }
        try tryOut(record.spec, reference: nil, seconds: max(left, 0.3))
      case .boost(let number):
        guard let record = records.first(where: { $0.number == number }),
          var around = LocalSearch(
            record.spec, gain: data.objective.gain(record.score), cost: record.fitSeconds,
            space: BoostingSpace(rows: data.labels.rows))
        else { continue }
        var random = RandomSource(seed: options.seed).split("boost").split(UInt64(records.count))
        for _ in 0..<4 where isAllowed && left > max(0.3, around.lastCost * 0.8) {
          let spec = around.propose(&random)
          let tried = try tryOut(spec, reference: nil, seconds: left)
          around.note(
            spec, gain: tried.status == .completed ? data.objective.gain(tried.score) : -.infinity,
            cost: tried.fitSeconds)
        }
      case .pause, .resume, .finish, .stop: continue
      }
    }
  }

  /// The best of very many candidates on few rows is the luckiest: an ensemble of small tables is not searched for long.
  var mostCandidates: Int { data.labels.rows < 1_500 ? 0 : data.labels.rows / 20 }

  /// - Parameter kept: seconds that are left to what comes then.
  func search(keeping kept: Double) throws {
    var random = RandomSource(seed: options.seed).split("search").split(UInt64(records.count))
    let space = BoostingSpace(rows: data.labels.rows)
    var threads: [LocalSearch] = []
    for kind in Set(records.filter { $0.spec.level == 1 }.map(\.spec.searchKind)).sorted() {
      let best = records.filter { $0.status == .completed && $0.spec.level == 1 && $0.spec.searchKind == kind }
        .max { data.objective.gain($0.score) < data.objective.gain($1.score) }
      if let best,
        let thread = LocalSearch(
          best.spec, gain: data.objective.gain(best.score), cost: best.fitSeconds, space: space)
      {
        threads.append(thread)
      }
    }
    while isAllowed(keeping: kept > 0 ? stackingCandidates : 0), isTuning || records.count < mostCandidates {
      try meetRequests()
      let open = threads.indices.filter { !threads[$0].hasConverged && threads[$0].lastCost * 0.8 < left - kept }
      guard !open.isEmpty, left - kept > 0.3 else { return }
      let index = Self.draw(open, threads, &random)
      let spec = threads[index].propose(&random)
      if records.contains(where: { $0.spec == spec }) {
        threads[index].note(spec, gain: -.infinity, cost: 0.001)
        continue
      }
      let incumbent = records.first { $0.spec == threads[index].incumbent }
      let record = try tryOut(spec, reference: incumbent?.foldScores, seconds: max(left - kept, 0.3))
      threads[index].note(
        spec, gain: record.status == .completed ? data.objective.gain(record.score) : -.infinity,
        cost: record.fitSeconds)
    }
  }

  /// A thread with a chance that falls with what an improvement of it is expected to cost, and with how far it is behind.
  private static func draw(_ open: [Int], _ threads: [LocalSearch], _ random: inout RandomSource) -> Int {
    let best = open.map { threads[$0].gain }.max() ?? 0
    let weights = open.map { index in
      let behind = (best - threads[index].gain) / max(abs(best), 1e-9)
      return 1 / threads[index].expectedCost / (1 + 50 * behind)
    }
    var point = random.nextUnit() * weights.reduce(0, +)
    for (index, weight) in zip(open, weights) {
      point -= weight
      if point <= 0 { return index }
    }
    return open[open.count - 1]
  }

  @discardableResult
  func tryOut(_ spec: CandidateSpec, reference: [Double]?, seconds: Double) throws -> CandidateRecord {
    let number = nextNumber
    announcer.note(best: board.score, left: left)
    announcer.tell(.started(CandidateSummary(spec, number: number)))
    announcer.note(work: "training candidate \(number): \(spec.name)")
    let folder = try folder
    let draft = try folder.draft(number)
    let start = elapsed
    var answers: [Double] = []
    let record: CandidateRecord
    do {
      let outcome = try bagging.train(
        spec, number: number, into: draft, stack: try stackFeatures(spec), reference: reference,
        deadline: clock.deadline(in: seconds),
        hardStop: clock.deadline(in: records.isEmpty ? .infinity : max(left, 0.3)), context: context)
      switch outcome {
      case .completed(let bagged):
        answers = bagged.answers
        record = completed(spec, number, bagged, seconds: elapsed - start)
          .tuned(answers, data.judgedLabels, data.folds.places, data.objective)
      case .stopped(let scores, let reason):
        record = ended(spec, number, .stopped, reason, scores: scores, seconds: elapsed - start)
      }
    } catch let error as JobCancelled {
      draft.discard()
      throw error
    } catch let error as LearnError {
      record = ended(spec, number, .failed, "\(error)", scores: [], seconds: elapsed - start)
    } catch {
      draft.discard()
      throw error
    }
    if record.status != .completed { draft.empty() }
    try folder.keep(draft, record)
    records.append(record)
    if record.status == .completed {
      board.add(record, answers)
      if board.shouldSelect(elapsed: elapsed) {
        if isTuning {
          board.selectBest()
        } else {
          try board.select(rounds: 8, bags: 8, threads: threads)
        }
        try keepEnsemble()
        announcer.note(best: board.score, left: left)
      }
    }
    announcer.tell(.ended(row(record)))
    return record
  }

  func completed(_ spec: CandidateSpec, _ number: Int, _ bagged: Bagged, seconds: Double) -> CandidateRecord {
    let threshold = GreedyEnsemble.threshold(bagged.answers, labels: data.judgedLabels, objective: data.objective)
    return CandidateRecord(
      number: number, spec: spec, status: .completed, reason: nil,
      score: data.objective.value(data.judgedLabels, bagged.answers, threshold: threshold),
      foldScores: bagged.foldScores,
      metrics: Objective.figures(data.problem, data.judgedLabels, bagged.answers, threshold: threshold),
      fitSeconds: seconds,
      predictMillisecondsPerRow: bagged.predictMillisecondsPerRow, elapsed: elapsed, folds: bagged.folds,
      answers: bagged.answersFile)
  }

  func ended(
    _ spec: CandidateSpec, _ number: Int, _ status: CandidateStatus, _ reason: String, scores: [Double],
    seconds: Double
  ) -> CandidateRecord {
    CandidateRecord(
      number: number, spec: spec, status: status, reason: reason, score: nil, foldScores: scores, metrics: [:],
      fitSeconds: seconds, predictMillisecondsPerRow: nil, elapsed: elapsed, folds: [], answers: nil)
  }
}

extension CandidateSpec {
  /// Candidates of the same kind are searched by one thread.
  fileprivate var searchKind: String { "\(name) \(recipe.categories.rawValue) \(boosting?.depth ?? 0 > 0) \(takesLog)" }
}
