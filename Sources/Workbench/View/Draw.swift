import Engine
import Flow
import Frame
import Grid
import Plot
import Widgets

/// The screen, and what a click on each part of it means.
public struct Drawn: Sendable {
  public var grid: CellGrid
  public var hits: HitMap
  public var layout: Layout
}

/// Draws the whole workbench: a pure function of the state.
public func draw(_ state: WorkbenchState) -> Drawn {
  let layout = state.layout
  var grid = CellGrid(size: state.size, style: state.drawing.theme.base)
  var hits = HitMap()
  guard layout.kind != .floor else {
    drawFloor(state, into: &grid)
    return Drawn(grid: grid, hits: hits, layout: layout)
  }
  drawMenuBar(state, layout, into: &grid, &hits)
  if state.screen == .start {
    let body = Rect(
      x: 0, y: layout.menu.maxY, width: state.size.width, height: layout.status.y - layout.menu.maxY)
    drawStart(state, into: &grid, in: body, hits: &hits)
  } else {
    drawTabs(state, layout, into: &grid, &hits)
    for pane in PaneID.allCases {
      guard let rect = layout.panes[pane] else { continue }
      drawPane(pane, state, layout, into: &grid, in: rect, &hits)
    }
    drawKeptCharts(state, layout, into: &grid, &hits)
  }
  drawStatus(state, layout, into: &grid)
  drawDraggedBox(state, into: &grid)
  var footer = HitMap()
  drawFooter(state, layout, into: &grid, &footer)
  hits.add(footer)
  for overlay in state.overlays {
    hits = footer
    hits.add(overlay.draw(into: &grid, state))
  }
  if state.drawing.glyphs == .ascii { foldOrnaments(state, layout, &grid) }
  return Drawn(grid: grid, hits: hits, layout: layout)
}

/// The box that is being dragged over the chart, or was dragged last, in reverse.
private func drawDraggedBox(_ state: WorkbenchState, into grid: inout CellGrid) {
  var (from, to) = (Point(x: 0, y: 0), Point(x: 0, y: 0))
  if case .chart(let first, let last)? = state.drag, first != last {
    (from, to) = (first, last)
  } else if let box = state.chart.box, state.screen == .workbench, state.layout.panes[.chart] != nil {
    let inside = paneInterior(.chart, state, state.layout)
    let far = Point(x: max(inside.x, inside.maxX - 1), y: max(inside.y, inside.maxY - 1))
    (from, to) = (box.first.offset(by: inside.origin, within: far), box.last.offset(by: inside.origin, within: far))
    if inside.isEmpty { return }
  } else {
    return
  }
  let box = Rect(
    x: min(from.x, to.x), y: min(from.y, to.y), width: abs(from.x - to.x) + 1, height: abs(from.y - to.y) + 1)
  grid.restyle(box.intersection(Rect(state.size))) { $0.attributes.formSymmetricDifference(.reverse) }
}

extension Point {
  fileprivate func offset(by origin: Point, within far: Point) -> Point {
    Point(x: min(x + origin.x, far.x), y: min(y + origin.y, far.y))
  }
}

/// Words of our own lose every character beyond ASCII; what stands in the data's cells is shown as it is.
private func foldOrnaments(_ state: WorkbenchState, _ layout: Layout, _ grid: inout CellGrid) {
  let whole = grid
  grid = grid.foldedToASCII()
  guard state.overlays.isEmpty, state.screen == .workbench else { return }
  let table = paneInterior(.table, state, layout)
  for y in table.y..<max(table.y, table.maxY) {
    for x in table.x..<max(table.x, table.maxX) { grid[x, y] = whole[x, y] }
  }
}

private func drawFloor(_ state: WorkbenchState, into grid: inout CellGrid) {
  let (least, now) = (Layout.smallest, state.size)
  let cross = state.drawing.glyphs == .ascii ? "x" : "×"
  let quit = [state.keyLabel("back"), state.keyLabel("quit")].first { !$0.isEmpty } ?? "^Q"
  let need = "needs \(least.width)\(cross)\(least.height)"
  if let question = state.overlays.last as? ConfirmOverlay {
    let answers = question.hints.map { "\($0.key):\($0.label)" }.joined(separator: " ")
    let keys = question.hints.map(\.key).joined(separator: " ")
    let text = ["\(question.title)? \(answers)", answers, "\(question.title)? \(keys)"].first {
      TextWidth.of($0) <= now.width
    }
    grid.draw(text ?? keys, x: 0, y: 0, style: state.drawing.theme.base, width: now.width)
    return
  }
  // How to leave is what must not be cut.
  let texts = [
    "assay \(need) (now \(now.width)\(cross)\(now.height)): \(quit) quits", "\(quit) quits, assay \(need)",
    "\(quit) quits, \(need)", "\(quit) quits", quit,
  ]
  let text = texts.first { TextWidth.of($0) <= now.width } ?? quit
  grid.draw(text, x: 0, y: 0, style: state.drawing.theme.base, width: now.width)
}

private func drawMenuBar(_ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid, _ hits: inout HitMap) {
  let bar = MenuOverlay.bar(state, open: (state.overlays.last as? MenuOverlay)?.menu)
  hits.add(bar.draw(in: layout.menu, on: &grid, state.drawing))
}

/// What is open: name, rows and columns as far as they are known, target, running jobs.
func titleNote(_ state: WorkbenchState) -> String {
  guard state.screen == .workbench else { return "" }
  let ascii = state.drawing.glyphs == .ascii
  var parts = [state.flowPath.map(fileName) ?? state.flow.name]
  if state.isDirty { parts[0] += ascii ? "*" : (state.size.width < 100 ? " ●" : " ●unsaved") }
  if let opened = state.table.views.first?.opened {
    parts.append("\(rowText(opened.count, ascii))\(ascii ? "x" : "×")\(opened.schema.count)")
  }
  // At 80 columns there is no room for it; the table marks its heading anyway.
  if let target = state.flow.target, state.size.width >= 100 { parts.append("target \(target)") }
  let running = state.jobs.active.count
  if running > 0 { parts.append((ascii ? "*" : "●") + "\(running)") }
  return parts.joined(separator: ascii ? " | " : " · ")
}

/// A number of rows that never claims to be more exact than it is.
func rowText(_ count: RowCount, _ ascii: Bool) -> String {
  switch count {
  case .exact(let rows): Number.grouped(rows)
  case .atLeast(let rows): Number.grouped(rows) + "+"
  case .estimate(let rows): (ascii ? "~" : "≈") + Number.compact(rows)
  }
}

private func drawTabs(_ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid, _ hits: inout HitMap) {
  guard !layout.tabs.isEmpty else { return }
  let panes = PaneID.numbered + (state.focus == .inspector ? [.inspector] : [])
  let tabs = panes.map { pane in
    TabsRow.Tab(pane.rawValue, pane == state.focus ? pane.title.uppercased() : pane.title, key: pane.key)
  }
  let row = TabsRow(tabs, selected: state.focus.rawValue, note: paneNote(state.focus, state))
  hits.add(row.draw(in: layout.tabs, on: &grid, state.drawing))
}

/// What stands at the right end of a pane's title.
func paneNote(_ pane: PaneID, _ state: WorkbenchState) -> String {
  let ascii = state.drawing.glyphs == .ascii
  switch pane {
  case .datasets: return ""
  case .flow:
    let count = state.flow.graph.steps.count
    return count == 0 ? "" : "\(count) step\(count == 1 ? "" : "s")"
  case .table:
    guard let view = state.table.current, let opened = view.opened else { return "" }
    if let base = state.table.views.first?.exactRows, let rows = view.exactRows, state.table.views.count > 1,
      view.request.look.summary == nil
    {
      return "\(Number.grouped(rows)) of \(Number.grouped(base)) rows"
    }
    let reading = view.opening == nil ? "" : " (still reading)"
    let unit = opened.count == .exact(1) ? " row" : " rows"
    let place =
      opened.cluster != nil
      ? " on Spark" : view.request.isOfCluster && view.request.look.summary == nil ? ", here from Spark" : ""
    return rowText(opened.count, ascii) + unit + place + reading
  case .chart: return chartNote(state.chart, state)
  case .inspector: return inspectorNote(state)
  case .analyses: return state.flow.analyses.isEmpty ? "" : "\(state.flow.analyses.count)"
  case .jobs:
    let running = state.jobs.active.count
    return running == 0 ? "" : "\(running) running"
  }
}

private func paneTitle(_ pane: PaneID, _ state: WorkbenchState) -> String {
  let name = "\(pane.key) \(pane.title)"
  let dot = state.drawing.glyphs == .ascii ? " - " : " · "
  switch pane {
  case .table:
    let trail = state.table.views.map(\.title).joined(separator: state.drawing.glyphs == .ascii ? " > " : " › ")
    return trail.isEmpty ? name : name + dot + trail
  case .chart:
    guard let title = chartTitle(state.chart, state) else { return name }
    return name + (state.chart.isKept ? " kept" : "") + dot + title
  case .inspector: return currentColumn(state).map { name + dot + $0.name } ?? name
  case .datasets, .flow, .analyses, .jobs: return name
  }
}

private func drawPane(
  _ pane: PaneID, _ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid, in rect: Rect,
  _ hits: inout HitMap
) {
  hits.add(rect, .pane("\(pane)"))
  let inner = paneInterior(pane, state, layout)
  func bottom(_ width: Int) -> String { pane == .chart ? explanationNote(state.chart, state, width: width) : "" }
  if layout.tabs.isEmpty {
    let frame = PaneFrame(
      paneTitle(pane, state), note: paneNote(pane, state), bottom: bottom(rect.width - 8),
      isFocused: pane == state.focus)
    frame.draw(in: rect, on: &grid, state.drawing)
  } else {
    let rule = String(repeating: state.drawing.glyphs == .ascii ? "-" : "─", count: rect.width)
    grid.draw(rule, x: rect.x, y: rect.maxY - 1, style: state.drawing.style(state.drawing.theme.ui.border))
    let note = bottom(rect.width - 2)
    if !note.isEmpty {
      grid.draw(" \(note) ", x: rect.maxX - TextWidth.of(note) - 2, y: rect.maxY - 1, style: state.drawing.mutedStyle)
    }
  }
  switch pane {
  case .datasets: drawDatasetsPane(state, into: &grid, in: inner, hits: &hits)
  case .flow: drawFlowPane(state, into: &grid, in: inner, hits: &hits)
  case .table: drawTablePane(state, into: &grid, in: inner, hits: &hits)
  case .chart: drawChartPane(state, into: &grid, in: inner, hits: &hits)
  case .analyses: drawAnalysesPane(state, into: &grid, in: inner, hits: &hits)
  case .jobs: drawJobsPane(state, into: &grid, in: inner, hits: &hits)
  case .inspector: drawInspectorPane(state, into: &grid, in: inner, hits: &hits)
  }
}

/// The cells of a pane that are its own: inside the border, or above the rule where there are tabs.
func paneInterior(_ pane: PaneID, _ state: WorkbenchState, _ layout: Layout) -> Rect {
  guard let rect = layout.panes[pane] else { return .zero }
  return layout.tabs.isEmpty ? PaneFrame.inner(rect) : rect.splitBottom(1).1
}

// MARK: The last two lines

private func drawStatus(_ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid) {
  let level: Level? =
    switch state.message?.level {
    case .info: .info
    case .success: .success
    case .warning: .warning
    case .error: .error
    case nil: nil
    }
  let pending = state.pendingKeys.map(\.label).joined(separator: " ")
  let text = pending.isEmpty ? state.message?.text ?? cursorText(state) : pending + " …"
  StatusLine(text, level: pending.isEmpty ? level : nil, right: workText(state))
    .draw(in: layout.status, on: &grid, state.drawing)
}

/// The cell or mark under the cursor, in words.
private func cursorText(_ state: WorkbenchState) -> String {
  guard state.screen == .workbench else { return "Enter opens · \(state.keyLabel("help.pane")) shows the keys" }
  switch state.focus {
  case .chart:
    let readout = boardReadout(state)
    if !readout.isEmpty { return readout }
    let marks = drawnMarks(state)
    return marks.indices.contains(state.chart.cursor) ? marks[state.chart.cursor].readout : ""
  case .datasets where !state.datasets.marks.isEmpty: return markedReadout(state)
  case .datasets where currentCloudLine(state) != nil: return cloudReadout(state)
  case .table, .datasets, .flow, .analyses, .jobs, .inspector:
    guard let view = state.table.current, let column = currentColumn(state) else { return "" }
    let ascii = state.drawing.glyphs == .ascii
    let total = view.opened.map { rowText($0.count, ascii) } ?? "?"
    let value = view.isLoaded(view.row) ? view.text(row: view.row, column: view.column) ?? "(missing)" : "…"
    let shown = view.shownColumns
    let hidden = view.arrangement.hidden.isEmpty ? "" : ", \(view.schema.count - shown.count) hidden"
    let place =
      "row \(Number.grouped(view.row + 1))/\(total)  col \((shown.firstIndex(of: view.column) ?? 0) + 1)/\(shown.count)\(hidden)"
    let marks = markText(state)
    let cell = "\(column.name)=\(TextWidth.fit(value, min(40, TextWidth.of(value)))) \(column.kind.rawValue)"
    return view.reachableRows == 0
      ? "\(column.name) \(column.kind.rawValue)" : "\(cell)  \(place)\(searchText(view))\(marks)"
  }
}

/// Which of the rows that match the cursor went to; their number once all are counted.
private func searchText(_ view: TableView) -> String {
  guard let search = view.search else { return "" }
  guard let found = search.found, let total = found.total else { return "  /\(search.match.pattern)/ counting…" }
  guard let ordinal = found.ordinal else { return "  /\(search.match.pattern)/ no match" }
  return "  /\(search.match.pattern)/ \(Number.grouped(ordinal)) of \(Number.grouped(total))"
}

private func markText(_ state: WorkbenchState) -> String {
  guard let view = state.table.current, state.table.markedTable == view.request.table, !state.table.marks.isEmpty else {
    return ""
  }
  return "  " + (state.table.markCount.map { Number.grouped($0) + " marked" } ?? "marked…")
}

/// The newest running job: bar, share, name and time.
private func workText(_ state: WorkbenchState) -> String {
  guard let job = state.jobs.active.first(where: { $0.state == .running }),
    job.elapsed(at: state.clock) >= 0.3
  else { return "" }
  let bar = ProgressBar(job.fraction, tick: Int(state.clock * 10)).text(width: 10, glyphs: state.drawing.glyphs)
  return "\(bar) \(TextWidth.fit(job.spec.title, min(20, TextWidth.of(job.spec.title)))) "
    + Number.duration(job.elapsed(at: state.clock))
}

private func drawFooter(_ state: WorkbenchState, _ layout: Layout, into grid: inout CellGrid, _ hits: inout HitMap) {
  if let overlay = state.overlays.last {
    let footer = Footer(overlay.hints.map { Hint($0.key, $0.label) }, ends: [])
    hits.add(footer.draw(in: layout.footer, on: &grid, state.drawing))
    return
  }
  let commands = state.registry.available(in: state.context)
    .filter { $0.priority > 0 && !$0.keys.isEmpty && $0.availability(state).isEnabled }
    .filter { command in !isShadowed(command, state) }
  let order = commands.enumerated().sorted { left, right in
    (right.element.priority, left.offset) < (left.element.priority, right.offset)
  }
  var hints: [Hint] = []
  for (_, command) in order {
    let key = KeyEvent.sequence(command.keys[0])?.map(\.label).joined() ?? command.keys[0]
    // Two that are called the same are a pair, such as fewer and more bins.
    if let first = hints.firstIndex(where: { $0.label == command.hint && $0.partner == nil }) {
      hints[first].partner = Hint.Partner(key, command: command.id.name)
    } else {
      hints.append(Hint(key, command.hint, command: command.id.name))
    }
  }
  let ends = [("help.pane", "help"), ("palette", "palette")].compactMap { id, label -> Hint? in
    let key = state.keyLabel(CommandID(id))
    return key.isEmpty ? nil : Hint(key, label, command: id)
  }
  hits.add(Footer(hints, ends: ends).draw(in: layout.footer, on: &grid, state.drawing))
}

/// True when the focused pane gives the command's key another meaning.
private func isShadowed(_ command: Command, _ state: WorkbenchState) -> Bool {
  guard let key = command.keys.first.flatMap(KeyEvent.sequence) else { return true }
  return state.registry.match(key, in: state.context) != .command(command.id)
}
