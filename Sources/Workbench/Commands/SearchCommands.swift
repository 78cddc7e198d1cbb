import Engine
import Flow
import Frame

private let hasSearch: @Sendable (WorkbenchState) -> Availability = { state in
  state.table.current?.search == nil ? .disabled("nothing is searched for: / searches") : .enabled
}

/// Finding rows by a pattern or by the value of a cell, and where on screen the row stands.
let searchCommands: [Command] = [
  rowCommand(
    "find", "Find…", "Goes to the next row in which a regular expression is found in this column, and counts them.",
    keys: ["/"], priority: 9, hint: "find"
  ) { promptFind(in: currentColumn($0)?.name, &$0) },
  rowCommand(
    "findAnywhere", "Find in all columns…", "The same, in whichever column it is found.", keys: ["g /"]
  ) { promptFind(in: nil, &$0) },
  rowCommand(
    "findBackward", "Find backwards…", "Goes to the row before in which a regular expression is found in this column."
  ) { promptFind(in: currentColumn($0)?.name, isBackward: true, &$0) },
  rowCommand(
    "findNext", "Next match", "Goes to the next row that matches, in the direction of the search.", keys: ["n"],
    availability: hasSearch
  ) { searchAgain(reversed: false, &$0) },
  rowCommand(
    "findPrevious", "Match before", "Goes to the row before that matches, against the direction of the search.",
    keys: ["N"], availability: hasSearch
  ) { searchAgain(reversed: true, &$0) },
  rowCommand(
    "findSame", "Find this text again", "Searches this column for the whole text of the cell, capitals aside.",
    keys: ["*"]
  ) { findSame(isBackward: false, &$0) },
  rowCommand(
    "findSameBackward", "Find this text backwards", "The same, going up."
  ) { findSame(isBackward: true, &$0) },
  placing("rowToTop", "Row to the top", "Scrolls so that this row is the first on screen.") { _ in 0 },
  placing("rowToMiddle", "Row to the middle", "Scrolls so that this row stands in the middle.") { $0 / 2 },
  placing("rowToBottom", "Row to the bottom", "Scrolls so that this row is the last on screen.") { $0 - 1 },
]

/// A command that scrolls without moving the cursor.
/// - Parameter lines: how many lines shall stand above the row, of as many as fit.
private func placing(
  _ name: String, _ title: String, _ summary: String, lines: @escaping @Sendable (Int) -> Int
) -> Command {
  rowCommand(name, title, summary, menu: nil) { state in
    let height = state.table.visibleRows
    state.table.changeCurrent { $0.top = max(0, $0.row - max(0, lines(height))) }
    return []
  }
}

private func promptFind(in column: String?, isBackward: Bool = false, _ state: inout WorkbenchState) -> [Effect] {
  let place = column ?? "all columns"
  state.overlays.append(
    TablePrompt(
      title: "Find \(isBackward ? "backwards " : "")in \(place)", label: "Regular expression", schema: [],
      note: { text, _ in
        text.isEmpty || SmartCase.ignoresCase(text)
          ? "capitals ignored, until the pattern has one" : "capitals count"
      },
      accept: { text, state in
        find(TextMatch(text, in: column.map { [$0] }), isBackward: isBackward, &state)
      }))
  return []
}

private func findSame(isBackward: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current, let column = currentColumn(state), view.isLoaded(view.row) else { return [] }
  guard let text = view.text(row: view.row, column: view.column), !text.isEmpty else {
    state.say("This cell holds no text to look for: g , shows the rows that are like it.")
    return []
  }
  let match = TextMatch("^" + literalPattern(text) + "$", in: [column.name])
  return find(match, from: isBackward ? -1 : 1, isBackward: isBackward, &state)
}

/// A regular expression that a text alone matches.
func literalPattern(_ text: String) -> String {
  text.map { character in
    switch character {
    case "\n": "\\n"
    case "\r\n": "\\r\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: #"\.+*?()[]{}|^$"#.contains(character) ? "\\\(character)" : String(character)
    }
  }.joined()
}
