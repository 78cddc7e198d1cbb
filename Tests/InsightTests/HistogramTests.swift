import Foundation
import Frame
import Plot
import Testing

@testable import Insight

@Suite struct HistogramTests {
  private func draw(_ column: String, _ sheet: Sheet, bins: Int? = nil) throws -> Histogram {
    let chart = try histogram(of: column, bins: bins, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(chart.bins.reduce(0) { $0 + $1.count } + chart.missing == chart.total)
    for (left, right) in zip(chart.bins, chart.bins.dropFirst()) { #expect(left.upper == right.lower) }
    return chart
  }

  @Test func theSummaryIsThatOfPandas() throws {
    let chart = try draw("age", try Sheet.census())
    let expected = [
      "n": 5000, "mean": 38.6628, "sd": 13.692691266468538, "min": 17, "q1": 28, "median": 37, "q3": 48, "max": 90,
      "skew": 0.5452347632481304, "outliers": 21,
    ]
    for (name, value) in expected { #expect(isClose(chart.summary?[name], value, 1e-9), "\(name)") }
    #expect(chart.kind == .integer && chart.missing == 0)
    let gain = try draw("capital_gain", try Sheet.census())
    #expect(isClose(gain.summary?["skew"], 11.189489612655613, 1e-9) && gain.summary?["outliers"] == 436)
  }

  @Test func wholeNumbersGetBinsOfWholeNumbers() throws {
    let chart = try draw("age", try Sheet.census())
    // Freedman-Diaconis: 2 × 20 / 5000^(1/3) = 2.34, which reads best as 2.
    #expect(chart.bins.first?.lower == 16 && chart.bins.allSatisfy { $0.upper - $0.lower == 2 })
    let dice = try draw("v", try Sheet("SELECT i % 6 + 1 AS v FROM range(600) t(i)"))
    #expect(dice.bins.map(\.lower) == [1, 2, 3, 4, 5, 6] && dice.bins.allSatisfy { $0.count == 100 })
    let few = try draw("v", try Sheet("SELECT i AS v FROM range(100) t(i)"), bins: 10)
    #expect(few.bins.map(\.count) == [Int](repeating: 10, count: 10))
  }

  @Test func theBinOfAnEdgeIsTheOneThatStartsThere() throws {
    let chart = try draw("v", try Sheet("SELECT i / 10 AS v FROM range(11) t(i)"), bins: 10)
    #expect(chart.bins.map(\.count) == [1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    let sheet = try Sheet("SELECT (hash(i) % 1000) / 100 AS v FROM range(20000) t(i)")
    for bins in [nil, 7, 10, 33, 100] {
      let chart = try draw("v", sheet, bins: bins)
      for (index, bin) in chart.bins.enumerated() {
        let last = index == chart.bins.count - 1
        let count = try sheet.database.query(
          """
          SELECT count(*) FROM (\(sheet.sql)) WHERE v >= \(SQL.literal(.real(bin.lower)))
          AND v \(last ? "<=" : "<") \(SQL.literal(.real(bin.upper)))
          """)
        #expect(count.text(0, 0) == "\(bin.count)")
      }
    }
  }

  @Test func edgesReadWell() throws {
    let chart = try draw("v", try Sheet("SELECT (hash(i) % 1000) / 1000 AS v FROM range(1000) t(i)"))
    #expect(chart.bins.map(\.lower) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  }

  @Test func datesAreBinnedByCalendarSteps() throws {
    let chart = try draw("d", try Sheet("SELECT DATE '2024-01-01' + (i % 365)::INT AS d FROM range(3650) t(i)"))
    #expect(chart.kind == .time)
    let width = try #require(chart.bins.first).upper - chart.bins[0].lower
    #expect(width == 2_419_200 || width == 1_209_600)
    // A Monday.
    #expect(chart.bins[0].lower.truncatingRemainder(dividingBy: 604_800) == 345_600)
    let clock = try draw("t", try Sheet("SELECT TIMESTAMP '2024-01-01' + to_seconds(i) AS t FROM range(3600) t(i)"))
    #expect(clock.bins.count == 12 && clock.bins.allSatisfy { $0.count == 300 })
  }

  @Test func degenerateColumnsAreDrawn() throws {
    let constant = try draw("v", try Sheet("SELECT 3.5::DOUBLE AS v FROM range(10)"))
    #expect(constant.bins.map(\.count) == [10] && constant.summary?["sd"] == 0 && constant.density == nil)
    let gone = try draw("v", try Sheet("SELECT NULL::DOUBLE AS v FROM range(10)"))
    #expect(gone.bins.isEmpty && gone.missing == 10)
    let none = try draw("v", try Sheet("SELECT 1 AS v WHERE false"))
    #expect(none.bins.isEmpty && none.total == 0)
    let one = try draw("v", try Sheet("SELECT 7 AS v"))
    #expect(one.bins == [.init(lower: 7, upper: 8, count: 1)])
    let wide = try draw(
      "v", try Sheet("SELECT * FROM (VALUES (1e308::DOUBLE), (-1e308), ('inf'::DOUBLE), ('nan'::DOUBLE), (NULL)) t(v)"))
    #expect(wide.missing == 3 && wide.summary?["infinite"] == 1 && wide.summary?["mean"] == 0)
    let close = try draw("v", try Sheet("SELECT 1e17 + i * 16 AS v FROM range(100) t(i)"), bins: 1000)
    #expect(close.total == 100)
    let large = try draw("v", try Sheet("SELECT 9223372036854775807 - i AS v FROM range(100) t(i)"))
    #expect(large.total == 100)
    let tiny = try draw("v", try Sheet("SELECT i * 4e-324 AS v FROM range(5) t(i)"))
    #expect(tiny.total == 5)
  }

  @Test func theDensityHoldsAllValues() throws {
    let chart = try draw("v", try Sheet("SELECT sqrt(i) AS v FROM range(10000) t(i)"))
    let density = try #require(chart.density)
    #expect(density.count == chart.bins.count && density.allSatisfy { $0 >= 0 })
    #expect(abs(density.reduce(0, +) - 10_000) < 600)
  }

  @Test func textIsRefusedWithAdvice() throws {
    let error = #expect(throws: InsightError.self) { try draw("sex", try Sheet.census()) }
    #expect(
      error?.description
        == "column \"sex\" holds text values, and numbers or dates are needed: draw bars instead")
    #expect(throws: InsightError.noSuchColumn("gone")) { try draw("gone", try Sheet.census()) }
  }

  @Test(arguments: [AxisKind.number, .integer, .time])
  func edgesAlwaysRiseAndCover(axis: AxisKind) {
    for (low, high) in [
      (0.0, 1.0), (-1e-300, 1e-300), (1e300, 1.0000001e300), (-1e308, 1e308), (5, 5), (-7, 123_456_789), (0, 1e-9),
    ] where axis == .number || low == low.rounded() && high == high.rounded() {
      for bins in [nil, 1, 2, 50, 100_000] {
        for spread in [0, (high / 2 - low / 2), 1e-12] {
          let edges = BinEdges(low: low, high: high, spread: spread, values: 1000, bins: bins, axis: axis).edges
          #expect(edges.count >= 2 && edges.count < 1100 && edges[0] <= low && edges[edges.count - 1] >= high)
          #expect(
            zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, "\(low) \(high) \(axis) \(String(describing: bins))")
        }
      }
    }
  }
}
