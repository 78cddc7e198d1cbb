import Engine
import Flow
import Frame
import Grid
import Widgets

/// Asks for one line of text.
struct TextPrompt: Overlay {
  let title: String
  let label: String
  private var field: TextFieldState
  private var error: String?
  private let accept: @Sendable (String, inout WorkbenchState) throws -> [Effect]

  init(
    title: String, label: String, text: String,
    accept: @escaping @Sendable (String, inout WorkbenchState) throws -> [Effect]
  ) {
    self.title = title
    self.label = label
    field = TextFieldState(text)
    self.accept = accept
  }

  var hints: [(key: String, label: String)] { [("Enter", "accept"), ("Esc", "cancel")] }

  static func save(suggestion: String) -> TextPrompt {
    TextPrompt(title: "Save flow", label: "File", text: suggestion) { text, state in
      let path = text.lowercased().hasSuffix(".flow") ? text : text + ".flow"
      return [.save(state.flow, path: expanded(path))]
    }
  }

  static func write(suggestion: String) -> TextPrompt {
    TextPrompt(title: "Write rows", label: "File (.csv, .tsv, .parquet, .json, .jsonl)", text: suggestion) {
      text, state in
      guard let view = state.table.current else { return [] }
      guard SourceFormat(path: text) != nil else { throw PromptError.unknownEnding }
      return [state.ask(.write(view.request, path: expanded(text), format: nil), for: .report).1]
    }
  }

  static func rename(step: StepID, name: String) -> TextPrompt {
    TextPrompt(title: "Rename step", label: "Name", text: name) { text, state in
      try state.edit { try $0.graph.rename(step, to: text) }
    }
  }

  enum PromptError: Error, CustomStringConvertible {
    case unknownEnding

    var description: String { "End the name in .csv, .tsv, .parquet, .json or .jsonl: the ending chooses the format." }
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
