// Prints a checked expression in DuckDB's SQL. Fully parenthesised; names and literals only through Frame's quoting.

import Frame

extension Expression {
  /// The expression as a column of its canonical type; rows for which it cannot be computed are missing.
  public var columnSQL: String {
    guard let kind, kind != .other else { return sql }
    return guarded("CAST(\(sql) AS \(kind.typeName))")
  }

  /// The expression as a condition: true, false or missing.
  public var conditionSQL: String { guarded(sql) }

  /// The kind that the column of `columnSQL` has, and its DuckDB type.
  public func column(named name: String) -> Column {
    if case .column(let column) = node, column.kind == .other {
      return Column(name: name, type: column.type, kind: column.kind)
    }
    let kind = kind ?? .integer
    return Column(name: name, type: self.kind == nil ? "INTEGER" : kind.typeName, kind: kind)
  }

  private func guarded(_ sql: String) -> String { canFail ? "TRY(\(sql))" : sql }

  var sql: String {
    switch node {
    case .literal(let value): return SQL.literal(value)
    case .column(let column): return SQL.identifier(column.name)
    case .call(let function, let arguments): return function.sql(arguments.map(\.operandSQL))
    case .negate(let operand): return "(-\(operand.operandSQL))"
    case .not(let operand): return "(NOT \(operand.sql))"
    case .binary(let operation, let left, let right): return Self.binary(operation, left, right)
    case .isNull(let operand, let negated): return "(\(operand.sql) IS \(negated ? "NOT " : "")NULL)"
    case .isIn(let operand, let items, let negated):
      return "(\(operand.sql) \(negated ? "NOT " : "")IN (\(items.map(\.sql).joined(separator: ", "))))"
    case .between(let operand, let lower, let upper, let negated):
      return "(\(operand.sql) \(negated ? "NOT " : "")BETWEEN \(lower.sql) AND \(upper.sql))"
    case .match(let match, let operand, let pattern, let negated):
      let test =
        switch match {
        case .like: "\(operand.sql) LIKE \(pattern.sql)"
        case .ilike: "\(operand.sql) ILIKE \(pattern.sql)"
        case .regex: "regexp_matches(\(operand.sql), \(pattern.sql))"
        }
      return negated ? "(NOT \(test))" : "(\(test))"
    case .conditional(let branches, let otherwise):
      let tests = branches.map { "WHEN \($0.condition.sql) THEN \($0.value.operandSQL)" }.joined(separator: " ")
      return "CASE \(tests)\(otherwise.map { " ELSE \($0.operandSQL)" } ?? "") END"
    case .convert(let operand, let kind): return Self.convert(operand, kind)
    }
  }

  /// Columns of narrow integers and decimals are widened, so that arithmetic neither overflows nor rounds early.
  private var operandSQL: String {
    guard case .column(let column) = node else { return sql }
    let wide = column.kind == .integer || column.kind == .real ? column.kind.typeName : column.type
    return column.type == wide || column.type == "HUGEINT" ? sql : "CAST(\(sql) AS \(wide))"
  }

  private static func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> String {
    guard operation.family == .arithmetic else {
      let symbol =
        switch operation {
        case .or: "OR"
        case .and: "AND"
        case .unequal: "<>"
        default: operation.rawValue
        }
      return "(\(left.sql) \(symbol) \(right.sql))"
    }
    let (first, second) = (left.operandSQL, right.operandSQL)
    switch operation {
    case .divide: return "(CAST(\(first) AS DOUBLE) / nullif(\(second), 0))"
    case .quotient:
      return left.kind == .integer && right.kind == .integer
        ? "(\(first) // nullif(\(second), 0))" : "trunc(\(first) / nullif(\(second), 0))"
    case .remainder: return "(\(first) % nullif(\(second), 0))"
    case .power: return "power(\(first), \(second))"
    case .add where left.kind == .date || right.kind == .date,
      .subtract where right.kind == .integer && left.kind == .date:
      return "(\(first) \(operation.rawValue) CAST(\(second) AS INTEGER))"
    default: return "(\(first) \(operation.rawValue) \(second))"
    }
  }

  private static func convert(_ operand: Expression, _ kind: ColumnKind) -> String {
    Conversion.sql(operand.sql, from: operand.kind ?? .text, to: kind)
  }
}
