import Engine
import Explain
import Flow
import Grid
import Widgets

/// The pictures of an explanation as a list; those that were not asked for say how to get them.
struct ExplainPagesOverlay: Overlay {
  private var list: ListDialog
  private let pages: [ExplainedTable.Page]

  /// The entry that is no picture of a page.
  private static let texts = "texts"

  /// - Parameter texts: columns whose texts can be explained by their words.
  init(_ view: ExplainView, page: Int, texts: [String]) {
    pages = view.found.pages
    var entries = pages.enumerated().map { index, page in
      ListDialog.Entry(id: String(index), title: page.title, help: page.help)
    }
    if !texts.isEmpty {
      entries.append(.init(id: Self.texts, title: "Texts by their words", help: texts.joined(separator: ", ")))
    }
    for page in [ExplainedTable.Page.steps, .interactions, .shuffled, .gap] where !pages.contains(page) {
      entries.append(.init(id: page.title, title: page.title, help: "", reason: page.advice))
    }
    let hasEffects = pages.contains { if case .partial = $0 { true } else { false } }
    if !hasEffects {
      entries.append(
        .init(
          id: "effects", title: "PDP, centred ICE, ALE", help: "", reason: "a, Explain model, Also, Effects of"))
    }
    list = ListDialog("Pictures of the explanation", note: view.analysis.name, entries: entries)
    if !pages.isEmpty { list.select(String(((page % pages.count) + pages.count) % pages.count)) }
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(Self.texts): return .run("explain.texts")
    case .chosen(let id):
      if let page = Int(id) { turn(to: page, &state) }
      return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

extension ExplainedTable.Page {
  /// What it shows, in a few words.
  var help: String {
    switch self {
    case .bars: "which columns move predictions most"
    case .swarm: "a dot for each row and column"
    case .heatmap: "rows by prediction"
    case .force: "what pushes rows up and down"
    case .decision: "the ways of rows through the columns"
    case .steps: "what each step in time does, oldest first"
    case .interactions: "pairs of columns that work together"
    case .shuffled: "what the loss rises by without a column"
    case .gap: "which columns make the difference of groups"
    case .dependence: "SHAP by the column's value"
    case .partial: "mean prediction at each value, and rows' own"
    case .centred: "what changes from the first value"
    case .accumulated: "local changes added up"
    }
  }

  /// How one gets a picture that was not asked for.
  fileprivate var advice: String {
    switch self {
    case .steps: "a, Explain model, In time: of a file or folder"
    case .interactions: "a, Explain model, Also, Pairs: of a file or folder, where some work together"
    case .shuffled: "a, Explain model, Also, Shuffles"
    case .gap: "a, Explain model, Also, Group"
    case .partial, .centred, .accumulated: "a, Explain model, Also, Effects of"
    case .bars, .swarm, .heatmap, .force, .decision, .dependence: "a, Explain model"
    }
  }
}

/// Shows a picture of the explanation in front.
private func turn(to page: Int, _ state: inout WorkbenchState) {
  state.chart.page = page
  (state.chart.cursor, state.chart.view, state.focus) = (0, .whole, .chart)
}

/// Brings the explanation in front to one of its pictures.
func showPage(_ page: ExplainedTable.Page, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = currentExplanation(state) else { return [] }
  var effects: [Effect] = []
  if state.chart.shown != .analysis(view.analysis.id) {
    effects = showAnalysis(view.analysis.id, focus: true, &state)
  }
  guard let place = view.found.pages.firstIndex(of: page) else { return effects }
  turn(to: place, &state)
  return effects
}
