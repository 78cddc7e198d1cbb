import Engine
import Frame

private let hasMarks: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = state.table.current, state.table.markedTable == view.request.table, !state.table.marks.isEmpty else {
    return .disabled("no row is marked: Space marks one")
  }
  return .enabled
}

/// Marking rows one by one, in ranges, or by what they hold.
let markCommands: [Command] = [
  rowCommand("mark", "Mark row", "Marks this row or takes its mark away, and goes down.", keys: ["space"]) { state in
    changeMark(&state) { !$0 }
  },
  rowCommand("markOnly", "Mark this row", "Marks this row, marked or not, and goes down.") { state in
    changeMark(&state) { _ in true }
  },
  rowCommand("unmarkRow", "Unmark this row", "Takes the mark of this row away, and goes down.") { state in
    changeMark(&state) { _ in false }
  },
  rowCommand(
    "markRange", "Mark a range", "Begins a range of marks at this row; a second time it ends it there.", keys: ["v"]
  ) { state in
    guard let view = state.table.current else { return [] }
    guard let start = view.rangeStart else {
      state.table.changeCurrent { $0.rangeStart = $0.row }
      state.say("v marks the rows from here to the cursor, Esc leaves them.")
      return []
    }
    state.table.changeCurrent { $0.rangeStart = nil }
    let rows = min(start, view.row)..<(max(start, view.row) + 1)
    return [state.ask(.rowIDs(view.request, rows), for: .markRange(view.request.table)).1]
  },
  rowCommand(
    "markEqual", "Mark rows equal to the cell", "Marks every row that has this value in this column.", keys: [","]
  ) { state in
    guard state.table.current?.request.look.columns.isEmpty ?? true else {
      state.say("Marks are on the rows of the step: g , filters by a changed column.", .warning)
      return []
    }
    return cellFilter(state).map { mark(.addWhere($0), &state) } ?? []
  },
  rowCommand(
    "markMatching", "Mark matching rows…",
    "Marks the rows that an expression or a pattern in this column chooses; with ! before it, the others.",
    keys: ["|"]
  ) { promptMark(in: currentColumn($0)?.name, &$0) },
  rowCommand(
    "markMatchingAnywhere", "Mark matching rows by all columns…",
    "The same, with the pattern looked for in every column.", keys: ["g |"]
  ) { promptMark(in: nil, &$0) },
  rowCommand(
    "openMarked", "Show marked rows", "Opens the marked rows as a view of their own.", keys: ["\""],
    availability: hasMarks
  ) { state in filter(.marked(state.table.marks), &state) },
  rowCommand("unmark", "Unmark all", "Takes all marks away.", keys: ["g space"], availability: hasMarks) { state in
    state.table.marks = MarkedRows()
    state.table.brushed = []
    state.table.markCount = nil
    return []
  },
]

/// Changes the mark of the row under the cursor and goes down.
/// - Parameter wanted: whether it shall be marked, given whether it is.
private func changeMark(_ state: inout WorkbenchState, _ wanted: (Bool) -> Bool) -> [Effect] {
  guard let view = state.table.current, let id = view.rowID(view.row), view.isLoaded(view.row) else { return [] }
  let marks = state.table.markedTable == view.request.table ? state.table.marks : MarkedRows()
  let isMarked = marks.contains(id) { view.satisfies($0, row: view.row) }
  state.table.changeCurrent { $0.moveRow(to: $0.row + 1) }
  if wanted(isMarked) == isMarked { return [] }
  return mark(isMarked ? .remove([id...id]) : .add([id...id]), &state)
}

private func promptMark(in column: String?, _ state: inout WorkbenchState) -> [Effect] {
  let schema = state.table.current?.schema ?? []
  state.overlays.append(
    TablePrompt(
      title: "Mark matching rows", label: "Expression, or pattern in \(column ?? "any column")", schema: schema,
      note: { text, _ in TypedFilter.meaning(text, column: column, schema: schema) },
      accept: { text, state in
        guard let view = state.table.current else { return [] }
        var request = view.request
        request.look.filters.append(try TypedFilter.filter(text, column: column, schema: schema))
        request.look.sort = []
        // Row by row, so that the screen can show which they are whatever the pattern means to the database.
        return [state.ask(.rowIDs(request, 0..<Int.max), for: .markRange(view.request.table)).1]
      }))
  return []
}
