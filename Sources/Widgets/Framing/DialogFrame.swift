// A dialog's frame: heavy border, title, step, a note about where it applies, and the keys that leave it.

import Grid

/// The frame of a dialog.
public struct DialogFrame: Sendable, Equatable {
  public var title: String
  /// After the title: `step 2 of 3`.
  public var step: String
  /// At the right of the top line: what the dialog is about.
  public var note: String
  /// At the right of the bottom line: `Enter: next  Esc: cancel`.
  public var hints: String

  public init(_ title: String, step: String = "", note: String = "", hints: String = "Enter: next  Esc: cancel") {
    self.title = title
    self.step = step
    self.note = note
    self.hints = hints
  }

  /// The rectangle for a dialog whose inside wants `content`, centred in `bounds` and never larger; border, and a blank
  /// column at each side, come on top.
  public static func rect(for content: Size, in bounds: Rect) -> Rect {
    let width = min(bounds.width, content.width + 4)
    let height = min(bounds.height, content.height + 2)
    return Rect(
      x: bounds.x + (bounds.width - width) / 2, y: bounds.y + (bounds.height - height) / 2, width: width,
      height: height)
  }

  /// The cells inside: without border and one blank column at each side.
  public static func inner(_ rect: Rect) -> Rect { rect.inset(dx: rect.width > 8 ? 2 : 1, dy: 1) }

  /// Draws the frame and clears its inside. Clicks on it do not reach what lies below.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    let name = step.isEmpty ? title : "\(title)  \(step)"
    let frame = PaneFrame(name, note: note, bottom: hints, isFocused: true)
    frame.draw(in: rect, on: &grid, context)
    var hits = HitMap()
    hits.add(rect, .background("dialog"))
    if let place = frame.bottomPlace(in: rect) { hits.add(KeyHints.places(in: hints, at: place)) }
    return hits
  }
}
