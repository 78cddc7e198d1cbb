import Engine
import Grid
import Learn
import Plot
import Widgets

/// A model in depth, from rows that it was not fitted to: figures, pictures by the problem, recipe. The folder of the run is
/// asked, so that it is there in a flow that was opened again as well.
struct ModelPageOverlay: Overlay {
  private let analysis: Analysis
  private let study: AutoMLStudy
  /// A candidate's number; 0 for the ensemble.
  private let model: Int
  private let name: String
  private var request: RequestID?
  private var isAsked = false
  private var report: CandidateReport?
  private var importance: LossImportance?
  private var importanceRequest: RequestID?
  private var importanceNote = "computing: each column's cells are dealt out anew among the rows"
  private var error: String?
  private var page = 0
  private var cursor = 0
  private var text: ScrollText
  private let exports: Bool

  /// - Parameter exports: true asks for the file of the model card as soon as the report is there.
  init(_ analysis: Analysis, _ study: AutoMLStudy, _ model: Int, name: String, exports: Bool = false) {
    self.exports = exports
    (self.analysis, self.study, self.model, self.name) = (analysis, study, model, name)
    text = ScrollText("", wraps: false)
  }

  var hints: [(key: String, label: String)] {
    [("←→", "page"), ("↑↓", isText ? "scroll" : "mark"), ("e", "model card"), ("Esc", "leaderboard")]
  }

  // MARK: The report

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !isAsked else { return askImportance(&state) }
    isAsked = true
    let (id, effect) = state.ask(.candidate(folder: study.folder, number: model > 0 ? model : nil), for: .dialog)
    request = id
    return [effect]
  }

  /// Importance takes a while, so it is computed for those who look.
  private mutating func askImportance(_ state: inout WorkbenchState) -> [Effect] {
    guard isImportance, importanceRequest == nil, state.flow.graph[analysis.node] != nil else { return [] }
    let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
    let (id, effect) = state.ask(.importance(request, study), for: .dialog)
    importanceRequest = id
    return [effect]
  }

  private var isImportance: Bool { pages[page] == Self.importancePage }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if request == importanceRequest {
      switch happening {
      case .done(.importance(let found)): importance = found
      case .failed(let text): importanceNote = text
      case .cancelled: importanceNote = "cancelled"
      case .started, .progress, .partial, .done: break
      }
      return .stay()
    }
    guard request == self.request else { return .stay() }
    switch happening {
    case .done(.candidateReport(let found)):
      report = found
      text = ScrollText(card(found, state).lines.joined(separator: "\n"), wraps: false)
      if exports {
        return .replace(TextPrompt.exportModel(card(found, state), of: analysis.id, title: "Model card of \(found.label)"))
      }
    case .failed(let text): error = text
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  private func card(_ report: CandidateReport, _ state: WorkbenchState) -> ModelCard {
    var run: AutoMLReport?
    if case .automl(let result)? = state.flow[analysis: analysis.id]?.result { run = result.report }
    return ModelCard(report, run: run, folder: model == 0 ? study.folder : nil)
  }

  private static let importancePage = "Importance"

  /// Of the ensemble alone, since it alone is a model that predicts.
  private var pages: [String] {
    ["Figures"] + (report?.charts.map(\.title) ?? []) + (model == 0 ? [Self.importancePage] : []) + ["Card"]
  }
  private var isText: Bool { page == pages.count - 1 || page == 0 }

  private var chart: Chart? {
    if isImportance { return importance?.chart }
    guard let charts = report?.charts, charts.indices.contains(page - 1) else { return nil }
    return charts[page - 1].chart
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
      // Nobody looks any more: what is still being computed for the page ends.
      return .close(importance == nil ? importanceRequest.map { [Effect.cancel($0)] } ?? [] : [])
    case .right, .character("l"), .tab: turn(to: (page + 1) % pages.count)
    case .left, .character("h"), .backTab: turn(to: (page + pages.count - 1) % pages.count)
    case .down, .character("j"): move(by: 1, state)
    case .up, .character("k"): move(by: -1, state)
    case .pageDown, .character(" "): move(by: 10, state)
    case .pageUp: move(by: -10, state)
    case .home, .character("g"): move(by: -100_000, state)
    case .end, .character("G"): move(by: 100_000, state)
    case .function(2):
      guard let report, let entry = Glossary.entry(pages[page]) ?? Glossary.entry(metricTitle(report.metric.rawValue))
      else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    case .character("e"):
      guard let report else { return .stay() }
      return .push(TextPrompt.exportModel(card(report, state), of: analysis.id, title: "Model card of \(report.label)"))
    case .character(let digit):
      if let number = digit.wholeNumberValue, number > 0, number <= pages.count { turn(to: number - 1) }
    default: break
    }
    return .stay()
  }

  private mutating func turn(to page: Int) {
    self.page = min(max(0, page), pages.count - 1)
    cursor = 0
    // A curve begins at the point that the model decides at.
    if case .content(let content)? = chart, let curves = content as? OperatingCurves {
      cursor = curves.curves.first?.operating ?? 0
    }
    text.top = 0
  }

  private mutating func move(by delta: Int, _ state: WorkbenchState) {
    guard !isText else {
      text.top = min(max(0, text.top + delta), text.lastTop(body(state).size))
      return
    }
    let size = picture(body(state)).size
    let marks =
      chart.map { ChartMemory.shared.render($0, size: size, context: state.drawing, view: .whole).marks.count } ?? 0
    cursor = min(max(0, cursor + delta), max(0, marks - 1))
  }

  // MARK: Drawing

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = FormDialog.bounds(state.size)
    let size = Size(width: min(bounds.width - 4, 150), height: min(bounds.height - 2, 44))
    return DialogFrame.rect(for: size, in: bounds)
  }

  private func body(_ state: WorkbenchState) -> Rect { DialogFrame.inner(frame(state)).splitTop(2).1 }

  /// Beside the figures where there is room.
  private func picture(_ body: Rect) -> Rect {
    guard body.width >= 96 else { return body.splitBottom(1).1 }
    return body.splitLeft(41).1.splitBottom(1).1
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let rect = frame(state)
    let title = model > 0 ? "\(name) #\(model)" : name
    var hits = DialogFrame(
      title, note: study.options.target, hints: "e: model card  Esc: leaderboard"
    ).draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    drawTabs(in: inner, on: &grid, context, &hits)
    let body = body(state)
    guard let report else {
      let words = error ?? "Reading what the run has kept…"
      TextBlock(words, style: error == nil ? context.mutedStyle : Level.error.style(context)).draw(
        in: body, on: &grid, context)
      return hits
    }
    guard !body.isEmpty else { return hits }
    if page == pages.count - 1 {
      text.draw(in: body, on: &grid, context)
      return hits
    }
    let isWide = body.width >= 96
    if page == 0 || isWide {
      let room = isWide ? body.splitLeft(39).0 : body
      drawFigures(report, in: room, on: &grid, state)
    }
    let shown = page == 0 ? (isWide ? report.charts.first?.chart : nil) : chart
    let place = picture(body)
    guard let shown else {
      if isImportance {
        TextBlock(importanceNote, style: context.mutedStyle).draw(in: place, on: &grid, context)
      }
      return hits
    }
    let view = ChartView(cursor: page == 0 ? nil : cursor)
    let drawn = ChartMemory.shared.render(shown, size: place.size, context: context, view: view)
    grid.blit(drawn.grid, at: place.origin)
    if page > 0, drawn.marks.indices.contains(cursor) {
      grid.draw(
        drawn.marks[cursor].readout, x: place.x, y: body.maxY - 1, style: context.mutedStyle, width: place.width)
    }
    return hits
  }

  private func drawTabs(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap) {
    guard rect.height > 0 else { return }
    // Those before the page go where there is no room for all.
    let widths = pages.map { TextWidth.of($0) + 2 }
    var first = 0
    while first < page, widths[first...page].reduce(0, +) + (page - first) > rect.width { first += 1 }
    var x = rect.x
    for index in pages.indices.dropFirst(first) where x < rect.maxX {
      let isHere = index == page
      let word = isHere ? "▐\(pages[index])▌" : " \(pages[index]) "
      let shown = context.glyphs == .ascii && isHere ? "[\(pages[index])]" : word
      let area = Rect(x: x, y: rect.y, width: min(widths[index], rect.maxX - x), height: 1)
      grid.draw(
        isHere ? shown : " \(pages[index]) ", x: x, y: rect.y, style: isHere ? context.titleStyle : context.mutedStyle,
        width: area.width)
      hits.add(area, .tab(index))
      x += widths[index] + 1
    }
  }

  private func drawFigures(_ report: CandidateReport, in rect: Rect, on grid: inout CellGrid, _ state: WorkbenchState) {
    let context = state.drawing
    var y = rect.y
    func line(_ parts: [(String, Style)]) {
      guard y < rect.maxY else { return }
      drawParts(parts, into: &grid, in: Rect(x: rect.x, y: y, width: rect.width, height: 1))
      y += 1
    }
    let titles = report.figures.map { metricTitle($0.metric.rawValue) }
    let width = titles.map { TextWidth.of($0) }.max() ?? 0
    line([
      (
        TextWidth.fit("metric", width + 2) + TextWidth.fit("value", 9, .right) + TextWidth.fit("±", 9, .right),
        context.headerStyle
      )
    ])
    for (title, figure) in zip(titles, report.figures) {
      let isMain = figure.metric == report.metric
      let mark = isMain ? (context.glyphs == .ascii ? "* " : "★ ") : "  "
      line([
        (mark + TextWidth.fit(title, width), isMain ? context.textStyle.bold() : context.textStyle),
        (
          TextWidth.fit(BoardTable.figure(figure.value), 9, .right),
          isMain ? context.textStyle.bold() : context.textStyle
        ),
        (TextWidth.fit(figure.std.map(BoardTable.figure) ?? "–", 9, .right), context.mutedStyle),
      ])
    }
    line([])
    var words = [
      report.folds > 1
        ? "\(counted(report.rows, "row")) in \(report.folds) folds, each predicted by models that have not seen it."
        : "\(counted(report.rows, "row")) that were put aside, which the model has not seen."
    ]
    if let threshold = report.threshold, let positive = report.decisions?.positive {
      words.append("\(positive) from a probability of \(Number.short(threshold)) on.")
    }
    if case .automl(let result)? = state.flow[analysis: analysis.id]?.result, let test = result.report?.test, model == 0
    {
      let value = test.metrics[report.metric.rawValue].map(BoardTable.figure) ?? "–"
      words.append("On \(counted(test.rows, "test row")): \(metricTitle(report.metric.rawValue)) \(value).")
    }
    for member in report.members {
      let share = report.members.count > 1 ? Number.percent(member.weight) + " " : ""
      words.append("\(share)\(member.name) #\(member.candidate): \(member.settings); \(member.recipe)")
    }
    for text in words {
      for part in wrapped(text, width: max(1, rect.width)) { line([(part, context.mutedStyle)]) }
    }
  }
}
