// What can be said of parameters without data: required ones are there, choices and numbers are in range.

extension TransformSpec {
  /// What is wrong with the parameters, whatever the data; nil where nothing is.
  public var fault: String? {
    guard let transform else { return "this version knows no operation \"\(id)\"" }
    return Self.fault(parameters, transform.info.parameters) ?? transform.fault(parameters)
  }

  /// The parameters with the catalogue's initial values where none is given.
  public var completed: TransformSpec {
    guard let transform else { return self }
    var spec = self
    for info in transform.info.parameters where spec.parameters[info.id] == nil {
      spec.parameters[info.id] = info.initialValue
    }
    return spec
  }

  private static func fault(_ parameters: Parameters, _ infos: [ParameterInfo]) -> String? {
    for info in infos {
      if let condition = info.condition {
        let initial = infos.first { $0.id == condition.parameter }?.initial ?? ""
        guard condition.holds(parameters, initial: initial) else { continue }
      }
      if let reason = info.fault(parameters) { return reason }
    }
    return nil
  }
}

extension ParameterInfo {
  /// The value that stands in a form at first; nil where nothing does.
  public var initialValue: Parameter? {
    guard !initial.isEmpty else { return nil }
    switch form {
    case .integer, .number: return Double(initial).map(Parameter.number)
    case .toggle: return .flag(initial == "true")
    case .columns, .texts, .rows, .inputs: return nil
    case .source, .column, .name, .condition, .expression, .choice, .value, .text, .sql: return .text(initial)
    }
  }

  /// What is wrong with the value of this parameter; nil where nothing is.
  func fault(_ parameters: Parameters) -> String? {
    let given = parameters[id] ?? initialValue
    switch form {
    case .columns, .texts:
      let chosen = parameters.texts(id)
      // Numbers and flags in a list stand for themselves.
      if form == .texts, parameters[id]?.list?.isEmpty == false { return nil }
      if chosen.isEmpty { return isOptional ? nil : form == .columns ? "choose a column" : "\(label): write something" }
      var seen: Set<String> = []
      if form == .columns, let twice = chosen.first(where: { !seen.insert($0.lowercased()).inserted }) {
        return "column \"\(twice)\" is chosen twice"
      }
      return nil
    case .rows(let infos):
      let rows = parameters.rows(id)
      if rows.isEmpty { return isOptional ? nil : "\(label): add at least one" }
      for row in rows {
        for info in infos {
          if let condition = info.condition {
            let initial = infos.first { $0.id == condition.parameter }?.initial ?? ""
            guard condition.holds(row, initial: initial) else { continue }
          }
          if let reason = info.fault(row) { return reason }
        }
      }
      return nil
    case .choice(let words):
      guard let word = given?.text else { return isOptional ? nil : "\(label): choose one" }
      return words.contains(word) ? nil : "\(label): \(words.joined(separator: ", ")), not \"\(word)\""
    case .integer(let range):
      guard let given, given != .missing else { return isOptional ? nil : "\(label): write a whole number" }
      guard let number = given.number, number == number.rounded() else { return "\(label): a whole number is wanted" }
      return Double(range.lowerBound)...Double(range.upperBound) ~= number
        ? nil : "\(label): a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      guard let given, given != .missing else { return isOptional ? nil : "\(label): write a number" }
      guard let number = given.number else { return "\(label): a number is wanted" }
      return range ~= number ? nil : "\(label): a number from \(range.lowerBound) to \(range.upperBound)"
    case .toggle: return given?.flag == nil && given != nil ? "\(label): yes or no" : nil
    case .column: return isOptional || given?.text?.isEmpty == false ? nil : "choose a column for \(label.lowercased())"
    case .name, .condition, .expression, .text, .sql, .value, .source:
      return isOptional || given?.text?.trimmed.isEmpty == false || given?.number != nil
        || given?.flag != nil ? nil : "\(label): write something"
    case .inputs: return nil
    }
  }
}
