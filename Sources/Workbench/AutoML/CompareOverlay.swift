import Engine
import Grid
import Learn
import Plot
import Widgets

/// Marked models side by side: their figures, whether the folds tell them apart, and of two classes their curves in one picture.
struct CompareOverlay: Overlay {
  private let study: AutoMLStudy
  private let metric: Objective?
  private let rows: [ModelBoard.Row]
  private var requests: [RequestID: Int] = [:]
  private var isAsked = false
  private var reports: [Int: CandidateReport] = [:]
  private var errors: [Int: String] = [:]
  private var page = 0
  private var table: FindingTable

  init(_ analysis: Analysis, _ study: AutoMLStudy, _ state: WorkbenchState) {
    self.study = study
    let board = board(analysis, study, state)
    let marks = state.automl.boards[analysis.id]?.marks ?? []
    rows = marks.compactMap { id in board.rows.first { $0.id == id && $0.score != nil } }
    metric = board.metric
    table = FindingTable(
      [.init(title: "figure")] + rows.map { .init(title: Self.name($0), alignment: .right) })
    table.show(lines(board))
  }

  private static func name(_ row: ModelBoard.Row) -> String { row.id > 0 ? "\(row.model) #\(row.id)" : row.model }

  private func lines(_ board: ModelBoard) -> [FindingTable.Line] {
    func line(_ title: String, _ value: (ModelBoard.Row) -> String, level: Level? = nil) -> FindingTable.Line {
      .init(cells: [title] + rows.map(value), level: level)
    }
    func number(_ value: Double?) -> String { value.map(BoardTable.figure) ?? "–" }
    var lines: [FindingTable.Line] = []
    if let metric { lines.append(line(metricTitle(metric.rawValue), { number($0.score) }, level: .info)) }
    lines.append(line("± over folds", { number($0.std) }))
    let first = rows.first
    lines.append(
      line(
        "minus the first",
        { row in
          guard let first, row.id != first.id else { return "" }
          guard let found = FoldComparison(first.folds, row.folds) else { return "no test" }
          return String(found.difference >= 0 ? "+" : "") + BoardTable.figure(found.difference)
        }))
    lines.append(
      line(
        "95% interval",
        { row in
          guard let first, row.id != first.id, let found = FoldComparison(first.folds, row.folds) else { return "" }
          return "±" + BoardTable.figure(found.halfWidth)
        }))
    lines.append(
      line(
        "verdict",
        { row in
          guard let first, row.id != first.id, let found = FoldComparison(first.folds, row.folds) else { return "" }
          if found.isTie { return "tie" }
          let isBetter = (found.difference > 0) == (metric?.isHigherBetter ?? true)
          return isBetter ? "better" : "worse"
        }))
    for column in board.columns(isWide: false) {
      if case .metric(let objective) = column {
        lines.append(line(metricTitle(objective.rawValue), { number($0.metrics[objective.rawValue]) }))
      }
    }
    lines += [
      line("fit seconds", { $0.fit.map { String(format: "%.1f", $0) } ?? "–" }),
      line("ms a row", { $0.latency.map { String(format: "%.3f", $0) } ?? "–" }),
      line("share of the ensemble", { $0.weight.map { Number.percent($0) } ?? "–" }),
    ]
    return lines
  }

  var hints: [(key: String, label: String)] {
    [("←→", "page"), ("↑↓", "figure"), ("F2", "explain"), ("Esc", "leaderboard")]
  }

  // MARK: Curves

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !isAsked else { return [] }
    isAsked = true
    var effects: [Effect] = []
    for row in rows {
      let (id, effect) = state.ask(.candidate(folder: study.folder, number: row.id > 0 ? row.id : nil), for: .dialog)
      requests[id] = row.id
      effects.append(effect)
    }
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard let model = requests[request] else { return .stay() }
    switch happening {
    case .done(.candidateReport(let report)): reports[model] = report
    case .failed(let text): errors[model] = text
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  private func picture(_ plane: OperatingCurves.Plane) -> Chart? {
    let found = rows.compactMap { reports[$0.id] }
    let curves = found.compactMap { $0.curve(plane) }
    guard !curves.isEmpty, let decisions = found.first?.decisions else { return nil }
    return .content(
      OperatingCurves(
        plane: plane, curves: curves, positives: decisions.positives, negatives: decisions.negatives))
  }

  private var pages: [(title: String, chart: Chart?)] {
    let planes: [(String, OperatingCurves.Plane)] = [("ROC", .roc), ("Precision–recall", .precisionRecall)]
    return [("figures", nil)] + planes.compactMap { title, plane in picture(plane).map { (title, $0) } }
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"), .enter: return .close()
    case .right, .character("l"), .tab: page = (page + 1) % pages.count
    case .left, .character("h"), .backTab: page = (page + pages.count - 1) % pages.count
    case .function(2):
      guard table.lines.indices.contains(table.cursor), let term = table.lines[table.cursor].cells.first,
        let entry = Glossary.entry(term)
      else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let shown = pages[min(page, pages.count - 1)]
    var sheet = FindingSheet(
      title: "Compare \(rows.count) models", step: shown.title, note: study.options.target,
      hints: pages.count > 1 ? "←→: figures and curves  Esc: leaderboard" : "Esc: leaderboard")
    if let chart = shown.chart {
      let context = state.drawing
      let bounds = FormDialog.bounds(state.size)
      let size = Size(width: min(bounds.width - 4, 110), height: min(bounds.height - 2, 40))
      let rect = DialogFrame.rect(for: size, in: bounds)
      let hits = DialogFrame(sheet.title, step: sheet.step, note: sheet.note, hints: sheet.hints).draw(
        in: rect, on: &grid, context)
      let inner = DialogFrame.inner(rect)
      let drawn = ChartMemory.shared.render(chart, size: inner.size, context: context, view: .whole)
      grid.blit(drawn.grid, at: inner.origin)
      return hits
    }
    let missing = rows.filter { errors[$0.id] != nil }
    if !missing.isEmpty {
      sheet.heads = [
        ("! no curves of \(missing.map(Self.name).joined(separator: ", ")): removed after the run", .warning)
      ]
    }
    sheet.detail =
      "A tie: on the same folds the difference is as small as chance makes it (corrected paired t-test, 95%)."
    return sheet.draw(table, into: &grid, state)
  }
}
