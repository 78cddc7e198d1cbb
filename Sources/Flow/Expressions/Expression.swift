// An expression whose names are resolved and whose types are checked. Printed to SQL by `Expression+SQL`.

import Frame

/// A checked expression over the columns of a table.
public struct Expression: Sendable {
  indirect enum Node: Sendable {
    case literal(Value)
    case column(Column)
    case call(FunctionInfo, [Expression])
    case negate(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case isNull(Expression, negated: Bool)
    case isIn(Expression, [Expression], negated: Bool)
    case between(Expression, Expression, Expression, negated: Bool)
    case match(MatchOperator, Expression, Expression, negated: Bool)
    case conditional([(condition: Expression, value: Expression)], otherwise: Expression?)
    /// The operand as another type; a value that cannot be converted becomes missing.
    case convert(Expression, ColumnKind)
  }

  let node: Node
  /// What the expression yields; `nil` for a bare `null`, which fits every type.
  public let kind: ColumnKind?

  /// The names of the columns that the expression reads.
  public var columns: Set<String> {
    if case .column(let column) = node { return [column.name] }
    return parts.reduce(into: []) { $0.formUnion($1.columns) }
  }

  /// Whether evaluation can fail for some row (overflow, logarithm of 0, ...): such a row then yields a missing value.
  var canFail: Bool {
    switch node {
    case .call(let function, _) where function.canFail: true
    case .negate: true
    case .binary(let operation, _, _) where operation.family == .arithmetic: true
    default: parts.contains(where: \.canFail)
    }
  }

  private var parts: [Expression] {
    switch node {
    case .literal, .column: []
    case .call(_, let arguments): arguments
    case .negate(let operand), .not(let operand), .isNull(let operand, _), .convert(let operand, _): [operand]
    case .binary(_, let left, let right), .match(_, let left, let right, _): [left, right]
    case .isIn(let operand, let items, _): [operand] + items
    case .between(let operand, let lower, let upper, _): [operand, lower, upper]
    case .conditional(let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.value] } + [otherwise].compactMap { $0 }
    }
  }
}

/// Reads expressions such as `age > 30 and sex == "Female"`.
public enum ExpressionParser {
  /// Reads and checks an expression over the columns of `schema`.
  /// - Throws: `ExpressionError` with the place of the first fault.
  public static func parse(_ text: String, schema: Schema) throws -> Expression {
    let syntax = try SyntaxParser.parse(text)
    return try TypeChecker(text: text, schema: schema).check(syntax)
  }

  /// Reads a condition: an expression that yields true or false.
  public static func parseCondition(_ text: String, schema: Schema) throws -> Expression {
    let expression = try parse(text, schema: schema)
    guard expression.kind == .boolean || expression.kind == nil else {
      let kind = expression.kind?.noun ?? "nothing"
      throw ExpressionError(
        text: text, offset: 0, length: text.count, message: "the expression yields \(kind), not true or false",
        expected: ["a comparison such as age > 30"])
    }
    return expression
  }
}

extension ColumnKind {
  /// The kind as a noun in error messages.
  var noun: String {
    switch self {
    case .integer: "a whole number"
    case .real: "a number"
    case .boolean: "true or false"
    case .text: "text"
    case .date: "a date"
    case .timestamp: "a time stamp"
    case .time: "a time of day"
    case .other: "a nested value"
    }
  }
}
