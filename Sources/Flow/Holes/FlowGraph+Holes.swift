// The parameters of a flow: declared with the graph, edited like steps, and put in their places before anything runs.

import Frame

extension FlowGraph {
  public func parameter(_ name: String) -> FlowParameter? { parameters.first { $0.name == name } }

  /// The parameters that steps use and nobody has declared, in the order of the steps.
  public var undeclared: [String] {
    var names: [String] = []
    for step in steps {
      for name in step.operation.holes where parameter(name) == nil && !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The steps in which a parameter stands.
  public func users(of name: String) -> [StepID] {
    steps.filter { $0.operation.holes.contains(name) }.map(\.id)
  }

  /// Declares a parameter, or declares it anew. Steps in which it stands learn again: what they knew was of another value.
  /// - Throws: `FlowError` where a step cannot take the value.
  public mutating func setParameter(_ parameter: FlowParameter) throws {
    var changed = self
    let old = self.parameter(parameter.name)
    if let index = changed.parameters.firstIndex(where: { $0.name == parameter.name }) {
      guard changed.parameters[index] != parameter else { return }
      changed.parameters[index] = parameter
    } else {
      changed.parameters.append(parameter)
    }
    let users = Set(changed.users(of: parameter.name))
    for index in changed.steps.indices where users.contains(changed.steps[index].id) {
      if old?.value != parameter.value || old?.kind != parameter.kind {
        changed.steps[index].learned = nil
        changed.steps[index].fitting = nil
      }
      if let reason = changed.fault(of: changed.steps[index].operation) {
        throw FlowError.parameter(parameter.name, "does not do for step \(changed.steps[index].id): \(reason)")
      }
    }
    self = changed
  }

  /// Gives a parameter a value for this run; one that no step uses and nobody declared is refused.
  /// - Throws: `FlowError` where there is no such parameter, or where the value does not do.
  public mutating func give(_ name: String, _ value: String) throws {
    if let declared = parameter(name) { return try setParameter(declared.with(value)) }
    guard undeclared.contains(name) else {
      throw FlowError.noSuchParameter(name, known: parameters.map(\.name) + undeclared)
    }
    try setParameter(FlowParameter.guessed(name, value))
  }

  /// Takes a declaration away. Steps in which it stands need it still.
  /// - Throws: `FlowError.noSuchParameter`.
  public mutating func deleteParameter(_ name: String) throws {
    guard let index = parameters.firstIndex(where: { $0.name == name }) else {
      throw FlowError.noSuchParameter(name, known: parameters.map(\.name))
    }
    parameters.remove(at: index)
  }

  var filling: HoleFilling {
    HoleFilling(parameters: Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }))
  }

  /// What is wrong with an operation once its parameters are filled in; nil where nothing is, or where one has no value yet.
  public func fault(of operation: Operation) -> String? {
    guard !isFilled, !operation.holes.isEmpty else { return operation.parameterFault }
    do {
      return try operation.filled(filling).parameterFault
    } catch FlowError.noValue {
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// A source with values in its path; as it is where it lacks one.
  public func filled(_ source: Source) -> Source {
    var filled = source
    filled.location = (try? filling.text(source.location)) ?? source.location
    filled.also = source.also.map { (try? filling.text($0)) ?? $0 }
    return filled
  }

  /// The graph with values in place of `{{name}}`. A step that lacks one keeps its holes, and `check` says so.
  public var filled: FlowGraph {
    guard !isFilled else { return self }
    var graph = self
    let filling = filling
    for index in steps.indices where !steps[index].operation.holes.isEmpty {
      do {
        graph.steps[index].operation = try steps[index].operation.filled(filling)
      } catch {
        graph.unfilled[steps[index].id] = error as? FlowError
      }
    }
    graph.isFilled = true
    return graph
  }

  /// A step of a filled graph.
  /// - Throws: `FlowError` where it lacks a value.
  func filledStep(_ id: StepID) throws -> Step {
    if let fault = unfilled[id] { throw fault }
    return try step(id)
  }

  /// Checks that every step above `node`, and `node` itself, has the values that it needs.
  /// - Throws: `FlowError.noValue`, or why a value does not fit.
  public func checkFilled(upTo node: StepID) throws {
    let graph = filled
    for id in try graph.path(to: node) {
      if let fault = graph.unfilled[id] { throw fault }
    }
  }
}
