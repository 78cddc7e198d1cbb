// The edits that a user makes. Each checks first and changes then: a thrown error leaves the graph as it was.

import Frame

extension FlowGraph {
  /// Adds a source and gives its id.
  @discardableResult
  public mutating func addSource(_ source: Source, name: String? = nil) -> StepID {
    let step = Step(id: newID(), operation: .source(source), name: name)
    steps.append(step)
    return step.id
  }

  /// Adds a source under a given id.
  /// - Throws: `FlowError.duplicateStep`.
  public mutating func addSource(_ source: Source, name: String? = nil, id: StepID) throws {
    steps.append(Step(id: try newID(id), operation: .source(source), name: name))
  }

  /// Adds a step that reads `parent`: a new leaf, and a new branch where `parent` is read already.
  /// - Parameters:
  ///   - others: the steps that it reads beside `parent`, such as the right side of a join.
  ///   - id: nil takes the next one that is free.
  @discardableResult
  public mutating func add(
    _ operation: Operation, after parent: StepID, and others: [StepID] = [], name: String? = nil, id: StepID? = nil
  ) throws -> StepID {
    try refuseSource(operation, at: parent)
    let position = max(try positionBelow(parent), try others.map { try index(of: $0) + 1 }.max() ?? 0)
    let step = Step(id: try newID(id), inputs: [parent] + others, operation: operation, name: name)
    steps.insert(step, at: position)
    return step.id
  }

  /// Puts a step between `parent` and everything that reads it.
  @discardableResult
  public mutating func insert(
    _ operation: Operation, after parent: StepID, name: String? = nil, id: StepID? = nil
  ) throws -> StepID {
    try refuseSource(operation, at: parent)
    let position = try index(of: parent) + 1
    let step = Step(id: try newID(id), inputs: [parent], operation: operation, name: name)
    for index in steps.indices { steps[index].redirect(from: parent, to: step.id) }
    steps.insert(step, at: position)
    return step.id
  }

  /// Puts a step between `child` and what it reads; other readers are left alone.
  @discardableResult
  public mutating func insert(_ operation: Operation, before child: StepID, name: String? = nil) throws -> StepID {
    try refuseSource(operation, at: child)
    let position = try index(of: child)
    guard let parent = steps[position].inputs.first else {
      throw FlowError.cannot("insert before", step: child, because: "it is a source")
    }
    let step = Step(id: newID(), inputs: [parent], operation: operation, name: name)
    steps[position].redirect(from: parent, to: step.id)
    steps.insert(step, at: position)
    return step.id
  }

  /// Takes a step out. Steps below a step with one input then read that input; below a source they go too.
  /// - Returns: the ids that are gone, `id` first.
  @discardableResult
  public mutating func delete(_ id: StepID) throws -> [StepID] {
    let step = try step(id)
    guard step.inputs.count == 1 else {
      let gone = [id] + descendants(of: id)
      let set = Set(gone)
      steps.removeAll { set.contains($0.id) }
      return gone
    }
    for index in steps.indices { steps[index].redirect(from: id, to: step.inputs[0]) }
    steps.removeAll { $0.id == id }
    return [id]
  }

  /// Takes a step out with all that depends on it.
  @discardableResult
  public mutating func deleteBranch(_ id: StepID) throws -> [StepID] {
    _ = try index(of: id)
    let gone = [id] + descendants(of: id)
    let set = Set(gone)
    steps.removeAll { set.contains($0.id) }
    return gone
  }

  /// Changes what a step does; a split is changed in all of its parts. Statistics of impute rules that stay the same are
  /// kept.
  public mutating func replace(_ id: StepID, with operation: Operation) throws {
    let position = try index(of: id)
    let old = steps[position].operation
    guard (old.kind == .source) == (operation.kind == .source) else {
      throw FlowError.cannot("change", step: id, because: "a source stays a source and a transform a transform")
    }
    guard operation != old, try !replaceSplit(id, with: operation) else { return }
    steps[position].operation = operation
    steps[position].fitted = Self.surviving(steps[position].fitted, from: old, to: operation)
    steps[position].learned = nil
    steps[position].fitting = nil
    steps[position].origin = nil
  }

  /// Changes which steps a step reads beside its first input.
  public mutating func setOthers(_ id: StepID, _ others: [StepID]) throws {
    let position = try index(of: id)
    guard let first = steps[position].inputs.first else {
      throw FlowError.cannot("join", step: id, because: "it is a source")
    }
    let below = Set([id] + descendants(of: id))
    if let looped = others.first(where: { below.contains($0) }) {
      throw FlowError.cannot("read", step: looped, because: "it depends on step \(id)")
    }
    guard steps[position].inputs != [first] + others else { return }
    steps[position].inputs = [first] + others
    steps[position].learned = nil
    steps[position].fitting = nil
    // Every step stands after those that it reads.
    let latest = try others.map { try index(of: $0) }.max() ?? position
    guard latest > position else { return }
    let moved = steps.filter { below.contains($0.id) }
    let anchor = steps[latest].id
    steps.removeAll { below.contains($0.id) }
    steps.insert(contentsOf: moved, at: try index(of: anchor) + 1)
  }

  /// Enables or disables a step; a disabled one hands its input on.
  public mutating func setEnabled(_ id: StepID, _ isEnabled: Bool) throws {
    let position = try index(of: id)
    guard isEnabled || steps[position].operation.kind != .source else {
      throw FlowError.cannot("disable", step: id, because: "it is a source")
    }
    steps[position].isEnabled = isEnabled
  }

  /// Enables a disabled step and the other way round.
  public mutating func toggle(_ id: StepID) throws { try setEnabled(id, !step(id).isEnabled) }

  /// Names a step; `nil` or blank gives back the operation's title.
  public mutating func rename(_ id: StepID, to name: String?) throws {
    let trimmed = name?.trimmed
    steps[try index(of: id)].name = trimmed?.isEmpty == true ? nil : trimmed
  }

  /// Sets a step's note.
  public mutating func annotate(_ id: StepID, _ note: String?) throws {
    steps[try index(of: id)].note = note?.isEmpty == true ? nil : note
  }

  /// Keeps what a step has learnt; `nil` forgets it.
  public mutating func setFitted(_ id: StepID, _ fitted: [String: Value]?) throws {
    steps[try index(of: id)].fitted = fitted
  }

  /// Keeps what a catalogued transform has learnt; `nil` forgets it.
  public mutating func setLearned(_ id: StepID, _ learned: Parameters?) throws {
    steps[try index(of: id)].learned = learned
  }

  /// Keeps which rows a step has learnt from, and when.
  public mutating func setFitting(_ id: StepID, _ fitting: Fitting?) throws {
    steps[try index(of: id)].fitting = fitting
  }

  /// Keeps how another program's file says the step.
  public mutating func setOrigin(_ id: StepID, _ origin: Parameters?) throws {
    steps[try index(of: id)].origin = origin
  }

  /// Swaps a step with the one that it reads.
  public mutating func moveUp(_ id: StepID) throws {
    let step = try step(id)
    guard let parent = step.inputs.first else { throw FlowError.cannot("move", step: id, because: "it is a source") }
    let above = try self.step(parent)
    for step in [step, above] where step.inputs.count > 1 {
      throw FlowError.cannot("move", step: id, because: "step \(step.id) reads several steps")
    }
    guard let grandparent = above.inputs.first else {
      throw FlowError.cannot("move", step: id, because: "it is the first step below the source")
    }
    guard children(of: parent).count == 1 else {
      throw FlowError.cannot("move", step: id, because: "step \(parent) has several branches")
    }
    let (low, high) = (try index(of: parent), try index(of: id))
    for index in steps.indices where index != high { steps[index].redirect(from: id, to: parent) }
    steps[low].inputs = [id]
    steps[high].inputs = [grandparent]
    steps.swapAt(low, high)
  }

  /// Swaps a step with the one that reads it.
  public mutating func moveDown(_ id: StepID) throws {
    let below = children(of: id)
    guard let child = below.first else {
      _ = try index(of: id)
      throw FlowError.cannot("move", step: id, because: "no step follows it")
    }
    guard below.count == 1 else {
      throw FlowError.cannot("move", step: id, because: "several branches follow it")
    }
    if self[id]?.inputs.isEmpty == true { throw FlowError.cannot("move", step: id, because: "it is a source") }
    try moveUp(child)
  }

  /// Copies a step beside itself: the copy reads the same input and starts a branch of its own.
  @discardableResult
  public mutating func duplicate(_ id: StepID, as new: StepID? = nil) throws -> StepID {
    let original = try step(id)
    let position = try positionBelow(id)
    let copy = Step(
      id: try newID(new), inputs: original.inputs, operation: original.operation, isEnabled: original.isEnabled,
      name: original.name.map { $0 + " copy" }, note: original.note, fitted: original.fitted, learned: original.learned,
      fitting: original.fitting, origin: original.origin)
    steps.insert(copy, at: position)
    return copy.id
  }

  private mutating func newID() -> StepID {
    defer { nextNumber += 1 }
    return StepID("s\(nextNumber)")
  }

  private mutating func newID(_ wanted: StepID?) throws -> StepID {
    guard let wanted else { return newID() }
    guard self[wanted] == nil else { throw FlowError.duplicateStep(wanted) }
    if wanted.rawValue.first == "s", let number = Int(wanted.rawValue.dropFirst()), number < 1 << 40 {
      nextNumber = max(nextNumber, number + 1)
    }
    return wanted
  }

  /// Changes which steps a step reads, all of them.
  public mutating func setInputs(_ id: StepID, _ inputs: [StepID]) throws {
    var changed = self
    let position = try index(of: id)
    guard steps[position].inputs != inputs else { return }
    changed.steps[position].inputs = inputs
    changed.steps[position].learned = nil
    changed.steps[position].fitting = nil
    if let error = changed.validate().first { throw error }
    // Every step stands after those that it reads.
    var sorted: [Step] = []
    var placed: Set<StepID> = []
    var waiting = changed.steps
    while let next = waiting.firstIndex(where: { $0.inputs.allSatisfy(placed.contains) }) {
      let step = waiting.remove(at: next)
      placed.insert(step.id)
      sorted.append(step)
    }
    changed.steps = sorted
    self = changed
  }

  /// Puts the steps into another order, in which each still stands after those that it reads.
  public mutating func reorder(_ ids: [StepID]) throws {
    var placed: Set<StepID> = []
    let sorted = try ids.map { id in
      let step = try step(id)
      if let late = step.inputs.first(where: { !placed.contains($0) }) {
        throw FlowError.cannot("place", step: id, because: "it reads step \(late), which stands after it")
      }
      guard placed.insert(id).inserted else { throw FlowError.duplicateStep(id) }
      return step
    }
    if let left = steps.first(where: { !placed.contains($0.id) }) {
      throw FlowError.cannot("leave out", step: left.id, because: "an order names every step")
    }
    steps = sorted
  }

  /// The place after `id` and all that hangs below it.
  private func positionBelow(_ id: StepID) throws -> Int {
    let own = try index(of: id)
    let below = Set(descendants(of: id))
    return (steps.lastIndex { below.contains($0.id) } ?? own) + 1
  }

  private func refuseSource(_ operation: Operation, at step: StepID) throws {
    guard operation.kind == .source else { return }
    throw FlowError.cannot("add a source at", step: step, because: "a source reads no step: add it on its own")
  }

  private static func surviving(_ fitted: [String: Value]?, from old: Operation, to new: Operation) -> [String: Value]?
  {
    guard let fitted, case .impute(let before) = old, case .impute(let after) = new else { return nil }
    let same = Set(before).intersection(after).map(\.column)
    let kept = fitted.filter { same.contains($0.key) }
    return kept.isEmpty ? nil : kept
  }
}

extension Step {
  mutating func redirect(from old: StepID, to new: StepID) {
    inputs = inputs.map { $0 == old ? new : $0 }
  }
}
