import Frame

/// A flow of Data Wrangler as steps of assay.
public struct DataWranglerImport: Sendable, Equatable {
  public var graph = FlowGraph()
  public var notes: [DataWranglerNote] = []
  public var visualizations: [DataWranglerAttachment] = []
  public var destinations: [DataWranglerAttachment] = []

  /// Reads every node. What has no counterpart becomes a step that is not run, and a note.
  /// - Throws: `FlowError` where the nodes do not hang together.
  public init(_ document: DataWranglerDocument) throws {
    var importer = DataWranglerImporter(document)
    try importer.run()
    self = importer.result
  }

  init() {}
}

/// A step on its way into the graph.
struct DraftedStep {
  var operation: Operation
  var name: String?
  var learned: Parameters?
  var fitted: [String: Value]?
  var origin: Parameters?

  init(
    _ operation: Operation, name: String? = nil, learned: Parameters? = nil, fitted: [String: Value]? = nil,
    origin: Parameters? = nil
  ) {
    (self.operation, self.name, self.learned) = (operation, name, learned)
    (self.fitted, self.origin) = (fitted, origin)
  }

  init(_ id: String, _ parameters: Parameters, learned: Parameters? = nil, origin: Parameters? = nil) {
    self.init(.transform(TransformSpec(id, parameters)), learned: learned, origin: origin)
  }
}

/// What one node becomes.
struct NodePlan {
  /// Steps on single inputs before the inputs meet, by the place of the input.
  var before: [Int: [DraftedStep]] = [:]
  /// One below the other; the first reads all inputs. None: the node hands its input on.
  var steps: [DraftedStep] = []
  /// The parameters of a split: a step for each part.
  var split: Parameters?
}

/// What an operator's reading may ask and tell.
final class NodeReading {
  let node: DataWranglerDocument.Node
  let arguments: NodeArguments
  /// Types that are known of the columns that reach the node: those of the nearest casts.
  let kinds: [String: ColumnKind]
  private(set) var notes: [(weight: DataWranglerNote.Weight, what: String, why: String, advice: String)] = []

  init(_ node: DataWranglerDocument.Node, kinds: [String: ColumnKind]) {
    self.node = node
    self.kinds = kinds
    arguments = NodeArguments(node.parameters.values)
  }

  func note(_ weight: DataWranglerNote.Weight, _ what: String, why: String = "", advice: String = "") {
    notes.append((weight, what, why, advice))
  }

  /// Random rows are drawn by other numbers here than there.
  func noteDraw() { note(.info, "draws other rows than Data Wrangler", why: "its random numbers are Spark's") }

  /// What Data Wrangler learnt for a variant: one record for each column.
  func trained(_ key: String, columns: [String]) -> [String: [String: Parameter]] {
    guard let values = node.trained?.values else { return [:] }
    let found = values.first { NodeArguments.snake($0.key) == NodeArguments.snake(key) + "_parameters" }?.value
    var byColumn: [String: [String: Parameter]] = [:]
    for fields in (found?.list ?? [found].compactMap { $0 }).compactMap(\.record) {
      if let column = fields["input_column"]?.text ?? (columns.count == 1 ? columns[0] : nil) {
        byColumn[column] = fields
      }
    }
    return byColumn
  }

  /// Says that the step learns again, where Data Wrangler had learnt and its model cannot be read.
  func noteRelearned(_ what: String) {
    guard node.trained?.isEmpty == false else { return }
    note(.info, "learns \(what) again from the data", why: "Data Wrangler keeps them in Spark's own form")
  }
}

/// Goes over the nodes from the sources on.
struct DataWranglerImporter {
  let document: DataWranglerDocument
  var result = DataWranglerImport()
  /// The step that stands for an output of a node.
  private var outlets: [String: StepID] = [:]

  init(_ document: DataWranglerDocument) { self.document = document }

  private static func key(_ node: String, _ output: String) -> String { node + "\u{0}" + output }

  mutating func run() throws {
    if let version = document.metadata.number("version"), version > 1 {
      result.notes.append(
        DataWranglerNote(
          .info, "file", what: "has format version \(Int(version))", why: "versions after 1 are read as version 1"))
    }
    if case .list(let holes)? = document.parameters, !holes.isEmpty {
      result.notes.append(
        DataWranglerNote(
          .differs, "parameters", what: "\(holes.count) parameters of the flow are not filled in",
          advice: "Give the files with --input"))
    }
    for node in try ordered() { try read(node) }
    // Its next id follows from the steps.
    result.graph = FlowGraph(steps: result.graph.steps)
    if let fault = result.graph.validate().first { throw fault }
  }

  /// The nodes, each after those that it reads, else in the order of the file.
  private func ordered() throws -> [DataWranglerDocument.Node] {
    var byID: [String: DataWranglerDocument.Node] = [:]
    for node in document.nodes {
      guard byID.updateValue(node, forKey: node.id) == nil else { throw FlowError.duplicateStep(StepID(node.id)) }
    }
    var sorted: [DataWranglerDocument.Node] = []
    var done: Set<String> = []
    var open: Set<String> = []
    func visit(_ node: DataWranglerDocument.Node) throws {
      guard !done.contains(node.id) else { return }
      guard open.insert(node.id).inserted else { throw FlowError.cycle(StepID(node.id)) }
      for input in node.inputs {
        guard let parent = byID[input.nodeID] else {
          throw FlowError.missingInput(step: StepID(node.id), input: StepID(input.nodeID))
        }
        try visit(parent)
      }
      open.remove(node.id)
      done.insert(node.id)
      sorted.append(node)
    }
    for node in document.nodes { try visit(node) }
    return sorted
  }

  // MARK: - Nodes

  private mutating func read(_ node: DataWranglerDocument.Node) throws {
    if node.inputs.isEmpty, node.type != "SOURCE" {
      return result.notes.append(
        DataWranglerNote(.missing, node.name ?? node.kind, what: "is left out", why: "it reads nothing"))
    }
    switch node.type {
    case "SOURCE": addSource(node)
    case "DATASET" where node.kind == "identity", "TRANSFORM" where node.kind == "identity":
      outlets[Self.key(node.id, "default")] = try inputs(of: node)[0]
    case "VISUALIZATION": result.visualizations.append(attachment(node, try inputs(of: node)[0]))
    case "DESTINATION": result.destinations.append(attachment(node, try inputs(of: node)[0]))
    default: try addTransform(node)
    }
  }

  private func attachment(_ node: DataWranglerDocument.Node, _ step: StepID) -> DataWranglerAttachment {
    DataWranglerAttachment(step: step, operatorID: node.operatorID, name: node.name, parameters: node.parameters)
  }

  private func inputs(of node: DataWranglerDocument.Node) throws -> [StepID] {
    try node.inputs.map { input in
      if let step = outlets[Self.key(input.nodeID, input.outputName)] { return step }
      // The first output also goes by the name default.
      if let step = outlets[Self.key(input.nodeID, "default")] { return step }
      throw FlowError.missingInput(step: StepID(node.id), input: StepID(input.nodeID))
    }
  }

  private mutating func addSource(_ node: DataWranglerDocument.Node) {
    let reading = NodeReading(node, kinds: [:])
    let (source, name) = reading.source()
    let draft = DraftedStep(
      .source(source), name: name == source.name ? nil : name, origin: reading.origin)
    let id = add(draft, after: [])
    outlets[Self.key(node.id, "default")] = id
    keep(reading, at: id)
  }

  private mutating func addTransform(_ node: DataWranglerDocument.Node) throws {
    let inputs = try inputs(of: node)
    let reading = NodeReading(node, kinds: result.graph.knownKinds(at: inputs[0]))
    var plan: NodePlan
    do {
      plan = try reading.plan()
      try check(plan, inputs.count)
      let unread = reading.arguments.unread
      if !unread.isEmpty {
        reading.note(
          .differs, "does without \(unread.joined(separator: ", "))", why: "the step has no such parameter here")
      }
    } catch let unmapped as Unmapped {
      plan = NodePlan(steps: [Self.foreign(node, unmapped.reason)])
      reading.note(
        .missing, "is not run: rows pass unchanged", why: unmapped.reason,
        advice: "Put a step of assay, such as Custom SQL, in its place")
    }
    if let split = plan.split { return addSplit(split, node, inputs[0], reading) }
    guard !plan.steps.isEmpty else {
      outlets[Self.key(node.id, "default")] = inputs[0]
      return keep(reading, at: inputs[0])
    }
    var heads = inputs
    for (place, steps) in plan.before.sorted(by: { $0.key < $1.key }) {
      for step in steps { heads[place] = add(step, after: [heads[place]]) }
    }
    for step in plan.steps { heads = [add(step, after: heads)] }
    if let name = node.name ?? node.parameters.text("name"), result.graph[heads[0]]?.name == nil {
      try result.graph.rename(heads[0], to: name)
    }
    for output in node.outputs { outlets[Self.key(node.id, output.name)] = heads[0] }
    outlets[Self.key(node.id, "default")] = heads[0]
    keep(reading, at: heads[0])
  }

  private mutating func addSplit(
    _ split: Parameters, _ node: DataWranglerDocument.Node, _ input: StepID, _ reading: NodeReading
  ) {
    let parts = split.rows("parts").map { row -> StepID in
      var own = split
      own["part"] = row["name"]
      return add(DraftedStep(.transform(TransformSpec(Split.info.id, own)), name: row.text("name")), after: [input])
    }
    for (part, row) in zip(parts, split.rows("parts")) {
      outlets[Self.key(node.id, row.text("name") ?? "")] = part
    }
    outlets[Self.key(node.id, "default")] = parts.first
    keep(reading, at: parts.first)
  }

  private mutating func add(_ draft: DraftedStep, after inputs: [StepID]) -> StepID {
    let id = nextID
    result.graph.steps.append(
      Step(
        id: id, inputs: inputs, operation: draft.operation, name: draft.name, fitted: draft.fitted,
        learned: draft.learned, origin: draft.origin))
    return id
  }

  private var nextID: StepID { StepID("s\(result.graph.steps.count + 1)") }

  /// Refuses what the steps would refuse, so that the node is kept as it is instead.
  private func check(_ plan: NodePlan, _ inputs: Int) throws {
    if let split = plan.split {
      for row in split.rows("parts") {
        var own = split
        own["part"] = row["name"] ?? ""
        if let fault = Operation.transform(TransformSpec(Split.info.id, own)).parameterFault { throw Unmapped(fault) }
      }
      return
    }
    for (place, step) in plan.steps.enumerated() {
      if let fault = step.operation.parameterFault { throw Unmapped(fault) }
      let count = place == 0 ? inputs : 1
      guard step.operation.inputCount.contains(count) else { throw Unmapped("it reads \(count) steps") }
    }
  }

  static func foreign(_ node: DataWranglerDocument.Node, _ reason: String) -> DraftedStep {
    var parameters: Parameters = [
      "operator": .text(node.operatorID), "reason": .text(reason), "parameters": .record(node.parameters.values),
    ]
    if let trained = node.trained, !trained.isEmpty { parameters["trained_parameters"] = .record(trained.values) }
    if node.outputs.map(\.name) != ["default"] { parameters["outputs"] = .list(node.outputs.map { .text($0.name) }) }
    return DraftedStep(Foreign.info.id, parameters)
  }

  /// Tells the notes of a node, and writes those that matter to its step.
  private mutating func keep(_ reading: NodeReading, at id: StepID?) {
    let step = id.flatMap { result.graph[$0] }
    let subject = reading.node.name ?? reading.title
    for note in reading.notes {
      result.notes.append(
        DataWranglerNote(note.weight, step: id, subject, what: note.what, why: note.why, advice: note.advice))
    }
    let lines = reading.notes.filter { $0.weight != .info }.map { note in
      "Data Wrangler: \(note.what)" + (note.why.isEmpty ? "" : " (\(note.why))")
    }
    guard let id, step?.note == nil, !lines.isEmpty else { return }
    try? result.graph.annotate(id, lines.joined(separator: "\n"))
  }
}

extension NodeReading {
  /// `Encode categorical: One-hot encode`.
  var title: String {
    let area = node.kind.replacing("_", with: " ").capitalizedFirst
    return node.parameters.text("operator").map { "\(area): \($0)" } ?? area
  }
}

extension FlowGraph {
  /// The types that casts above have given to columns, under the names that they have at a step, as far as it can be told
  /// without data.
  func knownKinds(at id: StepID) -> [String: ColumnKind] {
    var kinds: [String: ColumnKind] = [:]
    var chain: [Step] = []
    var current: StepID? = id
    while let here = current, let step = self[here], chain.count <= steps.count {
      chain.append(step)
      current = step.inputs.first
    }
    for step in chain.reversed() where step.isEnabled {
      switch step.operation {
      case .cast(let casts): for cast in casts { kinds[cast.column] = cast.to }
      case .drop(let columns): for column in columns { kinds[column] = nil }
      case .rename(let names): for name in names { kinds[name.to] = kinds.removeValue(forKey: name.column) }
      case .transform(let spec) where spec.id == DuplicateColumn.info.id:
        if let from = spec.parameters.text("column"), let to = spec.parameters.text("name") { kinds[to] = kinds[from] }
      case .transform(let spec) where spec.id == ParseValues.info.id:
        let kind = spec.parameters.text("to").flatMap(ColumnKind.init(rawValue:))
        for column in spec.parameters.texts("columns") { kinds[column] = kind }
      case .transform(let spec) where spec.id == Scale.info.id:
        for column in spec.parameters.texts("columns") { kinds[column] = .real }
      default: break
      }
    }
    return kinds
  }
}
