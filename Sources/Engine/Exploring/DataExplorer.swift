// Looks at rows before models are trained on them: what the training will take them for, and what Insight says of them.

import Flow
import Foundation
import Frame
import Insight
import Jobs
import Learn

/// What is explored, and how deeply.
public struct ExplorationRequest: Codable, Sendable, Equatable {
  /// Those of the training that may follow.
  public var options: AutoMLOptions
  /// Rows that judge candidates, and rows that judge the ensemble; nil where there are none.
  public var validation: NodeRequest?
  public var test: NodeRequest?
  /// Where `exploration.json` and `exploration.md` are written; nil writes nothing.
  public var folder: String?
  /// Rows that are looked at; of more, a random sample.
  public var mostRows: Int
  /// False leaves out what takes long: anomalous rows, and pairs of columns.
  public var isThorough: Bool

  public init(
    _ options: AutoMLOptions, validation: NodeRequest? = nil, test: NodeRequest? = nil, folder: String? = nil,
    mostRows: Int = DataExplorer.rowLimit, isThorough: Bool = true
  ) {
    (self.options, self.validation, self.test, self.folder) = (options, validation, test, folder)
    (self.mostRows, self.isThorough) = (mostRows, isThorough)
  }

  func filled() throws -> ExplorationRequest {
    var request = self
    request.validation = try validation?.filled()
    request.test = try test?.filled()
    return request
  }
}

/// Explores the rows of a step.
public struct DataExplorer {
  /// Rows that are looked at where nobody says otherwise: those that a training reads.
  public static let rowLimit = ModelRunner.rowLimit
  /// Columns up to which all pairs are compared.
  private static let mostPaired = 60
  /// Rows that prediction power is found on.
  private static let mostScored = 20_000

  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext

  /// - Throws: `LearnError` where nothing can be trained: no such label, a label of one value, no feature.
  func explore(_ request: ExplorationRequest, on step: NodeRequest) throws -> DataExploration {
    let found = try nodes.reading(step, context, passes: { _ in .several(columns: nil) }) { relation, context in
      try DataExplorer(nodes: nodes, threads: threads, context: context).explore(request, relation)
    }
    if let folder = request.folder { try found.write(to: folder) }
    return found
  }

  private func explore(_ request: ExplorationRequest, _ relation: NodeRelation) throws -> DataExploration {
    let options = request.options
    let runner = ModelRunner(nodes: nodes, threads: threads, context: context)
    context.report(0, "reading rows")
    let total =
      try relation.rows ?? AnalysisRunner(nodes: nodes, threads: threads, context: context).count(relation.sql)
    let sql = try runner.sampled(relation, of: total, seed: options.seed, limit: max(100, request.mostRows))
    let part = PartContext(of: context, 0.1...0.2)
    let table = try nodes.database.query(sql, context: part)
    var planned = options
    if planned.threads == nil { planned.threads = threads }
    let aside = try request.validation.map { try runner.whole($0) }
    let plan = try autoMLPlan(table, validation: aside, options: planned, context: QuietContext(context))
    let quality = try qualityReport(
      QualityReportOptions(
        target: options.target, problem: plan.problem == .regression ? .regression : .classification,
        isolation: request.isThorough ? IsolationOptions(seed: options.seed) : nil, findsPatterns: false),
      relation: sql, schema: relation.schema, in: nodes.database, context: PartContext(of: context, 0.2...0.6))
    let powers = try powers(plan, options, sql, relation.schema)
    let pairs = try request.isThorough ? correlations(options.target, sql, relation.schema) : nil
    var found = DataExploration(
      rows: total, explored: table.rowCount, seed: options.seed, columns: relation.schema.count,
      missingCells: quality.summary.absentCells, duplicateRows: quality.summary.duplicateRows,
      target: target(plan, quality, table), features: features(plan, quality, powers, pairs),
      division: plan.division, others: [], correlations: pairs, anomalies: quality.samples.anomalies, findings: [],
      notes: plan.notes)
    for (role, other) in [(DataExploration.OtherRows.Role.validation, request.validation), (.test, request.test)] {
      guard let other else { continue }
      found.others.append(try compare(other, role, found, sql, relation.schema))
    }
    found.findings = ExplorationFindings(found, quality, powers).all
    return found
  }

  /// What each column alone says of the label; nothing where that cannot be judged.
  private func powers(
    _ plan: AutoMLPlan, _ options: AutoMLOptions, _ sql: String, _ schema: Schema
  ) throws -> [TargetLeakage.Score] {
    let leakage = LeakageOptions(
      problem: plan.problem == .regression ? .regression : .classification, mostRows: Self.mostScored,
      seed: options.seed)
    do {
      return try targetLeakage(
        of: options.target, options: leakage, relation: sql, schema: schema, in: nodes.database,
        context: PartContext(of: context, 0.6...0.85)
      ).scores
    } catch is InsightError {
      // More classes than a column alone is judged for.
      return []
    }
  }

  private func correlations(_ target: String, _ sql: String, _ schema: Schema) throws -> FeatureCorrelation? {
    guard (2...Self.mostPaired).contains(schema.count) else { return nil }
    do {
      return try featureCorrelation(
        .linear, relation: sql, schema: schema, in: nodes.database, context: PartContext(of: context, 0.85...0.95))
    } catch is InsightError {
      return nil
    }
  }

  private func target(
    _ plan: AutoMLPlan, _ quality: QualityReport, _ table: DataTable
  ) -> DataExploration.Target {
    var rows = [Int](repeating: 0, count: plan.classes.count)
    if !plan.classes.isEmpty, let column = table[plan.target] {
      let places = Dictionary(plan.classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      for row in 0..<table.rowCount {
        if let place = column.text(row).flatMap({ places[$0] }) { rows[place] += 1 }
      }
    }
    return DataExploration.Target(
      column: plan.target, problem: plan.problem, reason: plan.reason, metric: plan.metric, labelled: plan.labelled,
      missing: table.rowCount - plan.labelled,
      classes: zip(plan.classes, rows).map { .init(name: $0, rows: $1) }.sorted { $1.rows < $0.rows },
      statistics: quality.features.first { $0.column == plan.target })
  }

  private func features(
    _ plan: AutoMLPlan, _ quality: QualityReport, _ powers: [TargetLeakage.Score], _ pairs: FeatureCorrelation?
  ) -> [DataExploration.Feature] {
    let kinds = Dictionary(plan.features.map { ($0.column, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let reasons = Dictionary(plan.excluded.map { ($0.column, $0.reason) }, uniquingKeysWith: { first, _ in first })
    let scores = Dictionary(powers.map { ($0.feature, $0) }, uniquingKeysWith: { first, _ in first })
    let label = pairs?.features.firstIndex { $0.name == plan.target }
    return quality.features.filter { $0.column != plan.target }.map { statistics in
      let name = statistics.column
      let kind = kinds[name]
      var feature = DataExploration.Feature(
        column: name, kind: kind, reason: kind == nil ? reasons[name] ?? "says how rows count or belong together" : nil,
        statistics: statistics, predictionPower: scores[name]?.power, verdict: scores[name]?.verdict)
      if let pairs, let label, let place = pairs.features.firstIndex(where: { $0.name == name }) {
        feature.correlation = pairs.values[label][place]
        feature.measure = feature.correlation == nil ? nil : pairs.measure(label, place)
      }
      return feature
    }
  }

  /// What other rows have in common with those to learn from.
  private func compare(
    _ request: NodeRequest, _ role: DataExploration.OtherRows.Role, _ found: DataExploration, _ sql: String,
    _ schema: Schema
  ) throws -> DataExploration.OtherRows {
    try nodes.reading(request, context, passes: { _ in .several(columns: nil) }) { relation, context in
      let wanted = [found.target.column] + found.features.filter { $0.kind != nil }.map(\.column)
      let missing = wanted.filter { relation.schema.column(named: $0) == nil }
      guard !missing.contains(found.target.column) else {
        throw LearnError.targetNotFound(target: found.target.column, nearest: nil)
      }
      let common = schema.filter { wanted.contains($0.name) && !missing.contains($0.name) && $0.kind != .other }
      let names = common.map { SQL.identifier($0.name) }
      // Of the same types, so that equal cells are equal.
      let cast = zip(common, names).map { "TRY_CAST(\($1) AS \($0.type))" }
      let label = "CAST(\(SQL.identifier(found.target.column)) AS VARCHAR)"
      let isKnown =
        found.target.classes.isEmpty
        ? "isfinite(TRY_CAST(\(label) AS DOUBLE))"
        : "\(label) IN (\(found.target.classes.map { SQL.text($0.name) }.joined(separator: ", ")))"
      let counts = try nodes.database.query(
        """
        SELECT count(*), count(*) FILTER (NOT coalesce(\(isKnown), false)),
        count(*) FILTER (hash(\(cast.joined(separator: ", "))) IN (
        SELECT hash(\(names.joined(separator: ", "))) FROM \(SQL.subquery(sql)))) FROM \(SQL.subquery(relation.sql))
        """, context: context, note: "comparing with the rows to learn from")
      func whole(_ column: Int) -> Int {
        if case .integer(let value) = counts.value(0, column) { Int(value) } else { 0 }
      }
      return DataExploration.OtherRows(
        role: role, rows: whole(0), unlabelled: whole(1), repeated: whole(2),
        missingColumns: missing)
    }
  }
}

extension DataExploration {
  /// Writes `exploration.json` and `exploration.md`.
  /// - Throws: `BundleError` where the folder cannot be made, `ReportFileError` where a file cannot be written.
  public func write(to folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw BundleError.unwritable(file: folder, reason: (error as NSError).localizedDescription)
    }
    for ending in ["json", "md"] { try write(to: "\(folder)/exploration.\(ending)", title: title) }
  }

  /// What a folder holds of an exploration.
  /// - Returns: nil where it holds none that can be read.
  public init?(folder: String) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let data = FileManager.default.contents(atPath: folder + "/exploration.json"),
      let found = try? decoder.decode(DataExploration.self, from: data)
    else { return nil }
    self = found
  }
}
