import Flow
import Frame
import Plot

/// Names and values as the language of expressions has them.
enum ExpressionText {
  /// A column's name.
  static func name(_ name: String) -> String { "[" + name.replacing("]", with: "]]") + "]" }

  static func text(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// A value's literal; nil where the language has none.
  static func literal(_ value: Value) -> String? {
    switch value {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .integer(let number): "\(number)"
    case .real(let number): number.isFinite ? "\(number)" : nil
    case .text(let text): Self.text(text)
    case .date: value.text.map { "date '\($0)'" }
    case .timestamp: value.text.map { "timestamp '\($0)'" }
    case .time, .other: nil
    }
  }
}

extension RowFilter {
  /// The filter as a condition of a Filter step; nil where it has no rule, only rows.
  /// - Parameter schema: the columns that the rows have.
  public func condition(over schema: Schema) -> String? {
    switch self {
    case .mark(let selection): selection.expression
    case .expression(let text): text
    case .matches(let match):
      Self.any(
        (match.columns ?? schema.map(\.name)).map {
          "matches(\(ExpressionText.name($0)), \(ExpressionText.text(match.pattern)))"
        }[...])
    case .equals(let column, .null): "\(ExpressionText.name(column)) is null"
    case .equals(let column, let value):
      if let literal = ExpressionText.literal(value) {
        "\(ExpressionText.name(column)) = \(literal)"
      } else {
        "text(\(ExpressionText.name(column))) = \(ExpressionText.text(value.text ?? ""))"
      }
    case .marked(let marks): marks.condition(over: schema)
    case .not(let filter): filter.condition(over: schema).map { "not coalesce(\($0), false)" }
    }
  }

  /// One of several; halved again and again, so that hundreds of columns nest less than ten deep.
  private static func any(_ conditions: ArraySlice<String>) -> String {
    guard conditions.count > 2 else { return conditions.joined(separator: " or ") }
    let middle = conditions.startIndex + conditions.count / 2
    return "(\(any(conditions[..<middle]))) or (\(any(conditions[middle...])))"
  }

  /// The filter in the words of a breadcrumb.
  public var summary: String {
    switch self {
    case .mark(let selection): selection.expression ?? "mark"
    case .matches(let match): "\(match.columns?.joined(separator: ", ") ?? "any column") ~ /\(match.pattern)/"
    case .expression(let text): text
    case .equals(let column, let value): value.isNull ? "\(column) missing" : "\(column) = \(value)"
    case .marked: "marked rows"
    case .not(let filter): "not " + filter.summary
    }
  }
}

extension MarkedRows {
  /// The marks as a condition; nil where single rows are among them.
  fileprivate func condition(over schema: Schema) -> String? {
    var result: String?
    for change in changes {
      switch change {
      case .add, .remove: return nil
      case .addWhere(let filter):
        guard let more = filter.condition(over: schema) else { return nil }
        result = result.map { "(\($0)) or (\(more))" } ?? more
      case .removeWhere(let filter):
        guard let less = filter.condition(over: schema) else { return nil }
        result = result.map { "(\($0)) and not coalesce(\(less), false)" }
      }
    }
    return result
  }
}

extension ChartSelection {
  /// The rows behind a mark as an expression; nil where a mark has none.
  fileprivate var expression: String? {
    switch self {
    case .range(let column, let lower, let upper, let includesUpper, let kind):
      Interval(column: column, lower: lower, upper: upper, includesUpper: includesUpper, kind: kind).expression
    case .equals(let column, nil): "\(ExpressionText.name(column)) is null"
    case .equals(let column, let value?): "text(\(ExpressionText.name(column))) = \(ExpressionText.text(value))"
    case .noneOf(let column, let values):
      values.isEmpty
        ? "\(ExpressionText.name(column)) is not null"
        : "text(\(ExpressionText.name(column))) not in (\(values.map(ExpressionText.text).joined(separator: ", ")))"
    case .box(let x, let y): "\(x.expression) and \(y.expression)"
    case .all(let parts):
      // A part without a rule must not turn into a wider condition.
      parts.isEmpty || parts.contains { $0.expression == nil }
        ? nil : parts.map { "(\($0.expression ?? ""))" }.joined(separator: " and ")
    case .pair, .feature, .none: nil
    }
  }
}

extension ChartSelection.Interval {
  fileprivate var expression: String {
    let name = ExpressionText.name(column)
    return "\(name) >= \(literal(lower)) and \(name) \(includesUpper ? "<=" : "<") \(literal(upper))"
  }

  private func literal(_ number: Double) -> String {
    switch kind {
    case .number, .integer: "\(number)"
    case .time: ExpressionText.literal(.timestamp(Int64((number * 1e6).rounded()))) ?? "null"
    }
  }
}
