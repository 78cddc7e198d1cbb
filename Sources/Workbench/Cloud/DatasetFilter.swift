import Grid
import Widgets

/// The line on top of the datasets pane in which a person types what its lines must hold. The tree below answers with
/// every key; Enter goes on with what is left, Esc shows all again.
struct DatasetFilterOverlay: Overlay {
  var hints: [(key: String, label: String)] {
    [("type", "to filter"), ("↑↓", "line"), ("Enter", "keep"), ("Esc", "show all")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      switch key.code {
      case .escape:
        clearDatasetFilter(&state)
        return .close()
      case .enter:
        if state.datasets.filter?.isEmpty ?? true { clearDatasetFilter(&state) }
        return .close()
      case .down, .tab: move(by: 1, &state)
      case .up, .backTab: move(by: -1, &state)
      default: changeDatasetFilter(&state) { _ = $0.handle(key) }
      }
    case .paste(let text): changeDatasetFilter(&state) { $0.insert(text) }
    case .mouse(let mouse):
      if case .press(.left, _) = mouse.kind { return .click(mouse.position) }
    case .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private func move(by delta: Int, _ state: inout WorkbenchState) {
    state.datasets.cursor = max(0, min(datasetLines(state).count - 1, state.datasets.cursor + delta))
  }

  /// The pane draws the line itself, since it stays when this is gone.
  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { HitMap() }
}

/// Begins to filter the datasets pane, or goes on with the filter that is there.
func filterDatasets(_ state: inout WorkbenchState) -> [Effect] {
  if state.datasets.filter == nil { state.datasets.filter = TextFieldState() }
  state.overlays.append(DatasetFilterOverlay())
  return []
}

func clearDatasetFilter(_ state: inout WorkbenchState) {
  keepingDatasetLine(&state) { $0.datasets.filter = nil }
}

/// Changes what the lines must hold; the cursor stays on its line, or goes to the first that fits.
private func changeDatasetFilter(_ state: inout WorkbenchState, _ body: (inout TextFieldState) -> Void) {
  var filter = state.datasets.filter ?? TextFieldState()
  let before = filter.text
  body(&filter)
  keepingDatasetLine(&state) { $0.datasets.filter = filter }
  guard filter.text != before, !filter.isEmpty else { return }
  let lines = datasetLines(state)
  let words = filterWords(filter.text)
  if lines.indices.contains(state.datasets.cursor), lines[state.datasets.cursor].fits(words) { return }
  state.datasets.cursor = lines.firstIndex { $0.fits(words) } ?? 0
}

private func filterWords(_ text: String) -> [Substring] { text.lowercased().split(separator: " ") }

extension DatasetLine {
  /// Whether every word stands in its title. What is no dataset and no place fits nothing.
  fileprivate func fits(_ words: [Substring]) -> Bool {
    switch cloud {
    case .root?, .more?, .waiting?, .refusal?, .nothing?: return false
    case .entry?, nil: break
    }
    let title = title.lowercased()
    return words.allSatisfy { title.contains($0) }
  }
}

/// The lines that fit, with the branches that they hang on; all below a branch that fits, where nothing in it does by
/// itself; and what says that a branch in sight is not listed to its end.
func filtered(_ lines: [DatasetLine], by text: String) -> [DatasetLine] {
  let words = filterWords(text)
  if words.isEmpty { return lines }
  var isKept = lines.map { $0.fits(words) }
  func parent(of line: Int) -> Int? { lines[..<line].lastIndex { $0.depth < lines[line].depth } }
  func below(_ line: Int) -> Range<Int> {
    let end = lines[(line + 1)...].firstIndex { $0.depth <= lines[line].depth } ?? lines.count
    return line + 1..<end
  }
  let fitting = isKept.indices.filter { isKept[$0] && lines[$0].cloud != nil }
  for line in fitting {
    let inside = below(line)
    if !inside.contains(where: { lines[$0].fits(words) }) { for other in inside { isKept[other] = true } }
    var above = parent(of: line)
    while let branch = above {
      isKept[branch] = true
      above = parent(of: branch)
    }
  }
  for (line, content) in lines.enumerated() {
    switch content.cloud {
    case .more?, .waiting?, .refusal?: if let branch = parent(of: line), isKept[branch] { isKept[line] = true }
    case .root?, .entry?, .nothing?, nil: break
    }
  }
  return lines.indices.filter { isKept[$0] }.map { lines[$0] }
}
