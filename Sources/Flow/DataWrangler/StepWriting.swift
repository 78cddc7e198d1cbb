// Which step becomes which nodes: the way back from `NodeReading`.

import Frame

struct StepWriting {
  let step: Step
  let graph: FlowGraph
  let schemas: [StepID: Schema]
  private(set) var notes: [DataWranglerNote] = []

  init(_ step: Step, graph: FlowGraph, schemas: [StepID: Schema]) {
    (self.step, self.graph, self.schemas) = (step, graph, schemas)
  }

  mutating func note(_ weight: DataWranglerNote.Weight, _ what: String, why: String = "", advice: String = "") {
    notes.append(DataWranglerNote(weight, step: step.id, step.title, what: what, why: why, advice: advice))
  }

  /// The parameters of these have been told by no file that we have seen.
  mutating func noteUnseen() {
    note(
      .info, "has parameters whose names no file of Data Wrangler has shown us",
      advice: "Look at the step there")
  }

  /// The nodes of the step, one below the other.
  mutating func nodes() -> [DraftedNode] {
    if let origin = step.origin, let kind = origin.text("operator"), let parameters = origin["parameters"]?.record {
      var draft = DraftedNode(DataWranglerDocument.Node.kind(kind), Parameters(parameters))
      draft.operatorID = kind
      return [draft]
    }
    do {
      return try mapped()
    } catch {
      let reason = (error as? Unmapped)?.reason ?? "\(error)"
      if let sql = spark() {
        note(.info, "becomes code in Spark's SQL", why: reason)
        return [Self.code(sql)]
      }
      note(
        .missing, "is not written", why: reason,
        advice: "Data Wrangler stops at this step until you write it there or take it out")
      return [Self.stop("assay: \(step.title), \(step.operation.summary): \(reason)")]
    }
  }

  /// The step as one SELECT of Spark over `df`; nil where it has none, or the columns are not known.
  private func spark() -> String? {
    guard step.inputs.count == 1, let input = step.inputs.first, let schema = schemas[input] else { return nil }
    let table = StepID("df")
    let writer = DialectWriter(dialect: .spark, graph: graph, schemas: [table: schema])
    return try? writer.select(step) { _ in table }
  }

  static func code(_ sql: String) -> DraftedNode {
    DraftedNode("custom_code", ["operator": "SQL (PySpark SQL)", "sql_parameters": ["code": .text(sql)]])
  }

  /// Code that stops and says why: no rows are better than wrong ones.
  private static func stop(_ reason: String) -> DraftedNode {
    let text = reason.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
    return DraftedNode(
      "custom_code",
      ["operator": "Python (PySpark)", "pyspark_parameters": ["code": .text("raise NotImplementedError(\"\(text)\")")]])
  }

  private mutating func mapped() throws -> [DraftedNode] {
    switch step.operation {
    case .source: throw Unmapped("it is a source")
    case .cast(let casts): return try cast(casts)
    case .filter(let condition):
      return [Self.code("SELECT * FROM df WHERE \(try SparkSQL.expression(condition))")]
    case .select(let columns): return [Self.code("SELECT \(SQLDialect.spark.list(columns)) FROM df")]
    case .drop(let columns):
      return [DraftedNode("manage_columns", "Drop column", ["column_to_drop": named(columns)])]
    case .rename(let names): return [try rename(names)]
    case .derive(let name, let expression):
      let formula = try SparkSQL.expression(expression)
      return [DraftedNode("custom_formula", ["output_column": .text(name), "formula": .text(formula)])]
    case .sort(let keys):
      let conditions = keys.map { key -> Parameter in
        ["sort_by": .text(key.column), "order": key.descending ? "Descending" : "Ascending"]
      }
      let only = keys.count == 1 ? Parameters(conditions[0].record ?? [:]) : ["conditions": .list(conditions)]
      return [DraftedNode("manage_rows", "Sort", only)]
    case .sample(let sampling):
      if case .random = sampling {} else { noteUnseen() }
      return [Self.sampling(sampling)]
    case .impute(let rules): return try impute(rules)
    case .transform(let spec): return try transform(spec)
    }
  }

  // MARK: - Those with cases of their own

  static func typeName(_ kind: ColumnKind) throws -> String {
    switch kind {
    case .integer: "long"
    case .real: "float"
    case .text: "string"
    case .boolean: "bool"
    case .date: "date"
    case .timestamp: "datetime"
    case .time, .other: throw Unmapped("Data Wrangler has no type \(kind.rawValue)")
    }
  }

  private func cast(_ casts: [Cast]) throws -> [DraftedNode] {
    if step.isInferredCast {
      let schema = try casts.map { ($0.column, Parameter.text(try Self.typeName($0.to))) }
      let trained: Parameters = ["schema": .record(Dictionary(schema, uniquingKeysWith: { first, _ in first }))]
      return [DraftedNode("infer_and_cast_type", [:], trained: trained)]
    }
    let known = step.inputs.first.map { graph.knownKinds(at: $0) } ?? [:]
    return try casts.map { cast in
      var parameters: Parameters = ["column": .text(cast.column), "data_type": .text(try Self.typeName(cast.to))]
      if let from = known[cast.column], let name = try? Self.typeName(from) {
        parameters["original_data_type"] = .text(name.capitalizedFirst)
      }
      if cast.to == .date { parameters["date_formatting"] = "yyyy-MM-dd" }
      return DraftedNode("cast_single_data_type", parameters)
    }
  }

  private func rename(_ names: [Renaming]) throws -> DraftedNode {
    let old = Set(names.map { $0.column.lowercased() })
    // There one name after the other is changed, here all at once.
    if names.count > 1, names.contains(where: { old.contains($0.to.trimmed.lowercased()) }) {
      throw Unmapped("a new name is the old name of another column")
    }
    let pairs = names.map { ["input_column": Parameter.text($0.column), "new_name": .text($0.to)] }
    return names.count == 1
      ? DraftedNode("manage_columns", "Rename column", Parameters(pairs[0]))
      : DraftedNode("manage_columns", "Rename column", ["columns_to_rename": .list(pairs.map(Parameter.record))])
  }

  static func sampling(_ sampling: Sampling) -> DraftedNode {
    func node(_ method: String, _ parameters: Parameters) -> DraftedNode {
      DraftedNode(
        "sampling", ["sampling_method": .text(method), DraftedNode.key(method): .record(parameters.values)])
    }
    switch sampling {
    case .first(let rows): return node("Limit", ["limit": .number(Double(rows))])
    case .random(let rows, let seed):
      return node("Random", ["sample_size": .number(Double(rows)), "seed": .number(Double(seed))])
    case .fraction(let share, let seed):
      return node("Random", ["sample_size": .number(share), "seed": .number(Double(seed))])
    case .stratified(let rows, let column, let seed):
      return node(
        "Stratified",
        ["sample_size": .number(Double(rows)), "stratify_column": .text(column), "seed": .number(Double(seed))])
    }
  }

  private mutating func impute(_ rules: [ImputeRule]) throws -> [DraftedNode] {
    var groups: [(strategy: ImputeStrategy, columns: [String])] = []
    for rule in rules {
      if let place = groups.firstIndex(where: { $0.strategy == rule.strategy }) {
        groups[place].columns.append(rule.column)
      } else {
        groups.append((rule.strategy, [rule.column]))
      }
    }
    return groups.map { strategy, columns in
      switch strategy {
      case .mean, .median:
        let name = strategy == .mean ? "Mean" : "Approximate Median"
        let inner: Parameters = ["strategy": .text(name), "input_column": named(columns)]
        return DraftedNode(
          "handle_missing", "Impute", ["column_type": "Numeric", "numeric_parameters": .record(inner.values)])
      case .mode:
        return DraftedNode(
          "handle_missing", "Impute",
          ["column_type": "Categorical", "categorical_parameters": ["input_column": named(columns)]])
      case .constant(let value):
        return DraftedNode(
          "handle_missing", "Fill missing", ["input_column": named(columns), "fill_value": .text(value.description)])
      }
    }
  }
}
