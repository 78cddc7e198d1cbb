import Foundation
import Grid
import TestSupport
import Testing

@testable import Plot

@Suite struct ZoomTests {
  private let mono = DrawContext(theme: .mono, glyphs: .braille, colors: .mono)

  private func drawn(_ chart: Chart, _ view: ChartView, _ width: Int = 80, _ height: Int = 24) -> RenderedChart {
    render(chart, size: Size(width: width, height: height), context: mono, view: view)
  }

  @Test(arguments: ZoomFixtures.all.map(\.name), GlyphSet.allCases)
  func aPartOfAChartIsDrawnAsItsGolden(name: String, glyphs: GlyphSet) throws {
    let (_, chart, view) = try #require(ZoomFixtures.all.first { $0.name == name })
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let context = DrawContext(theme: .mono, glyphs: glyphs, colors: .mono)
      let grid = render(chart, size: size, context: context, view: view).grid
      expectGolden(text(of: grid), "\(name)-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  /// The rungs below colours and numbers: halves of cells in colour, shades with signs, numbers alone.
  @Test(arguments: ["halves", "signs", "numbers"])
  func aHeatmapDegradesInSteps(rung: String) {
    let count = rung == "halves" ? 40 : 9
    let names = (0..<count).map { "v\($0)" }
    let values = (0..<count).map { i in (0..<count).map { j in cos(Double(i * j)) as Double? } }
    let chart = Heatmap(title: "r", rows: names, columns: names, values: values, total: 100)
    let size = Size(width: rung == "signs" ? 24 : rung == "numbers" ? 56 : 50, height: 16)
    let context =
      rung == "halves" ? DrawContext(theme: .dark, colors: .indexed256) : mono
    let grid = render(.heatmap(chart), size: size, context: context).grid
    expectGolden(text(of: grid), "ladder-heatmap-\(rung)")
  }

  /// Half of every axis, off its middle, for every kind of chart.
  private func middle(_ axes: ChartAxes) -> ChartView {
    ChartView(
      x: axes.x.flatMap { $0.zoomed(by: 0.4, around: $0.shown.lowerBound) },
      y: axes.y.flatMap { $0.isList ? nil : $0.zoomed(by: 0.4, around: $0.shown.lowerBound) })
  }

  @Test func noMarkStandsOutsideTheWindow() throws {
    let charts = Fixtures.all + DistributionCharts.all + ModelFixtures.all.map { ($0.name, Chart.content($0.chart)) }
    var zoomed = 0
    for (name, chart) in charts {
      guard let axes = drawn(chart, .whole).axes else { continue }
      let view = middle(axes)
      let part = drawn(chart, view)
      zoomed += 1
      func touches(_ window: ClosedRange<Double>?, _ lower: Double, _ upper: Double) -> Bool {
        window.map { lower <= $0.upperBound && upper >= $0.lowerBound } ?? true
      }
      for mark in part.marks {
        switch mark.selection {
        case .range(_, let lower, let upper, _, _) where axes.x != nil && axes.y == nil || name.hasPrefix("hist"):
          #expect(touches(view.x, lower, upper), "\(name): \(mark.readout)")
        case .box(let x, let y):
          #expect(touches(view.x, x.lower, x.upper) && touches(view.y, y.lower, y.upper), "\(name): \(mark.readout)")
          #expect(!mark.rect.isEmpty, "\(name)")
        default: break
        }
      }
    }
    #expect(zoomed > 10)
  }

  @Test func aZoomedHistogramShowsWholeBinsWithTheirOwnCountsAndShares() throws {
    let whole = drawn(.histogram(Fixtures.age()), .whole)
    let part = drawn(.histogram(Fixtures.age()), ChartView(x: 30...46))
    #expect(part.marks.count == 9)
    #expect(part.marks.map(\.selection) == Array(whole.marks.map(\.selection)[6..<15]))
    #expect(part.marks.map(\.readout) == Array(whole.marks.map(\.readout)[6..<15]))
    #expect(part.marks[0].rect.width > whole.marks[0].rect.width)
    // Of all rows, and of those in sight.
    #expect(part.grid.lines[0].contains("n=39,073") || part.grid.lines[1].contains("n=39,073"))
    #expect(part.grid.lines.prefix(2).joined().contains("zoomed to 29–46: 17,"))
  }

  @Test func everyPointInTheWindowIsBehindExactlyOneMark() {
    let view = ChartView(x: 5...6.5, y: 0.8...2)
    for chart in [Fixtures.flowers, ZoomFixtures.trends] {
      let part = drawn(.scatter(chart), view, 70, 20)
      var inside = 0
      for mark in part.marks {
        guard case .box(let x, let y) = mark.selection else { continue }
        func holds(_ interval: ChartSelection.Interval, _ value: Double) -> Bool {
          value >= interval.lower && (interval.includesUpper ? value <= interval.upper : value < interval.upper)
        }
        inside += chart.points.filter { holds(x, $0.x) && holds(y, $0.y) }.count
        #expect(x.lower >= 5 && x.upper <= 6.5 && y.lower >= 0.8 && y.upper <= 2)
      }
      #expect(inside == chart.points.filter { (5...6.5).contains($0.x) && (0.8...2).contains($0.y) }.count)
    }
  }

  @Test func aCrowdBecomesPointsWhereOneLooksClosely() {
    let axes = drawn(.scatter(Fixtures.crowd), .whole).axes
    let close = ChartView(
      x: axes?.x?.zoomed(by: 0.02), y: axes?.y?.zoomed(by: 0.02))
    #expect(drawn(.scatter(Fixtures.crowd), .whole).grid.lines.prefix(2).joined().contains("2-D density"))
    #expect(!drawn(.scatter(Fixtures.crowd), close).grid.lines.prefix(2).joined().contains("2-D density"))
  }

  @Test func barsScrollAndSayWhichAreInSight() {
    let part = drawn(.bars(Fixtures.education), ChartView(y: 6...10), 80, 8)
    #expect(part.grid.lines[0].contains("7–13 of 16"))
    #expect(part.marks.count == 7)
    #expect(part.marks[0].selection == .equals(column: "education", value: "Assoc-acdm"))
    // The end stays in sight, however far one scrolls.
    let end = drawn(.bars(Fixtures.education), ChartView(y: 15...19), 80, 8)
    #expect(end.marks.count == 7)
    #expect(end.marks.last?.selection == .equals(column: "education", value: "Preschool"))
  }

  @Test func zoomingInAndOutComesBackAndStopsAtTheWhole() throws {
    let axis = try #require(drawn(.scatter(Fixtures.flowers), .whole).axes?.x)
    let near = try #require(axis.zoomed(by: 0.5, around: axis.shown.lowerBound))
    #expect(near.lowerBound == axis.shown.lowerBound)
    let part = try #require(drawn(.scatter(Fixtures.flowers), ChartView(x: near)).axes?.x)
    #expect(part.shown == near)
    #expect(part.zoomed(by: 4) == nil)
    let moved = try #require(part.moved(by: 0.25))
    #expect(moved.lowerBound > near.lowerBound && moved.upperBound > near.upperBound)
    let end = try #require(part.moved(by: 100))
    #expect(end.upperBound <= axis.shown.upperBound + 1e-9)
    // Nothing closer than numbers can be told apart.
    var view = ChartView(x: near)
    for _ in 0..<200 { view.x = drawn(.scatter(Fixtures.flowers), view).axes?.x?.zoomed(by: 0.5) }
    #expect(view.x.map { $0.lowerBound < $0.upperBound } ?? false)
  }

  @Test func logarithmicAxesZoomByRatios() throws {
    let axis = try #require(drawn(.scatter(ZoomFixtures.power), .whole).axes?.x)
    let near = try #require(axis.zoomed(by: 0.5))
    let middle = (log10(axis.shown.lowerBound) + log10(axis.shown.upperBound)) / 2
    #expect(abs((log10(near.lowerBound) + log10(near.upperBound)) / 2 - middle) < 0.02)
  }

  @Test func cellsOfAnAxisAreItsValues() throws {
    let part = drawn(.histogram(Fixtures.age()), ChartView(x: 30...46))
    let axis = try #require(part.axes?.x)
    for mark in part.marks {
      guard case .range(_, let lower, let upper, _, _) = mark.selection else { continue }
      let values = try #require(axis.values(from: mark.rect.x, through: mark.rect.maxX - 1))
      #expect(abs(values.lowerBound - lower) < 1e-9 && abs(values.upperBound - upper) < 1e-9)
    }
    #expect(axis.values(from: 0, through: 0) == nil)
  }

  @Test func windowsBesideTheDataSayThatNothingIsThere() {
    #expect(drawn(.histogram(Fixtures.age()), ChartView(x: 200...300)).grid.lines.joined().contains("No bins here."))
    #expect(drawn(.scatter(Fixtures.flowers), ChartView(x: 90...99)).grid.lines.joined().contains("No points here."))
  }

  @Test func everySizeAndWindowIsDrawn() {
    let views = [
      ChartView(x: 30...31, y: 1...2, cursor: 1), ChartView(x: -1e300...1e300),
      ChartView(x: 0...0, y: 5...5, cursor: 9),
    ]
    let charts = Fixtures.all + RobustnessTests.odd + ZoomFixtures.all.map { ($0.name, $0.chart) }
    for (name, chart) in charts {
      for size in [(0, 0), (1, 1), (7, 3), (14, 6), (40, 12), (80, 24)].map({ Size(width: $0, height: $1) }) {
        for view in views {
          let part = render(chart, size: size, context: mono, view: view)
          #expect(part.grid.size == size, "\(name)")
          _ = chart.vectorList(size: size, context: mono, view: view)
        }
      }
    }
  }

  @Test func aFileShowsTheWindowAndItsNumbersStayWhole() throws {
    let view = ChartView(x: 30...46)
    let options = ChartFileOptions(view: view)
    let chart = Chart.histogram(Fixtures.age())
    let text = String(decoding: try chart.fileContents(.txt, options: options), as: UTF8.self)
    #expect(text.contains("zoomed to 29–46"))
    let svg = String(decoding: try chart.fileContents(.svg, options: options), as: UTF8.self)
    #expect(svg.contains("bin 35–36") && !svg.contains("bin 89–90"))
    let csv = String(decoding: try chart.fileContents(.csv, options: options), as: UTF8.self)
    #expect(csv.split(separator: "\n").count == 38)
    let data = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(ChartFileOptions.self, from: data) == options)
  }

  @Test func marksThatStandTogetherAreOneSelection() {
    func bin(_ lower: Double, _ upper: Double, _ isLast: Bool = false) -> ChartSelection {
      .range(column: "age", lower: lower, upper: upper, includesUpper: isLast, kind: .integer)
    }
    #expect(
      ChartSelection.joined([bin(1, 2), bin(2, 3), bin(3, 4, true)])
        == [.range(column: "age", lower: 1, upper: 4, includesUpper: true, kind: .integer)])
    let bars: [ChartSelection] = [.equals(column: "a", value: "x"), .none, .equals(column: "a", value: "y")]
    #expect(ChartSelection.joined(bars) == [bars[0], bars[2]])
  }
}
