// Where a long list stands: a thumb on the right edge, drawn only when not everything fits.

import Grid

/// A scroll indicator.
public struct ScrollBar: Sendable, Equatable {
  public var count: Int
  public var top: Int

  public init(count: Int, top: Int) {
    self.count = count
    self.top = top
  }

  /// Draws the thumb in the rectangle's first column.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) {
    guard !rect.isEmpty, count > rect.height else { return }
    let track = Double(rect.height)
    let length = max(1, Int((track * track / Double(count)).rounded()))
    let span = Double(max(1, count - rect.height))
    let start = Int((Double(rect.height - length) * min(1, max(0, Double(top) / span))).rounded())
    let thumb = Rect(x: rect.x, y: rect.y + start, width: 1, height: min(length, rect.height))
    grid.fill(thumb, context.ornaments.thumb, style: context.mutedStyle)
  }
}

/// The first line to show so that the cursor's line is visible, moving as little as it can from `top`.
public func visibleTop(count: Int, height: Int, cursor: Int, top: Int) -> Int {
  if height <= 0 || count <= height { return 0 }
  var result = min(max(0, top), count - height)
  if cursor < result { result = max(0, cursor) }
  if cursor >= result + height { result = min(cursor, count - 1) - height + 1 }
  return result
}
