// Which strategies suit which columns.

import Frame

extension ImputeStrategy {
  /// Why the strategy does not suit a column; nil where it does.
  public func fault(for column: Column) -> String? {
    switch self {
    case .mode: return column.kind == .other ? "column \"\(column.name)\" holds nested values: they have no mode" : nil
    case .mean, .median:
      if column.kind.isNumeric || (column.kind.isCalendar && self == .median) { return nil }
      return "column \"\(column.name)\" holds \(column.kind.noun), which has no \(name): choose mode or a constant"
    case .constant(let value):
      if value.isNull { return "the constant for column \"\(column.name)\" is missing itself" }
      if value.fitting(column.kind) != nil { return nil }
      return "\(SQL.literal(value)) is not \(column.kind.noun), as column \"\(column.name)\" needs"
    }
  }

  /// The strategies that suit a column, for a form; constants left out.
  public static func suitable(for column: Column) -> [ImputeStrategy] {
    [.median, .mean, .mode].filter { $0.fault(for: column) == nil }
  }
}

extension Value {
  /// The value as a cell of a column of this kind; nil where it is none.
  public func fitting(_ kind: ColumnKind) -> Value? {
    if self.kind == kind { return self }
    switch (self, kind) {
    case (.integer(let number), .real): return .real(Double(number))
    case (.real(let number), .integer):
      guard let whole = Int64(exactly: number) else { return nil }
      return .integer(whole)
    case (.date(let days), .timestamp): return .timestamp(Int64(days) * 86_400_000_000)
    case (.text(let text), _): return Value.read(text.trimmed, as: kind)
    default: return nil
    }
  }

  /// What a user typed for a column of this kind; nil where it cannot be read.
  private static func read(_ text: String, as kind: ColumnKind) -> Value? {
    switch kind {
    case .integer: return Int64(text).map(Value.integer)
    case .real: return Double(text).map(Value.real)
    case .boolean:
      switch text.lowercased() {
      case "true", "yes", "1": return .bool(true)
      case "false", "no", "0": return .bool(false)
      default: return nil
      }
    case .text: return .text(text)
    case .date: return CalendarLiteral.days(text).map(Value.date)
    case .timestamp: return CalendarLiteral.micros(text).map(Value.timestamp)
    case .time, .other: return nil
    }
  }
}
