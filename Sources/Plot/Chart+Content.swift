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

  public init(x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil, cursor: Int? = nil) {
    (self.x, self.y, self.cursor) = (x, y, cursor)
  }

  /// Everything, without a cursor.
  public static let whole = ChartView()

  public var isZoomed: Bool { x != nil || y != nil }
}

extension Chart {
  /// The chart as shapes. A chart that still draws cells is one picture of them.
  public func list(
    size: Size, context: DrawContext, view: ChartView = .whole
  ) -> (list: DisplayList, marks: [ChartMark]) {
    if case .content(let content) = self { return content.list(size: size, context: context, view: view) }
    let drawn = render(self, size: size, context: context, view: view)
    let picture = DisplayList.Item(.picture(drawn.grid, .init(0, 0)), layer: .fills)
    var list = DisplayList(size: size, items: [picture])
    list.axes = drawn.axes
    return (list, drawn.marks)
  }
}
