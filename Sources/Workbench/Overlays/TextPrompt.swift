import Engine
import Explain
import Flow
import Foundation
import Frame
import Grid
import Plot
import Widgets

/// Asks for one line of text.
struct TextPrompt: Overlay {
  let title: String
  let label: String
  /// Whether nothing is an answer too.
  private let allowsNothing: Bool
  private var field: TextFieldState
  private var error: String?
  /// What was typed when the prompt asked whether to go on; Enter again means yes.
  private var asked: String?
  /// Why the person is asked once more before a text is accepted; nil where nothing is at stake.
  private let doubt: @Sendable (String, WorkbenchState) -> String?
  private let accept: @Sendable (String, inout WorkbenchState) throws -> [Effect]

  init(
    title: String, label: String, text: String, allowsNothing: Bool = false,
    doubt: @escaping @Sendable (String, WorkbenchState) -> String? = { _, _ in nil },
    accept: @escaping @Sendable (String, inout WorkbenchState) throws -> [Effect]
  ) {
    self.title = title
    self.label = label
    field = TextFieldState(text)
    self.allowsNothing = allowsNothing
    self.doubt = doubt
    self.accept = accept
  }

  var hints: [(key: String, label: String)] { [("Enter", "accept"), ("Esc", "cancel")] }

  static func save(suggestion: String) -> TextPrompt {
    let path = { @Sendable (text: String) in expanded(text.lowercased().hasSuffix(".flow") ? text : text + ".flow") }
    return TextPrompt(
      title: "Save flow", label: "File", text: suggestion,
      doubt: { text, state in path(text) == state.flowPath ? nil : overwriting(path(text), state) },
      accept: { text, state in [.save(state.flow, path: path(text))] })
  }

  static func overwriting(_ path: String, _ state: WorkbenchState) -> String? {
    state.fileExists(path) ? "\(fileName(path)) exists. Enter again replaces it; Esc keeps it." : nil
  }

  static func write(suggestion: String) -> TextPrompt {
    TextPrompt(
      title: "Write rows", label: "File (.csv, .tsv, .parquet, .json, .jsonl, .xlsx)", text: suggestion,
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        guard let view = state.table.current else { return [] }
        guard SourceFormat(path: text)?.isWritten == true else { throw PromptError.unknownEnding }
        guard !reads(expanded(text), state) else { throw PromptError.ownSource }
        let path = expanded(text)
        state.record(.writeRows(view.request.node, view.request.look, path: absolute(path, state)))
        return [state.ask(.write(view.request, path: path, format: nil), for: .report).1]
      })
  }

  private static func absolute(_ path: String, _ state: WorkbenchState) -> String {
    FilePaths.absolute(path, in: state.workingFolder)
  }

  /// Asks where the flow goes as a script, or the rows of a step as SQL.
  static func exportFlow(step: StepID?, suggestion: String) -> TextPrompt {
    TextPrompt(
      title: "Export flow", label: "File (.assay for assay run, .sql for the rows of this step)", text: suggestion,
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard [".assay", ".sql"].contains(where: path.lowercased().hasSuffix) else { throw PromptError.noScript }
        guard !reads(path, state) else { throw PromptError.ownSource }
        state.record(.exportFlow(step: step, path: absolute(path, state)))
        return [state.ask(.exportFlow(state.flow, node: step, path: path), for: .report).1]
      })
  }

  /// Asks where a copy of the session's record goes.
  static func saveSession(suggestion: String) -> TextPrompt {
    let path = { @Sendable (text: String) in expanded(text.lowercased().hasSuffix(".assay") ? text : text + ".assay") }
    return TextPrompt(
      title: "Save session", label: "File (.assay)", text: suggestion,
      doubt: { text, state in overwriting(path(text), state) },
      accept: { text, state in
        guard !reads(path(text), state) else { throw PromptError.ownSource }
        return [.saveSession(path: path(text))]
      })
  }

  /// - Parameters:
  ///   - chart: what pictures and texts show, within `view`.
  ///   - whole: what is written as numbers.
  ///   - note: what the view shows, for the person; empty for everything.
  ///   - isRecorded: false for a chart that a session has no name for.
  static func export(
    _ chart: Chart, whole: Chart, view: ChartView, note: String, suggestion: String, isRecorded: Bool = true
  ) -> TextPrompt {
    TextPrompt(
      title: note.isEmpty ? "Export chart" : "Export chart, \(note)",
      label: "File (.svg, .png, .pdf, .txt, .ansi, .json, .csv)", text: suggestion,
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        let format = try ChartFileFormat(path: path)
        guard !reads(path, state) else { throw PromptError.ownSource }
        let isWhole = format == .json || format == .csv
        let options = ChartFileOptions(view: isWhole ? .whole : view)
        if isRecorded, let origin = origin(of: state.chart) {
          state.record(.exportChart(origin, path: absolute(path, state), options))
        }
        return [state.ask(.exportChart(isWhole ? whole : chart, path: path, options: options), for: .report).1]
      })
  }

  /// Where a chart comes from, so that it can be made again.
  private static func origin(of chart: ChartState) -> SessionCommand.ChartOrigin? {
    switch chart.shown {
    case .analysis(let id)?: return .analysis(id, page: chart.page)
    case .look(let spec)?:
      guard let request = chart.request else { return nil }
      return .look(spec, on: request.node, request.look)
    case nil: return nil
    }
  }

  /// Asks where a report goes.
  static func exportReport(_ report: InsightResult, of analysis: Int, name: String) -> TextPrompt {
    let stem = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export report", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        state.record(.exportReport(analysis: analysis, path: absolute(path, state)))
        return [state.ask(.exportReport(report, path: path, title: name), for: .report).1]
      })
  }

  /// The same of a study of bias.
  static func exportBias(_ result: BiasResult, of analysis: Int, name: String) -> TextPrompt {
    let stem = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export report", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        state.record(.exportReport(analysis: analysis, path: absolute(path, state)))
        return [state.ask(.exportBias(result, path: path, title: name), for: .report).1]
      })
  }

  /// The same of an explanation.
  static func exportExplanation(_ found: ExplainedTable, of analysis: Int, name: String) -> TextPrompt {
    let stem = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export explanation",
      label: "File (.md .txt .json; charts: .svg .png .pdf; rows: .csv .parquet)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        state.record(.exportReport(analysis: analysis, path: absolute(path, state)))
        if ExplainSpec.LocalFile.isMeant(by: path) {
          guard let shown = state.flow[analysis: analysis], case .explanation(let spec) = shown.spec else { return [] }
          // The rows that were kept are some of them: the values of all are found again.
          let node = NodeRequest(graph: state.flow.graph, node: shown.node)
          return [state.ask(.explain(node, spec.writing(path)), for: .report).1]
        }
        return [state.ask(.exportExplanation(found, path: path, title: name), for: .report).1]
      })
  }

  /// Asks where explained texts go: the one in sight as a picture, or all of them as values.
  static func exportTexts(_ found: TextExplanation, _ chart: Chart) -> TextPrompt {
    TextPrompt(
      title: "Export texts", label: "File (this text: .svg .png .pdf .txt; all: .json .jsonl .csv .parquet)",
      text: "texts.svg",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        if TextExplanation.valueEndings.contains(ending) {
          return [state.ask(.exportTexts(found, path: path), for: .report).1]
        }
        _ = try ChartFileFormat(path: path)
        return [state.ask(.exportChart(chart, path: path, options: ChartFileOptions()), for: .report).1]
      })
  }

  /// True for a file that the flow itself reads: its rows would be lost, and the flow with them.
  static func reads(_ path: String, _ state: WorkbenchState) -> Bool {
    state.flow.graph.filled.sources.contains { step in
      guard case .source(let source) = step.operation else { return false }
      return source.locations.contains { resolved(expanded($0)) == resolved(path) }
    }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  static func rename(step: StepID, name: String) -> TextPrompt {
    TextPrompt(title: "Rename step", label: "Name", text: name) { text, state in
      try state.edit { try $0.graph.rename(step, to: text) }
    }
  }

  static func note(step: Step) -> TextPrompt {
    let id = step.id
    let label = step.note == nil ? "Note" : "Note; nothing removes it"
    let text = step.note.map { $0.replacing("\n", with: " ") } ?? ""
    return TextPrompt(title: "Note to \(step.title)", label: label, text: text, allowsNothing: true) { text, state in
      try state.edit { try $0.graph.annotate(id, text) }
    }
  }

  static func rename(analysis id: Int, name: String) -> TextPrompt {
    TextPrompt(title: "Rename analysis", label: "Name", text: name) { text, state in
      state.edit { $0[analysis: id]?.name = text }
    }
  }

  enum PromptError: Error, CustomStringConvertible {
    case unknownEnding, ownSource, noScript

    var description: String {
      switch self {
      case .unknownEnding:
        "End the name in .csv, .tsv, .parquet, .json, .jsonl or .xlsx: the ending chooses the format."
      case .noScript: "End the name in .assay or .sql: the ending chooses the form."
      case .ownSource: "This flow reads that file, so it cannot be written over: choose another name."
      }
    }
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      switch key.code {
      case .escape: return .close()
      case .enter: return finish(&state)
      default:
        _ = field.handle(key)
        error = nil
      }
    case .paste(let text): field.insert(text.replacing("\n", with: " "))
    case .mouse, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    var text = Substring(field.text)
    while text.last == " " { text.removeLast() }
    guard !text.isEmpty || allowsNothing else {
      error = "Type a name, or Esc to cancel."
      return .stay()
    }
    do {
      if asked != String(text), let doubt = doubt(String(text), state) {
        // What is wrong anyway is said at once.
        var trial = state
        _ = try accept(String(text), &trial)
        asked = String(text)
        error = doubt
        return .stay()
      }
      return .close(try accept(String(text), &state))
    } catch {
      self.error = "\(error)"
      return .stay()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let width = min(64, max(1, state.size.width - 6))
    let rect = DialogFrame.rect(for: Size(width: width, height: 4), in: Rect(state.size))
    let hits = DialogFrame(title, hints: "Enter: accept  Esc: cancel").draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    grid.draw(label, x: inner.x, y: inner.y, style: context.mutedStyle, width: inner.width)
    let line = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: 1)
    TextFieldView(field).draw(in: line.intersection(inner), on: &grid, context)
    if let error, inner.height > 2 {
      let style = Level.error.style(context)
      _ = TextBlock(error, style: style).draw(
        in: Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 2), on: &grid, context)
    }
    return hits
  }
}

/// `~` is the home folder.
func expanded(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/") else { return path }
  return Locations.home + path.dropFirst()
}
