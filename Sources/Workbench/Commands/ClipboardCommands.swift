import Engine
import Frame
import Grid
import Widgets

/// Copying: what stands under the cursor at once, more by a choice.
let clipboardCommands: [Command] = [
  Command(
    "copy", "Copy", "Copies what the cursor stands on: a cell, the read-out of a mark, a line.", keys: ["y"],
    group: .look, menu: .data
  ) { state in
    guard let (text, what) = textUnderCursor(state) else {
      state.say("There is nothing to copy here.", .warning)
      return []
    }
    return [.copy(text, what: what)]
  },
  Command(
    "copy.as", "Copy as…",
    "Copies a row, a column, the page or the whole view as TSV, CSV, Markdown or JSON; a chart as text.",
    keys: ["Y"], group: .look, menu: .data,
    availability: { $0.table.current == nil ? .disabled("there is no table yet: open a dataset") : .enabled }
  ) { state in
    state.overlays.append(CopyOverlay(state))
    return []
  },
]

/// The text of what the cursor stands on, and what it is called.
func textUnderCursor(_ state: WorkbenchState) -> (text: String, what: String)? {
  guard state.screen == .workbench else { return nil }
  switch state.focus {
  case .chart:
    let marks = drawnMarks(state)
    guard marks.indices.contains(state.chart.cursor) else { return nil }
    return (marks[state.chart.cursor].readout, "the read-out")
  case .datasets:
    let lines = datasetLines(state)
    guard lines.indices.contains(state.datasets.cursor) else { return nil }
    return (lines[state.datasets.cursor].path ?? lines[state.datasets.cursor].title, "the path")
  case .flow:
    if case .analysis(let id, _)? = currentFlowLine(state), let analysis = state.flow[analysis: id] {
      return (reportText(of: analysis, state), "the report")
    }
    return state.selectedStep.map { ("\($0.title): \($0.operation.summary)", "the step") }
  case .analyses: return currentAnalysis(state).map { (reportText(of: $0, state), "the report") }
  case .jobs:
    guard state.jobs.rows.indices.contains(state.jobs.cursor) else { return nil }
    let job = state.jobs.rows[state.jobs.cursor]
    return (job.error ?? job.spec.title, job.error == nil ? "the job's name" : "the error")
  default:
    guard let view = state.table.current, view.isLoaded(view.row), let column = currentColumn(state) else { return nil }
    return view.text(row: view.row, column: view.column).map { ($0, "the cell of \(column.name)") }
  }
}

/// Which part of the table, in which form.
struct CopyOverlay: Overlay {
  private enum Part: String, CaseIterable {
    case row, column, page, view
  }

  private var list: ListDialog

  init(_ state: WorkbenchState) {
    let name = currentColumn(state)?.name ?? "column"
    let parts: [(Part, String, String)] = [
      (.row, "Row", "the row under the cursor"), (.column, "Column", "all rows of \(name)"),
      (.page, "Page", "the rows on screen"), (.view, "Whole view", "all rows and columns, up to 16 MB"),
    ]
    var entries = [ListDialog.Entry(id: "cell", title: "Cell", help: "the text under the cursor")]
    entries += parts.flatMap { part, title, help in
      CopyFormat.allCases.map {
        ListDialog.Entry(id: "\(part.rawValue).\($0.rawValue)", title: "\(title) as \($0.title)", help: help)
      }
    }
    let noChart = shownChart(state) == nil ? "there is no chart yet" : nil
    entries.append(
      ListDialog.Entry(id: "chart", title: "Chart as text", help: "the chart as it is on screen", reason: noChart))
    list = ListDialog("Copy as", note: state.table.current?.title ?? "", entries: entries)
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen("cell"): return .run("copy")
    case .chosen("chart"): return .close(Self.chart(state).map { [.copy($0, what: "the chart")] } ?? [])
    case .chosen(let id):
      let words = id.split(separator: ".").map(String.init)
      guard words.count == 2, let part = Part(rawValue: words[0]), let format = CopyFormat(rawValue: words[1]) else {
        return .close()
      }
      return .close(Self.copy(part, format, &state))
    }
  }

  /// The rows are read by a job, however few they are: they may have left the screen's memory.
  private static func copy(_ part: Part, _ format: CopyFormat, _ state: inout WorkbenchState) -> [Effect] {
    guard let view = state.table.current, let column = currentColumn(state), view.reachableRows > 0 else {
      state.say("There are no rows to copy.", .warning)
      return []
    }
    var request = CopyRequest(format: format)
    var what = "the view"
    switch part {
    case .row:
      request.rows = view.row..<(view.row + 1)
      what = "row \(Number.grouped(view.row + 1))"
    case .column:
      request.columns = [column.name]
      what = "column \(column.name)"
    case .page:
      request.rows = view.top..<min(view.reachableRows, view.top + max(1, state.table.visibleRows))
      what = "the page"
    case .view: break
    }
    return [state.ask(.copy(view.request, request), for: .copy("\(what) as \(format.title)")).1]
  }

  private static func chart(_ state: WorkbenchState) -> String? {
    guard let chart = shownChart(state) else { return nil }
    let rect = paneInterior(.chart, state, state.layout)
    let size = rect.isEmpty ? Size(width: 80, height: 20) : rect.size
    let drawn = ChartMemory.shared.render(chart, size: size, context: state.drawing, view: state.chart.view)
    return drawn.grid.lines.map { line in
      var line = Substring(line)
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n") + "\n"
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

/// Rows have arrived as text.
func receiveCopy(_ happening: JobHappening, _ what: String, _ state: inout WorkbenchState) -> [Effect] {
  switch happening {
  case .done(.copied(let copied)):
    let rows = "\(Number.grouped(copied.rows)) row\(copied.rows == 1 ? "" : "s")"
    let part = copied.rows < copied.wanted ? " (the first \(rows) of \(Number.grouped(copied.wanted)))" : " (\(rows))"
    return [.copy(copied.text, what: what + part)]
  case .failed(let text): state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
  return []
}
