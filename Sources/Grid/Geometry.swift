// Cell geometry: positions, sizes and rectangles, counted in character cells from the top left.
// Sizes never go below zero; a rectangle's far edges are exclusive.

/// A cell position: column `x` and row `y`, from zero at the top left.
public struct Point: Hashable, Sendable, Codable {
  /// Column.
  public var x: Int
  /// Row.
  public var y: Int

  /// A position at column `x`, row `y`.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// The origin.
  public static let zero = Point(x: 0, y: 0)
}

/// A width and a height in cells, both at least zero.
public struct Size: Hashable, Sendable, Codable {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A size; negative numbers become zero.
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// No cells.
  public static let zero = Size(width: 0, height: 0)

  /// Whether there is no cell inside.
  public var isEmpty: Bool { width <= 0 || height <= 0 }
}

/// A block of cells.
public struct Rect: Hashable, Sendable, Codable {
  /// First column.
  public var x: Int
  /// First row.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A rectangle; negative sizes become zero.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// The rectangle of a whole grid of this size.
  public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  /// Nothing, at the origin.
  public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The first column to the right of the rectangle.
  public var maxX: Int { x + width }
  /// The first row below the rectangle.
  public var maxY: Int { y + height }
  /// Whether there is no cell inside.
  public var isEmpty: Bool { width <= 0 || height <= 0 }
  /// Width and height.
  public var size: Size { Size(width: width, height: height) }
  /// Top left.
  public var origin: Point { Point(x: x, y: y) }

  /// Whether `point` is one of the rectangle's cells.
  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  /// The rectangle without `dx` columns left and right and `dy` rows above and below.
  public func inset(dx: Int = 0, dy: Int = 0) -> Rect {
    let left = min(max(dx, 0), width)
    let top = min(max(dy, 0), height)
    return Rect(
      x: dx < 0 ? x + dx : x + left, y: dy < 0 ? y + dy : y + top, width: width - 2 * dx, height: height - 2 * dy)
  }

  /// The same size, moved.
  public func offset(dx: Int = 0, dy: Int = 0) -> Rect { Rect(x: x + dx, y: y + dy, width: width, height: height) }

  /// The cells in both rectangles; empty where they do not meet.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The top `rows` rows, and the rest.
  public func splitTop(_ rows: Int) -> (Rect, Rect) {
    let n = min(max(rows, 0), height)
    return (
      Rect(x: x, y: y, width: width, height: n), Rect(x: x, y: y + n, width: width, height: height - n)
    )
  }

  /// The bottom `rows` rows, and the rest above them.
  public func splitBottom(_ rows: Int) -> (Rect, Rect) {
    let n = min(max(rows, 0), height)
    return (
      Rect(x: x, y: maxY - n, width: width, height: n), Rect(x: x, y: y, width: width, height: height - n)
    )
  }

  /// The left `columns` columns, and the rest.
  public func splitLeft(_ columns: Int) -> (Rect, Rect) {
    let n = min(max(columns, 0), width)
    return (
      Rect(x: x, y: y, width: n, height: height), Rect(x: x + n, y: y, width: width - n, height: height)
    )
  }

  /// The right `columns` columns, and the rest to their left.
  public func splitRight(_ columns: Int) -> (Rect, Rect) {
    let n = min(max(columns, 0), width)
    return (
      Rect(x: maxX - n, y: y, width: n, height: height), Rect(x: x, y: y, width: width - n, height: height)
    )
  }
}
