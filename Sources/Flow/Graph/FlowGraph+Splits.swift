// A split is a step for each part. They read the same step, and an edit of one is an edit of all.

extension FlowGraph {
  /// Divides the rows of a step into parts: one new step for each part, which bears its name.
  /// - Parameters:
  ///   - parameters: those of the operation `split`; `part` is set for each step.
  ///   - inserts: what reads `parent` then reads the first part.
  /// - Returns: the steps in the order of the parts.
  /// - Throws: `FlowError` where the parameters or `parent` are at fault.
  @discardableResult
  public mutating func addSplit(
    _ parameters: Parameters, after parent: StepID, inserts: Bool = false
  ) throws -> [StepID] {
    let parts = Self.parts(parameters)
    for part in parts {
      if let reason = Self.split(parameters, part).parameterFault {
        throw FlowError.invalidParameter(step: parent, reason: reason)
      }
    }
    guard !parts.isEmpty else { throw FlowError.invalidParameter(step: parent, reason: "name the parts of the split") }
    return try parts.enumerated().map { place, part in
      let operation = Self.split(parameters, part)
      return inserts && place == 0
        ? try insert(operation, after: parent, name: part) : try add(operation, after: parent, name: part)
    }
  }

  /// All steps of the split that a step is part of, itself too, in the order of the parts; empty for any other step.
  public func splitSteps(of id: StepID) -> [StepID] {
    guard let step = self[id], let shared = step.operation.splitParameters else { return [] }
    let order = Self.parts(shared).map { $0.lowercased() }
    func place(_ step: Step) -> Int { step.splitPart.flatMap { order.firstIndex(of: $0.lowercased()) } ?? order.count }
    return steps.filter { $0.inputs == step.inputs && $0.operation.splitParameters == shared }
      .sorted { place($0) < place($1) }.map(\.id)
  }

  /// Changes a split through one of its steps: parts keep their places, so that renaming one keeps what follows it. Parts
  /// that are new get a step; those that are gone lose theirs.
  /// - Returns: whether the step was one of a split, and all of it has been changed.
  /// - Throws: `FlowError` where a part that is gone is read by another step.
  mutating func replaceSplit(_ id: StepID, with operation: Operation) throws -> Bool {
    guard let step = self[id], let old = step.operation.splitParameters, let new = operation.splitParameters,
      old != new
    else { return false }
    let (before, after) = (Self.parts(old), Self.parts(new))
    let siblings = splitSteps(of: id)
    let keys = before.map { $0.lowercased() }
    var changed = self
    for sibling in siblings {
      guard let step = changed[sibling], let part = step.splitPart,
        let place = keys.firstIndex(of: part.lowercased())
      else { continue }
      guard place < after.count else {
        if let reader = changed.children(of: sibling).first {
          throw FlowError.cannot("change", step: id, because: "step \(reader) reads its part \"\(part)\"")
        }
        guard sibling != id else {
          throw FlowError.cannot("change", step: id, because: "its own part would be gone: delete the step")
        }
        changed.steps.removeAll { $0.id == sibling }
        continue
      }
      guard let index = changed.steps.firstIndex(where: { $0.id == sibling }) else { continue }
      changed.steps[index].operation = Self.split(new, after[place])
      changed.steps[index].learned = nil
      changed.steps[index].fitting = nil
      if step.name == part { changed.steps[index].name = after[place] }
    }
    // A split of which the user has deleted parts is not made whole again.
    if siblings.count == before.count, let parent = step.inputs.first {
      for part in after.dropFirst(before.count) {
        try changed.add(Self.split(new, part), after: parent, name: part)
      }
    }
    self = changed
    return true
  }

  static func parts(_ parameters: Parameters) -> [String] {
    parameters.rows("parts").map { $0.text("name")?.trimmed ?? "" }
  }

  private static func split(_ parameters: Parameters, _ part: String) -> Operation {
    var own = parameters
    own["part"] = .text(part)
    return .transform(TransformSpec(Split.info.id, own))
  }
}

extension Operation {
  /// The names of the parts of a split, in their order; empty for any other operation.
  public var splitParts: [String] { splitParameters.map(FlowGraph.parts) ?? [] }

  /// What the steps of one split share: all parameters but the part; nil for any other operation.
  var splitParameters: Parameters? {
    guard case .transform(let spec) = self, spec.id == Split.info.id else { return nil }
    var shared = spec.parameters
    shared["part"] = nil
    return shared
  }
}

extension Step {
  /// The part of a split that the step keeps.
  var splitPart: String? {
    guard case .transform(let spec) = operation, spec.id == Split.info.id else { return nil }
    return spec.parameters.text("part")?.trimmed
  }
}
