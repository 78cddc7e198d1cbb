import Frame

/// One use of a transform: its parameters, the rows that reach it, and what it has learnt.
public struct TransformCall: Sendable {
  public let step: StepID
  public let parameters: Parameters
  public let inputs: [TransformInput]
  /// Nil before it is fitted.
  public let learned: Parameters?
  /// False while only columns are asked for: then a step that has not learnt yet says what it knows.
  public let needsFit: Bool

  public init(
    step: StepID, parameters: Parameters, inputs: [TransformInput], learned: Parameters? = nil, needsFit: Bool = true
  ) {
    (self.step, self.parameters, self.inputs) = (step, parameters, inputs)
    (self.learned, self.needsFit) = (learned, needsFit)
  }

  public var input: TransformInput { inputs.first ?? TransformInput(table: "(SELECT 1)", schema: []) }
  public var schema: Schema { input.schema }
  /// What stands after FROM.
  public var table: String { input.table }

  public func invalid(_ reason: String) -> FlowError { .invalidParameter(step: step, reason: reason) }

  /// What the step has learnt; nil where only columns are asked for and it has learnt nothing yet.
  /// - Throws: `FlowError.notFitted`.
  public func fitted() throws -> Parameters? {
    if learned == nil, needsFit { throw FlowError.notFitted(step: step, column: "") }
    return learned
  }

  // MARK: - Columns

  /// The input's column of this name: by its exact spelling, or else by any case.
  /// - Throws: `FlowError.noSuchColumn` with the nearest name.
  public func column(_ name: String, of input: TransformInput? = nil) throws -> Column {
    let schema = (input ?? self.input).schema
    if let column = schema.column(named: name) ?? schema.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return column
    }
    throw FlowError.noSuchColumn(name, step: step, nearest: Nearest.name(to: name, among: schema.map(\.name)))
  }

  /// The column that a parameter names, if it fits.
  public func column(parameter: String, _ fit: ColumnFit = .any) throws -> Column {
    let column = try column(parameters.text(parameter) ?? "")
    if let reason = fit.refusal(column) { throw invalid("column \"\(column.name)\": \(reason)") }
    return column
  }

  /// The columns that a parameter lists, if they fit.
  public func columns(parameter: String = "columns", _ fit: ColumnFit = .any) throws -> [Column] {
    try parameters.texts(parameter).map { name in
      let column = try column(name)
      if let reason = fit.refusal(column) { throw invalid("column \"\(column.name)\": \(reason)") }
      return column
    }
  }

  /// A quoted name that no column has, for columns on the way.
  public func freshName(_ stem: String) -> String {
    let taken = Set(inputs.flatMap { $0.schema.map { $0.name.lowercased() } })
    var name = "__\(stem)"
    while taken.contains(name) { name = "_" + name }
    return SQL.identifier(name)
  }

  // MARK: - Stages

  /// A column made by SQL.
  public struct Item: Sendable {
    public var name: String
    public var sql: String
    public var type: String

    public init(_ name: String, _ sql: String, type: String) { (self.name, self.sql, self.type) = (name, sql, type) }

    /// In place of an existing column, with the same type unless another is given.
    public init(_ column: Column, _ sql: String, type: String? = nil) {
      self.init(column.name, sql, type: type ?? column.type)
    }
  }

  /// All columns, some with other values.
  public func replacing(_ items: [Item]) -> TransformStage {
    guard !items.isEmpty else { return TransformStage("SELECT * FROM \(table)", schema) }
    let parts = items.map { "\($0.sql) AS \(SQL.identifier($0.name))" }
    var columns = schema
    for item in items {
      columns = columns.map { $0.name == item.name ? Column(name: item.name, type: item.type) : $0 }
    }
    return TransformStage("SELECT * REPLACE (\(parts.joined(separator: ", "))) FROM \(table)", columns)
  }

  /// All columns but `dropped`, and new ones after them.
  /// - Throws: `FlowError.invalidParameter` where a name is taken.
  public func adding(_ items: [Item], dropping dropped: [String] = []) throws -> TransformStage {
    let gone = Set(dropped)
    let kept = schema.filter { !gone.contains($0.name) }
    var taken = Set(kept.map { $0.name.lowercased() })
    for item in items where !taken.insert(item.name.lowercased()).inserted {
      throw invalid("there is a column \"\(item.name)\" already: choose another name or prefix")
    }
    guard kept.count + items.count > 0 else { throw invalid("a table needs a column: keep one") }
    var parts = kept.isEmpty ? [] : [gone.isEmpty ? "*" : "* EXCLUDE (\(SQL.identifiers(dropped)))"]
    parts += items.map { "\($0.sql) AS \(SQL.identifier($0.name))" }
    return TransformStage(
      "SELECT \(parts.joined(separator: ", ")) FROM \(table)",
      kept + items.map { Column(name: $0.name, type: $0.type) })
  }
}

/// Which columns suit a parameter.
public enum ColumnFit: Sendable, Equatable {
  case any, numeric, text, temporal
  /// Numbers, dates and times: what can be ordered and measured.
  case measured
  /// Text, flags and whole numbers: what names a group.
  case category
  /// Lists, structs, maps: nested values.
  case nested

  /// Why a column does not suit, as a clause; nil where it does.
  public func refusal(_ column: Column) -> String? {
    let kind = column.kind
    switch self {
    case .any: return nil
    case .numeric: return kind.isNumeric ? nil : "holds \(kind.noun), not numbers"
    case .text: return kind == .text ? nil : "holds \(kind.noun), not text"
    case .temporal: return kind.isTemporal ? nil : "holds \(kind.noun), not dates or times"
    case .measured: return kind.isNumeric || kind.isTemporal ? nil : "holds \(kind.noun), not numbers or dates"
    case .category:
      return kind == .text || kind == .boolean || kind == .integer ? nil : "holds \(kind.noun), not categories"
    case .nested: return kind == .other || kind == .text ? nil : "holds \(kind.noun), not nested values"
    }
  }
}
