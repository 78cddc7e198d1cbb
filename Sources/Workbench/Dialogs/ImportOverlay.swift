import Engine
import Flow
import Frame
import Grid
import Widgets

/// New data flow, step 3 of 3: a look at the first rows, and which rows to import. Also edits a source of a flow.
struct ImportOverlay: Overlay {
  private let base: Source
  private let replacing: StepID?
  /// Puts the source beside those of the flow instead of beginning another flow.
  private let adds: Bool
  private let back: (any Overlay)?
  private var dialog: FormDialog
  private var types: [String: String]
  private var preview: Preview?
  private var error: String?
  private var asked: Source?
  private var request: RequestID?
  /// The sheets of a workbook, once they are known.
  private var sheets: [String] = []
  private var sheetsRequest: RequestID?
  /// Rows and columns of the preview that are scrolled away.
  private var top = 0
  private var left = 0
  /// The person was told that the flow on screen is not saved.
  private var wasWarned = false

  init(_ source: Source, replacing: StepID?, adds: Bool = false, back: (any Overlay)? = nil) {
    base = source
    self.adds = adds
    self.replacing = replacing
    self.back = back
    types = source.options.types
    dialog = FormDialog(
      replacing != nil ? "Source" : adds ? "Add dataset" : "New data flow", step: replacing == nil ? "step 3 of 3" : "",
      note: Source.name(of: source.location), width: 76)
    dialog.show(
      ImportForm.fields(
        for: source, method: ImportForm.method(of: source.rows), schema: nil, types: types, isEditing: replacing != nil)
    )
  }

  var hints: [(key: String, label: String)] {
    if dialog.explanation != nil { return [("any key", "back")] }
    if dialog.form.isListOpen {
      return [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("Esc", "close list")]
    }
    var hints = [("Tab", "field"), ("^R", replacing == nil ? "import" : "read again")]
    if error != nil { hints.insert(("s", "leave bad rows out"), at: 0) }
    return hints + [("F2", "explain"), ("Esc", "back"), ("PgDn", "rows"), ("Alt+→", "columns")]
  }

  // MARK: Preview

  /// The source as the fields describe it.
  private var source: Source { ImportForm.source(base, dialog.form, types: types) }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    var wanted = source
    // The preview is of the file's beginning, whatever the import rule.
    wanted.rows = .all
    // What is half typed is not asked for yet.
    if dialog.form.focused?.id == "also", let asked { wanted.also = asked.also }
    let sheets = fetchSheets(wanted, &state)
    guard wanted != asked else { return sheets }
    var effects = request.map { [Effect.cancel($0)] } ?? []
    let (id, effect) = state.ask(.preview(state.flow.graph.filled(wanted)), for: .dialog)
    asked = wanted
    request = id
    effects.append(effect)
    return effects + sheets
  }

  /// Asks for the names of the sheets, once, of what is a workbook.
  private mutating func fetchSheets(_ source: Source, _ state: inout WorkbenchState) -> [Effect] {
    guard sheetsRequest == nil, (preview?.format ?? ImportForm.format(source)) == .xlsx else { return [] }
    let (id, effect) = state.ask(.sheets(state.flow.graph.filled(source)), for: .dialog)
    sheetsRequest = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if id == sheetsRequest, case .done(.sheets(let names)) = happening {
      sheets = names
      refresh()
    }
    guard id == request else { return .stay() }
    switch happening {
    case .done(.preview(let found)):
      preview = found
      error = nil
      request = nil
      refresh()
    case .failed(let text):
      error = text
      preview = nil
      request = nil
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  private mutating func refresh() {
    dialog.show(
      ImportForm.fields(
        for: base, method: dialog.form.text("rows"), schema: preview?.schema, types: types, isEditing: replacing != nil,
        format: chosenFormat ?? preview?.format, sheets: sheets))
  }

  /// The format that the person chose; nil where it is to be found.
  private var chosenFormat: SourceFormat? {
    dialog.form["format"] == nil ? nil : SourceFormat(rawValue: dialog.form.text("format"))
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    if case .key(let key) = event, dialog.explanation == nil, !dialog.form.isListOpen, handleOwn(key) { return .stay() }
    let outcome = dialog.handle(event, hits: clickable(state))
    switch outcome {
    case .changed("column"):
      dialog.set("type", types[dialog.form.text("column")] ?? "")
    case .changed("type"):
      let (column, type) = (dialog.form.text("column"), dialog.form.text("type"))
      if !column.isEmpty { types[column] = type.isEmpty ? nil : type }
      refresh()
    case .changed: refresh()
    case .pressed("import"), .submitted: return finish(&state)
    case .pressed, .cancelled: return leave()
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  /// Keys that belong to the preview.
  private mutating func handleOwn(_ key: KeyEvent) -> Bool {
    switch key {
    case .character("s") where error != nil && dialog.form["skip"] != nil && !isTyping:
      dialog.switchOn("skip")
      refresh()
    case .pageDown: top = min(max(0, (preview?.table.rowCount ?? 0) - 1), top + 5)
    case .pageUp: top = max(0, top - 5)
    case KeyEvent(.right, .alt): left = min(max(0, (preview?.schema.count ?? 0) - 1), left + 1)
    case KeyEvent(.left, .alt): left = max(0, left - 1)
    default: return false
    }
    return true
  }

  private var isTyping: Bool {
    switch dialog.form.focused?.content {
    case .text, .number: true
    default: false
    }
  }

  private func leave() -> OverlayOutcome {
    let effects = request.map { [Effect.cancel($0)] } ?? []
    return back.map { .replace($0, effects) } ?? .close(effects)
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    refresh()
    if let fault = ImportForm.fault(dialog.form) {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
      return .stay()
    }
    if error != nil {
      state.say("The file cannot be read like this: change how it is read, or choose another.", .warning)
      return .stay()
    }
    let cancels = request.map { [Effect.cancel($0)] } ?? []
    if let replacing {
      return .close(cancels + replaceStep(replacing, with: .source(source), &state))
    }
    if adds { return .close(cancels + addSource(source, &state)) }
    if state.isDirty, !wasWarned {
      wasWarned = true
      state.say(
        "The flow \(state.flow.name) is not saved. Import again to leave it, or Esc and ^S to save it.", .warning)
      return .stay()
    }
    return .close(cancels + begin(source, &state))
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    return dialog.draw(into: &grid, state, hints: "Enter: next  Esc: back", extra: 8...14) { rect, grid in
      drawPreview(in: rect, into: &grid, context)
    }
  }

  private func drawPreview(in rect: Rect, into grid: inout CellGrid, _ context: DrawContext) {
    if rect.isEmpty { return }
    if let error {
      TextBlock(error, style: Level.error.style(context)).draw(in: rect, on: &grid, context)
      return
    }
    guard let preview else {
      grid.draw("reading the first rows…", x: rect.x, y: rect.y, style: context.mutedStyle, width: rect.width)
      return
    }
    let (line, rest) = rect.splitTop(1)
    grid.draw(Self.facts(preview), x: line.x, y: line.y, style: context.titleStyle, width: line.width)
    var body = rest
    if !preview.notes.isEmpty {
      let block = TextBlock("! " + preview.notes.joined(separator: " "), style: Level.warning.style(context))
      let (notes, table) = rest.splitTop(min(block.height(width: rest.width), max(0, min(2, rest.height - 4))))
      block.draw(in: notes, on: &grid, context)
      body = table
    }
    let table = preview.table
    let columns = zip(preview.schema, preview.schema.indices).map { column, index in
      GridColumn(
        column.name, kind: gridKind(column.kind), profile: column.kind.rawValue + (types[column.name] == nil ? "" : "*")
      )
    }
    let data = DataGrid(
      columns: columns, rowCount: table.rowCount, cursorRow: top, cursorColumn: left, top: top, left: left,
      isFocused: false, placeholder: "The file has a header and no rows.", name: "preview"
    ) { row, column in
      guard row < table.rowCount, column < table.columns.count else { return .null }
      return table.text(row, column).map { .text($0) } ?? .null
    }
    _ = data.draw(in: body, on: &grid, context)
  }

  /// `15 columns: 6 integer, 9 text · 0.5 MB · first 200 rows`.
  private static func facts(_ preview: Preview) -> String {
    var kinds: [String] = []
    for kind in ColumnKind.allCases {
      let count = preview.schema.count { $0.kind == kind }
      if count > 0 { kinds.append("\(count) \(kind.rawValue)") }
    }
    let columns = preview.schema.count
    var parts = ["\(columns) column\(columns == 1 ? "" : "s"): \(kinds.joined(separator: ", "))"]
    if let bytes = preview.bytes { parts.append(byteText(bytes)) }
    let rows = Number.grouped(preview.table.rowCount)
    parts.append(preview.complete ? "all \(rows) rows" : "first \(rows) rows")
    return parts.joined(separator: " · ")
  }
}

/// Shows how a source is read, to change it; `step` is the step that it belongs to, nil for a new flow.
func showImport(_ source: Source, replacing step: StepID?, _ state: inout WorkbenchState) -> [Effect] {
  state.overlays.append(ImportOverlay(source, replacing: step))
  return []
}
