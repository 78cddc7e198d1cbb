// Rectangles, polygons, coloured cells and rules.

import Foundation
import Grid

extension Rasterizer {
  // MARK: - Rectangles

  mutating func draw(_ fill: DisplayList.Fill, _ clip: Rect) {
    guard fill.box.isFinite, fill.box.width > 0, fill.box.height > 0 else { return }
    switch fill.growth {
    case .none: drawBlock(fill, clip)
    case .up, .down: drawColumn(fill, clip)
    case .right, .left: drawBar(fill, clip)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar, _ x: Int, _ y: Int, _ fill: DisplayList.Fill, _ clip: Rect) {
    guard clip.contains(Point(x: x, y: y)) else { return }
    if fill.isOnlyOnBlank, !grid[x, y].isBlank { return }
    put(scalar, x, y, style(fill.role), clip)
  }

  private func block(_ pattern: FillPattern) -> Unicode.Scalar {
    pattern == .solid ? (glyphs.kind == .ascii ? "#" : "█") : glyphs.shade(pattern)
  }

  /// The cells whose middle lies between two coordinates; at least the one they lie in.
  private func span(_ low: Double, _ high: Double) -> Range<Int> {
    let first = Int(min(max((low - 0.5 + 1e-9).rounded(.up), -1e6), 1e6))
    let last = Int(min(max((high - 0.5 - 1e-9).rounded(.down), -1e6), 1e6))
    if first <= last { return first..<(last + 1) }
    let only = Int(min(max(((low + high) / 2).rounded(.down), -1e6), 1e6))
    return only..<(only + 1)
  }

  private mutating func drawBlock(_ fill: DisplayList.Fill, _ clip: Rect) {
    for y in span(fill.box.y, fill.box.maxY).clamped(to: clip.y..<clip.maxY) {
      for x in span(fill.box.x, fill.box.maxX).clamped(to: clip.x..<clip.maxX) {
        put(block(fill.pattern), x, y, fill, clip)
      }
    }
  }

  /// Eighths along a bar: where it begins and ends. Never nothing.
  private static func eighths(_ low: Double, _ high: Double) -> (from: Int, to: Int) {
    let from = Int((min(max(low, -1e6), 1e6) * 8).rounded())
    let to = Int((min(max(high, -1e6), 1e6) * 8).rounded())
    return (from, max(to, from + 1))
  }

  private static func floor8(_ n: Int) -> Int { n >= 0 ? n / 8 : -((7 - n) / 8) }

  private mutating func drawColumn(_ fill: DisplayList.Fill, _ clip: Rect) {
    // Measured upwards from row zero's upper edge.
    var (from, to) = Rasterizer.eighths(-fill.box.maxY, -fill.box.y)
    if fill.growth == .down, to == from + 1, fill.box.height < 1 / 8 { (from, to) = (to - 1, to) }
    let columns = span(fill.box.x, fill.box.maxX).clamped(to: clip.x..<clip.maxX)
    for level in Rasterizer.floor8(from)...Rasterizer.floor8(to - 1) {
      let y = -level - 1
      if y < clip.y || y >= clip.maxY { continue }
      let bottom = max(0, from - level * 8)
      let top = min(8, to - level * 8)
      guard let glyph = columnGlyph(bottom, top, fill.pattern) else { continue }
      for x in columns { put(glyph, x, y, fill, clip) }
    }
  }

  /// The part of a cell from `bottom` to `top` eighths.
  private func columnGlyph(_ bottom: Int, _ top: Int, _ pattern: FillPattern) -> Unicode.Scalar? {
    if pattern != .solid { return top - bottom >= 4 ? glyphs.shade(pattern) : nil }
    if bottom == 0 { return glyphs.column(top) }
    if glyphs.kind == .ascii { return top - bottom >= 4 ? "#" : "'" }
    // Only halves and single eighths hang from the top of a cell.
    return top < 8 ? glyphs.column(top - bottom) : top - bottom >= 6 ? "█" : top - bottom >= 3 ? "▀" : "▔"
  }

  private mutating func drawBar(_ fill: DisplayList.Fill, _ clip: Rect) {
    let (from, to) = Rasterizer.eighths(fill.box.x, fill.box.maxX)
    let rows = span(fill.box.y, fill.box.maxY).clamped(to: clip.y..<clip.maxY)
    for x in Rasterizer.floor8(from)...Rasterizer.floor8(to - 1) {
      if x < clip.x || x >= clip.maxX { continue }
      let left = max(0, from - x * 8)
      let right = min(8, to - x * 8)
      guard let glyph = barGlyph(left, right, fill.pattern, isOnly: to - from < 8) else { continue }
      for y in rows { put(glyph, x, y, fill, clip) }
    }
  }

  private func barGlyph(_ left: Int, _ right: Int, _ pattern: FillPattern, isOnly: Bool) -> Unicode.Scalar? {
    if pattern != .solid { return right - left >= 4 || isOnly ? glyphs.shade(pattern) : nil }
    if left == 0 { return glyphs.bar(right) }
    if glyphs.kind == .ascii { return right - left >= 4 ? "#" : "-" }
    // Only halves and single eighths stand on the right of a cell.
    return right < 8 ? glyphs.bar(right - left) : right - left >= 6 ? "█" : right - left >= 3 ? "▐" : "▕"
  }

  // MARK: - Polygons

  mutating func draw(_ area: DisplayList.Area, _ clip: Rect, _ field: inout DotField) {
    let points = area.points.filter(\.isFinite)
    guard points.count >= 3 else { return }
    let isDotted = area.pattern == .solid && area.encoding == .dots
    let across = isDotted ? dots.across : 1
    let left = points.map(\.x).min() ?? 0
    let right = points.map(\.x).max() ?? 0
    let columns = (clip.x * across)..<(clip.maxX * across)
    for column in columns {
      let x = (Double(column) + 0.5) / Double(across)
      if x < left || x > right { continue }
      let crossings = Rasterizer.crossings(points, x)
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let (top, bottom) = (crossings[pair], crossings[pair + 1])
        if isDotted {
          field.addColumn(column, top, bottom, area.role, clip)
        } else if area.pattern == .solid {
          let box = DisplayList.Box(x: Double(column), y: top, width: 1, height: bottom - top)
          draw(DisplayList.Fill(box, role: area.role, growth: .up), clip)
        } else {
          let box = DisplayList.Box(x: Double(column), y: top, width: 1, height: bottom - top)
          draw(DisplayList.Fill(box, role: area.role, pattern: area.pattern, isOnlyOnBlank: true), clip)
        }
      }
    }
  }

  /// Where a vertical line crosses the edges of a polygon, from the top.
  private static func crossings(_ points: [DisplayList.Spot], _ x: Double) -> [Double] {
    var found: [Double] = []
    var previous = points[points.count - 1]
    for point in points {
      if (previous.x <= x) != (point.x <= x) {
        found.append(previous.y + (x - previous.x) / (point.x - previous.x) * (point.y - previous.y))
      }
      previous = point
    }
    return found.sorted()
  }

  // MARK: - Coloured cells

  mutating func draw(_ cells: DisplayList.ColorCells, _ clip: Rect) {
    guard cells.box.isFinite, cells.box.width > 0, cells.box.height > 0, !cells.values.isEmpty else { return }
    let isColored = context.hasScale(isDiverging: cells.isDiverging)
    let area = self.cells(cells.box).intersection(clip)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        let upper = value(cells, Double(x) + 0.5, Double(y) + 0.25)
        let lower = value(cells, Double(x) + 0.5, Double(y) + 0.75)
        if isColored {
          putColors(upper, lower, x, y, cells.isDiverging, clip)
        } else {
          putShade(upper, lower, x, y, cells.isDiverging, clip)
        }
      }
    }
  }

  private func value(_ cells: DisplayList.ColorCells, _ x: Double, _ y: Double) -> Double? {
    let row = ((y - cells.box.y) / cells.box.height * Double(cells.values.count)).rounded(.down)
    guard row >= 0, row < Double(cells.values.count) else { return nil }
    let line = cells.values[Int(row)]
    let column = ((x - cells.box.x) / cells.box.width * Double(line.count)).rounded(.down)
    guard column >= 0, column < Double(line.count), let value = line[Int(column)], value.isFinite else { return nil }
    return min(max(value, 0), 1)
  }

  private mutating func putColors(
    _ upper: Double?, _ lower: Double?, _ x: Int, _ y: Int, _ isDiverging: Bool, _ clip: Rect
  ) {
    func color(_ value: Double) -> Color { context.color(isDiverging ? .diverging(value) : .sequential(value)) }
    if upper == nil && lower == nil { return }
    let top = upper.map(color)
    let bottom = lower.map(color)
    if let only = top ?? bottom, top == bottom || glyphs.kind == .ascii {
      return put(" ", x, y, Style(foreground: context.theme.ui.text, background: only), clip)
    }
    var style = context.style(top ?? bottom ?? context.theme.ui.text)
    if let bottom, top != nil { style.background = bottom }
    put(top == nil ? "▄" : "▀", x, y, style, clip)
  }

  private mutating func putShade(
    _ upper: Double?, _ lower: Double?, _ x: Int, _ y: Int, _ isDiverging: Bool, _ clip: Rect
  ) {
    let values = [upper, lower].compactMap { $0 }
    if values.isEmpty { return }
    let mean = values.reduce(0, +) / Double(values.count)
    let steps = isDiverging ? [0.1, 0.2, 0.3, 0.5] : [0.05, 0.25, 0.5, 0.75]
    let size = isDiverging ? abs(2 * mean - 1) : mean
    guard let level = steps.lastIndex(where: { size >= $0 }) else { return }
    let role: Role = context.colors == .mono ? .text : isDiverging ? .diverging(mean) : .sequential(mean)
    put(glyphs.shades[level], x, y, style(role), clip)
  }

  // MARK: - Rules

  mutating func draw(_ rule: DisplayList.Rule, _ clip: Rect) {
    guard rule.from.isFinite, rule.to.isFinite else { return }
    let isHorizontal = rule.isHorizontal
    let low = isHorizontal ? min(rule.from.x, rule.to.x) : min(rule.from.y, rule.to.y)
    let high = isHorizontal ? max(rule.from.x, rule.to.x) : max(rule.from.y, rule.to.y)
    guard let across = Rasterizer.whole(isHorizontal ? rule.from.y : rule.from.x),
      let first = Rasterizer.whole(low + 1e-9), let end = Rasterizer.whole((high - 1e-9).rounded(.up))
    else { return }
    let last = max(first, end - 1)
    let limits = isHorizontal ? clip.x..<clip.maxX : clip.y..<clip.maxY
    let isForward = isHorizontal ? rule.from.x <= rule.to.x : rule.from.y <= rule.to.y
    let (capLow, capHigh) = isForward ? (rule.capsStart, rule.capsEnd) : (rule.capsEnd, rule.capsStart)
    for place in (first..<(last + 1)).clamped(to: limits) {
      let (x, y) = isHorizontal ? (place, across) : (across, place)
      guard clip.contains(Point(x: x, y: y)) else { continue }
      if rule.dash != .solid || rule.isHeavy {
        put(glyphs.rule(rule.dash, isHorizontal: isHorizontal, isHeavy: rule.isHeavy), x, y, style(rule.role), clip)
        continue
      }
      var bits: UInt8 = isHorizontal ? 2 | 8 : 1 | 4
      if first != last, place == first { bits = isHorizontal ? 2 : 4 }
      if first != last, place == last { bits = isHorizontal ? 8 : 1 }
      if (place == first && capLow) || (place == last && capHigh) { bits |= isHorizontal ? 1 | 4 : 2 | 8 }
      bits |= strokes[y * whole.width + x]
      put(glyphs.junction(bits), x, y, style(rule.role), clip)
      strokes[y * whole.width + x] = bits
    }
  }
}
