// What the charts of models share: cells of positions, strips of counts, lines beside a square plot.

import Grid

extension PlotFrame {
  /// The cell of a position; empty outside the plot.
  func cell(_ spot: DisplayList.Spot) -> Rect {
    guard spot.isFinite, let x = Rasterizer.whole(spot.x + 1e-9), let y = Rasterizer.whole(spot.y + 1e-9),
      plot.contains(Point(x: x, y: y))
    else { return .zero }
    return Rect(x: x, y: y, width: 1, height: 1)
  }

  /// The columns that values from `lower` to `upper` fall on, as high as the plot; empty outside it.
  func columns(_ lower: Double, _ upper: Double) -> Rect {
    guard let left = Rasterizer.whole(x(lower) + 1e-9), let right = Rasterizer.whole(x(upper) - 1e-9) else {
      return .zero
    }
    let rect = Rect(x: left, y: plot.y, width: max(1, right - left + 1), height: plot.height)
    return rect.intersection(plot)
  }

  /// Columns of eighths in the strip, one an interval of x, the largest count as high as the strip. Clips what comes
  /// after it to the plot again.
  func drawStrip(_ bars: [(lower: Double, upper: Double, count: Int)], _ role: Role, on plotter: inout Plotter) {
    let most = bars.map(\.count).max() ?? 0
    guard most > 0, !strip.isEmpty else { return }
    plotter.clip = DisplayList.Box(strip)
    defer { plotter.clip = box }
    for bar in bars where bar.count > 0 {
      let height = Double(bar.count) / Double(most) * Double(strip.height)
      let (left, right) = (x(bar.lower), x(bar.upper))
      plotter.fill(
        .init(x: left, y: Double(strip.maxY) - height, width: max(1, right - left), height: height), role, growth: .up)
    }
  }

  /// A frame with names along the left, whose title says how many of them have room.
  ///
  /// - Parameter make: the frame with a title.
  static func fitted(_ title: TitleLine, _ noun: String, make: (TitleLine) -> PlotFrame) -> PlotFrame {
    var frame = make(title)
    // The note may take a line of its own from the groups, and then counts fewer.
    for _ in 0..<3 {
      guard let note = frame.groupNote(noun) else { return frame }
      var noted = title
      noted.notes.append(note)
      let next = make(noted)
      if next.groupNote(noun) == note { return next }
      frame = next
    }
    return frame
  }
}

extension Plotter {
  /// Keys and facts under each other, right of a square plot, or in a lower corner of it where they fit in there only.
  mutating func side(_ keys: [TitleLine.Key], _ facts: [String], of frame: PlotFrame, isCornerLeft: Bool = false) {
    let left = frame.plot.maxX + 2
    let room = width - left
    let widest = keys.map(\.width).max() ?? 0
    if room >= min(widest, 10), room > 4 {
      for (i, key) in keys.prefix(frame.plot.height).enumerated() {
        var key = key
        key.label = glyphs.cut(key.label, room - key.sampleWidth - 1)
        TitleLine.draw([key], on: &self, x: left, y: frame.plot.y + i)
      }
      let top = keys.count + 1
      guard top + facts.count <= frame.plot.height, facts.allSatisfy({ TextWidth.of($0) <= room }) else { return }
      for (i, fact) in facts.enumerated() {
        text(fact, .init(Double(left), Double(frame.plot.y + top + i)), role: .muted)
      }
      return
    }
    guard frame.plot.width > widest + 4, frame.plot.height > keys.count + 2 else { return }
    let x = isCornerLeft ? frame.plot.x + 1 : frame.plot.maxX - widest - 1
    for (i, key) in keys.enumerated() {
      TitleLine.draw([key], on: &self, x: x, y: frame.plot.maxY - 1 - keys.count + i)
    }
  }

  /// The first of some texts that has room right of a position or else left of it; none where all would touch other text.
  mutating func label(
    _ texts: [String], beside x: ClosedRange<Double>, row: Int, in plot: Rect, role: Role = .label
  ) {
    let start = (x.upperBound - 1e-9).rounded(.up) + 1
    let end = (x.lowerBound + 1e-9).rounded(.down) - 1
    for text in texts {
      if yieldingText(text, .init(start, Double(row)), .left, role: role) { return }
      if end - Double(TextWidth.of(text)) < Double(plot.x) { continue }
      if yieldingText(text, .init(end, Double(row)), .right, role: role) { return }
    }
  }
}

extension Numbers {
  /// A score in 0...1 with three decimals; one that is not perfect never reads as `1.000`, one that is not nothing never
  /// as `0.000`.
  static func score(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value < 1 && value >= 0.9995 { return ">0.999" }
    if value > 0 && value < 0.0005 { return "<0.001" }
    return fixed(value, 3)
  }

  /// With its sign in front: `+1.08`.
  static func signed(_ value: Double) -> String {
    let text = short(value, digits: 3)
    return value > 0 ? "+" + text : text
  }
}
