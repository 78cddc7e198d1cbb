// Reads tokens into syntax by precedence climbing (Richards and Whitby-Strevens 1979). No names, no types: see `TypeChecker`.

import Frame

struct SyntaxParser {
  private let text: String
  private let tokens: [Token]
  private var position = 0

  /// Deeper expressions are refused, so that no expression can exhaust the stack.
  static let maximumDepth = 200

  static let keywords: Set<String> = [
    "and", "or", "not", "in", "between", "is", "null", "like", "ilike", "case", "when", "then", "else", "end", "true",
    "false",
  ]

  private static let notPrecedence = 3
  private static let comparison = BinaryOperator.equal.precedence
  private static let signPrecedence = 7

  static func parse(_ text: String) throws -> Syntax {
    var parser = SyntaxParser(text: text, tokens: try Tokenizer.tokens(of: text))
    let syntax = try parser.expression(0, nesting: 0)
    if parser.current.kind != .end { throw parser.unexpected(["an operator", "the end"]) }
    return syntax
  }

  private init(text: String, tokens: [Token]) {
    self.text = text
    self.tokens = tokens
  }

  private var current: Token { tokens[position] }

  private var keyword: String? {
    guard case .word(let word) = current.kind else { return nil }
    let lowered = word.lowercased()
    return Self.keywords.contains(lowered) ? lowered : nil
  }

  private func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

  private mutating func advance() { position = min(position + 1, tokens.count - 1) }

  private mutating func take(keyword wanted: String) -> Bool {
    guard keyword == wanted else { return false }
    advance()
    return true
  }

  private mutating func take(symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  private mutating func require(keyword wanted: String) throws {
    guard take(keyword: wanted) else { throw unexpected([wanted]) }
  }

  private mutating func require(symbol: String) throws {
    guard take(symbol: symbol) else { throw unexpected([symbol]) }
  }

  // MARK: - Operators

  private mutating func expression(_ minimum: Int, nesting: Int) throws -> Syntax {
    guard nesting < Self.maximumDepth else { throw tooDeep(current.range) }
    var left = try prefix(nesting: nesting)
    while true {
      if let infix = infixOperator, infix.precedence >= minimum {
        advance()
        // The power binds to the right, the others to the left.
        let right = try expression(infix == .power ? infix.precedence : infix.precedence + 1, nesting: nesting + 1)
        left = try node(.binary(infix, left, right), left.range.union(right.range), [left, right])
        try refuseChain(infix)
      } else if Self.comparison >= minimum, let test = try test(of: left, nesting: nesting) {
        left = test
      } else {
        return left
      }
    }
  }

  private var infixOperator: BinaryOperator? {
    if case .symbol(let symbol) = current.kind { return BinaryOperator(spelling: symbol) }
    return keyword.flatMap { $0 == "and" || $0 == "or" ? BinaryOperator(spelling: $0) : nil }
  }

  /// `1 < x < 3` would compare a truth value with 3.
  private func refuseChain(_ previous: BinaryOperator) throws {
    guard previous.family == .comparison, infixOperator?.family == .comparison else { return }
    throw fault(current.range, "comparisons cannot be chained", expected: ["and", "or", "between … and …"])
  }

  /// What can follow a value beside an operator: is null, in, between, like, ilike, ~.
  private mutating func test(of left: Syntax, nesting: Int) throws -> Syntax? {
    if take(keyword: "is") {
      let negated = take(keyword: "not")
      let end = current.range
      try require(keyword: "null")
      return try node(.isNull(left, negated: negated), left.range.union(end), [left])
    }
    if isSymbol("~") || isSymbol("!~") {
      let negated = isSymbol("!~")
      advance()
      return try match(.regex, left, negated: negated, nesting: nesting)
    }
    let start = position
    let negated = take(keyword: "not")
    if take(keyword: "in") { return try membership(of: left, negated: negated, nesting: nesting) }
    if take(keyword: "like") { return try match(.like, left, negated: negated, nesting: nesting) }
    if take(keyword: "ilike") { return try match(.ilike, left, negated: negated, nesting: nesting) }
    if take(keyword: "between") {
      let lower = try expression(Self.comparison + 1, nesting: nesting + 1)
      try require(keyword: "and")
      let upper = try expression(Self.comparison + 1, nesting: nesting + 1)
      return try node(
        .between(left, lower, upper, negated: negated), left.range.union(upper.range), [left, lower, upper])
    }
    if negated { throw unexpected(["in", "like", "ilike", "between"]) }
    position = start
    return nil
  }

  private mutating func match(_ kind: MatchOperator, _ left: Syntax, negated: Bool, nesting: Int) throws -> Syntax {
    let pattern = try expression(Self.comparison + 1, nesting: nesting + 1)
    return try node(.match(kind, left, pattern, negated: negated), left.range.union(pattern.range), [left, pattern])
  }

  private mutating func membership(of left: Syntax, negated: Bool, nesting: Int) throws -> Syntax {
    try require(symbol: "(")
    let (items, end) = try list(nesting: nesting)
    guard !items.isEmpty else { throw fault(end, "the list is empty", expected: ["a value"]) }
    return try node(.isIn(left, items, negated: negated), left.range.union(end), [left] + items)
  }

  /// The items up to and with the closing parenthesis.
  private mutating func list(nesting: Int) throws -> (items: [Syntax], end: TextRange) {
    var items: [Syntax] = []
    var end = current.range
    if take(symbol: ")") { return (items, end) }
    repeat { items.append(try expression(0, nesting: nesting + 1)) } while take(symbol: ",")
    end = current.range
    guard take(symbol: ")") else { throw unexpected([",", ")"]) }
    return (items, end)
  }

  // MARK: - Values

  private mutating func prefix(nesting: Int) throws -> Syntax {
    let start = current.range
    if take(symbol: "-") {
      let operand = try expression(Self.signPrecedence, nesting: nesting + 1)
      return try node(.unary(.minus, operand), start.union(operand.range), [operand])
    }
    if take(symbol: "+") { return try expression(Self.signPrecedence, nesting: nesting + 1) }
    if keyword == "not" || isSymbol("!") {
      advance()
      let operand = try expression(Self.notPrecedence, nesting: nesting + 1)
      return try node(.unary(.not, operand), start.union(operand.range), [operand])
    }
    if take(symbol: "(") {
      var inner = try expression(0, nesting: nesting + 1)
      inner.range = start.union(current.range)
      guard take(symbol: ")") else { throw unexpected(["an operator", ")"]) }
      return inner
    }
    if take(keyword: "case") { return try conditional(from: start, nesting: nesting) }
    return try primary(nesting: nesting)
  }

  private mutating func primary(nesting: Int) throws -> Syntax {
    let token = current
    switch token.kind {
    case .integer(let number): return try leaf(.literal(.integer(number)))
    case .real(let number): return try leaf(.literal(.real(number)))
    case .text(let text): return try leaf(.literal(.text(text)))
    case .quoted(let name): return try leaf(.name(name, .quoted))
    case .bracketed(let name): return try leaf(.name(name, .bracketed))
    case .word(let word):
      switch word.lowercased() {
      case "null": return try leaf(.literal(.null))
      case "true": return try leaf(.literal(.bool(true)))
      case "false": return try leaf(.literal(.bool(false)))
      case let lowered where Self.keywords.contains(lowered): throw unexpected(["a value"])
      default: return try named(word, nesting: nesting)
      }
    case .symbol, .end: throw unexpected(["a value"])
    }
  }

  /// A column, a call, or a literal such as `date '2024-12-31'`.
  private mutating func named(_ word: String, nesting: Int) throws -> Syntax {
    let start = current.range
    advance()
    if case .text(let text) = current.kind {
      let range = start.union(current.range)
      switch word.lowercased() {
      case "date":
        guard let days = CalendarLiteral.days(text) else {
          throw fault(current.range, "'\(text)' is no date", expected: ["a date such as '2024-12-31'"])
        }
        advance()
        return try node(.literal(.date(days)), range, [])
      case "timestamp":
        guard let micros = CalendarLiteral.micros(text) else {
          throw fault(current.range, "'\(text)' is no time", expected: ["a time such as '2024-12-31 23:59:00'"])
        }
        advance()
        return try node(.literal(.timestamp(micros)), range, [])
      default: throw unexpected(["an operator", "the end"])
      }
    }
    guard take(symbol: "(") else { return try node(.name(word, .bare), start, []) }
    let (arguments, end) = try list(nesting: nesting)
    return try node(.call(word.lowercased(), nameRange: start, arguments), start.union(end), arguments)
  }

  private mutating func conditional(from start: TextRange, nesting: Int) throws -> Syntax {
    var branches: [(condition: Syntax, value: Syntax)] = []
    while take(keyword: "when") {
      let condition = try expression(0, nesting: nesting + 1)
      try require(keyword: "then")
      branches.append((condition, try expression(0, nesting: nesting + 1)))
    }
    if branches.isEmpty { throw unexpected(["when"]) }
    let otherwise = take(keyword: "else") ? try expression(0, nesting: nesting + 1) : nil
    let end = current.range
    guard take(keyword: "end") else { throw unexpected(otherwise == nil ? ["when", "else", "end"] : ["end"]) }
    let parts = branches.flatMap { [$0.condition, $0.value] } + [otherwise].compactMap { $0 }
    return try node(.conditional(branches, otherwise: otherwise), start.union(end), parts)
  }

  // MARK: - Nodes and faults

  private mutating func leaf(_ kind: Syntax.Node) throws -> Syntax {
    let range = current.range
    advance()
    return try node(kind, range, [])
  }

  private func node(_ node: Syntax.Node, _ range: TextRange, _ parts: [Syntax]) throws -> Syntax {
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    guard depth <= Self.maximumDepth else { throw tooDeep(range) }
    return Syntax(node: node, range: range, depth: depth)
  }

  private func tooDeep(_ range: TextRange) -> ExpressionError {
    fault(range, "the expression has more than \(Self.maximumDepth) levels: derive a part of it as a column first")
  }

  private func unexpected(_ expected: [String]) -> ExpressionError {
    let found =
      switch current.kind {
      case .end: text.trimmed.isEmpty ? "the expression is empty" : "the expression ends too early"
      default: "unexpected \(String(Array(text)[current.range.lower..<current.range.upper]))"
      }
    return fault(current.range, found, expected: expected)
  }

  private func fault(_ range: TextRange, _ message: String, expected: [String] = []) -> ExpressionError {
    ExpressionError(
      text: text, offset: range.lower, length: range.upper - range.lower, message: message, expected: expected)
  }
}
