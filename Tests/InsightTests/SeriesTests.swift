import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Insight

/// Decompositions against those of statsmodels, and anomalies against residuals of more than three deviations.
struct SeriesTests {
  struct Record: Decodable {
    struct Case: Decodable {
      var name: String
      var values: [Double]
      var period, seasonal: Int
      var trend, lowPass: Int?
      var isRobust: Bool
      var season, trendValues, residual, weights: [Double]
      var anomalies: [Int]
    }
    var cases: [Case]
  }

  private func sheet(_ values: [Double?]) throws -> Sheet {
    let list = values.map { $0.map { "\($0)" } ?? "NULL" }.joined(separator: ", ")
    return try Sheet(
      """
      SELECT DATE '2020-01-01' + CAST(i - 1 AS INTEGER) AS "the day", v AS "v 💧" FROM (
      SELECT unnest([\(list)]::DOUBLE[]) AS v, generate_subscripts([\(list)]::DOUBLE[], 1) AS i) ORDER BY hash(i)
      """)
  }

  private func decompose(_ sheet: Sheet, _ options: SeriesOptions) throws -> SeriesDecomposition {
    try seriesDecomposition(
      of: "v 💧", along: "the day", options: options, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test func seasonTrendAndResidualAreThoseOfStatsmodels() throws {
    let record = try RecordFile.read("seasonal-trend.json", as: Record.self)
    #expect(record.cases.count == 7)
    for item in record.cases {
      let options = SeasonalTrendOptions(
        period: item.period, seasonal: item.seasonal, trend: item.trend, lowPass: item.lowPass, isRobust: item.isRobust)
      let parts = SeasonalTrend(item.values, options: options) {}
      let found = try #require(parts)
      #expect(areClose(found.season, item.season, 1e-10), "season of \(item.name)")
      #expect(areClose(found.trend, item.trendValues, 1e-10), "trend of \(item.name)")
      #expect(areClose(found.residual, item.residual, 1e-10), "residual of \(item.name)")
      #expect(areClose(found.weights, item.weights, 1e-8), "weights of \(item.name)")
    }
  }

  @Test func anomaliesAreTheResidualsBeyondThreeDeviations() throws {
    let record = try RecordFile.read("seasonal-trend.json", as: Record.self)
    for item in record.cases {
      var options = SeriesOptions(
        period: item.period, seasonal: item.seasonal, trend: item.trend, lowPass: item.lowPass, isRobust: item.isRobust)
      let found = try decompose(sheet(item.values), options)
      #expect(found.anomalies.map(\.index) == item.anomalies, "anomalies of \(item.name)")
      #expect(found.rows == item.values.count && found.step == 86_400 && !found.isPeriodGuessed)
      options.deviations = 0
      // Of two periods every value is met.
      let all = item.name == "shortest" ? 0 : item.values.count
      #expect(try decompose(sheet(item.values), options).anomalies.count == all)
    }
  }

  @Test func thePeriodIsGuessedFromTheSeriesItself() throws {
    let record = try RecordFile.read("seasonal-trend.json", as: Record.self)
    for item in record.cases where ["monthly", "robust", "weekly robust"].contains(item.name) {
      let found = try decompose(sheet(item.values), SeriesOptions(isRobust: item.isRobust))
      #expect(found.settings.period == item.period && found.isPeriodGuessed)
      #expect(found.lines.contains { $0.contains("guessed") })
      #expect(found.charts.count == 5)
    }
    // Without a season there is no period to find.
    var random = RandomSource(seed: 3)
    let noise = (0..<200).map { _ in random.nextNormal() }
    #expect(throws: SeriesError.noPeriod(column: "v 💧")) { try decompose(sheet(noise), SeriesOptions()) }
  }

  @Test func gapsAreFilledAndRowsWithoutATimeAreLeftOut() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (SELECT TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS t, CASE WHEN i = 5 THEN NULL WHEN i = 9 THEN 'inf'::DOUBLE ELSE i % 4 END AS v
      FROM range(40) r(i) WHERE i <> 20 UNION ALL SELECT NULL, 3 UNION ALL SELECT TIMESTAMP '2024-01-01', 4) ORDER BY v
      """)
    let found = try seriesDecomposition(
      of: "v", along: "t", options: SeriesOptions(period: 4), relation: sheet.sql, schema: sheet.schema,
      in: sheet.database)
    #expect(found.rows == 41 && found.withoutTime == 1 && found.withoutValue == 2 && found.merged == 1)
    #expect(found.filled == 3 && found.times.count == 40 && found.step == 3600)
    #expect(found.observed[0] == 2 && found.observed[5] == (0 + 2) / 2.0 && found.observed[20] == (3 + 1) / 2.0)
  }

  @Test func whatCannotBeDecomposedIsSaid() throws {
    #expect(throws: SeriesError.tooShort(values: 5, period: 3)) {
      try decompose(sheet([1, 2, 3, 4, 5]), SeriesOptions(period: 3))
    }
    #expect(throws: SeriesError.tooShort(values: 0, period: 2)) {
      try decompose(sheet([nil, nil]), SeriesOptions(period: 2))
    }
    let texts = try Sheet("SELECT 1 AS t, 'x' AS v")
    #expect(throws: InsightError.self) {
      try seriesDecomposition(of: "v", along: "t", relation: texts.sql, schema: texts.schema, in: texts.database)
    }
    // A constant has no deviation, and so no anomaly.
    let flat = try decompose(sheet([Double?](repeating: 4, count: 30)), SeriesOptions(period: 5))
    #expect(flat.anomalies.isEmpty && flat.season.allSatisfy { abs($0) < 1e-12 })
  }
}
