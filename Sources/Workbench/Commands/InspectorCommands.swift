import Engine
import Grid
import Insight
import Widgets

private let hasColumn: @Sendable (WorkbenchState) -> Availability = { state in
  currentColumn(state) == nil ? .disabled("there is no column yet: open a dataset") : .enabled
}

/// The inspector, and a cell in full.
let inspectorCommands: [Command] = [
  Command(
    "table.inspect", "Inspect column", "Shows this column in depth, and follows the cursor to others.", keys: ["i"],
    in: [.pane(.table)], group: .analyse, menu: .data, priority: 5, hint: "inspect", availability: hasColumn
  ) { state in
    if state.layout.panes[.inspector] == nil {
      state.overlays.append(InspectorOverlay())
    } else {
      state.focus = .inspector
    }
    return []
  },
  Command(
    "table.lineage", "Lineage of column…",
    "Goes back through the steps that made or changed this column, to the columns of the sources.", keys: ["g i"],
    in: [.pane(.table), .pane(.inspector)], group: .look, menu: .data,
    availability: { state in
      guard let view = state.table.current, let column = currentColumn(state) else {
        return .disabled("there is no column yet: open a dataset")
      }
      if view.request.look.summary != nil {
        return .disabled("these are figures about the rows: \(state.keyLabel("back")) goes back to the rows")
      }
      if let change = view.request.look.columns.first(where: { $0.column == column.name }), case .derive = change {
        return .disabled("\(column.name) is only looked at: \(state.keyLabel("table.keep")) keeps it as a step")
      }
      return .enabled
    }
  ) { state in
    guard let view = state.table.current, let column = currentColumn(state) else { return [] }
    let request = NodeRequest(graph: view.request.graph, node: view.request.node)
    state.overlays.append(LineageOverlay(request, column: column.name))
    return []
  },
  Command(
    "inspector.back", "Back to the table", "Moves the focus back to the table.", keys: ["i"], in: [.pane(.inspector)],
    group: .pane, priority: 9, hint: "table"
  ) { state in
    state.focus = .table
    return []
  },
  Command(
    "inspector.frequency", "Frequency table", "How often each value of the column occurs.", keys: ["enter", "F"],
    in: [.pane(.inspector)], group: .analyse, priority: 8, hint: "freq", availability: hasColumn
  ) { state in
    state.focus = .table
    return run("table.frequency", &state)
  },
  Command(
    "inspector.next", "Next column", "Inspects the next column.", keys: ["right", "l"], in: [.pane(.inspector)],
    group: .move, priority: 7, hint: "next column"
  ) { state in
    state.table.changeCurrent { $0.moveColumn(by: 1) }
    return []
  },
  Command(
    "inspector.previous", "Column before", "Inspects the column before.", keys: ["left", "h"],
    in: [.pane(.inspector)], group: .move, priority: 6, hint: "column before"
  ) { state in
    state.table.changeCurrent { $0.moveColumn(by: -1) }
    return []
  },
  Command(
    "inspector.down", "Scroll down", "Shows the next lines.", keys: ["down", "j"], in: [.pane(.inspector)],
    group: .move
  ) { state in
    state.inspector.scroll += 1
    return []
  },
  Command(
    "inspector.up", "Scroll up", "Shows the lines before.", keys: ["up", "k"], in: [.pane(.inspector)], group: .move
  ) { state in
    state.inspector.scroll = max(0, state.inspector.scroll - 1)
    return []
  },
  Command(
    "table.cell", "Cell in full",
    "Shows the whole cell: wrapped, with its length, JSON set out, control characters visible.",
    keys: ["V"], in: [.pane(.table)], group: .look, menu: .data, availability: hasColumn
  ) { state in
    guard let view = state.table.current, view.isLoaded(view.row), let column = currentColumn(state) else { return [] }
    let text = view.text(row: view.row, column: view.column)
    state.overlays.append(
      CellOverlay(title: "\(column.name), row \(Number.grouped(view.row + 1))", text: text, state))
    return []
  },
]

/// Asks for the column under the cursor where the inspector is on screen; what was asked before is given up.
func fetchInspection(_ state: inout WorkbenchState) -> [Effect] {
  let isShown = state.layout.panes[.inspector] != nil || state.overlays.last is InspectorOverlay
  guard state.screen == .workbench, isShown, let view = state.table.current, view.opened?.isComplete == true,
    view.opening == nil, view.error == nil, let column = currentColumn(state)
  else { return [] }
  var request = view.request
  request.look.sort = []
  let target = state.flow.target.flatMap { name in
    name != column.name && view.schema.column(named: name) != nil ? name : nil
  }
  let subject = InspectorState.Subject(request: request, column: column.name, target: target)
  guard subject != state.inspector.subject else { return [] }
  var effects: [Effect] = state.inspector.awaited.map { [.cancel($0)] } ?? []
  state.inspector = InspectorState()
  state.inspector.subject = subject
  let (id, effect) = state.ask(.inspect(request, column: column.name, target: target), for: .inspection)
  state.inspector.awaited = id
  effects.append(effect)
  return effects
}

/// Takes what an inspection says, unless another column is looked at by now.
func receiveInspection(_ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState) {
  guard state.inspector.awaited == request else { return }
  switch happening {
  case .done(.inspection(let result)):
    state.inspector.result = result
    state.inspector.awaited = nil
  case .failed(let text):
    state.inspector.error = text
    state.inspector.awaited = nil
  case .cancelled: state.inspector.awaited = nil
  case .started, .progress, .partial, .done: break
  }
}
