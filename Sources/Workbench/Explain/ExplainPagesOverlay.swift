import Engine
import Explain
import Flow
import Grid
import Widgets

/// The pictures of an explanation as a list; those that were not asked for say how to get them.
struct ExplainPagesOverlay: Overlay {
  private var list: ListDialog

  init(_ view: ExplainView, page: Int) {
    let titles = view.found.pages.map(\.title)
    var entries = titles.enumerated().map { index, title in
      ListDialog.Entry(id: String(index), title: title, help: Self.help(title))
    }
    let wanted: [(title: String, reason: String, isThere: Bool)] = [
      (
        ExplainedTable.interactionPage, "a, Explain model, Also, Pairs: of a file or folder, where some work together",
        titles.contains(ExplainedTable.interactionPage)
      ),
      (
        ExplainedTable.shuffledPage, "a, Explain model, Also, Shuffles",
        titles.contains(ExplainedTable.shuffledPage)
      ),
      (ExplainedTable.gapPage, "a, Explain model, Also, Group", titles.contains(ExplainedTable.gapPage)),
      (
        "PDP, centred ICE, ALE", "a, Explain model, Also, Effects of",
        titles.contains { $0.hasPrefix("PDP: ") }
      ),
    ]
    for page in wanted where !page.isThere {
      entries.append(.init(id: page.title, title: page.title, help: "", reason: page.reason))
    }
    list = ListDialog("Pictures of the explanation", note: view.analysis.name, entries: entries)
    if !titles.isEmpty { list.select(String(((page % titles.count) + titles.count) % titles.count)) }
  }

  private static func help(_ title: String) -> String {
    switch title {
    case "SHAP bars": "which columns move predictions most"
    case "SHAP beeswarm": "a dot for each row and column"
    case "SHAP heatmap": "rows by prediction"
    case ExplainedTable.forcePage: "what pushes rows up and down"
    case ExplainedTable.decisionPage: "the ways of rows through the columns"
    case ExplainedTable.interactionPage: "pairs of columns that work together"
    case ExplainedTable.shuffledPage: "what the loss rises by without a column"
    case ExplainedTable.gapPage: "which columns make the difference of groups"
    default:
      title.hasPrefix("PDP")
        ? "mean prediction at each value, and rows' own"
        : title.hasPrefix("Centred")
          ? "what changes from the first value"
          : title.hasPrefix("ALE") ? "local changes added up" : "SHAP by the column's value"
    }
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      if let page = Int(id) { turn(to: page, &state) }
      return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

/// Shows a picture of the explanation in front.
private func turn(to page: Int, _ state: inout WorkbenchState) {
  state.chart.page = page
  (state.chart.cursor, state.chart.view, state.focus) = (0, .whole, .chart)
}

/// Brings the explanation in front to a picture by its title.
func showPage(_ title: String, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = currentExplanation(state) else { return [] }
  var effects: [Effect] = []
  if state.chart.shown != .analysis(view.analysis.id) {
    effects = showAnalysis(view.analysis.id, focus: true, &state)
  }
  guard let page = view.found.pages.firstIndex(where: { $0.title == title }) else { return effects }
  turn(to: page, &state)
  return effects
}
