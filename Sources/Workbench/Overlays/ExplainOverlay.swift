import Engine
import Grid
import Widgets

/// Every term that assay uses: typing finds one, Enter shows its paragraph, formula, range and source.
struct ExplainOverlay: Overlay {
  private var list: ListDialog

  init() {
    list = ListDialog(
      "Explain a term", note: "\(Glossary.all.count) terms", entries: Glossary.all.map(Self.entry))
  }

  private static func entry(_ entry: GlossaryEntry) -> ListDialog.Entry {
    let first = entry.text.split(separator: ". ", maxSplits: 1).first.map(String.init) ?? ""
    return ListDialog.Entry(
      id: entry.term, title: entry.term, help: TextWidth.fit(first, min(60, TextWidth.of(first))),
      words: entry.aliases.joined(separator: " "), explanation: entry.lines.joined(separator: "\n"))
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let term):
      guard let entry = Glossary.entry(term) else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

extension TextOverlay {
  /// One entry of the glossary.
  init(explaining entry: GlossaryEntry) {
    self.init(title: entry.term, text: entry.lines.joined(separator: "\n"), width: 72)
  }
}
