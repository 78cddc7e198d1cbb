// Kinds of charts that live in files of their own: a value that draws itself as a display list. A new kind is a file
// with a type that conforms to `ChartContent`, and one line in `ChartRegistry`.

import Grid

/// The numbers behind a picture, and how they become shapes.
public protocol ChartContent: Codable, Sendable, Equatable {
  /// The kind's name, as saved under `chart` in JSON and typed at the command line; never changed once released.
  static var kind: String { get }
  /// What the kind is called in menus, such as `Box plot`.
  static var title: String { get }

  /// The chart at a size, and what its cursor can stand on, in the order of the cursor. Pure, and total: any size, any
  /// data. Everything that cells, a window or a cursor change is decided here; nothing is kept.
  func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark])

  /// Rows that show it well at a width, where a caller may choose.
  func preferredRows(width: Int) -> Int

  /// The numbers behind it as rows; nil where they do not fit in one table.
  var table: ChartTable? { get }
}

extension ChartContent {
  public func preferredRows(width: Int) -> Int { 20 }

  public var table: ChartTable? { nil }

  func equals(_ other: any ChartContent) -> Bool { (other as? Self) == self }
}

/// Where the reader looks: the part of the axes that is shown, and the cursor.
public struct ChartView: Codable, Sendable, Equatable {
  /// The values shown on each axis; nil is all of them. What lies outside is cut off.
  public var x, y: ClosedRange<Double>?
  /// An index into the marks.
  public var cursor: Int?
  /// Where the chart stands among others on shared axes; nil for a chart of its own.
  public var place: ChartPlace?

  public init(
    x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil, cursor: Int? = nil, place: ChartPlace? = nil
  ) {
    (self.x, self.y, self.cursor, self.place) = (x, y, cursor, place)
  }

  /// Everything, without a cursor.
  public static let whole = ChartView()

  public var isZoomed: Bool { x != nil || y != nil }
}

/// A place among small charts that share their axes.
public struct ChartPlace: Codable, Sendable, Equatable {
  /// The chart's title.
  public var title: String
  /// Columns for labels left of the vertical axis; zero leaves the axis out, nil takes what the labels need.
  public var gutter: Int?
  /// Whether the horizontal axis is drawn.
  public var hasBottom: Bool
  /// The end of the scale of counts that all charts share, and whether it is logarithmic.
  public var mostCount: Int?
  public var isLogarithmic: Bool

  public init(
    title: String, gutter: Int? = nil, hasBottom: Bool = true, mostCount: Int? = nil, isLogarithmic: Bool = false
  ) {
    (self.title, self.gutter, self.hasBottom) = (title, gutter, hasBottom)
    (self.mostCount, self.isLogarithmic) = (mostCount, isLogarithmic)
  }
}

extension Chart {
  /// The chart as shapes. A chart that still draws cells is one picture of them.
  public func list(
    size: Size, context: DrawContext, view: ChartView = .whole
  ) -> (list: DisplayList, marks: [ChartMark]) {
    if case .content(let content) = self { return content.list(size: size, context: context, view: view) }
    if case .bars(let bars) = self, bars.measure != nil {
      return GroupedBars(bars).list(size: size, context: context, view: view)
    }
    let drawn = render(self, size: size, context: context, view: view)
    let picture = DisplayList.Item(.picture(drawn.grid, .init(0, 0)), layer: .fills)
    var list = DisplayList(size: size, items: [picture])
    list.axes = drawn.axes
    return (list, drawn.marks)
  }
}
