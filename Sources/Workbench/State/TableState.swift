import Engine
import Flow
import Frame
import Insight

/// One view of a table: which rows, where the cursor stands, and the pages of rows that have arrived.
///
/// Holds a bounded number of pages, so that scrolling through any number of rows takes no more memory.
public struct TableView: Sendable {
  /// Rows in a page.
  public static let pageSize = 256
  static let pagesKept = 12

  public let id: Int
  public var request: NodeRequest
  /// What the view shows, as a breadcrumb: `adult.csv`, `age 36–38`.
  public var title: String
  public var opened: OpenedNode?
  public var pages: [Int: DataTable] = [:]
  public var awaited: [Int: RequestID] = [:]
  /// The last rows, shown while the count is not yet known.
  public var tail: DataTable?
  public var header: [HeaderProfile] = []
  /// True once the columns have been profiled.
  public var hasHeader = false
  /// Widths of the columns in cells; empty until rows have come.
  public var widths: [Int] = []
  public var row = 0
  public var column = 0
  public var top = 0
  public var left = 0
  public var opening: RequestID?
  public var headerRequest: RequestID?
  public var tailRequest: RequestID?
  public var error: String?
  /// The pane that opened the view, to which `q` goes back.
  public var openedFrom = PaneID.table
  /// How its columns are looked at.
  public var arrangement = ColumnArrangement()
  /// Ids of the rows in the table below the look, by page; none where they are the rows' numbers.
  public var ids: [Int: [Int]] = [:]
  /// The view as it was before its look changed: shown until the new rows are there, and again when there are none.
  var before: [TableView] = []
  /// The row that the cursor shall stand on, by its id, and the lines above it; nil once it stands there.
  var anchor: (id: Int, lines: Int)?
  var locating: RequestID?
  public var search: TableSearch?
  /// Where a range of marks begins.
  public var rangeStart: Int?

  public init(id: Int, request: NodeRequest, title: String) {
    self.id = id
    self.request = request
    self.title = title
  }

  /// While a changed look is being computed, its columns are those from before.
  public var schema: Schema { opened?.schema ?? before.first?.schema ?? [] }

  /// Rows that can be reached now; more may follow while the count is not exact.
  public var reachableRows: Int {
    switch opened?.count {
    case .exact(let rows), .atLeast(let rows): rows
    case .estimate, nil:
      pages.isEmpty ? 0 : (pages.keys.max() ?? 0) * Self.pageSize + (pages.values.map(\.rowCount).max() ?? 0)
    }
  }

  /// The exact number of rows; nil while it is not known.
  public var exactRows: Int? {
    if case .exact(let rows) = opened?.count { rows } else { nil }
  }

  public func isLoaded(_ row: Int) -> Bool {
    pages[row / Self.pageSize].map { row % Self.pageSize < $0.rowCount } ?? false
  }

  /// The text of a cell: nil when missing. Only for rows that are loaded.
  public func text(row: Int, column: Int) -> String? {
    guard let page = pages[row / Self.pageSize] else { return nil }
    let offset = row % Self.pageSize
    guard offset < page.rowCount, column < page.columns.count else { return nil }
    return page.text(offset, column)
  }

  public func value(row: Int, column: Int) -> Value {
    guard let page = pages[row / Self.pageSize] else { return .null }
    let offset = row % Self.pageSize
    guard offset < page.rowCount, column < page.columns.count else { return .null }
    return page.value(offset, column)
  }

  /// The id of a row in the table below the look; nil while it is not known.
  public func rowID(_ row: Int) -> Int? {
    let page = row / Self.pageSize
    guard let ids = ids[page] else { return pages[page] != nil || request.look.isPlain ? row : nil }
    let offset = row % Self.pageSize
    return ids.indices.contains(offset) ? ids[offset] : nil
  }

  /// The row to come back to when the look changes, and the lines above it.
  var place: (id: Int, lines: Int)? { anchor ?? rowID(row).map { ($0, row - top) } }

  /// Drops the pages farthest from the cursor.
  mutating func prunePages() {
    let here = row / Self.pageSize
    while pages.count > Self.pagesKept, let farthest = pages.keys.max(by: { abs($0 - here) < abs($1 - here) }) {
      pages[farthest] = nil
      ids[farthest] = nil
    }
  }

  /// Moves the cursor to a row, within what can be reached; the end that was asked for is left.
  mutating func moveRow(to target: Int) {
    tail = nil
    tailRequest = nil
    row = min(max(0, target), max(0, reachableRows - 1))
  }

  mutating func moveColumn(to target: Int) { column = min(max(0, target), max(0, schema.count - 1)) }
}

/// The table pane: a stack of views. Drilling into rows pushes one; `q` goes back to where one was.
public struct TableState: Sendable {
  public var views: [TableView] = []
  public var nextView = 1
  /// Rows that the pane shows at its present size.
  public var visibleRows = 16
  /// The marks, and whose rows they are on: every look at the same table shows them.
  public var marks = MarkedRows()
  public var markedTable: NodeRequest?
  /// How many rows are marked; nil while they are being counted.
  public var markCount: Int?
  var markCounting: RequestID?
  /// Whether a person is told how many rows are marked once they are counted.
  var tellsMarks = false
  /// What was brushed row by row, in looks that marks cannot follow by a rule.
  var brushed: [NodeRequest] = []

  public init() {}

  public var current: TableView? { views.last }

  public mutating func change(_ id: Int, _ body: (inout TableView) -> Void) {
    guard let index = views.firstIndex(where: { $0.id == id }) else { return }
    body(&views[index])
  }

  public mutating func changeCurrent(_ body: (inout TableView) -> Void) {
    guard !views.isEmpty else { return }
    body(&views[views.count - 1])
  }
}

/// A search in a view.
public struct TableSearch: Sendable {
  public var match: TextMatch
  /// Whether the next match is the one above.
  public var isBackward: Bool
  public var found: Found?
  var request: RequestID?
  /// Shows where the pattern is found.
  let highlighter: Highlighter?

  init(_ match: TextMatch, isBackward: Bool = false) {
    self.match = match
    self.isBackward = isBackward
    highlighter = Highlighter(match.pattern)
  }
}
