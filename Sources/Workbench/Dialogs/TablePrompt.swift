import Engine
import Flow
import Frame
import Grid
import Widgets

/// Asks for a pattern or an expression over the columns of the table, and says what it takes the text for.
struct TablePrompt: Overlay {
  let title: String
  let label: String
  let schema: Schema
  private var field: TextFieldState
  private var error: String?
  private let note: @Sendable (String, WorkbenchState) -> String
  private let accept: @Sendable (String, inout WorkbenchState) throws -> [Effect]

  init(
    title: String, label: String, text: String = "", schema: Schema,
    note: @escaping @Sendable (String, WorkbenchState) -> String,
    accept: @escaping @Sendable (String, inout WorkbenchState) throws -> [Effect]
  ) {
    (self.title, self.label, self.schema) = (title, label, schema)
    field = TextFieldState(text)
    self.note = note
    self.accept = accept
  }

  var hints: [(key: String, label: String)] { [("Enter", "accept"), ("Tab", "complete"), ("Esc", "cancel")] }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      switch key.code {
      case .escape: return .close()
      case .enter: return finish(&state)
      case .tab:
        if let completed = Completion(field, schema: schema).applied(to: field) { field = completed }
      default:
        _ = field.handle(key)
        error = nil
      }
    case .paste(let text): field.insert(text.replacing("\n", with: " "))
    case .mouse, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    guard !field.text.isEmpty else { return .close() }
    do {
      return .close(try accept(field.text, &state))
    } catch {
      self.error = "\(error)"
      return .stay()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let width = min(72, max(1, state.size.width - 6))
    let rect = DialogFrame.rect(for: Size(width: width, height: 5), in: Rect(state.size))
    let hits = DialogFrame(title, hints: "Enter: accept  Esc: cancel").draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    grid.draw(label, x: inner.x, y: inner.y, style: context.mutedStyle, width: inner.width)
    let line = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: 1)
    TextFieldView(field).draw(in: line.intersection(inner), on: &grid, context)
    guard inner.height > 2 else { return hits }
    let names = Completion(field, schema: schema).candidates.prefix(6).map(\.name)
    let text = error ?? (names.isEmpty || field.text.isEmpty ? note(field.text, state) : names.joined(separator: "  "))
    let style = error == nil ? context.mutedStyle : Level.error.style(context)
    _ = TextBlock(text, style: style).draw(
      in: Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 2), on: &grid, context)
    return hits
  }
}

/// What a text typed at the filter prompt means.
enum TypedFilter {
  /// Rows that a text asks for: an expression where it reads as one, else a pattern. `!` before it turns it round, `/`
  /// and `=` before it say which of the two it is.
  /// - Throws: `ExpressionError` for what is an expression and cannot be understood.
  static func filter(_ text: String, column: String?, schema: Schema) throws -> RowFilter {
    if text.first == "!", text.dropFirst().first != "=" {
      return try filter(String(text.dropFirst()), column: column, schema: schema).inverse
    }
    let pattern = RowFilter.matches(TextMatch(text, in: column.map { [$0] }))
    if text.first == "/" { return .matches(TextMatch(String(text.dropFirst()), in: column.map { [$0] })) }
    if text.first == "=" {
      let expression = String(text.dropFirst())
      _ = try ExpressionParser.parseCondition(expression, schema: schema)
      return .expression(expression)
    }
    do {
      _ = try ExpressionParser.parseCondition(text, schema: schema)
      return .expression(text)
    } catch {
      // Something that compares was meant as an expression: its fault is told, and not searched for as a text.
      if text.contains(/[<>=]|\s(and|or|in|is|like|ilike|between)\s/.ignoresCase()) { throw error }
      return pattern
    }
  }

  /// The meaning in words.
  static func meaning(_ text: String, column: String?, schema: Schema) -> String {
    guard !text.isEmpty else {
      return "a pattern, or an expression such as age > 30 & sex = \"F\"; ! before it: the others"
    }
    do {
      return words(try filter(text, column: column, schema: schema))
    } catch {
      return "expression: \(error)"
    }
  }

  private static func words(_ filter: RowFilter) -> String {
    switch filter {
    case .expression: "expression: rows for which it holds"
    case .matches(let match):
      "pattern in \(match.columns?.joined(separator: ", ") ?? "any column")"
        + (SmartCase.ignoresCase(match.pattern) ? ", capitals ignored" : ", capitals count")
    case .not(let inner): "all but: " + words(inner)
    case .mark, .equals, .marked: filter.summary
    }
  }
}
