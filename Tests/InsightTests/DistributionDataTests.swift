import Foundation
import Frame
import Plot
import Testing

@testable import Insight

@Suite struct DistributionDataTests {
  private func box(_ sheet: Sheet, _ column: String, by: String? = nil, limit: Int = 20) throws -> BoxPlot {
    try boxPlot(of: column, by: by, limit: limit, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  private func density(_ sheet: Sheet, bins: (x: Int, y: Int) = (120, 80)) throws -> DensityHeatmap {
    try densityHeatmap(
      x: "x", y: "y", bins: bins, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test func aBoxIsThatOfTukey() throws {
    let sheet = try Sheet("SELECT unnest([1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 31, -40, NULL])::DOUBLE AS v")
    let chart = try box(sheet, "v")
    let group = try #require(chart.groups.first)
    #expect(chart.groups.count == 1 && chart.missing == 1 && chart.total == 13 && group.count == 12)
    // Sorted: -40 1 2 3 4 5 6 7 8 9 30 31; quartiles at places 2.75, 5.5 and 8.25.
    #expect(group.q1 == 2.75 && group.median == 5.5 && group.q3 == 8.25)
    #expect(group.lowerWhisker == 1 && group.upperWhisker == 9)
    #expect(group.outliers == [-40, 30, 31] && group.outlierCount == 3)
  }

  @Test func boxesStandInTheOrderOfTheirRows() throws {
    let sheet = try Sheet.census()
    let chart = try box(sheet, "age", by: "education", limit: 4)
    #expect(chart.groups.map(\.label).first == "HS-grad" && chart.groups.first?.count == 1605)
    #expect(chart.groups.map(\.count) == chart.groups.map(\.count).sorted(by: >))
    let all = try box(sheet, "age", by: "education", limit: 100)
    #expect(all.groups.count == chart.groups.count + chart.otherGroups && all.otherGroups == 0)
    #expect(all.groups.reduce(0) { $0 + $1.count } == 5000 - all.missing)
    #expect(all.groups.allSatisfy { $0.lowerWhisker <= $0.q1 && $0.q1 <= $0.median && $0.q3 <= $0.upperWhisker })
    #expect(all.groups.allSatisfy { $0.outliers.count <= $0.outlierCount })
  }

  @Test func missingAndOddGroupsHaveBoxesOfTheirOwn() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES (1.0::DOUBLE, NULL), (3.0, NULL), ('nan', 'it''s "x"'), ('inf', 'it''s "x"'), (NULL, 'y'))
      t(v, g)
      """)
    let chart = try box(sheet, "v", by: "g")
    #expect(chart.groups.map(\.label) == ["it's \"x\"", nil, "y"])
    #expect(chart.groups.map(\.count) == [0, 2, 0] && chart.missing == 3 && chart.total == 5)
    #expect(chart.groups[1].median == 2)
    // JSON has no word for what is not a number.
    #expect(try !JSONEncoder().encode(chart).isEmpty)
  }

  @Test func tablesWithoutValuesGiveEmptyCharts() throws {
    let none = try Sheet("SELECT 1.0::DOUBLE AS v, 1 AS x, 2 AS y WHERE false")
    #expect(try box(none, "v", by: "x").groups.isEmpty)
    #expect(try density(none).counts.isEmpty)
    let gone = try Sheet("SELECT NULL::DOUBLE AS x, 1 AS y FROM range(4)")
    let chart = try density(gone)
    #expect(chart.counts.isEmpty && chart.missing == 4 && chart.total == 4)
  }

  @Test func onlyNumbersAndDatesHaveBoxes() throws {
    let sheet = try Sheet.census()
    #expect(throws: InsightError.notNumeric(column: "sex", kind: .text, advice: "draw bars instead")) {
      try box(sheet, "sex")
    }
    #expect(throws: InsightError.noSuchColumn("nope")) { try box(sheet, "age", by: "nope") }
  }

  @Test func everyBinHoldsTheRowsThatItsEdgesSay() throws {
    let sheet = try Sheet(
      "SELECT (i * 7 % 1000) / 10 AS x, CASE WHEN i % 50 = 0 THEN NULL ELSE (i * 13 % 700) / 7 END AS y FROM range(5000) t(i)"
    )
    let chart = try density(sheet, bins: (7, 9))
    #expect(chart.missing == 100 && chart.counts.joined().reduce(0, +) == 4900)
    func edge(_ range: ClosedRange<Double>, _ bin: Int, _ bins: Int) -> Double {
      bin == bins
        ? range.upperBound : range.lowerBound + (range.upperBound - range.lowerBound) * Double(bin) / Double(bins)
    }
    for row in 0..<9 {
      for column in 0..<7 {
        let (left, right) = (edge(chart.xRange, column, 7), edge(chart.xRange, column + 1, 7))
        let (low, high) = (edge(chart.yRange, row, 9), edge(chart.yRange, row + 1, 9))
        let inX = "x >= \(left)::DOUBLE AND x \(column == 6 ? "<=" : "<") \(right)::DOUBLE"
        let inY = "y >= \(low)::DOUBLE AND y \(row == 8 ? "<=" : "<") \(high)::DOUBLE"
        let rows = try sheet.database.query("SELECT count(*) FROM (\(sheet.sql)) WHERE \(inX) AND \(inY)")
        #expect(rows.value(0, 0) == .integer(Int64(chart.counts[row][column])))
      }
    }
  }

  @Test func wholeNumbersGetWholeBins() throws {
    let sheet = try Sheet("SELECT i % 5 AS x, i % 300 AS y FROM range(1500) t(i)")
    let chart = try density(sheet)
    #expect(chart.xRange == 0...5 && chart.counts.first?.count == 5)
    #expect(chart.yRange == 0...300 && chart.counts.count == 75 && chart.xKind == .integer)
    #expect(chart.counts.allSatisfy { $0.reduce(0, +) == 20 })
  }

  @Test func oneValueIsOneBin() throws {
    let sheet = try Sheet("SELECT 2.5::DOUBLE AS x, 7 AS y FROM range(3)")
    let chart = try density(sheet)
    #expect(chart.counts == [[3]] && chart.xRange == 2...3 && chart.yRange == 7...8)
  }
}
