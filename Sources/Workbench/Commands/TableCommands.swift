import Flow
import Frame
import Grid
import Widgets

private let hasRows: @Sendable (WorkbenchState) -> Availability = { state in
  state.table.current == nil ? .disabled("there is no table yet: open a dataset") : .enabled
}

private func move(
  _ name: String, _ title: String, _ summary: String, keys: [String],
  _ body: @escaping @Sendable (inout TableView, Int) -> Void
) -> Command {
  Command(
    CommandID("table." + name), title, summary, keys: keys, in: [.pane(.table)], group: .move, availability: hasRows
  ) { state in
    let height = state.table.visibleRows
    state.table.changeCurrent { body(&$0, height) }
    return []
  }
}

/// Moving in and looking at the table. None of these changes the flow.
let tableCommands: [Command] = tableMoves + tableLooks + rowCommands

private let tableMoves: [Command] = [
  move("down", "Row down", "Moves one row down.", keys: ["down", "j"]) { view, _ in view.moveRow(to: view.row + 1) },
  move("up", "Row up", "Moves one row up.", keys: ["up", "k"]) { view, _ in view.moveRow(to: view.row - 1) },
  move("right", "Column right", "Moves to the next column.", keys: ["right", "l"]) { view, _ in
    view.moveColumn(by: 1)
  },
  move("left", "Column left", "Moves to the column before.", keys: ["left", "h"]) { view, _ in
    view.moveColumn(by: -1)
  },
  move("pageDown", "Page down", "Moves one screen of rows down.", keys: ["pagedown", "ctrl-f"]) { view, height in
    view.top += height
    view.moveRow(to: view.row + height)
  },
  move("pageUp", "Page up", "Moves one screen of rows up.", keys: ["pageup", "ctrl-b"]) { view, height in
    view.top -= height
    view.moveRow(to: view.row - height)
  },
  move("halfDown", "Half a page down", "Moves half a screen down.", keys: ["ctrl-d"]) { view, height in
    view.moveRow(to: view.row + height / 2)
  },
  move("halfUp", "Half a page up", "Moves half a screen up.", keys: ["ctrl-u"]) { view, height in
    view.moveRow(to: view.row - height / 2)
  },
  move("first", "First row", "Moves to the first row.", keys: ["g g"]) { view, _ in view.moveRow(to: 0) },
  move("firstColumn", "First column", "Moves to the first column.", keys: ["home", "g h", "0"]) { view, _ in
    view.moveColumn(toPlace: 0)
  },
  move("lastColumn", "Last column", "Moves to the last column.", keys: ["end", "g l"]) { view, _ in
    view.moveColumn(toPlace: view.shownColumns.count - 1)
  },
  Command(
    "table.last", "Last row", "Moves to the last row; before the rows are counted it shows the end of the file.",
    keys: ["G"], in: [.pane(.table)], group: .move, availability: hasRows
  ) { state in
    guard let view = state.table.current else { return [] }
    if let rows = view.exactRows {
      state.table.changeCurrent { $0.moveRow(to: rows - 1) }
      return []
    }
    guard view.tailRequest == nil else { return [] }
    let (id, effect) = state.ask(.tail(view.request, 100), for: .tail(view: view.id))
    state.table.changeCurrent { view in
      view.moveRow(to: view.reachableRows - 1)
      view.tailRequest = id
    }
    state.say("The rows are still being counted: these are the last ones.")
    return [effect]
  },
]

private let tableLooks: [Command] = [
  Command(
    "table.sortAscending", "Sort ascending", "Orders the rows by this column, smallest first. Looks only.", keys: ["["],
    in: [.pane(.table)], group: .look, menu: .data, priority: 6, hint: "sort", availability: hasRows
  ) { state in sortByCurrent(descending: false, &state) },
  Command(
    "table.sortDescending", "Sort descending", "Orders the rows by this column, largest first. Looks only.",
    keys: ["]"], in: [.pane(.table)], group: .look, menu: .data, availability: hasRows
  ) { state in sortByCurrent(descending: true, &state) },
  Command(
    "table.sortToggle", "Sort, other direction", "Orders by this column, turning the order round each time.",
    in: [.pane(.table)], group: .look, availability: hasRows
  ) { state in
    let key = currentColumn(state).flatMap { column in
      state.table.current?.request.look.sort.first { $0.column == column.name }
    }
    return sortByCurrent(descending: key.map { !$0.descending } ?? false, &state)
  },
  Command(
    "table.skipBadRows", "Skip bad rows",
    "Reads the source again without the rows of the wrong length, and tells how many there were.", keys: ["s"],
    in: [.pane(.table)], group: .change, menu: .data, priority: 10, hint: "skip bad rows",
    availability: { state in
      refusedSource(state) == nil ? .disabled("no row of the wrong length stands in the way") : .enabled
    }
  ) { state in
    guard let (step, source) = refusedSource(state) else { return [] }
    var lenient = source
    lenient.options.skipBadRows = true
    let selected = state.selected
    let effects = replaceStep(step, with: .source(lenient), &state)
    guard let selected, selected != step else { return effects }
    return effects + open(selected, &state)
  },
  Command(
    "table.chart", "Chart this column", "A histogram of a number or date, bars of anything else.", keys: ["."],
    in: [.pane(.table)], group: .look, menu: .analyze, priority: 8, hint: "chart", availability: hasRows
  ) { state in chartCurrentColumn(&state) },
  Command(
    "table.target", "Set as target", "Marks this column as the one that models predict.", keys: ["t"],
    in: [.pane(.table)], group: .change, menu: .model, availability: hasRows
  ) { state in
    guard let column = currentColumn(state) else { return [] }
    guard state.table.current?.request.look.summary == nil else {
      state.say("A column of a summary cannot be the target: q goes back to the rows.", .warning)
      return []
    }
    let isSet = state.flow.target == column.name
    state.say(isSet ? "No target" : "Target: \(column.name)")
    return state.edit { $0.target = isSet ? nil : column.name }
  },
  Command(
    "table.row", "Row as a card", "Shows all columns of this row below each other.", keys: ["enter"],
    in: [.pane(.table)], group: .look, menu: .data, availability: hasRows
  ) { state in
    if let effects = openSummaryRow(&state) { return effects }
    guard let view = state.table.current, view.isLoaded(view.row) else { return [] }
    state.overlays.append(RowCardOverlay())
    return []
  },
]

/// The row under the cursor, one column below the other; long values go on under their first line.
func card(of view: TableView, width: Int) -> [String] {
  let names = min(28, view.schema.map { TextWidth.of($0.name) }.max() ?? 0)
  return view.schema.enumerated().flatMap { index, column -> [String] in
    let value = view.text(row: view.row, column: index) ?? "(missing)"
    return wrapped(value, width: max(8, width - names - 2)).enumerated().map { number, line in
      TextWidth.fit(number == 0 ? column.name : "", names) + "  " + line
    }
  }
}

/// The column under the cursor.
func currentColumn(_ state: WorkbenchState) -> Column? {
  guard let view = state.table.current, view.schema.indices.contains(view.column) else { return nil }
  return view.schema[view.column]
}

private func sortByCurrent(descending: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard let column = currentColumn(state) else { return [] }
  return sort(by: [SortKey(column.name, descending: descending)], &state)
}

/// The source below the selected step, where the table could not be read and leaving rows out may help.
private func refusedSource(_ state: WorkbenchState) -> (step: StepID, source: Source)? {
  guard state.table.current?.error != nil, var step = state.selectedStep else { return nil }
  while let parent = state.flow.graph.parent(of: step.id).flatMap({ state.flow.graph[$0] }) { step = parent }
  guard case .source(let source) = step.operation, !source.options.skipBadRows,
    (source.format ?? SourceFormat(path: source.location))?.isDelimited ?? true
  else { return nil }
  return (step.id, source)
}
