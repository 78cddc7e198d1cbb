import Foundation
import Frame
import Plot
import Testing

@testable import Insight

@Suite struct ChartDataTests {
  @Test func barsShowTheMostFrequentAndTheRest() throws {
    let sheet = try Sheet.census()
    let chart = try bars(of: "workclass", top: 3, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(
      chart.items == [
        .init(label: "Private", count: 3450), .init(label: "Self-emp-not-inc", count: 382),
        .init(label: "Local-gov", count: 340),
      ])
    #expect(chart.missing == 282 && chart.total == 5000)
    #expect(chart.others == .init(count: 5000 - 282 - 3450 - 382 - 340, distinct: 5))
    let all = try bars(of: "sex", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(all.items.map(\.count) == [3312, 1688] && all.others == nil)
    let none = try Sheet("SELECT 'x' AS v WHERE false")
    let empty = try bars(of: "v", relation: none.sql, schema: none.schema, in: none.database)
    #expect(empty.items.isEmpty && empty.total == 0 && empty.others == nil)
    let gone = try Sheet("SELECT NULL::VARCHAR AS v FROM range(4)")
    #expect(try bars(of: "v", relation: gone.sql, schema: gone.schema, in: gone.database).missing == 4)
  }

  @Test func aScatterColoursTheMostFrequentValues() throws {
    let sheet = try Sheet.census()
    let chart = try scatter(
      x: "age", y: "hours_per_week", colorBy: "education", relation: sheet.sql, schema: sheet.schema, in: sheet.database
    )
    #expect(chart.points.count == 5000 && chart.sampled == nil && chart.total == 5000)
    #expect(chart.categories.count == 7 && chart.categories.first == "HS-grad" && chart.categories.last == "other")
    #expect(chart.points.filter { $0.category == 0 }.count == 1605)
    #expect(chart.points.first == .init(x: 39, y: 40, category: 0))
    #expect(chart.xKind == .integer)
  }

  @Test func aLargeScatterIsTheSameSampleForTheSameSeed() throws {
    let sheet = try Sheet("SELECT i AS x, CASE WHEN i % 10 = 0 THEN NULL ELSE sqrt(i) END AS y FROM range(50000) t(i)")
    func draw(_ seed: UInt64) throws -> Scatter {
      try scatter(
        x: "x", y: "y", limit: 1000, seed: seed, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
    let chart = try draw(1)
    #expect(chart.sampled == 1000 && chart.points.count + chart.missing == 1000 && chart.total == 50_000)
    #expect(abs(chart.missing - 100) < 60)
    #expect(try draw(1) == chart)
    #expect(try draw(2) != chart)
  }

  @Test func correlationsAreThoseOfPandas() throws {
    let sheet = try Sheet.census()
    let chart = try correlation(relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(chart.rows == ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week"])
    #expect(isClose(chart.values[0][1], -0.07481785927772278) && chart.values[1][0] == chart.values[0][1])
    #expect((0..<6).allSatisfy { chart.values[$0][$0] == 1 } && chart.total == 5000)
  }

  @Test func correlationsSkipWhatHasNone() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES (1.0::DOUBLE, 2.0::DOUBLE, 5, TRUE, 'nan'::DOUBLE), (2.0, 4.0, 5, FALSE, 1.0),
      (3.0, NULL, 5, FALSE, 2.0), (4.0, 8.0, 5, FALSE, 'inf')) t(a, b, constant, flag, odd)
      """)
    let chart = try correlation(relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(isClose(chart.values[0][1], 1) && chart.values[2] == [nil, nil, nil, nil, nil])
    // a = 1…4 against 1, 0, 0, 0: -1.5 / sqrt(5 × 0.75).
    #expect(isClose(chart.values[0][3], -1.5 / 3.75.squareRoot()))
    #expect(isClose(chart.values[0][4], 1))
    #expect(throws: InsightError.tooFewNumericColumns(found: 1, needed: 2)) {
      try correlation(of: ["a"], relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
    let wide = try Sheet(
      "SELECT \((0..<60).map { "hash(i, \($0)) % 100 AS c\($0)" }.joined(separator: ", ")) FROM range(50) t(i)")
    let chunked = try correlation(relation: wide.sql, schema: wide.schema, in: wide.database)
    #expect(chunked.values.allSatisfy { $0.count == 60 && $0.allSatisfy { $0 != nil } })
  }

  @Test func theHeaderLineCountsFiveBinsOrLevels() throws {
    let sheet = try Sheet(
      "SELECT i AS n, 'x' || (i % 3) AS t, CASE WHEN i % 4 = 0 THEN NULL ELSE 1.5::DOUBLE END AS k FROM range(100) t(i)"
    )
    let line = try headerProfile(
      of: ["n", "t", "k", "gone"], relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(line.map(\.column) == ["n", "t", "k"])
    #expect(line[0].bins == [20, 20, 20, 20, 20] && line[0].levels == nil && line[0].isComplete)
    #expect(line[1].bins == nil && line[1].levels == 3)
    #expect(line[2].bins == [0, 0, 75, 0, 0] && line[2].missingShare == 0.25)
    let head = try headerProfile(of: ["t"], rows: 10, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(head[0].rows == 10 && !head[0].isComplete)
    let odd = try Sheet("SELECT * FROM (VALUES ('inf'::DOUBLE), ('nan'), (NULL)) t(v)")
    let empty = try headerProfile(of: ["v"], relation: odd.sql, schema: odd.schema, in: odd.database)
    #expect(empty[0].bins == nil && isClose(empty[0].missingShare, 1.0 / 3))
    let none = try Sheet("SELECT 1 AS v, 'x' AS w WHERE false")
    let nothing = try headerProfile(of: ["v", "w"], relation: none.sql, schema: none.schema, in: none.database)
    #expect(nothing[0].bins == nil && nothing[1].levels == 0 && nothing[0].missingShare == 0)
  }

  @Test func aTableSummaryShowsRareAndFrequentValues() throws {
    let sheet = try Sheet.census()
    let summary = try tableSummary(sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(summary.rows == 5000 && summary.lines.map(\.column) == sheet.schema.map(\.name))
    let age = try #require(summary.lines.first)
    #expect(age.count == 5000 && age.min == "17" && age.max == "90" && isClose(age.mean, 38.6628))
    let work = summary.lines[1]
    #expect(work.count == 4718 && work.min == "Never-worked" && work.max == "Private" && work.mean == nil)
    let none = try Sheet("SELECT 1 AS v, 'x' AS w WHERE false")
    let empty = try tableSummary(none.sql, schema: none.schema, in: none.database)
    #expect(empty.lines.map(\.count) == [0, 0] && empty.lines[1].min == nil)
    #expect(try JSONDecoder().decode(TableSummary.self, from: JSONEncoder().encode(summary)) == summary)
  }
}
