import Embed
import Flow
import Foundation
import Frame
import Jobs
import Numerics

// The step that makes vectors of texts.

extension ModelScorer {
  /// Texts whose directions are looked for at most; more are sampled.
  static let mostEmbeddedTexts = 20_000
  private static let embeddedAtOnce = 4096

  func learnEmbedding(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let column = try call.column(parameter: "column", .text)
    let text = "CAST(\(SQL.identifier(column.name)) AS VARCHAR)"
    let path = call.parameters.text("model") ?? ""
    let context = reader.context
    context.report(0, "reading the vectors")
    let encoder = try texts.encoder(path)
    let counted = try reader.query(
      "SELECT count(*) FROM \(call.table) WHERE \(text) IS NOT NULL", note: "counting texts")
    let total = Int(counted.value(0, 0).number ?? 0)
    guard total > 0 else {
      throw call.invalid("column \"\(column.name)\": has no text, only missing values; choose another column")
    }
    let isReduced = call.parameters.text("output") ?? "components" == "components"
    let number = call.freshName("row")
    let sample = try reader.query(
      """
      SELECT t FROM (SELECT \(text) AS t, row_number() OVER () AS \(number) FROM \(call.table) WHERE \(text) IS NOT NULL)
      WHERE hash(\(number), 42::UBIGINT) % \(total)::UBIGINT < \(Self.mostEmbeddedTexts)::UBIGINT ORDER BY \(number)
      """, note: "reading texts")
    // Without directions to find, a few texts say whether the words are known.
    let count = isReduced ? sample.rowCount : min(sample.rowCount, 1000)
    let vectors = try self.texts.vectors(
      of: (0..<count).map { sample.text($0, 0) ?? "" }, by: path, splitting: splitting(call),
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, context: context)
    let known = vectors.filter { $0.contains { $0 != 0 } }
    guard !known.isEmpty else {
      throw call.invalid(
        "no word of \"\(column.name)\" has a vector in \(path): choose vectors of the texts' language, or split the "
          + "words as their training did")
    }
    if let broken = known.first(where: { !$0.allSatisfy(\.isFinite) }) {
      throw call.invalid("\(path) makes vectors that are no numbers (\(broken.first { !$0.isFinite } ?? .nan))")
    }
    var learned: Parameters = [
      "model": .text((path as NSString).lastPathComponent), "dimensions": .number(Double(encoder.dimensions)),
      "texts": .number(Double(total)), "examined": .number(Double(count)),
      "unknown": .number(Double(vectors.count - known.count)),
    ]
    guard isReduced else { return learned }
    context.report(0.95, "looking for components")
    let found = try PrincipalDirections(
      known, count: call.parameters.integer("components") ?? 8, check: context.checkCancelled)
    func list(_ values: [Double]) -> Parameter { .list(values.map(Parameter.number)) }
    learned["center"] = list(found.center)
    learned["loadings"] = .list(found.directions.map(list))
    learned["variances"] = list(found.variances)
    learned["variance"] = .number(found.total)
    return learned
  }

  func embed(_ call: TransformCall, _ reader: FitReader, into table: String) throws {
    let (database, context) = (reader.database, reader.context)
    let learned = try call.fitted() ?? [:]
    let column = try call.column(parameter: "column", .text)
    let outputs = try EmbedText.outputs(call)
    let path = call.parameters.text("model") ?? ""
    context.report(0, "reading the vectors")
    let encoder = try texts.encoder(path)
    guard encoder.dimensions == learned.integer("dimensions") else {
      throw call.invalid(
        "\(path) makes vectors of \(encoder.dimensions) numbers now, and the step has learnt from vectors of "
          + "\(learned.integer("dimensions") ?? 0): fit the step again, or choose the vectors that it learnt from")
    }
    let center = learned.numbers("center")
    let loadings = (learned["loadings"]?.list ?? []).map { ($0.list ?? []).compactMap(\.number) }
    let isList = call.parameters.text("output") == "list"
    let width = isList ? encoder.dimensions : outputs.count

    let rows = table + "_rows"
    try database.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(rows)) AS SELECT * FROM \(call.table)",
      context: PartContext(of: context, 0...0.05), note: "reading rows")
    defer { try? database.execute("DROP TABLE IF EXISTS \(SQL.identifier(rows))") }
    let total = Int(try database.query("SELECT count(*) FROM \(SQL.identifier(rows))").value(0, 0).number ?? 0)
    let numbers = try NumberTable(
      columns: [("place", .double)] + (0..<width).map { ("n\($0)", .double) }, beside: database)
    defer { numbers.drop() }
    for start in stride(from: 0, to: total, by: Self.embeddedAtOnce) {
      let end = min(start + Self.embeddedAtOnce, total)
      let part = PartContext(
        of: context, (0.05 + 0.9 * Double(start) / Double(total))...(0.05 + 0.9 * Double(end) / Double(total)))
      let read = try database.query(
        "SELECT CAST(\(SQL.identifier(column.name)) AS VARCHAR) FROM \(SQL.identifier(rows)) "
          + "WHERE rowid BETWEEN \(start) AND \(end - 1) ORDER BY rowid")
      part.report(0, "embedding \(column.name)")
      let found = try texts.vectors(
        of: (0..<read.rowCount).map { read.text($0, 0) ?? "" }, by: path, splitting: splitting(call),
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, context: part)
      let values: [[Double]] = found.enumerated().map { row, vector in
        // A missing text has no numbers.
        guard read.text(row, 0) != nil else { return [Double](repeating: .nan, count: width) }
        guard !loadings.isEmpty else { return vector.prefix(width).map(Double.init) }
        return loadings.map { loading in
          loading.indices.reduce(0) { $0 + loading[$1] * (Double(vector[$1]) - center[$1]) }
        }
      }
      try numbers.append(rows: values.count) { $1 == 0 ? Double(start + $0) : values[$0][$1 - 1] }
    }
    try numbers.close()
    func cell(_ place: Int) -> String { "CASE WHEN isnan(s.n\(place)) THEN NULL ELSE s.n\(place) END" }
    let items =
      isList
      ? ["CASE WHEN isnan(s.n0) THEN NULL ELSE [\((0..<width).map { "s.n\($0)" }.joined(separator: ", "))] END"]
      : outputs.indices.map(cell)
    let columns = zip(outputs, items).map { "\($1) AS \(SQL.identifier($0.name))" }
    let kept = call.schema.filter { !call.parameters.flag("drop") || $0.name != column.name }
    let all = kept.map { "r.\(SQL.identifier($0.name))" } + columns
    try database.execute(
      """
      CREATE OR REPLACE TABLE \(SQL.identifier(table)) AS SELECT \(all.joined(separator: ", ")) \
      FROM \(SQL.identifier(rows)) r JOIN \(SQL.subquery(numbers.sql)) s \
      ON r.rowid = CAST(s.place AS BIGINT) ORDER BY r.rowid
      """, context: PartContext(of: context, 0.95...1), note: "adding vectors")
  }

  private func splitting(_ call: TransformCall) -> WordSplitting {
    call.parameters.text("words").flatMap(WordSplitting.init) ?? .lowercase
  }
}
