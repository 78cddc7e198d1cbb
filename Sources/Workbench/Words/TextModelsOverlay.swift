import Engine
import Flow
import Grid
import Widgets

/// The models of words and texts: trainings of this session, and what the folders of the flow hold.
struct TextModelsOverlay: Overlay {
  private struct Row: Equatable {
    var path: String
    var facts: String
    var isTraining = false
  }

  private var found: [TextModelInfo]?
  private var error: String?
  private var request: RequestID?
  private var cursor = 0
  private var marks: [String] = []
  private let folders: [String]

  /// Trainings that had ended when models were asked for; nil before that.
  private var asked: [String]?

  init(_ state: WorkbenchState) { folders = modelFolders(state) }

  var hints: [(key: String, label: String)] {
    [
      ("Enter", "open"), ("Space", "mark to compare"), ("n", "train"), ("o", "other path"), ("s", "use as a step"),
      ("Esc", "close"),
    ]
  }

  /// Asks at first, and again when a training has ended: its model is found from then on.
  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let ended = state.words.trainings.filter(\.isUsable).map(\.folder)
    guard asked != ended else { return [] }
    asked = ended
    let (id, effect) = state.ask(.lab(.models(folders: folders)), for: .dialog)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard request == self.request else { return .stay() }
    switch happening {
    case .done(.lab(.models(let models))): found = models
    case .failed(let text): error = text
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  private func rows(_ state: WorkbenchState) -> [Row] {
    let running = state.words.trainings.filter { !$0.isUsable }.map { training -> Row in
      let percent = training.now.map { ProgressBar.percent($0.fraction) } ?? "0%"
      let facts: String
      switch training.phase {
      case .failed(let text): facts = "failed: \(text)"
      case .stopped: facts = "stopped before anything was learnt"
      case .paused: facts = "\(training.mode.rawValue), paused at \(percent)"
      default: facts = "\(training.mode.rawValue), in training: \(percent)"
      }
      return Row(path: training.folder, facts: facts, isTraining: true)
    }
    let busy = Set(running.map(\.path))
    return running
      + (found ?? []).filter { !busy.contains($0.path) }.map {
        Row(path: $0.path, facts: "\($0.kind.rawValue): \($0.facts)")
      }
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let rows = rows(state)
    if case .mouse(let mouse) = event {
      switch mouse.kind {
      case .scroll(.down): cursor = min(cursor + 1, max(0, rows.count - 1))
      case .scroll(.up): cursor = max(0, cursor - 1)
      default: break
      }
      return .stay()
    }
    guard case .key(let key) = event else { return .stay() }
    let row = rows.indices.contains(cursor) ? rows[cursor] : nil
    switch key.code {
    case .escape, .character("q"): return .close()
    case .down, .character("j"): cursor = min(cursor + 1, max(0, rows.count - 1))
    case .up, .character("k"): cursor = max(0, cursor - 1)
    case .home, .character("g"): cursor = 0
    case .end, .character("G"): cursor = max(0, rows.count - 1)
    case .character("n"): return .replace(WordTrainingOverlay(state))
    case .character("o"): return .push(Self.prompt(state))
    case .character(" "):
      guard let row, !row.isTraining else { break }
      if let place = marks.firstIndex(of: row.path) { marks.remove(at: place) } else { marks.append(row.path) }
      cursor = min(cursor + 1, max(0, rows.count - 1))
    case .character("s"):
      guard let row, !row.isTraining else { break }
      return useAsStep(row.path, state)
    case .enter:
      guard let row else { break }
      if row.isTraining { return .replace(WordWatchOverlay(row.path)) }
      return .replace(WordLabOverlay(marks.isEmpty ? [row.path] : marks, state))
    default: break
    }
    return .stay()
  }

  /// The form of the step that embeds the column under the table's cursor, with this model.
  private func useAsStep(_ path: String, _ state: WorkbenchState) -> OverlayOutcome {
    guard state.selectedStep != nil, let kind = Flow.Operation.Kind(rawValue: EmbedText.info.id) else { return .stay() }
    var parameters: Parameters = ["model": .text(path)]
    if let column = likelyTextColumn(state) { parameters["column"] = .text(column) }
    let operation = Flow.Operation.transform(TransformSpec(kind.rawValue, parameters))
    return .replace(StepOverlay.proposing(operation, state))
  }

  private static func prompt(_ state: WorkbenchState) -> TextPrompt {
    TextPrompt(title: "Word lab", label: "File of vectors, or folder of a model or encoder", text: "") { text, state in
      let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
      guard state.fileExists(path) else { throw LabPathError.absent }
      state.overlays.removeAll { $0 is TextModelsOverlay }
      state.overlays.append(WordLabOverlay([path], state))
      return []
    }
  }

  private enum LabPathError: Error, CustomStringConvertible {
    case absent
    var description: String { "There is no such file or folder." }
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let rows = rows(state)
    let bounds = FormDialog.bounds(state.size)
    let size = Size(width: min(bounds.width - 4, 96), height: min(bounds.height - 2, max(6, rows.count + 2)))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let hits = DialogFrame("Models of words and texts", hints: "n: train  o: other path  Esc: close").draw(
      in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    guard !inner.isEmpty else { return hits }
    if rows.isEmpty {
      let text =
        error
        ?? (found == nil
          ? "Looking…"
          : "No model in \(folders.joined(separator: ", ")). n trains word vectors on a column or a file; o opens a file of "
            + "vectors or the folder of an encoder, such as all-MiniLM-L6-v2.")
      TextBlock(text, style: error == nil ? context.mutedStyle : Level.error.style(context)).draw(
        in: inner, on: &grid, context)
      return hits
    }
    let names = rows.map { shown($0.path, state) }
    let width = min(max(12, names.map { TextWidth.of($0) }.max() ?? 12), inner.width / 2)
    let top = max(0, min(cursor - inner.height + 1, rows.count - inner.height))
    for (offset, row) in rows.dropFirst(top).prefix(inner.height).enumerated() {
      let place = top + offset
      let isHere = place == cursor
      let mark = marks.contains(row.path) ? (context.glyphs == .ascii ? "*" : "●") : " "
      let pointer = isHere ? (context.glyphs == .ascii ? ">" : "▸") : " "
      let text = "\(pointer)\(mark) \(TextWidth.fit(names[place], width))  \(row.facts)"
      let style = isHere ? context.textStyle.reversed() : context.textStyle
      grid.draw(TextWidth.fit(text, inner.width), x: inner.x, y: inner.y + offset, style: style, width: inner.width)
    }
    return hits
  }

  private func shown(_ path: String, _ state: WorkbenchState) -> String {
    let base = state.workingFolder + "/"
    return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
  }
}
