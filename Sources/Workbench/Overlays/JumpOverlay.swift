import Grid
import Widgets

/// Jump mode: letters lie over everything that can be clicked; typing one clicks it.
struct JumpOverlay: Overlay {
  /// A place to click, and the letters that do it.
  struct Target: Equatable, Sendable {
    var label: String
    var place: Point
  }

  private var typed = ""

  private static let letters = Array("asdfghjklqwertyuiopzxcvbnm")
  /// Marks of a chart beyond this many get no letters: they would hide it.
  private static let mostMarks = 60

  var hints: [(key: String, label: String)] { [("type", "the letters of a place"), ("Esc", "leave")] }

  /// Every place with its letters; no label begins another one.
  static func targets(_ state: WorkbenchState) -> [Target] {
    var below = state
    if below.overlays.last is JumpOverlay { below.overlays.removeLast() }
    let hits = Workbench.draw(below).hits
    let marks = hits.entries.count { if case .item("chart.mark", _) = $0.target { true } else { false } }
    var seen: Set<Point> = []
    let places = hits.entries.compactMap { entry -> Point? in
      switch entry.target {
      case .background: return nil
      case .item("chart.mark", _) where marks > mostMarks: return nil
      case .command, .item, .keys, .pane, .field, .option, .tab: break
      }
      // What lies under something else cannot be clicked.
      let place = Point(x: max(0, entry.rect.x), y: max(0, entry.rect.y))
      guard hits.target(at: place) == entry.target, seen.insert(place).inserted else { return nil }
      return place
    }.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    return zip(labels(places.count), places).map { Target(label: $0, place: $1) }
  }

  /// Single letters as far as they go, then pairs.
  static func labels(_ count: Int) -> [String] {
    let base = letters.count
    if count <= base { return letters.prefix(count).map { String($0) } }
    let singles = max(0, (base * base - count) / (base - 1))
    let pairs = letters.dropFirst(singles).flatMap { first in letters.map { "\(first)\($0)" } }
    return Array((letters.prefix(singles).map { String($0) } + pairs).prefix(count))
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      guard let letter = key.typed?.lowercased() else { return .close() }
      typed += letter
      let left = Self.targets(state).filter { $0.label.hasPrefix(typed) }
      if let found = left.first, found.label == typed { return .click(found.place) }
      if left.isEmpty {
        state.say("No place has the letters \(typed).")
        return .close()
      }
      return .stay()
    case .mouse(let mouse):
      if case .press = mouse.kind { return .close() }
      return .stay()
    case .paste, .resize, .wake, .hangup, .terminate: return .stay()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    for target in Self.targets(state) where target.label.hasPrefix(typed) {
      let rest = String(target.label.dropFirst(typed.count))
      // A letter in the last column of cells would be cut: it moves to the left.
      let x = max(0, min(target.place.x, grid.size.width - rest.count))
      grid.draw(rest, x: x, y: target.place.y, style: context.cursorStyle.bold())
    }
    return HitMap()
  }
}
