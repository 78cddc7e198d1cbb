import Flow
import Frame
import Insight
import Jobs
import Learn
import Plot

/// Rows of a cluster, some of which were brought here.
struct ClusterSampleRows {
  let there: ClusterRelation
  /// Those that are here.
  let here: NodeRelation
  /// How many there are there.
  let total: Int

  var place: String { there.cluster.place }
  var count: Int { here.rows ?? 0 }

  /// `50,000 of 12,345,678 rows, sampled on the cluster`
  var words: String {
    count < total
      ? "\(Numbers.grouped(count)) of \(Numbers.grouped(total)) rows, sampled on the cluster"
      : "all \(Numbers.grouped(total)) rows, brought from the cluster"
  }
}

extension NodeStore {
  /// Gives `body` rows of a step that a cluster computes: of more than `rows` some at random, which it draws.
  /// - Returns: nil where the step has to run here, or stands here already.
  func readingSample<Result>(
    _ request: NodeRequest, rows: Int, seed: UInt64, _ context: any JobContext,
    _ body: (ClusterSampleRows) throws -> Result
  ) throws -> Result? {
    guard request.look.isPlain, entry(try Fingerprint.of(request)) == nil,
      let there = try clusterRelationIfSaid(request, context)
    else { return nil }
    context.report(0, "counting on \(there.cluster.place)")
    let total = try count(there, context)
    let sample = ClusterSample(rows: min(rows, there.cluster.rowLimit), seed: seed)
    let table = "sample_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
    context.report(0, "bringing \(Numbers.grouped(min(total, sample.rows))) rows from \(there.cluster.place)")
    let sql = sample.sql(of: there.sql, there.schema.map(\.name), total: total)
    try database.bring(there.cluster, sql, into: table, QuietContext(context))
    return try body(ClusterSampleRows(there: there, here: try here(table, there.schema), total: total))
  }
}

extension AnalysisRunner {
  /// Rows that come here from a cluster for a model, and for what looks at single rows.
  static let sampledRows = 50_000

  /// What an analysis that is made of counts and of a model gave, over rows of a cluster.
  struct Made {
    var result: AnalysisResult
    /// Rows that the step has.
    var rows: Int
    /// Of which so many came here.
    var sampled: Int
    var place: String
  }

  /// Runs an analysis over rows of a cluster: it counts all of them, models learn from some, and points are of some.
  /// - Returns: nil for other analyses, and where the step has to run here.
  func runThere(_ spec: AnalysisSpec, on request: NodeRequest) throws -> Made? {
    switch spec {
    case .summary:
      return try askingThere(request) { there in
        let summary = try profile(counted(there, context), in: nodes.database, context: context)
        return (.summary(summary), summary.rows)
      }
    case .chart(let chart) where chart.kind == .scatter && chart.facetBy == nil:
      return try scatterThere(chart, request)
    case .chart(let chart):
      return try askingThere(request) { there in
        let rows = ChartRows(
          relation: "SELECT * FROM \(ClusterQuestion.table)", schema: there.schema, database: nodes.database,
          context: context, cluster: questions(there))
        let (result, total) = try draw(chart, schema: there.schema, rows)
        return (.chart(chart.hidesCurve ? result.withoutCurve : result), total)
      }
    case .quickModel(let options):
      return try nodes.readingSample(
        request, rows: min(options.rowLimit, Self.sampledRows), seed: options.seed, PartContext(of: context, 0...0.2)
      ) { rows in
        let runner = AnalysisRunner(nodes: nodes, threads: threads, context: PartContext(of: context, 0.2...1))
        guard case .quickModel(var report) = try runner.quickModel(options, request, rows.here).0 else { return nil }
        report.notes.insert("Trained on \(rows.words): Spark at \(rows.place), seed \(options.seed).", at: 0)
        report.source = .init(engine: "Spark at \(rows.place)", rows: rows.total, sampled: rows.count)
        return Made(result: .quickModel(report), rows: rows.total, sampled: rows.count, place: rows.place)
      } ?? nil
    case .insight(let insight) where insight.kind == .quality:
      let seed = insight.seed ?? 0
      return try nodes.readingSample(
        request, rows: Self.sampledRows, seed: seed, PartContext(of: context, 0...0.1)
      ) { rows in
        let report = try quality(insight, request, rows, seed)
        return Made(
          result: .insight(InsightResult(.quality, report)), rows: rows.total, sampled: rows.count, place: rows.place)
      }
    default: return nil
    }
  }

  // MARK: - All rows

  /// Has a cluster answer what an analysis asks.
  /// - Parameter body: gives the result, and how many rows the step has.
  /// - Returns: nil where the cluster cannot say a question, or the step has to run here.
  private func askingThere(
    _ request: NodeRequest, _ body: (ClusterRelation) throws -> (AnalysisResult, Int)
  ) throws -> Made? {
    guard request.look.isPlain, nodes.entry(try Fingerprint.of(request)) == nil,
      let there = try nodes.clusterRelationIfSaid(request, context)
    else { return nil }
    do {
      let (result, rows) = try body(there)
      let place = there.cluster.place
      context.emit(JobOutput.notes(["Spark at \(place) counted all \(Numbers.grouped(rows)) rows."]))
      return Made(result: result, rows: rows, sampled: rows, place: place)
    } catch is ClusterQuestions.Unsaid {
      return nil
    }
  }

  private func counted(_ there: ClusterRelation, _ part: any JobContext) -> ClusterRows {
    let (database, cluster) = (nodes.database, there.cluster)
    return ClusterRows(sql: there.sql, schema: there.schema) { sql, table, note in
      try part.checkCancelled()
      part.report(nil, "\(note) on \(cluster.place)")
      _ = try database.bring(cluster, sql, into: table, QuietContext(part))
    }
  }

  private func questions(_ there: ClusterRelation) -> ClusterQuestions {
    let (database, cluster, context) = (nodes.database, there.cluster, context)
    let rows = Relation(sql: there.sql, schema: there.schema)
    @Sendable func said<Made>(_ make: () throws -> Made) throws -> Made {
      do {
        return try make()
      } catch let reason as Untranslatable {
        throw ClusterQuestions.Unsaid("\(reason)")
      }
    }
    return ClusterQuestions { sql in
      try said { try ClusterQuestion.translate(sql, over: rows) }
    } relation: { sql in
      let made = try said { try ClusterQuestion.relation(sql, over: rows) }
      return (made.sql, made.schema)
    } bring: { sql, table, note in
      try context.checkCancelled()
      context.report(nil, "\(note) on \(cluster.place)")
      _ = try database.bring(cluster, sql, into: table, QuietContext(context))
    }
  }

  // MARK: - Some rows

  private func scatterThere(_ chart: ChartSpec, _ request: NodeRequest) throws -> Made? {
    let limit = chart.sample ?? Self.scatterPoints
    return try nodes.readingSample(request, rows: limit, seed: 0, PartContext(of: context, 0...0.6)) { rows in
      var (result, _) = try draw(chart, rows.here)
      if rows.count < rows.total, case .scatter(var scatter) = result {
        (scatter.total, scatter.sampled) = (rows.total, rows.count)
        result = .scatter(scatter)
      }
      return Made(result: .chart(result), rows: rows.total, sampled: rows.count, place: rows.place)
    }
  }

  private func quality(
    _ insight: InsightSpec, _ request: NodeRequest, _ rows: ClusterSampleRows, _ seed: UInt64
  ) throws -> QualityReport {
    let part = PartContext(of: context, 0.1...0.6)
    let database = nodes.database
    let origin =
      "Spark at \(rows.place) counted all \(Numbers.grouped(rows.total)) rows. Anomalies, patterns, prediction power and "
      + "the quick model are of \(rows.words), seed \(seed)."
    let report = try qualityReport(
      qualityOptions(insight), rows: counted(rows.there, part), sample: rows.here.sql, sampledRows: rows.count,
      origin: origin,
      in: database, context: part)
    return try judged(report, request, rows.here)
  }
}
