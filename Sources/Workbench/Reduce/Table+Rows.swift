import Engine
import Flow
import Frame

/// Which rows the screen needs, and asking for them. A page is asked for once, the next one ahead of the cursor too.
func fetchVisibleRows(_ state: inout WorkbenchState) -> [Effect] {
  guard state.screen == .workbench, let view = state.table.current else { return [] }
  let height = max(1, tableRowCount(state))
  state.table.visibleRows = height
  let step = rowsPerScroll(state, height)
  state.table.changeCurrent { $0.keepCursorVisible(rows: height, step: step) }
  guard let opened = view.opened, view.error == nil, let current = state.table.current else { return [] }
  var effects: [Effect] = []
  let first = current.top / TableView.pageSize
  let last = (current.top + 2 * height) / TableView.pageSize
  for page in first...max(first, last) where current.pages[page] == nil && current.awaited[page] == nil {
    let start = page * TableView.pageSize
    if start > 0, start >= current.reachableRows, case .exact = opened.count { continue }
    let range = start..<(start + TableView.pageSize)
    let (id, effect) = state.ask(.rows(current.request, range), for: .page(view: current.id, page))
    state.table.changeCurrent { $0.awaited[page] = id }
    effects.append(effect)
  }
  if !current.hasHeader, current.headerRequest == nil, opened.isComplete, !opened.schema.isEmpty {
    let (id, effect) = state.ask(.header(current.request), for: .header(view: current.id))
    state.table.changeCurrent { $0.headerRequest = id }
    effects.append(effect)
  }
  return effects
}

/// Rows that the table moves by when the cursor leaves it by one.
///
/// A terminal scrolls whole lines only. Where the table has them to itself one row is cheap; beside other panes every
/// cell is sent again, and a few rows at once keep that off slow lines and show what comes next.
private func rowsPerScroll(_ state: WorkbenchState, _ height: Int) -> Int {
  guard let table = state.layout.panes[.table], table.width < state.size.width else { return 1 }
  return max(1, min(5, height / 2))
}

extension TableView {
  /// Scrolls so that the cursor's row is on screen.
  /// - Parameter step: rows to scroll by where it stands just outside.
  mutating func keepCursorVisible(rows: Int, step: Int = 1) {
    if row < top { top = row == top - 1 ? row - step + 1 : row }
    if row >= top + rows { top = row == top + rows ? top + step : row - rows + 1 }
    top = max(0, min(top, max(0, reachableRows - rows)))
  }
}

/// Opens a step in the table pane as its only view.
func open(_ node: StepID, _ state: inout WorkbenchState) -> [Effect] {
  state.selected = node
  guard let step = state.flow.graph[node] else { return [] }
  var effects = cancelViews(state.table.views, state)
  // What kept the rows from being read before says nothing about this reading.
  if let error = state.table.current?.error, state.message?.text == error { state.message = nil }
  state.table.views = []
  effects += push(NodeRequest(graph: state.flow.graph, node: node), title: stepTitle(step), &state)
  return effects
}

/// What a step is called at the head of its rows: a source by its file.
func stepTitle(_ step: Step) -> String {
  if case .source(let source) = step.operation, step.name == nil { return source.name }
  return step.title
}

/// Opens the selected step again: its rows may have changed.
func openSelected(_ state: inout WorkbenchState) -> [Effect] {
  guard let step = state.selectedStep else {
    let effects = cancelViews(state.table.views, state)
    state.table.views = []
    return effects
  }
  return open(step.id, &state)
}

/// Puts a view on top of the table pane; `q` comes back from it.
func push(_ request: NodeRequest, title: String, _ state: inout WorkbenchState) -> [Effect] {
  var view = TableView(id: state.table.nextView, request: request, title: title)
  state.table.nextView += 1
  let (id, effect) = state.ask(.open(request), for: .open(view: view.id))
  view.opening = id
  // The same columns are looked at in the same way.
  let twin = state.table.views.last {
    $0.request.node == request.node && $0.request.look.summary == request.look.summary
  }
  if let twin { view.arrangement = twin.arrangement }
  if request.look.summary != nil {
    view.hasHeader = true
    view.hideTechnicalColumns()
  }
  state.table.views.append(view)
  return [effect]
}

/// Work for views that nobody looks at any more is stopped.
func cancelViews(_ views: [TableView], _ state: WorkbenchState) -> [Effect] {
  views.flatMap { view in
    let single = [view.opening, view.headerRequest, view.tailRequest, view.locating, view.search?.request]
    let pending = single.compactMap { $0 } + view.awaited.values
    return pending.map { Effect.cancel($0) }
  }
}
