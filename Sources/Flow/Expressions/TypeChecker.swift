// Resolves names and checks types: syntax in, typed expression out, or the first fault with its place.

import Frame

struct TypeChecker {
  private let text: String
  private let schema: Schema
  private let exact: [String: Column]
  private let folded: [String: Column]

  init(text: String, schema: Schema) {
    self.text = text
    self.schema = schema
    exact = Dictionary(schema.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    folded = Dictionary(schema.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
  }

  func check(_ syntax: Syntax) throws -> Expression {
    switch syntax.node {
    case .literal(let value): return Expression(node: .literal(value), kind: value.kind)
    case .name(let name, let style): return try resolve(name, style, syntax.range)
    case .call(let name, let nameRange, let arguments):
      return try call(name, nameRange, arguments, syntax.range)
    case .unary(.minus, let operand):
      let number = try checked(operand, is: .number, for: "-")
      return Expression(node: .negate(number), kind: number.kind)
    case .unary(.not, let operand):
      return Expression(node: .not(try checked(operand, is: .truth, for: "not")), kind: .boolean)
    case .binary(let operation, let left, let right): return try binary(operation, left, right)
    case .isNull(let operand, let negated):
      return Expression(node: .isNull(try check(operand), negated: negated), kind: .boolean)
    case .isIn(let operand, let items, let negated):
      let (first, others) = try comparable(operand, items)
      return Expression(node: .isIn(first, others, negated: negated), kind: .boolean)
    case .between(let operand, let lower, let upper, let negated):
      let (first, others) = try comparable(operand, [lower, upper])
      return Expression(node: .between(first, others[0], others[1], negated: negated), kind: .boolean)
    case .match(let match, let operand, let pattern, let negated):
      let left = try checked(operand, is: .text, for: match.name)
      let right = try checked(pattern, is: .text, for: match.name)
      return Expression(node: .match(match, left, right, negated: negated), kind: .boolean)
    case .conditional(let branches, let otherwise): return try conditional(branches, otherwise)
    }
  }

  // MARK: - Names

  private func resolve(_ name: String, _ style: NameStyle, _ range: TextRange) throws -> Expression {
    if let column = exact[name] ?? folded[name.lowercased()] {
      return Expression(node: .column(column), kind: column.kind)
    }
    // UX: `sex == "F"` compares with a text, as most languages have it.
    if style == .quoted { return Expression(node: .literal(.text(name)), kind: .text) }
    let suggestion = composite(at: range) ?? Nearest.name(to: name, among: schema.map(\.name)).map(Self.written)
    let isFunction = style == .bare && Functions.named(name.lowercased()) != nil
    throw fault(
      range, "no column \"\(name)\"", expected: isFunction ? ["( after the function \(name)"] : [],
      suggestion: suggestion)
  }

  /// The column that stands here if its name was written without brackets, as in `hours-per-week > 40`.
  private func composite(at range: TextRange) -> String? {
    let rest = String(text.dropFirst(range.lower)).lowercased()
    let candidates = schema.map(\.name).filter { Self.written($0) != $0 && rest.hasPrefix($0.lowercased()) }
    return candidates.max { $0.count < $1.count }.map(Self.written)
  }

  /// A column's name as it has to be written in an expression.
  static func written(_ name: String) -> String {
    let isPlain = name.first.map { $0.isLetter || $0 == "_" } ?? false
    let continues = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    if isPlain, continues, !SyntaxParser.keywords.contains(name.lowercased()) { return name }
    return "[" + name.split(separator: "]", omittingEmptySubsequences: false).joined(separator: "]]") + "]"
  }

  // MARK: - Operators

  private func binary(_ operation: BinaryOperator, _ left: Syntax, _ right: Syntax) throws -> Expression {
    switch operation.family {
    case .logic:
      let first = try checked(left, is: .truth, for: operation.rawValue)
      let second = try checked(right, is: .truth, for: operation.rawValue)
      return Expression(node: .binary(operation, first, second), kind: .boolean)
    case .comparison:
      for side in [left, right] {
        guard case .literal(.null) = side.node else { continue }
        throw fault(side.range, "nothing is equal to null", expected: ["is null", "is not null"])
      }
      let (first, others) = try comparable(left, [right])
      return Expression(node: .binary(operation, first, others[0]), kind: .boolean)
    case .arithmetic: return try arithmetic(operation, left, right)
    }
  }

  private func arithmetic(_ operation: BinaryOperator, _ left: Syntax, _ right: Syntax) throws -> Expression {
    let (first, second) = (try check(left), try check(right))
    if operation == .add || operation == .subtract, let days = try calendar(operation, first, second, right) {
      return days
    }
    try require(first, .number, left.range, for: operation.rawValue)
    try require(second, .number, right.range, for: operation.rawValue)
    let isWhole = first.kind != .real && second.kind != .real && operation != .divide && operation != .power
    return Expression(node: .binary(operation, first, second), kind: isWhole ? .integer : .real)
  }

  /// A date plus or minus days, or the days between two dates.
  private func calendar(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ rightSyntax: Syntax
  ) throws -> Expression? {
    guard left.kind == .date else { return nil }
    if right.kind == .integer {
      return Expression(node: .binary(operation, left, right), kind: .date)
    }
    if operation == .subtract, right.kind == .date || right.kind == .text {
      let other = try calendarLiteral(right, rightSyntax.range, as: .date) ?? right
      if other.kind == .date { return Expression(node: .binary(operation, left, other), kind: .integer) }
    }
    throw fault(
      rightSyntax.range,
      "\(right.kind?.noun ?? "null") cannot be \(operation == .add ? "added to" : "taken from") a date",
      expected: operation == .add ? ["a whole number of days"] : ["a whole number of days", "a date"])
  }

  private func conditional(
    _ branches: [(condition: Syntax, value: Syntax)], _ otherwise: Syntax?
  ) throws -> Expression {
    let conditions = try branches.map { try checked($0.condition, is: .truth, for: "when") }
    let (values, kind) = try unified(branches.map(\.value) + [otherwise].compactMap { $0 })
    let pairs = zip(conditions, values).map { (condition: $0, value: $1) }
    let last = otherwise == nil ? nil : values.last
    return Expression(node: .conditional(pairs, otherwise: last), kind: kind)
  }

  // MARK: - Calls

  private func call(
    _ name: String, _ nameRange: TextRange, _ arguments: [Syntax], _ range: TextRange
  ) throws -> Expression {
    guard let function = Functions.named(name) else {
      throw fault(
        nameRange, "no function \"\(name)\"",
        suggestion: Nearest.name(to: name, among: Functions.all.map(\.name)))
    }
    guard function.arity.contains(arguments.count) else {
      let count = arguments.count == 1 ? "1 argument" : "\(arguments.count) arguments"
      throw fault(range, "\(name) is given \(count)", expected: [function.signature])
    }
    if case .common(let start) = function.yields {
      let head = try arguments[..<start].enumerated().map { index, argument in
        try argumentOf(function, index, argument)
      }
      let (tail, kind) = try unified(Array(arguments[start...]))
      return Expression(node: .call(function, head + tail), kind: kind)
    }
    let checked = try arguments.enumerated().map { try argumentOf(function, $0, $1) }
    switch function.yields {
    case .kind(let kind):
      if Self.conversions.contains(name) { return Expression(node: .convert(checked[0], kind), kind: kind) }
      return Expression(node: .call(function, checked), kind: kind)
    case .number, .common: return Expression(node: .call(function, checked), kind: checked[0].kind ?? .real)
    }
  }

  private static let conversions: Set<String> = ["int", "float", "text", "bool", "date", "timestamp"]

  private func argumentOf(_ function: FunctionInfo, _ index: Int, _ syntax: Syntax) throws -> Expression {
    let accepts = function.accepts(at: index)
    guard case .word(let words) = accepts else { return try checked(syntax, is: accepts, for: function.name) }
    let literal = try check(syntax)
    guard case .literal(.text(let word)) = literal.node, words.contains(word.lowercased()) else {
      throw fault(syntax.range, "\(function.name) needs a part", expected: words.map { "'\($0)'" })
    }
    return Expression(node: .literal(.text(word.lowercased())), kind: .text)
  }

  // MARK: - Types

  private func checked(_ syntax: Syntax, is accepts: FunctionInfo.Accepts, for user: String) throws -> Expression {
    let expression = try check(syntax)
    if case .calendar = accepts, let moment = try calendarLiteral(expression, syntax.range, as: .timestamp) {
      return moment
    }
    try require(expression, accepts, syntax.range, for: user)
    return expression
  }

  private func require(
    _ expression: Expression, _ accepts: FunctionInfo.Accepts, _ range: TextRange, for user: String
  ) throws {
    guard let kind = expression.kind else { return }
    let wanted: (fits: Bool, noun: String, function: String) =
      switch accepts {
      case .number: (kind.isNumeric, "a number", "float")
      case .text: (kind == .text, "text", "text")
      case .truth: (kind == .boolean, "true or false", "bool")
      case .calendar: (kind == .date || kind == .timestamp, "a date", "date")
      case .any, .word: (true, "", "")
      }
    if wanted.fits { return }
    throw fault(
      range, "\(user) needs \(wanted.noun), and \(written(range)) is \(kind.noun)",
      expected: ["\(wanted.function)(\(written(range)))"])
  }

  /// Brings operands that are compared to types that compare, dates written as text included.
  private func comparable(_ left: Syntax, _ others: [Syntax]) throws -> (Expression, [Expression]) {
    var first = try check(left)
    let rest = try others.map { syntax in
      let other = try check(syntax)
      if let kind = first.kind, kind.isCalendar, let literal = try calendarLiteral(other, syntax.range, as: kind) {
        return literal
      }
      if let kind = other.kind, kind.isCalendar, let literal = try calendarLiteral(first, left.range, as: kind) {
        first = literal
      }
      try requireComparable(first, left.range, other, syntax.range)
      return other
    }
    return (first, rest)
  }

  private func requireComparable(
    _ left: Expression, _ leftRange: TextRange, _ right: Expression, _ rightRange: TextRange
  ) throws {
    guard let kind = left.kind, let other = right.kind else { return }
    if kind != .other, other != .other, kind.comparisonClass == other.comparisonClass { return }
    let message =
      "\(written(leftRange)) is \(kind.noun) and \(written(rightRange)) is \(other.noun): they cannot be compared"
    throw fault(
      leftRange.union(rightRange), message, expected: remedy(left, leftRange, right, rightRange),
      suggestion: mistyped(right) ?? mistyped(left))
  }

  private func remedy(
    _ left: Expression, _ leftRange: TextRange, _ right: Expression, _ rightRange: TextRange
  ) -> [String] {
    if left.kind == .text, right.kind?.isNumeric == true {
      if case .literal = right.node { return ["'\(written(rightRange))'", "float(\(written(leftRange)))"] }
      return ["float(\(written(leftRange)))"]
    }
    if right.kind == .text, left.kind?.isNumeric == true {
      if case .literal = right.node { return ["a number"] }
      return ["float(\(written(rightRange)))"]
    }
    if left.kind == .other || right.kind == .other { return ["text(…)"] }
    if left.kind == .boolean { return ["true", "false"] }
    return []
  }

  /// A quoted name that became a text although a column is called nearly that.
  private func mistyped(_ expression: Expression) -> String? {
    guard case .literal(.text(let text)) = expression.node else { return nil }
    return Nearest.name(to: text, among: schema.map(\.name)).map(Self.written)
  }

  /// The text literal as a date or time; nil where the expression is no text literal.
  private func calendarLiteral(
    _ expression: Expression, _ range: TextRange, as kind: ColumnKind
  ) throws -> Expression? {
    guard case .literal(.text(let text)) = expression.node else { return nil }
    if kind == .date, let days = CalendarLiteral.days(text) {
      return Expression(node: .literal(.date(days)), kind: .date)
    }
    if let micros = CalendarLiteral.micros(text) {
      return Expression(node: .literal(.timestamp(micros)), kind: .timestamp)
    }
    throw fault(range, "'\(text)' is no date", expected: ["a date such as '2024-12-31'"])
  }

  /// Values that become one column: brought to one type.
  private func unified(_ syntaxes: [Syntax]) throws -> ([Expression], ColumnKind?) {
    let values = try syntaxes.map(check)
    var kind: ColumnKind?
    for (value, syntax) in zip(values, syntaxes) {
      guard let next = value.kind else { continue }
      guard let before = kind else {
        kind = next
        continue
      }
      guard let common = before.common(with: next) else {
        throw fault(
          syntax.range, "the values are of different types: \(written(syntax.range)) is \(next.noun)",
          expected: [before.noun])
      }
      kind = common
    }
    return (values, kind)
  }

  private func written(_ range: TextRange) -> String {
    String(Array(text)[range.lower..<min(range.upper, text.count)])
  }

  private func fault(
    _ range: TextRange, _ message: String, expected: [String] = [], suggestion: String? = nil
  ) -> ExpressionError {
    ExpressionError(
      text: text, offset: range.lower, length: range.upper - range.lower, message: message, expected: expected,
      suggestion: suggestion)
  }
}

extension Value {
  /// The kind of a column that holds the value; nil for a missing one.
  public var kind: ColumnKind? {
    switch self {
    case .null: nil
    case .bool: .boolean
    case .integer: .integer
    case .real: .real
    case .text: .text
    case .date: .date
    case .timestamp: .timestamp
    case .time: .time
    case .other: .other
    }
  }
}

extension ColumnKind {
  var isCalendar: Bool { self == .date || self == .timestamp }

  /// Kinds of one class compare with each other.
  fileprivate var comparisonClass: ColumnKind {
    switch self {
    case .integer: .real
    case .date: .timestamp
    case .real, .boolean, .text, .timestamp, .time, .other: self
    }
  }

  /// The kind that holds values of both.
  func common(with other: ColumnKind) -> ColumnKind? {
    if self == other { return self }
    return comparisonClass == other.comparisonClass ? comparisonClass : nil
  }
}
