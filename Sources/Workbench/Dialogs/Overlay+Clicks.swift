import Grid
import Widgets

extension Overlay {
  /// What can be clicked as the overlay is drawn now; drawn only when it is asked for.
  func clickable(_ state: WorkbenchState) -> () -> HitMap {
    let shown = self
    let snapshot = state
    return {
      var grid = CellGrid(size: snapshot.size)
      return shown.draw(into: &grid, snapshot)
    }
  }
}
