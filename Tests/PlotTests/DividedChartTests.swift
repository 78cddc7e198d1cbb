import Foundation
import Grid
import TestSupport
import Testing

@testable import Plot

@Suite struct DividedChartTests {
  private let mono = DrawContext(theme: .mono, glyphs: .braille, colors: .mono)

  private func drawn(_ chart: Chart, _ width: Int = 80, _ height: Int = 24, cursor: Int? = nil) -> RenderedChart {
    render(chart, size: Size(width: width, height: height), context: mono, cursor: cursor)
  }

  @Test(arguments: DividedCharts.all.map(\.name), GlyphSet.allCases)
  func chartIsDrawnAsItsGolden(name: String, glyphs: GlyphSet) throws {
    let chart = try #require(DividedCharts.all.first { $0.name == name }?.chart)
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let context = DrawContext(theme: .mono, glyphs: glyphs, colors: .mono)
      expectGolden(
        text(of: render(chart, size: size, context: context).grid),
        "\(name)-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  /// Colours say nothing that the others do not: one picture a kind, in 256 colours and in sixteen.
  private static let colored: [(name: String, chart: Chart)] =
    DistributionCharts.all.filter { ["box", "violin", "line-loss", "bins"].contains($0.name) }
    + DividedCharts.all.filter { ["bars-stacked", "outlines", "facets-density"].contains($0.name) }
    + ModelFixtures.all.map { ($0.name, .content($0.chart)) }

  @Test(arguments: colored.map(\.name), [ColorDepth.indexed256, .ansi16])
  func chartIsDrawnInColoursAsItsGolden(name: String, depth: ColorDepth) throws {
    let chart = try #require(Self.colored.first { $0.name == name }?.chart)
    let theme = try #require(Theme.builtIn.first { $0.name == (depth == .ansi16 ? "ansi16" : "assay-dark") })
    let grid = render(
      chart, size: Size(width: 60, height: 16), context: DrawContext(theme: theme, colors: depth)
    ).grid
    expectGolden(styledText(of: grid, depth), "\(name)-\(depth == .ansi16 ? "16" : "256")-60x16")
  }

  @Test(arguments: (DividedCharts.all + DividedCharts.odd).map(\.name))
  func everySizeWindowAndCursorIsDrawn(name: String) throws {
    let chart = try #require((DividedCharts.all + DividedCharts.odd).first { $0.name == name }?.chart)
    let views: [ChartView] = [.whole, ChartView(x: 20...40, y: 1...2, cursor: 1), ChartView(x: 0...0, cursor: 99)]
    for size in RobustnessTests.sizes where size.width < 300 {
      for view in views {
        for (glyphs, colors) in [(GlyphSet.braille, ColorDepth.indexed256), (.ascii, .mono)] {
          let context = DrawContext(theme: colors == .mono ? .mono : .dark, glyphs: glyphs, colors: colors)
          let drawn = render(chart, size: size, context: context, view: view)
          #expect(drawn.grid.size == size)
          for mark in drawn.marks { #expect(mark.rect.intersection(Rect(size)) == mark.rect || mark.rect.isEmpty) }
          if glyphs == .ascii {
            let isPlain = drawn.grid.lines.joined().unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }
            #expect(isPlain, "\(name) \(size)")
          }
        }
      }
    }
  }

  @Test func chartsComeBackFromJSONAsTheyWere() throws {
    for (name, chart) in DividedCharts.all {
      let back = try JSONDecoder().decode(Chart.self, from: JSONEncoder().encode(chart))
      #expect(back == chart, "\(name)")
    }
  }

  @Test func aPartOpensTheRowsOfItsValueAndItsSeries() throws {
    for parts in [3, 6] {
      let marks = drawn(.content(DividedCharts.bars(parts: parts))).marks
      let mark = try #require(marks.first { $0.readout.hasPrefix("Some-college Asian") })
      #expect(
        mark.selection
          == .all([.equals(column: "education", value: "Some-college"), .equals(column: "race", value: "Asian")]))
    }
  }

  @Test func otherValuesOpenWhatIsNotNamed() throws {
    let chart = GroupedBars(
      column: "a", by: "b", series: [.init("s"), .init("2 others", .others), .missing],
      items: [
        .init(.init("x"), whole: .init(count: 3), parts: [.init(count: 1), .init(count: 1), .init(count: 1)]),
        .init(
          .init("4 others", .others), whole: .init(count: 2),
          parts: [.init(count: 0), .init(count: 2), .init(count: 0)]),
      ], missing: 0, total: 5)
    let marks = drawn(.content(chart)).marks
    #expect(marks.count == 4)
    #expect(marks[2].selection == .all([.equals(column: "a", value: "x"), .equals(column: "b", value: nil)]))
    #expect(marks[3].selection == .all([.noneOf(column: "a", values: ["x"]), .noneOf(column: "b", values: ["s"])]))
  }

  @Test func aFigureStandsBesideItsRows() {
    let drawn = drawn(.bars(DividedCharts.figure))
    let text = text(of: drawn.grid)
    #expect(text.contains("mean of balance by education") && text.contains("46.9  n=413"))
    #expect(text.contains("-12.5  n=1,175") && text.contains("4 of 16 values"))
    #expect(drawn.marks.count == 4 && drawn.marks[2].selection == .equals(column: "education", value: ""))
  }

  @Test func aMarkOfAFacetOpensTheRowsOfBoth() throws {
    let marks = drawn(.content(DividedCharts.boxes)).marks
    #expect(marks.count == 12)
    #expect(
      marks[5].selection
        == .all([.equals(column: "sex", value: "Female"), .equals(column: "education", value: "HS-grad")]))
    #expect(marks[5].readout.hasPrefix("Female  HS-grad"))
  }

  @Test func facetsThatHaveNoRoomAreOnThePageOfTheCursor() throws {
    let chart = Chart.content(DividedCharts.histograms(12))
    let first = drawn(chart, 40, 16)
    let names = text(of: first.grid)
    #expect(names.contains("Male") && !names.contains("L  n=") && names.contains("of 15 values"))
    #expect(first.marks.count == 360)
    let last = drawn(chart, 40, 16, cursor: 359)
    #expect(text(of: last.grid).contains("L  n=") && last.marks.count == 360)
    #expect(!last.marks[359].rect.isEmpty && last.marks[0].rect.isEmpty)
    #expect(text(of: drawn(chart, 160, 60).grid).contains("3 more values"))
  }

  @Test func facetsShareTheirAxes() {
    let list = DividedCharts.histograms(4).list(size: Size(width: 100, height: 30), context: mono, view: .whole).list
    let labels = list.items.compactMap { item -> [String]? in
      guard case .axis(let axis) = item.shape, axis.isVertical else { return nil }
      return axis.ticks.map(\.label)
    }
    #expect(labels.count > 1 && Set(labels).count == 1)
  }

  @Test func everyKindHasATable() throws {
    let charts =
      DistributionCharts.all + DividedCharts.all + ModelFixtures.all.map { ($0.name, Chart.content($0.chart)) }
      + DistributionCharts.odd + DividedCharts.odd + ModelFixtures.odd.map { ($0.name, Chart.content($0.chart)) }
    let grid = ChartGrid(
      name: "2 columns", charts: [.histogram(Fixtures.age()), .histogram(Fixtures.age())], total: 32_561)
    var kinds: Set<String> = []
    for (name, chart) in charts + [("grid", Chart.content(grid))] {
      let table = try chart.table()
      kinds.insert(chart.kind.rawValue)
      #expect(!table.columns.isEmpty)
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(name)")
      #expect(table.csv.hasSuffix("\n"))
    }
    #expect(kinds.isSuperset(of: ChartRegistry.kinds.map { $0.kind }))
  }

  @Test func tablesHoldTheNumbersOfTheirCharts() throws {
    let bars = try #require(DividedCharts.bars(parts: 3).table)
    #expect(bars.columns == ["education", "race", "count"] && bars.rows[0] == ["HS-grad", "White", "900"])
    let counts = bars.rows.compactMap { Int($0[2]) }.reduce(0, +)
    #expect(counts == DividedCharts.bars(parts: 3).total)
    let figure = try Chart.bars(DividedCharts.figure).table()
    #expect(
      figure.columns == ["education", "count", "mean of balance"] && figure.rows[0] == ["Doctorate", "413", "46.9"])
    let facets = try #require(DividedCharts.boxes.table)
    #expect(facets.columns.prefix(3) == ["sex", "education", "count"] && facets.rows.count == 12)
    let bins = try #require(DistributionCharts.cloud(columns: 40, rows: 24, most: 60).table)
    let chart = DistributionCharts.cloud(columns: 40, rows: 24, most: 60)
    #expect(bins.rows.compactMap { Int($0[4]) }.reduce(0, +) == chart.counts.joined().reduce(0, +))
    let matrix = ConfusionMatrix(classes: ["a", "b,\"c"], counts: [[1, 2], [3, 4]])
    #expect(
      matrix.table?.csv
        == "actual,predicted,count\na,a,1\na,\"b,\"\"c\",2\n\"b,\"\"c\",a,3\n\"b,\"\"c\",\"b,\"\"c\",4\n")
    let months = try #require(DistributionCharts.monthly.table)
    #expect(
      months.columns == ["month", "sales"] && months.rows[9][1].isEmpty && months.rows[0][0] == "2023-01-01T00:00:00Z")
  }
}
