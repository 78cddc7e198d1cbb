// One field of a form on screen.

import Grid

/// Draws a field on the form's own canvas; hit boxes are moved to where that stands on screen.
struct FieldPainter {
  let form: FormView
  let field: FormField
  let isFocused: Bool
  let origin: Point
  let bounds: Rect

  func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap) {
    let isOff = field.reason != nil
    add(rect, .field(field.id), &hits)
    var used = 1
    switch field.content {
    case .text(let state, let placeholder):
      drawText(state, placeholder, in: rect, on: &grid, context)
    case .number(let state, _, _):
      let (narrow, _) = rect.splitLeft(min(rect.width, 20))
      drawText(state, "", in: narrow, on: &grid, context)
    case .choice(let choice): drawChoice(choice, in: rect, on: &grid, context)
    case .check(let isOn, let title):
      drawOption(
        isOn ? "[x]" : "[ ]", title, isOff: isOff, isCursor: isFocused, at: rect.origin, rect, on: &grid, context)
    case .radio(let options, let selected):
      used = form.flow(options, width: rect.width).rows
      let dot = String(context.ornaments.radio)
      drawFlow(options, in: rect, cursor: selected, on: &grid, context, &hits) { $0 == selected ? "(\(dot))" : "( )" }
    case .checks(let options, let chosen, let cursor):
      used = form.flow(options, width: rect.width).rows
      drawFlow(options, in: rect, cursor: cursor, on: &grid, context, &hits) {
        chosen.contains(options[$0].id) ? "[x]" : "[ ]"
      }
    case .picker(let picker):
      used = drawPicker(picker, in: rect, on: &grid, context, &hits)
    case .note(let text): TextBlock(text, style: context.mutedStyle).draw(in: rect, on: &grid, context)
    case .buttons(let buttons, let selected):
      drawButtons(buttons, selected, in: rect.splitTop(1).1, on: &grid, context, &hits)
    }
    if let problem = field.error ?? field.reason {
      let style = field.error == nil ? context.mutedStyle.italic() : Level.error.style(context)
      let below = rect.splitTop(used).1
      TextBlock(problem, style: style).draw(in: below.splitRight(max(0, below.width - 2)).0, on: &grid, context)
    }
  }

  private func add(_ rect: Rect, _ target: HitTarget, _ hits: inout HitMap) {
    hits.add(rect.intersection(bounds).offset(dx: origin.x, dy: origin.y), target)
  }

  private func drawText(
    _ state: TextFieldState, _ placeholder: String, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let view = TextFieldView(state, placeholder: placeholder, isFocused: isFocused)
    view.draw(in: rect, on: &grid, context)
    if field.reason != nil { grid.restyle(rect.splitTop(1).0) { $0 = context.mutedStyle.dim() } }
  }

  private func drawChoice(_ choice: ChoiceState, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    let line = rect.splitTop(1).0
    if line.width < 4 { return }
    let edge = context.borderStyle(isFocused: isFocused)
    let label =
      choice.selected.map { choice.options[$0].label } ?? (choice.options.isEmpty ? "nothing to choose" : "choose one")
    var style = choice.selected == nil ? context.mutedStyle : context.textStyle
    if isFocused { style = context.selectionStyle }
    if field.reason != nil { style = context.mutedStyle.dim() }
    grid.draw("[", x: line.x, y: line.y, style: edge)
    let room = line.width - 4
    grid.draw(" " + context.ornaments.fit(label, room), x: line.x + 1, y: line.y, style: style, width: room + 1)
    grid.draw(String(context.ornaments.dropdown) + "]", x: line.maxX - 2, y: line.y, style: edge)
  }

  private func drawOption(
    _ box: String, _ label: String, isOff: Bool, isCursor: Bool, at point: Point, _ rect: Rect, on grid: inout CellGrid,
    _ context: DrawContext
  ) {
    let room = max(0, rect.maxX - point.x)
    let ink = isOff ? context.mutedStyle.dim() : context.textStyle
    let text = box + " " + label
    let shown = TextWidth.of(text) > room ? context.ornaments.fit(text, room) : text
    grid.draw(shown, x: point.x, y: point.y, style: isCursor ? context.selectionStyle : ink, width: room)
  }

  private func drawFlow(
    _ options: [FormOption], in rect: Rect, cursor: Int, on grid: inout CellGrid, _ context: DrawContext,
    _ hits: inout HitMap, box: (Int) -> String
  ) {
    let places = form.flow(options, width: rect.width).places
    for (index, option) in options.enumerated() {
      let point = Point(x: rect.x + places[index].x, y: rect.y + places[index].y)
      let isOff = option.reason != nil || field.reason != nil
      drawOption(
        box(index), option.label, isOff: isOff, isCursor: isFocused && index == cursor, at: point, rect, on: &grid,
        context)
      let width = min(4 + TextWidth.of(option.label), max(0, rect.maxX - point.x))
      add(Rect(x: point.x, y: point.y, width: width, height: 1), .option(field.id, index), &hits)
    }
  }

  private func drawPicker(
    _ picker: PickerState, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap
  ) -> Int {
    let rows = min(picker.rows, max(1, picker.options.count))
    let (line, below) = rect.splitTop(1)
    let count = "\(picker.chosen.count) of \(picker.options.count)"
    let countWidth = TextWidth.of(count) + 1
    let search = line.width > countWidth + 8 ? line.splitRight(countWidth) : (.zero, line)
    TextFieldView(picker.search, placeholder: "search; Space marks, ^A all", isFocused: isFocused)
      .draw(in: search.1, on: &grid, context)
    grid.draw(" " + count, x: search.0.x, y: search.0.y, style: context.mutedStyle, width: search.0.width)
    let visible = picker.visible
    let list = below.splitTop(rows).0
    let top = visibleTop(count: visible.count, height: rows, cursor: picker.cursor, top: 0)
    for (offset, index) in visible.dropFirst(top).prefix(rows).enumerated() {
      let option = picker.options[index]
      let place = Rect(x: list.x, y: list.y + offset, width: list.width - 1, height: 1)
      let box = picker.chosen.contains(option.id) ? "[x]" : "[ ]"
      drawOption(
        box, option.label, isOff: option.reason != nil, isCursor: isFocused && top + offset == picker.cursor,
        at: place.origin, place, on: &grid, context)
      add(place, .option(field.id, index), &hits)
    }
    if visible.isEmpty {
      grid.draw("nothing matches", x: list.x, y: list.y, style: context.mutedStyle, width: list.width)
    }
    ScrollBar(count: visible.count, top: top).draw(in: list.splitRight(1).0, on: &grid, context)
    return 1 + rows
  }

  private func drawButtons(
    _ buttons: [FormOption], _ selected: Int, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext,
    _ hits: inout HitMap
  ) {
    let widths = buttons.map { TextWidth.of($0.label) + 4 }
    let total = widths.reduce(0, +) + max(0, buttons.count - 1)
    var x = max(rect.x, rect.maxX - total)
    // Buttons belong to the whole dialog: they may begin left of the fields.
    if total > rect.width { x = max(0, rect.maxX - total) }
    for (index, button) in buttons.enumerated() {
      let width = min(widths[index], max(0, bounds.maxX - x))
      let isCursor = isFocused && index == selected
      var style = isCursor ? context.cursorStyle : context.titleStyle
      if button.reason != nil { style = context.mutedStyle.dim() }
      grid.draw("[ \(button.label) ]", x: x, y: rect.y, style: style, width: width)
      add(Rect(x: x, y: rect.y, width: width, height: 1), .option(field.id, index), &hits)
      x += width + 1
    }
  }
}
