// The builder of a display list: a chart says what it draws in calls, in any order.

import Grid

/// A display list being built for a context.
struct Plotter {
  private(set) var list: DisplayList
  let context: DrawContext
  let glyphs: Glyphs
  /// Items added from now on are not drawn outside this box; text and axes are not clipped by it.
  var clip: DisplayList.Box?
  // Cells taken by text, row by row, for labels that give way.
  private var taken: [Int: [Range<Int>]] = [:]

  init(size: Size, context: DrawContext) {
    list = DisplayList(size: size)
    self.context = context
    glyphs = Glyphs(context.glyphs)
  }

  var size: Size { list.size }
  var width: Int { list.size.width }
  var height: Int { list.size.height }

  mutating func add(_ shape: DisplayList.Shape, _ layer: DisplayList.Layer) {
    let isClipped =
      switch shape {
      case .text, .axis, .sample, .picture: false
      default: true
      }
    list.items.append(DisplayList.Item(shape, layer: layer, clip: isClipped ? clip : nil))
  }

  // MARK: - Shapes

  mutating func fill(
    _ box: DisplayList.Box, _ role: Role, _ pattern: FillPattern = .solid, growth: DisplayList.Fill.Growth = .none,
    layer: DisplayList.Layer = .fills
  ) {
    add(.fill(.init(box, role: role, pattern: pattern, growth: growth)), layer)
  }

  /// A band of `░` behind the marks.
  mutating func band(_ box: DisplayList.Box, _ role: Role = .band) {
    add(.fill(.init(box, role: role, pattern: .light, isOnlyOnBlank: true)), .fills)
  }

  mutating func line(
    _ points: [DisplayList.Spot], _ role: Role, _ dash: Dash = .solid, onBlank: Bool = false,
    layer: DisplayList.Layer = .lines
  ) {
    add(.polyline(.init(points, role: role, dash: dash, isOnlyOnBlank: onBlank)), layer)
  }

  mutating func area(
    _ points: [DisplayList.Spot], _ role: Role, _ pattern: FillPattern = .solid,
    encoding: DisplayList.Area.Encoding = .dots, layer: DisplayList.Layer = .fills
  ) {
    add(.area(.init(points, role: role, pattern: pattern, encoding: encoding)), layer)
  }

  mutating func markers(
    _ points: [DisplayList.Spot], _ role: Role, _ shape: MarkerShape = .dot, layer: DisplayList.Layer = .points
  ) {
    add(.markers(.init(points, role: role, shape: shape)), layer)
  }

  mutating func rule(
    _ from: DisplayList.Spot, _ to: DisplayList.Spot, _ role: Role, _ dash: Dash = .solid, isHeavy: Bool = false,
    capsStart: Bool = false, capsEnd: Bool = false, layer: DisplayList.Layer = .lines
  ) {
    add(
      .rule(
        .init(
          from: from, to: to, role: role, dash: dash, isHeavy: isHeavy, capsStart: capsStart, capsEnd: capsEnd)),
      layer)
  }

  /// The outline of a box as four rules along the middles of its outermost cells, which join.
  mutating func outline(_ rect: Rect, _ role: Role, layer: DisplayList.Layer = .lines) {
    if rect.isEmpty { return }
    let (left, top) = (Double(rect.x) + 0.5, Double(rect.y) + 0.5)
    let (right, bottom) = (Double(rect.maxX) - 0.5, Double(rect.maxY) - 0.5)
    rule(.init(left, top), .init(right, top), role, layer: layer)
    if rect.height == 1 { return }
    rule(.init(left, bottom), .init(right, bottom), role, layer: layer)
    rule(.init(left, top), .init(left, bottom), role, layer: layer)
    if rect.width > 1 { rule(.init(right, top), .init(right, bottom), role, layer: layer) }
  }

  mutating func colors(_ box: DisplayList.Box, _ values: [[Double?]], isDiverging: Bool = false) {
    add(.colors(.init(box, values: values, isDiverging: isDiverging)), .fills)
  }

  mutating func axis(_ axis: DisplayList.AxisLine) { add(.axis(axis), .axes) }

  // MARK: - Text

  /// Text at a position, cut to `width` columns where that is given.
  mutating func text(
    _ text: String, _ at: DisplayList.Spot, _ anchor: Alignment = .left, role: Role = .label, isBold: Bool = false,
    paper: Role? = nil, width: Int? = nil
  ) {
    let cut = width.map { glyphs.cut(text, $0) } ?? text
    if cut.isEmpty { return }
    let cells = Plotter.cells(cut, at, anchor)
    taken[cells.row, default: []].append(cells.columns)
    add(.text(.init(cut, at: at, anchor: anchor, role: role, isBold: isBold, paper: paper)), .labels)
  }

  /// Text that is left out where it would touch other text, or leave the drawing. Returns whether it was written.
  @discardableResult
  mutating func yieldingText(
    _ text: String, _ at: DisplayList.Spot, _ anchor: Alignment = .left, role: Role = .label, isBold: Bool = false
  ) -> Bool {
    guard at.isFinite else { return false }
    let cells = Plotter.cells(text, at, anchor)
    let wanted = (cells.columns.lowerBound - 1)..<(cells.columns.upperBound + 1)
    let isInside =
      cells.row >= 0 && cells.row < height && cells.columns.lowerBound >= 0 && cells.columns.upperBound <= width
    guard isInside, !(taken[cells.row] ?? []).contains(where: { $0.overlaps(wanted) }) else { return false }
    self.text(text, at, anchor, role: role, isBold: isBold)
    return true
  }

  private static func cells(
    _ text: String, _ at: DisplayList.Spot, _ anchor: Alignment
  ) -> (row: Int, columns: Range<Int>) {
    let width = TextWidth.of(text)
    let shift = anchor == .left ? 0 : anchor == .center ? Double(width) / 2 : Double(width)
    let start = Rasterizer.whole(at.x - shift + 1e-9) ?? 0
    return (Rasterizer.whole(at.y) ?? 0, start..<(start + width))
  }

  /// A sentence in the middle of `area`, broken into lines at blanks where it is too long.
  mutating func sentence(_ sentence: String, in area: Rect) {
    for line in glyphs.centered(sentence, in: area) {
      text(line.text, .init(Double(line.x), Double(line.y)), role: .muted)
    }
  }

  /// Tells where the axes stand.
  mutating func setAxes(_ axes: ChartAxes) { list.axes = axes.isEmpty ? nil : axes }

  /// Shows the cursor's position on these axes.
  mutating func setPointers(row: Int?, column: Int?) { (list.pointerRow, list.pointerColumn) = (row, column) }
}
