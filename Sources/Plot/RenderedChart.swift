// A drawn chart, and what its cursor can stand on.

import Grid

/// The rows behind a mark of a chart, for turning it into a filter.
public enum ChartSelection: Codable, Sendable, Equatable {
  /// `lower <= column < upper`, or `<= upper`.
  case range(column: String, lower: Double, upper: Double, includesUpper: Bool, kind: AxisKind)
  /// Rows where the column has this value; nil means missing.
  case equals(column: String, value: String?)
  /// Rows where the column has none of these values and is not missing.
  case noneOf(column: String, values: [String])
  /// Rows where both columns lie in an interval; upper ends count when the flags say so.
  case box(x: Interval, y: Interval)
  /// A pair of columns, such as a cell of a correlation matrix.
  case pair(row: String, column: String)
  /// A feature of a model.
  case feature(String)
  /// Rows that all of these choose, such as a bar of a small chart that stands for one value.
  case all([ChartSelection])
  /// Nothing that rows could be chosen by.
  case none

  /// A part of a column's range.
  public struct Interval: Codable, Sendable, Equatable {
    public var column: String
    public var lower, upper: Double
    public var includesUpper: Bool
    public var kind: AxisKind

    public init(column: String, lower: Double, upper: Double, includesUpper: Bool, kind: AxisKind = .number) {
      (self.column, self.lower, self.upper) = (column, lower, upper)
      (self.includesUpper, self.kind) = (includesUpper, kind)
    }
  }
}

extension ChartSelection {
  /// The rows that both choose.
  public func and(_ other: ChartSelection) -> ChartSelection {
    let parts = [self, other].flatMap { part -> [ChartSelection] in
      switch part {
      case .none: []
      case .all(let parts): parts
      default: [part]
      }
    }
    return parts.count > 1 ? .all(parts) : parts.first ?? .none
  }
}

/// Something in a chart that the cursor can stand on.
public struct ChartMark: Sendable, Equatable {
  /// Its cells in the chart's grid, for the mouse; empty when it is scrolled out of sight.
  public var rect: Rect
  /// Logical column and row, for moving by arrow keys.
  public var place: Point
  /// One line for the status bar, such as `bin 36–38  n=1,713 5.3%`.
  public var readout: String
  public var selection: ChartSelection
  public var emphasis: Emphasis

  /// How the cursor shows on a mark of a display list.
  public enum Emphasis: Sendable, Hashable {
    /// The characters in its cells take the cursor's colour, and go bold.
    case ink
    /// Its cells take the cursor's style, for a point.
    case cell
    /// Its cells are reversed, for a cell of a matrix.
    case reverse
    /// The chart draws it.
    case none
  }

  public init(
    rect: Rect, place: Point, readout: String, selection: ChartSelection, emphasis: Emphasis = .ink
  ) {
    (self.rect, self.place, self.readout, self.selection) = (rect, place, readout, selection)
    self.emphasis = emphasis
  }
}

/// A chart drawn at a size.
public struct RenderedChart: Sendable, Equatable {
  public var grid: CellGrid
  /// In the order of the cursor: left to right or top to bottom.
  public var marks: [ChartMark]
  /// The axes that can be looked closer at; nil where there are none.
  public var axes: ChartAxes?

  public init(grid: CellGrid, marks: [ChartMark] = [], axes: ChartAxes? = nil) {
    (self.grid, self.marks, self.axes) = (grid, marks, axes)
  }

  /// The mark under a cell of the grid.
  public func mark(at point: Point) -> Int? { marks.firstIndex { $0.rect.contains(point) } }

  /// The nearest mark from `index` in a direction (`dx`, `dy` in -1…1; rows grow downwards); nil at the edge.
  public func neighbor(of index: Int, dx: Int, dy: Int) -> Int? {
    guard marks.indices.contains(index) else { return marks.isEmpty ? nil : 0 }
    let from = marks[index].place
    var best: (index: Int, cost: Int)?
    for (i, mark) in marks.enumerated() where i != index {
      let along = (mark.place.x - from.x) * dx + (mark.place.y - from.y) * dy
      if along <= 0 { continue }
      let across = abs((mark.place.x - from.x) * dy) + abs((mark.place.y - from.y) * dx)
      let cost = along + 2 * across
      if cost < best?.cost ?? Int.max { best = (i, cost) }
    }
    return best?.index
  }
}
