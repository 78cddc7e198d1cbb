import Grid
import TestSupport
import Testing

@testable import Plot

/// Charts side by side.
struct ChartGridTests {
  private func histogram(_ name: String, _ counts: [Int]) -> Chart {
    .histogram(
      Histogram(
        column: name,
        bins: counts.enumerated().map { .init(lower: Double($0), upper: Double($0 + 1), count: $1) }, missing: 0,
        total: counts.reduce(0, +)))
  }

  private var grid: ChartGrid {
    let names = ["age", "weight", "gain", "loss", "hours"]
    return ChartGrid(
      name: "5 columns", charts: names.enumerated().map { histogram($1, [3, 9, $0 + 1, 2]) }, others: 2, total: 40)
  }

  @Test(arguments: [Size(width: 80, height: 20), Size(width: 120, height: 30), Size(width: 36, height: 12)])
  func theyLookAsTheyShould(size: Size) {
    let drawn = render(.content(grid), size: size, context: DrawContext(), cursor: 5)
    expectGolden(text(of: drawn.grid), "chart-grid-\(size.width)x\(size.height)")
  }

  @Test func everySizeIsDrawnAndMarksStandWhereTheyAreSeen() {
    for (width, height) in [(0, 0), (1, 1), (5, 3), (28, 8), (40, 10), (60, 20), (200, 60), (300, 9)] {
      let size = Size(width: width, height: height)
      for cursor in [nil, 0, 7, 19] {
        let drawn = render(.content(grid), size: size, context: DrawContext(), cursor: cursor)
        for mark in drawn.marks where !mark.rect.isEmpty { #expect(mark.rect.intersection(Rect(size)) == mark.rect) }
      }
    }
  }

  @Test func theCursorBringsThePageWithItsChart() {
    let size = Size(width: 36, height: 12)
    let count = render(.content(grid), size: size, context: DrawContext()).marks.count
    #expect(count == 20)
    let first = text(of: render(.content(grid), size: size, context: DrawContext(), cursor: 0).grid)
    let last = text(of: render(.content(grid), size: size, context: DrawContext(), cursor: count - 1).grid)
    #expect(first.contains("age"))
    #expect(!first.contains("hours"))
    #expect(last.contains("hours"))
  }

  @Test func noChartsAreASentence() {
    let empty = ChartGrid(name: "0 columns", charts: [], others: 3, total: 0)
    #expect(
      text(of: render(.content(empty), size: Size(width: 40, height: 8), context: DrawContext()).grid)
        .contains("No column to draw."))
  }

  @Test func theNumbersNameTheirColumn() throws {
    let table = try #require(grid.table)
    #expect(table.columns.first == "column")
    #expect(table.rows.count == 20)
    #expect(table.rows.last?.first == "hours")
  }
}
