// From shapes to a page: cells become units of eight by sixteen, dots become marks, patterns become hatches.

import Foundation
import Grid

/// Draws a list on a page.
struct PageDrawing {
  static let cellWidth = 8.0
  static let cellHeight = 16.0
  /// Around the drawing.
  static let margin = 14.0

  typealias Spot = DisplayList.Spot
  typealias Box = DisplayList.Box

  let canvas: CairoCanvas
  let context: DrawContext
  /// The page's place of cell (0, 0).
  let origin: Spot

  /// Lays the list on a background that fills the page.
  func draw(_ list: DisplayList, width: Double, height: Double) {
    canvas.rectangle(Box(x: 0, y: 0, width: width, height: height), background)
    for layer in DisplayList.Layer.allCases {
      for item in list.items where item.layer == layer { draw(item) }
    }
  }

  private func draw(_ item: DisplayList.Item) {
    if let clip = item.clip, !clip.isFinite || clip.width <= 0 || clip.height <= 0 { return }
    switch item.shape {
    case .fill(let fill): draw(fill, item.clip)
    case .polyline(let line):
      canvas.clipped(to: clip(item)) {
        canvas.line(line.points.map(place), ink(line.role), width: line.width, dash: dash(line.dash))
      }
    case .area(let area): canvas.clipped(to: clip(item)) { draw(area) }
    case .markers(let markers): draw(markers, item.clip)
    case .rule(let rule): canvas.clipped(to: clip(item)) { draw(rule) }
    case .axis(let axis): draw(axis)
    case .colors(let cells): canvas.clipped(to: clip(item)) { draw(cells) }
    case .text(let text): draw(text)
    case .sample(let sample): draw(sample)
    case .picture(let grid, let at): draw(grid, at)
    }
  }

  // MARK: - Places and inks

  func place(_ spot: Spot) -> Spot {
    Spot(origin.x + spot.x * PageDrawing.cellWidth, origin.y + spot.y * PageDrawing.cellHeight)
  }

  func place(_ box: Box) -> Box {
    let corner = place(Spot(box.x, box.y))
    return Box(
      x: corner.x, y: corner.y, width: box.width * PageDrawing.cellWidth, height: box.height * PageDrawing.cellHeight)
  }

  /// With a unit of slack, so that lines on the edge keep their width.
  private func clip(_ item: DisplayList.Item) -> Box? {
    item.clip.map { clip in
      let box = place(clip)
      return Box(x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2)
    }
  }

  private var background: PageColor {
    PageColor(context.theme.ui.background) ?? (context.theme.isDark ? PageColor(0, 0, 0) : PageColor(1, 1, 1))
  }

  func ink(_ role: Role) -> PageColor {
    switch role {
    case .sequential(let share): return mixed(context.theme.scale.sequential, share)
    case .diverging(let share): return mixed(context.theme.scale.diverging, share)
    default: return ink(context.color(role))
    }
  }

  func ink(_ color: Color) -> PageColor {
    PageColor(color) ?? PageColor(context.theme.ui.text)
      ?? (context.theme.isDark ? PageColor(1, 1, 1) : PageColor(0, 0, 0))
  }

  /// A place on a scale, between its steps.
  private func mixed(_ colors: [Color], _ share: Double) -> PageColor {
    guard let first = colors.first else { return ink(.terminal) }
    let at = (share.isNaN ? 0.5 : min(max(share, 0), 1)) * Double(colors.count - 1)
    let low = Int(at)
    guard low + 1 < colors.count else { return ink(colors.last ?? first) }
    return ink(colors[low]).mixed(with: ink(colors[low + 1]), at - Double(low))
  }

  func dash(_ dash: Dash) -> [Double] { dash.lengths.map { Double($0) * 2 } }

  // MARK: - Surfaces

  private func draw(_ fill: DisplayList.Fill, _ clip: Box?) {
    guard fill.box.isFinite else { return }
    let shown = clip.map { fill.box.intersection($0) } ?? fill.box
    if shown.width <= 0 || shown.height <= 0 { return }
    var box = place(shown)
    // Air between bars that stand side by side.
    switch fill.growth {
    case .none: break
    case .up, .down:
      let air = box.width > 3 ? 0.5 : 0
      box = Box(x: box.x + air, y: box.y, width: box.width - 2 * air, height: box.height)
    case .left, .right:
      let air = box.height > 8 ? 2.0 : 0
      box = Box(x: box.x, y: box.y + air, width: box.width, height: box.height - 2 * air)
    }
    let color = ink(fill.role)
    if fill.pattern == .solid { return canvas.rectangle(box, color, isCrisp: fill.growth == .none) }
    canvas.rectangle(box, color, opacity: 0.5 * fill.pattern.coverage)
    if !fill.isOnlyOnBlank { canvas.clipped(to: box) { hatch(box, color, fill.pattern) } }
  }

  private func draw(_ area: DisplayList.Area) {
    let points = area.points.filter(\.isFinite).map(place)
    guard points.count >= 3 else { return }
    let color = ink(area.role)
    if area.pattern == .solid { return canvas.polygon(points, color, opacity: 0.85) }
    canvas.polygon(points, color, opacity: 0.5 * area.pattern.coverage)
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return }
    canvas.clipped(to: points) {
      hatch(Box(x: left, y: top, width: right - left, height: bottom - top), color, area.pattern)
    }
  }

  /// Slanted lines, closer for denser patterns.
  private func hatch(_ box: Box, _ color: PageColor, _ pattern: FillPattern) {
    let step = pattern == .dense ? 4.0 : pattern == .medium ? 6.0 : 9.0
    var strokes: [Spot] = []
    // Counted from the page's corner, so that neighbours continue each other.
    var sum = ((box.x + box.y) / step).rounded(.up) * step
    while sum < box.maxX + box.maxY {
      let x = max(box.x, sum - box.maxY)
      let right = min(box.maxX, sum - box.y)
      strokes += [Spot(x, sum - x), Spot(right, sum - right), Spot(.nan, .nan)]
      sum += step
    }
    if !strokes.isEmpty { canvas.line(strokes, color, width: 1, opacity: 0.8) }
  }

  private func draw(_ cells: DisplayList.ColorCells) {
    guard cells.box.isFinite, !cells.values.isEmpty else { return }
    let height = cells.box.height / Double(cells.values.count)
    for (row, line) in cells.values.enumerated() where !line.isEmpty {
      let width = cells.box.width / Double(line.count)
      for (column, value) in line.enumerated() {
        guard let value, value.isFinite else { continue }
        let box = Box(
          x: cells.box.x + Double(column) * width, y: cells.box.y + Double(row) * height, width: width,
          height: height)
        canvas.rectangle(place(box), ink(cells.isDiverging ? .diverging(value) : .sequential(value)), isCrisp: true)
      }
    }
  }
}
