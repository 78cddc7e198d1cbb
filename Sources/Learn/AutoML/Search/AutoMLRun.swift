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
  let options: AutoMLOptions
  let context: any JobContext
  let test: DataTable?
  let threads: Int
  /// Nil for a run that is only planned.
  let openFolder: RunFolder?
  let inference: ProblemInference
  let schema: FeatureSchema
  /// What makes vectors of texts beside what is learnt from them.
  let encoder: OpenEncoder?
  let data: RunData
  let division: PlannedDivision.Kind
  let bagging: Bagging
  let clock: RunClock
  let announcer: Announcer
  var records: [CandidateRecord] = []
  var board: EnsembleBoard
  var notes: [String]

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
    var schema = try FeatureSchema.fit(features, rows: inference.rows, target: options.target, context: context)
    guard !schema.columns.isEmpty else {
      throw LearnError.noFeatures(target: options.target, excluded: schema.excluded)
    }
    let hasTexts = schema.columns.contains { $0.kind == .text }
    encoder = try hasTexts ? options.encoder.map { try OpenEncoder($0) } : nil
    schema.encoder = encoder?.reference
    self.schema = schema
    // A plan needs no vectors.
    let asked = folder == nil ? nil : encoder
    var prepared = try PreparedTable(features, schema: schema, encoder: asked, threads: threads, context: context)
    var labels = inference.labels
    var rows = inference.rows
    var weights = roles.weights
    let learnt = Array(0..<labels.rows)
    let (count, repeats) = Self.folds(labels, columns: schema.columns.count, options, threads: threads)
    if let validation {
      let given = try inference.labels(of: validation, target: options.target)
      prepared = prepared.appending(
        try PreparedTable(validation, schema: schema, encoder: asked, threads: threads, context: context))
      rows += given.rows.map { table.rowCount + $0 }
      labels = labels.appending(given.labels)
      weights = weights.map { $0 + Array(repeating: 1, count: given.rows.count) }
    }
    openFolder = folder
    let wanted = RunHeader(
      version: RunHeader.formatVersion, target: options.target, problem: inference.problem, metric: objective,
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
    bagging = Bagging(
      data, threads: threads, announcer: announcer, control: clock.control, workers: options.workers)
    board = EnsembleBoard(labels: data.judgedLabels, objective: objective, seed: options.seed)
    notes = inference.notes + roles.notes
    if let workers = options.workers {
      notes.append("The trees of LightGBM are grown by \(workers.text) together; other learners learn in this process.")
    }
    if options.encoder != nil, !hasTexts {
      notes.append("No column holds free text, so the encoder has nothing to read.")
    }
  }

  /// Folds of a division, and divisions: as many as leave time for a dozen candidates. Small tables get more of both, since a
  /// score of few rows says little.
  static func folds(
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

  var folder: RunFolder {
    get throws {
      guard let openFolder else { throw BundleError.notABundle(folder: "") }
      return openFolder
    }
  }

  // MARK: Time

  var elapsed: Double { clock.elapsed }

  /// What is needed after the last candidate: choosing the final ensemble, writing it, and judging the test rows.
  var reserve: Double {
    let asked = needed
    let answers = (Self.predictMilliseconds(asked) ?? 0) / 1000 * Double(test?.rowCount ?? 0) / Double(threads)
    let reading = test == nil ? 0 : Double(asked.reduce(0) { $0 + $1.bytes }) / 30e6
    return 0.15 + 0.005 * options.timeLimit + board.selectionSeconds * 4 + answers * 1.2 + reading
  }

  var left: Double { options.timeLimit - elapsed - reserve }

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
      try search(keeping: stackingSeconds)
      if stackingSeconds > 0 {
        announcer.enter(.stacking)
        try stack()
        announcer.enter(.search)
        try search(keeping: 0)
      }
    }
    guard board.hasCandidates else {
      throw BundleError.nothingTrained(
        seconds: options.timeLimit, reason: records.compactMap(\.reason).first)
    }
    announcer.note(work: nil)
    context.report(0.98, "choosing the ensemble")
    announcer.enter(.ensemble)
    if isTuning {
      board.selectBest()
    } else {
      try board.select(rounds: options.preset == .best ? 50 : 30, bags: 24, threads: threads)
    }
    try keepEnsemble()
    let kept = board.candidates
    let seen = Set(records.filter { kept.contains($0.number) }.flatMap(\.spec.base))
    for record in records
    where record.status == .completed && !kept.contains(record.number) && !seen.contains(record.number) {
      folder.forgetModels(of: record)
    }
    let judged = try test.map { test in
      context.report(0.99, "judging the test rows")
      announcer.enter(.judging)
      let bundle = try ModelBundle(folder: folder.path, opened: encoder)
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
  func resume(_ folder: RunFolder) {
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

  var portfolio: [CandidateSpec] {
    if let given = options.candidates { return given }
    return Portfolio(
      problem: data.problem, rows: data.labels.rows, outputs: data.labels.outputs, width: schemaWidth,
      preset: isTuning ? .quick : options.preset, suitsLog: suitsLog, texts: texts
    ).candidates
  }

  /// The ways to read texts that the portfolio tries; the first is the usual one.
  var texts: [TextTreatment] {
    guard schema.columns.contains(where: { $0.kind == .text }) else { return [.terms] }
    return options.texts.map { [$0] } ?? (schema.encoder == nil ? [.terms, .vectors] : [.terms, .encoder, .vectors])
  }

  /// True where the best single candidate is to answer.
  var isTuning: Bool {
    switch options.mode {
    case .ensembling: false
    case .tuning: true
    case .auto: Double(data.labels.rows) * Double(schemaWidth) * 8 > 100e6
    }
  }

  /// True for positive labels whose long upper tail a logarithm takes away.
  var suitsLog: Bool {
    guard case .numbers(let numbers) = data.labels, numbers.allSatisfy({ $0 > 0 }) else { return false }
    let skew = NumberEncoding.skew(numbers)
    return skew > 1 && abs(NumberEncoding.skew(numbers.map { log($0) })) < skew / 2
  }

  var isAllowed: Bool { isAllowed(keeping: 0) }

  /// - Parameter kept: candidates that are left to what comes then.
  func isAllowed(keeping kept: Int) -> Bool {
    !clock.control.isFinishing && (options.candidateLimit.map { records.count < $0 - kept } ?? true)
  }

  var nextNumber: Int { (records.map(\.number).max() ?? 0) + 1 }

  func summaries(_ specs: [CandidateSpec], first: Int) -> [CandidateSummary] {
    let open = specs.filter { spec in !records.contains { $0.spec == spec } }
    return open.enumerated().map { CandidateSummary($1, number: first + $0) }
  }

  var plan: AutoMLPlan {
    AutoMLPlan(
      target: options.target, problem: data.problem, reason: inference.reason, metric: data.objective,
      rows: data.labels.rows, labelled: inference.rows.count, classes: inference.classes, features: reportedFeatures,
      excluded: schema.excluded, folds: data.folds.count, division: PlannedDivision(division, data.folds, data.labels),
      notes: notes, candidates: summaries(portfolio, first: nextNumber))
  }

  var reportedFeatures: [ReportedFeature] {
    schema.columns.map { ReportedFeature(column: $0.name, kind: $0.kind) }
  }

  /// Numbers of a row with a feature for each level.
  var schemaWidth: Int {
    schema.columns.reduce(0) { sum, column in
      switch column.content {
      case .number: sum + 1
      case .levels(let levels): sum + min(levels.count, 60)
      case .calendar(let parts): sum + parts.count
      case .text(let statistics, _): sum + statistics.count + TermProjection.widthLimit
      }
    }
  }
}
