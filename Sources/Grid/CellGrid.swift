// The screen as a value: everything the workbench and the charts draw is drawn on one of these.
// Drawing is clipped, never trapped: any position, any size, any text.

/// A rectangle of cells, row by row.
public struct CellGrid: Sendable, Equatable {
  /// Columns and rows.
  public let size: Size
  var cells: [Cell]

  /// A blank grid.
  public init(size: Size, style: Style = .plain) {
    self.size = size
    cells = [Cell](repeating: Cell(code: 32, width: 1, style: style), count: size.width * size.height)
  }

  /// Columns.
  public var width: Int { size.width }
  /// Rows.
  public var height: Int { size.height }

  /// Whether the grid has this cell.
  @inline(__always) func holds(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x < size.width && y < size.height
  }

  /// The cell at column `x`, row `y`: blank outside the grid, where setting does nothing. Setting half of a wide glyph
  /// blanks its other half; a wide glyph in the last column becomes a blank.
  public subscript(x: Int, y: Int) -> Cell {
    get { holds(x, y) ? cells[y * size.width + x] : Cell(code: 32, width: 1, style: .plain) }
    set {
      if holds(x, y) { put(newValue, x, y) }
    }
  }

  private mutating func put(_ cell: Cell, _ x: Int, _ y: Int) {
    let i = y * size.width + x
    let span = cell.width
    if cells[i].width != 1 || span != 1 {
      if span == 0 { return blank(x, y, style: cell.style) }
      release(x, y)
      if span == 2 {
        if x + 1 >= size.width { return blank(x, y, style: cell.style) }
        release(x + 1, y)
        cells[i + 1] = .continuation(cell.style)
      }
    }
    cells[i] = cell
  }

  private mutating func blank(_ x: Int, _ y: Int, style: Style) {
    release(x, y)
    cells[y * size.width + x] = Cell(code: 32, width: 1, style: style)
  }

  /// Turns the other half of a wide glyph at this cell into a blank.
  private mutating func release(_ x: Int, _ y: Int) {
    let i = y * size.width + x
    switch cells[i].width {
    case 2:
      if x + 1 < size.width { cells[i + 1] = Cell(code: 32, width: 1, style: cells[i + 1].style) }
      cells[i] = Cell(code: 32, width: 1, style: cells[i].style)
    case 0:
      if x > 0 { cells[i - 1] = Cell(code: 32, width: 1, style: cells[i - 1].style) }
      cells[i] = Cell(code: 32, width: 1, style: cells[i].style)
    default: break
    }
  }

  /// Draws `text` from column `x` on row `y`, clipped to the grid and to `width` columns; a wide glyph cut by either
  /// edge leaves a blank. Returns the columns that the text took, at most `width`.
  @discardableResult
  public mutating func draw(_ text: String, x: Int, y: Int, style: Style, width: Int? = nil) -> Int {
    let limit = width.map { $0 < Int.max / 2 ? x + max(0, $0) : Int.max } ?? Int.max
    guard y >= 0, y < size.height, x < size.width, limit > x else { return min(TextWidth.of(text), width ?? Int.max) }
    var text = text
    if let end = text.withUTF8({ drawPlain($0, x, y, style, limit) }) { return end - x }
    var scanner = GlyphScanner(text)
    var column = x
    var last: Int?
    while let glyph = scanner.next() {
      if glyph.width == 0 {
        if let last { cells[y * size.width + last].join(glyph.scalar) }
        continue
      }
      if column + glyph.width > limit {
        if column < limit { self[column, y] = Cell(code: 32, width: 1, style: style) }
        return limit - x
      }
      if column >= size.width { return column - x + TextWidth.rest(&scanner, glyph.width, limit - column) }
      if column < 0 {
        last = nil
        if column == -1, glyph.width == 2 { self[0, y] = Cell(code: 32, width: 1, style: style) }
      } else {
        last = glyph.width == 2 && column + 1 == size.width ? nil : column
        put(Cell(code: glyph.scalar.value, width: glyph.width, style: style), column, y)
      }
      column += glyph.width
    }
    return column - x
  }

  /// The fast path for printable ASCII: the column after the text, or nil when there is anything else in it.
  private mutating func drawPlain(
    _ bytes: UnsafeBufferPointer<UInt8>, _ x: Int, _ y: Int, _ style: Style, _ limit: Int
  ) -> Int? {
    for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
    let end = min(x + bytes.count, limit)
    let row = y * size.width
    var column = max(x, 0)
    let stop = min(end, size.width)
    while column < stop {
      let cell = Cell(code: UInt32(bytes[column - x]), width: 1, style: style)
      if cells[row + column].width == 1 { cells[row + column] = cell } else { put(cell, column, y) }
      column += 1
    }
    return end
  }

  /// Fills a rectangle with one character, blank unless told otherwise.
  public mutating func fill(_ rect: Rect, _ character: Character = " ", style: Style) {
    let area = rect.intersection(Rect(size))
    if area.isEmpty { return }
    let cell = Cell(character, style: style)
    for y in area.y..<area.maxY {
      var x = area.x
      while x < area.maxX {
        if cell.width == 2 && x + 1 >= area.maxX {
          blank(x, y, style: style)
        } else {
          put(cell, x, y)
        }
        x += max(1, cell.width)
      }
    }
  }

  /// Changes the style of every cell in a rectangle and leaves the text.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(Rect(size))
    for y in area.y..<area.maxY {
      for i in (y * size.width + area.x)..<(y * size.width + area.maxX) {
        var style = cells[i].style
        change(&style)
        cells[i].style = style
      }
    }
  }

  /// Copies another grid onto this one, clipped; wide glyphs cut by an edge become blanks.
  public mutating func blit(_ other: CellGrid, at origin: Point) {
    let area = Rect(x: origin.x, y: origin.y, width: other.width, height: other.height).intersection(Rect(size))
    if area.isEmpty { return }
    for y in area.y..<area.maxY {
      release(area.x, y)
      release(area.maxX - 1, y)
      let source = (y - origin.y) * other.width - origin.x
      let target = y * size.width
      for x in area.x..<area.maxX { cells[target + x] = other.cells[source + x] }
      let first = cells[target + area.x]
      if first.isContinuation { cells[target + area.x] = Cell(code: 32, width: 1, style: first.style) }
      let last = cells[target + area.maxX - 1]
      if last.width == 2 { cells[target + area.maxX - 1] = Cell(code: 32, width: 1, style: last.style) }
    }
  }

  /// The rows as text, blanks at their ends kept.
  public var lines: [String] {
    (0..<size.height).map { y in
      var line = ""
      line.reserveCapacity(size.width)
      for x in 0..<size.width { line += cells[y * size.width + x].text }
      return line
    }
  }

  /// The grid with all colours reduced to what a terminal of this depth has.
  public func reduced(to depth: ColorDepth) -> CellGrid {
    if depth == .direct { return self }
    var copy = self
    var known = Style.plain
    var reduced = Style.plain
    for i in cells.indices {
      let style = cells[i].style
      if style != known {
        known = style
        reduced = style.reduced(to: depth)
      }
      copy.cells[i].style = reduced
    }
    return copy
  }
}

extension TextWidth {
  /// Columns of a glyph of width `first` and all that follow it, at most `limit`.
  static func rest(_ scanner: inout GlyphScanner, _ first: Int, _ limit: Int) -> Int {
    var total = first
    while total < limit, let glyph = scanner.next() { total += glyph.width }
    return min(total, limit)
  }
}
