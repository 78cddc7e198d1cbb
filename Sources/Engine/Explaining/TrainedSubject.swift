import Explain
import Foundation
import Frame
import Jobs
import Learn

/// Boosted trees of the step itself, explained by column: what a date or a text is turned into counts together.
struct TrainedSubject: ExplanationSubject {
  let about: ExplainedModel
  let features: [String]
  let method: ExplainSpec.Method = .tree
  let unit: String
  let backgroundRows: Int? = nil
  let batchRows = 8192
  let notes: [String]
  private let trees: TableTrees
  private let explainer: TreeExplainer

  /// Rows that trees learn from at most; of more, a random sample.
  static let rowLimit = 250_000

  init(target: String, _ spec: ExplainSpec, _ rows: SubjectRows, total: Int, threads: Int, context: any JobContext)
    throws
  {
    guard spec.method ?? .tree == .tree, spec.output == .margin else {
      throw ExplainError.method(spec.method?.rawValue ?? spec.output.rawValue, model: "Trees that are trained for it")
    }
    if spec.time != nil { throw ExplainError.timeMethod("tree") }
    let relation = rows.relation
    guard relation.schema.column(named: target) != nil else {
      throw EngineError.noSuchColumn(target, relation.schema.map(\.name))
    }
    let sql = total > Self.rowLimit ? try rows.nodes.sample(relation, Self.rowLimit, seed: spec.seed) : relation.sql
    let table = try rows.query(sql)
    let trees = try TableTrees(
      table, target: target, seed: spec.seed, threads: threads, context: context)
    self.trees = trees
    notes =
      (total > Self.rowLimit
        ? ["The trees learnt from a random sample of \(Self.rowLimit.grouped) of \(total.grouped) rows."] : [])
      + trees.notes
    features = trees.pipeline.columns.map(\.column)
    var model: TreeEnsemble?
    for (output, text) in trees.texts.enumerated() {
      var one = try TreeEnsemble(text: text)
      one.scale(by: trees.scale, adding: trees.center)
      if model == nil {
        model = one
        model?.trees = []
        model?.baseMargins = []
      }
      model?.trees += one.trees.map { DecisionTree(nodes: $0.nodes, output: output) }
      model?.baseMargins.append(one.baseMargins.first ?? 0)
    }
    guard let model else { throw ExplainError.noRows }
    explainer = try TreeExplainer(model, hasInteractions: spec.hasInteractions, threads: threads)
    unit = trees.classes == nil ? "prediction" : "log-odds"
    let classes = trees.classes ?? []
    about = ExplainedModel(
      name: "Boosted trees for \(target)" + (classes.count == 2 ? " = \(classes[1])" : ""),
      outputNames: classes.count > 2 ? classes : [classes.count == 2 ? classes[1] : "prediction"])
  }

  func select(from relation: String, others: [String]) -> String {
    let rest = others.enumerated().map { ", \(SQL.identifier($1)) AS o\($0)" }.joined()
    return "SELECT \(SQL.identifiers(features))\(rest) FROM \(SQL.subquery(relation))"
  }

  var label: String? { trees.target }

  var task: ModelTask {
    guard let classes = trees.classes else { return .number }
    return classes.count == 2
      ? .binary(threshold: 0, isLogOdds: true, names: classes) : .classes(classes, isLogOdds: true)
  }

  func predict(_ table: DataTable) throws -> [Double] {
    let matrix = try trees.pipeline.transform(table, rows: Array(0..<table.rowCount))
    let columns = (0..<matrix.features).map { Array(matrix.column($0)) }
    return (0..<table.rowCount).flatMap { row in explainer.model.margins(columns.map { $0[row] }) }
  }

  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch {
    let all = Array(0..<table.rowCount)
    let matrix = try trees.pipeline.transform(table, rows: all, context: context)
    let rows = FeatureRows(
      count: table.rowCount, columns: (0..<matrix.features).map { Array(matrix.column($0)) })
    let values = try explainer.explain(rows, context: context).summed(
      by: trees.pipeline.columnOfFeature, into: features.count)
    let numbers = table.columns.map { $0.numbers ?? Array(repeating: .nan, count: table.rowCount) }
    return ExplainedBatch(numbers: FeatureRows(count: table.rowCount, columns: numbers), values: values) { row in
      table.columns.map { $0.text(row) ?? "" }
    }
  }
}
