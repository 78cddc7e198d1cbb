// A form on screen: labels in a column, fields beside them, errors under them, an open list over everything.

import Grid

/// Draws a form.
public struct FormView: Sendable {
  public var state: FormState
  public var isFocused: Bool

  public init(_ state: FormState, isFocused: Bool = true) {
    self.state = state
    self.isFocused = isFocused
  }

  /// Columns of labels with the blanks after them.
  func labelWidth(_ width: Int) -> Int {
    let longest = state.fields.map { TextWidth.of($0.label) }.max() ?? 0
    return longest == 0 ? 0 : min(longest + 2, width / 2)
  }

  /// Lines that the whole form takes at a width.
  public func height(width: Int) -> Int {
    state.fields.reduce(0) { $0 + height(of: $1, width: width - labelWidth(width)) }
  }

  func height(of field: FormField, width: Int) -> Int {
    let problem = field.error ?? field.reason
    let below = problem.map { wrapped($0, width: max(1, width - 2)).count } ?? 0
    switch field.content {
    case .text, .number, .choice, .check: return 1 + below
    case .buttons: return 2
    case .note(let text): return max(1, TextBlock(text).height(width: width))
    case .radio(let options, _): return flow(options, width: width).rows + below
    case .checks(let options, _, _): return flow(options, width: width).rows + below
    case .picker(let picker): return 1 + min(picker.rows, max(1, picker.options.count)) + below
    }
  }

  /// Where options stand side by side: offset and row of each.
  func flow(_ options: [FormOption], width: Int) -> (places: [Point], rows: Int) {
    var x = 0
    var y = 0
    var places: [Point] = []
    for option in options {
      let columns = 4 + TextWidth.of(option.label)
      if x > 0, x + columns > width {
        x = 0
        y += 1
      }
      places.append(Point(x: x, y: y))
      x += columns + 2
    }
    return (places, y + 1)
  }

  /// Draws as much as fits, scrolled so that the focused field is on screen. An open list may reach beyond `rect`.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    if rect.isEmpty { return hits }
    let labels = labelWidth(rect.width)
    var width = rect.width - labels
    var heights = state.fields.map { height(of: $0, width: width) }
    if heights.reduce(0, +) > rect.height, width > 4 {
      // The scroll bar stands beside the fields, not on their ends.
      width -= 2
      heights = state.fields.map { height(of: $0, width: width) }
    }
    let top = scrolled(heights, rect.height)
    var canvas = CellGrid(size: Size(width: rect.width, height: rect.height), style: context.textStyle)
    var y = -top
    var openList: (ChoiceState, Rect)?
    for (index, field) in state.fields.enumerated() {
      let place = Rect(x: labels, y: y, width: width, height: heights[index])
      if y < rect.height, y + heights[index] > 0 {
        let isHere = isFocused && index == state.focus
        drawLabel(field, y: y, width: labels, isHere, on: &canvas, context)
        let painter = FieldPainter(
          form: self, field: field, isFocused: isHere, origin: rect.origin, bounds: Rect(canvas.size))
        painter.draw(in: place, on: &canvas, context, &hits)
        if isHere, case .choice(let choice) = field.content, choice.isOpen {
          openList = (choice, place.offset(dx: rect.x, dy: rect.y))
        }
      }
      y += heights[index]
    }
    grid.blit(canvas, at: rect.origin)
    ScrollBar(count: heights.reduce(0, +), top: top).draw(
      in: Rect(x: rect.maxX - 1, y: rect.y, width: 1, height: rect.height), on: &grid, context)
    if let (choice, place) = openList, let id = state.focused?.id {
      ChoiceList(choice: choice, id: id).draw(under: place, on: &grid, context, &hits)
    }
    return hits
  }

  private func scrolled(_ heights: [Int], _ room: Int) -> Int {
    let total = heights.reduce(0, +)
    if total <= room { return 0 }
    let start = heights.prefix(state.focus).reduce(0, +)
    let end = start + (heights.indices.contains(state.focus) ? heights[state.focus] : 0)
    return min(max(0, end - room), min(start, total - room))
  }

  private func drawLabel(
    _ field: FormField, y: Int, width: Int, _ isHere: Bool, on grid: inout CellGrid, _ context: DrawContext
  ) {
    if width <= 0 { return }
    var style = isHere ? context.titleStyle : context.mutedStyle
    if field.reason != nil { style = style.dim() }
    let text = TextWidth.of(field.label) > width - 1 ? context.ornaments.fit(field.label, width - 1) : field.label
    grid.draw(text, x: 0, y: y, style: style, width: width)
  }
}

/// The open list of a choice.
struct ChoiceList {
  let choice: ChoiceState
  let id: String

  static let tallest = 10

  func draw(under place: Rect, on grid: inout CellGrid, _ context: DrawContext, _ hits: inout HitMap) {
    let bounds = Rect(grid.size)
    let visible = choice.visible
    let longest =
      choice.options.map { TextWidth.of($0.label) + ($0.reason.map { TextWidth.of($0) + 2 } ?? 0) }.max() ?? 0
    let width = min(bounds.width, max(place.width, min(longest, 60) + 5))
    let rows = max(1, min(visible.count, Self.tallest))
    let below = bounds.maxY - place.y - 1
    let above = place.y - bounds.y
    let isBelow = below >= rows + 2 || below >= above
    let height = min(rows + 2, isBelow ? below : above)
    if width < 4 || height < 3 { return }
    let rect = Rect(
      x: max(bounds.x, min(place.x, bounds.maxX - width)), y: isBelow ? place.y + 1 : place.y - height, width: width,
      height: height)
    grid.fill(rect, style: context.textStyle)
    Box(isHeavy: false, context.ornaments.isPlain).draw(rect, on: &grid, context.borderStyle(isFocused: true))
    if !choice.filter.isEmpty {
      grid.draw(" /\(choice.filter) ", x: rect.x + 2, y: rect.y, style: context.titleStyle, width: rect.width - 4)
    }
    hits.add(rect, .background("choice"))
    let items = visible.map { ListItem(choice.options[$0].label, reason: choice.options[$0].reason) }
    let list = ListView(items, cursor: choice.cursor, name: "choice", placeholder: "nothing matches")
    let listed = list.draw(in: rect.inset(dx: 1, dy: 1), on: &grid, context)
    for entry in listed.entries {
      if case .item(_, let line) = entry.target { hits.add(entry.rect, .option(id, visible[line])) }
    }
  }
}
