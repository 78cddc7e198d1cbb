import Frame

extension DialectWriter {
  /// An expression in the dialect.
  /// - Throws: what `refuse` makes of the reason, where the dialect has no such operator or function.
  func write(_ expression: Expression, _ refuse: (String) -> FlowError) throws -> String {
    func sql(_ part: Expression) throws -> String { try write(part, refuse) }
    switch expression.node {
    case .literal(let value): return dialect.literal(value)
    case .column(let column): return dialect.identifier(column.name)
    case .call(let function, let arguments): return try call(function, arguments, refuse)
    case .negate(let operand): return "(-\(try sql(operand)))"
    case .not(let operand): return "(NOT \(try sql(operand)))"
    case .binary(let operation, let left, let right): return try binary(operation, left, right, refuse)
    case .isNull(let operand, let negated): return "(\(try sql(operand)) IS \(negated ? "NOT " : "")NULL)"
    case .isIn(let operand, let items, let negated):
      let list = try items.map(sql).joined(separator: ", ")
      return "(\(try sql(operand)) \(negated ? "NOT " : "")IN (\(list)))"
    case .between(let operand, let lower, let upper, let negated):
      return "(\(try sql(operand)) \(negated ? "NOT " : "")BETWEEN \(try sql(lower)) AND \(try sql(upper)))"
    case .match(let match, let operand, let pattern, let negated):
      let (text, like) = (try sql(operand), try sql(pattern))
      switch match {
      case .like: return "(\(text) \(negated ? "NOT " : "")LIKE \(like))"
      case .ilike: return "(lower(\(text)) \(negated ? "NOT " : "")LIKE lower(\(like)))"
      case .regex: throw refuse("regular expressions differ there")
      }
    case .conditional(let branches, let otherwise):
      let tests = try branches.map { "WHEN \(try sql($0.condition)) THEN \(try sql($0.value))" }
      return "CASE \(tests.joined(separator: " "))\(try otherwise.map { " ELSE \(try sql($0))" } ?? "") END"
    case .convert(let operand, let kind):
      return try conversion(operand, kind, refuse)
    }
  }

  private func conversion(
    _ operand: Expression, _ kind: ColumnKind, _ refuse: (String) -> FlowError
  ) throws -> String {
    // DuckDB rounds, the others cut off.
    if kind == .integer, operand.kind == .real { throw refuse("numbers are not rounded there when they become whole") }
    return convert(try write(operand, refuse), from: operand.kind ?? .text, to: kind)
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ refuse: (String) -> FlowError
  ) throws -> String {
    let (first, second) = (try write(left, refuse), try write(right, refuse))
    guard operation.family == .arithmetic else {
      switch operation {
      case .or: return "(\(first) OR \(second))"
      case .and: return "(\(first) AND \(second))"
      case .unequal: return "(\(first) <> \(second))"
      case .equal: return "(\(first) = \(second))"
      default: return "(\(first) \(operation.rawValue) \(second))"
      }
    }
    let kinds = [left.kind, right.kind]
    guard kinds.allSatisfy({ $0?.isNumeric ?? true }) else { throw refuse("dates are added up in another way there") }
    switch operation {
    case .divide: return "(CAST(\(first) AS DOUBLE) / nullif(\(second), 0))"
    case .quotient: throw refuse("there is no //")
    case .remainder: return "(\(first) % nullif(\(second), 0))"
    case .power: return "power(\(first), \(second))"
    default: return "(\(first) \(operation.rawValue) \(second))"
    }
  }

  private func call(
    _ function: FunctionInfo, _ arguments: [Expression], _ refuse: (String) -> FlowError
  ) throws -> String {
    let parts = try arguments.map { try write($0, refuse) }
    let list = parts.joined(separator: ", ")
    switch function.name {
    case "abs", "floor", "ceil", "exp", "sqrt", "power", "length", "lower", "upper", "trim", "replace", "year", "month",
      "day", "hour", "minute", "coalesce", "nullif":
      return "\(function.name)(\(list))"
    case "round": return "round(\(list))"
    case "sign": return "sign(\(list))"
    case "ln", "log10":
      // Missing for 0 and below, as everywhere in assay.
      return "CASE WHEN \(parts[0]) > 0 THEN \(function.name)(\(parts[0])) END"
    case "substr": return "substr(\(list))"
    case "concat":
      return "concat(\(parts.map { "coalesce(CAST(\($0) AS \(dialect.type(.text))), '')" }.joined(separator: ", ")))"
    case "contains": return dialect == .spark ? "contains(\(list))" : "(strpos(\(list)) > 0)"
    case "starts_with": return dialect == .spark ? "startswith(\(list))" : "starts_with(\(list))"
    case "ends_with" where dialect == .spark: return "endswith(\(list))"
    case "ends_with": return "(substr(\(parts[0]), -length(\(parts[1]))) = \(parts[1]))"
    case "if": return "CASE WHEN \(parts[0]) THEN \(parts[1]) ELSE \(parts[2]) END"
    case "float": return "TRY_CAST(\(list) AS DOUBLE)"
    case "text": return "CAST(\(list) AS \(dialect.type(.text)))"
    case "bool", "date", "timestamp":
      let kind: ColumnKind = function.name == "bool" ? .boolean : function.name == "date" ? .date : .timestamp
      return "TRY_CAST(\(list) AS \(dialect.type(kind)))"
    default: throw refuse("it has no \(function.name)")
    }
  }
}
