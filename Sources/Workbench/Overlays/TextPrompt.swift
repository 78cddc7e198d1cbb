import Engine
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
  private var field: TextFieldState
  private var error: String?
  /// What was typed when the prompt asked whether to go on; Enter again means yes.
  private var asked: String?
  /// Why the person is asked once more before a text is accepted; nil where nothing is at stake.
  private let doubt: @Sendable (String, WorkbenchState) -> String?
  private let accept: @Sendable (String, inout WorkbenchState) throws -> [Effect]

  init(
    title: String, label: String, text: String,
    doubt: @escaping @Sendable (String, WorkbenchState) -> String? = { _, _ in nil },
    accept: @escaping @Sendable (String, inout WorkbenchState) throws -> [Effect]
  ) {
    self.title = title
    self.label = label
    field = TextFieldState(text)
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

  private static func overwriting(_ path: String, _ state: WorkbenchState) -> String? {
    state.fileExists(path) ? "\(fileName(path)) exists. Enter again replaces it; Esc keeps it." : nil
  }

  static func write(suggestion: String) -> TextPrompt {
    TextPrompt(
      title: "Write rows", label: "File (.csv, .tsv, .parquet, .json, .jsonl)", text: suggestion,
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        guard let view = state.table.current else { return [] }
        guard SourceFormat(path: text) != nil else { throw PromptError.unknownEnding }
        guard !reads(expanded(text), state) else { throw PromptError.ownSource }
        return [state.ask(.write(view.request, path: expanded(text), format: nil), for: .report).1]
      })
  }

  /// - Parameters:
  ///   - chart: what pictures and texts show, within `view`.
  ///   - whole: what is written as numbers.
  ///   - note: what the view shows, for the person; empty for everything.
  static func export(
    _ chart: Chart, whole: Chart, view: ChartView, note: String, suggestion: String
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
        return [state.ask(.exportChart(isWhole ? whole : chart, path: path, options: options), for: .report).1]
      })
  }

  /// Asks where a report goes.
  static func exportReport(_ report: InsightResult, name: String) -> TextPrompt {
    let stem = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export report", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        return [state.ask(.exportReport(report, path: path, title: name), for: .report).1]
      })
  }

  /// The same of a study of bias.
  static func exportBias(_ result: BiasResult, name: String) -> TextPrompt {
    let stem = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export report", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = expanded(text)
        guard !reads(path, state) else { throw PromptError.ownSource }
        return [state.ask(.exportBias(result, path: path, title: name), for: .report).1]
      })
  }

  /// True for a file that the flow itself reads: its rows would be lost, and the flow with them.
  private static func reads(_ path: String, _ state: WorkbenchState) -> Bool {
    state.flow.graph.sources.contains { step in
      guard case .source(let source) = step.operation else { return false }
      return resolved(expanded(source.location)) == resolved(path)
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

  static func rename(analysis id: Int, name: String) -> TextPrompt {
    TextPrompt(title: "Rename analysis", label: "Name", text: name) { text, state in
      state.edit { $0[analysis: id]?.name = text }
    }
  }

  enum PromptError: Error, CustomStringConvertible {
    case unknownEnding, ownSource

    var description: String {
      switch self {
      case .unknownEnding: "End the name in .csv, .tsv, .parquet, .json or .jsonl: the ending chooses the format."
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
    guard !text.isEmpty else {
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
