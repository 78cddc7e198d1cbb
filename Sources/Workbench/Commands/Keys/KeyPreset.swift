import Widgets

/// A ready-made key map: what differs from the keys that commands come with, by command. Only differences stand here,
/// so that a new command has its own keys in every map unless somebody gives it others.
public enum KeyPreset: String, CaseIterable, Sendable {
  case assay, visidata, vim, arrows

  /// The preset of a name, `assay` where there is none.
  public init(named name: String) { self = KeyPreset(rawValue: name) ?? .assay }

  /// What it is for, in one line.
  public var summary: String {
    switch self {
    case .assay: "assay's own"
    case .visidata: "VisiData's: Space palette, U R undo and redo, o open, ^T jobs"
    case .vim: "vim's: u ^R undo and redo, dd delete, gt gT panes"
    case .arrows: "no letters: arrows, Enter, Esc, function and control keys"
    }
  }

  /// The keys that commands have in this map instead of those they come with.
  public var keys: [CommandID: [String]] {
    switch self {
    case .assay: [:]
    case .visidata: visidataKeys
    case .vim: vimKeys
    case .arrows: arrowsKeys
    }
  }

  /// Whether a key that a command comes with also holds in this map.
  func keeps(_ key: KeyEvent) -> Bool {
    guard self == .arrows, case .character(let character) = key.code else { return true }
    return !key.modifiers.isEmpty || character == " "
  }
}

private let visidataKeys: [CommandID: [String]] = [
  "palette": ["space", "ctrl-p", ":"],
  "help.pane": ["?", "f1", "backspace"],
  "quit": ["g q", "ctrl-q"],
  "edit.undo": ["U"],
  "edit.redo": ["R"],
  "file.open": ["ctrl-o", "o"],
  "focus.jobs": ["6", "ctrl-t"],
  "focus.flow": ["2", "D"],
  "table.first": ["g g", "g k"],
  "table.last": ["G", "g j"],
  "table.unsort": ["g [", "z ["],
  "chart.first": ["home", "g h"],
  "chart.last": ["end", "g l"],
  "flow.addTransform": ["="],
  "flow.toggle": ["t"],
]

private let vimKeys: [CommandID: [String]] = [
  "edit.undo": ["u"],
  "edit.redo": ["ctrl-r"],
  "file.reload": ["f5"],
  "flow.delete": ["d d", "delete"],
  "analyses.delete": ["d d", "delete"],
  "focus.next": ["tab", "g t", "ctrl-w w"],
  "focus.previous": ["shift-tab", "g T", "ctrl-w W"],
  "view.zoom": ["w", "ctrl-w _"],
  "view.unzoom": ["W", "ctrl-w ="],
  "quit": ["ctrl-q", "Z Q"],
  "table.firstColumn": ["0", "home", "g h"],
  "table.lastColumn": ["$", "end", "g l"],
]

private let arrowsKeys: [CommandID: [String]] = [
  "help.pane": ["f1"],
  "file.save": ["f2", "ctrl-s"],
  "table.chart": ["f4"],
  "file.reload": ["f5", "ctrl-r"],
  "analyses.run": ["f5"],
  "focus.next": ["f6", "tab"],
  "flow.plus": ["f7"],
  "chart.keep": ["f7"],
  "flow.delete": ["f8", "delete"],
  "analyses.delete": ["f8", "delete"],
  "palette": ["f9", "ctrl-p"],
  "menu": ["f10"],
  "view.zoom": ["f11"],
  "edit.undo": ["f12"],
  "edit.redo": ["ctrl-y"],
  "analyses.add": ["ctrl-a"],
  "flow.addTransform": ["ctrl-t"],
  "flow.insert": ["insert"],
  "flow.moveUp": ["shift-up"],
  "flow.moveDown": ["shift-down"],
  "table.target": ["ctrl-t"],
  "table.find": ["f3"],
  "table.filter": ["ctrl-k"],
  "table.goToRow": ["ctrl-g"],
  "table.goToColumn": ["ctrl-w"],
  "table.sortToggle": ["insert"],
  "table.first": ["ctrl-home"],
  "table.last": ["ctrl-end"],
  "chart.fewerBins": ["pageup"],
  "chart.moreBins": ["pagedown"],
]
