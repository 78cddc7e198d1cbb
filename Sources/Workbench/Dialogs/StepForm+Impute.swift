import Flow
import Frame
import Widgets

/// Filling missing values: which columns, with what.
extension StepForm {
  /// The rules of the edited step.
  private var given: [ImputeRule] {
    if case .impute(let rules)? = initial { rules } else { [] }
  }

  /// Rules of several strategies cannot be shown as one choice: they are kept as they are until one is chosen.
  private var isMixed: Bool { Set(given.map(\.strategy)).count > 1 }

  func imputeFields(_ form: FormState) -> [FormField] {
    let chosen = given.map(\.column)
    let filled = columns.filter { (missing[$0.name] ?? 0) > 0 || chosen.contains($0.name) }
    let ordered = filled + columns.filter { column in !filled.contains { $0.name == column.name } }
    let options = ordered.map { column in
      let share = missing[column.name].map { $0 == 0 ? "" : ", \(Number.percent($0)) missing" } ?? ""
      return FormOption(column.name, "\(column.name) (\(column.kind.rawValue)\(share))")
    }
    var strategies = [
      FormOption("automatic", "median of numbers, mode of others"), FormOption("mean"), FormOption("median"),
      FormOption("mode", "mode: the most frequent value"), FormOption("constant", "a constant"),
    ]
    if isMixed { strategies.insert(FormOption("kept", "as it was for each column"), at: 0) }
    let first = isMixed ? "kept" : given.first?.strategy.name ?? "automatic"
    var fields: [FormField] = [
      .picker(
        "columns", "Columns", options, chosen: Set(chosen), rows: 7,
        help: help("columns") + " Those with missing values come first. Type to search; Space chooses; ^A: all."),
      .choice(
        "strategy", "Fill with", strategies, selected: first,
        help: help("strategy")
          + " What is learnt here is kept in the step, so that other rows are filled with the same "
          + "values until the step is refitted."),
    ]
    let strategy = form["strategy"] == nil ? first : form.text("strategy")
    if strategy == "constant" {
      var value = ""
      if case .constant(let given)? = given.first?.strategy { value = given.text ?? "" }
      fields.append(.text("value", "Constant", value, placeholder: "0", help: help("value")))
    }
    return fields
  }

  func imputeRules(_ form: FormState) -> [ImputeRule] {
    form.chosen("columns").compactMap { name in
      let kind = columns.column(named: name)?.kind ?? .text
      let automatic = ImputeRule(name, kind.isNumeric ? .median : .mode)
      switch form.text("strategy") {
      case "mean": return ImputeRule(name, .mean)
      case "median": return ImputeRule(name, .median)
      case "mode": return ImputeRule(name, .mode)
      case "constant": return Self.constant(form.text("value"), kind).map { ImputeRule(name, .constant($0)) }
      case "kept": return given.first { $0.column == name } ?? automatic
      default: return automatic
      }
    }
  }

  /// A constant as a value of a kind; nil where the text is none.
  static func constant(_ text: String, _ kind: ColumnKind) -> Value? {
    let trimmed = text.trimmingBlanks
    if trimmed.isEmpty { return nil }
    // A parameter of the flow is read as the column's kind once it has a value.
    if FlowParameter.named(by: trimmed) != nil { return .text(trimmed) }
    switch kind {
    case .integer: return Int64(trimmed).map(Value.integer)
    case .real: return Double(trimmed).flatMap { $0.isFinite ? .real($0) : nil }
    case .boolean:
      switch trimmed.lowercased() {
      case "true", "yes", "1": return .bool(true)
      case "false", "no", "0": return .bool(false)
      default: return nil
      }
    case .text: return .text(trimmed)
    case .date: return CalendarLiteral.days(trimmed).map(Value.date)
    case .timestamp: return CalendarLiteral.micros(trimmed).map(Value.timestamp)
    case .time:
      guard let micros = CalendarLiteral.micros("1970-01-01 " + trimmed) else { return nil }
      return .time(micros)
    case .other: return nil
    }
  }

  /// What a constant of a kind looks like.
  static func example(_ kind: ColumnKind) -> String {
    switch kind {
    case .integer: "a whole number, such as 0"
    case .real: "a number, such as 0.5"
    case .boolean: "true or false"
    case .text: "a text, such as unknown"
    case .date: "a date, such as 2024-12-31"
    case .timestamp: "a time stamp, such as 2024-12-31 23:59"
    case .time: "a time of day, such as 18:30"
    case .other: "a value that cannot be written here"
    }
  }
}
