import Cloud
import Flow
import Foundation
import Frame
import Insight
import Jobs
import Learn
import Plot
import Synchronization

/// Turns a `JobSpec` into work and its result: the one place that screens, subcommands and sessions share.
///
/// `run` does the work on the calling thread; `submit` does it on a background lane and posts events. The database is
/// opened by the first job that needs it, so that making an engine costs nothing.
public final class Engine: Sendable {
  /// What an engine may use.
  public struct Configuration: Sendable {
    public var locations: Locations
    /// Threads for queries and training; nil means every processor.
    public var threads: Int?
    /// Bytes that the database keeps in memory before it spills.
    public var memoryLimit: Int
    /// True for a person at a screen: sources are read once into the session's database. False reads them straight
    /// from their files, which is quicker for one job; what a job reads several times stands in a table meanwhile.
    public var keepsTables: Bool
    /// Seconds that a filter may take before its first rows are looked for beside it.
    public var patience = 0.15
    /// Says with which credentials `s3://` is read.
    public var environment = ProcessInfo.processInfo.environment
    /// Bytes of vectors that are kept of columns searched by meaning; nil means a fair share of the disk.
    public var vectorLimit: Int?
    /// Holds the tables that `spark:` names.
    public var cluster: ClusterPlace?

    public init(
      locations: Locations = .standard, threads: Int? = nil, memoryLimit: Int = DatabaseOptions.defaultMemoryLimit,
      keepsTables: Bool = true
    ) {
      self.locations = locations
      self.threads = threads
      self.memoryLimit = memoryLimit
      self.keepsTables = keepsTables
    }
  }

  public let configuration: Configuration
  private let mailbox: Mailbox<JobOutput>
  private let queue: JobQueue<JobOutput>
  private let trainings = RunningTrainings()
  private let lazyNodes = Mutex<Result<NodeStore, any Error>?>(nil)
  /// One for all questions to AWS, so that connections and credentials are kept.
  private let lazyCloud = Mutex<CloudSession?>(nil)

  /// - Parameter wake: called from worker threads when events wait to be drained.
  public init(configuration: Configuration = Configuration(), wake: @escaping @Sendable () -> Void = {}) {
    self.configuration = configuration
    mailbox = Mailbox(wake: wake)
    queue = JobQueue(mailbox: mailbox)
  }

  /// Starts a job on its lane.
  public func submit(_ spec: JobSpec) -> JobID {
    queue.submit(spec.lane) { [weak self] context in
      guard let self else { throw JobCancelled() }
      return try self.run(spec, context: context)
    }
  }

  public func cancel(_ id: JobID) { queue.cancel(id) }

  /// Events since the last call, in order.
  public func drain() -> [JobEvent<JobOutput>] { mailbox.drain() }

  /// Stops all work and removes what the session kept on disk.
  public func close() {
    queue.close()
    lazyNodes.withLock { nodes in
      if case .success(let store)? = nodes { store.remove() }
      nodes = nil
    }
  }

  func nodes() throws -> NodeStore {
    try lazyNodes.withLock { nodes in
      if let nodes { return try nodes.get() }
      let opened = Result { try NodeStore(configuration) }
      nodes = opened
      return try opened.get()
    }
  }

  private func cloud(_ spec: CloudSpec, _ context: any JobContext) throws -> CloudAnswer {
    if case .statement(let request) = spec {
      return .statement(try script(request, dialect: .trino, context: context))
    }
    let session = lazyCloud.withLock { cloud in
      if let cloud { return cloud }
      let new = CloudSession(CloudSettings(environment: configuration.environment))
      cloud = new
      return new
    }
    if case .publish(let publication) = spec { return try publish(publication, session, context) }
    return try runner(session, context).run(spec)
  }

  /// Runs a query of Athena in a session of one's own.
  public func athena(
    _ query: AthenaQuery, _ session: CloudSession, context: any JobContext = SilentContext()
  ) throws -> AthenaOutcome {
    try runner(session, context).run(query)
  }

  private func runner(_ session: CloudSession, _ context: any JobContext) -> CloudRunner {
    CloudRunner(session: session, locations: configuration.locations, context: context) { [self] source in
      var extent = (columns: 0, rows: 0)
      try stream(
        "SELECT * FROM data LIMIT 0", over: source, context: context, begin: { extent.columns = $0.count },
        rows: { _ in })
      try stream(
        "SELECT count(*) FROM data", over: source, context: context, begin: { _ in },
        rows: { table in
          extent.rows = table.text(0, 0).flatMap { Int($0) } ?? extent.rows
        })
      return extent
    }
  }

  // MARK: Running

  /// Does a job on the calling thread.
  public func run(_ spec: JobSpec, context: any JobContext = SilentContext()) throws -> JobOutput {
    if case .serve(let request) = spec { return try ServingRunner(context: context).run(request) }
    if case .cloud(let spec) = spec { return .cloud(try cloud(spec, context)) }
    let nodes = try nodes()
    switch try spec.filled() {
    case .preview(let source): return .preview(try nodes.database.preview(source, rows: 200, context: context))
    case .sheets(let source): return .sheets(try nodes.database.sheets(source, context: context))
    case .open(let request): return .opened(try nodes.open(request, context))
    case .rows(let request, let range): return .rows(try nodes.rows(request, range, context))
    case .tail(let request, let count): return .rows(try nodes.tail(request, count, context))
    case .find(let request, let search): return .found(try nodes.find(request, search, context))
    case .locate(let request, let row): return .position(try nodes.locate(request, row: row, context))
    case .rowIDs(let request, let range): return .rowIDs(try nodes.rowIDs(request, range, context))
    case .count(let request): return .count(try nodes.shownRows(request, context))
    case .losses(let request): return .losses(try nodes.losses(request, context))
    case .header(let request):
      return .header(
        try nodes.reading(request, head: 100_001, context) { relation in
          try headerProfile(
            of: relation.schema.map(\.name), rows: 100_000, relation: relation.sql, schema: relation.schema,
            in: nodes.database, context: context)
        })
    case .analyze(let request, let spec):
      let (result, provenance) = try analyze(request, spec, nodes, context)
      return .analysis(result, provenance)
    case .inspect(let request, let column, let target):
      return .inspection(
        try nodes.reading(request, context) { schema -> Passes in
          let names = [column] + (target.map { [$0] } ?? [])
          try schema.check(names)
          return .several(columns: names)
        } _: { relation, context in
          try inspection(
            of: column, target: target, relation: relation.sql, schema: relation.schema, in: nodes.database,
            context: context)
        })
    case .effect(let request): return .effect(try nodes.effect(request, context))
    case .fit(let request): return try nodes.fit(request, context)
    case .lineage(let request, let column): return .lineage(try nodes.lineage(of: column, request, context))
    case .write(let request, let path, let format):
      let written = try nodes.write(request, to: path, format: format, context)
      return .written(path: path, rows: written.rows, engine: written.engine)
    case .copy(let request, let copy): return .copied(try nodes.copy(request, copy, context))
    case .exportReport(let report, let path, let title):
      return .exported(path: try report.write(to: path, title: title).first ?? path)
    case .exportBias(let result, let path, let title):
      return .exported(path: try result.write(to: path, title: title).first ?? path)
    case .flipRow(let request, let spec, let cells):
      let threads = configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = ExplanationRunner(nodes: nodes, threads: threads, context: context)
      return .flippedRow(
        try nodes.reading(request, context) { try runner.flip(cells, spec, $0, of: request) })
    case .exportExplanation(let found, let path, let title):
      return .exported(path: try found.write(to: path, title: title).first ?? path)
    case .exportTexts(let found, let path):
      return .written(path: path, rows: try found.write(to: path, nodes.database, context))
    case .exportChart(let chart, let path, let options):
      try chart.write(to: path, options: options)
      return .exported(path: path)
    case .exportFlow(let flow, let node, let path):
      try flow.export(to: path, node: node, engine: self, context: context)
      return .exported(path: path)
    case .automl(let request, let options, let validation, let test, let folder):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .trained(
        try trainings.during(folder) { control in
          try runner.train(
            options, on: request, validation: validation, test: test, into: folder, control: control)
        })
    case .planTraining(let request, let options, let validation):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .planned(try runner.plan(options, on: request, validation: validation))
    case .explore(let request, let exploration):
      let explorer = DataExplorer(nodes: nodes, threads: configuration.threads, context: context)
      return .explored(try explorer.explore(exploration, on: request))
    case .steerTraining(let folder, let request): return .steered(trainings.ask(request, folder: folder))
    case .problem(let request, let options):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .problem(try runner.problem(options, on: request))
    case .history(let folder): return .history(try RunHistory(folder: folder))
    case .candidate(let folder, let number):
      return .candidateReport(try CandidateReport(folder: folder, candidate: number))
    case .importance(let request, let study):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .importance(try runner.importance(study, on: request))
    case .modelShap(let request, let study, let candidate):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .modelShap(try runner.shap(study, candidate: candidate, on: request))
    case .modelBias(let request, let study, let question):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return .modelBias(try runner.bias(question, study, on: request))
    case .exportExploration(let found, let path):
      return .exported(path: try found.write(to: path, title: found.title).first ?? path)
    case .keptExploration(let folder): return .keptExploration(DataExploration(folder: folder))
    case .keepExploration(let found, let folder):
      try found.write(to: folder)
      return .keptExploration(found)
    case .exportModel(let card, let path, let title):
      return .exported(path: try card.completed().write(to: path, title: title).first ?? path)
    case .predict(let request, let prediction):
      let runner = ModelRunner(nodes: nodes, threads: configuration.threads, context: context)
      return try runner.predict(prediction, on: request)
    case .serve(let request): return try ServingRunner(context: context).run(request)
    case .spark(let query, let path, let format):
      let runner = ClusterRunner(database: nodes.database, context: context)
      return .written(path: path, rows: try runner.write(query, to: path, format: format))
    case .cluster(let run):
      guard let cluster = run.place.map({ Cluster($0) }) ?? nodes.cluster else { throw EngineError.noCluster }
      return .ranOnCluster(try ClusterFlow(nodes: nodes, cluster: cluster, context: context).run(run))
    case .query(let source, let sql): return .table(try nodes.query(source, sql, context))
    case .explain(let request, let spec):
      let threads = configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = ExplanationRunner(nodes: nodes, threads: threads, context: context)
      return .explained(try nodes.reading(request, context) { try runner.run(spec, $0) })
    case .explainRow(let request, let spec, let cells):
      let threads = configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = ExplanationRunner(nodes: nodes, threads: threads, context: context)
      return .explainedRow(
        try nodes.reading(request, context) { try runner.explain(cells, spec, $0, of: request) })
    case .explainTexts(let request, let spec, let text):
      let threads = configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount
      let runner = ExplanationRunner(nodes: nodes, threads: threads, context: context)
      return .explainedTexts(
        try nodes.reading(request, context) { try runner.explainTexts(text, spec, $0, of: request) })
    case .embed(let spec):
      return try EmbedRunner(nodes: nodes, threads: configuration.threads, context: context).run(spec)
    case .cloud(let spec): return .cloud(try cloud(spec, context))
    case .lab(let spec):
      return .lab(try LabRunner(nodes: nodes, threads: configuration.threads, context: context).run(spec))
    }
  }

  private func analyze(
    _ request: NodeRequest, _ spec: AnalysisSpec, _ nodes: NodeStore, _ context: any JobContext
  ) throws -> (AnalysisResult, Analysis.Provenance) {
    let start = DispatchTime.now().uptimeNanoseconds
    func run(_ relation: NodeRelation, _ context: any JobContext) throws -> (AnalysisResult, Int) {
      let runner = AnalysisRunner(
        nodes: nodes, threads: configuration.threads, context: context, trainings: trainings)
      return try runner.run(spec, on: request, relation)
    }
    func provenance(_ rows: Int, engine: String?, sampled: Int? = nil) throws -> Analysis.Provenance {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      return Analysis.Provenance(
        rows: rows, computedAt: Date(), seconds: seconds, fingerprint: try Fingerprint.of(request), engine: engine,
        sampled: sampled)
    }
    let runner = AnalysisRunner(nodes: nodes, threads: configuration.threads, context: context, trainings: trainings)
    if let there = try runner.runThere(spec, on: request) {
      let sampled = there.sampled < there.rows ? there.sampled : nil
      return (there.result, try provenance(there.rows, engine: "Spark at \(there.place)", sampled: sampled))
    }
    let counted = try spec.countedColumns.flatMap { columns in
      try nodes.readingCounted(request, columns, weighs: spec.weighsRows, context) { try run($0, context) }
    }
    let (result, rows) =
      try counted?.result ?? nodes.reading(request, context, passes: spec.passes(over:)) { try run($0, $1) }
    if let counted {
      context.emit(JobOutput.notes(["Spark at \(counted.place) counted all \(rows.grouped) rows."]))
    }
    return (result, try provenance(rows, engine: counted.map { "Spark at \($0.place)" }))
  }
}
