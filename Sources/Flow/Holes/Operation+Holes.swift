// Which of a step's parameters take `{{name}}`: paths, conditions, expressions and SQL, texts, values and numbers. Names of
// columns, choices and switches do not: what a step does stays readable without its parameters.

import Frame

extension Operation {
  /// The names of the parameters that stand in the step, in order, each once.
  public var holes: [String] {
    var names: [String] = []
    func look(_ text: String) {
      for hole in Hole.all(in: text) where !names.contains(hole.name) { names.append(hole.name) }
    }
    switch self {
    case .source(let source): source.locations.forEach(look)
    case .filter(let condition): look(condition)
    case .derive(_, let expression): look(expression)
    case .impute(let rules):
      for rule in rules { if case .constant(.text(let text)) = rule.strategy { look(text) } }
    case .transform(let spec):
      guard let transform = spec.transform else { return [] }
      Self.visit(spec.parameters, transform.info.parameters) { look($0) }
    case .cast, .select, .drop, .rename, .sort, .sample: break
    }
    return names
  }

  private static func visit(_ parameters: Parameters, _ infos: [ParameterInfo], _ look: (String) -> Void) {
    for info in infos where info.takesHoles {
      if case .rows(let fields) = info.form {
        for row in parameters.rows(info.id) { visit(row, fields, look) }
      } else {
        parameters.texts(info.id).forEach(look)
      }
    }
  }

  /// The step with values in place of the names.
  /// - Throws: `FlowError` where a parameter has no value, or one that does not fit its place.
  func filled(_ filling: HoleFilling) throws -> Operation {
    switch self {
    case .source(var source):
      source.location = try filling.text(source.location)
      source.also = try source.also.map(filling.text)
      return .source(source)
    case .filter(let condition): return .filter(try filling.expression(condition))
    case .derive(let name, let expression): return .derive(name: name, expression: try filling.expression(expression))
    case .impute(let rules):
      return .impute(
        try rules.map { rule in
          guard case .constant(.text(let text)) = rule.strategy, !Hole.all(in: text).isEmpty else { return rule }
          return ImputeRule(rule.column, .constant(.text(try filling.text(text))))
        })
    case .transform(let spec):
      guard let transform = spec.transform else { return self }
      return .transform(
        TransformSpec(spec.id, try Self.filled(spec.parameters, transform.info.parameters, filling)))
    case .cast, .select, .drop, .rename, .sort, .sample: return self
    }
  }

  private static func filled(
    _ parameters: Parameters, _ infos: [ParameterInfo], _ filling: HoleFilling
  ) throws -> Parameters {
    var filled = parameters
    for info in infos where info.takesHoles {
      guard let given = parameters[info.id] else { continue }
      if case .rows(let fields) = info.form, let rows = given.list {
        filled[info.id] = .list(
          try rows.map { row in
            guard let record = row.record else { return row }
            return .record(try Self.filled(Parameters(record), fields, filling).values)
          })
      } else if let items = given.list {
        filled[info.id] = .list(try items.map { try info.filled($0, filling) })
      } else {
        filled[info.id] = try info.filled(given, filling)
      }
    }
    return filled
  }
}

extension ParameterInfo {
  /// Whether `{{name}}` means a parameter of the flow here.
  public var takesHoles: Bool {
    switch form {
    case .source, .condition, .expression, .integer, .number, .value, .text, .texts, .rows, .sql: true
    case .column, .columns, .name, .choice, .toggle, .inputs: false
    }
  }

  fileprivate func filled(_ parameter: Parameter, _ filling: HoleFilling) throws -> Parameter {
    guard case .text(let text) = parameter, text.contains("{{") else { return parameter }
    switch form {
    case .condition, .expression: return .text(try filling.expression(text))
    case .sql: return .text(try filling.sql(text))
    case .integer, .number:
      guard let name = Hole.whole(text) else { return parameter }
      guard let number = try filling.value(name).number else {
        throw FlowError.parameter(name, "is no number, and \(label) needs one")
      }
      return .number(number)
    default: return .text(try filling.text(text))
    }
  }
}
