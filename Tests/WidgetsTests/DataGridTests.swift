import Grid
import Testing
import Widgets

@Suite struct DataGridTests {
  private func table(_ columns: [GridColumn], rows: Int = 100, row: Int = 0, column: Int = 0) -> DataGrid {
    DataGrid(columns: columns, rowCount: rows, cursorRow: row, cursorColumn: column) { row, column in
      column == 1 ? (row == 2 ? .null : .text("Private")) : .text("\(row * 7 + column)")
    }
  }

  private let three = [
    GridColumn("age", kind: .number, profile: "73 lv"), GridColumn("workclass", profile: "9 lv"),
    GridColumn("gain", kind: .number, profile: "num", mark: "1^"),
  ]

  @Test func headingProfileRuleAndRows() {
    #expect(
      lines(40, 7) { _ = table(three, row: 1).draw(in: $0, on: &$1, plain) } == [
        "     #   age workclass gain 1^",
        "       73 lv 9 lv          num",
        " --------------------------------------",
        "     1     0 Private         2",
        " >   2     7 Private         9",
        "     3    14 .              16",
        "     4    21 Private        23",
      ])
  }

  @Test func lowRectanglesKeepTheRows() {
    #expect(DataGrid.headerHeight(24) == 3)
    #expect(DataGrid.headerHeight(5) == 2)
    #expect(DataGrid.headerHeight(2) == 1)
    #expect(DataGrid.headerHeight(1) == 0)
    #expect(DataGrid.rowsThatFit(20) == 17)
    #expect(lines(40, 1) { _ = table(three).draw(in: $0, on: &$1, plain) } == [" >   1     0 Private         2"])
  }

  @Test func theCursorIsAlwaysOnScreen() {
    let columns = (0..<20).map { GridColumn("column\($0)", kind: .number) }
    for (row, column) in [(0, 0), (99, 19), (50, 7), (3, 19)] {
      let placement = table(columns, row: row, column: column).placement(in: Rect(x: 0, y: 0, width: 40, height: 10))
      #expect(placement.rows.contains(row))
      let place = placement.columns.first { $0.index == column }
      #expect(place?.width == 8 || place?.width == 7)
      #expect(placement.hasMoreRight == (column < 17))
      #expect(placement.hasMoreLeft == (placement.left > 0))
    }
  }

  @Test func marksSayThatColumnsGoOn() {
    let columns = (0..<9).map { GridColumn("column\($0)", kind: .number) }
    #expect(
      lines(34, 2) { _ = table(columns, column: 4).draw(in: $0, on: &$1, rich) } == [
        "     #«column2 column3 column4  »", " ▶   1       2       3       4",
      ])
  }

  @Test func frozenColumnsStay() {
    let columns = (0..<9).map { GridColumn("column\($0)", kind: .number) }
    var grid = table(columns, column: 8)
    grid.frozen = 1
    let placement = grid.placement(in: Rect(x: 0, y: 0, width: 34, height: 5))
    #expect(placement.columns.map(\.index) == [0, 7, 8])
  }

  @Test func widthsHaveLimits() {
    let long = String(repeating: "x", count: 10_000_000)
    #expect(GridColumn.width(GridColumn("a"), cells: [.text(long)]) == GridColumn.widest)
    #expect(GridColumn.width(GridColumn("a"), cells: [.text("1"), .null]) == GridColumn.narrowest)
    #expect(GridColumn.width(GridColumn("東京"), cells: []) == 4)
  }

  @Test func theCursorCellIsSetApart() {
    for context in [rich, plain] {
      let grid = drawn(40, 7) { _ = table(three, row: 1, column: 1).draw(in: $0, on: &$1, context) }
      #expect(grid[13, 4].style == context.cursorStyle)
      #expect(grid[13, 3].style != grid[13, 4].style)
      #expect(grid[30, 4].style != grid[13, 4].style)
    }
  }

  @Test func rowsAndHeadingsAreClickable() {
    var hits = HitMap()
    _ = lines(40, 7) { hits = table(three).draw(in: $0, on: &$1, rich).hits }
    #expect(hits.target(at: Point(x: 14, y: 0)) == .item("table.column", 1))
    #expect(hits.target(at: Point(x: 14, y: 5)) == .item("table.row", 2))
  }

  @Test func anEmptyTableSaysSo() {
    #expect(lines(30, 6) { _ = table(three, rows: 0).draw(in: $0, on: &$1, plain) }[3] == "  no rows")
  }
}
