// What charts with one group a name along the left have in common: how many fit, and how their numbers read.

import Grid

extension PlotFrame {
  /// A frame whose title says how many of `total` groups have room. `build` gets the notes for the title, which may take
  /// a row away from the groups.
  static func grouped(total: Int, noun: String = "groups", build: ([String]) -> PlotFrame) -> PlotFrame {
    var notes: [String] = []
    var frame = build(notes)
    for _ in 0..<3 {
      let next = frame.groups.count < total ? ["\(frame.groups.count) of \(total) \(noun)"] : []
      if next == notes { break }
      notes = next
      frame = build(notes)
    }
    return frame
  }

  /// The cell that a value stands in; nil for what has no place.
  func column(_ value: Double) -> Int? { Rasterizer.whole(x(value)) }
}

extension Numbers {
  /// A value of an axis as read-outs print it.
  static func text(_ value: Double, _ kind: AxisKind) -> String { kind == .time ? moment(value) : short(value) }

  /// `28–48`.
  static func text(_ low: Double, _ high: Double, _ kind: AxisKind, _ glyphs: Glyphs) -> String {
    kind == .time
      ? "\(text(low, kind)) \(glyphs.range) \(text(high, kind))" : text(low, kind) + glyphs.range + text(high, kind)
  }
}
