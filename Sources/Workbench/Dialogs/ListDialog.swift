import Grid
import Widgets

/// What dialogs with a list share: typing narrows it, arrows move, Enter chooses. Not an overlay itself.
struct ListDialog: Sendable {
  /// One thing to choose.
  struct Entry: Sendable, Equatable {
    var id: String
    var title: String
    /// One line of help beside the title.
    var help: String
    /// Why it cannot be chosen now.
    var reason: String?
    /// The heading that it stands under; empty for none.
    var group = ""
    /// More words that typing finds it by.
    var words = ""
    /// A paragraph for F2; empty takes the line of help.
    var explanation = ""
  }

  /// What an event did.
  enum Event: Sendable, Equatable {
    case handled
    case chosen(String)
    case cancelled
  }

  var title: String
  var step = ""
  var note = ""
  var entries: [Entry]
  private(set) var filter = TextFieldState()
  /// The entry under the cursor, among the visible ones.
  private(set) var cursor = 0
  private(set) var explanation: Entry?
  /// Leaves the left of the screen free, for what the choice changes there.
  var standsAtRight = false

  init(_ title: String, step: String = "", note: String = "", entries: [Entry]) {
    self.title = title
    self.step = step
    self.note = note
    self.entries = entries
  }

  /// The entries that the filter leaves: every word of it occurs in the title, the help or the heading.
  var visible: [Entry] {
    let words = filter.text.lowercased().split(separator: " ")
    if words.isEmpty { return entries }
    return entries.filter { entry in
      let text = "\(entry.title) \(entry.help) \(entry.group) \(entry.words)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  /// The first entry whose title begins with what was typed, or else has all of its words; one that only mentions them
  /// comes last.
  private var bestMatch: Int {
    let words = filter.text.lowercased().split(separator: " ")
    let (start, titles) = (words.joined(separator: " "), visible.map { $0.title.lowercased() })
    return titles.firstIndex { $0.hasPrefix(start) }
      ?? titles.firstIndex { title in words.allSatisfy { title.contains($0) } } ?? 0
  }

  var current: Entry? {
    let visible = visible
    return visible.indices.contains(cursor) ? visible[cursor] : nil
  }

  /// Puts the cursor on an entry.
  mutating func select(_ id: String) {
    if let index = visible.firstIndex(where: { $0.id == id }) { cursor = index }
  }

  // MARK: Events

  /// A disabled entry that is chosen says its reason in the status line.
  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> Event {
    if explanation != nil {
      switch event {
      case .key: explanation = nil
      case .mouse(let mouse): if case .press = mouse.kind { explanation = nil }
      case .paste, .resize, .wake, .hangup, .terminate: break
      }
      return .handled
    }
    switch event {
    case .key(let key): return handle(key, &state)
    case .paste(let text):
      filter.insert(text)
      cursor = bestMatch
    case .mouse(let mouse):
      switch mouse.kind {
      case .press(.left, _):
        var grid = CellGrid(size: state.size)
        let hits = draw(into: &grid, state)
        guard case .item(_, let line)? = hits.target(at: mouse.position), let index = entryIndex(line: line) else {
          return .handled
        }
        cursor = index
        return choose(&state)
      case .scroll(.up): move(by: -1)
      case .scroll(.down): move(by: 1)
      case .press, .release, .drag, .scroll: break
      }
    case .resize, .wake, .hangup, .terminate: break
    }
    return .handled
  }

  private mutating func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> Event {
    switch key {
    case .escape:
      if filter.isEmpty { return .cancelled }
      filter = TextFieldState()
      cursor = 0
    case .enter: return choose(&state)
    case .up, .backTab: move(by: -1)
    case .down, .tab: move(by: 1)
    case .pageUp: move(by: -8)
    case .pageDown: move(by: 8)
    case .home: cursor = 0
    case .end: cursor = max(0, visible.count - 1)
    case KeyEvent(.function(2)): explanation = current
    case .space where filter.isEmpty: break
    default:
      let before = filter.text
      if filter.handle(key), filter.text != before { cursor = bestMatch }
    }
    return .handled
  }

  private mutating func move(by delta: Int) { cursor = min(max(0, cursor + delta), max(0, visible.count - 1)) }

  private func choose(_ state: inout WorkbenchState) -> Event {
    guard let entry = current else { return .handled }
    if let reason = entry.reason {
      state.say("\(entry.title): \(reason)", .warning)
      return .handled
    }
    return .chosen(entry.id)
  }

  // MARK: Drawing

  /// The lines of the list: headings where the group changes, and entries.
  private var lines: [(item: ListItem, entry: Int?)] {
    let visible = visible
    let widest = visible.map { TextWidth.of($0.title) }.max() ?? 0
    var lines: [(item: ListItem, entry: Int?)] = []
    var group = ""
    for (index, entry) in visible.enumerated() {
      if entry.group != group {
        group = entry.group
        lines.append((.heading(group), nil))
      }
      let text = TextWidth.fit(entry.title, widest) + "  " + (entry.reason == nil ? entry.help : "")
      lines.append((ListItem(text, reason: entry.reason), index))
    }
    return lines
  }

  private func entryIndex(line: Int) -> Int? {
    let lines = lines
    return lines.indices.contains(line) ? lines[line].entry : nil
  }

  var hints: [(key: String, label: String)] {
    [
      ("↑↓", "choose"), ("Enter", "next"), ("type", "search"), ("F2", "explain"),
      ("Esc", filter.isEmpty ? "back" : "clear"),
    ]
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    var bounds = FormDialog.bounds(state.size)
    if standsAtRight { bounds = bounds.splitRight(48).0 }
    let lines = lines
    let all = ListDialog(title, entries: entries).lines
    let widest = all.map { TextWidth.of($0.item.text) + ($0.item.reason.map { TextWidth.of($0) + 1 } ?? 0) + 3 }
    let size = Size(width: min(76, max(standsAtRight ? 30 : 44, widest.max() ?? 0)), height: all.count + 2)
    let rect = DialogFrame.rect(for: size, in: bounds)
    var hits = DialogFrame(title, step: step, note: note, hints: "Enter: next  Esc: back")
      .draw(in: rect, on: &grid, context)
    let (search, list) = DialogFrame.inner(rect).splitTop(rect.height > 6 ? 2 : 1)
    TextFieldView(filter, placeholder: "type to search").draw(in: search, on: &grid, context)
    let view = ListView(
      lines.map(\.item), cursor: lines.firstIndex { $0.entry == cursor }, name: "dialog",
      placeholder: "Nothing is called that. Esc shows all.")
    hits.add(view.draw(in: list, on: &grid, context))
    if let explanation {
      let text = explanation.explanation.isEmpty ? explanation.help : explanation.explanation
      let block = TextBlock(text + (explanation.reason.map { "\n\nNot now: \($0)." } ?? ""))
      let across = max(1, min(56, bounds.width - 4))
      let place = DialogFrame.rect(for: Size(width: across, height: block.height(width: across)), in: bounds)
      _ = DialogFrame(explanation.title, hints: "any key: back").draw(in: place, on: &grid, context)
      block.draw(in: DialogFrame.inner(place), on: &grid, context)
    }
    return hits
  }
}
