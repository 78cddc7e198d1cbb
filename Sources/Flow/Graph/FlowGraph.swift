// The steps of a flow and what reads what. A value: an edit makes a new graph, so undo keeps the old one.

/// A graph of steps: one or several sources, and branches of transforms below them.
public struct FlowGraph: Sendable, Equatable {
  /// The newest format version that this code reads and the one that it writes.
  public static let formatVersion = 1

  /// The steps in the order in which they are shown: each stands after the steps that it reads.
  public internal(set) var steps: [Step]
  /// The values that steps name as `{{name}}`.
  public internal(set) var parameters: [FlowParameter] = []
  /// Whether values stand in the steps already: what looks like a hole then belongs to a value.
  var isFilled = false
  /// The steps of a filled graph that lack a value, and why.
  var unfilled: [StepID: FlowError] = [:]
  /// The number of the next id; never falls, so that the id of a deleted step is not used again.
  var nextNumber: Int

  public init() {
    steps = []
    nextNumber = 1
  }

  /// Takes steps as they are; look at `validate()` before trusting them.
  public init(steps: [Step], parameters: [FlowParameter] = []) {
    self.steps = steps
    self.parameters = parameters
    nextNumber = Self.numberAfter(steps)
  }

  public var isEmpty: Bool { steps.isEmpty }

  public subscript(id: StepID) -> Step? { steps.first { $0.id == id } }

  func index(of id: StepID) throws -> Int {
    guard let index = steps.firstIndex(where: { $0.id == id }) else { throw FlowError.noSuchStep(id) }
    return index
  }

  /// The step with this id.
  public func step(_ id: StepID) throws -> Step { steps[try index(of: id)] }

  /// The sources, in order.
  public var sources: [Step] { steps.filter { $0.operation.kind == .source } }

  /// The steps that read `id`, in order.
  public func children(of id: StepID) -> [StepID] { steps.filter { $0.inputs.contains(id) }.map(\.id) }

  /// The step that `id` reads; `nil` for a source.
  public func parent(of id: StepID) -> StepID? { self[id]?.inputs.first }

  /// The steps that nothing reads, in order.
  public var leaves: [StepID] {
    let read = Set(steps.flatMap(\.inputs))
    return steps.map(\.id).filter { !read.contains($0) }
  }

  /// All steps that the result of `id` depends on, sources first, `id` last.
  public func path(to id: StepID) throws -> [StepID] {
    var found: [StepID] = []
    var seen: Set<StepID> = []
    var open: Set<StepID> = []
    func visit(_ id: StepID) throws {
      guard !seen.contains(id) else { return }
      guard open.insert(id).inserted else { throw FlowError.cycle(id) }
      for input in try step(id).inputs { try visit(input) }
      open.remove(id)
      seen.insert(id)
      found.append(id)
    }
    try visit(id)
    return found
  }

  /// Everything that depends on `id`, in order, without `id` itself.
  public func descendants(of id: StepID) -> [StepID] {
    var below: Set<StepID> = [id]
    var grew = true
    while grew {
      let before = below.count
      for step in steps where step.inputs.contains(where: below.contains) { below.insert(step.id) }
      grew = below.count > before
    }
    return steps.map(\.id).filter { $0 != id && below.contains($0) }
  }

  /// How many steps stand between `id` and its source; 0 for a source.
  public func depth(of id: StepID) -> Int {
    var depth = 0
    var current = id
    while let parent = parent(of: current), depth <= steps.count {
      current = parent
      depth += 1
    }
    return depth
  }

  /// The steps as a tree that is read from top to bottom: each source, then its branches depth first.
  public var outline: [(id: StepID, depth: Int)] {
    var lines: [(id: StepID, depth: Int)] = []
    func visit(_ id: StepID, _ depth: Int) {
      guard depth <= steps.count else { return }
      lines.append((id, depth))
      for child in children(of: id) where parent(of: child) == id { visit(child, depth + 1) }
    }
    for step in steps where step.inputs.isEmpty { visit(step.id, 0) }
    return lines
  }

  static func numberAfter(_ steps: [Step]) -> Int {
    let numbers = steps.compactMap { $0.id.rawValue.first == "s" ? Int($0.id.rawValue.dropFirst()) : nil }
    return (numbers.max() ?? 0) + 1
  }
}
