// One step as a SELECT over the name of its input, with the columns that come out.

import Frame

struct StepCompiler {
  let step: Step
  /// The quoted name of the table expression that the step reads.
  let input: String
  /// The input's columns.
  let schema: Schema
  /// Whether an impute step without its statistics is an error.
  var needsFit = true
  /// What it reads beside `input`.
  var others: [TransformInput] = []
  /// What the user calls the step that it reads.
  var title = ""

  /// - Throws: `FlowError` where the step does not fit its input.
  func stage() throws -> Compiler.Stage {
    if let reason = step.operation.parameterFault {
      throw FlowError.invalidParameter(step: step.id, reason: reason)
    }
    switch step.operation {
    case .source: throw FlowError.sourceNotOpen(step.id)
    case .cast(let casts): return try cast(casts)
    case .filter(let condition):
      let expression = try parse { try ExpressionParser.parseCondition(condition, schema: schema) }
      return stage("SELECT * FROM \(input) WHERE \(expression.conditionSQL)", schema)
    case .select(let names):
      let columns = try names.map(column)
      return stage("SELECT \(SQL.identifiers(columns.map(\.name))) FROM \(input)", columns)
    case .drop(let names):
      let gone = Set(try names.map { try column($0).name })
      let columns = schema.filter { !gone.contains($0.name) }
      guard !columns.isEmpty else { throw invalid("a table needs a column: leave one undropped") }
      return stage("SELECT * EXCLUDE (\(SQL.identifiers(gone.sorted()))) FROM \(input)", columns)
    case .rename(let names): return try rename(names)
    case .derive(let name, let text): return try derive(name.trimmed, text)
    case .sort(let keys): return try sort(keys)
    case .sample(let sampling): return try sample(sampling)
    case .impute(let rules): return try impute(rules)
    case .transform(let spec): return try transform(spec)
    }
  }

  private func transform(_ spec: TransformSpec) throws -> Compiler.Stage {
    guard let transform = spec.transform else { throw FlowError.unknownOperation(spec.id) }
    let rows = TransformInput(table: input, schema: schema, title: title)
    let call = TransformCall(
      step: step.id, parameters: spec.parameters, inputs: [rows] + others, learned: step.learned, needsFit: needsFit)
    if transform.learns(spec.parameters), step.learned == nil, needsFit {
      throw FlowError.notFitted(step: step.id, column: "")
    }
    let made = try transform.stage(call)
    return stage(made.sql, made.schema)
  }

  private func stage(_ sql: String, _ schema: Schema) -> Compiler.Stage {
    Compiler.Stage(id: step.id, sql: sql, schema: schema)
  }

  private func invalid(_ reason: String) -> FlowError { .invalidParameter(step: step.id, reason: reason) }

  private func parse(_ body: () throws -> Expression) throws -> Expression {
    do {
      return try body()
    } catch let error as ExpressionError {
      throw FlowError.expression(error, step: step.id)
    }
  }

  /// The input's column of this name: by its exact spelling, or else by any case.
  private func column(_ name: String) throws -> Column {
    if let column = schema.column(named: name) ?? schema.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return column
    }
    throw FlowError.noSuchColumn(name, step: step.id, nearest: Nearest.name(to: name, among: schema.map(\.name)))
  }

  // MARK: - Columns

  private func cast(_ casts: [Cast]) throws -> Compiler.Stage {
    var columns = schema
    var parts: [String] = []
    for cast in casts {
      let column = try column(cast.column)
      if cast.to == .other { throw invalid("columns cannot be cast to a nested type") }
      if let fault = Conversion.fault(from: column.kind, to: cast.to) {
        throw invalid("column \"\(column.name)\": \(fault)")
      }
      let name = SQL.identifier(column.name)
      let converted = Conversion.sql(name, from: column.kind, to: cast.to)
      // A column that is of the kind already is brought to the kind's own type, such as INTEGER to BIGINT.
      let sql = converted == name ? "TRY_CAST(\(name) AS \(cast.to.typeName))" : converted
      parts.append("\(sql) AS \(name)")
      columns = columns.map {
        $0.name == column.name ? Column(name: column.name, type: cast.to.typeName, kind: cast.to) : $0
      }
    }
    return stage("SELECT * REPLACE (\(parts.joined(separator: ", "))) FROM \(input)", columns)
  }

  private func rename(_ names: [Renaming]) throws -> Compiler.Stage {
    var byName: [String: String] = [:]
    for name in names { byName[try column(name.column).name] = name.to.trimmed }
    let columns = schema.map { column in
      var renamed = column
      renamed.name = byName[column.name] ?? column.name
      return renamed
    }
    // Names differ by more than case in SQL.
    var taken: Set<String> = []
    for column in columns where !taken.insert(column.name.lowercased()).inserted {
      throw invalid("two columns would be called \"\(column.name)\": choose another name")
    }
    let items = zip(schema, columns).map { old, new in
      old.name == new.name
        ? SQL.identifier(old.name) : "\(SQL.identifier(old.name)) AS \(SQL.identifier(new.name))"
    }
    return stage("SELECT \(items.joined(separator: ", ")) FROM \(input)", columns)
  }

  private func derive(_ name: String, _ text: String) throws -> Compiler.Stage {
    let expression = try parse { try ExpressionParser.parse(text, schema: schema) }
    let sql = expression.columnSQL
    // Names differ by more than case in SQL, so that "Age" takes the place of "age".
    if let old = schema.first(where: { $0.name.lowercased() == name.lowercased() }) {
      let quoted = SQL.identifier(old.name)
      let columns = schema.map { $0.name == old.name ? expression.column(named: old.name) : $0 }
      return stage("SELECT * REPLACE (\(sql) AS \(quoted)) FROM \(input)", columns)
    }
    return stage(
      "SELECT *, \(sql) AS \(SQL.identifier(name)) FROM \(input)", schema + [expression.column(named: name)])
  }

  private func impute(_ rules: [ImputeRule]) throws -> Compiler.Stage {
    var columns = schema
    var parts: [String] = []
    for rule in rules {
      let column = try column(rule.column)
      if let fault = rule.strategy.fault(for: column) { throw invalid(fault) }
      let name = SQL.identifier(column.name)
      // An enumeration holds its own words only, so that a filled one becomes plain text.
      let type = column.kind == .text ? ColumnKind.text.typeName : column.type
      if type != column.type {
        columns = columns.map { $0.name == column.name ? Column(name: column.name, type: type) : $0 }
      }
      guard let value = try fill(rule, column) else { continue }
      let literal = "CAST(\(SQL.literal(value)) AS \(type))"
      let missing = column.kind == .real ? "\(name) IS NULL OR isnan(\(name))" : "\(name) IS NULL"
      parts.append("CASE WHEN \(missing) THEN \(literal) ELSE \(name) END AS \(name)")
    }
    guard !parts.isEmpty else { return stage("SELECT * FROM \(input)", schema) }
    return stage("SELECT * REPLACE (\(parts.joined(separator: ", "))) FROM \(input)", columns)
  }

  /// The value that fills a column; nil where it was fitted on a column without a single value.
  private func fill(_ rule: ImputeRule, _ column: Column) throws -> Value? {
    if case .constant(let value) = rule.strategy { return value.fitting(column.kind) ?? value }
    guard let value = step.fitted?[rule.column] ?? step.fitted?[column.name] else {
      if needsFit { throw FlowError.notFitted(step: step.id, column: column.name) }
      return nil
    }
    return value.isNull ? nil : value
  }

  // MARK: - Rows

  /// A name for the row's number that no column has.
  private var numberColumn: String { freshName("row") }

  private func freshName(_ stem: String) -> String {
    let taken = Set(schema.map { $0.name.lowercased() })
    var name = "__\(stem)"
    while taken.contains(name) { name = "_" + name }
    return SQL.identifier(name)
  }

  private func sort(_ keys: [SortKey]) throws -> Compiler.Stage {
    let order = try keys.map { key -> String in
      let column = try column(key.column)
      let direction = "\(key.descending ? "DESC" : "ASC") NULLS LAST"
      let name = SQL.identifier(column.name)
      guard column.kind == .text else { return "\(name) \(direction)" }
      let text = column.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)"
      return "\(NaturalOrder.key(text)) \(direction)"
    }
    let number = numberColumn
    // The row's number as the last key makes the sort stable.
    let sql = """
      SELECT * EXCLUDE (\(number)) FROM (SELECT *, row_number() OVER () AS \(number) FROM \(input))
      ORDER BY \(order.joined(separator: ", ")), \(number)
      """
    return stage(sql, schema)
  }

  private func sample(_ sampling: Sampling) throws -> Compiler.Stage {
    let number = numberColumn
    let numbered = "SELECT *, row_number() OVER () AS \(number) FROM \(input)"
    func lot(_ seed: UInt64) -> String { "hash(\(number), \(seed)::UBIGINT)" }
    switch sampling {
    case .first(let count): return stage("SELECT * FROM \(input) LIMIT \(count)", schema)
    case .fraction(let share, let seed):
      let sql = """
        SELECT * EXCLUDE (\(number)) FROM (\(numbered))
        WHERE \(lot(seed))::DOUBLE < \(SQL.literal(.real(share * 0x1p64)))
        """
      return stage(sql, schema)
    case .random(let count, let seed):
      let sql = """
        SELECT * EXCLUDE (\(number)) FROM (
        SELECT * FROM (\(numbered)) ORDER BY \(lot(seed)), \(number) LIMIT \(count)) ORDER BY \(number)
        """
      return stage(sql, schema)
    case .stratified(let count, let name, let seed):
      let group = SQL.identifier(try column(name).name)
      let rank = freshName("rank")
      // Rows in the order of their place within their own group, as a share of it: any first part of that order has
      // every group in its proportion.
      let ranked = """
        SELECT *, (row_number() OVER (PARTITION BY \(group) ORDER BY \(lot(seed)), \(number)) - 0.5::DOUBLE)
        / count(*) OVER (PARTITION BY \(group)) AS \(rank) FROM (\(numbered))
        """
      let sql = """
        SELECT * EXCLUDE (\(number), \(rank)) FROM (
        SELECT * FROM (\(ranked)) ORDER BY \(rank), \(number) LIMIT \(count)) ORDER BY \(number)
        """
      return stage(sql, schema)
    }
  }
}
