import Grid
import Widgets

/// Where the parts of the chart builder stand: a pure function of the size.
struct ChartBuilderLayout: Equatable {
  var frame: Rect
  /// Empty where the form is away.
  var form: Rect
  /// Empty where the picture is away.
  var preview: Rect
  /// The line between the two; empty where only one is there.
  var line: Rect

  /// The narrowest inside in which form and picture stand beside each other.
  static let narrowest = 68

  init(_ size: Size, showsForm: Bool) {
    let bounds = FormDialog.bounds(size)
    // At the sizes of a whole screen the panes around it stay in sight.
    let width = size.width < 100 ? bounds.width : min(bounds.width - 4, 172)
    let height = size.height < 30 ? bounds.height : min(bounds.height - 2, 48)
    frame = Rect(
      x: bounds.x + (bounds.width - width) / 2, y: bounds.y + (bounds.height - height) / 2, width: width,
      height: height)
    let inner = DialogFrame.inner(frame)
    guard showsForm else {
      (form, preview, line) = (.zero, inner, .zero)
      return
    }
    guard inner.width >= Self.narrowest else {
      (form, preview, line) = (inner, .zero, .zero)
      return
    }
    let (left, right) = inner.splitLeft(inner.width >= 150 ? 48 : inner.width >= 100 ? 40 : 33)
    form = left
    preview = right.splitLeft(3).1
    line = Rect(x: right.x + 1, y: inner.y, width: 1, height: inner.height)
  }
}

extension ChartBuilder {
  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let layout = ChartBuilderLayout(state.size, showsForm: showsForm)
    let switching = showsForm ? (layout.preview.isEmpty ? "F3: picture" : "F3: picture only") : "F3: form"
    var frame = DialogFrame(dialog.title, step: dialog.step, note: dialog.note)
    frame.hints = showsForm ? "\(switching)  Esc: \(frame.step.isEmpty ? "cancel" : "back")" : switching
    var hits = frame.draw(in: layout.frame, on: &grid, context)
    grid.fill(layout.line, context.glyphs == .ascii ? "|" : "│", style: context.mutedStyle)
    preview.draw(fault: wanting, state, into: &grid, in: layout.preview)
    if !layout.form.isEmpty {
      let view = FormView(dialog.form, isFocused: dialog.explanation == nil)
      hits.add(view.draw(in: layout.form, on: &grid, context))
    }
    dialog.drawExplanation(into: &grid, state)
    return hits
  }
}
