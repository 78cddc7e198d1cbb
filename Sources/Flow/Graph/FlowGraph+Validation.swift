// Checks that need no data: ids, inputs, cycles, parameters. What depends on columns is checked by `Compiler.problems`.

extension FlowGraph {
  /// Everything that is wrong with the graph as such, in the order of the steps; empty where it is sound.
  public func validate() -> [FlowError] {
    var errors: [FlowError] = []
    var seen: Set<StepID> = []
    var names: Set<String> = []
    for parameter in parameters where !names.insert(parameter.name).inserted {
      errors.append(.parameter(parameter.name, "is declared twice"))
    }
    let known = Set(steps.map(\.id))
    for step in steps {
      if !seen.insert(step.id).inserted { errors.append(.duplicateStep(step.id)) }
      for input in step.inputs where !known.contains(input) {
        errors.append(.missingInput(step: step.id, input: input))
      }
      let expected = step.operation.inputCount
      if !expected.contains(step.inputs.count) {
        errors.append(.wrongInputCount(step: step.id, found: step.inputs.count, expected: expected))
      }
      if let reason = fault(of: step.operation) {
        errors.append(.invalidParameter(step: step.id, reason: reason))
      }
    }
    if errors.isEmpty { errors = steps.compactMap { cycle(through: $0.id) } }
    return errors
  }

  private func cycle(through id: StepID) -> FlowError? {
    do {
      _ = try path(to: id)
      return nil
    } catch {
      return error as? FlowError
    }
  }
}

extension Operation {
  /// What is wrong with the parameters, whatever the data; `nil` where nothing is.
  public var parameterFault: String? {
    switch self {
    case .source(let source): source.locations.contains("") ? "choose a file" : nil
    case .cast(let casts):
      casts.isEmpty ? "choose a column to cast" : Self.repeated(casts.map(\.column), "is cast twice")
    case .filter(let condition): condition.trimmed.isEmpty ? "write a condition, such as age > 30" : nil
    case .select(let columns):
      columns.isEmpty ? "choose a column to keep" : Self.repeated(columns, "is selected twice")
    case .drop(let columns): columns.isEmpty ? "choose a column to drop" : Self.repeated(columns, "is dropped twice")
    case .rename(let names):
      names.isEmpty
        ? "choose a column to rename"
        : Self.repeated(names.map(\.column), "is renamed twice")
          ?? names.first { $0.to.trimmed.isEmpty }.map { "say what \"\($0.column)\" is to be called" }
    case .derive(let name, let expression): Self.deriveFault(name, expression)
    case .sort(let keys):
      keys.isEmpty ? "choose a column to sort by" : Self.repeated(keys.map(\.column), "is a key twice")
    case .sample(let sampling): sampling.fault
    case .impute(let rules):
      rules.isEmpty ? "choose a column to fill" : Self.repeated(rules.map(\.column), "is filled twice")
    case .transform(let spec): spec.fault
    }
  }

  private static func deriveFault(_ name: String, _ expression: String) -> String? {
    if name.trimmed.isEmpty { return "name the new column" }
    return expression.trimmed.isEmpty ? "write an expression, such as price * 2" : nil
  }

  private static func repeated(_ columns: [String], _ fault: String) -> String? {
    var seen: Set<String> = []
    guard let column = columns.first(where: { !seen.insert($0.lowercased()).inserted }) else { return nil }
    return "column \"\(column)\" \(fault)"
  }
}

extension Sampling {
  var fault: String? {
    switch self {
    case .first(let count), .random(let count, _), .stratified(let count, _, _):
      count < 1 ? "the number of rows must be at least 1" : nil
    case .fraction(let share, _):
      share > 0 && share <= 1 ? nil : "the share of rows must be above 0 and at most 1"
    }
  }
}
