import Flow
import Foundation
import Frame
import Insight
import Jobs
import Learn
import Synchronization

/// What rows are predicted with, and what is written.
public struct PredictionRequest: Codable, Sendable, Equatable {
  /// The folder of the model.
  public var bundle: String
  /// True adds a column for the probability of each class.
  public var withProbabilities: Bool
  /// True writes the columns of the source too, before the prediction.
  public var keepsColumns: Bool
  /// The file to write; nil gives the rows back.
  public var path: String?
  /// Nil means what the file's ending says.
  public var format: SourceFormat?

  public init(
    bundle: String, withProbabilities: Bool = false, keepsColumns: Bool = false, path: String? = nil,
    format: SourceFormat? = nil
  ) {
    (self.bundle, self.withProbabilities, self.keepsColumns) = (bundle, withProbabilities, keepsColumns)
    (self.path, self.format) = (path, format)
  }
}

/// Trains models on the rows of a step, and predicts with trained ones.
struct ModelRunner {
  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext

  /// Rows that a run learns from at most; of more, a random sample.
  static let rowLimit = 1_000_000

  /// The same for what a run is asked: a million for each worker.
  static func rowLimit(_ options: AutoMLOptions) -> Int { rowLimit * (options.workers?.count ?? 1) }

  /// - Returns: what the run found; `JobOutput.candidate` is emitted for all that it tells.
  func train(
    _ options: AutoMLOptions, on request: NodeRequest, validation: NodeRequest?, test: NodeRequest?,
    into folder: String, control: AutoMLControl
  ) throws -> AutoMLReport {
    let begun = DispatchTime.now().uptimeNanoseconds
    if isLarge(request) {
      try standIn(options, on: request, folder)
    } else if options.timeLimit >= Self.exploredFrom {
      try explore(options, on: request, validation: validation, test: test, folder)
    }
    context.report(nil, "reading rows")
    let (table, total) = try nodes.reading(request, context) {
      try read($0, seed: options.seed, limit: Self.rowLimit(options))
    }
    let aside = try validation.map(whole)
    let judged = try test.map(whole)
    for (name, rows) in [("validation", aside), ("test", judged)] {
      // Else a run would find out at its end.
      guard let rows, rows[options.target] == nil else { continue }
      throw EngineError.noTarget(options.target, rows: name, columns: rows.schema.map(\.name))
    }
    var options = options
    if options.threads == nil { options.threads = threads }
    let spent = Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9
    let report = try autoML(
      table, validation: aside, test: judged, options: options, folder: folder, spent: spent, control: control,
      context: Announcing(context: context))
    try ContainerText.write(beside: folder)
    if total > table.rowCount {
      context.emit(
        JobOutput.notes([
          "Trained on a random sample of \(table.rowCount.grouped) of \(total.grouped) rows, seed \(options.seed)."
        ]))
    }
    return report
  }

  /// Seconds of a run from which on a look at the rows does not cost it a candidate, and rows that are looked at.
  private static let exploredFrom = 20.0
  private static let exploredRows = 20_000
  /// Seconds after which it is left, or a tenth of the run where that is less.
  private static let mostExploring = 10.0

  /// Says what the rows are before anything learns from them, and keeps that beside the model.
  private func explore(
    _ options: AutoMLOptions, on request: NodeRequest, validation: NodeRequest?, test: NodeRequest?, _ folder: String
  ) throws {
    if let kept = DataExploration(folder: folder) { return context.emit(JobOutput.explored(kept)) }
    let seconds = min(Self.mostExploring, options.timeLimit / 10)
    let hurried = HurriedContext(of: QuietContext(context), seconds: seconds)
    defer { hurried.end() }
    let explorer = DataExplorer(nodes: nodes, threads: threads, context: hurried)
    let asked = ExplorationRequest(
      options, validation: validation, test: test, mostRows: Self.exploredRows, isThorough: false)
    context.report(nil, "exploring the rows")
    do {
      let found = try explorer.explore(asked, on: request)
      context.emit(JobOutput.explored(found))
      // What is wrong with the folder says the training.
      try? found.write(to: folder)
    } catch  where hurried.isOver {
      try context.checkCancelled()
      let long = String(format: "%.0f", seconds)
      context.emit(JobOutput.notes(["Exploring the rows took longer than \(long) s and was left for later."]))
    } catch let error as JobCancelled {
      throw error
    } catch {
      // The training says what is wrong with the rows; a look at them is no reason to end it.
    }
  }

  /// Bytes of a file from which on reading takes so long that a model of its first rows answers meanwhile.
  private static let largeFile = 30 << 20
  /// Rows that it learns from.
  private static let firstRows = 20_000

  private func isLarge(_ request: NodeRequest) -> Bool {
    request.graph.sources.contains { step in
      guard case .source(let source) = step.operation else { return false }
      let bytes = source.locations.reduce(0) { bytes, location in
        let attributes = try? FileManager.default.attributesOfItem(atPath: location)
        return bytes + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
      }
      return bytes >= Self.largeFile
    }
  }

  /// Lets a model of the first rows answer until there is one of all.
  private func standIn(_ options: AutoMLOptions, on request: NodeRequest, _ folder: String) throws {
    context.report(nil, "reading the first rows")
    let head = try nodes.reading(request, head: Self.firstRows, context) { relation in
      try nodes.database.query(
        "SELECT * FROM \(SQL.subquery(relation.sql)) LIMIT \(Self.firstRows)", context: QuietContext(context))
    }
    var options = options
    if options.threads == nil { options.threads = threads }
    let row = try FirstModel.train(
      head, options: options, folder: folder, seconds: 1.5, context: QuietContext(context, emits: false))
    guard row != nil else { return }
    let rows = AnalysisBlock.counted(head.rowCount, "row")
    context.emit(JobOutput.notes(["A model of the first \(rows) answers until one of all rows has ended."]))
  }

  /// What a run would train first.
  func plan(_ options: AutoMLOptions, on request: NodeRequest, validation: NodeRequest?) throws -> AutoMLPlan {
    context.report(nil, "reading rows")
    let (table, _) = try nodes.reading(request, context) { try read($0, seed: options.seed) }
    let aside = try validation.map(whole)
    var options = options
    if options.threads == nil { options.threads = threads }
    return try autoMLPlan(table, validation: aside, options: options, context: QuietContext(context))
  }

  /// All rows of a step.
  func whole(_ request: NodeRequest) throws -> DataTable {
    try nodes.reading(request, context) { try nodes.database.query($0.sql, context: QuietContext(context)) }
  }

  /// The same as an analysis, with all candidates in the order in which they ended.
  func train(_ study: AutoMLStudy, on request: NodeRequest, control: AutoMLControl) throws -> AutoMLResult {
    let (test, validation) = (study.judging(request.graph), study.validating(request.graph))
    if study.isPlanOnly == true {
      return AutoMLResult(plan: try plan(study.options, on: request, validation: validation))
    }
    let earlier = try RunHistory(folder: study.folder)
    if let earlier { context.emit(JobOutput.history(earlier)) }
    let trials = Mutex(earlier.map { AutoMLResult($0).trials } ?? [])
    let noting = Noting(context: context) { progress in
      guard let row = progress.row else { return }
      trials.withLock { list in
        list.append(AutoMLTrial(row: row, elapsed: progress.elapsed, best: progress.best))
      }
    }
    let runner = ModelRunner(nodes: nodes, threads: threads, context: noting)
    let report = try runner.train(
      study.options, on: request, validation: validation, test: test, into: study.folder, control: control)
    return AutoMLResult(trials: trials.withLock { $0 }, report: report)
  }

  /// Rows that columns are dealt out among at most; of more, a random sample.
  static let importanceRows = 2_000

  /// What the loss of each column costs the model of a run: on its test rows where it has some, else on the step's.
  func importance(_ study: AutoMLStudy, on request: NodeRequest) throws -> LossImportance {
    context.report(0, "reading the model")
    let bundle = try ModelBundle(folder: study.folder)
    let test = study.judging(request.graph)
    let (table, _) = try nodes.reading(test ?? request, context) { relation in
      try read(relation, seed: study.options.seed, limit: Self.importanceRows)
    }
    return try LossImportance(
      bundle, table, isUnseen: test != nil, seed: study.options.seed,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, context: context)
  }

  /// What the label of a step would be taken for, and whether the options go with it; reads the columns that they name
  /// alone.
  func problem(_ options: AutoMLOptions, on request: NodeRequest) throws -> InferredProblem {
    let named = [options.target, options.weightColumn, options.groupColumn, options.timeColumn].compactMap(\.self)
    let (table, _) = try nodes.reading(request, context) { relation in
      try relation.schema.check(named)
      var columns = relation
      columns.schema = relation.schema.filter { named.contains($0.name) }
      columns.sql =
        "SELECT \(SQL.identifiers(columns.schema.map(\.name))) FROM \(SQL.subquery(relation.sql))"
      return try read(columns, seed: options.seed)
    }
    return try InferredProblem(table, options)
  }

  func read(
    _ relation: NodeRelation, seed: UInt64, limit: Int = ModelRunner.rowLimit
  ) throws -> (DataTable, total: Int) {
    let runner = AnalysisRunner(nodes: nodes, threads: threads, context: QuietContext(context))
    let total = try relation.rows ?? runner.count(relation.sql)
    let sql = try sampled(relation, of: total, seed: seed, limit: limit)
    return (try nodes.database.query(sql, context: QuietContext(context)), total)
  }

  /// A SELECT of all rows, or of a random sample of `limit` where there are more.
  func sampled(_ relation: NodeRelation, of total: Int, seed: UInt64, limit: Int) throws -> String {
    guard total > limit else { return relation.sql }
    var graph = FlowGraph()
    let whole = graph.addSource(Source(location: "rows"))
    let sample = try graph.add(.sample(.random(limit, seed: seed)), after: whole)
    let rows = Relation(sql: relation.sql, schema: relation.schema)
    return try Compiler(graph, relations: [whole: rows]).sql(for: sample)
  }

  /// Predicts every row of a step.
  func predict(_ prediction: PredictionRequest, on request: NodeRequest) throws -> JobOutput {
    context.report(nil, "reading the model")
    let bundle = try ModelBundle(folder: prediction.bundle)
    return try nodes.reading(request, context) { relation in
      context.report(nil, "reading rows")
      let table = try nodes.database.query(relation.sql, context: QuietContext(context))
      context.report(nil, "predicting")
      var found = try bundle.predictions(
        table, withProbabilities: prediction.withProbabilities,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, context: context)
      guard prediction.keepsColumns else { return try finished(found, prediction, sql: nil) }
      let taken = Set(table.schema.map { $0.name.lowercased() })
      for index in found.columns.indices {
        while taken.contains(found.columns[index].column.name.lowercased()) { found.columns[index].column.name += "_1" }
      }
      if prediction.path == nil {
        return .table(DataTable(columns: table.columns + found.columns, rowCount: table.rowCount))
      }
      return try finished(found, prediction, sql: relation.sql)
    }
  }

  /// Gives the predictions back, or writes them beside the rows of `sql`.
  private func finished(_ table: DataTable, _ prediction: PredictionRequest, sql: String?) throws -> JobOutput {
    guard let path = prediction.path else { return .table(table) }
    return .written(path: path, rows: try write(table, to: path, format: prediction.format, beside: sql))
  }

  /// Writes a table to a file, beside the rows of `sql` where there are some; returns the number of rows.
  func write(_ table: DataTable, to path: String, format: SourceFormat?, beside sql: String? = nil) throws -> Int {
    let scratch = FileManager.default.temporaryDirectory.path + "/assay-\(UUID().uuidString).csv"
    guard
      FileManager.default.createFile(
        atPath: scratch, contents: Self.csv(table), attributes: [.posixPermissions: 0o600])
    else { throw BundleError.unwritable(file: scratch, reason: String(cString: strerror(errno))) }
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let types = table.schema.map { "\(SQL.text($0.name)): \(SQL.text($0.type))" }.joined(separator: ", ")
    let rows =
      "SELECT * FROM read_csv(\(SQL.text(scratch)), header = true, delim = ',', quote = '\"', escape = '\"', "
      + "auto_detect = false, columns = {\(types)})"
    let all = sql.map { "SELECT * FROM \(SQL.subquery($0)) POSITIONAL JOIN \(SQL.subquery(rows))" } ?? rows
    return try nodes.database.write(all, to: path, format: format, context: QuietContext(context))
  }

  /// A table as CSV, every text in quotes.
  private static func csv(_ table: DataTable) -> Data {
    func quoted(_ text: String) -> String { "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
    var text = table.schema.map { quoted($0.name) }.joined(separator: ",") + "\n"
    for row in 0..<table.rowCount {
      text += table.columns.map { column in
        if case .texts(let cells) = column.data { return quoted(cells[row]) }
        return column.text(row) ?? ""
      }.joined(separator: ",")
      text += "\n"
    }
    return Data(text.utf8)
  }

  /// Keeps what it hands on of candidates that have ended.
  private struct Noting: JobContext {
    let context: any JobContext
    let note: @Sendable (AutoMLProgress) -> Void
    func checkCancelled() throws { try context.checkCancelled() }
    func report(_ fraction: Double?, _ note: String) { context.report(fraction, note) }
    func emit(_ partial: any Sendable) {
      if case .candidate(let progress)? = partial as? JobOutput { note(progress) }
      context.emit(partial)
    }
    func onCancel(_ action: @escaping @Sendable () -> Void) { context.onCancel(action) }
  }

  /// Tells of candidates in the words of the engine.
  private struct Announcing: JobContext {
    let context: any JobContext
    func checkCancelled() throws { try context.checkCancelled() }
    func report(_ fraction: Double?, _ note: String) { context.report(fraction, note) }
    func emit(_ partial: any Sendable) {
      if let progress = partial as? AutoMLProgress {
        context.emit(JobOutput.candidate(progress))
      } else {
        context.emit(partial)
      }
    }
    func onCancel(_ action: @escaping @Sendable () -> Void) { context.onCancel(action) }
  }
}
