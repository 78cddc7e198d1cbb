import Fairness
import Flow
import Foundation
import Frame
import Jobs
import Learn
import Numerics

/// What is found out about models that are trained.
extension ModelRunner {
  // MARK: SHAP

  /// Which columns move the predictions of a model: on the test rows of its run where it has some, else on the step's. Kept in
  /// the folder of the run.
  func shap(_ study: AutoMLStudy, candidate: Int?, on request: NodeRequest) throws -> ModelShap {
    let test = study.judging(request.graph)
    let rows = test ?? request
    let folder = candidate.map { ModelBundle.folder(ofCandidate: $0, in: study.folder) } ?? study.folder
    let made =
      FileManager.default.contents(atPath: folder + (candidate == nil ? "/manifest.json" : "/record.json")) ?? Data()
    let key = try Fingerprint.of(rows) + " " + Fingerprint.digest(String(decoding: made, as: UTF8.self))
    if let kept = KeptShap.read(study.folder, candidate, key: key) { return kept }
    let cores = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let runner = ExplanationRunner(nodes: nodes, threads: cores, context: context)
    let spec = ExplainSpec(model: .path(folder), seed: study.options.seed)
    let found = try nodes.reading(rows, context) { try runner.run(spec, $0, of: rows) }.thinned
    let shap = ModelShap(
      found: found, source: test == nil ? "rows of the step, most of which it was trained on" : "test rows")
    KeptShap(key: key, shap: shap).write(study.folder, candidate)
    return shap
  }

  // MARK: Bias

  /// Values of a facet up to which each is a group.
  static let mostGroups = 50
  /// Different numbers up to which each is a group.
  static let mostNumbers = 10

  /// How the predictions of a model differ between groups: of the ensemble on the test rows of its run, where it has some; else
  /// on the rows that the model was judged by, each predicted by models that have not seen it.
  func bias(_ question: ModelBiasQuestion, _ study: AutoMLStudy, on request: NodeRequest) throws -> ModelBias {
    context.report(0, "reading rows")
    let (rows, predicted, source) = try predictions(question, study, on: request)
    let table = DataTable(
      columns: try ([study.options.target] + question.facets).map { name in
        guard let column = rows[name] else { throw EngineError.noSuchColumn(name, rows.schema.map(\.name)) }
        return column
      }, rowCount: rows.rowCount)
    let names = (["label", "prediction"] + question.facets.indices.map { "facet\($0)" })
    var columns = [table.columns[0], predicted] + table.columns.dropFirst()
    let isNumber = predicted.column.kind == .real
    for (index, name) in names.enumerated() {
      // Classes are texts, as the models name them; facets keep their own names.
      let kind = index == 0 ? (isNumber ? .real : .text) : columns[index].column.kind
      let shown = index < 2 ? name : question.facets[index - 2]
      columns[index].column = Column(name: shown, type: Self.type(of: kind))
    }
    columns[0].column.name = Self.free(study.options.target, question.facets)
    columns[1].column.name = Self.free("predicted_" + study.options.target, question.facets)
    let facets = try zip(question.facets, columns.dropFirst(2)).map { try facet($0, $1) }
    var spec = BiasSpec(
      label: .init(column: columns[0].column.name, positive: try outcome(question, study, columns[0])),
      facets: facets, prediction: .label(column: columns[1].column.name), features: [],
      metrics: BiasMetric.allCases.filter { $0.stage == .postTraining && $0 != .ft && $0 != .cddpl })
    spec.seed = study.options.seed &+ 42
    context.report(0.4, "comparing groups")
    return try withTable(columns, rowCount: rows.rowCount) { name, schema in
      let report = try biasReport(
        spec, relation: "SELECT * FROM \(SQL.identifier(name))", schema: schema, in: nodes.database,
        context: PartContext(of: context, 0.4...1))
      return ModelBias(report: report, source: source)
    }
  }

  /// Rows, what the model predicts of each, and in words which they are.
  private func predictions(
    _ question: ModelBiasQuestion, _ study: AutoMLStudy, on request: NodeRequest
  ) throws -> (rows: DataTable, predicted: TypedColumn, source: String) {
    if question.candidate == nil, let test = study.judging(request.graph) {
      let table = try whole(test)
      context.report(0.1, "predicting the test rows")
      let bundle = try ModelBundle(folder: study.folder)
      let cores = threads ?? ProcessInfo.processInfo.activeProcessorCount
      let found = try bundle.predictions(
        table, withProbabilities: false, threads: cores, context: QuietContext(context))
      return (
        table, found.columns[0],
        "\(table.rowCount.grouped) test rows, predicted by the ensemble, which has not seen them."
      )
    }
    let (table, _) = try nodes.reading(request, context) { try read($0, seed: study.options.seed) }
    let aside = try study.validating(request.graph).map(whole)
    context.report(0.2, "reading what the run has kept")
    let found: JudgedPredictions
    do {
      found = try JudgedPredictions(
        folder: study.folder, candidate: question.candidate, table: table, validation: aside, options: study.options)
    } catch BundleError.otherRun { throw EngineError.otherRows }
    let rows = (found.areOfValidation ? aside ?? table : table).selecting(rows: found.rows)
    return (
      rows, found.predicted,
      found.areOfValidation
        ? "\(rows.rowCount.grouped) rows that were put aside, which the model has not seen."
        : "\(rows.rowCount.grouped) rows, each predicted by models that have not seen it."
    )
  }

  private func facet(_ name: String, _ column: TypedColumn) throws -> BiasSpec.Facet {
    let distinct = Set((0..<column.count).lazy.filter { column.isValid($0) }.map { column.value($0) }).count
    if let numbers = column.numbers?.filter(\.isFinite), distinct > Self.mostNumbers, !numbers.isEmpty {
      return BiasSpec.Facet(column: name, groups: .above([Statistics.quantile(numbers, 0.5)]))
    }
    guard distinct <= Self.mostGroups else { throw EngineError.manyGroups(name, distinct, Self.mostGroups) }
    return BiasSpec.Facet(column: name)
  }

  private func outcome(
    _ question: ModelBiasQuestion, _ study: AutoMLStudy, _ label: TypedColumn
  ) throws -> BiasSpec.Outcome {
    let report = try CandidateReport(folder: study.folder, candidate: question.candidate)
    guard let decisions = report.decisions else {
      let numbers = (label.numbers ?? []).filter(\.isFinite)
      return .above(question.above ?? (numbers.isEmpty ? 0 : Statistics.quantile(numbers, 0.5)))
    }
    if !question.positives.isEmpty { return .values(question.positives) }
    return .values([decisions.positive ?? decisions.classes.first ?? ""])
  }

  private static func type(of kind: ColumnKind) -> String {
    switch kind {
    case .integer: "BIGINT"
    case .real: "DOUBLE"
    case .boolean: "BOOLEAN"
    default: "VARCHAR"
    }
  }

  private static func free(_ name: String, _ taken: [String]) -> String {
    taken.contains { $0.lowercased() == name.lowercased() } ? free(name + "_", taken) : name
  }

  /// A table of the database as long as `body` needs it.
  private func withTable<Result>(
    _ columns: [TypedColumn], rowCount: Int, _ body: (String, Schema) throws -> Result
  ) throws -> Result {
    let scratch = FileManager.default.temporaryDirectory.path + "/assay-\(UUID().uuidString).csv"
    var text = columns.indices.map { "c\($0)" }.joined(separator: ",") + "\n"
    for row in 0..<rowCount {
      if row % 10_000 == 0 { try context.checkCancelled() }
      text +=
        columns.map { column in
          guard column.isValid(row), let cell = column.text(row) else { return "" }
          return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\n"
    }
    guard
      FileManager.default.createFile(
        atPath: scratch, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw BundleError.unwritable(file: scratch, reason: String(cString: strerror(errno))) }
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let name = "findings_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    let schema = columns.map(\.column)
    let types = schema.indices.map { "'c\($0)': \(SQL.text(schema[$0].type))" }.joined(separator: ", ")
    let selected = schema.indices.map { "c\($0) AS \(SQL.identifier(schema[$0].name))" }.joined(separator: ", ")
    try nodes.database.execute(
      "CREATE TABLE \(SQL.identifier(name)) AS SELECT \(selected) FROM read_csv(\(SQL.text(scratch)), header = true, "
        + "delim = ',', quote = '\"', escape = '\"', auto_detect = false, allow_quoted_nulls = false, columns = {\(types)})"
    )
    defer { try? nodes.database.execute("DROP TABLE IF EXISTS \(SQL.identifier(name))") }
    return try body(name, schema)
  }
}
