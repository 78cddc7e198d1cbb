// The dots of one layer with their categories, before they become characters.

import Foundation
import Grid

/// Dots and whole-cell markers by cell and category.
struct DotField {
  /// What tells a category apart in a cell.
  struct Category: Hashable {
    var role: Role
    var shape: MarkerShape
    var dash: Dash?
    var isOnlyOnBlank: Bool
  }

  let size: Size
  let glyphs: GlyphSet
  private let across, down: Int
  private(set) var categories: [Category] = []
  private var canvases: [DotCanvas] = []
  private var counts: [[Int32]] = []

  init(size: Size, glyphs: GlyphSet) {
    (self.size, self.glyphs) = (size, glyphs)
    (across, down) = DotCanvas.dots(glyphs)
  }

  private mutating func index(_ category: Category) -> Int {
    if let index = categories.firstIndex(of: category) { return index }
    categories.append(category)
    canvases.append(DotCanvas(width: size.width, height: size.height, glyphs: glyphs))
    counts.append([Int32](repeating: 0, count: size.width * size.height))
    return categories.count - 1
  }

  /// One dot, counted from the top left of the grid.
  private mutating func set(_ x: Int, _ y: Int, _ category: Int, _ clip: Rect) {
    guard x >= 0, y >= 0 else { return }
    let cell = Point(x: x / across, y: y / down)
    guard clip.contains(cell) else { return }
    canvases[category].set(x, y)
    counts[category][cell.y * size.width + cell.x] += 1
  }

  // MARK: - Shapes

  mutating func add(_ markers: DisplayList.Markers, _ clip: Rect) {
    let category = index(Category(role: markers.role, shape: markers.shape, dash: nil, isOnlyOnBlank: false))
    for point in markers.points where point.isFinite && abs(point.x) < 1e6 && abs(point.y) < 1e6 {
      let x = Int((point.x * Double(across) + 1e-9).rounded(.down))
      let y = Int((point.y * Double(down) + 1e-9).rounded(.down))
      set(x, y, category, clip)
    }
  }

  mutating func addColumn(_ column: Int, _ top: Double, _ bottom: Double, _ role: Role, _ clip: Rect) {
    let category = index(Category(role: role, shape: .dot, dash: nil, isOnlyOnBlank: false))
    let down = Double(self.down)
    let limit = Double(size.height) * down
    let first = Int(min(max((top * down - 0.5).rounded(.up), 0), limit))
    let last = Int(min(max((bottom * down - 0.5).rounded(.down), -1), limit - 1))
    if first <= last {
      for y in first...last { set(column, y, category, clip) }
    } else {
      set(column, Int(min(max(((top + bottom) / 2 * down).rounded(.down), -1), limit)), category, clip)
    }
  }

  mutating func add(_ line: DisplayList.Polyline, _ clip: Rect) {
    let category = index(
      Category(role: line.role, shape: .dot, dash: line.dash, isOnlyOnBlank: line.isOnlyOnBlank))
    // Dashes are shorter than the cells of ASCII, where the character tells lines apart.
    let lengths = glyphs == .ascii && line.dash != .dotted ? [] : line.dash.lengths
    let box = DisplayList.Box(clip)
    var phase = 0
    var last: (x: Int, y: Int)?
    var previous: DisplayList.Spot?
    for point in line.points {
      defer { previous = point.isFinite ? point : nil }
      guard point.isFinite else {
        last = nil
        continue
      }
      guard let (from, to) = DotField.clip(previous ?? point, point, box) else {
        last = nil
        continue
      }
      let start = (from.x * Double(across), from.y * Double(down))
      let end = (to.x * Double(across), to.y * Double(down))
      let steps = Int(max(abs(end.0 - start.0), abs(end.1 - start.1)).rounded(.up))
      for step in 0...max(steps, 0) {
        let part = steps == 0 ? 1 : Double(step) / Double(steps)
        let x = Int((start.0 + (end.0 - start.0) * part + 1e-9).rounded(.down))
        let y = Int((start.1 + (end.1 - start.1) * part + 1e-9).rounded(.down))
        if let last, last == (x, y) { continue }
        last = (x, y)
        if DotField.isOn(phase, lengths) { set(x, y, category, clip) }
        phase += 1
      }
    }
  }

  private static func isOn(_ phase: Int, _ lengths: [Int]) -> Bool {
    if lengths.isEmpty { return true }
    var rest = phase % lengths.reduce(0, +)
    for (i, length) in lengths.enumerated() {
      if rest < length { return i % 2 == 0 }
      rest -= length
    }
    return true
  }

  /// The part of a segment in a box (Liang and Barsky, "A New Concept and Method for Line Clipping", 1984).
  private static func clip(
    _ a: DisplayList.Spot, _ b: DisplayList.Spot, _ box: DisplayList.Box
  ) -> (DisplayList.Spot, DisplayList.Spot)? {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    guard dx.isFinite, dy.isFinite else { return nil }
    var (enter, leave) = (0.0, 1.0)
    for (delta, room) in [(-dx, a.x - box.x), (dx, box.maxX - a.x), (-dy, a.y - box.y), (dy, box.maxY - a.y)] {
      if delta == 0 {
        if room < 0 { return nil }
        continue
      }
      let at = room / delta
      if delta < 0 { enter = max(enter, at) } else { leave = min(leave, at) }
    }
    if enter > leave { return nil }
    // Of ends that are far away the sums keep no digits of the box.
    func inside(_ share: Double) -> DisplayList.Spot {
      .init(
        min(max(a.x + share * dx, box.x), box.maxX), min(max(a.y + share * dy, box.y), box.maxY))
    }
    return (inside(enter), inside(leave))
  }

  // MARK: - Cells

  /// What a cell shows.
  struct Majority {
    var category: Category
    var isContested: Bool
    /// Whether some category that shares the cell is a marker of its own.
    var hasMarkers: Bool
  }

  /// The category with most dots in a cell, ties to the later; nil without dots.
  func majority(_ x: Int, _ y: Int) -> Majority? {
    let cell = y * size.width + x
    var (most, second, winner): (Int32, Int32, Int) = (0, 0, -1)
    var hasMarkers = false
    for (i, counts) in counts.enumerated() where counts[cell] > 0 {
      if categories[i].shape != .dot { hasMarkers = true }
      if counts[cell] >= most {
        (second, most, winner) = (most, counts[cell], i)
      } else {
        second = max(second, counts[cell])
      }
    }
    guard winner >= 0 else { return nil }
    let total = counts.reduce(Int32(0)) { $0 + $1[cell] }
    return Majority(category: categories[winner], isContested: second * 5 >= total * 2, hasMarkers: hasMarkers)
  }

  /// Adds the dots of every category in a cell to a canvas.
  func merge(into canvas: inout DotCanvas, _ x: Int, _ y: Int) {
    for other in canvases { canvas.add(other, x, y) }
  }
}

extension Rasterizer {
  /// Turns the dots of a layer into characters.
  mutating func draw(_ field: DotField, _ layer: DisplayList.Layer) {
    if field.categories.isEmpty { return }
    for y in 0..<whole.height {
      for x in 0..<whole.width {
        guard let majority = field.majority(x, y) else { continue }
        if majority.category.isOnlyOnBlank, !grid[x, y].isBlank { continue }
        draw(majority, field, layer, x, y)
      }
    }
  }

  private mutating func draw(
    _ majority: DotField.Majority, _ field: DotField, _ layer: DisplayList.Layer, _ x: Int, _ y: Int
  ) {
    let category = majority.category
    let style = style(category.role, majority.isContested ? .bold : [])
    if majority.isContested, majority.hasMarkers { return put(glyphs.overlap, x, y, style, whole) }
    if category.shape != .dot { return put(glyphs.marker(category.shape, isSample: false), x, y, style, whole) }
    // Dots join those of fills and lines below them; they hide a reference line, and a fitted curve hides its cloud.
    let below = dotLayers[y * whole.width + x]
    let joins = below.map { $0 > .grid && layer < .overlay } ?? false
    if !joins { dots.clear(x, y) }
    field.merge(into: &dots, x, y)
    guard let glyph = dots.character(x, y, mark: glyphs.dotMark(category.dash)) else { return }
    let pattern = dots.pattern(x, y)
    put(glyph, x, y, style, whole)
    dots.restore(pattern, x, y)
    dotLayers[y * whole.width + x] = layer
  }
}
