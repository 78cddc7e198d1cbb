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
  /// What was computed of the model, as the state knows it.
  private var findings = ModelFindings()
  private var importanceWork = PageWork()
  private var shapWork = PageWork()
  private var biasWork = PageWork()
  /// What bias is being computed for.
  private var biasAsked: ModelBiasQuestion?
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
    var hints = [("←→", "page"), ("↑↓", isText ? "scroll" : "mark")]
    switch place {
    case .shap: hints.append(("S", "explain in full"))
    case .bias: hints += [("f", findings.question == nil ? "facets" : "other facets"), ("T", "text")]
    default: hints.append(("S", "SHAP"))
    }
    return hints + [("d", "deploy"), ("e", "model card"), ("F2", "explain"), ("Esc", "leaderboard")]
  }

  // MARK: The report

  private var key: ModelKey { ModelKey(folder: study.folder, number: model) }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    findings = state.automl.findings[key] ?? ModelFindings()
    guard !isAsked else { return askFindings(&state) }
    isAsked = true
    let (id, effect) = state.ask(.candidate(folder: study.folder, number: key.candidate), for: .dialog)
    request = id
    return [effect]
  }

  /// What takes a while is computed for those who look.
  private mutating func askFindings(_ state: inout WorkbenchState) -> [Effect] {
    guard report != nil, state.flow.graph[analysis.node] != nil else { return [] }
    let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
    switch place {
    case .importance where findings.importance == nil:
      return importanceWork.ask(.importance(request, study), &state)
    case .shap where findings.shap == nil:
      return shapWork.ask(.modelShap(request, study, candidate: key.candidate), &state)
    case .bias where findings.bias == nil:
      guard let question = findings.question else { return [] }
      var cancels: [Effect] = []
      if question != biasAsked {
        cancels = biasWork.isRunning ? biasWork.request.map { [.cancel($0)] } ?? [] : []
        (biasAsked, biasWork) = (question, PageWork())
      }
      return cancels + biasWork.ask(.modelBias(request, study, question), &state)
    default: return []
    }
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if importanceWork.note(happening, for: request) || shapWork.note(happening, for: request)
      || biasWork.note(happening, for: request)
    {
      var kept = state.automl.findings[key] ?? ModelFindings()
      switch happening {
      case .done(.importance(let found)): kept.importance = found
      case .done(.modelShap(let found)): kept.shap = found
      case .done(.modelBias(let found)) where kept.question == biasAsked: kept.bias = found
      case .started, .progress, .partial, .done, .failed, .cancelled: return .stay()
      }
      state.automl.findings[key] = kept
      findings = kept
      cursor = 0
      return .stay()
    }
    guard request == self.request else { return .stay() }
    switch happening {
    case .done(.candidateReport(let found)):
      report = found
      text = ScrollText(card(found, state).lines.joined(separator: "\n"), wraps: false)
      if exports {
        return .replace(
          TextPrompt.exportModel(card(found, state), of: analysis.id, title: "Model card of \(found.label)"))
      }
    case .failed(let text): error = text
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  private func card(_ report: CandidateReport, _ state: WorkbenchState) -> ModelCard {
    var run: AutoMLReport?
    if case .automl(let result)? = state.flow[analysis: analysis.id]?.result { run = result.report }
    var card = ModelCard(report, run: run, folder: model == 0 ? study.folder : nil)
    (card.shap, card.bias) = (findings.shap, findings.bias)
    return card
  }

  /// What a page shows.
  private enum Place: Equatable { case figures, chart(Int), importance, shap, bias, card }

  /// Importance is of the ensemble alone, since it alone is read from its folder for that.
  private var places: [Place] {
    [.figures] + (report?.charts.indices.map { .chart($0) } ?? []) + (model == 0 ? [.importance] : [])
      + [.shap, .bias, .card]
  }
  private var pages: [String] {
    places.map { place in
      switch place {
      case .figures: "Figures"
      case .chart(let index): report?.charts[index].title ?? ""
      case .importance: "Importance"
      case .shap: "SHAP"
      case .bias: "Bias"
      case .card: "Card"
      }
    }
  }
  private var place: Place { places.indices.contains(page) ? places[page] : .figures }
  private var isText: Bool { place == .figures || place == .card }

  private var chart: Chart? {
    switch place {
    case .chart(let index): report?.charts[index].chart
    case .importance: findings.importance?.chart
    case .shap: findings.shap?.found.bars
    case .bias: findings.bias.map { .content($0.report.cockpit) }
    case .figures, .card: nil
    }
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
      return .close(cancels)
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
    case .character("S"):
      // What is drawn in full is computed anew, with all its pictures.
      guard report != nil else { return .stay() }
      return .close(cancels + explainModel(analysis, study, model, name: name, &state))
    case .character("d"):
      // The model of the page, which need not be the ensemble.
      guard report != nil else { return .stay() }
      return .push(ServeOverlay(self.key.path, state))
    case .character("f"):
      guard let report, place == .bias else { return .stay() }
      return .push(ModelBiasOverlay(self.key, report, node: analysis.node, state))
    case .character("T"):
      guard place == .bias, let bias = findings.bias else { return .stay() }
      let words = [bias.source, ""] + BiasResult.report(bias.report).lines
      return .push(
        TextOverlay(title: "Bias of \(report?.label ?? name)", text: words.joined(separator: "\n"), wraps: false))
    case .character("e"):
      guard let report else { return .stay() }
      return .push(TextPrompt.exportModel(card(report, state), of: analysis.id, title: "Model card of \(report.label)"))
    case .character(let digit):
      if let number = digit.wholeNumberValue, number > 0, number <= pages.count { turn(to: number - 1) }
    default: break
    }
    return .stay()
  }

  /// What is still being computed for the page, and nobody looks at any more.
  private var cancels: [Effect] {
    [importanceWork, shapWork, biasWork].filter(\.isRunning).compactMap(\.request).map { Effect.cancel($0) }
  }

  private mutating func turn(to page: Int) {
    // Work that failed begins again for those who come back.
    for work in [\Self.importanceWork, \Self.shapWork, \Self.biasWork] where self[keyPath: work].error != nil {
      self[keyPath: work] = PageWork()
    }
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
      title, note: study.options.target, hints: "d: deploy  e: model card  Esc: leaderboard"
    ).draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    drawPageTabs(pages, at: page, in: inner, on: &grid, context, &hits)
    let body = body(state)
    guard let report else {
      let words = error ?? "Reading what the run has kept…"
      TextBlock(words, style: error == nil ? context.mutedStyle : Level.error.style(context)).draw(
        in: body, on: &grid, context)
      return hits
    }
    guard !body.isEmpty else { return hits }
    if place == .card {
      text.draw(in: body, on: &grid, context)
      return hits
    }
    let isWide = body.width >= 96
    if page == 0 || isWide {
      let room = isWide ? body.splitLeft(39).0 : body
      drawFigures(report, in: room, on: &grid, state)
    }
    let shown = page == 0 ? (isWide ? report.charts.first?.chart : nil) : chart
    var place = picture(body)
    if page > 0, let words = sourceWords {
      // Which rows are meant, above the picture.
      let lines = wrapped(words, width: max(1, place.width))
      for (offset, line) in lines.prefix(max(0, place.height - 4)).enumerated() {
        grid.draw(line, x: place.x, y: place.y + offset, style: context.mutedStyle, width: place.width)
      }
      place = place.splitTop(min(lines.count, max(0, place.height - 4))).1
    }
    guard let shown else {
      drawWork(in: place, on: &grid, state)
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

  /// Which rows the picture is of, where that is not said elsewhere.
  private var sourceWords: String? {
    switch place {
    case .shap:
      findings.shap.map { shap in
        let found = shap.found.explanation
        let rows =
          found.rows < found.totalRows
          ? "\(Number.grouped(found.rows)) of \(counted(found.totalRows, "row")), drawn at random, of the "
          : "\(counted(found.rows, "row")): "
        return "Mean |SHAP| over \(rows)\(shap.source)."
      }
    case .bias:
      findings.bias.map { bias in
        let good =
          switch bias.report.spec.label.positive {
          case .values(let values): "\(study.options.target) is \(values.joined(separator: " or "))"
          case .above(let number): "\(study.options.target) above \(Number.short(number))"
          }
        return "\(bias.source) Good: \(good)."
      }
    case .figures, .chart, .importance, .card: nil
    }
  }

  /// A page whose picture is not there yet.
  private func drawWork(in rect: Rect, on grid: inout CellGrid, _ state: WorkbenchState) {
    switch place {
    case .importance:
      importanceWork.draw("Each column's cells are dealt out anew among the rows.", in: rect, on: &grid, state)
    case .shap:
      shapWork.draw("Asks the model what it says without each column.", in: rect, on: &grid, state)
    case .bias:
      guard findings.question != nil else {
        TextBlock(
          "Does the model treat groups alike? Press f to choose the columns that tell groups apart, such as sex or age. "
            + "The predictions of rows that the model has not seen are compared by all post-training metrics.",
          style: state.drawing.mutedStyle
        ).draw(in: rect, on: &grid, state.drawing)
        return
      }
      biasWork.draw("Compares the predictions of groups.", in: rect, on: &grid, state)
    case .figures, .chart, .card: break
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
