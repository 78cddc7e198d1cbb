import Engine
import Grid
import Widgets

/// The inspector pane: the column under the table's cursor in depth.
func drawInspectorPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  drawHint(["i in the table shows a column in depth."], state, into: &grid, in: rect)
}

/// What stands at the right end of the inspector's title.
func inspectorNote(_ state: WorkbenchState) -> String { currentColumn(state)?.kind.rawValue ?? "" }
