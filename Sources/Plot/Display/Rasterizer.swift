// From shapes to cells. Layers are drawn in their order; the dots of a layer are collected first, so that a cell that
// several categories share shows the majority.

import Foundation
import Grid

extension DisplayList {
  /// The list in cells, in the colours and glyphs of `context`. Total: anything outside the grid or not finite is left
  /// out.
  public func rasterized(_ context: DrawContext) -> CellGrid {
    var rasterizer = Rasterizer(size: size, context: context)
    for layer in Layer.allCases {
      let items = items.filter { $0.layer == layer }
      if !items.isEmpty { rasterizer.draw(items, layer) }
    }
    return rasterizer.grid
  }
}

/// Draws the layers of one list.
struct Rasterizer {
  var grid: CellGrid
  let context: DrawContext
  let glyphs: Glyphs
  let whole: Rect
  // Strokes of box-drawing characters by cell: north 1, east 2, south 4, west 8.
  var strokes: [UInt8]
  // Dots drawn so far, and the layer that drew last in each cell.
  var dots: DotCanvas
  var dotLayers: [DisplayList.Layer?]

  init(size: Size, context: DrawContext) {
    grid = CellGrid(size: size, style: context.theme.base)
    self.context = context
    glyphs = Glyphs(context.glyphs)
    whole = Rect(size)
    strokes = [UInt8](repeating: 0, count: size.width * size.height)
    dots = DotCanvas(width: size.width, height: size.height, glyphs: context.glyphs)
    dotLayers = [DisplayList.Layer?](repeating: nil, count: size.width * size.height)
  }

  mutating func draw(_ items: [DisplayList.Item], _ layer: DisplayList.Layer) {
    var field = DotField(size: grid.size, glyphs: context.glyphs)
    for item in items {
      let clip = cells(item.clip)
      if clip.isEmpty { continue }
      switch item.shape {
      case .fill(let fill): draw(fill, clip)
      case .colors(let cells): draw(cells, clip)
      case .area(let area): draw(area, clip, &field)
      case .polyline(let line): field.add(line, clip)
      case .markers(let markers): field.add(markers, clip)
      case .rule(let rule): draw(rule, clip)
      case .axis(let axis): draw(axis, clip)
      case .sample(let sample): draw(sample, clip)
      case .picture(let picture, let at):
        if let x = Rasterizer.whole(at.x), let y = Rasterizer.whole(at.y) { grid.blit(picture, at: Point(x: x, y: y)) }
      case .text: continue
      }
    }
    draw(field, layer)
    for item in items {
      if case .text(let text) = item.shape { draw(text, cells(item.clip)) }
    }
  }

  /// The cells of a clip box; the whole grid without one.
  func cells(_ box: DisplayList.Box?) -> Rect {
    guard let box else { return whole }
    guard box.isFinite, let x = Rasterizer.whole(box.x + 1e-9), let y = Rasterizer.whole(box.y + 1e-9),
      let right = Rasterizer.whole((box.maxX - 1e-9).rounded(.up)),
      let bottom = Rasterizer.whole((box.maxY - 1e-9).rounded(.up))
    else { return .zero }
    return Rect(x: x, y: y, width: right - x, height: bottom - y).intersection(whole)
  }

  /// The cell that a coordinate lies in; nil for what is not a number, far cells for what is far away.
  static func whole(_ value: Double) -> Int? {
    value.isNaN ? nil : Int(min(max(value.rounded(.down), -1e6), 1e6))
  }

  func style(_ role: Role, _ attributes: Attributes = []) -> Style { context.style(context.color(role), attributes) }

  /// A character in a cell, in place of whatever was there.
  mutating func put(_ scalar: Unicode.Scalar, _ x: Int, _ y: Int, _ style: Style, _ clip: Rect) {
    guard clip.contains(Point(x: x, y: y)) else { return }
    forget(x, y)
    grid[x, y] = Cell(narrow: scalar, style: style)
  }

  private mutating func forget(_ x: Int, _ y: Int) {
    let i = y * whole.width + x
    strokes[i] = 0
    dots.clear(x, y)
    dotLayers[i] = nil
  }

  // MARK: - Text and axes

  private mutating func draw(_ text: DisplayList.Text, _ clip: Rect) {
    guard text.at.isFinite, !clip.isEmpty, let row = Rasterizer.whole(text.at.y) else { return }
    let width = TextWidth.of(text.text)
    let left =
      switch text.anchor {
      case .left: text.at.x
      case .center: text.at.x - Double(width) / 2
      case .right: text.at.x - Double(width)
      }
    guard row >= clip.y, row < clip.maxY, let start = Rasterizer.whole(left + 1e-9) else { return }
    let hidden = TextWidth.prefix(text.text, max(0, clip.x - start))
    let shown = hidden.width > 0 ? String(text.text.dropFirst(hidden.text.count)) : text.text
    let x = start + hidden.width
    if x >= clip.maxX { return }
    for column in max(x, clip.x)..<max(max(x, clip.x), min(x + width - hidden.width, clip.maxX)) { forget(column, row) }
    grid.draw(shown, x: x, y: row, style: ink(text), width: clip.maxX - x)
  }

  private func ink(_ text: DisplayList.Text) -> Style {
    let attributes: Attributes = text.isBold ? .bold : []
    guard let paper = text.paper, isColored(paper) else { return style(text.role, attributes) }
    let color = context.color(paper)
    return Style(
      foreground: color.reduced(to: .indexed256).readableInk, background: color, attributes: attributes)
  }

  /// Whether cells of this role have a colour behind them.
  private func isColored(_ paper: Role) -> Bool {
    switch paper {
    case .sequential: context.hasScale(isDiverging: false)
    case .diverging: context.hasScale(isDiverging: true)
    default: false
    }
  }

  private mutating func draw(_ axis: DisplayList.AxisLine, _ clip: Rect) {
    let line = style(.axis)
    let label = style(.tick)
    if axis.isVertical {
      for row in 0..<max(0, axis.length) { put(glyphs.axisVertical, axis.column, axis.row + row, line, clip) }
      for tick in axis.ticks {
        let y = axis.row + axis.length - 1 - tick.cell
        put(glyphs.tickLeft, axis.column, y, line, clip)
        write(tick.label, axis.column - TextWidth.of(tick.label), y, label, clip)
      }
      return
    }
    if axis.hasOrigin { put(glyphs.origin, axis.column - 1, axis.row, line, clip) }
    for column in 0..<max(0, axis.length) {
      put(glyphs.axisHorizontal, axis.column + column, axis.row, line, clip)
    }
    for tick in axis.ticks {
      put(glyphs.tickBelow, axis.column + tick.cell, axis.row, line, clip)
      let start = Axis.labelStart(tick.label, cell: tick.cell, cells: axis.length)
      write(tick.label, axis.column + start, axis.row + 1, label, clip)
    }
  }

  private mutating func write(_ text: String, _ x: Int, _ y: Int, _ style: Style, _ clip: Rect) {
    guard y >= clip.y, y < clip.maxY, x >= clip.x else { return }
    grid.draw(text, x: x, y: y, style: style, width: clip.maxX - x)
  }

  private mutating func draw(_ sample: DisplayList.Sample, _ clip: Rect) {
    guard sample.at.isFinite, let x = Rasterizer.whole(sample.at.x + 1e-9), let y = Rasterizer.whole(sample.at.y + 1e-9)
    else { return }
    switch sample.kind {
    case .marker(let shape): put(glyphs.marker(shape, isSample: true), x, y, style(sample.role), clip)
    case .overlap: put(glyphs.overlap, x, y, style(sample.role, .bold), clip)
    case .fill(let pattern):
      put(
        pattern == .solid ? (glyphs.kind == .ascii ? "#" : "▇") : glyphs.shade(pattern), x, y, style(sample.role), clip)
    case .line(let dash):
      for (i, scalar) in glyphs.lineSample(dash).enumerated() { put(scalar, x + i, y, style(sample.role), clip) }
    case .scale(let isDiverging, let columns):
      let isColored = context.hasScale(isDiverging: isDiverging)
      for i in 0..<max(0, columns) {
        let share = (Double(i) + 0.5) / Double(columns)
        let role = isDiverging ? Role.diverging(share) : .sequential(share)
        let shade = glyphs.shades[min(3, Int(share * 4))]
        put(isColored ? (glyphs.kind == .ascii ? "#" : "█") : shade, x + i, y, style(isColored ? role : .label), clip)
      }
    }
  }
}
