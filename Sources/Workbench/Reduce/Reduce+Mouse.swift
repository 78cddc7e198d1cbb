import Grid
import Widgets

/// A click on a hint of a key presses the key, over a dialog too; nil for anything else.
func handleHint(_ event: InputEvent, _ state: inout WorkbenchState) -> [Effect]? {
  guard case .mouse(let mouse) = event, case .press(.left, _) = mouse.kind, !state.overlays.isEmpty,
    !(state.overlays.last is JumpOverlay), case .keys(let keys)? = draw(state).hits.target(at: mouse.position)
  else { return nil }
  return (KeyEvent.sequence(keys) ?? []).flatMap { handle(.key($0), &state) }
}

/// Jump mode begins over dialogs too; nil for any other key.
func handleJump(_ event: InputEvent, _ state: inout WorkbenchState) -> [Effect]? {
  guard case .key(let key) = event, let top = state.overlays.last, !(top is JumpOverlay),
    state.registry.match([key], in: .everywhere) == .command("jump"), key.typed == nil
  else { return nil }
  state.overlays.append(JumpOverlay())
  return []
}

/// A click on a row takes its column along; a double click is Enter.
func clickCell(at place: Point, clicks: Int, _ hits: HitMap, _ state: inout WorkbenchState) -> [Effect] {
  for entry in hits.entries {
    guard case .item("table.column", let column) = entry.target else { continue }
    if (entry.rect.x...entry.rect.maxX).contains(place.x) { state.table.changeCurrent { $0.moveColumn(to: column) } }
  }
  return clicks > 1 ? run("table.row", &state) : []
}

// MARK: Dragging

/// Takes hold of a border, or begins a box over the chart. True where nothing else is to happen.
func beginDrag(at place: Point, clicks: Int, _ drawn: Drawn, _ state: inout WorkbenchState) -> Bool {
  state.drag = nil
  if let border = drawn.layout.separators.last(where: { $0.rect.contains(place) }) {
    if clicks > 1 {
      state.splits[border.id] = nil
      return true
    }
    state.drag = .border(border.id, from: place, offset: border.offset)
    return false
  }
  if shownChart(state) != nil, state.screen == .workbench,
    paneInterior(.chart, state, drawn.layout).contains(place)
  {
    state.drag = .chart(from: place, to: place)
  }
  return false
}

func drag(to place: Point, _ state: inout WorkbenchState) {
  switch state.drag {
  case .border(let id, let from, let offset)?:
    guard let border = state.layout.separators.first(where: { $0.id == id }) else { return }
    state.splits[id] = offset + (border.isVertical ? place.x - from.x : place.y - from.y)
    // What the layout allows is what is kept, so that dragging back answers at once.
    state.splits[id] = state.layout.separators.first { $0.id == id }?.offset
  case .chart(let from, _)?:
    let inside = paneInterior(.chart, state, state.layout)
    guard !inside.isEmpty else { return }
    let x = min(max(place.x, inside.x), inside.maxX - 1)
    let y = min(max(place.y, inside.y), inside.maxY - 1)
    state.drag = .chart(from: from, to: Point(x: x, y: y))
  case nil: break
  }
}

func endDrag(at place: Point, _ state: inout WorkbenchState) -> [Effect] {
  drag(to: place, &state)
  defer { state.drag = nil }
  guard case .chart(let from, let to)? = state.drag, from != to else { return [] }
  return box(from: from, to: to, &state)
}

/// A box between two cells of the screen was dragged over the chart.
func box(from: Point, to: Point, _ state: inout WorkbenchState) -> [Effect] {
  let inside = paneInterior(.chart, state, state.layout)
  guard !inside.isEmpty, shownChart(state) != nil else { return [] }
  let first = Point(x: min(from.x, to.x) - inside.x, y: min(from.y, to.y) - inside.y)
  let last = Point(x: max(from.x, to.x) - inside.x, y: max(from.y, to.y) - inside.y)
  state.focus = .chart
  state.chart.box = ChartBox(first: first, last: last)
  sayBox(&state)
  return []
}
