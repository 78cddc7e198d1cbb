import Engine
import Grid
import Widgets

/// Something that lies over the panes and takes the keys: a menu, the palette, help, a dialog.
public protocol Overlay: Sendable {
  /// What keeps it on screen or ends it after an event.
  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome

  /// A job that the overlay asked for has something to say.
  mutating func receive(_ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState)
    -> OverlayOutcome

  /// A folder that was asked for was listed.
  mutating func receive(_ listing: FolderListing)

  /// Asks for what it needs and has not asked for yet. Called after every action while it lies on top.
  mutating func fetch(_ state: inout WorkbenchState) -> [Effect]

  /// Draws over `grid`, which shows what lies below, and returns what can be clicked.
  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap

  /// The footer's hints while it is open.
  var hints: [(key: String, label: String)] { get }
}

extension Overlay {
  public mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome { .stay() }
  public mutating func receive(_ listing: FolderListing) {}
  public mutating func fetch(_ state: inout WorkbenchState) -> [Effect] { [] }
}

/// What becomes of an overlay after an event.
public enum OverlayOutcome: Sendable {
  case stay([Effect] = [])
  case close([Effect] = [])
  /// Closes and runs a command.
  case run(CommandID)
  /// Another takes its place; Esc there does not come back.
  case replace(any Overlay, [Effect] = [])
  /// Closes, and what lies below is clicked at this cell.
  case click(Point)
  /// Another lies over it.
  case push(any Overlay, [Effect] = [])
}
