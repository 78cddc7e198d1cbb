import Grid
import Settings
import Widgets

extension WorkbenchState {
  /// Takes up a person's preferences at the start.
  mutating func begin(with preferences: Preferences) {
    self.preferences = preferences
    themes = preferences.themes
    drawing.theme = preferences.theme
    drawing.glyphs = preferences.glyphs
    let wrong = preferences.warnings + use(KeyMap(preferences.settings))
    if let first = wrong.first {
      let more = wrong.count > 1 ? " (and \(wrong.count - 1) more: assay config check)" : ""
      say(first.brief + more, .warning)
    }
  }

  /// Changes the key map. Returns what is wrong in it.
  @discardableResult
  mutating func use(_ map: KeyMap) -> [SettingWarning] {
    keyMap = map
    pendingKeys = []
    let bound = CommandRegistry.standard.bound(by: map)
    registry = bound.registry
    return bound.warnings
  }

  /// The first key of a command as the screen shows it; empty where only the palette reaches it.
  func keyLabel(_ id: CommandID) -> String {
    registry[id]?.keys.first.flatMap(KeyEvent.sequence)?.map(\.label).joined(separator: " ") ?? ""
  }
}

/// Takes up preferences that have changed while the workbench runs. Only what the files changed changes: a theme that
/// was chosen on the screen stays until the file names another.
func adopt(_ new: Preferences, _ state: inout WorkbenchState) -> [Effect] {
  let old = state.preferences
  guard new != old else { return [] }
  state.preferences = new
  state.themes = new.themes
  var changed = new.settings.changes(from: old.settings)
  // A theme may also come into being, or go, without another being named.
  if changed.contains("theme") || new.theme.name != old.theme.name {
    state.drawing.theme = new.theme
    if !changed.contains("theme") { changed.append("theme \(new.theme.name)") }
  } else if let same = new.themes.first(where: { $0.name == state.drawing.theme.name }), same != state.drawing.theme {
    state.drawing.theme = same
    changed.append("theme \(same.name)")
  }
  if new.glyphs != old.glyphs { state.drawing.glyphs = new.glyphs }
  var wrong = new.warnings
  let hasNewKeys = new.settings.keyOverrides != old.settings.keyOverrides
  if hasNewKeys || changed.contains("keys") {
    wrong += state.use(KeyMap(new.settings))
    if !changed.contains("keys") { changed.append("keys") }
  } else {
    wrong += CommandRegistry.standard.bound(by: KeyMap(new.settings)).warnings
  }
  if let first = wrong.first {
    state.say(first.brief + (wrong.count > 1 ? " (and \(wrong.count - 1) more: assay config check)" : ""), .warning)
  } else if !changed.isEmpty {
    let later = changed.filter { ["color", "mouse", "threads", "memory"].contains($0) }
    let note = later.isEmpty ? "" : " (\(later.joined(separator: ", ")): at the next start)"
    state.say("Settings read again: \(changed.joined(separator: ", "))\(note).", .success)
  }
  return []
}
