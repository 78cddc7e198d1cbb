import Engine
import Grid
import Widgets

/// What dialogs with a form share: the frame, the fields, and the paragraph that F2 opens. Not an overlay itself.
struct FormDialog: Sendable {
  var title: String
  /// After the title: `step 2 of 3`.
  var step = ""
  /// At the right of the top line: what the dialog is about.
  var note = ""
  /// Cells that the fields want across.
  var width = 62
  private(set) var form: FormState
  private(set) var explanation: (title: String, text: String)?
  /// Every field that was ever shown, with what was entered.
  private var entered: [String: FormField] = [:]
  /// Lines that the fields took at most: the dialog grows and never shrinks, so that it does not jump while one types.
  private var tallest = 0

  init(_ title: String, step: String = "", note: String = "", width: Int = 62, fields: [FormField] = []) {
    self.title = title
    self.step = step
    self.note = note
    self.width = width
    form = FormState(fields)
  }

  // MARK: Fields

  /// Shows other fields. Those that were there before keep what was entered, even after they were away for a while.
  /// - Parameter changed: the field whose change is the reason; the focus goes on to a field that it brought along.
  mutating func show(_ fields: [FormField], changed: String? = nil) {
    for field in form.fields { entered[field.id] = field }
    var focus = form.focused?.id
    if let changed, focus != changed, let index = fields.firstIndex(where: { $0.id == changed }),
      fields.indices.contains(index + 1), fields[index + 1].isFocusable, form.index(of: fields[index + 1].id) == nil
    {
      focus = fields[index + 1].id
    }
    form = FormState(fields.map { field in entered[field.id].map(field.keeping) ?? field })
    _ = form.validateNumbers()
    tallest = max(tallest, FormView(form).height(width: width))
    guard let focus, let index = form.index(of: focus) else { return }
    let content = form.fields[index].content
    form.setFocus(focus)
    // Taking the focus closes an open list.
    form.fields[index].content = content
  }

  mutating func set(_ id: String, _ value: String) {
    form.set(id, value)
  }

  mutating func setFocus(_ id: String) { form.setFocus(id) }

  mutating func setError(_ id: String, _ error: String?) {
    form.setError(id, error)
    tallest = max(tallest, FormView(form).height(width: width))
  }

  /// Ticks a check.
  mutating func switchOn(_ id: String) {
    form.update(id) { field in
      if case .check(_, let title) = field.content { field.content = .check(true, title: title) }
    }
  }

  /// Replaces the text of a field and puts the cursor where it belongs.
  mutating func setText(_ id: String, _ text: TextFieldState) {
    form.update(id) { field in
      if case .text(_, let placeholder) = field.content { field.content = .text(text, placeholder: placeholder) }
    }
  }

  // MARK: Events

  /// Gives an event to the fields. `hits` is asked only for clicks.
  mutating func handle(_ event: InputEvent, hits: () -> HitMap) -> FormEvent {
    if explanation != nil {
      switch event {
      case .key: explanation = nil
      case .mouse(let mouse): if case .press = mouse.kind { explanation = nil }
      case .paste, .resize, .wake, .hangup, .terminate: break
      }
      return .handled
    }
    let result: FormEvent
    switch event {
    case .key(let key): result = form.handle(key)
    case .paste(let text): result = form.paste(text)
    case .mouse(let mouse):
      switch mouse.kind {
      case .press(.left, _): result = hits().target(at: mouse.position).map { form.click($0) } ?? .ignored
      case .scroll(.up): result = form.isListOpen ? form.handle(.up) : move(by: -1)
      case .scroll(.down): result = form.isListOpen ? form.handle(.down) : move(by: 1)
      case .press, .release, .drag, .scroll: result = .ignored
      }
    case .resize, .wake, .hangup, .terminate: result = .ignored
    }
    if case .explain(let id) = result { explain(id) }
    return result
  }

  private mutating func move(by delta: Int) -> FormEvent {
    form.moveFocus(by: delta)
    return .handled
  }

  private mutating func explain(_ id: String) {
    guard let field = form[id] else { return }
    // Of a row of ticks the one under the cursor is meant, such as one metric among many.
    if case .checks(let options, _, let cursor) = field.content, options.indices.contains(cursor),
      let entry = Glossary.entry(options[cursor].label)
    {
      explanation = (entry.term, entry.lines.joined(separator: "\n"))
      return
    }
    var parts = field.help.isEmpty ? [] : [field.help]
    if let entry = Glossary.entry(field: field.label) {
      parts.append(entry.text)
      parts += [entry.formula, entry.range.map { "Range: \($0)" }].compactMap { $0 }
    }
    if parts.isEmpty { parts = ["Enter goes on to the next field, Esc leaves."] }
    explanation = (field.label.isEmpty ? title : field.label, parts.joined(separator: "\n\n"))
  }

  // MARK: Drawing

  /// Where the dialog may stand: menu line and footer stay visible where there is room for them.
  static func bounds(_ size: Size) -> Rect {
    let all = Rect(size)
    if size.height >= 16 { return Rect(x: 0, y: 1, width: size.width, height: size.height - 3) }
    return size.height >= 6 ? Rect(x: 0, y: 0, width: size.width, height: size.height - 1) : all
  }

  /// Draws frame, fields and what F2 explains.
  /// - Parameters:
  ///   - hints: the keys on the lower border.
  ///   - extra: lines wanted below the fields, at least and at best.
  ///   - body: draws those lines, of which a small terminal leaves fewer; an open list comes over them.
  func draw(
    into grid: inout CellGrid, _ state: WorkbenchState, hints: String = "Enter: next  Esc: cancel",
    extra: ClosedRange<Int> = 0...0, body: (Rect, inout CellGrid) -> Void = { _, _ in }
  ) -> HitMap {
    let bounds = Self.bounds(state.size)
    let across = max(1, min(width, bounds.width - 4))
    let view = FormView(form, isFocused: explanation == nil)
    let lines = view.height(width: across)
    let wanted = extra.upperBound == 0 ? max(lines, tallest) : lines
    let size = Size(width: across, height: wanted + extra.upperBound)
    let rect = DialogFrame.rect(for: size, in: bounds)
    var hits = DialogFrame(title, step: step, note: note, hints: hints).draw(in: rect, on: &grid, state.drawing)
    let inner = DialogFrame.inner(rect)
    // Fields scroll, so that in a small terminal each half shows something.
    let room = extra.upperBound == 0 ? inner.height : max(inner.height - extra.lowerBound, (inner.height + 1) / 2)
    let (fields, below) = inner.splitTop(min(lines, room))
    if !below.isEmpty { body(below, &grid) }
    hits.add(view.draw(in: fields, on: &grid, state.drawing))
    drawExplanation(into: &grid, state)
    return hits
  }

  /// Draws what F2 explains over everything else.
  func drawExplanation(into grid: inout CellGrid, _ state: WorkbenchState) {
    guard let explanation else { return }
    let bounds = Self.bounds(state.size)
    let across = max(1, min(56, bounds.width - 4))
    let block = TextBlock(explanation.text)
    let rect = DialogFrame.rect(for: Size(width: across, height: block.height(width: across)), in: bounds)
    _ = DialogFrame(explanation.title, hints: "any key: back").draw(in: rect, on: &grid, state.drawing)
    block.draw(in: DialogFrame.inner(rect), on: &grid, state.drawing)
  }
}

extension FormField {
  /// The field with what was entered in an older version of it, as far as that still fits.
  func keeping(_ old: FormField) -> FormField {
    var field = self
    switch (content, old.content) {
    case (.text(_, let placeholder), .text(let text, _)): field.content = .text(text, placeholder: placeholder)
    case (.number(_, let range, let isInteger), .number(let text, _, _)):
      field.content = .number(text, range: range, isInteger: isInteger)
    case (.choice(let new), .choice(var choice)):
      if new.options == choice.options {
        field.content = .choice(choice)
      } else {
        let id = choice.selected.map { choice.options[$0].id }
        choice = ChoiceState(new.options, selected: id)
        if id == nil || choice.selected == nil { choice.selected = new.selected }
        field.content = .choice(choice)
      }
    case (.check(_, let title), .check(let isOn, _)): field.content = .check(isOn, title: title)
    case (.radio(let options, let initial), .radio(let before, let selected)):
      let id = before.indices.contains(selected) ? before[selected].id : ""
      field.content = .radio(options, selected: options.firstIndex { $0.id == id } ?? initial)
    case (.checks(let options, _, _), .checks(_, let chosen, let cursor)):
      // What cannot be ticked any more is not ticked: nothing could take the tick away again.
      let usable = options.filter { $0.reason == nil }.map(\.id)
      field.content = .checks(
        options, chosen: chosen.intersection(usable), cursor: min(cursor, max(0, options.count - 1)))
    case (.picker(var new), .picker(let picker)):
      new.chosen = picker.options.isEmpty ? new.chosen : picker.chosen.intersection(new.options.map(\.id))
      new.cursor = min(picker.cursor, max(0, new.options.count - 1))
      new.search = picker.search
      field.content = .picker(new)
    case (.buttons(let buttons, _), .buttons(_, let selected)):
      field.content = .buttons(buttons, selected: min(selected, max(0, buttons.count - 1)))
    default: break
    }
    return field
  }
}
