import Engine
import Frame
import Grid
import Plot

private func command(
  _ name: String, _ title: String, _ summary: String, keys: [String], group: CommandGroup = .look,
  menu: MenuTitle? = nil, priority: Int = 0, hint: String = "",
  availability: @escaping @Sendable (WorkbenchState) -> Availability,
  perform: @escaping @Sendable (inout WorkbenchState) -> [Effect]
) -> Command {
  Command(
    CommandID("chart." + name), title, summary, keys: keys, in: [.pane(.chart)], group: group, menu: menu,
    priority: priority, hint: hint, availability: availability, perform: perform)
}

/// Looking closer at a chart, moving along it, and taking its marks to the table.
let zoomCommands: [Command] = [
  command(
    "zoomIn", "Zoom in", "Looks closer, around the mark under the cursor, or into the box that was dragged.",
    keys: ["+", "="], menu: .view, priority: 2, hint: "zoom in", availability: canZoom
  ) { zoomIn(&$0) },
  command("zoomOut", "Zoom out", "Shows twice as much of the axes.", keys: ["-"], menu: .view, availability: isZoomed) {
    zoom(by: 2, &$0)
  },
  command(
    "zoomFit", "Show all of it", "Shows the whole chart again.", keys: ["0"], menu: .view, priority: 7, hint: "whole",
    availability: isZoomed
  ) { showWhole(&$0) },
  command(
    "panRight", "Move right", "Moves the window of a zoomed chart to the right.", keys: [">", "shift-right"],
    group: .move, availability: { canPan($0, vertically: false) }
  ) { pan(.x, by: 0.25, &$0) },
  command(
    "panLeft", "Move left", "Moves the window of a zoomed chart to the left.", keys: ["<", "shift-left"], group: .move,
    availability: { canPan($0, vertically: false) }
  ) { pan(.x, by: -0.25, &$0) },
  command(
    "panDown", "Move down", "Moves the window of a zoomed chart down; scrolls through bars that have no room.",
    keys: ["}", "shift-down"], group: .move, availability: { canPan($0, vertically: true) }
  ) { pan(.y, by: 0.25, &$0) },
  command(
    "panUp", "Move up", "Moves the window of a zoomed chart up; scrolls back through bars.", keys: ["{", "shift-up"],
    group: .move, availability: { canPan($0, vertically: true) }
  ) { pan(.y, by: -0.25, &$0) },
  command(
    "brush", "Mark its rows", "Marks in the table the rows behind this mark or the dragged box; again unmarks them.",
    keys: ["s"], menu: .data, priority: 2, hint: "mark rows", availability: canBrush
  ) { brush(&$0) },
  command(
    "leave", "Leave the box or the zoom", "Takes the dragged box away, or else shows the whole chart again.",
    keys: ["escape"], group: .pane,
    availability: { _ in .enabled }
  ) { state in
    if state.message?.level != .error, state.chart.box != nil {
      state.chart.box = nil
      state.message = nil
      return []
    }
    return state.message?.level != .error && state.chart.view.isZoomed ? showWhole(&state) : run("escape", &state)
  },
]

// MARK: Availability

private func axes(_ state: WorkbenchState) -> ChartAxes? {
  shownChart(state) == nil ? nil : drawnChart(state).axes
}

@Sendable private func canZoom(_ state: WorkbenchState) -> Availability {
  guard let chart = shownChart(state) else {
    return .disabled("there is no chart yet: . on a column of the table draws one")
  }
  if let axes = axes(state), !axes.isList { return .enabled }
  switch chart {
  case .bars, .importance: return .disabled("bars have no axis to zoom; } scrolls where not all have room")
  case .histogram, .scatter: return .disabled("there is nothing to look closer at")
  case .heatmap: return .disabled("there is no room for its cells")
  case .content: return .disabled("it has no axis to zoom")
  }
}

@Sendable private func canBrush(_ state: WorkbenchState) -> Availability {
  switch shownChart(state) {
  case nil: .disabled("there is no chart yet: . on a column draws one")
  case .heatmap, .importance: .disabled("no single rows stand behind its marks")
  case .histogram, .bars, .scatter, .content: .enabled
  }
}

@Sendable private func isZoomed(_ state: WorkbenchState) -> Availability {
  state.chart.view.isZoomed ? .enabled : .disabled("the whole chart is shown")
}

private func canPan(_ state: WorkbenchState, vertically: Bool) -> Availability {
  guard shownChart(state) != nil else { return .disabled("there is no chart yet: . on a column draws one") }
  guard let axes = axes(state) else { return .disabled("all of it is in sight") }
  guard let axis = vertically ? axes.y : axes.x else {
    return .disabled(vertically ? "it cannot move up or down" : "it cannot move left or right")
  }
  let isAll = axis.shown.lowerBound <= axis.whole.lowerBound && axis.shown.upperBound >= axis.whole.upperBound
  let window = vertically ? state.chart.view.y : state.chart.view.x
  return isAll || (window == nil && !axis.isList && state.chart.detail == nil)
    ? .disabled("all of it is in sight: + zooms in") : .enabled
}

// MARK: The rows behind marks

/// Rows that were chosen in a chart, and what they are called.
struct ChosenRows {
  var filter: RowFilter
  var title: String
}

/// The marks that a box touches.
private func marks(in box: ChartBox, _ marks: [ChartMark]) -> [ChartMark] {
  let rect = Rect(
    x: box.first.x, y: box.first.y, width: box.last.x - box.first.x + 1, height: box.last.y - box.first.y + 1)
  return marks.filter { !$0.rect.intersection(rect).isEmpty }
}

/// The rows behind the box, or else behind the mark under the cursor; where there are none, says so.
func chosenRows(_ state: inout WorkbenchState) -> ChosenRows? {
  let all = drawnMarks(state)
  let glyphs = state.drawing.glyphs
  guard let box = state.chart.box else {
    guard all.indices.contains(state.chart.cursor) else { return nil }
    let mark = all[state.chart.cursor]
    guard ChartSelection.joined([mark.selection]).count == 1 else {
      state.say("There are no single rows behind this mark.")
      return nil
    }
    return ChosenRows(filter: .mark(mark.selection), title: mark.readout)
  }
  let selections = ChartSelection.joined(marks(in: box, all).map(\.selection))
  guard let first = selections.first else {
    state.say("There are no rows in the box: Esc leaves it.")
    return nil
  }
  if selections.count == 1 { return ChosenRows(filter: .mark(first), title: first.summary(glyphs) ?? "box") }
  let names = selections.compactMap { $0.summary(glyphs) }
  let title = names.count <= 3 ? names.joined(separator: " or ") : "\(names.count) marks"
  return ChosenRows(filter: .marked(MarkedRows(selections.map { .addWhere(.mark($0)) })), title: title)
}

/// Marks the rows in the table, or takes their marks away where they were brushed before.
private func brush(_ state: inout WorkbenchState) -> [Effect] {
  guard let request = shownRows(state), let chosen = chosenRows(&state) else { return [] }
  guard !isOutdated(state) else {
    state.say("The steps have changed since this chart was drawn: . on the column draws it again.", .warning)
    return []
  }
  var effects: [Effect] = []
  if request.look.summary == nil, state.table.views.first?.request.node != request.node {
    effects += open(request.node, &state)
    alignFlowCursor(&state)
  }
  let twin = state.table.views.first { view in
    view.request.node == request.node && view.request.look.summary == request.look.summary
  }
  let table = twin?.request.table ?? request.table
  state.table.tellsMarks = true
  state.say("Marking…")
  guard let filter = rule(chosen.filter, within: request.look) else {
    var asked = request
    asked.look.sort = []
    asked.look.filters.append(chosen.filter)
    if state.table.markedTable != table { state.table.brushed = [] }
    let removes = state.table.brushed.contains(asked)
    state.table.brushed.removeAll { $0 == asked }
    if !removes { state.table.brushed.append(asked) }
    return effects + [state.ask(.rowIDs(asked, 0..<Int.max), for: .brush(table, removes: removes)).1]
  }
  var changes = state.table.markedTable == table ? state.table.marks.changes : []
  if let before = changes.lastIndex(of: .addWhere(filter)) {
    changes.remove(at: before)
    return effects + setMarks(MarkedRows(changes), of: table, &state)
  }
  return effects + mark(.addWhere(filter), of: table, &state)
}

/// The rows of a mark among those that a look shows, as a rule over the table below it; nil where only the rows
/// themselves can be told.
private func rule(_ filter: RowFilter, within look: Look) -> RowFilter? {
  guard look.columns.isEmpty else { return nil }
  let isKnown = look.filters.allSatisfy { filter in
    switch filter {
    case .mark, .equals: true
    case .matches, .expression, .marked, .not: false
    }
  }
  if !isKnown { return nil }
  if look.filters.isEmpty { return filter }
  return .marked(MarkedRows([.addWhere(filter)] + look.filters.map { .removeWhere(.not($0)) }))
}

func receiveBrushed(
  _ happening: JobHappening, _ table: NodeRequest, removes: Bool, _ state: inout WorkbenchState
) -> [Effect] {
  switch happening {
  case .done(.rowIDs(let ranges)): return mark(removes ? .remove(ranges) : .add(ranges), of: table, &state)
  case .failed(let text):
    state.table.brushed = []
    state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
  return []
}

/// Tells how many rows are marked now.
func sayMarks(_ rows: Int, _ state: inout WorkbenchState) {
  state.table.tellsMarks = false
  let key = state.keyLabel("table.openMarked")
  let advice = rows > 0 && !key.isEmpty ? ": \(key) in the table shows them" : ""
  state.say("\(Number.grouped(rows)) row\(rows == 1 ? "" : "s") marked\(advice).", .success)
}
