import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Insight

/// Outliers against pandas, and isolation scores against scikit-learn.
struct OutlierTests {
  struct CensusRecord: Decodable {
    struct Figures: Decodable {
      var missing, distinct: Int
      var count, low, high, iqrOutliers, zOutliers, zeros: Int?
      var mean, sd, skew, kurtosis, robustDeviation: Double?
      var quantiles: [Double]?
      var shape: [Int]?
    }
    var columns: [String: Figures]
  }

  private func outliers(_ sheet: Sheet, _ rule: OutlierRule = OutlierRule(), of columns: [String]? = nil) throws
    -> ColumnOutliers
  {
    try columnOutliers(rule, of: columns, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test func theOutliersOfAllRulesAreThoseOfPandas() throws {
    let record = try RecordFile.read("census-quality.json", as: CensusRecord.self)
    let census = try Sheet.census()
    let robust = try outliers(census)
    let quartiles = try outliers(census, OutlierRule(.quartileRange))
    let deviations = try outliers(census, OutlierRule(.standardDeviation))
    #expect(robust.lines.count == 6 && robust.leftOut.count == 9)
    for (index, line) in robust.lines.enumerated() {
      let theirs = try #require(record.columns[line.column])
      #expect(line.used == theirs.count && line.missing == theirs.missing)
      if (theirs.robustDeviation ?? 0) > 0 {
        #expect(line.below == theirs.low && line.above == theirs.high, "\(line.column)")
      } else {
        // A deviation of zero bounds nothing.
        #expect(line.low == nil && line.outliers == 0)
      }
      let isSpread = theirs.quantiles.map { $0[3] > $0[1] } ?? false
      #expect(quartiles.lines[index].outliers == (isSpread ? theirs.iqrOutliers : 0), "\(line.column)")
      #expect(deviations.lines[index].outliers == theirs.zOutliers, "\(line.column)")
    }
  }

  @Test func theConditionFindsTheOutliers() throws {
    let census = try Sheet.census()
    for line in try outliers(census, OutlierRule(.quartileRange)).lines {
      guard let condition = line.condition else { continue }
      let count = try census.database.query("SELECT count(*) FROM (\(census.sql)) WHERE \(condition)")
      #expect(count.value(0, 0) == .integer(Int64(line.outliers)))
      #expect(line.extremes.isEmpty == (line.outliers == 0))
    }
  }

  @Test func momentsAndQuantilesAreThoseOfScipy() throws {
    let record = try RecordFile.read("census-quality.json", as: CensusRecord.self)
    let census = try Sheet.census()
    let survey = DistributionSurvey(database: census.database, context: SilentContext())
    for column in census.schema where column.kind.isNumeric {
      let theirs = try #require(record.columns[column.name])
      let found = try survey.measure(
        ["CAST(\(SQL.identifier(column.name)) AS DOUBLE)"], in: SQL.subquery(census.sql), rows: 5000)[0]
      #expect(isClose(found.mean, theirs.mean ?? .nan, 1e-11) && isClose(found.sd, theirs.sd ?? .nan, 1e-11))
      #expect(isClose(found.skew, theirs.skew ?? .nan, 1e-9) && isClose(found.kurtosis, theirs.kurtosis ?? .nan, 1e-9))
      #expect(isClose(found.robustDeviation, theirs.robustDeviation ?? .nan, 1e-9))
      let quantiles = ["0.05", "0.25", "0.5", "0.75", "0.95"].compactMap { found.quantiles[$0] }
      #expect(areClose(quantiles, theirs.quantiles ?? [], 1e-12))
      #expect(found.shape == theirs.shape && found.zeros == theirs.zeros && found.integers == found.count)
    }
  }

  @Test func hugeInfiniteAndFewValuesAreMeasured() throws {
    let sheet = try Sheet("SELECT unnest(['inf'::DOUBLE, 'nan', NULL, 1.7e308, -1.7e308, 0]) AS v")
    let survey = DistributionSurvey(database: sheet.database, context: SilentContext())
    let huge = try survey.measure(["v"], in: SQL.subquery(sheet.sql), rows: 6)[0]
    #expect(huge.count == 3 && huge.infinite == 1 && huge.notANumber == 1)
    #expect(huge.mean == 0 && huge.sd?.isFinite != false && isClose(huge.kurtosis, 1.5, 1e-12) && isClose(huge.skew, 0))
    func measure(_ sql: String) throws -> DistributionFigures {
      try survey.measure(["v"], in: "(\(sql))", rows: 10)[0]
    }
    let none = try measure("SELECT NULL::DOUBLE AS v")
    #expect(none.count == 0 && none.min == nil && none.mean == nil && none.shape.isEmpty)
    let one = try measure("SELECT 3.5::DOUBLE AS v")
    #expect(one.mean == 3.5 && one.sd == nil && one.skew == nil && one.shape == [1])
    let flat = try measure("SELECT 0.1::DOUBLE AS v FROM range(10)")
    #expect(flat.sd == 0 && flat.mean == 0.1 && flat.robustBounds == nil && flat.outliers == 0)
    let far = try measure("SELECT 1e9 + i % 2 AS v FROM range(1000) r(i)")
    #expect(isClose(far.sd, 0.5 * (1000 / 999.0).squareRoot(), 1e-9) && isClose(far.kurtosis, 1, 1e-6))
  }

  @Test func outliersOfTextsAreRefused() throws {
    let sheet = try Sheet("SELECT 'x' AS v, 1 AS w")
    #expect(throws: InsightError.self) { try outliers(sheet, of: ["v"]) }
    #expect(try outliers(sheet).leftOut.map(\.column) == ["v"])
    let empty = try outliers(Sheet("SELECT 1 AS v WHERE FALSE"))
    #expect(empty.rows == 0 && empty.lines[0].low == nil && !empty.markdown.isEmpty)
  }

  // MARK: - Isolation forest

  struct ForestRecord: Decodable {
    var rows: [[Double]]
    var scores: [Double]
    var negative: Int
  }

  private func forestSheet(_ record: ForestRecord) throws -> Sheet {
    let rows = record.rows.map { "(" + $0.map { "\($0)" }.joined(separator: ", ") + ")" }
    return try Sheet(
      "SELECT a::DOUBLE AS a, b::DOUBLE AS b, c::DOUBLE AS c, d::DOUBLE AS d FROM (VALUES \(rows.joined(separator: ", "))) t(a, b, c, d)"
    )
  }

  private func scores(_ sheet: Sheet, _ options: IsolationOptions = IsolationOptions()) throws -> (
    AnomalousRows, [Double]
  ) {
    let scorer = IsolationScorer(
      columns: sheet.schema, schema: sheet.schema, options: options, source: SQL.subquery(sheet.sql),
      database: sheet.database, context: SilentContext())
    var byRow: [Int: Double] = [:]
    let found = try scorer.run { rows, scores in
      for (row, score) in zip(rows, scores) { byRow[row] = score }
    }
    return (found, byRow.sorted { $0.key < $1.key }.map(\.value))
  }

  @Test func scoresRankRowsAsScikitLearnDoes() throws {
    let record = try RecordFile.read("isolation-forest.json", as: ForestRecord.self)
    let (found, scores) = try scores(forestSheet(record))
    #expect(scores.count == 800 && found.rows == 800 && found.used.count == 4)
    let agreement = Statistics.correlation(Statistics.ranks(scores), Statistics.ranks(record.scores))
    // Two forests of scikit-learn with other seeds agree by 0.978.
    #expect(agreement > 0.95)
    let differences = zip(scores, record.scores).map { abs($0 - $1) }
    #expect(differences.reduce(0, +) / 800 < 0.02)
    #expect(abs(found.anomalous - record.negative) < 40)
    #expect(found.anomalous == scores.filter { $0 < 0 }.count && found.shape.reduce(0, +) == 800)
  }

  @Test func aRowFarOutIsTheMostAnomalousAndTheSeedDecides() throws {
    let sheet = try Sheet(
      """
      SELECT i AS id, hash(i) % 1000 / 1000.0 AS x, hash(i + 7) % 1000 / 1000.0 AS y, CASE WHEN i = 333 THEN 'odd' ELSE 'k' || i % 3 END AS k
      FROM (SELECT i FROM range(1000) r(i) WHERE i <> 5 UNION ALL SELECT 5) ORDER BY i
      """.replacing("hash(i) % 1000 / 1000.0", with: "CASE WHEN i = 333 THEN 9 ELSE hash(i) % 1000 / 1000.0 END"))
    let (first, scores) = try scores(sheet)
    #expect(first.top.first?.row == 333 && first.top.first?.values[0] == "333")
    #expect(first.top.map(\.score) == first.top.map(\.score).sorted() && first.top.count == 20)
    #expect(first.lowestScore == scores.min() && scores.allSatisfy { (-0.5...0.5).contains($0) })
    let again = try self.scores(sheet)
    #expect(again.0 == first && again.1 == scores)
    #expect(try self.scores(sheet, IsolationOptions(seed: 1)).1 != scores)
  }

  @Test func missingInfiniteAndUselessColumnsAreTakenCareOf() throws {
    let sheet = try Sheet(
      """
      SELECT CASE WHEN i % 5 = 0 THEN NULL WHEN i = 7 THEN 'inf'::DOUBLE WHEN i = 8 THEN 'nan' ELSE i END AS x, NULL::DOUBLE AS n,
      3 AS c, [i] AS l, 'text ' || i AS t, i % 2 = 0 AS b, DATE '2024-01-01' + CAST(i AS INTEGER) AS d FROM range(3000) r(i)
      """)
    let (found, scores) = try scores(sheet)
    #expect(found.used == ["x", "b", "d"] && scores.allSatisfy(\.isFinite) && scores.count == 3000)
    #expect(Set(found.leftOut.map(\.column)) == ["n", "c", "l", "t"])
    #expect(try self.scores(Sheet("SELECT 1 AS x")).0.top.isEmpty)
    #expect(try self.scores(Sheet("SELECT 1 AS x WHERE FALSE")).0.rows == 0)
    let two = try self.scores(Sheet("SELECT unnest([1, 2]) AS x"))
    #expect(two.1.count == 2 && two.1[0] == two.1[1])
  }
}
