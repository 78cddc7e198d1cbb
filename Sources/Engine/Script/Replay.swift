import Flow
import Foundation
import Frame
import Jobs
import Learn
import Plot

/// Does the commands of a session again, without a screen: through the same edits and the same jobs.
public struct Replay {
  /// What a replay is given beside the session.
  public struct Options: Sendable, Equatable {
    /// Where the files go that the session wrote.
    public enum Outputs: Sendable, Equatable {
      /// Nothing is written.
      case none
      /// Under their names, in this folder.
      case folder(String)
      /// Where the session wrote them, over what is there.
      case places
    }

    /// Other files in place of sources, by id, name or file name.
    public var inputs: [(name: String, file: String)] = []
    /// Values of the flow's parameters.
    public var parameters: [(name: String, value: String)] = []
    public var outputs = Outputs.none

    public init() {}

    public static func == (left: Options, right: Options) -> Bool {
      left.inputs.map { [$0.name, $0.file] } == right.inputs.map { [$0.name, $0.file] }
        && left.parameters.map { [$0.name, $0.value] } == right.parameters.map { [$0.name, $0.value] }
        && left.outputs == right.outputs
    }
  }

  private let script: SessionScript
  private let path: String
  private let options: Options

  /// The flow as the session leaves it.
  public private(set) var flow = FlowFile()
  /// Files that were written, and those that the session wrote and this run did not.
  public private(set) var written: [String] = []
  public private(set) var unwritten: [String] = []
  /// Where what went into a folder was written in the session.
  private var origins: [String: String] = [:]

  private var undo: [FlowFile] = []
  private var redo: [FlowFile] = []
  /// The line that last said what a step does.
  private var lines: [StepID: Int] = [:]
  /// Sources that another file has taken the place of, and inputs and parameters that found theirs.
  private var replaced: [StepID: Source] = [:]
  private var used: Set<String> = []
  private var given: Set<String> = []

  public init(_ script: SessionScript, path: String, options: Options = Options()) {
    (self.script, self.path, self.options) = (script, path, options)
  }

  /// Goes through the session without computing anything: what does not hang together is found before work begins.
  /// - Throws: `SessionError`; `SessionFault` where an input or a parameter has no place.
  public func check() throws {
    var trial = self
    for entry in script.entries {
      do { try trial.take(entry, nil) } catch { throw trial.located(error, entry.number) }
    }
    for input in options.inputs where !trial.used.contains(input.name) {
      let known = trial.flow.graph.sources.map { "\($0.id) (\($0.operation.summary))" }.joined(separator: ", ")
      throw SessionFault(
        "\(path): has no source \"\(input.name)\". Its sources are \(known.isEmpty ? "none" : known).")
    }
    for parameter in options.parameters where !trial.given.contains(parameter.name) {
      let known = trial.flow.graph.parameters.map(\.name) + trial.flow.graph.undeclared
      throw SessionFault("\(path): \(FlowError.noSuchParameter(parameter.name, known: known)).")
    }
  }

  /// The flow that a session or a script leaves, without results.
  /// - Throws: `SessionError` or `FlowFileError`.
  public static func flow(of path: String) throws -> FlowFile {
    var replay = Replay(try SessionScript(contentsOf: path), path: path)
    for entry in replay.script.entries {
      do { try replay.take(entry, nil) } catch { throw replay.located(error, entry.number) }
    }
    return replay.flow
  }

  /// What computes: an engine, the context of the work, and who hears what a person should know.
  public struct Work {
    let engine: Engine
    let context: any JobContext
    let note: (String) -> Void

    public init(_ engine: Engine, context: any JobContext = SilentContext(), note: @escaping (String) -> Void) {
      (self.engine, self.context, self.note) = (engine, context, note)
    }
  }

  /// Does every command.
  /// - Throws: `SessionError` with the line at fault, or `JobCancelled`.
  public mutating func run(_ work: Work) throws {
    for entry in script.entries {
      try work.context.checkCancelled()
      do {
        try take(entry, work)
      } catch {
        throw located(error, entry.number)
      }
    }
    if let line = script.cutLine { work.note("line \(line) was not written to its end and is left out") }
    if !unwritten.isEmpty {
      let names = unwritten.map { URL(fileURLWithPath: $0).lastPathComponent }
      work.note(
        "not written: \(names.joined(separator: ", ")). -o FOLDER/ writes what the session wrote into a folder, "
          + "--write where it was")
    }
  }

  /// An error with the line that is at fault: the one that wrote the step, where a step is to blame.
  public func located(_ error: any Error, _ number: Int? = nil) -> any Error {
    if error is JobCancelled || error is SessionError { return error }
    let origin = (error as? FlowError)?.step.flatMap { lines[$0] } ?? number
    guard let origin else { return error }
    return SessionError.line(path, origin, "\(error)")
  }

  // MARK: - Commands

  private mutating func take(_ entry: SessionScript.Entry, _ work: Work?) throws {
    switch entry.line.command {
    case .openData(let source, let step, let mark):
      var begun = FlowFile(name: source.name)
      try begun.apply(.addSource(source, step: step))
      lines = [step: entry.number]
      try begin(begun)
      if let work, replaced[step] == nil { compare(source, mark, entry.number, work) }
    case .openFlow(let path):
      var opened = try FlowFile(contentsOf: path)
      for note in opened.reading?.important ?? [] { work?.note(note.sentence) }
      opened.reading = nil
      lines = [:]
      try begin(opened)
    case .edit(.replace(let restored)) where flow.graph.isEmpty:
      try begin(restored)
    case .edit(let edit):
      let before = flow
      let edit = try changed(edit)
      note(edit, entry.number)
      try flow.apply(edit)
      try settle()
      guard flow != before else { return }
      if !entry.line.isJoined { undo.append(before) }
      redo = []
    case .undo:
      guard let before = undo.popLast() else { throw SessionFault("there is nothing to undo") }
      redo.append(flow)
      flow = before.keepingResults(of: flow)
    case .redo:
      guard let after = redo.popLast() else { throw SessionFault("there is nothing to do again") }
      undo.append(flow)
      flow = after.keepingResults(of: flow)
    case .fit(let step): try fit(step, work)
    case .runAnalysis(let id): try compute(id, work)
    case .writeRows, .exportChart, .exportReport, .exportModel, .predictRows, .exportFlow, .save:
      try write(entry.line.command, work)
    }
  }

  private mutating func begin(_ begun: FlowFile) throws {
    flow = begun
    undo = []
    redo = []
    replaced = [:]
    try settle()
  }

  /// Tells that a file is not the one that the session read.
  private func compare(_ source: Source, _ mark: FileMark?, _ number: Int, _ work: Work) {
    guard let mark, let now = FileMark(of: source), now != mark else { return }
    let size = now.bytes == mark.bytes ? "of the same size" : "\(now.bytes) bytes, then \(mark.bytes)"
    let what =
      source.also.isEmpty
      ? "\(source.location) is not the file" : "the files of \(source.name) are not those"
    work.note("line \(number): \(what) that the session read (\(size))")
  }

  private mutating func note(_ edit: FlowEdit, _ number: Int) {
    switch edit {
    case .addSource(_, let step), .add(_, let step, _, _, _), .insert(_, let step, _, _), .duplicate(_, let step),
      .change(let step, _), .connect(let step, _):
      lines[step] = number
    default: break
    }
  }

  /// An edit with the values that are given in place of the session's own.
  private mutating func changed(_ edit: FlowEdit) throws -> FlowEdit {
    guard case .setParameter(let parameter) = edit,
      let value = options.parameters.first(where: { $0.name == parameter.name })
    else { return edit }
    given.insert(value.name)
    return .setParameter(try parameter.with(value.value))
  }

  /// Puts given files and values where they belong by now.
  private mutating func settle() throws {
    for step in flow.graph.sources {
      guard case .source(var source) = step.operation, replaced[step.id] != source else { continue }
      guard let input = options.inputs.first(where: { FlowFile.source(step, isCalled: $0.name, in: flow.graph) })
      else { continue }
      source.replaceFile(input.file)
      try flow.graph.replace(step.id, with: .source(source))
      replaced[step.id] = source
      used.insert(input.name)
    }
    for parameter in options.parameters {
      if let declared = flow.graph.parameter(parameter.name) {
        given.insert(parameter.name)
        try flow.graph.setParameter(declared.with(parameter.value))
      } else if flow.graph.undeclared.contains(parameter.name) {
        given.insert(parameter.name)
        try flow.graph.give(parameter.name, parameter.value)
      }
    }
  }

  // MARK: - Jobs

  private mutating func fit(_ id: StepID, _ work: Work?) throws {
    let step = try flow.graph.step(id)
    guard step.operation.learns else { throw SessionFault("step \(id) (\(step.title)) learns nothing") }
    guard let work else { return }
    switch try work.engine.run(.fit(NodeRequest(graph: flow.graph, node: id)), context: work.context) {
    case .fitted(let fitted, let fitting):
      try flow.graph.setFitted(id, fitted.isEmpty ? nil : fitted)
      try flow.graph.setFitting(id, fitting)
    case .learned(let learned, let fitting):
      try flow.graph.setLearned(id, learned)
      try flow.graph.setFitting(id, fitting)
    default: break
    }
  }

  private mutating func compute(_ id: Int, _ work: Work?) throws {
    let analysis = try flow.analysis(id)
    guard let work else { return }
    let request = NodeRequest(graph: flow.graph, node: analysis.node)
    guard
      case .analysis(let result, let made) = try work.engine.run(
        .analyze(request, analysis.spec), context: work.context)
    else { return }
    flow[analysis: id]?.result = result
    flow[analysis: id]?.provenance = made
  }

  private mutating func write(_ command: SessionCommand, _ work: Work?) throws {
    // What is not written need not be computed either.
    let spec = try job(for: command, command.output.flatMap(target) == nil ? nil : work)
    guard let path = command.output, let work else { return }
    guard let target = target(path) else {
      if !unwritten.contains(path) { unwritten.append(path) }
      return
    }
    if let other = origins[target], other != path {
      throw SessionFault("\(path) and \(other) would both be \(target): use --write")
    }
    origins[target] = path
    switch options.outputs {
    case .folder(let folder):
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    case .none, .places: break
    }
    if let spec { _ = try work.engine.run(spec(target), context: work.context) } else { try flow.write(to: target) }
    if !written.contains(target) { written.append(target) }
  }

  private func target(_ path: String) -> String? {
    switch options.outputs {
    case .none: nil
    case .places: path
    case .folder(let folder): "\(folder)/\(URL(fileURLWithPath: path).lastPathComponent)"
    }
  }

  /// The job that writes a file; nil for saving the flow. Without work it only says what is wrong.
  private func job(for command: SessionCommand, _ work: Work?) throws -> ((String) -> JobSpec)? {
    switch command {
    case .writeRows(let step, let look, _):
      _ = try flow.graph.step(step)
      let request = NodeRequest(graph: flow.graph, node: step, look: look)
      return { .write(request, path: $0, format: nil) }
    case .exportFlow(let step, _):
      let flow = flow
      return { .exportFlow(flow, node: step, path: $0) }
    case .exportReport(let id, _):
      let analysis = try flow.analysis(id)
      guard work != nil else { return nil }
      if case .bias(let report)? = analysis.result {
        return { .exportBias(report, path: $0, title: analysis.name) }
      }
      if case .explanation(let found)? = analysis.result {
        let rows = NodeRequest(graph: flow.graph, node: analysis.node)
        return { path in
          if case .explanation(let spec) = analysis.spec, ExplainSpec.LocalFile.isMeant(by: path) {
            return .explain(rows, spec.writing(path))
          }
          return .exportExplanation(found, path: path, title: analysis.name)
        }
      }
      guard case .insight(let report)? = analysis.result else {
        throw SessionFault("analysis \(id) (\(analysis.name)) has no report: run it first")
      }
      return { .exportReport(report, path: $0, title: analysis.name) }
    case .exportModel(let id, let candidate, _):
      let (analysis, study) = try training(id)
      guard let work,
        case .candidateReport(let report) = try work.engine.run(
          .candidate(folder: study.folder, number: candidate), context: work.context)
      else { return nil }
      var run: AutoMLReport?
      if case .automl(let result)? = analysis.result { run = result.report }
      let card = ModelCard(report, run: run, folder: candidate == nil ? study.folder : nil)
      return { .exportModel(card, path: $0, title: "Model card of \(report.label)") }
    case .predictRows(let id, _):
      let (analysis, study) = try training(id)
      let request = NodeRequest(graph: flow.graph, node: analysis.node)
      return { path in
        .predict(
          request, PredictionRequest(bundle: study.folder, withProbabilities: true, keepsColumns: true, path: path))
      }
    case .exportChart(let origin, _, let options):
      guard let chart = try chart(origin, work) else {
        guard work != nil else { return nil }
        throw SessionFault("there is no chart to export")
      }
      return { .exportChart(chart, path: $0, options: options) }
    case .openData, .openFlow, .edit, .fit, .runAnalysis, .save, .undo, .redo: return nil
    }
  }

  private func training(_ id: Int) throws -> (analysis: Analysis, study: AutoMLStudy) {
    let analysis = try flow.analysis(id)
    guard case .automl(let study) = analysis.spec else {
      throw SessionFault("analysis \(id) (\(analysis.name)) trains no models")
    }
    return (analysis, study)
  }

  private func chart(_ origin: SessionCommand.ChartOrigin, _ work: Work?) throws -> Chart? {
    switch origin {
    case .analysis(let id, let page):
      let analysis = try flow.analysis(id)
      guard work != nil else { return nil }
      guard let chart = analysis.result?.chart(page: page) else {
        throw SessionFault("analysis \(id) (\(analysis.name)) has no chart: run it first")
      }
      return chart
    case .look(let spec, let step, let look):
      _ = try flow.graph.step(step)
      guard let work else { return nil }
      let request = NodeRequest(graph: flow.graph, node: step, look: look)
      guard case .analysis(let result, _) = try work.engine.run(.analyze(request, spec), context: work.context) else {
        return nil
      }
      return result.chart()
    }
  }
}

extension FlowFile {
  /// Whether a person may mean a source by a name: its id, its own name, or its file's, with or without the ending.
  public static func source(_ step: Step, isCalled name: String, in graph: FlowGraph) -> Bool {
    guard case .source(let written) = step.operation else { return false }
    var names = [step.id.rawValue, step.name].compactMap { $0 }
    var sources = [written]
    if case .source(let filled)? = graph.filled[step.id]?.operation { sources.append(filled) }
    for source in sources {
      let file = URL(fileURLWithPath: source.location)
      names += [source.location, source.name, Source.name(of: source.location)]
      names.append(file.deletingPathExtension().lastPathComponent)
    }
    return names.contains(name)
  }
}

extension Source {
  /// Reads another file in the same way; its format is told anew where the ending says another.
  public mutating func replaceFile(_ path: String) {
    (location, also) = (path, [])
    // A name that any text may have says nothing.
    if SourceFormat.isVague(path) { return }
    let named = SourceFormat(path: path)
    if named != format { format = nil }
    guard let named else { return }
    if named != .xlsx { (options.sheet, options.range) = (nil, nil) }
    if named != .fwf { (options.widths, options.cuts) = (nil, nil) }
  }
}

extension AnalysisResult {
  /// The picture of a result; nil for one that has none.
  /// - Parameter page: which of the charts of a report, from 0.
  func chart(page: Int = 0) -> Chart? {
    switch self {
    case .chart(let chart): return chart
    case .insight(let result): return Self.chart(page, of: result.charts)
    case .bias(let result): return Self.chart(page, of: result.charts)
    case .explanation(let result):
      let pages = result.pages
      return pages.indices.contains(page) ? result.chart(pages[page]) : nil
    case .quickModel(let report):
      let items = report.importance.map { ImportanceBars.Item(feature: $0.feature, gain: $0.gain, shap: $0.shap) }
      return .importance(ImportanceBars(title: report.target, items: items))
    case .automl(let result): return Self.chart(page, of: result.charts)
    case .summary: return nil
    }
  }

  private static func chart(_ page: Int, of charts: [(title: String, chart: Chart)]) -> Chart? {
    charts.indices.contains(page) ? charts[page].chart : nil
  }
}
