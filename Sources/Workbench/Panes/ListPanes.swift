import Engine
import Foundation
import Grid
import Widgets

/// The datasets pane.
func drawDatasetsPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let lines = datasetLines(state)
  var rect = rect
  if let filter = state.datasets.filter {
    let (line, rest) = rect.splitTop(1)
    rect = rest
    let isTyped = state.overlays.last is DatasetFilterOverlay
    grid.draw("/", x: line.x, y: line.y, style: state.drawing.mutedStyle, width: line.width)
    TextFieldView(filter, placeholder: "type to filter", isFocused: isTyped, hasBrackets: false)
      .draw(
        in: Rect(x: line.x + 1, y: line.y, width: max(0, line.width - 1), height: line.height), on: &grid, state.drawing
      )
    if lines.isEmpty { return drawHint(["No line fits.", "Esc shows all again."], state, into: &grid, in: rect) }
  }
  guard !lines.isEmpty else {
    let reason = state.datasets.listing?.error ?? "No data in this folder."
    drawHint([reason, "\(state.keyLabel("file.open")) opens a file elsewhere."], state, into: &grid, in: rect)
    return
  }
  let step = rect.width < 40 ? 1 : 2
  let items = lines.map { line in
    let number = markNumber(line, state.datasets.marks)
    return ListItem(
      line.title, detail: number.map { "mark \($0)" } ?? detail(of: line, width: rect.width), level: level(of: line),
      indent: line.depth * step, isMarked: number != nil)
  }
  let list = ListView(
    items, cursor: state.datasets.cursor, top: topShowingBranch(of: lines, at: state.datasets.cursor, in: rect.height),
    isFocused: state.focus == .datasets, name: "datasets")
  hits.add(list.draw(in: rect, on: &grid, state.drawing))
}

/// The first line to show so that the branch which the cursor stands on, or in, is seen with what it holds, as far as
/// that fits below it.
private func topShowingBranch(of lines: [DatasetLine], at cursor: Int, in height: Int) -> Int {
  guard lines.indices.contains(cursor) else { return 0 }
  let isOpen = lines.indices.contains(cursor + 1) && lines[cursor + 1].depth > lines[cursor].depth
  let branch = isOpen ? cursor : lines[..<cursor].lastIndex { $0.depth < lines[cursor].depth }
  guard let branch else { return 0 }
  let end = lines[(branch + 1)...].firstIndex { $0.depth <= lines[branch].depth } ?? lines.count
  return max(0, min(branch, end - height))
}

/// A size, and where there is room when an object was changed; of a root the profile alone where there is not much.
private func detail(of line: DatasetLine, width: Int) -> String {
  if case .root? = line.cloud, width < 40 { return line.detail.components(separatedBy: " · ").first ?? "" }
  guard width >= 60, case .entry(let entry, _)? = line.cloud, let modified = entry.modified else { return line.detail }
  return (line.detail.isEmpty ? "" : line.detail + "  ") + momentText(modified)
}

private func level(of line: DatasetLine) -> Level? {
  if case .refusal? = line.cloud { return .error }
  return line.isCurrent ? .success : nil
}

/// The start screen: what to do first.
func drawStart(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let lines = startLines(state)
  let width = min(30, lines.map { TextWidth.of($0.title) }.max() ?? 0)
  let items = lines.map { line in
    ListItem(TextWidth.fit(line.title, max(width, TextWidth.of(line.title))), detail: line.detail)
  }
  let screen = StartScreen(
    title: "assay", subtitle: "look at data, build a flow, see what matters", items: items, cursor: state.start.cursor,
    hint: keysAtStart(state))
  hits.add(screen.draw(in: rect, on: &grid, state.drawing))
}

/// The keys that help on the start screen.
private func keysAtStart(_ state: WorkbenchState) -> String {
  let keys: [(CommandID, String)] = [
    ("menu", "menus"), ("palette", "palette"), ("help.pane", "keys"), ("back", "quits"),
  ]
  let hints = keys.map { (state.keyLabel($0), $1) }.filter { !$0.0.isEmpty }.map { "\($0) \($1)" }
  return (["Enter opens"] + hints).joined(separator: " · ")
}

/// The analyses pane: the list, and below it the report of the one under the cursor.
func drawAnalysesPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let analyses = state.flow.analyses
  guard !analyses.isEmpty else {
    let key = state.keyLabel("analyses.add")
    drawHint(["No analysis yet.", "\(key) adds one: a chart, a summary, a Quick Model."], state, into: &grid, in: rect)
    return
  }
  let listHeight = min(analyses.count, rect.height < 12 ? rect.height : max(3, rect.height / 3))
  let (list, below) = rect.splitTop(listHeight)
  let items = analyses.map { analysis in
    let (badge, level) = analysisBadge(analysis, state)
    return ListItem(analysis.name, detail: badge, level: level)
  }
  let view = ListView(
    items, cursor: state.analyses.cursor, isFocused: state.focus == .analyses, name: "analyses")
  hits.add(view.draw(in: list, on: &grid, state.drawing))
  guard below.height > 2, let analysis = currentAnalysis(state) else { return }
  drawReport(analysis, state, into: &grid, in: below)
}

private func drawReport(_ analysis: Analysis, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect) {
  let theme = state.drawing.theme
  let rule = state.drawing.glyphs == .ascii ? "-" : "─"
  grid.draw(
    String(repeating: rule, count: max(0, rect.width - 2)), x: rect.x + 1, y: rect.y,
    style: theme.base.with(foreground: theme.ui.border), width: rect.width - 2)
  let isNarrow = rect.width < 60
  let lines =
    isNarrow
    ? briefLines(of: analysis, state, width: max(1, rect.width - 2))
    : reportText(of: analysis, state).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let (_, body) = rect.splitTop(1)
  let first = min(state.analyses.scroll, max(0, lines.count - body.height))
  for (offset, line) in lines.dropFirst(first).prefix(body.height).enumerated() {
    let style = offset + first == 0 && !isNarrow ? theme.base.with(foreground: theme.ui.muted) : theme.base
    grid.draw(line, x: body.x + 1, y: body.y + offset, style: style, width: max(0, body.width - 2))
  }
}

/// The jobs pane: one line a job with its state, share, time and estimate.
func drawJobsPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  let rows = state.jobs.rows
  guard !rows.isEmpty else {
    drawHint(["Nothing has run yet."], state, into: &grid, in: rect)
    return
  }
  let top = visibleTop(count: rows.count, height: rect.height, cursor: state.jobs.cursor, top: 0)
  for (offset, job) in rows.dropFirst(top).prefix(rect.height).enumerated() {
    let row = Rect(x: rect.x, y: rect.y + offset, width: rect.width, height: 1)
    let base = lineStyle(isCursor: top + offset == state.jobs.cursor, isFocused: state.focus == .jobs, state)
    grid.fill(row, style: base)
    drawJob(job, state, base, into: &grid, in: row)
    hits.add(row, .item("jobs", top + offset))
  }
}

private func drawJob(_ job: JobRow, _ state: WorkbenchState, _ base: Style, into grid: inout CellGrid, in row: Rect) {
  let theme = state.drawing.theme
  let ascii = state.drawing.glyphs == .ascii
  let (sign, color): (String, Color) =
    switch job.state {
    case .queued: (ascii ? "." : "◷", theme.status.queued)
    case .running: (ascii ? ">" : "▸", theme.status.running)
    case .done: (ascii ? "+" : "✓", theme.status.success)
    case .failed: (ascii ? "x" : "✗", theme.status.error)
    case .cancelled: (ascii ? "-" : "⊘", theme.ui.muted)
    }
  let titleWidth = max(12, min(36, row.width * 2 / 5))
  var x = row.x
  x += grid.draw(" \(sign) ", x: x, y: row.y, style: base.with(foreground: color), width: row.maxX - x)
  x += grid.draw(TextWidth.fit(job.spec.title, titleWidth), x: x, y: row.y, style: base, width: row.maxX - x) + 1
  let muted = base.with(foreground: theme.ui.muted)
  guard job.state == .running else {
    let time = job.endedAt == nil ? "" : Number.duration(job.elapsed(at: state.clock)) + "  "
    let note = job.error ?? (job.state == .done ? "" : job.state.rawValue)
    grid.draw(
      time + note, x: x, y: row.y, style: job.error == nil ? muted : base.with(foreground: theme.status.error),
      width: max(0, row.maxX - x - 1))
    return
  }
  let barWidth = min(24, max(0, (row.maxX - x) / 3))
  if barWidth >= 6 {
    let bar = Rect(x: x, y: row.y, width: barWidth, height: 1)
    ProgressBar(job.fraction, tick: Int(state.clock * 10)).draw(in: bar, on: &grid, state.drawing)
    x += barWidth + 1
  }
  // A bar tells the share itself.
  let share = barWidth >= 6 ? "" : job.fraction.map { "\(Int($0 * 100))%  " } ?? ""
  let left = job.remaining(at: state.clock).map { "  eta " + Number.duration($0) } ?? ""
  grid.draw(
    share + Number.duration(job.elapsed(at: state.clock)) + left + "  " + job.note, x: x, y: row.y, style: muted,
    width: max(0, row.maxX - x - 1))
}
