import Explain
import Foundation
import Frame
import Jobs

/// Which texts are explained part by part, and how.
public struct TextExplainSpec: Codable, Sendable, Equatable {
  public var column: String
  public var granularity: TextGranularity
  /// What stands in place of a part that is not there, such as `[MASK]`; empty leaves it out.
  public var replacement: String
  /// One row, given by its cells; nil for rows of the step.
  public var row: [RowCell]?

  public init(
    column: String, granularity: TextGranularity = .token, replacement: String = "", row: [RowCell]? = nil
  ) {
    (self.column, self.granularity, self.replacement, self.row) = (column, granularity, replacement, row)
  }
}

extension ExplanationRunner {
  /// Parts of a text that are asked about one by one; of more, neighbours are one.
  private static let mostParts = 256
  /// Parts told for all rows together.
  private static let topParts = 50

  /// Which parts of a column's texts make the model say what it says, while all other columns keep their values. Emits
  /// each text as soon as it is explained.
  /// - Throws: `ExplainError.noTexts`, and what reading and predicting throw.
  func explainTexts(
    _ text: TextExplainSpec, _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest
  ) throws -> TextExplanation {
    let total = try relation.rows ?? count(relation.sql)
    guard total > 0 else { throw ExplainError.noRows }
    let (subject, sql) = try texts(text, spec, relation, of: request, total: total)
    let table = try nodes.database.query(sql, context: QuietContext(context))
    let names = table.columns.map(\.column.name)
    guard let place = names.firstIndex(of: text.column) else { throw EngineError.noSuchColumn(text.column, names) }
    guard table.columns[place].column.kind == .text else { throw ExplainError.noTexts(column: text.column) }
    let options = CoalitionExplainer.Options(
      method: spec.method?.coalitions ?? .kernel, samples: spec.samples, seed: spec.seed, threads: threads)
    let explainer = CoalitionExplainer(options: options)
    func explanation(_ rows: [TextExplanation.Row]) -> TextExplanation {
      TextExplanation(
        model: subject.about.name, unit: subject.unit, outputNames: subject.about.outputNames,
        column: table.columns[place].column.name, granularity: text.granularity, replacement: text.replacement,
        method: options.method.rawValue, rows: rows, totalRows: total, topParts: Self.topParts)
    }
    var rows: [TextExplanation.Row] = []
    for row in 0..<table.rowCount {
      try context.checkCancelled()
      context.report(Double(row) / Double(table.rowCount), "explaining texts")
      rows.append(try explain(table, row: row, column: place, text, subject, explainer))
      if table.rowCount > 1 { context.emit(JobOutput.explainedTexts(explanation(Array(rows.suffix(1))))) }
    }
    return explanation(rows)
  }

  /// The model, and a SELECT of the rows whose texts are wanted.
  private func texts(
    _ text: TextExplainSpec, _ spec: ExplainSpec, _ relation: NodeRelation, of request: NodeRequest, total: Int
  ) throws -> (subject: any ExplanationSubject, sql: String) {
    if let cells = text.row {
      let (subject, sql) = try row(cells, spec, relation, of: request)
      return (subject, subject.select(from: sql, others: []))
    }
    let subject = try self.subject(spec, relation, of: request, total: total)
    let asked = min(spec.rows ?? ExplainSpec.askedRows, total)
    let sql = asked < total ? try nodes.sample(relation, asked, seed: spec.seed) : relation.sql
    return (subject, subject.select(from: sql, others: []))
  }

  private func explain(
    _ table: DataTable, row: Int, column place: Int, _ text: TextExplainSpec, _ subject: any ExplanationSubject,
    _ explainer: CoalitionExplainer
  ) throws -> TextExplanation.Row {
    let outputs = subject.about.outputNames.count
    let cut = TextParts(table.columns[place].text(row) ?? "", by: text.granularity).joined(most: Self.mostParts)
    guard !cut.parts.isEmpty else {
      let found = try subject.predict(table.selecting(rows: [row]))
      return .init(parts: [], after: cut.after, baseValues: found, predictions: found, additivityError: 0)
    }
    let quiet = QuietContext(context)
    let column = table.columns[place].column
    let values = try explainer.explain(parts: cut.parts.count, outputs: outputs, context: quiet) { members in
      let count = members[0].count
      var columns = table.columns
      for other in columns.indices where other != place {
        columns[other] = columns[other].selecting(Array(repeating: row, count: count))
      }
      let texts = (0..<count).map { number in
        cut.text({ members[$0][number] == 1 }, replacement: text.replacement)
      }
      columns[place] = TypedColumn(column: column, data: .texts(texts))
      return try subject.predict(DataTable(columns: columns))
    }
    let count = cut.parts.count
    let parts = cut.parts.enumerated().map { number, part in
      let errors =
        values.standardErrors.isEmpty
        ? nil : (0..<outputs).map { values.standardErrors[$0 * count + number] }
      return TextExplanation.Part(
        text: part.text, before: part.before, start: part.start,
        values: (0..<outputs).map { values.values[$0 * count + number] }, standardErrors: errors)
    }
    return .init(
      parts: parts, after: cut.after, baseValues: values.baseValues, predictions: values.predictions,
      additivityError: values.additivityError)
  }
}
