import Foundation
import Grid
import Testing

@testable import Plot

@Suite struct ChartTests {
  private let mono = DrawContext(theme: .mono, glyphs: .braille, colors: .mono)

  private func lines(_ chart: Chart, _ width: Int = 80, _ height: Int = 24) -> [String] {
    render(chart, size: Size(width: width, height: height), context: mono).grid.lines
  }

  @Test func barLengthsAreProportionalToCounts() {
    let eighths: [Character: Int] = ["▏": 1, "▎": 2, "▍": 3, "▌": 4, "▋": 5, "▊": 6, "▉": 7, "█": 8]
    let rows = lines(.bars(Fixtures.marital))
    func length(_ label: String) -> Int {
      rows.first { $0.contains(label + "┤") }?.reduce(0) { $0 + (eighths[$1] ?? 0) } ?? -1
    }
    let top = length("Married")
    for item in Fixtures.marital.items {
      let expected = Double(item.count) / 14_976 * Double(top)
      #expect(abs(Double(length(item.label)) - expected) <= 0.5, "\(item.label)")
    }
  }

  @Test func columnHeightsAreProportionalToCounts() {
    let drawn = render(
      .histogram(Fixtures.age(density: false)), size: Size(width: 80, height: 24), context: mono)
    let levels: [String: Int] = ["▁": 1, "▂": 2, "▃": 3, "▄": 4, "▅": 5, "▆": 6, "▇": 7, "█": 8]
    let heights = drawn.marks.map { mark in
      (mark.rect.y..<(mark.rect.maxY - 1)).reduce(0) { $0 + (levels[drawn.grid[mark.rect.x, $1].text] ?? 0) }
    }
    let peak = Double(Fixtures.ageCounts.max() ?? 1)
    let top = Double(heights.max() ?? 1)
    for (count, height) in zip(Fixtures.ageCounts, heights) {
      #expect(abs(Double(height) - max(1, Double(count) / peak * top)) <= 1)
    }
  }

  @Test func smallestCountStillShows() {
    let chart = Histogram(
      column: "a", bins: [.init(lower: 0, upper: 1, count: 1_000_000), .init(lower: 1, upper: 2, count: 1)],
      missing: 0, total: 1_000_001)
    #expect(lines(.histogram(chart)).contains { $0.contains("▁") })
  }

  @Test func ticksStandOverTheirValues() {
    let drawn = render(.histogram(Fixtures.age()), size: Size(width: 80, height: 24), context: mono)
    let axisRow = drawn.grid.lines[21]
    let labels = drawn.grid.lines[22]
    // Age 20 is in the second bin (19–20): its right half.
    let second = drawn.marks[1].rect
    let column = Array(axisRow).firstIndex(of: "┬") ?? -1
    #expect(column == second.x + 1)
    #expect(String(Array(labels)[(column - 1)...column]) == "20")
  }

  @Test func moreBinsThanColumnsAreAddedUp() {
    let chart = Histogram(
      column: "a", bins: (0..<500).map { .init(lower: Double($0), upper: Double($0 + 1), count: 2) }, missing: 0,
      total: 1000)
    let drawn = render(.histogram(chart), size: Size(width: 60, height: 12), context: mono)
    #expect(drawn.marks.count <= 52)
    #expect(drawn.marks[0].readout.contains("n=20"))
    #expect(drawn.grid.lines[0].contains("bin of 10"))
    guard case .range(_, let lower, let upper, let includesUpper, _) = drawn.marks[49].selection else {
      Issue.record("not a range")
      return
    }
    #expect(lower == 490 && upper == 500 && includesUpper)
  }

  @Test func titleAlwaysHasCountsMissingAndSample() {
    for (name, chart) in Fixtures.all where name != "importance" {
      for width in [40, 60, 80, 120] {
        let head = lines(chart, width, 24).prefix(2).joined()
        #expect(head.contains("n="), "\(name) \(width) \(head)")
        #expect(head.contains("missing"), "\(name) \(width) \(head)")
        if name == "dates" || name == "density" || name == "cloud" {
          #expect(head.contains(" of "), "\(name) \(width)")
        }
      }
    }
  }

  @Test func readoutNamesTheBinAndItsShare() {
    let drawn = render(.histogram(Fixtures.age()), size: Size(width: 80, height: 24), context: mono)
    #expect(drawn.marks[9].readout == "bin 35–36  n=2,133 5.5%")
    #expect(
      drawn.marks[9].selection
        == .range(column: "age", lower: 35, upper: 37, includesUpper: false, kind: .integer))
    #expect(drawn.marks[36].readout == "bin 89–90  n=45 0.1%")
  }

  @Test func oneValueIsCalledConstantHoweverWideItsBin() {
    let chart = Histogram(
      column: "a", bins: [.init(lower: 4.75, upper: 5.25, count: 9)], missing: 1, total: 10,
      summary: ["min": 5, "max": 5, "mean": 5, "n": 9, "q1": 5, "q3": 5])
    let rows = lines(.histogram(chart), 60, 14)
    #expect(rows[0].contains("a — constant  (n=9, missing 1)"))
    #expect(rows[12].trimmingCharacters(in: .whitespaces) == "5")
    #expect(rows[13].contains("mean 5  IQR 5–5  min 5  max 5"))
  }

  @Test func othersGatherWhatHasNoBar() {
    let drawn = render(.bars(Fixtures.education), size: Size(width: 80, height: 6), context: mono)
    #expect(drawn.marks.count == 5)
    #expect(drawn.marks[4].readout.hasPrefix("12 others  n=7,691"))
    #expect(
      drawn.marks[4].selection
        == .noneOf(column: "education", values: ["HS-grad", "Some-college", "Bachelors", "Masters"]))
    #expect(drawn.marks[0].selection == .equals(column: "education", value: "HS-grad"))
  }

  @Test func majorityWinsACellAndCloseOnesAreMarked() {
    func drawn(_ counts: [Int]) -> RenderedChart {
      var points: [Scatter.Point] = [.init(x: 0, y: 0, category: 0), .init(x: 100, y: 100, category: 0)]
      for (category, count) in counts.enumerated() {
        points += [Scatter.Point](repeating: .init(x: 50, y: 50, category: category), count: count)
      }
      let chart = Scatter(
        x: "a", y: "b", colorBy: "c", points: points, categories: ["p", "q"], total: points.count)
      return render(.scatter(chart), size: Size(width: 60, height: 20), context: mono)
    }
    // The winner's sign in the middle cell; category q has the marker +, unless it is the most frequent.
    func middle(_ counts: [Int]) -> String {
      let chart = drawn(counts)
      guard let mark = chart.marks.first(where: { $0.readout.contains("n=\(counts.reduce(0, +))") }) else { return "" }
      return chart.grid[mark.rect.x, mark.rect.y].text
    }
    #expect(middle([6, 4]) == "*")
    #expect(middle([4, 6]) == "*")
    #expect(middle([2, 3]) == "*")
    #expect(middle([1, 3]) == "+")
    #expect(middle([0, 2]) == "+")
    #expect(drawn([6, 4]).grid.lines.prefix(2).joined().contains("overlap"))
    #expect(!drawn([1, 3]).grid.lines.prefix(2).joined().contains("overlap"))
  }

  @Test func crowdedPointsBecomeADensityAndTheTitleSaysSo() {
    #expect(lines(.scatter(Fixtures.crowd)).prefix(2).joined().contains("2-D density"))
    #expect(!lines(.scatter(Fixtures.cloud)).prefix(2).joined().contains("2-D density"))
  }

  @Test func everyPointIsBehindExactlyOneMark() {
    for chart in [Fixtures.flowers, Fixtures.cloud, Fixtures.crowd] {
      let drawn = render(.scatter(chart), size: Size(width: 70, height: 20), context: mono)
      var inside = 0
      for mark in drawn.marks {
        guard case .box(let x, let y) = mark.selection else { continue }
        inside += chart.points.filter { $0.x >= x.lower && $0.x < x.upper && $0.y >= y.lower && $0.y < y.upper }.count
      }
      #expect(inside == chart.points.count)
    }
  }

  @Test func categoriesKeepTheirColoursWhenCountsChange() {
    let context = DrawContext(theme: .dark, colors: .indexed256)
    func color(_ chart: Scatter, _ marker: String) -> Color? {
      let grid = render(.scatter(chart), size: Size(width: 80, height: 24), context: context).grid
      for y in 3..<20 {
        for x in 8..<80 where grid[x, y].text == marker { return grid[x, y].style.foreground }
      }
      return nil
    }
    #expect(color(Fixtures.flowers, "+") == Theme.okabeIto[1])
    #expect(color(Fixtures.flowers, "×") == Theme.okabeIto[2])
  }

  @Test func heatmapShowsTheCellUnderTheCursorEvenWhenItDoesNotFit() {
    let names = (0..<60).map { "c\($0)" }
    let chart = Heatmap(
      title: "r", rows: names, columns: names, values: (0..<60).map { i in (0..<60).map { j in i == j ? 1 : 0.1 } },
      total: 100)
    let size = Size(width: 60, height: 16)
    let all = render(.heatmap(chart), size: size, context: mono)
    #expect(all.marks.count == 60 * 61 / 2)
    let last = render(.heatmap(chart), size: size, context: mono, cursor: all.marks.count - 1)
    #expect(!(last.marks.last?.rect.isEmpty ?? true))
    #expect(last.grid.lines[0].contains("of 60×60"))
  }

  @Test func correlationsPrintSignAndTwoDigits() {
    let ink = HeatmapInk(Fixtures.correlation, context: mono)
    #expect(ink.number(0.123) == "+.12")
    #expect(ink.number(-0.034) == "-.03")
    #expect(ink.number(0) == " .00")
    #expect(ink.number(1).trimmingCharacters(in: .whitespaces) == "1")
    #expect(ink.number(-1).trimmingCharacters(in: .whitespaces) == "-1")
    #expect(ink.number(0.999).trimmingCharacters(in: .whitespaces) == "1")
  }

  @Test func arrowsMoveToTheNearestMark() {
    let drawn = render(.heatmap(Fixtures.correlation), size: Size(width: 80, height: 24), context: mono)
    // Cell (2, 1) of the lower triangle is mark 4.
    #expect(drawn.marks[4].readout.hasPrefix("gain × edu#"))
    #expect(drawn.neighbor(of: 4, dx: -1, dy: 0) == 3)
    #expect(drawn.neighbor(of: 4, dx: 1, dy: 0) == 5)
    #expect(drawn.neighbor(of: 4, dx: 0, dy: -1) == 2)
    #expect(drawn.neighbor(of: 4, dx: 0, dy: 1) == 7)
    #expect(drawn.neighbor(of: 0, dx: 0, dy: -1) == nil)
    #expect(drawn.mark(at: Point(x: drawn.marks[4].rect.x, y: drawn.marks[4].rect.y)) == 4)
  }

  @Test func chartsSurviveJSON() throws {
    for (name, chart) in Fixtures.all {
      let data = try JSONEncoder().encode(chart)
      #expect(try JSONDecoder().decode(Chart.self, from: data) == chart, "\(name)")
      #expect(String(decoding: data, as: UTF8.self).contains("\"chart\":\"\(chart.kind.rawValue)\""))
    }
  }

  @Test func sparklineFitsAndShowsGaps() {
    #expect(sparkline([0, 1, 2, 4, 8], width: 5, glyphs: .braille) == " ▁▂▄█")
    #expect(sparkline([0, 1, 8], width: 9, glyphs: .ascii) == " .#")
    #expect(sparkline([1, 1, 1, 1], width: 2, glyphs: .block) == "██")
    #expect(sparkline([1, .nan], width: 2, glyphs: .block) == "█·")
    #expect(sparkline([], width: 5, glyphs: .block).isEmpty)
    #expect(sparkline([1], width: 0, glyphs: .block).isEmpty)
    #expect(sparkline([0, 0], width: 2, glyphs: .block) == "  ")
  }
}
