import Engine
import Flow
import Grid
import Learn
import Plot
import Widgets

/// What the rows are that models are to learn from, before they do, or as it was kept with their run.
struct ExplorationOverlay: Overlay {
  private let request: ExplorationRequest
  private let node: StepID
  /// The folder that may keep one; nil before a training.
  private let folder: String?
  private var isAsked = false
  private var lookup: RequestID?
  private var work = PageWork()
  private var found: DataExploration?
  private var page = 0
  private var cursor = 0
  private var text = ScrollText("", wraps: false)

  /// The exploration of a run: the one that its folder keeps, or a new one that it will keep.
  init(_ study: AutoMLStudy, on node: StepID, _ state: WorkbenchState) {
    request = Self.request(study, state.flow.graph, folder: study.folder)
    (self.node, folder) = (node, study.folder)
  }

  /// An exploration before a training. It is kept when one follows.
  init(beforeTraining study: AutoMLStudy, on node: StepID, _ state: WorkbenchState) {
    request = Self.request(study, state.flow.graph, folder: nil)
    (self.node, folder) = (node, nil)
    if let known = state.automl.explored, known.request == request,
      known.rows == NodeRequest(graph: state.flow.graph, node: node)
    {
      isAsked = true
      show(known.found)
    }
  }

  static func request(_ study: AutoMLStudy, _ graph: FlowGraph, folder: String?) -> ExplorationRequest {
    ExplorationRequest(
      study.options, validation: study.validating(graph), test: study.judging(graph), folder: folder)
  }

  var hints: [(key: String, label: String)] {
    [("←→", "page"), ("↑↓", page == 0 ? "scroll" : "mark"), ("e", "export"), ("Esc", folder == nil ? "form" : "back")]
  }

  private var pages: [String] { ["Report"] + (found?.charts.map(\.title) ?? []) }

  private mutating func show(_ exploration: DataExploration) {
    found = exploration
    text = ScrollText(exploration.lines.joined(separator: "\n"), wraps: false)
  }

  // MARK: The report

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !isAsked else { return [] }
    isAsked = true
    guard let folder else { return explore(&state) }
    let (id, effect) = state.ask(.keptExploration(folder: folder), for: .dialog)
    lookup = id
    return [effect]
  }

  private mutating func explore(_ state: inout WorkbenchState) -> [Effect] {
    guard state.flow.graph[node] != nil else { return [] }
    return work.ask(.explore(NodeRequest(graph: state.flow.graph, node: node), request), &state)
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if request == lookup {
      switch happening {
      case .done(.keptExploration(let kept?)): show(kept)
      case .done, .failed: return .stay(explore(&state))
      case .started, .progress, .partial, .cancelled: break
      }
      return .stay()
    }
    guard work.note(happening, for: request) else { return .stay() }
    if case .done(.explored(let exploration)) = happening {
      show(exploration)
      if folder == nil {
        let rows = NodeRequest(graph: state.flow.graph, node: node)
        state.automl.explored = AskedExploration(rows: rows, request: self.request, found: exploration)
      }
    }
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return handle(key, &state)
    case .mouse(let mouse):
      switch mouse.kind {
      case .press(.left, _):
        var grid = CellGrid(size: state.size)
        if case .tab(let number)? = draw(into: &grid, state).target(at: mouse.position) { turn(to: number) }
      case .scroll(.down): move(by: 1, state)
      case .scroll(.up): move(by: -1, state)
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch key.code {
    case .escape, .character("q"), .enter:
      return .close(found == nil ? work.request.map { [Effect.cancel($0)] } ?? [] : [])
    case .right, .tab: turn(to: (page + 1) % pages.count)
    case .left, .backTab: turn(to: (page + pages.count - 1) % pages.count)
    case .character("l"): page == 0 ? scroll(by: 8, state) : turn(to: (page + 1) % pages.count)
    case .character("h"): page == 0 ? scroll(by: -8, state) : turn(to: page - 1)
    case .character(">"): scroll(by: 8, state)
    case .character("<"): scroll(by: -8, state)
    case .down, .character("j"): move(by: 1, state)
    case .up, .character("k"): move(by: -1, state)
    case .pageDown, .character(" "): move(by: 10, state)
    case .pageUp: move(by: -10, state)
    case .home, .character("g"): move(by: -100_000, state)
    case .end, .character("G"): move(by: 100_000, state)
    case .character("e"):
      guard let found else { return .stay() }
      return .push(TextPrompt.exportExploration(found))
    case .character(let digit):
      if let number = digit.wholeNumberValue, number > 0, number <= pages.count { turn(to: number - 1) }
    default: break
    }
    return .stay()
  }

  private mutating func turn(to page: Int) {
    self.page = min(max(0, page), pages.count - 1)
    cursor = 0
  }

  private mutating func scroll(by delta: Int, _ state: WorkbenchState) {
    text.left = min(max(0, text.left + delta), text.lastLeft(body(state).width))
  }

  private mutating func move(by delta: Int, _ state: WorkbenchState) {
    guard page > 0 else {
      text.top = min(max(0, text.top + delta), text.lastTop(body(state).size))
      return
    }
    let size = body(state).splitBottom(1).0.size
    let marks =
      chart.map { ChartMemory.shared.render($0, size: size, context: state.drawing, view: .whole).marks.count } ?? 0
    cursor = min(max(0, cursor + delta), max(0, marks - 1))
  }

  // MARK: Drawing

  private var chart: Chart? {
    guard let charts = found?.charts, charts.indices.contains(page - 1) else { return nil }
    return charts[page - 1].chart
  }

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = FormDialog.bounds(state.size)
    return DialogFrame.rect(
      for: Size(width: min(bounds.width - 4, 150), height: min(bounds.height - 2, 44)), in: bounds)
  }

  private func body(_ state: WorkbenchState) -> Rect { DialogFrame.inner(frame(state)).splitTop(2).1 }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let rect = frame(state)
    var hits = DialogFrame(
      "Exploration of the rows", note: request.options.target,
      hints: "e: export  Esc: \(folder == nil ? "form" : "back")"
    ).draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    drawPageTabs(pages, at: page, in: inner, on: &grid, context, &hits)
    let body = body(state)
    guard !body.isEmpty else { return hits }
    guard found != nil else {
      work.draw("Looks at the label, at every column, and at rows that stand in two sets.", in: body, on: &grid, state)
      return hits
    }
    guard let chart else {
      text.draw(in: body, on: &grid, context)
      return hits
    }
    let picture = body.splitBottom(1)
    let drawn = ChartMemory.shared.render(
      chart, size: picture.0.size, context: context, view: ChartView(cursor: cursor))
    grid.blit(drawn.grid, at: picture.0.origin)
    if drawn.marks.indices.contains(cursor) {
      grid.draw(
        drawn.marks[cursor].readout, x: body.x, y: body.maxY - 1, style: context.mutedStyle, width: body.width)
    }
    return hits
  }
}

/// Tabs of pages on one line; those before the page go where there is no room for all.
func drawPageTabs(
  _ pages: [String], at page: Int, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap
) {
  guard rect.height > 0 else { return }
  let widths = pages.map { TextWidth.of($0) + 2 }
  var first = 0
  while first < page, widths[first...page].reduce(0, +) + (page - first) > rect.width { first += 1 }
  var x = rect.x
  for index in pages.indices.dropFirst(first) where x < rect.maxX {
    let isHere = index == page
    let here = context.glyphs == .ascii ? "[\(pages[index])]" : "▐\(pages[index])▌"
    let area = Rect(x: x, y: rect.y, width: min(widths[index], rect.maxX - x), height: 1)
    grid.draw(
      isHere ? here : " \(pages[index]) ", x: x, y: rect.y, style: isHere ? context.titleStyle : context.mutedStyle,
      width: area.width)
    hits.add(area, .tab(index))
    x += widths[index] + 1
  }
}
