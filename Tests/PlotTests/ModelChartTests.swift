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

  @Test func arrowsSayWhichWayAFeatureWorks() {
    let lines = drawn(ModelFixtures.shapBars).grid.lines
    #expect(lines.contains { $0.contains("capital_gain") && $0.contains("0.611 ▲") })
    #expect(lines.contains { $0.contains("fnlwgt") && $0.contains("0.094 ▼") })
    #expect(lines.contains { $0.contains("occupation") && !$0.contains("▲") && !$0.contains("▼") })
  }

  @Test func aSwarmWithoutColoursSplitsAtTheMedian() {
    let dots = (0..<40).map { ShapSwarm.Dot(row: $0, shap: Double($0 % 4), rank: 0.2) }
    let low = drawn(ShapSwarm(features: [.init(name: "low", dots: dots)]), 60, 8).grid.lines
    let high = drawn(
      ShapSwarm(features: [.init(name: "high", dots: dots.map { .init(row: $0.row, shap: $0.shap, rank: 0.9) })]), 60, 8
    ).grid.lines
    func hasDots(_ line: String) -> Bool { line.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
    #expect(low.map(hasDots).firstIndex(of: true) == 1 && low.filter(hasDots).count == 1)
    #expect(high.map(hasDots).firstIndex(of: true) == 2 && high.filter(hasDots).count == 1)
    #expect(drawn(ModelFixtures.swarm).marks.count == 800)
  }

  @Test func aWaterfallEndsAtTheOutputHoweverFewLinesItHas() {
    for height in [24, 12, 9] {
      let chart = drawn(ModelFixtures.waterfall, 80, height)
      #expect(chart.marks.last?.readout.hasPrefix("f(x)  2.26  p 0.906") == true)
      #expect(chart.marks[chart.marks.count - 2].readout.contains("to 2.26"))
    }
    #expect(drawn(ModelFixtures.waterfall, 80, 9).grid.lines.joined().contains("11 others"))
  }

  @Test func everyRowOfADependenceIsBehindOneMark() {
    let chart = drawn(ModelFixtures.dependence)
    let counts = chart.marks.compactMap { mark in
      mark.readout.components(separatedBy: "n=").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    #expect(counts.reduce(0, +) == 260)
    #expect(chart.grid.lines.joined().contains("hours low"))
  }

  @Test func everyClusterOfAMapIsNamedOnce() {
    let text = drawn(ModelFixtures.embedding).grid.lines.joined(separator: "\n")
    for name in ["good", "bad", "food", "time"] {
      #expect(text.components(separatedBy: " \(name) ").count == 2, "\(name)")
    }
    #expect(text.filter { $0 == "●" }.count == 3)
    #expect(drawn(ModelFixtures.embedding).marks[1].readout == "word 1  bad")
  }

  @Test func theVerdictOnBiasIsASignAndNotOnlyAColour() {
    let lines = drawn(ModelFixtures.bias).grid.lines
    func label(_ name: String) -> String {
      lines.first { $0.contains(name) }?.components(separatedBy: name)[0].trimmingCharacters(in: .whitespaces) ?? "?"
    }
    #expect(label("selection rate") == "!")
    #expect(label("true positive rate") == "ok")
    // Without a threshold, or without a group's value, there is no verdict.
    #expect(label("accuracy") == "" && label("precision") == "")
    #expect(lines.joined().contains("! 1 of 5 outside the threshold"))
    #expect(drawn(ModelFixtures.bias).marks[0].readout.hasSuffix("allowed 0.248–0.388  ! outside"))
  }

  @Test func theLeaderboardShowsRangesChangesAndStates() {
    let lines = drawn(ModelFixtures.leaderboard).grid.lines
    #expect(lines.contains { $0.contains("1 ✓ ▲2  GBT") && $0.contains("├") && $0.contains("┤ 0.927") })
    #expect(lines.contains { $0.contains("✗ new kNN") && $0.contains("failed") })
    #expect(drawn(ModelFixtures.leaderboard).marks[0].readout == "1. GBT  AUC 0.927  folds 0.919–0.934  done  ▲2")
  }
}
