// An expression as it was written, before names and types are known.

import Frame

struct Syntax: Sendable {
  indirect enum Node: Sendable {
    case literal(Value)
    case name(String, NameStyle)
    case call(String, nameRange: TextRange, [Syntax])
    case unary(UnaryOperator, Syntax)
    case binary(BinaryOperator, Syntax, Syntax)
    case isNull(Syntax, negated: Bool)
    case isIn(Syntax, [Syntax], negated: Bool)
    case between(Syntax, Syntax, Syntax, negated: Bool)
    case match(MatchOperator, Syntax, Syntax, negated: Bool)
    case conditional([(condition: Syntax, value: Syntax)], otherwise: Syntax?)
  }

  var node: Node
  var range: TextRange
  /// The number of nodes on the longest way down, at least 1.
  var depth: Int
}

enum NameStyle: Sendable { case bare, quoted, bracketed }

enum UnaryOperator: Sendable { case minus, not }

enum MatchOperator: Sendable {
  case like, ilike, regex

  var name: String {
    switch self {
    case .like: "like"
    case .ilike: "ilike"
    case .regex: "~"
    }
  }
}

enum BinaryOperator: String, Sendable {
  case or, and
  case equal = "=", unequal = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
  case add = "+", subtract = "-", multiply = "*", divide = "/", quotient = "//", remainder = "%", power = "^"

  /// The operator that stands for a symbol or keyword; several have two spellings.
  init?(spelling: String) {
    switch spelling {
    case "or", "|", "||": self = .or
    case "and", "&", "&&": self = .and
    case "==": self = .equal
    case "<>": self = .unequal
    case "**": self = .power
    default: self.init(rawValue: spelling)
    }
  }

  enum Family { case logic, comparison, arithmetic }

  var family: Family {
    switch self {
    case .or, .and: .logic
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
    case .add, .subtract, .multiply, .divide, .quotient, .remainder, .power: .arithmetic
    }
  }

  /// How tightly the operator binds: or, and, (not), comparison, sum, product, (sign), power.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .add, .subtract: 5
    case .multiply, .divide, .quotient, .remainder: 6
    case .power: 8
    }
  }
}
