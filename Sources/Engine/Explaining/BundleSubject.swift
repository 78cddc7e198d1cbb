import Explain
import Foundation
import Frame
import Jobs
import Learn

/// A trained ensemble, recipes and all, by its predictions: the features are the columns of the table.
struct BundleSubject: ExplanationSubject {
  let about: ExplainedModel
  let features: [String]
  let method: ExplainSpec.Method
  let unit: String
  var backgroundRows: Int? { centres.count }
  let batchRows = 64
  let notes: [String]
  private let bundle: ModelBundle
  private let explainer: CoalitionExplainer
  /// Rows that the background's cells are taken from.
  private let background: DataTable
  private let centres: BackgroundRows
  private let types: [Column]
  private let threads: Int

  /// Centres that make the background where nobody says otherwise.
  static let centres = 10
  /// Coalitions of a row that an ensemble of several models is asked about where nobody says otherwise, or a few more than
  /// features: it takes long to answer, and what that costs in exactness is told by the standard errors.
  private static let ensembleSamples = 512

  /// - Throws: `BundleError`, `ExplainError` where the ensemble cannot be explained so.
  init(folder: String, _ spec: ExplainSpec, _ rows: SubjectRows, threads: Int) throws {
    let bundle = try ModelBundle(folder: folder)
    (self.bundle, self.threads) = (bundle, threads)
    let manifest = bundle.manifest
    let isClassifier = manifest.problem.isClassification
    guard let asked = (spec.method ?? .kernel).coalitions else {
      throw ExplainError.method(spec.method?.rawValue ?? "", model: "The ensemble in \(folder)")
    }
    guard spec.output == .margin || (spec.output == .probability && isClassifier && spec.link == .identity) else {
      throw ExplainError.output(spec.output.rawValue, model: "The ensemble in \(folder)")
    }
    if spec.link == .logit, !isClassifier {
      throw ExplainError.output("log-odds", model: "The ensemble in \(folder), which predicts numbers,")
    }
    if spec.time != nil, let chosen = spec.method, ![.kernel, .permutation].contains(chosen) {
      throw ExplainError.timeMethod(chosen.rawValue)
    }
    method = spec.method ?? .kernel
    unit = !isClassifier ? "prediction" : spec.link == .logit ? "log-odds" : "probability"
    about = ExplainedModel(name: manifest.explainedName, outputNames: manifest.explainedOutputs)
    features = manifest.schema.columns.map(\.name)
    let isSlow = manifest.members.count > 1 && asked == .kernel && spec.time == nil && !spec.hasInteractions
    explainer = CoalitionExplainer(
      options: .init(
        method: asked, link: spec.link,
        samples: spec.samples ?? (isSlow ? Self.ensembleSamples + 2 * features.count : nil), seed: spec.seed,
        threads: threads,
        order: try spec.time?.order(of: features), hasInteractions: spec.hasInteractions))
    let columns = try rows.columns(features)
    types = columns

    let wanted = spec.background ?? .clusters(Self.centres)
    background = try rows.background(wanted, columns, seed: spec.seed)
    notes = wanted.notes(columns)
    if case .clusters(let count) = wanted {
      centres = BackgroundRows(clusters: count, of: background.columns.map(\.clusterCells), seed: spec.seed)
    } else {
      centres = BackgroundRows(rows: background.rowCount, features: columns.count)
    }
  }

  func select(from relation: String, others: [String]) -> String {
    SubjectRows.select(types, from: relation, others: others)
  }

  var label: String? { bundle.manifest.target }

  var task: ModelTask {
    let (names, threshold) = (bundle.manifest.classes, bundle.manifest.threshold)
    let isLogOdds = unit == "log-odds"
    if names.isEmpty { return .number }
    guard names.count == 2 else { return .classes(names, isLogOdds: isLogOdds) }
    return .binary(
      threshold: isLogOdds ? CoalitionLink.logit(threshold) : threshold, isLogOdds: isLogOdds, names: names)
  }

  func predict(_ table: DataTable) throws -> [Double] {
    let found = try bundle.predict(table, threads: threads, context: SilentContext())
    let link: CoalitionLink = unit == "log-odds" ? .logit : .identity
    let isBinary = bundle.manifest.classes.count == 2
    return (isBinary ? stride(from: 1, to: found.count, by: 2).map { found[$0] } : found).map { link($0) }
  }

  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch {
    guard let all = background.appending(table) else {
      throw ExplainError.noBackground
    }
    let keys = all.columns.map(\.keys)
    let (bundle, threads) = (bundle, threads)
    let isBinary = bundle.manifest.classes.count == 2
    let first = background.rowCount
    let values = try explainer.explain(
      rows: Array(first..<all.rowCount), features: features.count, outputs: about.outputNames.count,
      background: centres, isSame: { keys[$0][$1] == keys[$0][$2] }, context: context
    ) { picks in
      let rows = zip(all.columns, picks).map { $0.selecting($1) }
      let found = try bundle.predict(DataTable(columns: rows), threads: threads, context: SilentContext())
      return isBinary ? stride(from: 1, to: found.count, by: 2).map { found[$0] } : found
    }
    let numbers = table.columns.map { $0.numbers ?? Array(repeating: .nan, count: table.rowCount) }
    return ExplainedBatch(numbers: FeatureRows(count: table.rowCount, columns: numbers), values: values) { row in
      table.columns.map { $0.text(row) ?? "" }
    }
  }
}

extension BundleManifest {
  /// What explanations call it.
  var explainedName: String {
    "Ensemble of \(members.count == 1 ? "1 model" : "\(members.count) models") for " + target
      + (classes.count == 2 ? " = \(classes[1])" : "")
  }

  /// Outputs as explanations name them: of two classes the second.
  var explainedOutputs: [String] { classes.isEmpty ? ["prediction"] : classes.count == 2 ? [classes[1]] : classes }
}

extension ExplainSpec.Background {
  /// What a person should know of it where cells keep the types of their columns.
  func notes(_ columns: [Column]) -> [String] {
    let whole = columns.filter { $0.kind == .integer }.map(\.name)
    guard self == .means, !whole.isEmpty else { return [] }
    return ["Means of the background are rounded to whole numbers: " + whole.joined(separator: ", ") + "."]
  }
}

extension SubjectRows {
  /// Columns of the relation.
  /// - Throws: `BundleError.missingColumns`.
  func columns(_ names: [String]) throws -> [Column] {
    let schema = relation.schema
    let missing = names.filter { schema.column(named: $0) == nil }
    guard missing.isEmpty else { throw BundleError.missingColumns(missing) }
    return names.compactMap { schema.column(named: $0) }
  }

  static func select(_ columns: [Column], from relation: String, others: [String] = []) -> String {
    // Of the same types everywhere, so that cells of two sources can stand in one column.
    let parts = columns.map { column in
      let name = SQL.identifier(column.name)
      return "CAST(\(name) AS \(column.type)) AS \(name)"
    }
    let rest = others.enumerated().map { "\(SQL.identifier($1)) AS o\($0)" }
    return "SELECT \((parts + rest).joined(separator: ", ")) FROM \(SQL.subquery(relation))"
  }

  /// Rows of a background with these columns.
  func background(_ wanted: ExplainSpec.Background, _ columns: [Column], seed: UInt64) throws -> DataTable {
    try background(wanted, seed: seed) { relation, schema in
      let missing = columns.map(\.name).filter { schema.column(named: $0) == nil }
      guard missing.isEmpty else { throw BundleError.missingColumns(missing) }
      return Self.select(columns, from: relation)
    }
  }
}

extension TypedColumn {
  /// What clusters are made of.
  var clusterCells: BackgroundRows.Cells {
    if let numbers { return .numbers(numbers) }
    let moments: [Double]
    switch data {
    case .dates(let days): moments = days.map(Double.init)
    case .timestamps(let micros), .times(let micros): moments = micros.map(Double.init)
    case .integers, .reals, .booleans, .texts, .others: return .codes(keys)
    }
    return .numbers(moments.indices.map { isValid($0) ? moments[$0] : .nan })
  }

  /// Numbers that are equal where cells are.
  var keys: [Int] {
    var codes: [String?: Int] = [:]
    return (0..<count).map { row in
      let text = text(row)
      if let known = codes[text] { return known }
      let next = codes.count
      codes[text] = next
      return next
    }
  }
}
