import Foundation
import Grid
import TestSupport
import Testing

@testable import Plot

@Suite struct ModelChartTests {
  private func context(_ glyphs: GlyphSet = .braille, _ colors: ColorDepth = .mono) -> DrawContext {
    DrawContext(theme: colors == .mono ? .mono : .dark, glyphs: glyphs, colors: colors)
  }

  private func drawn(
    _ chart: any ChartContent, _ width: Int = 80, _ height: Int = 24, cursor: Int? = nil
  ) -> RenderedChart {
    render(.content(chart), size: Size(width: width, height: height), context: context(), cursor: cursor)
  }

  @Test(arguments: ModelFixtures.all.map(\.name), GlyphSet.allCases)
  func chartIsDrawnAsItsGolden(name: String, glyphs: GlyphSet) throws {
    let chart = try #require(ModelFixtures.all.first { $0.name == name }).chart
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let drawn = render(.content(chart), size: size, context: context(glyphs))
      expectGolden(text(of: drawn.grid), "\(name)-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  @Test(arguments: ModelFixtures.all.map(\.name))
  func chartSurvivesJSON(name: String) throws {
    let chart = try #require(ModelFixtures.all.first { $0.name == name }).chart
    let data = try JSONEncoder().encode(Chart.content(chart))
    #expect(try JSONDecoder().decode(Chart.self, from: data) == .content(chart))
  }

  @Test(arguments: (ModelFixtures.odd + ModelFixtures.all).map(\.name))
  func chartIsDrawnAtEverySizeWithAnyCursor(name: String) throws {
    let chart = try #require((ModelFixtures.odd + ModelFixtures.all).first { $0.name == name }).chart
    let tiny = [(20, 5), (10, 1), (1, 10), (80, 3)].map { Size(width: $0.0, height: $0.1) }
    for (i, size) in (RobustnessTests.sizes + tiny).enumerated() {
      for (j, glyphs) in GlyphSet.allCases.enumerated() {
        let view = ChartView(x: i % 4 == 3 ? 0.2...0.4 : nil, cursor: [nil, 0, 3, 100_000, -1][(i + j) % 5])
        let drawn = render(
          .content(chart), size: size, context: context(glyphs, i % 2 == 0 ? .mono : .indexed256), view: view)
        #expect(drawn.grid.size == size)
        let scalars = drawn.grid.lines.joined().unicodeScalars
        #expect(scalars.allSatisfy { $0.value >= 0x20 && (glyphs != .ascii || $0.value < 0x7F) }, "\(size) \(glyphs)")
        let bounds = Rect(size)
        let isInside = drawn.marks.allSatisfy { $0.rect.isEmpty || bounds.intersection($0.rect) == $0.rect }
        #expect(isInside, "\(size) \(glyphs)")
      }
    }
  }

  @Test func chartsOfNothingSayWhyInASentence() {
    for (name, sentence) in [
      ("no models", "No models."), ("one class", "Only one class"), ("no classes", "No classes."),
      ("no bins", "No rows."), ("no epochs", "No epoch has been measured."),
    ] {
      let chart = ModelFixtures.odd.first { $0.name == name }?.chart
      #expect(chart.map { drawn($0).grid.lines.joined().contains(sentence) } == true, "\(name)")
    }
  }

  @Test func theCursorOfARatesCurveMovesTheOperatingPoint() {
    let chart = drawn(ModelFixtures.roc, cursor: 20)
    #expect(chart.marks.count == 3 * 41)
    #expect(chart.marks[20].readout.hasPrefix("GBT  threshold 0.5  TPR 0."))
    #expect(chart.grid[chart.marks[20].rect.x, chart.marks[20].rect.y].text == "◆")
    #expect(chart.marks[0].readout.contains("above all"))
    #expect(chart.marks[0].readout.contains("precision -"))
    #expect(chart.grid.lines.joined().contains("GBT  AUC 0.927"))
  }

  @Test func theMatrixPrintsCountsSharesRecallAndPrecision() {
    let text = drawn(ModelFixtures.confusion).grid.lines.joined()
    for part in ["4,653", "94.1%", "292", "5.9%", "561", "1,007", "0.941", "0.642", "0.892", "0.775", "acc 0.869"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(drawn(ModelFixtures.confusion).marks[1].readout == "actual <=50K, predicted >50K  n=292  5.9%")
  }

  @Test func calibrationNamesItsErrorsInTheTitle() {
    let chart = drawn(ModelFixtures.calibration)
    #expect(chart.grid.lines[0].contains("ECE 0.018, Brier 0.087"))
    #expect(chart.marks[0].readout == "0–0.1  predicted 0.050  observed 0.068  n=2,400")
  }

  @Test func theBestEpochIsNamedAndRuled() {
    let chart = drawn(ModelFixtures.learning)
    #expect(chart.grid.lines.joined().contains("best 38 train"))
    #expect(chart.grid.lines.filter { $0.contains("┆") }.count > 5)
    #expect(chart.marks[37].readout.hasSuffix("best"))
  }
}
