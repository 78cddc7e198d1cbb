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
    case .visidata: "VisiData's: s t u and | , marks, [ z[ sort, c column, Space palette, U R undo"
    case .vim: "vim's: / ? n N * # search, zz scroll, u ^R undo and redo, dd delete, gt gT panes"
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

/// VisiData 3's, as far as assay has the command: the bare key is for this row or column, `g` for more, `z` for less.
/// Keys of assay's that stand in the way have gone to a `z` sequence or a capital.
private let visidataKeys: [CommandID: [String]] = [
  "palette": ["space", "ctrl-p", ":"],
  "help.pane": ["?", "f1", "backspace"],
  "quit": ["g q", "ctrl-q"],
  "edit.undo": ["U"],
  "edit.redo": ["R"],
  "file.open": ["ctrl-o", "o"],
  "focus.datasets": ["1", "S"],
  "focus.jobs": ["6", "ctrl-t"],
  "jump": ["alt-j"],
  "flow.addTransform": ["="],
  "flow.toggle": ["t"],
  // Moving.
  "table.first": ["g g", "g k"],
  "table.last": ["G", "g j"],
  "table.goToColumn": ["c", "g c"],
  "table.goToRow": ["z r", "g r"],
  "chart.first": ["home", "g h", "g g"],
  "chart.last": ["end", "g l", "G"],
  "table.rowToTop": ["z t"],
  "table.rowToMiddle": ["z z"],
  "table.rowToBottom": ["z b"],
  // Marks are what VisiData calls selected rows.
  "table.markOnly": ["s"],
  "table.mark": ["t"],
  "table.unmarkRow": ["u"],
  "table.unmark": ["g u"],
  "datasets.mark": ["t"],
  "datasets.unmark": ["g u"],
  // Order.
  "table.sortAlsoAscending": ["z ["],
  "table.sortAlsoDescending": ["z ]"],
  // Looking closer.
  "table.describe": ["I", "C"],
  "table.cell": ["V", "z enter"],
  // What gave its key away.
  "datasets.all": ["z o"],
  "chart.build": ["z ."],
  "table.keep": ["K"],
  "bias.simpson": ["z s"],
  "table.skipBadRows": ["z s"],
  "table.target": ["T"],
  "explain.row": ["z e"],
  "explain.mark": ["z e"],
  "automl.mark": ["s"],
  "automl.retry": ["z r"],
  "automl.serve": ["z s"],
  "automl.explain": ["z e"],
]

/// vim's: searching, scrolling, `u` and `^R`, panes as tab pages and windows. `?` searches backwards in the table, so
/// that help is F1, as there.
private let vimKeys: [CommandID: [String]] = [
  "help.pane": ["f1", "?"],
  "edit.undo": ["u"],
  "edit.redo": ["ctrl-r"],
  "file.reload": ["f5"],
  "flow.delete": ["d d", "delete"],
  "analyses.delete": ["d d", "delete"],
  "chart.close": ["d d", "delete"],
  "datasets.delete": ["d d", "delete"],
  "focus.next": ["tab", "g t", "ctrl-w w"],
  "focus.previous": ["shift-tab", "g T", "ctrl-w W"],
  "view.zoom": ["w", "ctrl-w _"],
  "view.unzoom": ["W", "ctrl-w ="],
  "quit": ["ctrl-q", "Z Q"],
  // Searching.
  "table.findBackward": ["?"],
  "table.findSameBackward": ["#"],
  // Scrolling and moving.
  "table.rowToTop": ["z t", "z enter"],
  "table.rowToMiddle": ["z z", "z ."],
  "table.rowToBottom": ["z b", "z -"],
  "table.firstColumn": ["0", "^", "home", "g h"],
  "table.lastColumn": ["$", "end", "g l"],
  // Changing.
  "table.renameColumn": ["c w"],
  // What gave its key away.
  "datasets.upload": ["z u"],
  "chart.density": ["z d"],
  "explain.steps": ["z t"],
  "table.type.integer": ["g #"],
  "table.type.currency": ["g $"],
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
