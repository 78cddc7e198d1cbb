import Flow
import Foundation
import Frame
import Jobs

/// What came of a file of Data Wrangler.
public struct DataWranglerReading: Sendable, Equatable {
  public var notes: [DataWranglerNote]

  /// Notes of what is not done, or done with other results; what is only good to know is left out.
  public var important: [DataWranglerNote] { notes.filter { $0.weight != .info } }

  /// `3 steps are not run, 2 give other results`; nil where all is well.
  public var summary: String? {
    func count(_ weight: DataWranglerNote.Weight) -> Int { notes.filter { $0.weight == weight }.count }
    let (missing, differs) = (count(.missing), count(.differs))
    let parts = [
      missing == 0 ? nil : missing == 1 ? "1 part is not run" : "\(missing) parts are not run",
      differs == 0 ? nil : differs == 1 ? "1 may give other results" : "\(differs) may give other results",
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension FlowFile {
  /// The flow of a file of Data Wrangler; nil where the file is none.
  /// - Throws: `FlowFileError.notImported`.
  static func dataWrangler(_ data: Data, path: String) throws -> FlowFile? {
    struct Anything: Decodable {}
    struct Marker: Decodable {
      let metadata: Anything?
      let nodes: [Anything]?
    }
    guard let marker = try? JSONDecoder().decode(Marker.self, from: data), marker.metadata != nil, marker.nodes != nil
    else { return nil }
    do {
      let document = try JSONDecoder().decode(DataWranglerDocument.self, from: data)
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      return FlowFile(try DataWranglerImport(document), name: name)
    } catch {
      throw FlowFileError.notImported(path, reason(error))
    }
  }

  init(_ imported: DataWranglerImport, name: String) {
    self.init(name: name, graph: imported.graph)
    var notes = imported.notes
    for attachment in imported.visualizations {
      if let spec = DataWranglerAnalyses.spec(of: attachment) {
        add(spec, name: attachment.parameters.text("name"), on: attachment.step)
      } else {
        attachments.append(attachment)
        notes.append(
          DataWranglerNote(
            .missing, step: attachment.step, attachment.title, what: "is not computed here",
            why: "assay has no analysis \(attachment.kind)", advice: "It is kept for Data Wrangler"))
      }
    }
    for destination in imported.destinations {
      attachments.append(destination)
      let place = destination.parameters["output_config"]?.record?["output_path"]?.text ?? ""
      notes.append(
        DataWranglerNote(
          .info, step: destination.step, destination.name ?? destination.title,
          what: "is not written by itself" + (place.isEmpty ? "" : ", to \(place)"),
          why: "assay writes rows where you say", advice: "Use assay flow run --node \(destination.step) -o FILE"))
    }
    reading = DataWranglerReading(notes: notes)
  }

  /// The flow as a file of Data Wrangler: JSON, and what a person should know of it.
  /// - Parameter schemas: the columns of steps, where they are known.
  public func dataWrangler(schemas: [StepID: Schema] = [:]) throws -> (data: Data, notes: [DataWranglerNote]) {
    var notes: [DataWranglerNote] = []
    var visualizations: [DataWranglerAttachment] = []
    for analysis in analyses {
      if let attachment = DataWranglerAnalyses.attachment(of: analysis) {
        visualizations.append(attachment)
      } else {
        notes.append(
          DataWranglerNote(
            .missing, step: analysis.node, analysis.name, what: "is not written",
            why: "Data Wrangler has no analysis \(analysis.spec.kind.title)"))
      }
    }
    let isDestination = { (attachment: DataWranglerAttachment) in attachment.kind.hasSuffix("destination") }
    let export = DataWranglerExport(
      graph, schemas: schemas, visualizations: visualizations + attachments.filter { !isDestination($0) },
      destinations: attachments.filter(isDestination))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try encoder.encode(export.document), export.notes + notes)
  }
}

extension FlowGraph {
  /// The sources among the steps that some steps depend on which cannot be read from here: those of other services, and
  /// those on S3 where nothing says with which credentials.
  public func remoteSources(for nodes: some Sequence<StepID>) throws -> [Step] {
    var needed: Set<StepID> = []
    for node in nodes { needed.formUnion(try path(to: node)) }
    return sources.filter { step in
      guard needed.contains(step.id), case .source(let source) = step.operation else { return false }
      if TableAddress.isMeant(by: source.location) { return false }
      return source.locations.contains { $0.contains("://") && !Database.canReach($0) }
    }
  }

  /// The steps of other programs that rows pass unchanged on their way to some steps.
  public func foreignSteps(for nodes: some Sequence<StepID>) throws -> [Step] {
    var needed: Set<StepID> = []
    for node in nodes { needed.formUnion(try path(to: node)) }
    return steps.filter { needed.contains($0.id) && $0.isEnabled && $0.operation.kind.rawValue == Foreign.info.id }
  }
}

extension Engine {
  /// A step and all above it as one SQL script. Steps that learn are fitted first.
  /// - Throws: `FlowError` where the dialect cannot say a step, `FrameError` or `JobCancelled`.
  public func script(
    _ request: NodeRequest, dialect: SQLDialect, sources: ScriptSources = .files,
    context: any JobContext = SilentContext()
  ) throws -> String {
    let request = try request.filled()
    return try nodes().prepared(request.graph, upTo: request.node, context) { graph, relations in
      try Compiler(graph, relations: relations).script(for: request.node, dialect: dialect, sources: sources)
    }
  }

  /// The columns of the steps that can be told without running them: those whose files are here, and that wait for no fit.
  public func knownSchemas(of graph: FlowGraph, context: any JobContext = SilentContext()) throws -> [StepID: Schema] {
    let store = try nodes()
    let graph = graph.filled
    var relations: [StepID: Relation] = [:]
    for step in graph.sources {
      guard case .source(let source) = step.operation,
        source.locations.allSatisfy(FileManager.default.fileExists(atPath:)),
        let opened = try? store.database.open(source, context: context)
      else { continue }
      relations[step.id] = Relation(opened)
    }
    let compiler = Compiler(graph, relations: relations)
    var schemas: [StepID: Schema] = [:]
    for step in graph.steps {
      try context.checkCancelled()
      let waits = try graph.path(to: step.id).contains { graph[$0]?.isEnabled == true && graph[$0]?.needsFit == true }
      if !waits, let schema = try? compiler.schema(of: step.id) { schemas[step.id] = schema }
    }
    return schemas
  }
}
