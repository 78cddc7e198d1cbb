import Foundation
import Grid
import TestSupport
import Testing

@testable import Plot

@Suite struct DistributionChartTests {
  private let mono = DrawContext(theme: .mono, glyphs: .braille, colors: .mono)

  private func drawn(
    _ content: any ChartContent, _ width: Int = 80, _ height: Int = 24, view: ChartView = .whole
  ) -> RenderedChart {
    render(.content(content), size: Size(width: width, height: height), context: mono, view: view)
  }

  @Test(arguments: DistributionCharts.all.map(\.name), GlyphSet.allCases)
  func chartIsDrawnAsItsGolden(name: String, glyphs: GlyphSet) throws {
    let chart = try #require(DistributionCharts.all.first { $0.name == name }?.chart)
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let context = DrawContext(theme: .mono, glyphs: glyphs, colors: .mono)
      let grid = render(chart, size: size, context: context).grid
      expectGolden(text(of: grid), "\(name)-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  @Test(arguments: (DistributionCharts.all + DistributionCharts.odd).map(\.name))
  func everySizeAndWindowIsDrawn(name: String) throws {
    let charts = DistributionCharts.all + DistributionCharts.odd
    let chart = try #require(charts.first { $0.name == name }?.chart)
    let views: [ChartView] = [.whole, ChartView(x: 20...40, y: 1...2, cursor: 1), ChartView(x: 0...0, cursor: 99)]
    for size in RobustnessTests.sizes where size.width < 300 {
      for view in views {
        for (glyphs, colors) in [(GlyphSet.braille, ColorDepth.indexed256), (.ascii, .mono)] {
          let context = DrawContext(theme: colors == .mono ? .mono : .dark, glyphs: glyphs, colors: colors)
          let drawn = render(chart, size: size, context: context, view: view)
          #expect(drawn.grid.size == size)
          for mark in drawn.marks { #expect(mark.rect.intersection(Rect(size)) == mark.rect || mark.rect.isEmpty) }
        }
      }
    }
  }

  @Test func chartsComeBackFromJSONAsTheyWere() throws {
    for (name, chart) in DistributionCharts.all {
      let back = try JSONDecoder().decode(Chart.self, from: JSONEncoder().encode(chart))
      #expect(back == chart, "\(name)")
    }
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(DistributionCharts.all[0].chart))
    #expect((object as? [String: Any])?["chart"] as? String == "box")
  }

  @Test func aBoxTellsItsQuartilesAndOpensItsGroup() {
    let marks = drawn(DistributionCharts.box(groups: 5)).marks
    #expect(marks.count == 5)
    #expect(
      marks[1].readout
        == "HS-grad  n=1,037  med 37  IQR 28–48  whiskers 17–75  outliers 5 (2 drawn)")
    #expect(marks[1].selection == .equals(column: "education", value: "HS-grad"))
  }

  @Test func aSingleBoxOpensTheRowsOfItsParts() {
    let marks = drawn(DistributionCharts.single).marks
    #expect(marks.map { $0.readout.prefix(3) } == ["low", "box", "upp"])
    #expect(
      marks[1].selection
        == .range(column: "fare", lower: 7.91, upper: 31, includesUpper: true, kind: .number))
  }

  @Test func groupsWithoutRoomAreCountedInTheTitle() {
    let many = DistributionCharts.box(groups: 40)
    #expect(text(of: drawn(many).grid).contains("of 40 groups"))
    let far = drawn(many, view: ChartView(cursor: 39))
    #expect(text(of: far.grid).contains("Some-college 7"))
    #expect(text(of: drawn(DistributionCharts.violin(groups: 4)).grid).contains("4 of 14 groups"))
    #expect(!text(of: drawn(DistributionCharts.box(groups: 5)).grid).contains("groups"))
  }

  @Test func addedUpBinsKeepEveryRow() throws {
    let chart = DistributionCharts.cloud(columns: 200, rows: 100, most: 50_000)
    let marks = drawn(chart).marks
    let counted = try marks.map { mark -> Int in
      let digits = try #require(mark.readout.components(separatedBy: "n=").last?.split(separator: " ").first)
      return try #require(Int(digits.filter { $0 != "," }))
    }
    #expect(counted.reduce(0, +) == chart.counts.joined().reduce(0, +))
    #expect(marks.count < 72 * 21)
  }

  @Test func aBinOpensItsRowsOnBothColumns() {
    let chart = DensityHeatmap(
      x: "hours", y: "age", xRange: 0...10, yRange: 0...4, counts: [[3, 0], [0, 7]], missing: 0, total: 10)
    let marks = drawn(chart).marks
    #expect(marks.map(\.readout) == ["hours 5–10  age 2–4  n=7 70.0%", "hours 0–5  age 0–2  n=3 30.0%"])
    #expect(
      marks[0].selection
        == .box(
          x: .init(column: "hours", lower: 5, upper: 10, includesUpper: true),
          y: .init(column: "age", lower: 2, upper: 4, includesUpper: true)))
    #expect(
      marks[1].selection
        == .box(
          x: .init(column: "hours", lower: 0, upper: 5, includesUpper: false),
          y: .init(column: "age", lower: 0, upper: 2, includesUpper: false)))
    #expect(marks[0].rect.y < marks[1].rect.y && marks[0].rect.x > marks[1].rect.x)
  }

  @Test func aBinWithOneRowStaysInSight() {
    let chart = DensityHeatmap(
      x: "a", y: "b", xRange: 0...2, yRange: 0...1, counts: [[1, 1_000_000]], missing: 0, total: 1_000_001)
    let lines = drawn(chart).grid.lines.dropFirst(2).dropLast(4)
    #expect(lines.contains { $0.contains("░") && $0.contains("█") })
  }

  @Test func colouredBinsHalveTheRows() {
    let chart = DistributionCharts.cloud(columns: 40, rows: 40, most: 60)
    let context = DrawContext(theme: .dark, colors: .indexed256)
    let grid = render(.content(chart), size: Size(width: 80, height: 24), context: context).grid
    #expect(text(of: grid).contains("▀"))
  }

  @Test func aLineTellsEverySeriesAtThePosition() {
    let marks = drawn(DistributionCharts.learning).marks
    #expect(marks.count == 30)
    #expect(marks[13].readout.hasPrefix("epoch 14  train 0.2939  validation "))
    #expect(marks[13].selection == .none)
    let months = drawn(DistributionCharts.monthly).marks
    #expect(months.count == 23)
    #expect(months[0].readout.hasPrefix("month 2023-01-01"))
    guard case .range("month", 1_672_531_200, _, false, .time) = months[0].selection else {
      Issue.record("\(months[0].selection)")
      return
    }
  }

  @Test func theCursorOnALineIsARule() {
    let drawn = drawn(DistributionCharts.learning, view: ChartView(cursor: 20))
    let rect = drawn.marks[20].rect
    let strokes = (rect.y..<rect.maxY).filter { y in ["┆", "╎", "¦"].contains(drawn.grid[rect.x, y].text) }
    #expect(strokes.count > 5)
  }
}
