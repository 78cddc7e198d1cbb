// A chart as a list of shapes, before anything is drawn: what the terminal rasterises into cells and a file gets as
// vectors. Positions are in cell units, continuous: x in columns to the right, y in rows downwards, so that cell (3, 5)
// covers 3..<4 by 5..<6 and its centre is (3.5, 5.5). Colours are roles.

import Grid

/// Shapes in cell units.
public struct DisplayList: Sendable, Equatable {
  /// A position in cell units. A coordinate that is not a number interrupts a line and is skipped by markers.
  public struct Spot: Sendable, Hashable {
    public var x, y: Double

    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

    public var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// A rectangle in cell units.
  public struct Box: Sendable, Hashable {
    public var x, y, width, height: Double

    /// Negative sizes become zero.
    public init(x: Double, y: Double, width: Double, height: Double) {
      (self.x, self.y, self.width, self.height) = (x, y, max(0, width), max(0, height))
    }

    public init(_ rect: Rect) {
      self.init(x: Double(rect.x), y: Double(rect.y), width: Double(rect.width), height: Double(rect.height))
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }

    /// The part that lies in both.
    public func intersection(_ other: Box) -> Box {
      let (left, top) = (max(x, other.x), max(y, other.y))
      return Box(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }
  }

  /// What is drawn over what: later layers cover earlier ones, whatever the order in the list. Within a layer the
  /// list's order counts.
  public enum Layer: Int, Sendable, Comparable, CaseIterable {
    case reference, grid, fills, axes, lines, points
    /// Over the points: a fitted curve on its cloud, an operating point.
    case overlay
    case cursor
    /// Text always wins over dots.
    case labels

    public static func < (a: Layer, b: Layer) -> Bool { a.rawValue < b.rawValue }
  }

  /// A shape, where it stands in the drawing order, and the box outside which it is not drawn.
  public struct Item: Sendable, Equatable {
    public var layer: Layer
    public var clip: Box?
    public var shape: Shape

    public init(_ shape: Shape, layer: Layer, clip: Box? = nil) {
      (self.shape, self.layer, self.clip) = (shape, layer, clip)
    }
  }

  /// Anything that can be drawn.
  public enum Shape: Sendable, Equatable {
    case fill(Fill)
    case polyline(Polyline)
    case area(Area)
    case markers(Markers)
    case rule(Rule)
    case axis(AxisLine)
    case colors(ColorCells)
    case text(Text)
    case sample(Sample)
    /// A picture made of cells already, with its top left at a position: what a chart without vectors falls back to.
    case picture(CellGrid, Spot)
  }

  /// The cells that the list was laid out for.
  public var size: Size
  public var items: [Item]
  /// The row of the horizontal axis and the column of the vertical one, where the cursor shows its position.
  public var pointerRow: Int?
  public var pointerColumn: Int?
  /// The axes that can be looked closer at, where there are any.
  public var axes: ChartAxes?

  public init(size: Size, items: [Item] = []) {
    (self.size, self.items) = (size, items)
  }

  /// Adds another list with its top left at a cell, clipped to `other.size`, as one chart among several.
  public mutating func append(_ other: DisplayList, at origin: Point) {
    let (dx, dy) = (Double(origin.x), Double(origin.y))
    let frame = Box(Rect(x: origin.x, y: origin.y, width: other.size.width, height: other.size.height))
    for item in other.items {
      let moved = item.moved(dx, dy)
      items.append(Item(moved.shape, layer: moved.layer, clip: moved.clip?.intersection(frame) ?? frame))
    }
  }
}
