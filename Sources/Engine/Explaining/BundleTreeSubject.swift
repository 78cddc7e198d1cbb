import Explain
import Frame
import Jobs
import Learn

/// A trained ensemble by its trees: exact, and all rows of a table in the time that one takes by predictions. The features are
/// the columns of the table: what a recipe makes of a date, a text or a category counts together.
struct BundleTreeSubject: ExplanationSubject {
  let about: ExplainedModel
  let features: [String]
  let method: ExplainSpec.Method = .tree
  let unit: String
  let backgroundRows: Int?
  let batchRows = 8192
  let notes: [String]
  private let manifest: BundleManifest
  private let trees: BundleTrees
  private let explainers: [TreeExplainer]
  private let types: [Column]

  /// - Throws: `BundleError`, `ExplainError` where something else than trees answers.
  init(folder: String, _ spec: ExplainSpec, _ rows: SubjectRows, threads: Int) throws {
    let bundle = try ModelBundle(folder: folder)
    let manifest = bundle.manifest
    guard spec.time == nil else { throw ExplainError.timeMethod("tree") }
    guard let trees = try BundleTrees(bundle) else {
      throw ExplainError.method("tree", model: "The ensemble in \(folder), which is no sum of trees,")
    }
    guard spec.output == .margin else {
      throw ExplainError.output(spec.output.rawValue, model: "The trees of the ensemble in \(folder)")
    }
    if case .clusters? = spec.background {
      throw ExplainError.method("tree", model: "A model against centres of clusters, which count by their rows,")
    }
    (self.manifest, self.trees) = (manifest, trees)
    about = ExplainedModel(name: manifest.explainedName, outputNames: manifest.explainedOutputs)
    features = manifest.schema.columns.map(\.name)
    let isClassifier = manifest.problem.isClassification
    unit = isClassifier ? "log-odds" : "prediction"
    types = try rows.columns(features)
    var notes = spec.background?.notes(types) ?? []
    if isClassifier, trees.parts.count > 1 {
      notes.append(
        "The values are of the mean log-odds of the models of \(trees.parts.count) folds, which is close to the log-odds "
          + "of their mean probability.")
    }
    self.notes = notes
    var backgrounds: [FeatureRows?] = Array(repeating: nil, count: trees.parts.count)
    if let wanted = spec.background {
      let table = try rows.background(wanted, types, seed: spec.seed)
      backgrounds = try trees.rows(of: table)
      backgroundRows = table.rowCount
    } else {
      backgroundRows = nil
    }
    explainers = try zip(trees.parts, backgrounds).map { part, background in
      try TreeExplainer(
        part.model, background: background, hasInteractions: spec.hasInteractions, threads: threads)
    }
  }

  func select(from relation: String, others: [String]) -> String {
    SubjectRows.select(types, from: relation, others: others)
  }

  var label: String? { manifest.target }

  var task: ModelTask {
    let (names, threshold) = (manifest.classes, manifest.threshold)
    if names.isEmpty { return .number }
    guard names.count == 2 else { return .classes(names, isLogOdds: true) }
    return .binary(threshold: CoalitionLink.logit(threshold), isLogOdds: true, names: names)
  }

  func predict(_ table: DataTable) throws -> [Double] {
    var sums = Array(repeating: 0.0, count: table.rowCount * trees.outputs)
    for (part, rows) in zip(trees.parts, try trees.rows(of: table)) {
      for row in 0..<rows.count {
        for (output, margin) in part.model.margins(rows.row(row)).enumerated() {
          sums[row * trees.outputs + output] += margin
        }
      }
    }
    return sums
  }

  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch {
    var sum: ShapValues?
    let all = try trees.rows(of: table, context: context)
    for (number, part) in trees.parts.enumerated() {
      let values = try explainers[number].explain(all[number], context: QuietContext(context)).summed(
        by: part.columnOfFeature, into: features.count)
      if sum == nil { sum = values } else { sum?.add(values) }
    }
    guard let sum else { throw ExplainError.noRows }
    let numbers = table.columns.map { $0.numbers ?? Array(repeating: .nan, count: table.rowCount) }
    return ExplainedBatch(numbers: FeatureRows(count: table.rowCount, columns: numbers), values: sum) { row in
      table.columns.map { $0.text(row) ?? "" }
    }
  }
}
