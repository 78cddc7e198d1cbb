// What titles and legends are written on: cells, or a display list.

import Grid

/// How a piece of a title is inked.
enum TextInk {
  case title, muted, label
  /// A style of the terminal, for charts that draw cells.
  case style(Style)
  /// A shape of a display list in place of the text.
  case sample(DisplayList.Sample.Kind, Role)
}

/// Something that lines of text are written on, in cells.
protocol TextSurface {
  var size: Size { get }
  var glyphs: Glyphs { get }
  mutating func write(_ text: String, _ x: Int, _ y: Int, _ ink: TextInk)
}

extension Painter: TextSurface {
  mutating func write(_ text: String, _ x: Int, _ y: Int, _ ink: TextInk) {
    switch ink {
    case .title: self.text(text, x, y, titleStyle)
    case .muted: self.text(text, x, y, mutedStyle)
    case .label, .sample: self.text(text, x, y, labelStyle)
    case .style(let style): self.text(text, x, y, style)
    }
  }
}

extension Plotter: TextSurface {
  mutating func write(_ text: String, _ x: Int, _ y: Int, _ ink: TextInk) {
    let at = DisplayList.Spot(Double(x), Double(y))
    switch ink {
    case .title: self.text(text, at, role: .title, isBold: true)
    case .muted: self.text(text, at, role: .muted)
    case .label, .style: self.text(text, at, role: .label)
    case .sample(let kind, let role): add(.sample(.init(kind, at: at, role: role)), .labels)
    }
  }
}
