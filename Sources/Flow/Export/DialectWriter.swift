import Frame

/// Writes single steps for programs other than DuckDB, by the columns that reach them.
struct DialectWriter {
  let dialect: SQLDialect
  let graph: FlowGraph
  /// The columns of the steps before.
  let schemas: [StepID: Schema]

  private func quoted(_ name: String) -> String { dialect.identifier(name) }

  /// One SELECT.
  /// - Parameter outlet: the step whose rows one hands on.
  /// - Throws: `FlowError.cannot` where the dialect cannot say the step.
  func select(_ step: Step, outlet: (StepID) -> StepID) throws -> String {
    func refuse(_ reason: String) -> FlowError {
      .cannot("write in the SQL of \(dialect.title)", step: step.id, because: reason)
    }
    let inputs = step.inputs.map(outlet)
    guard let first = inputs.first, let schema = schemas[first] else { throw FlowError.noSuchStep(step.id) }
    let from = quoted(first.rawValue)
    let names = schema.map(\.name)
    func column(_ name: String) throws -> Column {
      guard
        let column = schema.column(named: name) ?? schema.first(where: { $0.name.lowercased() == name.lowercased() })
      else { throw FlowError.noSuchColumn(name, step: step.id, nearest: nil) }
      return column
    }
    func replacing(_ values: [String: String]) -> String {
      let items = names.map { name in values[name].map { "\($0) AS \(quoted(name))" } ?? quoted(name) }
      return "SELECT \(items.joined(separator: ", ")) FROM \(from)"
    }
    switch step.operation {
    case .select(let kept): return "SELECT \(dialect.list(try kept.map { try column($0).name })) FROM \(from)"
    case .drop(let dropped):
      let gone = Set(try dropped.map { try column($0).name })
      return "SELECT \(dialect.list(names.filter { !gone.contains($0) })) FROM \(from)"
    case .rename(let renamings):
      var items: [String: String] = [:]
      for renaming in renamings { items[try column(renaming.column).name] = renaming.to.trimmed }
      let parts = names.map { name in items[name].map { "\(quoted(name)) AS \(quoted($0))" } ?? quoted(name) }
      return "SELECT \(parts.joined(separator: ", ")) FROM \(from)"
    case .filter(let text):
      let condition = try ExpressionParser.parseCondition(text, schema: schema)
      return "SELECT \(dialect.list(names)) FROM \(from)\nWHERE \(try write(condition, refuse))"
    case .derive(let name, let text):
      let expression = try ExpressionParser.parse(text, schema: schema)
      var sql = try write(expression, refuse)
      if let kind = expression.kind, kind != .other { sql = "CAST(\(sql) AS \(dialect.type(kind)))" }
      if let old = names.first(where: { $0.lowercased() == name.trimmed.lowercased() }) { return replacing([old: sql]) }
      return "SELECT \(dialect.list(names)), \(sql) AS \(quoted(name.trimmed)) FROM \(from)"
    case .cast(let casts):
      var values: [String: String] = [:]
      for cast in casts {
        let column = try column(cast.column)
        values[column.name] = convert(quoted(column.name), from: column.kind, to: cast.to)
      }
      return replacing(values)
    case .sort(let keys):
      return "SELECT \(dialect.list(names)) FROM \(from)\nORDER BY \(try order(keys, column, refuse))"
    case .sample(.first(let count)):
      let cut = "SELECT \(dialect.list(names)) FROM \(from)"
      // A table expression has no order there: the rows are sorted where they are cut, or not at all.
      if case .sort(let keys)? = graph[first]?.operation {
        return "\(cut)\nORDER BY \(try order(keys, column, refuse))\nLIMIT \(count)"
      }
      if try graph.path(to: first).contains(where: {
        graph[$0]?.isEnabled == true && graph[$0]?.operation.kind == .sort
      }) {
        throw refuse("an earlier sort is forgotten there: let it follow the sort")
      }
      return "\(cut)\nLIMIT \(count)"
    case .sample: throw refuse("its random rows follow from DuckDB's hash")
    case .impute(let rules):
      var values: [String: String] = [:]
      for rule in rules {
        let column = try column(rule.column)
        guard let value = fill(rule, column, step), !value.isNull else { continue }
        let name = quoted(column.name)
        let present = column.kind == .real ? "CASE WHEN \(nan(name)) THEN NULL ELSE \(name) END" : name
        values[column.name] = "coalesce(\(present), CAST(\(dialect.literal(value)) AS \(dialect.type(column.kind))))"
      }
      return replacing(values)
    case .transform(let spec):
      switch spec.id {
      case Join.info.id: return try join(step, spec.parameters, inputs)
      case Concatenate.info.id: return try concatenate(spec.parameters, inputs, refuse)
      case GroupBy.info.id: return try group(spec.parameters, schema, from, column, refuse)
      default: throw refuse("only DuckDB can say \(step.operation.title.lowercased())")
      }
    case .source: throw FlowError.sourceNotOpen(step.id)
    }
  }

  private func order(
    _ keys: [SortKey], _ column: (String) throws -> Column, _ refuse: (String) -> FlowError
  ) throws -> String {
    try keys.map { key in
      let column = try column(key.column)
      if column.kind == .text { throw refuse("it sorts text by the numbers in it") }
      return "\(quoted(column.name)) \(key.descending ? "DESC" : "ASC") NULLS LAST"
    }.joined(separator: ", ")
  }

  private func fill(_ rule: ImputeRule, _ column: Column, _ step: Step) -> Value? {
    if case .constant(let value) = rule.strategy { return value }
    return step.fitted?[rule.column] ?? step.fitted?[column.name]
  }

  func nan(_ sql: String) -> String { dialect == .spark ? "isnan(\(sql))" : "is_nan(CAST(\(sql) AS DOUBLE))" }

  /// A deviation: that of values which are not all finite is missing here, and no number there.
  private func known(_ sql: String) -> String { "CASE WHEN NOT \(nan(sql)) THEN \(sql) END" }

  func convert(_ sql: String, from: ColumnKind, to kind: ColumnKind) -> String {
    if from == kind { return sql }
    let operand = from == .text && kind != .text ? "trim(\(sql))" : sql
    return "TRY_CAST(\(operand) AS \(dialect.type(kind)))"
  }

  // MARK: - Several tables

  private func join(_ step: Step, _ parameters: Parameters, _ inputs: [StepID]) throws -> String {
    let call = TransformCall(
      step: step.id, parameters: parameters,
      inputs: inputs.map { TransformInput(table: quoted($0.rawValue), schema: schemas[$0] ?? []) })
    let plan = try Join.plan(call)
    let condition = plan.keys.map { "l.\(quoted($0.left.name)) = r.\(quoted($0.right.name))" }
      .joined(separator: " AND ")
    let (left, right) = ("\(call.inputs[0].table) AS l", "\(call.inputs[1].table) AS r")
    if plan.how == "semi" || plan.how == "anti" {
      let columns = call.inputs[0].schema.map { "l.\(quoted($0.name))" }.joined(separator: ", ")
      return "SELECT \(columns) FROM \(left)\nWHERE \(plan.how == "semi" ? "" : "NOT ")EXISTS "
        + "(SELECT 1 FROM \(right) WHERE \(condition))"
    }
    let items = plan.items.map { item in
      let names = item.sources.map { "\($0.isLeft ? "l" : "r").\(quoted($0.column))" }
      let value = names.count == 1 ? names[0] : "coalesce(\(names.joined(separator: ", ")))"
      return "\(value) AS \(quoted(item.name))"
    }
    let on = plan.how == "cross" ? "" : "\nON \(condition)"
    return "SELECT \(items.joined(separator: ", "))\nFROM \(left) \(plan.word) \(right)\(on)"
  }

  private func concatenate(
    _ parameters: Parameters, _ inputs: [StepID], _ refuse: (String) -> FlowError
  ) throws -> String {
    if parameters.flag("distinct") { throw refuse("which of equal rows comes first is not known there") }
    var columns: Schema = []
    for column in inputs.flatMap({ schemas[$0] ?? [] }) {
      let same = columns.firstIndex { $0.name.lowercased() == column.name.lowercased() }
      guard let same else {
        columns.append(column)
        continue
      }
      columns[same] = Column(
        name: columns[same].name, type: TransformCall.common([columns[same], column]))
    }
    if let column = columns.first(where: { $0.kind == .other }) {
      throw refuse("\"\(column.name)\" holds nested values")
    }
    let origin = parameters.text("origin")?.trimmed
    return inputs.map { input in
      var items = columns.map { column in
        let found = schemas[input]?.first { $0.name.lowercased() == column.name.lowercased() }
        return
          "CAST(\(found.map { quoted($0.name) } ?? "NULL") AS \(dialect.type(column.kind))) AS \(quoted(column.name))"
      }
      if let origin { items.append("\(dialect.text(graph[input]?.title ?? "")) AS \(quoted(origin))") }
      return "SELECT \(items.joined(separator: ", ")) FROM \(quoted(input.rawValue))"
    }.joined(separator: "\nUNION ALL\n")
  }

  // MARK: - Groups

  private func group(
    _ parameters: Parameters, _ schema: Schema, _ from: String, _ column: (String) throws -> Column,
    _ refuse: (String) -> FlowError
  ) throws -> String {
    func present(_ column: Column) -> String {
      let name = quoted(column.name)
      return column.kind == .real ? "CASE WHEN \(nan(name)) THEN NULL ELSE \(name) END" : name
    }
    if parameters.text("order") == "first" { throw refuse("which group comes first is not known there") }
    let keys = try parameters.texts("keys").map(column)
    var items = keys.map { "\(present($0)) AS \(quoted($0.name))" }
    for row in parameters.rows("aggregates") {
      let function = row.text("function") ?? "count"
      guard let text = row.text("column") else {
        items.append("count(*) AS \(quoted(row.text("name")?.trimmed ?? "count"))")
        continue
      }
      let column = try column(text)
      let value = present(column)
      let double = "CAST(\(value) AS DOUBLE)"
      let sql: String
      switch function {
      case "count": sql = "count(\(value))"
      case "distinct": sql = "count(DISTINCT \(value))"
      case "sum" where column.kind == .real: sql = "sum(\(double))"
      case "sum" where column.kind == .boolean: sql = "sum(CAST(CAST(\(value) AS INTEGER) AS DECIMAL(38,0)))"
      case "sum": sql = "sum(CAST(\(value) AS DECIMAL(38,0)))"
      case "mean": sql = "avg(\(double))"
      case "std": sql = known("stddev_samp(\(double))")
      case "var": sql = known("var_samp(\(double))")
      case "min", "max": sql = "\(function)(\(value))"
      case "median" where dialect == .spark && column.kind.isNumeric: sql = "percentile(\(double), 0.5)"
      default: throw refuse("it has no statistic \(function) of this kind")
      }
      let name = row.text("name")?.trimmed ?? "\(column.name)_\(function)"
      items.append("\(sql) AS \(quoted(name))")
    }
    let groups = keys.isEmpty ? "" : "\nGROUP BY \(keys.map(present).joined(separator: ", "))"
    return "SELECT \(items.joined(separator: ", ")) FROM \(from)\(groups)"
  }
}
