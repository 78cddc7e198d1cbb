import Grid
import Widgets

/// An open menu. Items never vanish: what cannot be used now is dim, and says why when it is chosen. A menu with more
/// commands than the screen has lines shows their groups, each of which opens beside it.
struct MenuOverlay: Overlay {
  /// A line of a menu.
  enum Line: Sendable {
    case command(Command)
    case group(CommandGroup, [Command])
  }

  private(set) var menu: Int
  private var cursor = 0
  /// The cursor in the group that is open; nil where none is.
  private var inner: Int?

  private static let name = "menu.item"
  private static let innerName = "menu.inner"

  init(menu: Int, _ state: WorkbenchState) {
    self.menu = menu
    cursor = Self.firstEnabled(dropdown(state))
  }

  var hints: [(key: String, label: String)] {
    [("Enter", "choose"), ("←→", inner == nil ? "menu" : "back"), ("↑↓", "item"), ("Esc", "close")]
  }

  static func bar(_ state: WorkbenchState, open: Int? = nil) -> MenuBar {
    MenuBar(
      MenuTitle.allCases.map(\.rawValue), open: open, note: titleNote(state),
      mnemonics: MenuTitle.allCases.map(\.mnemonic))
  }

  // MARK: Lines

  /// The lines of a menu where there is room for `rows` of them.
  static func lines(of commands: [Command], rows: Int) -> [Line] {
    guard commands.count > rows else { return commands.map(Line.command) }
    return CommandGroup.allCases.flatMap { group -> [Line] in
      let members = commands.filter { $0.group == group }
      return members.count < 2 ? members.map(Line.command) : [.group(group, members)]
    }
  }

  private func lines(_ state: WorkbenchState) -> [Line] {
    Self.lines(of: state.registry.items(of: MenuTitle.allCases[menu]), rows: bounds(state).height - 2)
  }

  private func dropdown(_ state: WorkbenchState) -> Dropdown {
    let items = lines(state).map { line in
      switch line {
      case .command(let command): Self.item(command, state)
      case .group(let group, _): MenuItem(group.rawValue, hasSubmenu: true)
      }
    }
    return Dropdown(items, cursor: cursor, name: Self.name)
  }

  /// The group that is open.
  private func innerDropdown(_ state: WorkbenchState) -> Dropdown? {
    let lines = lines(state)
    guard let inner, lines.indices.contains(cursor), case .group(_, let members) = lines[cursor] else { return nil }
    return Dropdown(members.map { Self.item($0, state) }, cursor: inner, name: Self.innerName)
  }

  private static func item(_ command: Command, _ state: WorkbenchState) -> MenuItem {
    MenuItem(
      command.title,
      key: command.keys.first.flatMap(KeyEvent.sequence)?.map(\.label).joined(separator: " ") ?? "",
      reason: command.availability(state).reason)
  }

  private static func firstEnabled(_ dropdown: Dropdown) -> Int {
    dropdown.items.firstIndex { $0.isEnabled } ?? 0
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return handle(key, &state)
    case .mouse(let mouse):
      switch mouse.kind {
      case .press(.left, _):
        switch target(at: mouse.position, state) {
        case .item(Self.innerName, let index)?: return chooseInner(index, &state)
        case .item(Self.name, let index)?:
          inner = nil
          cursor = index
          return choose(index, &state)
        case .item("menu", let index)?: return turn(to: index, state)
        case .background?: return .stay()
        default: return .close()
        }
      case .scroll(.down): move(by: 1, &state)
      case .scroll(.up): move(by: -1, &state)
      case .press, .release, .drag, .scroll: break
      }
      return .stay()
    case .paste, .resize, .wake, .hangup, .terminate: return .stay()
    }
  }

  private mutating func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let count = MenuTitle.allCases.count
    switch key.code {
    case .escape where inner != nil, .left where inner != nil, .character("h") where inner != nil: inner = nil
    case .escape, .function(10), .character("q"): return .close()
    case .left, .character("h"): return turn(to: (menu + count - 1) % count, state)
    case .right, .character("l"):
      if inner == nil, opensInner(state) { return .stay() }
      return turn(to: (menu + 1) % count, state)
    case .down, .character("j"): move(by: 1, &state)
    case .up, .character("k"): move(by: -1, &state)
    case .home: if inner == nil { cursor = 0 } else { inner = 0 }
    case .enter: return inner.map { chooseInner($0, &state) } ?? choose(cursor, &state)
    case .character(let character) where key.modifiers == .alt:
      if let index = Self.bar(state).index(mnemonic: character) { return turn(to: index, state) }
    case .character(let character):
      if let open = innerDropdown(state) {
        if let index = open.index(mnemonic: character) { return chooseInner(index, &state) }
        inner = open.index(typing: character) ?? inner
      } else if let index = dropdown(state).index(mnemonic: character) {
        cursor = index
        return choose(index, &state)
      } else {
        cursor = dropdown(state).index(typing: character) ?? cursor
      }
    default: break
    }
    explain(&state)
    return .stay()
  }

  private mutating func move(by delta: Int, _ state: inout WorkbenchState) {
    if let open = innerDropdown(state) {
      inner = open.moved(by: delta)
    } else {
      cursor = dropdown(state).moved(by: delta)
    }
    explain(&state)
  }

  /// Opens the group under the cursor; false where a command stands there.
  private mutating func opensInner(_ state: WorkbenchState) -> Bool {
    let lines = lines(state)
    guard lines.indices.contains(cursor), case .group = lines[cursor] else { return false }
    inner = 0
    inner = innerDropdown(state).map(Self.firstEnabled) ?? 0
    return true
  }

  private mutating func turn(to index: Int, _ state: WorkbenchState) -> OverlayOutcome {
    menu = index
    inner = nil
    cursor = Self.firstEnabled(dropdown(state))
    return .stay()
  }

  private mutating func choose(_ index: Int, _ state: inout WorkbenchState) -> OverlayOutcome {
    let lines = lines(state)
    guard lines.indices.contains(index) else { return .stay() }
    switch lines[index] {
    case .command(let command): return choose(command, &state)
    case .group:
      _ = opensInner(state)
      explain(&state)
      return .stay()
    }
  }

  private mutating func chooseInner(_ index: Int, _ state: inout WorkbenchState) -> OverlayOutcome {
    let lines = lines(state)
    guard lines.indices.contains(cursor), case .group(_, let members) = lines[cursor], members.indices.contains(index)
    else { return .stay() }
    inner = index
    return choose(members[index], &state)
  }

  private func choose(_ command: Command, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard let reason = command.availability(state).reason else { return .run(command.id) }
    state.say("\(command.title): \(reason)", .warning)
    return .stay()
  }

  /// The status line says why the item under the cursor cannot be used, or what it does.
  private func explain(_ state: inout WorkbenchState) {
    let lines = lines(state)
    guard lines.indices.contains(cursor) else { return }
    let command: Command
    switch (lines[cursor], inner) {
    case (.command(let found), _): command = found
    case (.group(_, let members), let index?) where members.indices.contains(index): command = members[index]
    case (.group(let group, let members), _):
      state.say("\(group.rawValue): \(members.count) commands")
      return
    }
    if let reason = command.availability(state).reason {
      state.say("\(command.title): \(reason)", .warning)
    } else {
      state.say(command.summary)
    }
  }

  // MARK: Drawing

  /// Where menus may stand: below the bar, above the status line.
  private func bounds(_ state: WorkbenchState) -> Rect {
    Rect(x: 0, y: 1, width: state.size.width, height: max(0, state.size.height - 3))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let bar = Self.bar(state, open: menu)
    let top = Rect(x: 0, y: 0, width: state.size.width, height: 1)
    var hits = bar.draw(in: top, on: &grid, state.drawing)
    let dropdown = dropdown(state)
    let anchor = bar.anchor(of: menu, in: top)
    hits.add(dropdown.draw(at: anchor, in: bounds(state), on: &grid, state.drawing))
    guard let open = innerDropdown(state) else { return hits }
    let outer = dropdown.rect(at: anchor, in: bounds(state))
    let line = hits.rect(of: .item(Self.name, cursor))?.y ?? outer.y + 1
    hits.add(open.draw(at: Point(x: outer.maxX - 1, y: line - 1), in: bounds(state), on: &grid, state.drawing))
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
