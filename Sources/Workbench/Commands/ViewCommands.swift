import Grid

private func focusing(_ pane: PaneID) -> Command {
  Command(
    CommandID("focus.\(pane)"), "Pane \(pane.key): \(pane.title)", pane.purpose, keys: [pane.key],
    group: .pane, menu: .view,
    availability: { $0.screen == .start ? .disabled("open a dataset first") : .enabled }
  ) { state in
    state.focus = pane
    return []
  }
}

private let isOpen: @Sendable (WorkbenchState) -> Availability = {
  $0.screen == .start ? .disabled("open a dataset first") : .enabled
}

/// Focus, zoom, themes and glyphs.
let viewCommands: [Command] =
  PaneID.numbered.map(focusing) + [
    Command(
      "focus.next", "Next pane", "Moves the focus to the next pane.", keys: ["tab"], group: .pane, menu: .view,
      availability: isOpen
    ) { state in
      moveFocus(by: 1, &state)
      return []
    },
    Command(
      "focus.previous", "Pane before", "Moves the focus to the pane before.", keys: ["shift-tab"], group: .pane,
      menu: .view, availability: isOpen
    ) { state in
      moveFocus(by: -1, &state)
      return []
    },
    Command(
      "view.zoom", "Zoom pane", "Makes the focused pane larger: normal, half, full.", keys: ["w"], group: .pane,
      menu: .view, priority: 2, hint: "zoom", availability: isOpen
    ) { state in
      state.zoom = state.zoom.next
      return []
    },
    Command(
      "view.unzoom", "Zoom back", "Shows all panes again.", keys: ["W"], group: .pane, menu: .view,
      availability: isOpen
    ) { state in
      state.zoom = .normal
      return []
    },
    Command("view.redraw", "Redraw the screen", "Draws everything again.", keys: ["ctrl-l"], group: .pane, menu: .view)
    {
      _ in [.redraw]
    },
    Command("view.theme", "Next theme", "Changes the colours: each theme in turn.", group: .look, menu: .view) {
      state in
      guard !state.themes.isEmpty else { return [] }
      let index = state.themes.firstIndex { $0.name == state.drawing.theme.name } ?? -1
      state.drawing.theme = state.themes[(index + 1) % state.themes.count]
      state.say("Theme: \(state.drawing.theme.name)")
      return [.redraw]
    },
    Command(
      "view.chooseTheme", "Theme…", "Shows each theme on the screen as one goes through their names; Esc goes back.",
      group: .look, menu: .view
    ) { state in
      state.overlays.append(PreviewOverlay.themes(state))
      return []
    },
    Command(
      "view.chooseKeys", "Key map…", "Changes which keys give which commands: assay, VisiData, vim, or arrows alone.",
      group: .look, menu: .view
    ) { state in
      state.overlays.append(PreviewOverlay.keyMaps(state))
      return []
    },
    Command(
      "view.keep", "Keep this look", "Writes the theme and the glyphs of this session into config.toml.",
      group: .look, menu: .view
    ) { state in
      [.keepSettings(["theme": state.drawing.theme.name, "glyphs": state.drawing.glyphs.rawValue])]
    },
    Command(
      "view.glyphs", "Next glyph set", "Changes what charts are drawn with: braille, blocks, ASCII.", group: .look,
      menu: .view
    ) { state in
      let all = GlyphSet.allCases
      let index = all.firstIndex(of: state.drawing.glyphs) ?? 0
      state.drawing.glyphs = all[(index + 1) % all.count]
      state.say("Glyphs: \(state.drawing.glyphs.rawValue)")
      return []
    },
  ]

/// To the next pane or the one before; the inspector is one of them where it is on screen.
private func moveFocus(by delta: Int, _ state: inout WorkbenchState) {
  let panes = PaneID.numbered + (state.layout.panes[.inspector] == nil ? [] : [.inspector])
  let here = panes.firstIndex(of: state.focus) ?? 0
  state.focus = panes[(here + delta + panes.count) % panes.count]
}
