import Frame

/// A flow as a file of Data Wrangler.
public struct DataWranglerExport: Sendable, Equatable {
  public var document: DataWranglerDocument
  public var notes: [DataWranglerNote]

  /// Writes every step that both have; a step that only SQL says becomes code in Spark's SQL; what neither says becomes
  /// code that stops with its name, and a note.
  /// - Parameter schemas: the columns of steps, where they are known: some steps can be said in SQL only with them.
  public init(
    _ graph: FlowGraph, schemas: [StepID: Schema] = [:], visualizations: [DataWranglerAttachment] = [],
    destinations: [DataWranglerAttachment] = []
  ) {
    var writer = DataWranglerExporter(graph: graph, schemas: schemas)
    writer.run(visualizations, destinations)
    document = DataWranglerDocument(nodes: writer.nodes)
    notes = writer.notes
  }
}

/// A node on its way into the file.
struct DraftedNode {
  /// The operator without area and version.
  var kind: String
  var parameters: Parameters
  var trained: Parameters?
  /// The whole operator, where it is not one of Spark's transforms.
  var operatorID: String?
  var outputs: [String] = ["default"]

  init(_ kind: String, _ parameters: Parameters, trained: Parameters? = nil) {
    (self.kind, self.parameters, self.trained) = (kind, parameters, trained)
  }

  /// A variant of an operator: its display name, and its own parameters beside it.
  init(_ kind: String, _ variant: String, _ parameters: Parameters) {
    self.init(kind, ["operator": .text(variant), Self.key(variant): .record(parameters.values)])
  }

  static func key(_ variant: String) -> String { NodeArguments.snake(variant) + "_parameters" }
}

struct DataWranglerExporter {
  let graph: FlowGraph
  let schemas: [StepID: Schema]
  var nodes: [DataWranglerDocument.Node] = []
  var notes: [DataWranglerNote] = []
  /// The node and its output that stand for the rows of a step.
  private var outlets: [StepID: (node: String, output: String)] = [:]
  /// The node that finds the types of a source.
  private var typed: [StepID: String] = [:]
  private var count = 0

  init(graph: FlowGraph, schemas: [StepID: Schema]) { (self.graph, self.schemas) = (graph, schemas) }

  static let inferOperator = "sagemaker.spark.infer_and_cast_type_0.1"

  mutating func run(_ visualizations: [DataWranglerAttachment], _ destinations: [DataWranglerAttachment]) {
    for step in graph.steps {
      if step.operation.kind == .source {
        addSource(step)
      } else if !step.isEnabled {
        outlets[step.id] = step.inputs.first.flatMap { outlet($0, for: nil) }
        notes.append(DataWranglerNote(.info, step: step.id, step.title, what: "is left out", why: "it is off"))
      } else if step.operation.splitParameters != nil {
        addSplit(step)
      } else {
        addStep(step)
      }
    }
    for (attachments, type) in [(visualizations, "VISUALIZATION"), (destinations, "DESTINATION")] {
      for attachment in attachments {
        guard let input = outlet(attachment.step, for: nil) else {
          notes.append(
            DataWranglerNote(.missing, attachment.title, what: "is not written", why: "its step is gone"))
          continue
        }
        let name = type == "DESTINATION" ? "default" : "df"
        var node = DataWranglerDocument.Node(
          id: newID(), type: type, operatorID: attachment.operatorID, name: attachment.name,
          parameters: attachment.parameters)
        node.inputs = [.init(name: name, nodeID: input.node, outputName: input.output)]
        nodes.append(node)
      }
    }
  }

  // MARK: - Nodes

  /// The same flow gives the same ids: 32 hexadecimal digits in the form of a UUID.
  private mutating func newID() -> String {
    count += 1
    func hash(_ offset: UInt64) -> UInt64 {
      "assay \(count)".utf8.reduce(offset) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    func hex(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    var digits = Array(hex(hash(0xCBF2_9CE4_8422_2325)) + hex(hash(0x9E37_79B9_7F4A_7C15)))
    (digits[12], digits[16]) = ("4", "8")
    let ends = [8, 12, 16, 20, 32]
    let starts = [0] + ends
    return zip(starts, ends).map { String(digits[$0..<$1]) }.joined(separator: "-")
  }

  /// What a step reads: below a source, the node that finds its types.
  private mutating func outlet(_ id: StepID, for reader: Step?) -> (node: String, output: String)? {
    guard let outlet = outlets[id] else { return nil }
    guard let step = graph[id], step.operation.kind == .source else { return outlet }
    if let reader, reader.isInferredCast { return outlet }
    if let node = typed[id] { return (node, "default") }
    let node = DataWranglerDocument.Node(
      id: newID(), type: "TRANSFORM", operatorID: Self.inferOperator,
      inputs: [.init(name: "default", nodeID: outlet.node, outputName: outlet.output)])
    nodes.append(node)
    typed[id] = node.id
    return (node.id, "default")
  }

  @discardableResult
  private mutating func add(
    _ draft: DraftedNode, reading inputs: [(node: String, output: String)], name: String? = nil,
    type: String = "TRANSFORM"
  ) -> String {
    var node = DataWranglerDocument.Node(
      id: newID(), type: type, operatorID: draft.operatorID ?? "sagemaker.spark.\(draft.kind)_0.1", name: name,
      parameters: draft.parameters, trained: draft.trained)
    let port = draft.kind == "infer_and_cast_type" ? "default" : "df"
    node.inputs = inputs.map { .init(name: port, nodeID: $0.node, outputName: $0.output) }
    node.outputs = draft.outputs.map { DataWranglerDocument.Output($0) }
    nodes.append(node)
    return node.id
  }

  private mutating func note(
    _ weight: DataWranglerNote.Weight, _ step: Step, _ what: String, why: String = "", advice: String = ""
  ) {
    notes.append(DataWranglerNote(weight, step: step.id, step.title, what: what, why: why, advice: advice))
  }

  private mutating func addSource(_ step: Step) {
    guard case .source(let source) = step.operation else { return }
    if let origin = step.origin, let kind = origin.text("operator") {
      var draft = DraftedNode("source", Parameters(origin["parameters"]?.record ?? [:]))
      draft.operatorID = kind
      return outlets[step.id] = (add(draft, reading: [], type: "SOURCE"), "default")
    }
    if !source.also.isEmpty { return addList(step, source) }
    outlets[step.id] = (addFile(step, source), "default")
    finish(step, source)
  }

  /// A list becomes a source for each place, below each other in its order.
  private mutating func addList(_ step: Step, _ source: Source) {
    var last: (node: String, output: String)?
    for location in source.locations {
      var one = source
      (one.location, one.also) = (location, [])
      let file = (node: addFile(step, one, name: one.name), output: "default")
      let types = DataWranglerDocument.Node(
        id: newID(), type: "TRANSFORM", operatorID: Self.inferOperator,
        inputs: [.init(name: "default", nodeID: file.node, outputName: file.output)])
      nodes.append(types)
      let typed = (node: types.id, output: "default")
      guard let above = last else {
        last = typed
        continue
      }
      let both = DraftedNode("concatenate_datasets", ["concatenate_type": "row_wise", "apply_dedupe": false])
      last = (add(both, reading: [above, typed]), "default")
    }
    guard let last else { return }
    outlets[step.id] = last
    typed[step.id] = last.node
    finish(step, source)
  }

  /// - Returns: the id of the node.
  private mutating func addFile(_ step: Step, _ source: Source, name: String? = nil) -> String {
    var uri = source.location
    if !uri.hasPrefix("s3://") {
      uri = "s3://BUCKET/\(source.name)"
      note(
        .missing, step, "reads \(uri)", why: "Data Wrangler reads no files of this machine",
        advice: "Upload \(source.location), and put its address into s3Uri")
    }
    var context: [String: Parameter] = [
      "s3Uri": .text(uri), "s3ContentType": .text(source.contentType),
      "s3HasHeader": .flag(source.options.hasHeader ?? true),
      "s3DirIncludesNested": false, "s3AddsFilenameColumn": false,
    ]
    if source.contentType == "csv" {
      context["s3FieldDelimiter"] = .text(source.options.delimiter ?? (source.format == .tsv ? "\t" : ","))
    }
    var draft = DraftedNode(
      "s3_source",
      [
        "dataset_definition": [
          "__typename": "S3CreateDatasetDefinitionOutput", "datasetSourceType": "S3",
          "name": .text(name ?? step.name ?? source.name), "description": .missing,
          "s3ExecutionContext": .record(context),
        ]
      ])
    draft.operatorID = "sagemaker.s3_source_0.1"
    return add(draft, reading: [], type: "SOURCE")
  }

  /// What a source asks for besides its place.
  private mutating func finish(_ step: Step, _ source: Source) {
    if !source.options.types.isEmpty {
      note(
        .differs, step, "finds types of its own", why: "types of single columns are not told",
        advice: "Add a step Data types")
    }
    guard let draft = Self.sampling(source.rows), let input = outlet(step.id, for: nil) else { return }
    typed[step.id] = add(draft, reading: [input])
  }

  private mutating func addStep(_ step: Step) {
    let inputs = step.inputs.compactMap { outlet($0, for: step) }
    guard inputs.count == step.inputs.count, let first = inputs.first else { return }
    var writing = StepWriting(step, graph: graph, schemas: schemas)
    let drafts = writing.nodes()
    notes += writing.notes
    var last = first
    for (place, draft) in drafts.enumerated() {
      let isLast = place == drafts.count - 1
      let name = isLast ? step.name : nil
      // Code bears its name among its parameters.
      var named = draft
      let isCode = draft.kind == "custom_code"
      if isCode, let name { named.parameters["name"] = .text(name) }
      let node = add(named, reading: place == 0 ? inputs : [last], name: isCode ? nil : name)
      last = (node, draft.outputs.first ?? "default")
      // A table more is put below in a node of its own.
      if draft.kind == "concatenate_datasets", place == 0, inputs.count > 2 {
        for input in inputs.dropFirst(2) {
          nodes[nodes.count - 1].inputs = Array(nodes[nodes.count - 1].inputs.prefix(2))
          last = (add(named, reading: [last, input]), "default")
        }
      }
    }
    outlets[step.id] = last
  }

  /// One node for all parts, and an identity below each output.
  private mutating func addSplit(_ step: Step) {
    guard outlets[step.id] == nil, let shared = step.operation.splitParameters,
      let input = step.inputs.first.flatMap({ outlet($0, for: step) })
    else { return }
    var draft = StepWriting.split(shared)
    let parts = shared.rows("parts").compactMap { $0.text("name") }
    draft.outputs = parts
    if parts.count > 3 {
      note(.differs, step, "has \(parts.count) parts", why: "Data Wrangler takes two or three")
    }
    let node = add(draft, reading: [input])
    for id in graph.splitSteps(of: step.id) {
      guard let part = graph[id]?.splitPart else { continue }
      let name = parts.first { $0.lowercased() == part.lowercased() } ?? part
      var identity = DraftedNode("identity", [:])
      identity.operatorID = "sagemaker.dataset.identity_0.1"
      outlets[id] = (add(identity, reading: [(node, name)], type: "DATASET"), "default")
    }
  }

  /// A source's own rule as a step; nil for all rows.
  static func sampling(_ rows: ImportRows) -> DraftedNode? {
    switch rows {
    case .all: nil
    case .first(let count): StepWriting.sampling(.first(count))
    case .random(let count, let seed): StepWriting.sampling(.random(count, seed: seed))
    case .stratified(let count, let column, let seed):
      StepWriting.sampling(.stratified(count, column: column, seed: seed))
    }
  }
}

extension Step {
  /// A cast that Data Wrangler made of what it found in the data: it names every column of the source.
  var isInferredCast: Bool {
    guard case .cast = operation else { return false }
    return DataWranglerDocument.Node.kind(origin?.text("operator") ?? "") == "infer_and_cast_type"
  }
}

extension Source {
  /// The format in Data Wrangler's words.
  fileprivate var contentType: String {
    let guess = location.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch format ?? SourceFormat(rawValue: guess) {
    case .csv, .tsv, nil: return "csv"
    case .json: return "json"
    case .jsonl: return "jsonl"
    case .parquet: return "parquet"
    // Its own readers have neither.
    case .xlsx, .fwf: return "csv"
    }
  }
}
