import Grid
import Widgets

/// A list of which the choice under the cursor is in force at once: the screen beside it is the preview. Enter keeps
/// it for this session, Esc goes back to what was before.
struct PreviewOverlay: Overlay {
  private var dialog: ListDialog
  private let apply: @Sendable (String, inout WorkbenchState) -> Void
  private let restore: @Sendable (inout WorkbenchState) -> Void
  private let done: @Sendable (String, WorkbenchState) -> String

  var hints: [(key: String, label: String)] {
    [("↑↓", "try"), ("Enter", "take"), ("type", "search"), ("Esc", "as it was")]
  }

  static func themes(_ state: WorkbenchState) -> PreviewOverlay {
    let before = state.drawing.theme
    let entries = state.themes.map { theme in
      ListDialog.Entry(
        id: theme.name, title: theme.name, help: theme.isDark ? "dark" : "light",
        explanation: "\(theme.name), for \(theme.isDark ? "dark" : "light") terminals. View › Keep this look writes it "
          + "into config.toml.")
    }
    return PreviewOverlay(
      title: "Theme", entries: entries, current: before.name,
      apply: { name, state in
        if let theme = state.themes.first(where: { $0.name == name }) { state.drawing.theme = theme }
      },
      restore: { $0.drawing.theme = before }, done: { name, _ in "Theme: \(name)" })
  }

  static func keyMaps(_ state: WorkbenchState) -> PreviewOverlay {
    let before = state.keyMap
    let entries = KeyPreset.allCases.map { preset in
      ListDialog.Entry(id: preset.rawValue, title: preset.rawValue, help: preset.summary)
    }
    var overlay = PreviewOverlay(
      title: "Key map", entries: entries, current: before.preset.rawValue,
      apply: { name, state in
        var map = before
        map.preset = KeyPreset(named: name)
        state.use(map)
      },
      restore: { $0.use(before) },
      done: { name, state in
        let help = state.keyLabel("help.pane")
        return "Keys: \(name)." + (help.isEmpty ? "" : " \(help) shows them.")
      })
    overlay.dialog.standsAtRight = false
    return overlay
  }

  private init(
    title: String, entries: [ListDialog.Entry], current: String,
    apply: @escaping @Sendable (String, inout WorkbenchState) -> Void,
    restore: @escaping @Sendable (inout WorkbenchState) -> Void,
    done: @escaping @Sendable (String, WorkbenchState) -> String
  ) {
    dialog = ListDialog(title, entries: entries)
    dialog.standsAtRight = true
    dialog.select(current)
    self.apply = apply
    self.restore = restore
    self.done = done
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, &state) {
    case .handled:
      if let entry = dialog.current { apply(entry.id, &state) } else { restore(&state) }
      return .stay()
    case .chosen(let id):
      apply(id, &state)
      state.say(done(id, state), .success)
      return .close([.redraw])
    case .cancelled:
      restore(&state)
      return .close()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { dialog.draw(into: &grid, state) }
}
