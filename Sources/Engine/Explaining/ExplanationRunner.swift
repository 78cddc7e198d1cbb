import Explain
import Flow
import Foundation
import Frame
import Jobs

/// Explains the rows of a step by a model: batch after batch, so that memory does not grow with the rows.
struct ExplanationRunner {
  let nodes: NodeStore
  let threads: Int
  let context: any JobContext

  /// - Parameter request: the rows of `relation`, where models made of them may be used again.
  func run(_ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest? = nil) throws -> ExplainedTable {
    let total = try relation.rows ?? count(relation.sql)
    guard total > 0 else { throw ExplainError.noRows }
    let subject = try subject(spec, relation, of: request, total: total)
    if !subject.notes.isEmpty { context.emit(JobOutput.notes(subject.notes)) }
    let rows = min(spec.rows ?? (subject.isSlow ? ExplainSpec.askedRows : total), total)
    let sql = rows < total ? try nodes.sample(relation, rows, seed: spec.seed) : relation.sql

    var builder = ExplanationBuilder(
      features: subject.features, outputs: subject.about.outputNames.count, aggregate: spec.aggregate)
    let local = try spec.local.map { try LocalValues(subject, $0, nodes.database) }
    let others = spec.group.map { [$0.column] } ?? []
    if let name = others.first, relation.schema.column(named: name) == nil {
      throw EngineError.noSuchColumn(name, relation.schema.map(\.name))
    }
    var groups = spec.group.map {
      GroupBuilder(
        column: $0.column, value: $0.value, features: subject.features,
        threshold: spec.output == .margin ? subject.task.threshold : nil)
    }
    var waiting: DataTable?
    // What making the model was of the work.
    let begun: Double = if case .trained = spec.model { 0.6 } else { 0 }
    // What studies of changed rows are.
    let ended = spec.effects == nil && spec.shuffles == nil ? 1 : 0.8
    func explainBatch() throws {
      guard let table = waiting, table.rowCount > 0 else { return }
      for start in stride(from: 0, to: table.rowCount, by: subject.batchRows) {
        let end = min(table.rowCount, start + subject.batchRows)
        let batch = end - start == table.rowCount ? table : table.selecting(rows: Array(start..<end))
        func share(_ done: Int) -> Double { begun + (ended - begun) * min(1, Double(done) / Double(rows)) }
        let part = PartContext(of: context, share(builder.rows)...share(builder.rows + batch.rowCount))
        let found = try subject.explain(batch.dropping(columns: others.count), part)
        if let group = spec.group, let facet = batch.columns.last {
          groups?.add(
            found.values, isInD: (0..<batch.rowCount).map { row in facet.text(row).map { $0 == group.value } })
        }
        builder.add(found.numbers, found.values, cells: found.cells)
        try local?.add(found.values)
        context.report(share(builder.rows), "explaining rows")
      }
      waiting = nil
    }
    // DuckDB would keep all that it reads of a file, for whoever reads it again.
    let caching = "SET enable_external_file_cache = "
    try nodes.database.execute(caching + "false")
    defer { try? nodes.database.execute(caching + "true") }
    try nodes.database.stream(subject.select(from: sql, others: others), context: QuietContext(context)) {
      chunk in
      waiting = waiting.map { $0.appending(chunk) ?? chunk } ?? chunk
      if (waiting?.rowCount ?? 0) >= subject.batchRows { try explainBatch() }
    }
    try explainBatch()
    var explanation = try builder.explanation(
      of: subject.about, totalRows: total, method: spec.methodName(subject.method), unit: subject.unit,
      backgroundRows: subject.backgroundRows)
    if !subject.notes.isEmpty { explanation.notes = subject.notes }
    if let groups, let group = spec.group {
      guard let found = groups.difference else { throw EngineError.group(group.value, column: group.column) }
      explanation.groups = found
    }
    try addStudies(spec, subject, relation, from: ended, to: &explanation)
    if let local, let file = spec.local { try local.write(to: file.path, context) }
    return ExplainedTable(explanation: explanation, kept: builder.kept, time: spec.time)
  }

  /// What asks for predictions of changed rows.
  private func addStudies(
    _ spec: ExplainSpec, _ subject: any ExplanationSubject, _ relation: NodeRelation, from begun: Double,
    to found: inout Explanation
  ) throws {
    guard spec.effects != nil || spec.shuffles != nil else { return }
    let label = spec.shuffles == nil ? nil : subject.label
    if spec.shuffles != nil {
      guard let label else { throw EngineError.noLabel }
      if relation.schema.column(named: label) == nil {
        throw EngineError.noSuchColumn(label, relation.schema.map(\.name))
      }
    }
    let sql = try nodes.sample(relation, EffectRunner.rows, seed: spec.seed &+ 2)
    let table = try nodes.database.query(
      subject.select(from: sql, others: label.map { [$0] } ?? []), context: QuietContext(context))
    let middle = spec.shuffles == nil ? 1 : (1 + begun) / 2
    let runner = EffectRunner(
      subject: subject, table: table.dropping(columns: label == nil ? 0 : 1),
      context: PartContext(of: context, (spec.effects == nil ? begun : middle)...1))
    if let count = spec.effects {
      let chosen = found.global.prefix(count)
      found.effects = try chosen.enumerated().compactMap { number, item in
        let done = Double(number) / Double(chosen.count)
        context.report(begun + (middle - begun) * done, "effects of \(item.feature)")
        return try found.features.firstIndex(of: item.feature).map { try runner.effect(of: $0, resolution: 15) }
      }
    }
    if let shuffles = spec.shuffles, let labels = table.columns.last {
      found.importance = try runner.importance(
        (0..<table.rowCount).map { labels.text($0) }, shuffles: shuffles, seed: spec.seed)
    }
  }

  func subject(
    _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest?, total: Int
  ) throws -> any ExplanationSubject {
    let key = try request.map { try SubjectCache.key(spec, $0) }
    if let key, let known = nodes.subjects[key] { return known }
    context.report(nil, "reading the model")
    let rows = SubjectRows(nodes: nodes, relation: relation, context: QuietContext(context))
    let made = try make(spec, rows, total: total)
    if let key { nodes.subjects[key] = made }
    return made
  }

  private func make(_ spec: ExplainSpec, _ rows: SubjectRows, total: Int) throws -> any ExplanationSubject {
    guard let time = spec.time, time.granularity == .timewise else { return try whole(spec, rows, total: total) }
    return try TimedSubject(try whole(spec, rows, total: total), time)
  }

  private func whole(_ spec: ExplainSpec, _ rows: SubjectRows, total: Int) throws -> any ExplanationSubject {
    switch spec.model {
    case .trained(let target):
      return try TrainedSubject(
        target: target, spec, rows, total: total, threads: threads, context: PartContext(of: context, 0...0.6))
    case .path(let path):
      let location = (path as NSString).expandingTildeInPath
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: location, isDirectory: &isFolder), isFolder.boolValue {
        if spec.method == .tree { return try BundleTreeSubject(folder: location, spec, rows, threads: threads) }
        return try BundleSubject(folder: location, spec, rows, threads: threads)
      }
      return try TreeSubject(TreeEnsemble(contentsOf: path), spec, rows, threads: threads)
    }
  }

  /// Explains a row that is given by its cells.
  func explain(
    _ cells: [RowCell], _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest
  ) throws -> RowExplanation {
    let (subject, sql) = try row(cells, spec, relation, of: request)
    let table = try nodes.database.query(subject.select(from: sql, others: []), context: context)
    let found = try subject.explain(table, context)
    let outputs = subject.about.outputNames.enumerated().map { output, name in
      RowExplanation.Output(
        name: name, baseValue: found.values.baseValue(row: 0, output: output),
        prediction: found.values.predictions[output], values: Array(found.values.values(row: 0, output: output)))
    }
    let shown = found.cells?(0) ?? []
    return RowExplanation(
      model: subject.about.name, unit: subject.unit, features: subject.features, columns: subject.columns,
      cells: subject.features.indices.map { shown.indices.contains($0) ? shown[$0] : "" }, outputs: outputs,
      additivityError: found.values.additivityError, method: spec.methodName(subject.method),
      backgroundRows: subject.backgroundRows)
  }

  /// The smallest change of a row that flips what is decided of it.
  /// - Throws: `EngineError.noDecision`, and what reading and predicting throw.
  func flip(
    _ cells: [RowCell], _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest
  ) throws -> Counterfactual {
    let (subject, sql) = try row(cells, spec, relation, of: request)
    let quiet = QuietContext(context)
    let row = try nodes.database.query(subject.select(from: sql, others: []), context: quiet)
    let others = try nodes.sample(relation, EffectRunner.rows, seed: spec.seed &+ 2)
    let table = try nodes.database.query(subject.select(from: others, others: []), context: quiet)
    guard let found = try EffectRunner(subject: subject, table: table, context: context).counterfactual(of: row) else {
      throw EngineError.noDecision
    }
    return found
  }

  /// A SELECT of a row that is given by its cells.
  func row(
    _ cells: [RowCell], _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest
  ) throws -> (subject: any ExplanationSubject, sql: String) {
    let total = try relation.rows ?? count(relation.sql)
    let subject = try subject(spec, relation, of: request, total: total)
    let texts = Dictionary(cells.map { ($0.column, $0.text) }, uniquingKeysWith: { first, _ in first })
    let row = relation.schema.map { column -> String in
      let text = texts[column.name] ?? nil
      return "TRY_CAST(\(text.map(SQL.text) ?? "NULL") AS \(column.type)) AS \(SQL.identifier(column.name))"
    }
    let sql = "SELECT " + row.joined(separator: ", ")
    // A cell that is no value of its column would count as missing, and nobody would know.
    let checked = try nodes.database.query(
      "SELECT \(SQL.identifiers(subject.columns)) FROM \(SQL.subquery(sql))", context: context)
    for (index, name) in subject.columns.enumerated() {
      if let text = texts[name] ?? nil, checked.text(0, index) == nil {
        throw EngineError.cell(text, column: name, type: relation.schema.column(named: name)?.type ?? "")
      }
    }
    return (subject, sql)
  }

  func count(_ sql: String) throws -> Int {
    let table = try nodes.database.query("SELECT count(*) FROM \(SQL.subquery(sql))", context: context)
    if case .integer(let rows) = table.value(0, 0) { return Int(rows) }
    return 0
  }
}

extension NodeStore {
  /// A SELECT of rows drawn at random.
  func sample(_ relation: NodeRelation, _ rows: Int, seed: UInt64) throws -> String {
    var graph = FlowGraph()
    let whole = graph.addSource(Source(location: "rows"))
    let sample = try graph.add(.sample(.random(rows, seed: seed)), after: whole)
    return try Compiler(graph, relations: [whole: Relation(sql: relation.sql, schema: relation.schema)]).sql(
      for: sample)
  }
}

/// The values of every row, on their way to a file.
private final class LocalValues {
  private let table: NumberTable
  private let features, outputs: Int
  /// False leaves out base values and predictions.
  private let hasSums: Bool

  init(_ subject: any ExplanationSubject, _ file: ExplainSpec.LocalFile, _ database: Database) throws {
    (features, outputs) = (subject.features.count, subject.about.outputNames.count)
    hasSums = !file.isClarify
    var names: [String] = []
    let labels = ClarifyExplanations.labels(subject.about.outputNames)
    let suffixes = file.isClarify ? labels.map { "_" + $0 } : outputs == 1 ? [""] : labels.map { "_" + $0 }
    for suffix in suffixes { names += subject.features.map { $0 + suffix } }
    if hasSums { for suffix in suffixes { names += ["base_value" + suffix, "prediction" + suffix] } }
    // SQL ignores case, and a feature may be called as the columns that come after.
    var seen: Set<String> = []
    let unique = names.map { name -> String in
      var name = name
      while !seen.insert(name.lowercased()).inserted { name += "_" }
      return name
    }
    let singles = subject.method == .tree ? features * outputs : 0
    table = try NumberTable(
      columns: unique.enumerated().map { ($1, $0 < singles ? .single : .double) }, beside: database)
  }

  func add(_ values: ShapValues) throws {
    let width = features * outputs
    try values.values.withUnsafeBufferPointer { numbers in
      try table.append(rows: values.rows) { row, column in
        if column < width { return numbers[row * width + column] }
        let output = (column - width) / 2
        if (column - width) % 2 == 1 { return values.predictions[row * outputs + output] }
        return values.baseValue(row: row, output: output)
      }
    }
  }

  func write(to path: String, _ context: any JobContext) throws {
    try table.close()
    defer { table.drop() }
    try table.write(to: path, context: context)
  }
}
