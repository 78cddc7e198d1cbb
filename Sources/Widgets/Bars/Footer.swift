// The footer: what the best keys do here, and at the right end always how to find the rest.

import Grid

/// A key and what it does.
public struct Hint: Sendable, Equatable {
  public var key: String
  public var label: String
  /// The command that a click runs; nil presses the key itself.
  public var command: String?
  /// The other half of a pair such as `[]:sort`: its key stands behind the first.
  public var partner: Partner?

  public struct Partner: Sendable, Equatable {
    public var key: String
    public var command: String

    public init(_ key: String, command: String) {
      self.key = key
      self.command = command
    }
  }

  public init(_ key: String, _ label: String, command: String? = nil, partner: Partner? = nil) {
    self.key = key
    self.label = label
    self.command = command
    self.partner = partner
  }

  var keys: String { key + (partner?.key ?? "") }
  var text: String { "\(keys):\(label)" }
}

/// A line of hints.
public struct Footer: Sendable, Equatable {
  /// Best first; at most eight are shown.
  public var hints: [Hint]
  /// At the right end, whatever else must go.
  public var ends: [Hint]

  public static let limit = 8

  public init(
    _ hints: [Hint],
    ends: [Hint] = [Hint("?", "help", command: "help.pane"), Hint("^P", "palette", command: "palette")]
  ) {
    self.hints = hints
    self.ends = ends
  }

  /// Draws one line: whole hints as long as they fit, then an ellipsis.
  public func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    let line = rect.splitTop(1).0
    if line.isEmpty { return hits }
    grid.fill(line, style: context.textStyle)
    let wide = line.width >= 160
    let gap = wide ? 2 : 1
    let endWidth = ends.reduce(0) { $0 + TextWidth.of($1.text) + 2 }
    let start = max(line.x + 1, line.maxX - endWidth)
    var x = start + (line.maxX - start >= endWidth ? 1 : 0)
    for hint in ends where x < line.maxX {
      draw(hint, x: &x, limit: line.maxX, y: line.y, on: &grid, context, &hits)
      x += 2
    }
    x = line.x + 1
    let limit = start - 1
    let shown = hints.prefix(Self.limit)
    for (index, hint) in shown.enumerated() {
      let width = TextWidth.of(hint.text)
      let isLast = index == hints.count - 1
      if x + width + (isLast ? 0 : gap + 1) > limit {
        grid.draw(context.ornaments.ellipsis, x: x, y: line.y, style: context.mutedStyle, width: max(0, limit - x))
        return hits
      }
      draw(hint, x: &x, limit: limit, y: line.y, on: &grid, context, &hits)
      x += gap
    }
    if hints.count > shown.count {
      grid.draw(context.ornaments.ellipsis, x: x, y: line.y, style: context.mutedStyle, width: max(0, limit - x))
    }
    return hits
  }

  private func draw(
    _ hint: Hint, x: inout Int, limit: Int, y: Int, on grid: inout CellGrid, _ context: DrawContext,
    _ hits: inout HitMap
  ) {
    let start = x
    let key = TextWidth.of(hint.keys)
    grid.draw(hint.keys, x: x, y: y, style: context.titleStyle, width: max(0, limit - x))
    grid.draw(":\(hint.label)", x: x + key, y: y, style: context.mutedStyle, width: max(0, limit - x - key))
    x = min(limit, x + TextWidth.of(hint.text))
    let place = Rect(x: start, y: y, width: x - start, height: 1)
    guard let command = hint.command else {
      return hits.add(KeyHints.places(of: hint.key, width: x - start, at: Point(x: start, y: y)))
    }
    guard let partner = hint.partner else { return hits.add(place, .command(command)) }
    let (first, rest) = place.splitLeft(TextWidth.of(hint.key))
    hits.add(first, .command(command))
    hits.add(rest, .command(partner.command))
  }
}
