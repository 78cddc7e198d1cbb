import Grid
import Widgets

/// Keys, mouse, paste, size: the overlay on top has them first, then the focused pane, then the whole workbench.
func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> [Effect] {
  switch event {
  case .resize(let size):
    state.size = size
    return []
  case .wake: return []
  case .hangup, .terminate: return leave(&state)
  case .key(let key) where key == KeyEvent(.character("l"), .control): return [.redraw]
  case .key, .mouse, .paste: break
  }
  if let effects = handleBelowFloor(event, &state) ?? handleHint(event, &state) ?? handleJump(event, &state) {
    return effects
  }
  if let outcome = handleOverlay(event, &state) { return outcome }
  switch event {
  case .key(let key): return handle(key, &state)
  case .mouse(let mouse): return handle(mouse, &state)
  case .paste, .resize, .wake, .hangup, .terminate: return []
  }
}

/// SIGTERM and a lost terminal: whatever is unsaved stays in the autosave, which the next start offers.
private func leave(_ state: inout WorkbenchState) -> [Effect] {
  (state.isDirty ? [.autosave(state.flow, path: state.flowPath)] : [.forgetAutosave]) + [.quit]
}

/// Where there is room for one line only, the key that it names leaves, whatever is open and cannot be seen.
private func handleBelowFloor(_ event: InputEvent, _ state: inout WorkbenchState) -> [Effect]? {
  guard case .key(let key) = event, state.layout.kind == .floor, !(state.overlays.last is ConfirmOverlay),
    [.command("back"), .command("quit")].contains(state.registry.match([key], in: .everywhere))
  else { return nil }
  state.pendingKeys = []
  return run("quit", &state)
}

private func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> [Effect] {
  // What was done is read by now: the line is the cursor's again.
  switch state.message?.level {
  case .info, .success: state.message = nil
  case .warning, .error, nil: break
  }
  let keys = state.pendingKeys + [key]
  switch state.registry.match(keys, in: state.context) {
  case .command(let id):
    state.pendingKeys = []
    return run(id, &state)
  case .prefix:
    state.pendingKeys = keys
    return []
  case .nothing:
    let wasSequence = !state.pendingKeys.isEmpty
    state.pendingKeys = []
    if wasSequence {
      let typed = keys.map(\.label).joined(separator: " ")
      state.say("\(typed) is not a key here. \(state.keyLabel("help.pane")) shows the keys.", .info)
    }
    return []
  }
}

private func handle(_ mouse: MouseEvent, _ state: inout WorkbenchState) -> [Effect] {
  let drawn = draw(state)
  switch mouse.kind {
  case .press(.left, let clicks):
    if beginDrag(at: mouse.position, clicks: clicks, drawn, &state) { return [] }
    guard let target = drawn.hits.target(at: mouse.position) else { return [] }
    let effects = click(target, clicks: clicks, &state)
    guard case .item("table.row", _) = target else { return effects }
    return effects + clickCell(at: mouse.position, clicks: clicks, drawn.hits, &state)
  case .drag(.left):
    drag(to: mouse.position, &state)
    return []
  case .release: return endDrag(at: mouse.position, &state)
  case .scroll(let wheel):
    guard let pane = drawn.layout.panes.first(where: { $0.value.contains(mouse.position) })?.key else { return [] }
    return scroll(pane, wheel, &state)
  case .press, .drag: return []
  }
}

private func click(_ target: HitTarget, clicks: Int, _ state: inout WorkbenchState) -> [Effect] {
  switch target {
  case .command(let name): return run(CommandID(name), &state)
  case .pane(let name):
    if let pane = PaneID.allCases.first(where: { "\($0)" == name }) { state.focus = pane }
    return []
  case .tab(let number):
    if let pane = PaneID(rawValue: number) { state.focus = pane }
    return []
  case .item(let list, let index):
    return clickItem(list, index, clicks: clicks, &state)
  default: return []
  }
}

private func clickItem(_ list: String, _ index: Int, clicks: Int, _ state: inout WorkbenchState) -> [Effect] {
  switch list {
  case "start":
    state.start.cursor = index
    return run("start.open", &state)
  case "menu": return openMenu(index, &state)
  case "datasets":
    state.focus = .datasets
    state.datasets.cursor = index
    return clicks > 1 ? run("datasets.open", &state) : []
  case "flow":
    state.focus = .flow
    return selectFlowLine(index, &state) + (clicks > 1 ? run("flow.edit", &state) : [])
  case "analyses":
    state.focus = .analyses
    return selectAnalysis(at: index, &state) + (clicks > 1 ? run("analyses.open", &state) : [])
  case "jobs":
    state.focus = .jobs
    state.jobs.cursor = index
    return clicks > 1 ? run("jobs.why", &state) : []
  case "table.row":
    state.focus = .table
    state.table.changeCurrent { $0.moveRow(to: index) }
    return []
  case "table.column":
    state.focus = .table
    state.table.changeCurrent { $0.moveColumn(toPlace: index) }
    return run("table.sortToggle", &state)
  case "chart.kept":
    state.focus = .chart
    bringToFront(index, &state)
    return []
  case "board":
    state.focus = .chart
    moveBoard(toRow: index, &state)
    return clicks > 1 ? run(state.context == .candidates ? "automl.train" : "automl.open", &state) : []
  case "chart.mark":
    state.focus = .chart
    state.chart.box = nil
    state.chart.cursor = index
    return clicks > 1 ? run("chart.rows", &state) : []
  default: return []
  }
}

private func scroll(_ pane: PaneID, _ wheel: MouseEvent.Wheel, _ state: inout WorkbenchState) -> [Effect] {
  let delta: Int
  switch wheel {
  case .up: delta = -3
  case .down: delta = 3
  case .left, .right:
    guard pane == .table else { return [] }
    state.table.changeCurrent { $0.moveColumn(by: wheel == .left ? -1 : 1) }
    return []
  }
  switch pane {
  case .table: state.table.changeCurrent { $0.moveRow(to: $0.row + delta) }
  case .flow: return selectFlowLine(state.flowPane.cursor + delta.signum(), &state)
  case .datasets:
    state.datasets.cursor = max(0, min(datasetLines(state).count - 1, state.datasets.cursor + delta.signum()))
  case .analyses: state.analyses.scroll = max(0, state.analyses.scroll + delta)
  case .chart where shownTraining(state) != nil: moveBoard(by: delta.signum(), &state)
  case .chart: state.chart.cursor = max(0, state.chart.cursor + delta.signum())
  case .jobs: state.jobs.cursor = max(0, min(state.jobs.rows.count - 1, state.jobs.cursor + delta.signum()))
  case .inspector: state.inspector.scroll = max(0, state.inspector.scroll + delta)
  }
  return []
}

// MARK: Overlays

/// Gives an event to the overlay on top; nil when there is none.
private func handleOverlay(_ event: InputEvent, _ state: inout WorkbenchState) -> [Effect]? {
  guard var top = state.overlays.popLast() else { return nil }
  let outcome = top.handle(event, &state)
  return settle(top, outcome, &state)
}

/// Puts an overlay back on the stack, or does what its outcome says.
func settle(_ overlay: any Overlay, _ outcome: OverlayOutcome, _ state: inout WorkbenchState) -> [Effect] {
  switch outcome {
  case .stay(let effects):
    state.overlays.append(overlay)
    return effects
  case .close(let effects): return effects
  case .click(let place): return handle(.mouse(MouseEvent(.press(.left, clicks: 1), at: place)), &state)
  case .run(let id): return run(id, &state)
  case .replace(let other, let effects):
    state.overlays.append(other)
    return effects
  case .push(let other, let effects):
    state.overlays += [overlay, other]
    return effects
  }
}
