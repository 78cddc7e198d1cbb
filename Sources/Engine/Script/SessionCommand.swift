import Flow
import Frame
import Plot

/// What a person did in the workbench, as far as it leaves something behind. Looking is not among it: moving, searching,
/// sorting a view, zooming, help.
public enum SessionCommand: Sendable, Equatable {
  /// Begins a flow with a dataset. The mark says which file it was.
  case openData(Source, step: StepID, FileMark? = nil)
  /// Opens a saved flow.
  case openFlow(path: String)
  case edit(FlowEdit)
  /// Learns what a step learns from the rows that reach it.
  case fit(StepID)
  /// Computes an analysis.
  case runAnalysis(Int)
  case writeRows(StepID, Look, path: String)
  case exportChart(ChartOrigin, path: String, ChartFileOptions)
  case exportReport(analysis: Int, path: String)
  /// The card of a training's model: of a candidate, or of the ensemble where there is no number.
  case exportModel(analysis: Int, candidate: Int? = nil, path: String)
  /// The rows of a training's step with what its ensemble says of them.
  case predictRows(analysis: Int, path: String)
  case exportFlow(step: StepID?, path: String)
  case save(path: String)
  case undo
  case redo

  /// Which chart was exported: an analysis of the flow, or one that was only looked at.
  public enum ChartOrigin: Sendable, Equatable {
    /// - Parameter page: which of the charts of a report.
    case analysis(Int, page: Int = 0)
    case look(AnalysisSpec, on: StepID, Look)
  }
}

/// A command of a session and how it belongs to the one before.
public struct SessionLine: Sendable, Equatable {
  public var command: SessionCommand
  /// True for a part of the same change as the command before: undone together.
  public var isJoined: Bool

  public init(_ command: SessionCommand, isJoined: Bool = false) {
    self.command = command
    self.isJoined = isJoined
  }

  /// What a session records of a change: the edits, and what has been computed with it.
  public static func change(from old: FlowFile, to new: FlowFile) -> [SessionLine] {
    let edits = old.edits(to: new)
    var lines = edits.enumerated().map { SessionLine(.edit($1), isJoined: $0 > 0) }
    lines += computed(from: old, to: new).map { SessionLine($0) }
    return lines
  }

  /// Results and what steps have learnt that are there now and were not before. A copy of a step brings its own.
  private static func computed(from old: FlowFile, to new: FlowFile) -> [SessionCommand] {
    var commands: [SessionCommand] = []
    for step in new.graph.steps {
      guard let before = old.graph[step.id], step.fitted != nil || step.learned != nil else { continue }
      if (step.fitted != before.fitted || step.learned != before.learned) && step.operation == before.operation {
        commands.append(.fit(step.id))
      }
    }
    for analysis in new.analyses where analysis.result != nil {
      let before = old[analysis: analysis.id]
      if before?.result != analysis.result || before?.provenance != analysis.provenance {
        commands.append(.runAnalysis(analysis.id))
      }
    }
    return commands
  }
}

extension SessionCommand {
  /// The command in a few words, for the list of what was done.
  public var text: String {
    switch self {
    case .openData(let source, _, _): "Opened \(source.name)"
    case .openFlow(let path): "Opened \(path)"
    case .edit(let edit): edit.text
    case .fit(let step): "Fitted step \(step)"
    case .runAnalysis(let id): "Ran analysis \(id)"
    case .writeRows(let step, _, let path): "Wrote the rows of \(step) to \(path)"
    case .exportChart(_, let path, _): "Exported a chart to \(path)"
    case .exportReport(_, let path): "Exported a report to \(path)"
    case .exportModel(_, let candidate, let path):
      "Exported the card of \(candidate.map { "candidate \($0)" } ?? "the ensemble") to \(path)"
    case .predictRows(let id, let path): "Predicted the rows of analysis \(id) into \(path)"
    case .exportFlow(_, let path): "Exported the flow to \(path)"
    case .save(let path): "Saved \(path)"
    case .undo: "Undo"
    case .redo: "Redo"
    }
  }

  /// The file that the command writes.
  public var output: String? {
    switch self {
    case .writeRows(_, _, let path), .exportChart(_, let path, _), .exportReport(_, let path), .exportFlow(_, let path),
      .exportModel(_, _, let path), .predictRows(_, let path), .save(let path):
      path
    case .openData, .openFlow, .edit, .fit, .runAnalysis, .undo, .redo: nil
    }
  }
}

extension FlowEdit {
  /// The edit in a few words.
  public var text: String {
    func summed(_ operation: Flow.Operation) -> String {
      let summary = operation.summary.split(whereSeparator: \.isNewline).joined(separator: " ")
      return operation.title + (summary.isEmpty ? "" : ": \(summary)")
    }
    switch self {
    case .addSource(let source, _): return "Added \(source.name)"
    case .add(let operation, _, _, _, let name), .insert(let operation, _, _, let name):
      return "Added " + (name.map { "\($0), " } ?? "") + summed(operation)
    case .duplicate(let original, _): return "Copied step \(original)"
    case .change(let step, let operation): return "Changed \(step) to \(summed(operation))"
    case .connect(let step, let inputs):
      return "Had \(step) read \(inputs.map(\.rawValue).joined(separator: ", "))"
    case .delete(let step): return "Deleted step \(step)"
    case .enable(let step, let isEnabled): return "Turned \(step) \(isEnabled ? "on" : "off")"
    case .rename(let step, let name): return name.map { "Renamed \(step) to \($0)" } ?? "Gave \(step) its own name back"
    case .annotate(let step, _): return "Wrote a note on \(step)"
    case .moveUp(let step): return "Moved \(step) up"
    case .order: return "Put the steps in another order"
    case .learned(let step, _, _): return "Kept what \(step) has learnt"
    case .addAnalysis(_, let spec, let step, let name): return "Added \(name ?? spec.defaultName) on \(step)"
    case .changeAnalysis(let id, let spec): return "Changed analysis \(id) to \(spec.defaultName)"
    case .renameAnalysis(let id, let name): return "Renamed analysis \(id) to \(name)"
    case .deleteAnalysis(let id): return "Deleted analysis \(id)"
    case .target(let column): return column.map { "Target: \($0)" } ?? "No target"
    case .setParameter(let parameter):
      return "Parameter \(parameter.name)" + (parameter.value.map { " = \($0)" } ?? ", without a value")
    case .deleteParameter(let name): return "Deleted parameter \(name)"
    case .name(let name): return "Called the flow \(name)"
    case .replace: return "Restored a flow"
    }
  }
}
