import Foundation
import Frame

extension Compiler {
  /// Of which columns of its inputs each column of a step is made.
  /// - Parameter database: parses the step's SQL; nothing is run.
  /// - Throws: `FlowError` where a step up to `node` is at fault or has not learnt yet, or `FrameError`.
  public func origins(of node: StepID, in database: Database) throws -> StepOrigins {
    let stages = try stages(to: node, standsIn: true)
    guard let stage = stages.last else { throw FlowError.noSuchStep(node) }
    return try origins(of: stage, among: stages, in: database, aggregates: Self.aggregates(database))
  }

  /// Names of functions that make one value of many rows.
  static func aggregates(_ database: Database) throws -> Set<String> {
    let table = try database.query(
      "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'")
    return Set((0..<table.rowCount).compactMap { table.text($0, 0) })
  }

  func origins(
    of stage: Stage, among stages: [Stage], in database: Database, aggregates: Set<String>
  ) throws -> StepOrigins {
    let inputs = stage.inputs.compactMap { id in stages.first { $0.id == id } }
    let sql = SQL.text(stage.sql.withoutEnumerations)
    let parsed = try database.query(
      "SELECT json_serialize_sql(\(sql), skip_null := true, skip_empty := true, skip_default := true)")
    var reader = OriginReader(aggregates: aggregates)
    let fields = try reader.read(
      Data((parsed.text(0, 0) ?? "").utf8), inputs: inputs.map { ($0.id.rawValue, $0.schema) })
    var origins = StepOrigins()
    origins.rows = reader.rows
    origins.changesRows = reader.changesRows
    guard reader.isCertain, fields.count == stage.schema.count else {
      var all = ColumnOrigin()
      for (place, input) in inputs.enumerated() { all.from.add(input.schema.map { .init(place, $0.name) }) }
      origins.columns = stage.schema.map { ($0.name, all) }
      (origins.rows, origins.changesRows, origins.isCertain) = (all.from, true, false)
      return origins
    }
    let target = graph[stage.id].flatMap { Self.target(of: $0, inputs.first?.schema ?? []) }
    origins.columns = zip(stage.schema, fields).map { column, field in
      var origin = field.origin
      if origin.from.isEmpty { origin.isPassed = false }
      // A cast to the type that the values have already leaves them as they are.
      if origin.casts > 0 {
        let types = origin.from.map { inputs[$0.input].schema.column(named: $0.column)?.type }
        if origin.casts > 1 || types.contains(where: { $0 != column.type }) { origin.isPassed = false }
      }
      origin.casts = 0
      if let target, !origin.isPassed { origin.by.add([target]) }
      // What a value is computed with need not be said twice.
      origin.by.removeAll { origin.from.contains($0) }
      return (column.name, origin)
    }
    return origins
  }

  /// The column that a step has learnt from beside those that it reads, as an encoder does from its target.
  private static func target(of step: Step, _ schema: Schema) -> ColumnOrigin.Reference? {
    guard case .transform(let spec) = step.operation, step.operation.learns,
      let name = spec.parameters.text("target")?.lowercased(),
      let column = schema.first(where: { $0.name.lowercased() == name })
    else { return nil }
    return .init(0, column.name)
  }
}

extension String {
  /// SQL with the type of texts in place of enumerations: their words say nothing of columns, are many, and DuckDB does
  /// not write lists of them as JSON.
  var withoutEnumerations: String {
    guard contains("ENUM") else { return self }
    let text = Array(utf8)
    var kept: [UInt8] = []
    var place = 0
    /// The place after a quoted text; doubled marks stand for one inside of it.
    func end(_ start: Int) -> Int {
      var place = start + 1
      while place < text.count {
        if text[place] == text[start] {
          guard place + 1 < text.count, text[place + 1] == text[start] else { return place + 1 }
          place += 1
        }
        place += 1
      }
      return text.count
    }
    let (quote, mark) = (UInt8(ascii: "'"), UInt8(ascii: "\""))
    while place < text.count {
      if text[place] == quote || text[place] == mark {
        let next = end(place)
        kept += text[place..<next]
        place = next
      } else if text[place...].starts(with: "ENUM".utf8), let open = opening(text, place + 4) {
        var next = open + 1
        while next < text.count, text[next] != UInt8(ascii: ")") { next = text[next] == quote ? end(next) : next + 1 }
        kept += Array("VARCHAR".utf8)
        place = min(text.count, next + 1)
      } else {
        kept.append(text[place])
        place += 1
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// The place of a parenthesis after blanks; nil where something else stands there.
  private func opening(_ text: [UInt8], _ start: Int) -> Int? {
    var place = start
    while place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
    return place < text.count && text[place] == UInt8(ascii: "(") ? place : nil
  }
}
