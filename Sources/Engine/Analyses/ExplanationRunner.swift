import Explain
import Flow
import Frame
import Jobs

/// Explains the rows of a step by a model: batch after batch, so that memory does not grow with the rows.
struct ExplanationRunner {
  /// Rows that are explained together.
  private static let batchRows = 8192

  let nodes: NodeStore
  let threads: Int
  let context: any JobContext

  func run(_ spec: ExplainSpec, _ relation: NodeRelation) throws -> ExplainedTable {
    context.report(nil, "reading the model")
    let model = try TreeEnsemble(contentsOf: spec.model)
    if let label = spec.label, relation.schema.column(named: label) == nil {
      throw EngineError.noSuchColumn(label, relation.schema.map(\.name))
    }
    let total = try relation.rows ?? count(relation.sql)
    guard total > 0 else { throw ExplainError.noRows }
    let mapping = try FeatureMapping(model, schema: relation.schema)
    let background = try spec.background.map { try self.background($0, model, mapping, relation, seed: spec.seed) }
    let rows = min(spec.rows ?? total, total)
    let sql = rows < total ? try sample(relation, rows, seed: spec.seed) : relation.sql
    let explain = try explainer(spec, model, background)

    var builder = ExplanationBuilder(
      features: model.features.map(\.name), outputs: model.outputs, aggregate: spec.aggregate)
    let local = try spec.localPath.map { _ in try LocalValues(model, spec.method, nodes.database) }
    var columns = model.features.map { _ in [Double]() }
    var labels: [Double] = []
    func explainBatch() throws {
      guard let first = columns.first, !first.isEmpty else { return }
      let batch = FeatureRows(count: first.count, columns: columns)
      let values = try explain(batch, labels)
      builder.add(batch, values)
      try local?.add(values)
      context.report(Double(builder.rows) / Double(rows), "explaining rows")
      for feature in columns.indices { columns[feature].removeAll(keepingCapacity: true) }
      labels.removeAll(keepingCapacity: true)
    }
    let select = mapping.select(from: sql, others: spec.label.map { [$0] } ?? [])
    try nodes.database.stream(select, context: context) { chunk in
      for (feature, numbers) in mapping.rows(of: chunk).columns.enumerated() { columns[feature] += numbers }
      if let label = spec.label { labels += try self.labels(chunk, label, model) }
      if columns.first.map({ $0.count >= Self.batchRows }) ?? false { try explainBatch() }
    }
    try explainBatch()
    let explanation = try builder.explanation(
      of: model, totalRows: total, method: spec.method.rawValue, unit: Self.unit(spec.output, model),
      backgroundRows: background?.count)
    if let local, let path = spec.localPath { try local.write(to: path, context) }
    return ExplainedTable(explanation: explanation, kept: builder.kept)
  }

  private func explainer(_ spec: ExplainSpec, _ model: TreeEnsemble, _ background: FeatureRows?) throws
    -> (FeatureRows, [Double]) throws -> ShapValues
  {
    switch spec.method {
    case .tree:
      let explainer = try TreeExplainer(
        model, background: background, hasInteractions: spec.hasInteractions, threads: threads)
      return { try explainer.explain($0, output: spec.output, labels: $1, context: context) }
    case .exact:
      guard spec.output == .margin else {
        throw ExplainError.output(spec.output.rawValue, model: "The method exact")
      }
      let exact = try ExactShap(model, background: background)
      return { rows, _ in
        try exact.explain(rows, hasInteractions: spec.hasInteractions, context: context)
      }
    }
  }

  // MARK: Rows

  private func count(_ sql: String) throws -> Int {
    let table = try nodes.database.query("SELECT count(*) FROM \(SQL.subquery(sql))", context: context)
    if case .integer(let rows) = table.value(0, 0) { return Int(rows) }
    return 0
  }

  private func sample(_ relation: NodeRelation, _ rows: Int, seed: UInt64) throws -> String {
    var graph = FlowGraph()
    let whole = graph.addSource(Source(location: "rows"))
    let sample = try graph.add(.sample(.random(rows, seed: seed)), after: whole)
    return try Compiler(graph, relations: [whole: Relation(sql: relation.sql, schema: relation.schema)]).sql(
      for: sample)
  }

  private func background(
    _ background: ExplainSpec.Background, _ model: TreeEnsemble, _ mapping: FeatureMapping, _ relation: NodeRelation,
    seed: UInt64
  ) throws -> FeatureRows {
    switch background {
    case .sample(let rows):
      // Another seed than that of the rows explained, so that they are not the same rows.
      let sql = try sample(relation, rows, seed: seed &+ 1)
      return mapping.rows(of: try nodes.database.query(mapping.select(from: sql), context: context))
    case .source(let source):
      return try nodes.reading(NodeRequest(source: source), context) { other in
        let mapping = try FeatureMapping(model, schema: other.schema)
        let rows = mapping.rows(of: try nodes.database.query(mapping.select(from: other.sql), context: context))
        if rows.count == 0 { throw ExplainError.noBackground }
        return rows
      }
    }
  }

  /// Labels as numbers: a classifier's are 0 and 1, also where they are called false and true.
  private func labels(_ batch: DataTable, _ name: String, _ model: TreeEnsemble) throws -> [Double] {
    let column = batch.columns[batch.columns.count - 1]
    return try (0..<batch.rowCount).map { row in
      let value = column.value(row)
      let number = value.number ?? column.text(row).flatMap { Double($0) }
      guard let number, model.link != .logistic || (0...1).contains(number) else {
        throw ExplainError.label(value: column.text(row) ?? "missing", column: name)
      }
      return number
    }
  }

  private static func unit(_ output: ExplainedOutput, _ model: TreeEnsemble) -> String {
    switch output {
    case .probability: model.link == .logistic ? "probability" : "prediction"
    case .logLoss: model.link == .logistic ? "log loss" : "squared error"
    case .margin: model.link == .logistic || model.link == .softmax ? "log-odds" : "margin"
    }
  }
}

/// The values of every row, on their way to a file.
private final class LocalValues {
  private let table: NumberTable
  private let database: Database
  private let features, outputs: Int

  init(_ model: TreeEnsemble, _ method: ExplainSpec.Method, _ database: Database) throws {
    self.database = database
    (features, outputs) = (model.features.count, model.outputs)
    var names: [String] = []
    let suffixes = outputs == 1 ? [""] : model.outputNames.map { "_" + $0 }
    for suffix in suffixes { names += model.features.map { $0.name + suffix } }
    for suffix in suffixes { names += ["base_value" + suffix, "prediction" + suffix] }
    // SQL ignores case, and a feature may be called as the columns that come after.
    var seen: Set<String> = []
    let unique = names.map { name -> String in
      var name = name
      while !seen.insert(name.lowercased()).inserted { name += "_" }
      return name
    }
    let valueColumns = features * outputs
    table = try NumberTable(
      "assay_local_values",
      columns: unique.enumerated().map { ($1, $0 < valueColumns && method == .tree ? .single : .double) }, in: database)
  }

  func add(_ values: ShapValues) throws {
    let width = features * outputs
    try values.values.withUnsafeBufferPointer { numbers in
      try table.append(rows: values.rows) { row, column in
        if column < width { return numbers[row * width + column] }
        let output = (column - width) / 2
        if (column - width) % 2 == 1 { return values.predictions[row * outputs + output] }
        return values.rowBaseValues.isEmpty ? values.baseValues[output] : values.rowBaseValues[row * outputs + output]
      }
    }
  }

  func write(to path: String, _ context: any JobContext) throws {
    try table.close()
    _ = try database.write(table.sql, to: path, context: context)
    try table.drop()
  }
}
