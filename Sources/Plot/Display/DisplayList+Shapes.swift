// The shapes of a display list.

import Grid

extension DisplayList {
  /// A filled rectangle.
  public struct Fill: Sendable, Equatable {
    /// Where a bar starts and which way it grows: the end that is drawn in eighths of a cell. Anything of a size above
    /// zero shows at least an eighth.
    public enum Growth: Sendable, Hashable {
      case up, down, right, left
      /// Not a bar: cells that are covered by half or more.
      case none
    }

    public var box: Box
    public var role: Role
    public var pattern: FillPattern
    public var growth: Growth
    /// Leaves cells alone that have something in them: a band behind marks.
    public var isOnlyOnBlank: Bool

    public init(
      _ box: Box, role: Role, pattern: FillPattern = .solid, growth: Growth = .none, isOnlyOnBlank: Bool = false
    ) {
      (self.box, self.role, self.pattern, self.growth) = (box, role, pattern, growth)
      self.isOnlyOnBlank = isOnlyOnBlank
    }
  }

  /// Connected positions; one that is not finite is a gap.
  public struct Polyline: Sendable, Equatable {
    public var points: [Spot]
    public var role: Role
    public var dash: Dash
    /// For vectors, in sixteenths of a row; cells know one width.
    public var width: Double
    /// Draws on blank cells only, as a density over bars.
    public var isOnlyOnBlank: Bool

    public init(
      _ points: [Spot], role: Role, dash: Dash = .solid, width: Double = 1.5, isOnlyOnBlank: Bool = false
    ) {
      (self.points, self.role, self.dash, self.width) = (points, role, dash, width)
      self.isOnlyOnBlank = isOnlyOnBlank
    }
  }

  /// A filled polygon, closed by itself.
  public struct Area: Sendable, Equatable {
    /// How cells show it: in dots, or as columns of eighths standing on the polygon's lower edge.
    public enum Encoding: Sendable, Hashable { case dots, eighths }

    public var points: [Spot]
    public var role: Role
    /// Solid areas are drawn finer than cells; others shade whole cells, and only blank ones.
    public var pattern: FillPattern
    public var encoding: Encoding

    public init(_ points: [Spot], role: Role, pattern: FillPattern = .solid, encoding: Encoding = .dots) {
      (self.points, self.role, self.pattern, self.encoding) = (points, role, pattern, encoding)
    }
  }

  /// Points of one category. A cell that several categories share shows the one with most points, a tie goes to the
  /// later; where the runner-up has 40 % of it, it shows the overlap sign.
  public struct Markers: Sendable, Equatable {
    public var points: [Spot]
    public var role: Role
    public var shape: MarkerShape

    public init(_ points: [Spot], role: Role, shape: MarkerShape = .dot) {
      (self.points, self.role, self.shape) = (points, role, shape)
    }
  }

  /// A line along a row or a column, in box-drawing characters that join where rules meet.
  public struct Rule: Sendable, Equatable {
    public var from, to: Spot
    public var role: Role
    public var dash: Dash
    public var isHeavy: Bool
    /// Cross-strokes at the ends, as whiskers have.
    public var capsStart, capsEnd: Bool

    public init(
      from: Spot, to: Spot, role: Role, dash: Dash = .solid, isHeavy: Bool = false, capsStart: Bool = false,
      capsEnd: Bool = false
    ) {
      (self.from, self.to, self.role, self.dash, self.isHeavy) = (from, to, role, dash, isHeavy)
      (self.capsStart, self.capsEnd) = (capsStart, capsEnd)
    }

    public var isHorizontal: Bool { from.y == to.y }
  }

  /// An axis with ticks and labels. A vertical one stands in column `column`, its labels left of it; a horizontal one
  /// in row `row` below the plot, its labels in the next row. Vectors draw the line on the edge that the plot begins at:
  /// x = `column + 1`, or y = `row`.
  public struct AxisLine: Sendable, Equatable {
    /// `position` is in cell units along the axis, from the left or from the bottom; `cell` the cell that shows it.
    public struct Tick: Sendable, Equatable {
      public var position: Double
      public var cell: Int
      public var label: String

      public init(position: Double, cell: Int, label: String) {
        (self.position, self.cell, self.label) = (position, cell, label)
      }
    }

    public var isVertical: Bool
    public var column, row: Int
    /// Cells; a vertical axis reaches from `row` down.
    public var length: Int
    public var ticks: [Tick]
    /// Whether a horizontal axis begins with `└` in the column left of it.
    public var hasOrigin: Bool

    public init(
      isVertical: Bool, column: Int, row: Int, length: Int, ticks: [Tick], hasOrigin: Bool = true
    ) {
      (self.isVertical, self.column, self.row) = (isVertical, column, row)
      (self.length, self.ticks, self.hasOrigin) = (length, ticks, hasOrigin)
    }
  }

  /// Numbers as colours, rows from the top, spread evenly over a box; nil leaves it blank. Without colours they are
  /// shades: of the number on a sequential scale, of its distance from the middle on a diverging one.
  public struct ColorCells: Sendable, Equatable {
    public var box: Box
    /// 0...1.
    public var values: [[Double?]]
    public var isDiverging: Bool

    public init(_ box: Box, values: [[Double?]], isDiverging: Bool = false) {
      (self.box, self.values, self.isDiverging) = (box, values, isDiverging)
    }
  }

  /// A line of text in the row that `at.y` lies in.
  public struct Text: Sendable, Equatable {
    public var text: String
    public var at: Spot
    /// Whether `at.x` is where it begins, its middle, or where it ends.
    public var anchor: Alignment
    public var role: Role
    public var isBold: Bool
    /// The colour under it, where it stands on a coloured cell: the ink is then chosen to be read on that.
    public var paper: Role?

    public init(
      _ text: String, at: Spot, anchor: Alignment = .left, role: Role = .label, isBold: Bool = false,
      paper: Role? = nil
    ) {
      (self.text, self.at, self.anchor, self.role) = (text, at, anchor, role)
      (self.isBold, self.paper) = (isBold, paper)
    }
  }

  /// What stands for a series in a legend, from a position to the right.
  public struct Sample: Sendable, Equatable {
    public enum Kind: Sendable, Hashable {
      case marker(MarkerShape)
      case line(Dash)
      case fill(FillPattern)
      /// The colour scale, low to high, in so many columns.
      case scale(isDiverging: Bool, columns: Int)
      /// The sign of a cell that categories share.
      case overlap
    }

    public var kind: Kind
    public var at: Spot
    public var role: Role

    public init(_ kind: Kind, at: Spot, role: Role) { (self.kind, self.at, self.role) = (kind, at, role) }
  }
}

extension DisplayList.Sample.Kind {
  /// Columns it takes.
  public var width: Int {
    switch self {
    case .marker, .fill, .overlap: 1
    case .line: 2
    case .scale(_, let columns): max(0, columns)
    }
  }
}

extension DisplayList.Item {
  /// The item elsewhere, by whole cells or parts of them.
  public func moved(_ dx: Double, _ dy: Double) -> DisplayList.Item {
    func move(_ spot: DisplayList.Spot) -> DisplayList.Spot { .init(spot.x + dx, spot.y + dy) }
    func move(_ box: DisplayList.Box) -> DisplayList.Box {
      .init(x: box.x + dx, y: box.y + dy, width: box.width, height: box.height)
    }
    var copy = self
    copy.clip = clip.map { move($0) }
    switch shape {
    case .fill(var fill):
      fill.box = move(fill.box)
      copy.shape = .fill(fill)
    case .polyline(var line):
      line.points = line.points.map { move($0) }
      copy.shape = .polyline(line)
    case .area(var area):
      area.points = area.points.map { move($0) }
      copy.shape = .area(area)
    case .markers(var markers):
      markers.points = markers.points.map { move($0) }
      copy.shape = .markers(markers)
    case .rule(var rule):
      (rule.from, rule.to) = (move(rule.from), move(rule.to))
      copy.shape = .rule(rule)
    case .axis(var axis):
      axis.column += Int(dx.rounded())
      axis.row += Int(dy.rounded())
      copy.shape = .axis(axis)
    case .colors(var cells):
      cells.box = move(cells.box)
      copy.shape = .colors(cells)
    case .text(var text):
      text.at = move(text.at)
      copy.shape = .text(text)
    case .sample(var sample):
      sample.at = move(sample.at)
      copy.shape = .sample(sample)
    case .picture(let grid, let spot):
      copy.shape = .picture(grid, move(spot))
    }
    return copy
  }
}
