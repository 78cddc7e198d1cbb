import Grid
import Widgets

/// An open menu. Items never vanish: what cannot be used now is dim, and says why when it is chosen.
struct MenuOverlay: Overlay {
  private(set) var menu: Int
  private var cursor = 0

  init(menu: Int, _ state: WorkbenchState) {
    self.menu = menu
    cursor = Self.firstEnabled(dropdown(state))
  }

  var hints: [(key: String, label: String)] {
    [("Enter", "choose"), ("←→", "menu"), ("↑↓", "item"), ("Esc", "close")]
  }

  private var commands: (WorkbenchState) -> [Command] {
    let title = MenuTitle.allCases[menu]
    return { $0.registry.items(of: title) }
  }

  private func dropdown(_ state: WorkbenchState) -> Dropdown {
    let items = commands(state).map { command in
      MenuItem(
        command.title,
        key: command.keys.first.flatMap(KeyEvent.sequence)?.map(\.label).joined(separator: " ") ?? "",
        reason: command.availability(state).reason)
    }
    return Dropdown(items, cursor: cursor, name: "menu.item")
  }

  private static func firstEnabled(_ dropdown: Dropdown) -> Int {
    dropdown.items.firstIndex { $0.isEnabled } ?? 0
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let count = MenuTitle.allCases.count
    let dropdown = dropdown(state)
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .function(10): return .close()
      case .left: return turn(to: (menu + count - 1) % count, state)
      case .right: return turn(to: (menu + 1) % count, state)
      case .down: cursor = dropdown.moved(by: 1)
      case .up: cursor = dropdown.moved(by: -1)
      case .enter: return choose(cursor, &state)
      case .character(let character) where key.modifiers == .alt:
        let bar = MenuBar(MenuTitle.allCases.map(\.rawValue))
        if let index = bar.index(mnemonic: character) { return turn(to: index, state) }
      case .character("j"): cursor = dropdown.moved(by: 1)
      case .character("k"): cursor = dropdown.moved(by: -1)
      case .character("h"): return turn(to: (menu + count - 1) % count, state)
      case .character("l"): return turn(to: (menu + 1) % count, state)
      case .character("q"): return .close()
      case .character(let character):
        if let index = dropdown.index(typing: character) { cursor = index }
      default: break
      }
      explain(dropdown, &state)
      return .stay()
    case .mouse(let mouse):
      guard case .press(.left, _) = mouse.kind else { return .stay() }
      switch target(at: mouse.position, state) {
      case .item("menu.item", let index)?: return choose(index, &state)
      case .item("menu", let index)?: return turn(to: index, state)
      default: return .close()
      }
    case .paste, .resize, .wake, .hangup, .terminate: return .stay()
    }
  }

  private mutating func turn(to index: Int, _ state: WorkbenchState) -> OverlayOutcome {
    menu = index
    cursor = Self.firstEnabled(dropdown(state))
    return .stay()
  }

  private func choose(_ index: Int, _ state: inout WorkbenchState) -> OverlayOutcome {
    let commands = commands(state)
    guard commands.indices.contains(index) else { return .stay() }
    if let reason = commands[index].availability(state).reason {
      state.say("\(commands[index].title): \(reason)", .warning)
      return .stay()
    }
    return .run(commands[index].id)
  }

  /// The status line says why the item under the cursor cannot be used, or what it does.
  private func explain(_ dropdown: Dropdown, _ state: inout WorkbenchState) {
    let commands = commands(state)
    guard commands.indices.contains(cursor) else { return }
    if let reason = commands[cursor].availability(state).reason {
      state.say("\(commands[cursor].title): \(reason)", .warning)
    } else {
      state.say(commands[cursor].summary)
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let bar = MenuBar(MenuTitle.allCases.map(\.rawValue), open: menu, note: titleNote(state))
    let top = Rect(x: 0, y: 0, width: state.size.width, height: 1)
    var hits = bar.draw(in: top, on: &grid, state.drawing)
    let bounds = Rect(x: 0, y: 1, width: state.size.width, height: max(0, state.size.height - 3))
    hits.add(dropdown(state).draw(at: bar.anchor(of: menu, in: top), in: bounds, on: &grid, state.drawing))
    return hits
  }
}

extension Overlay {
  /// What a click on a cell means while the overlay is on top.
  func target(at point: Point, _ state: WorkbenchState) -> HitTarget? {
    var scratch = CellGrid(size: state.size)
    return draw(into: &scratch, state).target(at: point)
  }
}
