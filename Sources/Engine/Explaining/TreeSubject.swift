import Explain
import Foundation
import Frame
import Jobs

/// A model file of XGBoost or LightGBM.
struct TreeSubject: ExplanationSubject {
  let about: ExplainedModel
  let features: [String]
  let method: ExplainSpec.Method
  let unit: String
  let backgroundRows: Int?
  let batchRows: Int
  private let model: TreeEnsemble
  private let mapping: FeatureMapping
  let label: String?
  private let takesLabel: Bool
  private let run: @Sendable (FeatureRows, [Double], any JobContext) throws -> ShapValues
  var columns: [String] { mapping.columns }

  init(_ model: TreeEnsemble, _ spec: ExplainSpec, _ rows: SubjectRows, threads: Int) throws {
    let schema = rows.relation.schema
    if let label = spec.label, schema.column(named: label) == nil {
      throw EngineError.noSuchColumn(label, schema.map(\.name))
    }
    self.model = model
    about = ExplainedModel(model)
    features = model.features.map(\.name)
    if spec.time != nil, let chosen = spec.method, ![.kernel, .permutation].contains(chosen) {
      throw ExplainError.timeMethod(chosen.rawValue)
    }
    method = spec.method ?? (spec.time == nil ? .tree : .kernel)
    unit = Self.unit(spec.output, model)
    label = spec.label
    takesLabel = spec.output == .logLoss
    let mapping = try FeatureMapping(model, schema: schema)
    self.mapping = mapping
    batchRows = method == .tree ? 8192 : 256
    // Coalitions always have a background.
    let needsBackground = method != .tree && method != .exact
    let wanted = spec.background ?? (needsBackground ? .sample(100) : nil)
    let background = try wanted.map { wanted in
      mapping.rows(
        of: try rows.background(wanted, seed: spec.seed) {
          try FeatureMapping(model, schema: $1).select(from: $0)
        })
    }
    if method == .tree || (method == .exact && wanted == nil) {
      let (found, _) = Self.clustered(background, spec)
      backgroundRows = found?.count
      run = try Self.exactly(method, model, found, spec, threads)
      return
    }
    guard spec.output == .margin else {
      throw ExplainError.output(spec.output.rawValue, model: "The method \(method.rawValue)")
    }
    let (found, weights) = Self.clustered(background, spec)
    guard let found, let asked = method.coalitions else { throw ExplainError.noBackground }
    backgroundRows = found.count
    let explainer = try CoalitionExplainer(
      model, background: found, weights: weights,
      options: .init(
        method: asked, samples: spec.samples, seed: spec.seed, threads: threads,
        order: try spec.time?.order(of: features), hasInteractions: spec.hasInteractions))
    run = { rows, _, context in try explainer.explain(rows, context: context) }
  }

  private static func exactly(
    _ method: ExplainSpec.Method, _ model: TreeEnsemble, _ background: FeatureRows?, _ spec: ExplainSpec,
    _ threads: Int
  ) throws -> @Sendable (FeatureRows, [Double], any JobContext) throws -> ShapValues {
    if method == .tree {
      let explainer = try TreeExplainer(
        model, background: background, hasInteractions: spec.hasInteractions, threads: threads)
      return { try explainer.explain($0, output: spec.output, labels: $1, context: $2) }
    }
    guard spec.output == .margin else { throw ExplainError.output(spec.output.rawValue, model: "The method exact") }
    let exact = try ExactShap(model)
    return { rows, _, context in
      try exact.explain(rows, hasInteractions: spec.hasInteractions, context: context)
    }
  }

  /// The centres of clusters where they are asked for.
  private static func clustered(
    _ background: FeatureRows?, _ spec: ExplainSpec
  ) -> (rows: FeatureRows?, weights: [Double]?) {
    guard case .clusters(let count)? = spec.background, let background else { return (background, nil) }
    let found = BackgroundRows(
      clusters: count, of: background.columns.map { .numbers($0) }, seed: spec.seed)
    let columns = background.columns.enumerated().map { feature, column in found.picks.map { column[$0[feature]] } }
    return (FeatureRows(count: found.count, columns: columns), found.weights)
  }

  func select(from relation: String, others: [String]) -> String {
    mapping.select(from: relation, others: (takesLabel ? label.map { [$0] } ?? [] : []) + others)
  }

  var task: ModelTask {
    switch model.link {
    case .logistic: .binary(threshold: 0, isLogOdds: true, names: [])
    case .softmax: .classes(model.outputNames, isLogOdds: true)
    case .identity, .exponential: .number
    }
  }

  func predict(_ table: DataTable) throws -> [Double] {
    let rows = mapping.rows(of: table)
    return (0..<rows.count).flatMap { model.margins(rows.row($0)) }
  }

  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch {
    let rows = mapping.rows(of: table)
    let labels = takesLabel ? try label.map { try numbers(ofLabels: table, $0) } ?? [] : []
    let values = try run(rows, labels, context)
    return ExplainedBatch(numbers: rows, values: values) { row in words(rows, row) }
  }

  private func words(_ rows: FeatureRows, _ row: Int) -> [String] {
    zip(model.features, rows.columns).map { feature, column in
      let number = column[row]
      if number.isNaN { return "" }
      if let words = feature.categories, words.indices.contains(Int(number)) { return words[Int(number)] }
      return Int64(exactly: number).map { String($0) } ?? String(number)
    }
  }

  /// Labels as numbers: a classifier's are 0 and 1, also where they are called false and true.
  private func numbers(ofLabels batch: DataTable, _ name: String) throws -> [Double] {
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

  static func unit(_ output: ExplainedOutput, _ model: TreeEnsemble) -> String {
    switch output {
    case .probability: model.link == .logistic ? "probability" : "prediction"
    case .logLoss: model.link == .logistic ? "log loss" : "squared error"
    case .margin: model.link == .logistic || model.link == .softmax ? "log-odds" : "margin"
    }
  }
}
