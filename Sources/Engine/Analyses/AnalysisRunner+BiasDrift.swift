import Fairness
import Flow
import Foundation
import Frame
import Jobs
import Learn

/// Bias drift of one model: trained on a part of the baseline, it predicts the rest of it and the newer rows, so that what
/// moves is the data and not the model.
extension AnalysisRunner {
  /// The step that a study compares with.
  func baseline(of study: BiasStudy, _ request: NodeRequest) throws -> NodeRequest {
    guard let baseline = study.baseline else { throw EngineError.noBaseline(study.kind.title) }
    guard request.graph[baseline] != nil else { throw FlowError.noSuchStep(baseline) }
    return NodeRequest(graph: request.graph, node: baseline)
  }

  func check(_ study: BiasStudy, _ before: NodeRelation) throws {
    for name in study.reads where before.schema.column(named: name) == nil {
      throw EngineError.noSuchColumn(name, before.schema.map(\.name))
    }
  }

  func modelDrift(
    _ study: BiasStudy, of model: BiasModel, on request: NodeRequest, _ relation: NodeRelation
  ) throws -> BiasDriftResult {
    let baseline = try self.baseline(of: study, request)
    let names = ["before", "now", "before_scored", "now_scored"].map {
      "drift_\($0)_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }
    let database = nodes.database
    defer { for name in names { try? database.execute("DROP TABLE IF EXISTS \(name)") } }
    let (kept, notes) = try nodes.reading(baseline, context) { before in
      try check(study, before)
      return try copy(before, relation, into: names)
    }
    let columns = study.predicted(model, kept)
    let options = FoldOptions(
      target: study.spec.label.column, isRegression: columns.score == nil, learner: model.learner, folds: model.folds,
      seed: model.seed, without: Set(model.without), threads: threads)
    let scorer = ModelScorer(threads: threads)
    let totals = try names.prefix(2).map { try nodes.count($0) }
    let sample = try scorer.sample(names[0], of: totals[0], options, database, PartContext(of: context, 0.1...0.15))
    let trained = try HeldOutModel(
      sample.table, rows: sample.numbers, options: options, context: PartContext(of: context, 0.15...0.5))
    for place in 0..<2 {
      try score(
        trained, scorer, columns, kept, names[place], totals[place], into: names[place + 2],
        keepsSeen: place == 1, PartContext(of: context, 0.5 + 0.1 * Double(place)...0.6 + 0.1 * Double(place)))
    }
    let relations = try names.suffix(2).map { name in
      let surplus = columns.surplus.map { " EXCLUDE (\(SQL.identifier($0)))" } ?? ""
      let sql = "SELECT *\(surplus) FROM \(name)"
      return (sql: sql, schema: try database.describe(sql))
    }
    // Labels are of every row of the baseline, predictions of those that the model was kept from.
    var asked = columns.spec
    (asked.segments, asked.intersections, asked.draws) = ([], [], 0)
    let judged = try biasReport(
      asked, relation: relations[0].sql, schema: relations[0].schema, in: database,
      context: PartContext(of: context, 0.7...0.75))
    asked.prediction = nil
    let whole = try biasReport(
      asked, relation: "SELECT * FROM \(names[0])", schema: kept, in: database,
      context: PartContext(of: context, 0.75...0.8))
    var before = whole.adding(predictionsOf: judged)
    before.spec.draws = columns.spec.draws
    var drift = try biasDrift(
      from: before, current: relations[1].sql, relations[1].schema, in: database,
      context: PartContext(of: context, 0.8...0.9))
    drift.notes += trained.notes + notes
    if let source = try sharedSource(baseline, request) {
      drift.notes.append(
        "both sides read \(source): rows that the model was trained on may be among the newer ones, and flatter it there"
      )
    }
    let attributions = try names.suffix(2).enumerated().map { place, name in
      let rows = try database.query(
        "SELECT \(SQL.identifiers(kept.map(\.name))) FROM \(name) ORDER BY hash(rowid, \(model.seed)::UBIGINT) LIMIT 300",
        context: context)
      let range = 0.9 + 0.05 * Double(place)...0.95 + 0.05 * Double(place)
      return try trained.attributions(rows, context: PartContext(of: context, range))
    }
    let heldOut = try nodes.count(names[2])
    return BiasDriftResult(
      drift: drift, attribution: AttributionDrift(baseline: attributions[0], current: attributions[1]),
      model: .init(
        learner: model.learner, trainedRows: sample.numbers.count { !trained.isHeldOut(row: $0) }, heldOutRows: heldOut)
    )
  }

  /// A file that both steps read.
  private func sharedSource(_ before: NodeRequest, _ now: NodeRequest) throws -> String? {
    func sources(_ request: NodeRequest) throws -> [Source] {
      try request.graph.path(to: request.node).compactMap { id in
        if case .source(let source) = try request.graph.step(id).operation { source } else { nil }
      }
    }
    let known = Set(try sources(before).flatMap(\.locations))
    return try sources(now).flatMap(\.locations).first { known.contains($0) }.map(Source.name(of:))
  }

  /// Copies the columns that both have, as the baseline holds them.
  /// - Returns: these, and what the reader should know.
  private func copy(
    _ before: NodeRelation, _ now: NodeRelation, into names: [String]
  ) throws -> (kept: Schema, notes: [String]) {
    var notes: [String] = []
    let kept = before.schema.filter { now.schema.column(named: $0.name) != nil }
    let gone = before.schema.filter { now.schema.column(named: $0.name) == nil }.map(\.name)
    if !gone.isEmpty {
      notes.append("the newer rows lack \(gone.joined(separator: ", ")), and the model does without")
    }
    let items = kept.map { column in
      let name = SQL.identifier(column.name)
      guard let newer = now.schema.column(named: column.name), newer.type != column.type else { return name }
      notes.append("\(column.name) is read as \(column.type), as in the baseline, and not as \(newer.type)")
      return "TRY_CAST(\(name) AS \(column.type)) AS \(name)"
    }
    nodes.spillsIntoSessionFolder()
    let (database, reading) = (nodes.database, PartContext(of: context, 0...0.1))
    try database.execute(
      "CREATE TABLE \(names[0]) AS SELECT \(SQL.identifiers(kept.map(\.name))) FROM \(SQL.subquery(before.sql))",
      context: reading, note: "reading the baseline")
    try database.execute(
      "CREATE TABLE \(names[1]) AS SELECT \(items.joined(separator: ", ")) FROM \(SQL.subquery(now.sql))",
      context: reading, note: "reading rows")
    return (kept, notes)
  }

  /// - Parameter keepsSeen: whether rows come along that the model was trained on.
  private func score(
    _ model: HeldOutModel, _ scorer: ModelScorer, _ columns: PredictedColumns, _ kept: Schema, _ rows: String,
    _ total: Int, into table: String, keepsSeen: Bool, _ context: any JobContext
  ) throws {
    let label = columns.spec.label.column
    let outputs: [Column]
    var positives: [Int]?
    if let score = columns.score, let classes = model.classes {
      let type = kept.column(named: label)?.type ?? "VARCHAR"
      outputs = [Column(name: columns.prediction, type: type), Column(name: score, type: "DOUBLE")]
      positives = try scorer.positives(columns.positives, classes) { reason in
        BiasError.badSetting("column \"\(label)\" of the baseline: \(reason)")
      }
    } else {
      outputs = [Column(name: columns.prediction, type: "DOUBLE")]
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-drift-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try scorer.predict(
      classes: model.classes, positives, rows, total, to: file, nodes.database, context,
      keeps: { keepsSeen || model.isHeldOut(row: $0) }, by: { table, _ in try model.predict(table, context: context) })
    try scorer.join(model.classes, rows, outputs, file, into: table, nodes.database, context)
  }
}
