// Points, rules, axes, legends and text on a page.

import Grid

extension PageDrawing {
  // MARK: - Points

  func draw(_ markers: DisplayList.Markers, _ clip: Box?) {
    let color = ink(markers.role)
    let shown = markers.points.filter { point in
      guard point.isFinite else { return false }
      guard let clip else { return true }
      return point.x >= clip.x && point.x <= clip.maxX && point.y >= clip.y && point.y <= clip.maxY
    }
    // In a crowd the dots shine through each other.
    let opacity = shown.count > 500 ? 0.55 : 0.85
    for point in shown { draw(markers.shape, at: place(point), color, opacity) }
  }

  private func draw(_ shape: MarkerShape, at center: Spot, _ color: PageColor, _ opacity: Double = 1) {
    func at(_ x: Double, _ y: Double) -> Spot { Spot(center.x + x, center.y + y) }
    func outline(_ points: [Spot]) { canvas.line(points, color, width: 1.3, isClosed: true) }
    let gap = Spot(.nan, .nan)
    switch shape {
    case .dot: canvas.disc(center, radius: 2, color, opacity: opacity)
    case .faint: canvas.disc(center, radius: 1.4, color, opacity: opacity * 0.7)
    case .bullet: canvas.disc(center, radius: 2.5, color)
    case .disc: canvas.disc(center, radius: 4, color)
    case .ring: canvas.ring(center, radius: 3, color, width: 1.3)
    case .plus: canvas.line([at(-3.5, 0), at(3.5, 0), gap, at(0, -3.5), at(0, 3.5)], color, width: 1.3)
    case .cross: canvas.line([at(-2.7, -2.7), at(2.7, 2.7), gap, at(-2.7, 2.7), at(2.7, -2.7)], color, width: 1.3)
    case .triangle: outline([at(0, -3.6), at(3.4, 2.6), at(-3.4, 2.6)])
    case .square: outline([at(-2.7, -2.7), at(2.7, -2.7), at(2.7, 2.7), at(-2.7, 2.7)])
    case .diamond: outline([at(0, -3.8), at(3.8, 0), at(0, 3.8), at(-3.8, 0)])
    }
  }

  // MARK: - Rules and axes

  func draw(_ rule: DisplayList.Rule) {
    guard rule.from.isFinite, rule.to.isFinite else { return }
    let (from, to) = (place(rule.from), place(rule.to))
    let color = ink(rule.role)
    let width = rule.isHeavy ? 2.5 : 1
    canvas.line([from, to], color, width: width, dash: dash(rule.dash))
    for (end, isCapped) in [(from, rule.capsStart), (to, rule.capsEnd)] where isCapped {
      let (dx, dy) = rule.isHorizontal ? (0.0, 4.0) : (4.0, 0.0)
      canvas.line([Spot(end.x - dx, end.y - dy), Spot(end.x + dx, end.y + dy)], color, width: width)
    }
  }

  func draw(_ axis: DisplayList.AxisLine) {
    let color = ink(.axis)
    if axis.isVertical {
      let top = place(Spot(Double(axis.column + 1), Double(axis.row)))
      let bottom = place(Spot(Double(axis.column + 1), Double(axis.row + axis.length)))
      canvas.line([top, bottom], color, width: 1)
      for tick in axis.ticks where tick.position.isFinite {
        let at = Spot(top.x, bottom.y - tick.position * PageDrawing.cellHeight)
        canvas.line([Spot(at.x - 4, at.y), at], color, width: 1)
        // Off the name of the axis, which stands above the topmost tick.
        write(tick.label, Spot(at.x - 8, max(at.y, top.y + 5)), .right, ink(.tick))
      }
      return
    }
    let left = place(Spot(Double(axis.column), Double(axis.row)))
    let right = place(Spot(Double(axis.column + axis.length), Double(axis.row)))
    canvas.line([left, right], color, width: 1)
    for tick in axis.ticks where tick.position.isFinite {
      let at = Spot(left.x + tick.position * PageDrawing.cellWidth, left.y)
      canvas.line([at, Spot(at.x, at.y + 4)], color, width: 1)
      // Centred, unless that leaves the page.
      let half = Double(TextWidth.of(tick.label)) * PageDrawing.cellWidth / 2
      let center = max(min(at.x, right.x + PageDrawing.margin - 2 - half), half + 2)
      write(tick.label, Spot(center, at.y + 13), .center, ink(.tick))
    }
  }

  // MARK: - Text

  /// Text whose middle is as high as the spot.
  private func write(_ text: String, _ at: Spot, _ anchor: Alignment, _ color: PageColor, isBold: Bool = false) {
    let width = Double(TextWidth.of(text)) * PageDrawing.cellWidth
    canvas.label(
      .init(text: text, x: at.x, baseline: at.y + 4.5, width: width, anchor: anchor, color: color, isBold: isBold))
  }

  /// The middle of a row; the first, with the title in it, gets air under it.
  private func middle(of y: Double) -> Double {
    let row = y.rounded(.down)
    return row == 0 ? 0.15 : row + 0.5
  }

  func draw(_ text: DisplayList.Text) {
    guard text.at.isFinite else { return }
    let row = middle(of: text.at.y)
    let color = text.paper.map { ink(ink($0).direct.readableInk) } ?? ink(text.role)
    write(text.text, place(Spot(text.at.x, row)), text.anchor, color, isBold: text.isBold)
  }

  func draw(_ sample: DisplayList.Sample) {
    guard sample.at.isFinite else { return }
    let at = place(Spot(sample.at.x, middle(of: sample.at.y)))
    let color = ink(sample.role)
    let middle = Spot(at.x + PageDrawing.cellWidth / 2, at.y)
    switch sample.kind {
    case .marker(let shape): draw(shape, at: middle, color)
    case .line(let dash): canvas.line([at, Spot(at.x + 16, at.y)], color, width: 2, dash: self.dash(dash))
    case .overlap: write("*", middle, .center, color, isBold: true)
    case .fill(let pattern):
      let box = Box(x: at.x - 1, y: at.y - 5, width: 10, height: 10)
      canvas.rectangle(box, color, opacity: pattern == .solid ? 1 : 0.5 * pattern.coverage)
      if pattern != .solid {
        canvas.line(
          [Spot(box.x, box.y), Spot(box.maxX, box.y), Spot(box.maxX, box.maxY), Spot(box.x, box.maxY)], color,
          width: 1, isClosed: true)
      }
    case .scale(let isDiverging, let columns):
      // Four steps a column read as a gradient.
      let steps = max(0, columns) * 4
      for step in 0..<steps {
        let share = (Double(step) + 0.5) / Double(steps)
        let box = Box(x: at.x + Double(step) * 2, y: at.y - 5, width: 2, height: 10)
        canvas.rectangle(box, ink(isDiverging ? .diverging(share) : .sequential(share)), isCrisp: true)
      }
    }
  }

  // MARK: - Cells

  /// Cells as they are: coloured boxes with characters on them.
  func draw(_ grid: CellGrid, _ corner: Spot) {
    guard corner.isFinite else { return }
    for y in 0..<grid.height {
      for x in 0..<grid.width where !grid[x, y].isContinuation {
        let cell = grid[x, y]
        let at = Spot(corner.x + Double(x), corner.y + Double(y))
        if cell.style.background != context.theme.ui.background, let paper = PageColor(cell.style.background) {
          canvas.rectangle(place(Box(x: at.x, y: at.y, width: Double(cell.width), height: 1)), paper, isCrisp: true)
        }
        if cell.isBlank { continue }
        write(cell.text, place(Spot(at.x, at.y + 0.5)), .left, ink(cell.style.foreground))
      }
    }
  }
}
