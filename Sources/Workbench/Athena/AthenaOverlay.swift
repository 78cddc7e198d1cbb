import Engine
import Frame
import Grid
import Widgets

/// SQL for Athena: an editor that completes from the catalogue, what a query may cost and has cost, its first rows, and
/// the queries before it. What is typed and what runs stay when it is closed.
struct AthenaOverlay: Overlay {
  private var isInHistory = false
  private var cursor = 0
  /// The completion under the cursor of the list.
  private var offer = 0
  /// The text for which the list was put away.
  private var hidden: String?

  var hints: [(key: String, label: String)] {
    if isInHistory {
      return [("Enter", "edit again"), ("o", "open its rows"), ("F8", "back to the editor"), ("Esc", "back")]
    }
    return [
      ("^R", "run"), ("Tab", "complete"), ("F4", "cost"), ("F6", "database"), ("F7", "from flow"), ("F8", "history"),
      ("^O", "open rows"), ("^G", "undo"), ("Esc", "close"),
    ]
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] { fetchAthena(&state) }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return isInHistory ? inHistory(key, &state) : inEditor(key, &state)
    case .paste(let text):
      if !isInHistory { state.athena.editor.insert(text) }
    case .mouse(let mouse): click(mouse, &state)
    case .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func click(_ mouse: MouseEvent, _ state: inout WorkbenchState) {
    let parts = Parts(state)
    switch mouse.kind {
    case .press(.left, _) where parts.editor.contains(mouse.position):
      let place = editorView(state).place(at: mouse.position, in: parts.editor)
      state.athena.editor.move(toRow: place.row, column: place.column)
      isInHistory = false
    case .scroll(.down): move(by: 1, &state)
    case .scroll(.up): move(by: -1, &state)
    default: break
    }
  }

  private mutating func move(by delta: Int, _ state: inout WorkbenchState) {
    if isInHistory {
      cursor = max(0, min((state.athena.history?.count ?? 0) - 1, cursor + delta))
    } else {
      _ = state.athena.editor.handle(delta > 0 ? .down : .up)
    }
  }

  private mutating func inHistory(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let records = state.athena.history ?? []
    let record = records.indices.contains(cursor) ? records[cursor] : nil
    switch key.code {
    case .escape, .function(8), .character("q"): isInHistory = false
    case .down, .character("j"): move(by: 1, &state)
    case .up, .character("k"): move(by: -1, &state)
    case .home: cursor = 0
    case .end: cursor = max(0, records.count - 1)
    case .enter:
      guard let record else { break }
      state.athena.editor.set(record.query.sql)
      state.athena.database = record.query.database ?? state.athena.database
      isInHistory = false
    case .character("o"):
      guard let path = record?.path, Source.isElsewhere(path) || state.fileExists(path) else {
        state.say("The rows of this query are not kept: Enter takes its SQL, ^R runs it again.", .warning)
        break
      }
      return .close(openAthenaResult(path, &state))
    default: break
    }
    return .stay()
  }

  private mutating func inEditor(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let (offers, typed) = shownOffers(state)
    switch (key.code, key.modifiers) {
    case (.escape, _):
      if offers.isEmpty { return .close() }
      hidden = state.athena.editor.text
      return .stay()
    case (.character("r"), .control), (.function(5), _):
      // Who runs it has finished typing.
      hidden = state.athena.editor.text
      return .stay(runAthena(&state))
    case (.function(4), _): return .stay(estimateAthena(&state))
    case (.function(6), _): return .push(AthenaPlaceOverlay(state))
    case (.function(7), _): return .stay(takeFlow(&state))
    case (.function(8), _):
      if state.athena.history?.isEmpty ?? true {
        state.say("No query has been run from here yet.", .info)
      } else {
        (isInHistory, cursor) = (true, 0)
      }
    case (.character("o"), .control):
      guard case .done(let outcome, _) = state.athena.phase, let path = outcome.path else {
        state.say("There are no rows to open: ^R runs the query.", .warning)
        return .stay()
      }
      return .close(openAthenaResult(path, &state))
    case (.character("c"), .control):
      guard case .running(let request, _) = state.athena.phase else { return .close() }
      state.say("Stopping the query")
      return .stay([.cancel(request)])
    case (.tab, _):
      if offers.isEmpty {
        state.athena.editor.insert("  ")
      } else {
        state.athena.editor.replace(last: typed, with: offers[min(offer, offers.count - 1)].text)
        offer = 0
      }
    case (.character("n"), .control) where !offers.isEmpty: offer = (offer + 1) % offers.count
    case (.character("p"), .control) where !offers.isEmpty: offer = (offer + offers.count - 1) % offers.count
    default:
      let before = state.athena.editor.text
      let page = max(1, Parts(state).editor.height - 1)
      guard state.athena.editor.handle(key, page: page) else { return .stay() }
      if state.athena.editor.text != before { offer = 0 }
    }
    return .stay()
  }

  /// Puts the selected step into the editor, in Athena's SQL.
  private func takeFlow(_ state: inout WorkbenchState) -> [Effect] {
    guard let request = state.table.views.first?.request else {
      state.say("There is no flow to put into SQL: open a dataset first.", .warning)
      return []
    }
    return [state.ask(.cloud(.statement(request)), for: .athena(.statement)).1]
  }

  /// What completion offers now: nothing after Esc, until something else is typed.
  private func shownOffers(_ state: WorkbenchState) -> (offers: [SQLWords.Offer], typed: Int) {
    if isInHistory || hidden == state.athena.editor.text { return ([], 0) }
    return SQLWords.offers(state.athena)
  }

  // MARK: Drawing

  /// The rectangles of the screen.
  private struct Parts {
    let frame: Rect
    var place = Rect.zero
    var editor = Rect.zero
    var facts = Rect.zero
    var rows = Rect.zero
    var history = Rect.zero

    init(_ state: WorkbenchState) {
      frame = FormDialog.bounds(state.size)
      let inner = DialogFrame.inner(frame)
      var rest: Rect
      (place, rest) = inner.splitTop(inner.height > 8 ? 1 : 0)
      let hasRows = state.athena.preview != nil
      let below = inner.height < 10 ? 2 : max(6, inner.height * (hasRows ? 3 : 2) / 5)
      let (above, lower) = rest.splitTop(max(1, rest.height - below))
      editor = above
      (facts, rest) = lower.splitTop(min(lower.height, inner.height < 10 ? 2 : 3))
      guard hasRows else {
        history = rest
        return
      }
      (rows, history) = rest.splitTop(rest.height < 9 ? rest.height : rest.height * 3 / 5)
    }
  }

  private func editorView(_ state: WorkbenchState) -> TextAreaView {
    let context = state.drawing
    return TextAreaView(
      state.athena.editor, placeholder: "SELECT … FROM database.table", isFocused: !isInHistory
    ) { SQLWords.marks($0, context) }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let parts = Parts(state)
    let account = state.datasets.cloud.account
    let note = account.map { "profile \($0.profile) · \($0.catalogue ?? $0.region)" } ?? ""
    var hits = DialogFrame("Athena", note: note, hints: "^R: run  Esc: close").draw(
      in: parts.frame, on: &grid, context)
    drawPlace(in: parts.place, into: &grid, state)
    editorView(state).draw(in: parts.editor, on: &grid, context)
    drawFacts(in: parts.facts, into: &grid, state)
    drawRows(in: parts.rows, into: &grid, state)
    hits.add(drawHistory(in: parts.history, into: &grid, state))
    drawOffers(parts, into: &grid, state)
    return hits
  }

  private func drawPlace(in row: Rect, into grid: inout CellGrid, _ state: WorkbenchState) {
    if row.isEmpty { return }
    let athena = state.athena
    let parts = [
      "database \(athena.database ?? "none")",
      "result \(athena.output.isEmpty ? "where the workgroup says" : athena.output)",
      athena.unload.isEmpty ? "" : "Parquet to \(athena.unload)",
      athena.workgroup.isEmpty ? "" : "workgroup \(athena.workgroup)", "F6 changes",
    ]
    grid.draw(
      TextWidth.fit(parts.filter { !$0.isEmpty }.joined(separator: " · "), row.width), x: row.x, y: row.y,
      style: state.drawing.mutedStyle, width: row.width)
  }

  /// What the query may cost, and how it stands.
  private func drawFacts(in rect: Rect, into grid: inout CellGrid, _ state: WorkbenchState) {
    if rect.isEmpty { return }
    let context = state.drawing
    let rule = String(repeating: context.glyphs == .ascii ? "-" : "─", count: rect.width)
    let hasRule = rect.height > 2
    if hasRule { grid.draw(rule, x: rect.x, y: rect.y, style: context.style(context.theme.ui.border)) }
    let lines = [costLine(state), phaseLine(state)]
    for (offset, line) in lines.enumerated() {
      let y = rect.y + offset + (hasRule ? 1 : 0)
      guard y < rect.maxY else { return }
      let style = line.level?.style(context) ?? context.mutedStyle
      let mark = line.level.map { $0.mark(context.glyphs) + " " } ?? "  "
      grid.draw(TextWidth.fit(mark + line.text, rect.width), x: rect.x, y: y, style: style, width: rect.width)
    }
  }

  private func costLine(_ state: WorkbenchState) -> (text: String, level: Level?) {
    let sql = state.athena.editor.text
    switch state.athena.cost {
    case .none: return ("F4 counts what the tables of the query hold: the most that it can cost.", nil)
    case .counting: return ("counting what the tables hold…", .running)
    case .failed(let text, let asked):
      return asked == sql ? (text, .warning) : ("F4 counts what the tables of this query hold.", nil)
    case .known(let estimate, let asked):
      guard asked == sql else { return ("The query has changed: F4 counts again.", nil) }
      if estimate.tables.isEmpty { return ("It names no table: nothing is read.", .info) }
      let unknown = estimate.tables.filter { $0.bytes == nil }.map(\.name)
      let known = estimate.tables.count - unknown.count
      if known == 0 { return ("Nobody knows how much it reads: \(unknown.joined(separator: ", ")).", .warning) }
      let text = "reads at most \(byteText(estimate.bytes)), \(dollarText(estimate.dollars)) at $5 per TB"
      return unknown.isEmpty
        ? (text, .info) : (text + ", without \(unknown.joined(separator: ", ")), whose size nobody knows", .warning)
    }
  }

  private func phaseLine(_ state: WorkbenchState) -> (text: String, level: Level?) {
    switch state.athena.phase {
    case .none: return (state.athena.refusal.map { "No completion: \($0)" } ?? "^R runs the query.", nil)
    case .running(_, let since):
      let word = state.athena.progress?.state.lowercased() ?? "starting"
      let bytes = state.athena.progress?.bytesScanned.map { ", \(byteText($0)) scanned" } ?? ""
      return ("\(word) \(Number.duration(state.clock - since))\(bytes) · ^C stops it", .running)
    case .failed(let text): return (text, .error)
    case .cancelled: return ("stopped", .warning)
    case .done(let outcome, let seconds):
      let parts = [
        outcome.path == nil ? "done" : "\(counted(outcome.rows, "row")) × \(counted(outcome.columns, "column"))",
        Number.duration(seconds), costText(outcome) ?? "", outcome.path == nil ? "" : "^O opens them",
      ]
      return (parts.filter { !$0.isEmpty }.joined(separator: " · "), .success)
    }
  }

  private func drawRows(in rect: Rect, into grid: inout CellGrid, _ state: WorkbenchState) {
    guard !rect.isEmpty, let preview = state.athena.preview else { return }
    let table = preview.table
    let columns = preview.schema.map { column in
      GridColumn(column.name, kind: gridKind(column.kind), profile: column.kind.rawValue)
    }
    let data = DataGrid(
      columns: columns, rowCount: table.rowCount, cursorRow: 0, cursorColumn: 0, top: 0, left: 0, isFocused: false,
      placeholder: "No rows.", name: "athena"
    ) { row, column in
      guard row < table.rowCount, column < table.columns.count else { return .null }
      return table.text(row, column).map { .text($0) } ?? .null
    }
    _ = data.draw(in: rect, on: &grid, state.drawing)
  }

  private func drawHistory(in rect: Rect, into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    guard rect.height > 1, let records = state.athena.history, !records.isEmpty else { return HitMap() }
    let (head, list) = rect.splitTop(1)
    grid.draw("Queries before", x: head.x, y: head.y, style: state.drawing.headerStyle, width: head.width)
    let items = records.map { record in
      let parts = [
        record.rows.map { counted($0, "row") } ?? "", record.bytesScanned.map(byteText) ?? "",
        list.width >= 70 ? momentText(record.startedAt) : "",
      ]
      return ListItem(
        record.query.sql.split(whereSeparator: \.isWhitespace).joined(separator: " "),
        detail: parts.filter { !$0.isEmpty }.joined(separator: "  "),
        level: record.state == "SUCCEEDED" ? .success : record.state == "FAILED" ? .error : .warning)
    }
    return ListView(items, cursor: isInHistory ? cursor : nil, name: "athena.history")
      .draw(in: list, on: &grid, state.drawing)
  }

  /// The list of completions under the cursor, or over it where there is no room below.
  private func drawOffers(_ parts: Parts, into grid: inout CellGrid, _ state: WorkbenchState) {
    let (offers, typed) = shownOffers(state)
    guard !offers.isEmpty, parts.editor.width > 12 else { return }
    let context = state.drawing
    let cell = editorView(state).cursor(in: parts.editor)
    let inner = DialogFrame.inner(parts.frame)
    let height = min(8, offers.count)
    let below = inner.maxY - cell.y - 1
    let above = cell.y - inner.y
    let room = max(below, above)
    guard room > 0 else { return }
    let shown = min(height, room)
    let y = below >= shown ? cell.y + 1 : cell.y - shown
    let text = offers.map { TextWidth.of($0.text) }.max() ?? 0
    let kind = offers.map { TextWidth.of($0.kind) }.max() ?? 0
    let width = min(inner.width, text + min(kind, 20) + 4)
    let x = max(inner.x, min(cell.x - typed - 1, inner.maxX - width))
    let top = visibleOffer(count: offers.count, height: shown)
    for (line, offered) in offers.dropFirst(top).prefix(shown).enumerated() {
      let isHere = top + line == min(offer, offers.count - 1)
      let style = isHere ? context.selectionStyle : context.textStyle.reversed()
      let place = Rect(x: x, y: y + line, width: width, height: 1)
      grid.fill(place, style: style)
      grid.draw(" " + offered.text, x: x, y: place.y, style: style, width: width)
      let kindText = TextWidth.fit(offered.kind, min(kind, 20))
      grid.draw(kindText, x: max(x, place.maxX - 1 - TextWidth.of(kindText)), y: place.y, style: style, width: width)
    }
  }

  private func visibleOffer(count: Int, height: Int) -> Int { max(0, min(offer - height + 1, count - height)) }
}
