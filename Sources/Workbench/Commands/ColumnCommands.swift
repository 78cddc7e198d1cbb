import Engine
import Flow
import Frame
import Grid
import Widgets

private let hasColumn: @Sendable (WorkbenchState) -> Availability = { state in
  currentColumn(state) == nil ? .disabled("there is no table yet: open a dataset") : .enabled
}

/// Changes how the column under the cursor is looked at.
private func arranging(
  _ name: String, _ title: String, _ summary: String, keys: [String],
  _ body: @escaping @Sendable (inout TableView, String) -> Void
) -> Command {
  Command(
    CommandID("table." + name), title, summary, keys: keys, in: [.pane(.table)], group: .look, menu: .view,
    availability: hasColumn
  ) { state in
    guard let column = currentColumn(state) else { return [] }
    state.table.changeCurrent { body(&$0, column.name) }
    return []
  }
}

/// Columns as one looks at them: pinned, hidden, moved, widened, renamed. None of these changes the flow.
let columnCommands: [Command] = [
  arranging("pin", "Pin as key column", "Keeps this column at the left; the same key lets go of it.", keys: ["!"]) {
    view, name in
    if view.arrangement.keys.contains(name) {
      view.arrangement.keys.removeAll { $0 == name }
    } else {
      view.arrangement.keys.append(name)
    }
  },
  Command(
    "table.hide", "Hide column", "Takes this column out of sight; g v brings all back.", keys: ["-"],
    in: [.pane(.table)], group: .look, menu: .view,
    availability: { state in
      guard let view = state.table.current else { return .disabled("there is no table yet: open a dataset") }
      return view.shownColumns.count < 2 ? .disabled("it is the only column that is shown") : .enabled
    }
  ) { state in
    guard let column = currentColumn(state) else { return [] }
    state.table.changeCurrent { $0.arrange { arrangement, name in arrangement.hidden.insert(name) } }
    state.say("Hid \(column.name). g v shows all columns.")
    return []
  },
  Command(
    "table.unhide", "Show all columns", "Brings hidden columns back.", keys: ["g v"], in: [.pane(.table)],
    group: .look, menu: .view,
    availability: { state in
      state.table.current?.arrangement.hidden.isEmpty ?? true ? .disabled("no column is hidden") : .enabled
    }
  ) { state in
    state.table.changeCurrent { $0.arrangement.hidden = [] }
    return []
  },
  Command(
    "table.fitWidth", "Fit width to content", "Makes this column as wide as what it holds, or as it was.", keys: ["_"],
    in: [.pane(.table)], group: .look, menu: .view, availability: hasColumn
  ) { state in
    guard let view = state.table.current, let column = currentColumn(state) else { return [] }
    let fitting = fittingWidth(view, view.column, state)
    state.table.changeCurrent { view in
      let isFitting = view.arrangement.widths[column.name] == fitting
      view.arrangement.widths[column.name] = isFitting ? nil : fitting
    }
    return []
  },
  arranging("narrower", "Narrower column", "Makes this column narrower.", keys: ["<"]) { $0.widen(by: -2, $1) },
  arranging("wider", "Wider column", "Makes this column wider.", keys: [">"]) { $0.widen(by: 2, $1) },
  arranging("slideLeft", "Slide column left", "Exchanges this column with the one before it.", keys: ["H"]) {
    $0.slide(by: -1, $1)
  },
  arranging("slideRight", "Slide column right", "Exchanges this column with the next.", keys: ["L"]) {
    $0.slide(by: 1, $1)
  },
  Command(
    "table.goToColumn", "Go to column…", "Finds a column by a few letters of its name.", keys: ["g c"],
    in: [.pane(.table)], group: .move, menu: .data, availability: hasColumn
  ) { state in
    state.overlays.append(PaletteOverlay(columnsOf: state))
    return []
  },
  Command(
    "table.goToRow", "Go to row…", "Moves to a row by its number.", keys: ["g r"], in: [.pane(.table)], group: .move,
    menu: .data, availability: hasColumn
  ) { state in
    guard let view = state.table.current else { return [] }
    let last = view.reachableRows
    let limit = "1 to \(Number.grouped(last))" + (view.exactRows == nil ? ", more are being counted" : "")
    state.overlays.append(
      TextPrompt(title: "Go to row", label: "Row, \(limit)", text: "") { text, state in
        guard let row = Int(text.filter { $0 != "," && $0 != " " }), row >= 1, row <= last else {
          throw PromptProblem("A whole number from \(limit).")
        }
        state.table.changeCurrent { $0.moveRow(to: row - 1) }
        return []
      })
    return []
  },
  Command(
    "table.renameColumn", "Rename column…", "Shows this column under another name; the flow keeps its own.",
    keys: ["^"], in: [.pane(.table)], group: .look, menu: .view, availability: hasColumn
  ) { state in
    guard let column = currentColumn(state) else { return [] }
    let name = column.name
    let shown = state.table.current?.arrangement.names[name] ?? name
    state.overlays.append(
      TextPrompt(title: "Rename column", label: "Name of \(name)", text: shown) { text, state in
        let names = state.table.current.map { view in view.schema.map { view.arrangement.names[$0.name] ?? $0.name } }
        if text != shown, names?.contains(where: { $0.lowercased() == text.lowercased() }) ?? false,
          text.lowercased() != shown.lowercased()
        {
          throw PromptProblem("Another column is called \(text).")
        }
        state.table.changeCurrent { $0.arrangement.names[name] = text == name ? nil : text }
        return []
      })
    return []
  },
  Command(
    "table.keepColumns", "Keep the columns as a step",
    "Adds the order, the hidden columns and the names that are looked at to the flow.", in: [.pane(.table)],
    group: .change, menu: .flow,
    availability: { state in
      guard let view = state.table.current, view.request.look.summary == nil else {
        return .disabled("only columns of the flow's own rows can be kept")
      }
      return view.arrangement.changesColumns(of: view.schema)
        ? .enabled : .disabled("the columns are as the step has them")
    }
  ) { keepColumns(&$0) },
]

/// A select step for order and hidden columns, a rename step for names.
private func keepColumns(_ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current else { return [] }
  let shown = view.shownColumns.map { view.schema[$0].name }
  var operations: [Flow.Operation] = []
  if shown != view.schema.map(\.name) { operations.append(.select(shown)) }
  let names = shown.compactMap { name in view.arrangement.names[name].map { Renaming(name, to: $0) } }
  if !names.isEmpty { operations.append(.rename(names)) }
  var node = view.request.node
  var effects: [Effect] = []
  for operation in operations {
    effects += addStep(operation, after: node, &state)
    node = state.selected ?? node
  }
  return effects
}

/// What is wrong with what was typed, for the prompt to show.
struct PromptProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension TableView {
  fileprivate mutating func widen(by delta: Int, _ name: String) {
    let width = arrangement.widths[name] ?? (widths.indices.contains(column) ? widths[column] : 12)
    arrangement.widths[name] = min(200, max(GridColumn.narrowest, width + delta))
  }

  /// Moves the column among those of its kind: pinned ones among the pinned, others among the others.
  fileprivate mutating func slide(by delta: Int, _ name: String) {
    if let place = arrangement.keys.firstIndex(of: name) {
      let other = place + delta
      if arrangement.keys.indices.contains(other) { arrangement.keys.swapAt(place, other) }
      return
    }
    let names = shownColumns.map { schema[$0].name }.filter { !arrangement.keys.contains($0) }
    guard let place = names.firstIndex(of: name), names.indices.contains(place + delta) else { return }
    var moved = names
    moved.swapAt(place, place + delta)
    arrangement.order = moved
  }
}
