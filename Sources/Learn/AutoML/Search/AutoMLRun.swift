// A run: infers the problem, trains the portfolio, then searches around the best until the time is out. The ensemble of what
// is there is on disk after the first candidate, and whenever a better one is found.

import Foundation
import Frame
import Jobs
import Numerics

/// Trains an ensemble on a table within a time limit, into a folder that `ModelBundle` reads.
///
/// A folder that holds the same run, cut short, is gone on with: its candidates count, and so does their time. What a candidate
/// scores depends on the data, its settings and the seed alone; how many there are depends on the time.
///
/// - Parameters:
///   - validation: rows with the label that candidates are judged on, instead of folds.
///   - test: rows with the label that the ensemble is judged on in the end.
///   - spent: seconds of the time limit that have gone already, such as for reading the table.
///   - control: the reins; `AutoMLProgress` values are emitted through `context`.
/// - Throws: `LearnError`, `BundleError`, `JobCancelled`; the best so far is then in the folder nevertheless.
public func autoML(
  _ table: DataTable, validation: DataTable? = nil, test: DataTable? = nil, options: AutoMLOptions, folder: String,
  spent: Double = 0,
  control: AutoMLControl = AutoMLControl(), context: any JobContext = SilentContext()
) throws -> AutoMLReport {
  try options.validate()
  return try AutoMLRun(
    table, validation, test, options, folder: RunFolder(folder), spent: spent, control, context
  ).report()
}

/// What a run over a table would train first, without training anything.
///
/// - Throws: as `autoML`.
public func autoMLPlan(
  _ table: DataTable, validation: DataTable? = nil, options: AutoMLOptions, context: any JobContext = SilentContext()
) throws -> AutoMLPlan {
  try options.validate()
  return try AutoMLRun(table, validation, nil, options, folder: nil, spent: 0, AutoMLControl(), context).plan
}

/// One run, step by step.
final class AutoMLRun {
  private let options: AutoMLOptions
  private let context: any JobContext
  private let test: DataTable?
  private let threads: Int
  /// Nil for a run that is only planned.
  private let openFolder: RunFolder?
  private let inference: ProblemInference
  private let schema: FeatureSchema
  private let data: RunData
  private let division: PlannedDivision.Kind
  private let bagging: Bagging
  private let clock: RunClock
  private let announcer: Announcer
  private var records: [CandidateRecord] = []
  private var board: EnsembleBoard
  private var notes: [String]

  init(
    _ table: DataTable, _ validation: DataTable?, _ test: DataTable?, _ options: AutoMLOptions, folder: RunFolder?,
    spent: Double, _ control: AutoMLControl, _ context: any JobContext
  ) throws {
    clock = RunClock(limit: options.timeLimit, spent: spent, control: control)
    self.options = options
    self.context = context
    self.test = test
    threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    context.report(0, "looking at the label")
    inference = try ProblemInference(table, target: options.target, choice: options.problem)
    let metrics = Objective.all(for: inference.problem)
    let objective = options.metric ?? metrics[0]
    guard metrics.contains(objective) else {
      throw LearnError.option(
        name: "metric", value: objective.rawValue,
        allowed: "one of \(metrics.map(\.rawValue).joined(separator: ", ")) for \(inference.problem.title)")
    }
    context.report(0, "preparing the columns")
    let roles = try RowRoles(table, rows: inference.rows, labels: inference.labels, options)
    let features = DataTable(
      columns: table.columns.filter { !roles.taken.contains($0.column.name) }, rowCount: table.rowCount)
    schema = try FeatureSchema.fit(features, rows: inference.rows, target: options.target, context: context)
    guard !schema.columns.isEmpty else {
      throw LearnError.noFeatures(target: options.target, excluded: schema.excluded)
    }
    var prepared = try PreparedTable(features, schema: schema, context: context)
    var labels = inference.labels
    var rows = inference.rows
    var weights = roles.weights
    let learnt = Array(0..<labels.rows)
    let (count, repeats) = Self.folds(labels, columns: schema.columns.count, options, threads: threads)
    if let validation {
      let given = try inference.labels(of: validation, target: options.target)
      prepared = prepared.appending(try PreparedTable(validation, schema: schema, context: context))
      rows += given.rows.map { table.rowCount + $0 }
      labels = labels.appending(given.labels)
      weights = weights.map { $0 + Array(repeating: 1, count: given.rows.count) }
    }
    openFolder = folder
    let wanted = RunHeader(
      version: BundleManifest.formatVersion, target: options.target, problem: inference.problem, metric: objective,
      preset: options.preset, seed: options.seed, folds: count, repeats: repeats,
      division: options.division(hasValidation: validation != nil), data: prepared.fingerprint(schema, labels))
    let header = try folder?.begin(wanted) ?? wanted
    let folds: Folds
    division =
      validation != nil ? .validation : roles.groups != nil ? .groups : roles.moments != nil ? .time : .random
    if validation != nil {
      folds = Folds(learnt: learnt, judged: Array(learnt.count..<labels.rows))
    } else if let groups = roles.groups {
      folds = Folds(groups: groups, count: header.folds, repeats: header.repeats, seed: options.seed)
    } else if let moments = roles.moments {
      folds = Folds(moments: moments, count: header.folds)
    } else {
      folds = Folds(labels, count: header.folds, repeats: header.repeats, seed: options.seed)
    }
    data = RunData(
      problem: inference.problem, objective: objective, table: prepared, rows: rows, labels: labels, weights: weights,
      folds: folds, seed: options.seed)
    if let folder {
      try JudgedRows.write(
        data.judgedLabels, folds: folds.places, target: options.target, classes: inference.classes, to: folder.path)
    }
    announcer = Announcer(clock, objective, context)
    bagging = Bagging(data, threads: threads, announcer: announcer, control: clock.control)
    board = EnsembleBoard(labels: data.judgedLabels, objective: objective, seed: options.seed)
    notes = inference.notes + roles.notes
  }

  /// Folds of a division, and divisions: as many as leave time for a dozen candidates. Small tables get more of both, since a
  /// score of few rows says little.
  private static func folds(
    _ labels: Labels, columns: Int, _ options: AutoMLOptions, threads: Int
  ) -> (count: Int, repeats: Int) {
    let trees = labels.outputs > 2 ? Double(labels.outputs).squareRoot() : 1
    // What boosting takes for a cell of the table, in seconds.
    let fit = max(Double(labels.rows * max(columns, 4)) * trees * 4.5e-6, 0.02)
    let fits = options.timeLimit * Double(min(threads, 16)) / fit
    let isSmall = labels.rows <= 2_500
    switch options.preset {
    case .quick: return (fits > 40 ? 4 : 3, 1)
    case .balanced, .best:
      let wanted = options.preset == .best ? fits * 1.6 : fits
      if wanted < 14 { return (3, 1) }
      if wanted < 35 { return (4, 1) }
      if wanted < 80 { return (5, 1) }
      return (8, !isSmall || wanted < 250 ? 1 : wanted < 1_000 ? 2 : 3)
    }
  }

  private var folder: RunFolder {
    get throws {
      guard let openFolder else { throw BundleError.notABundle(folder: "") }
      return openFolder
    }
  }

  // MARK: Time

  private var elapsed: Double { clock.elapsed }

  /// What is needed after the last candidate: choosing the final ensemble, writing it, and judging the test rows.
  private var reserve: Double {
    let answers = (board.predictMilliseconds ?? 0) / 1000 * Double(test?.rowCount ?? 0) / Double(threads)
    let reading = test == nil ? 0 : Double(board.bytes) / 30e6
    return 0.15 + 0.005 * options.timeLimit + board.selectionSeconds * 4 + answers * 1.2 + reading
  }

  private var left: Double { options.timeLimit - elapsed - reserve }

  // MARK: The run

  func report() throws -> AutoMLReport {
    let folder = try folder
    resume(folder)
    announcer.note(best: nil, left: left)
    announcer.tell(.prepared(plan))
    announcer.enter(.portfolio)
    try trainPortfolio()
    try meetRequests()
    if options.preset != .quick, options.candidates == nil {
      announcer.enter(.search)
      try search()
    }
    guard board.hasCandidates else {
      throw BundleError.nothingTrained(
        seconds: options.timeLimit, reason: records.compactMap(\.reason).first)
    }
    context.report(0.98, "choosing the ensemble")
    announcer.enter(.ensemble)
    if isTuning {
      board.selectBest()
    } else {
      try board.select(rounds: options.preset == .best ? 50 : 30, bags: 24, threads: threads)
    }
    try keepEnsemble()
    for record in records where record.status == .completed && !board.candidates.contains(record.number) {
      folder.forgetModels(of: record)
    }
    let judged = try test.map { test in
      context.report(0.99, "judging the test rows")
      announcer.enter(.judging)
      let bundle = try ModelBundle(folder: folder.path)
      let found = try bundle.judge(test, threads: threads, context: context)
      return TestReport(rows: found.rows, metrics: found.figures)
    }
    let report = finished(judged)
    try folder.write(report)
    announcer.enter(.done)
    context.report(1, "done")
    return report
  }

  /// Takes up what earlier runs into the folder have finished.
  private func resume(_ folder: RunFolder) {
    records = folder.records()
    guard !records.isEmpty else { return }
    clock.add(records.map(\.elapsed).max() ?? 0)
    for record in records {
      guard let answers = folder.answers(of: record), answers.count == data.judgedLabels.rows * data.labels.outputs
      else {
        continue
      }
      board.add(record, answers)
    }
    notes.append("Went on with \(counted(records.count, "candidate")) of an earlier run.")
  }

  private func trainPortfolio() throws {
    let specs = portfolio
    for (position, spec) in specs.enumerated() where !records.contains(where: { $0.spec == spec }) {
      try meetRequests()
      guard left > 0.3 || records.isEmpty, isAllowed else { return }
      announcer.note(queue: summaries(Array(specs[(position + 1)...]), first: nextNumber + 1))
      // What can learn for a moment only is of no use.
      if position > 0, left < 0.3 * typicalSeconds { return }
      // The first is to be there at once; later ones may take a part of what is left.
      let share = position == 0 ? max(0.5, 0.02 * options.timeLimit) : max(left * 0.5, 0.3)
      try tryOut(spec, reference: nil, seconds: share)
    }
  }

  /// What a candidate takes that is not cut short, about.
  private var typicalSeconds: Double {
    let seconds = records.dropFirst().filter { $0.status == .completed }.map(\.fitSeconds).sorted()
    return seconds.isEmpty ? 0 : seconds[seconds.count / 2]
  }

  private var portfolio: [CandidateSpec] {
    if let given = options.candidates { return given }
    return Portfolio(
      problem: data.problem, rows: data.labels.rows, outputs: data.labels.outputs, width: schemaWidth,
      preset: isTuning ? .quick : options.preset, suitsLog: suitsLog, hasWeights: data.weights != nil
    ).candidates
  }

  /// True where the best single candidate is to answer.
  private var isTuning: Bool {
    switch options.mode {
    case .ensembling: false
    case .tuning: true
    case .auto: Double(data.labels.rows) * Double(schemaWidth) * 8 > 100e6
    }
  }

  /// True for positive labels whose long upper tail a logarithm takes away.
  private var suitsLog: Bool {
    guard case .numbers(let numbers) = data.labels, numbers.allSatisfy({ $0 > 0 }) else { return false }
    let skew = NumberEncoding.skew(numbers)
    return skew > 1 && abs(NumberEncoding.skew(numbers.map { log($0) })) < skew / 2
  }

  private var isAllowed: Bool {
    !clock.control.isFinishing && (options.candidateLimit.map { records.count < $0 } ?? true)
  }

  private var nextNumber: Int { (records.map(\.number).max() ?? 0) + 1 }

  private func summary(_ spec: CandidateSpec, _ number: Int) -> CandidateSummary {
    CandidateSummary(
      number: number, model: spec.name, settings: spec.text, recipe: spec.recipe.text, level: 1, spec: spec)
  }

  private func summaries(_ specs: [CandidateSpec], first: Int) -> [CandidateSummary] {
    let open = specs.filter { spec in !records.contains { $0.spec == spec } }
    return open.enumerated().map { summary($1, first + $0) }
  }

  var plan: AutoMLPlan {
    AutoMLPlan(
      target: options.target, problem: data.problem, reason: inference.reason, metric: data.objective,
      rows: data.labels.rows, labelled: inference.rows.count, classes: inference.classes, features: reportedFeatures,
      excluded: schema.excluded, folds: data.folds.count, division: PlannedDivision(division, data.folds, data.labels),
      notes: notes,
      candidates: summaries(portfolio, first: nextNumber))
  }

  private var reportedFeatures: [ReportedFeature] {
    schema.columns.map { ReportedFeature(column: $0.name, kind: $0.kind) }
  }

  /// Trains what somebody asked for; waits while the run is paused.
  private func meetRequests() throws {
    if clock.control.isPaused {
      announcer.tell(.paused(true))
      while clock.control.isPaused {
        Thread.sleep(forTimeInterval: 0.05)
        try context.checkCancelled()
      }
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

  /// Numbers of a row with a feature for each level.
  private var schemaWidth: Int {
    schema.columns.reduce(0) { sum, column in
      switch column.content {
      case .number: sum + 1
      case .levels(let levels): sum + min(levels.count, 60)
      case .calendar(let parts): sum + parts.count
      case .text(let statistics, _): sum + statistics.count + TermProjection.widthLimit
      }
    }
  }

  /// The best of very many candidates on few rows is the luckiest: an ensemble of small tables is not searched for long.
  private var mostCandidates: Int { data.labels.rows < 1_500 ? 0 : data.labels.rows / 20 }

  private func search() throws {
    var random = RandomSource(seed: options.seed).split("search").split(UInt64(records.count))
    let space = BoostingSpace(rows: data.labels.rows)
    var threads: [LocalSearch] = []
    for kind in Set(records.map(\.spec.searchKind)).sorted() {
      let best = records.filter { $0.status == .completed && $0.spec.searchKind == kind }
        .max { data.objective.gain($0.score) < data.objective.gain($1.score) }
      if let best,
        let thread = LocalSearch(
          best.spec, gain: data.objective.gain(best.score), cost: best.fitSeconds, space: space)
      {
        threads.append(thread)
      }
    }
    while isAllowed, isTuning || records.count < mostCandidates {
      try meetRequests()
      let open = threads.indices.filter { !threads[$0].hasConverged && threads[$0].lastCost * 0.8 < left }
      guard !open.isEmpty, left > 0.3 else { return }
      let index = Self.draw(open, threads, &random)
      let spec = threads[index].propose(&random)
      if records.contains(where: { $0.spec == spec }) {
        threads[index].note(spec, gain: -.infinity, cost: 0.001)
        continue
      }
      let incumbent = records.first { $0.spec == threads[index].incumbent }
      let record = try tryOut(spec, reference: incumbent?.foldScores, seconds: max(left, 0.3))
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
  private func tryOut(_ spec: CandidateSpec, reference: [Double]?, seconds: Double) throws -> CandidateRecord {
    let number = nextNumber
    announcer.note(best: board.score, left: left)
    announcer.tell(.started(summary(spec, number)))
    context.report(min(elapsed / options.timeLimit, 0.97), "training candidate \(number): \(spec.name)")
    let folder = try folder
    let draft = try folder.draft(number)
    let start = elapsed
    var answers: [Double] = []
    let record: CandidateRecord
    do {
      let outcome = try bagging.train(
        spec, number: number, into: draft, reference: reference, deadline: clock.deadline(in: seconds),
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

  private func completed(_ spec: CandidateSpec, _ number: Int, _ bagged: Bagged, seconds: Double) -> CandidateRecord {
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

  private func ended(
    _ spec: CandidateSpec, _ number: Int, _ status: CandidateStatus, _ reason: String, scores: [Double],
    seconds: Double
  ) -> CandidateRecord {
    CandidateRecord(
      number: number, spec: spec, status: status, reason: reason, score: nil, foldScores: scores, metrics: [:],
      fitSeconds: seconds, predictMillisecondsPerRow: nil, elapsed: elapsed, folds: [], answers: nil)
  }

  // MARK: Results

  /// Writes the ensemble that was chosen last; from now on it answers.
  private func keepEnsemble() throws {
    defer { announcer.tell(.ensemble(ensembleRow)) }
    try folder.write(
      BundleManifest(
        version: BundleManifest.formatVersion, problem: data.problem, target: options.target,
        classes: inference.classes, metric: data.objective, score: board.score ?? .nan, temperature: board.temperature,
        threshold: board.threshold, schema: schema, members: board.members))
  }

  private func row(_ record: CandidateRecord) -> LeaderboardRow {
    let scores = record.shownScores
    return LeaderboardRow(
      model: record.spec.name, candidate: record.number, settings: record.spec.text, score: record.score,
      std: scores.count > 1 && record.score != nil ? Statistics.standardDeviation(scores) : nil,
      metrics: record.metrics, fitSeconds: record.fitSeconds,
      predictMillisecondsPerRow: record.predictMillisecondsPerRow, bytes: record.bytes,
      weight: board.weight(of: record.number), recipe: record.spec.recipe.text, level: 1, foldScores: scores,
      isTied: isTied(record), status: record.status, reason: record.reason)
  }

  /// Whether the differences to the best candidate's folds are as small as chance makes them: |t| of the corrected
  /// resampled t-test (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366) below the 97.5 % point.
  private func isTied(_ record: CandidateRecord) -> Bool? {
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

  private var ensembleRow: LeaderboardRow {
    let foldScores = board.foldScores(data.folds)
    return LeaderboardRow(
      model: "Ensemble", candidate: nil, settings: board.text, score: board.score,
      std: foldScores.count > 1 ? Statistics.standardDeviation(foldScores) : nil,
      metrics: Objective.figures(data.problem, data.judgedLabels, board.answers, threshold: board.threshold),
      fitSeconds: records.reduce(0) { $0 + $1.fitSeconds }, predictMillisecondsPerRow: board.predictMilliseconds,
      bytes: board.bytes, weight: nil, recipe: nil, level: 1, foldScores: foldScores, isTied: nil, status: .completed,
      reason: nil)
  }

  private func finished(_ judged: TestReport?) -> AutoMLReport {
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

extension CandidateSpec {
  /// Candidates of the same kind are searched by one thread.
  fileprivate var searchKind: String { "\(name) \(recipe.categories.rawValue) \(boosting?.depth ?? 0 > 0) \(takesLog)" }
}

/// The 97.5 % point of Student's distribution, by the expansion of Cornish and Fisher (Abramowitz and Stegun, 26.7.5).
func studentQuantile(degrees: Int) -> Double {
  let (z, n) = (1.959963985, Double(degrees))
  let first = (pow(z, 3) + z) / 4
  let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
  let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
  return z + first / n + second / (n * n) + third / (n * n * n)
}
