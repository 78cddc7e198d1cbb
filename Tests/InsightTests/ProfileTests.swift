import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

@Suite struct ProfileTests {
  @Test func aSmallTableIsProfiledExactly() throws {
    let profile = try Sheet.census().profile()
    #expect(profile.rows == 5000 && profile.columns.count == 15)
    #expect(profile.columns.allSatisfy { $0.approximate.isEmpty })
    let age = try #require(profile["age"])
    #expect(age.kind == .integer && age.missing == 0 && age.distinct == 70)
    #expect(age.min == .integer(17) && age.max == .integer(90))
    #expect(isClose(age.mean, 38.6628) && isClose(age.stddev, 13.692691266468538))
    #expect(
      age.quantiles == [
        "0.05": .real(20), "0.25": .real(28), "0.5": .real(37), "0.75": .real(48), "0.95": .real(63),
      ])
    #expect(
      age.top.prefix(3) == [
        .init(value: .integer(23), count: 147), .init(value: .integer(38), count: 143),
        .init(value: .integer(33), count: 138),
      ])
    let weight = try #require(profile["fnlwgt"])
    #expect(weight.distinct == 4569 && isClose(weight.stddev, 104965.24737120277))
    #expect(isClose(weight.quantiles["0.05"]?.number, 41997.35))
    let workclass = try #require(profile["workclass"])
    #expect(workclass.missing == 282 && workclass.distinct == 8 && workclass.mean == nil)
    #expect(workclass.top.first == .init(value: .text("Private"), count: 3450))
    #expect(workclass.min == .text("Federal-gov") && workclass.quantiles.isEmpty)
  }

  @Test func aLargeTableIsExactWhereItCanBeAndSaysWhereNot() throws {
    let sheet = try Sheet.census()
    let exact = try sheet.profile()
    let large = try sheet.largeProfile()
    #expect(large.rows == 5000)
    for (column, reference) in zip(large.columns, exact.columns) {
      #expect(column.missing == reference.missing && column.min == reference.min && column.max == reference.max)
      #expect(isClose(column.mean ?? 0, reference.mean ?? 0) && isClose(column.stddev ?? 0, reference.stddev ?? 0))
      if !column.approximate.contains(.distinct) { #expect(column.distinct == reference.distinct, "\(column.name)") }
      if !column.approximate.contains(.quantiles) { #expect(column.quantiles == reference.quantiles, "\(column.name)") }
      if !column.approximate.contains(.top) && !column.top.isEmpty { #expect(column.top == reference.top) }
    }
    // `sex` shows all its values in the head; `native_country` and `workclass` have rare ones that it does not show.
    #expect(large["sex"]?.approximate == [] && large["native_country"]?.distinct == 41)
    #expect(large["native_country"]?.approximate == [] && large["workclass"]?.distinct == 8)
    #expect(large["fnlwgt"]?.approximate == [.distinct, .quantiles])
    #expect(isClose(large["fnlwgt"]?.quantiles["0.5"]?.number, 178_825, 0.02))
  }

  @Test func wholeNumbersAndDatesBesideThoseOfTheHeadAreCountedInOnePass() throws {
    // 37, between values of the head, and 42, above them, come only at the end.
    let values = "CASE i WHEN 199998 THEN 37 WHEN 199999 THEN 42 ELSE i % 20 * 2 END"
    let sheet = try Sheet(
      "SELECT \(values) AS number, DATE '2024-02-20' + CAST(\(values) AS INTEGER) AS day FROM range(200000) t(i)")
    let profile = try sheet.largeProfile(headRows: 1500)
    #expect(profile["number"]?.approximate == [] && profile["number"]?.distinct == 22)
    #expect(profile["number"]?.max == .integer(42))
    #expect(profile["day"]?.approximate == [] && profile["day"]?.distinct == 22)
    #expect(profile["day"]?.quantiles["0.5"] == .text("2024-03-09"))
  }

  @Test func valuesThatTheHeadDoesNotShowAreFound() throws {
    // Sorted, so that the first rows all hold the same value; 150,000 rows lie outside it.
    let sheet = try Sheet("SELECT i // 50000 * 1000 AS block, 'x' || (i // 50000) AS name FROM range(200000) t(i)")
    let profile = try sheet.largeProfile(headRows: 1500)
    #expect(profile["block"]?.distinct == 4 && profile["block"]?.max == .integer(3000))
    #expect(profile["block"]?.approximate == [.distinct, .quantiles, .top])
    let rare = try Sheet("SELECT CASE WHEN i % 1000 = 999 THEN i % 7 ELSE 100 END AS v FROM range(200000) t(i)")
    let counted = try rare.largeProfile(headRows: 900)
    #expect(counted["v"]?.distinct == 8 && counted["v"]?.top.first?.count == 199_800)
    #expect(counted["v"]?.approximate == [.quantiles])
  }

  @Test func quantilesOfAQuarterOfTheRowsAreNearTheTruth() throws {
    let profile = try Sheet("SELECT hash(i) % 1000000 AS v FROM range(400000) t(i)").profile()
    let v = try #require(profile["v"])
    #expect(v.approximate.contains(.quantiles))
    #expect(isClose(v.quantiles["0.25"]?.number, 250_000, 0.02) && isClose(v.quantiles["0.95"]?.number, 950_000, 0.02))
  }

  @Test func estimatesAreNearTheTruth() throws {
    let sheet = try Sheet("SELECT hash(i) % 50000 AS v, i / 7 AS r FROM range(300000) t(i)")
    let profile = try sheet.largeProfile()
    let v = try #require(profile["v"])
    #expect(abs(Double(v.distinct) - 49876) < 15_000 && v.approximate.contains(.distinct))
    #expect(isClose(v.quantiles["0.25"]?.number, 12_500, 0.05))
    #expect(try #require(profile["r"]).distinct <= 300_000)
  }

  @Test func notANumberAndInfinityAreCountedApart() throws {
    let profile = try Sheet(
      "SELECT * FROM (VALUES (1.0::DOUBLE), (3.0), ('nan'::DOUBLE), ('inf'::DOUBLE), ('-inf'::DOUBLE), (NULL)) t(v)"
    ).profile()
    let v = try #require(profile["v"])
    #expect(v.missing == 1 && v.notANumber == 1 && v.infinite == 2 && v.distinct == 2)
    #expect(v.min == .real(1) && v.max == .real(3) && v.mean == 2 && isClose(v.stddev, 2.0.squareRoot()))
    #expect(v.quantiles["0.5"] == .real(2))
  }

  @Test func hugeValuesDoNotOverflow() throws {
    let profile = try Sheet("SELECT * FROM (VALUES (1e308::DOUBLE), (-1e308), (1e308), (5)) t(v)").profile()
    let v = try #require(profile["v"])
    // Mean 0.25e308; deviations 0.75, -1.25, 0.75, -0.25 (e308): sum of squares 2.75, over 3.
    #expect(isClose(v.mean.map { $0 / 1e308 }, 0.25) && isClose(v.stddev.map { $0 / 1e308 }, (2.75 / 3).squareRoot()))
    #expect(v.max == .real(1e308) && v.distinct == 3)
    let whole = try Sheet("SELECT * FROM (VALUES (9223372036854775807), (-9223372036854775807)) t(v)").profile()
    #expect(whole["v"]?.mean == 0 && isClose(whole["v"]?.stddev, 1.3043817825332783e19))
  }

  @Test func everyTypeOfTheDatabaseIsProfiled() throws {
    for large in [false, true] {
      let all = try Sheet("SELECT t.* FROM test_all_types() t, range(\(large ? 600 : 1))")
      let profile = large ? try all.largeProfile() : try all.profile()
      #expect(profile.columns.count == all.schema.count)
      for column in profile.columns {
        #expect(column.missing == profile.rows / 3, "\(column.name)")
        #expect(
          column.distinct == 2 || column.distinct == 1 || !column.approximate.isEmpty
            || column.infinite + column.notANumber > 0, "\(column.name)")
      }
    }
  }

  @Test func timesAreShownAsText() throws {
    let profile = try Sheet(
      "SELECT DATE '2024-01-01' + i::INT AS day, TIMESTAMP '2024-01-01' + to_hours(i) AS at FROM range(5) t(i)"
    ).profile()
    let day = try #require(profile["day"])
    #expect(day.min == .text("2024-01-01") && day.max == .text("2024-01-05") && day.mean == nil)
    #expect(day.quantiles["0.5"] == .text("2024-01-03"))
    #expect(profile["at"]?.max == .text("2024-01-01 04:00:00"))
  }

  @Test func emptyAndMissingColumnsHaveNoFigures() throws {
    let none = try Sheet("SELECT 1 AS a, 'x' AS b WHERE false").profile()
    #expect(none.rows == 0 && none["a"]?.distinct == 0 && none["a"]?.min == nil && none["b"]?.top == [])
    let gone = try Sheet("SELECT NULL::DOUBLE AS v, NULL::VARCHAR AS t FROM range(3000)")
    for profile in [try gone.profile(), try gone.largeProfile()] {
      #expect(profile["v"]?.missing == 3000 && profile["v"]?.mean == nil && profile["v"]?.quantiles == [:])
      #expect(profile["t"]?.distinct == 0 && profile["t"]?.approximate == [])
    }
    let one = try Sheet("SELECT 5 AS v").profile()
    #expect(one["v"]?.stddev == nil && one["v"]?.mean == 5)
  }

  @Test func namesAndValuesWithQuotesAreKept() throws {
    let sheet = try Sheet("SELECT 'it''s \"x\", [1], ' || (i % 2) AS \"a \"\"b\"\" 😀\" FROM range(3000) t(i)")
    for profile in [try sheet.profile(), try sheet.largeProfile()] {
      #expect(profile.columns[0].top.map(\.value) == [.text("it's \"x\", [1], 0"), .text("it's \"x\", [1], 1")])
    }
  }

  @Test func longTextsAreCut() throws {
    let profile = try Sheet("SELECT repeat('x', 10000000) AS v").profile()
    #expect(profile["v"]?.max?.text?.count == 200 && profile["v"]?.top.first?.value.text?.count == 200)
  }

  @Test func thousandsOfColumnsAreProfiled() throws {
    let columns = (0..<5000).map { "i + \($0) AS c\($0)" }.joined(separator: ", ")
    let profile = try Sheet("SELECT \(columns) FROM range(10) t(i)").profile()
    #expect(profile.columns.count == 5000 && profile["c4999"]?.max == .integer(5008))
    #expect(profile.columns.allSatisfy { $0.distinct == 10 })
  }

  @Test func aWideTableHasTheFiguresOfANarrowOne() throws {
    let census = try Sheet.census()
    let extra = (0..<100).map { "NULL AS e\($0)" }.joined(separator: ", ")
    let odd =
      "DATE '2020-01-01' + age::INT AS d, CASE WHEN age = 20 THEN 'nan' ELSE age / 7 END::DOUBLE AS r, age > 30 AS b"
    let narrow = try Sheet("SELECT *, \(odd) FROM (\(census.sql))")
    let wide = try Sheet("SELECT *, \(odd), \(extra) FROM (\(census.sql))")
    let (left, right) = (try narrow.profile(), try wide.profile())
    for (a, b) in zip(left.columns, right.columns) {
      // Interpolation may differ in the last digit.
      #expect(a.quantiles.allSatisfy { isClose(b.quantiles[$0.key]?.number ?? 0, $0.value.number ?? 0) }, "\(a.name)")
      var same = b
      same.quantiles = a.quantiles
      #expect(a == same)
    }
  }

  @Test func theJSONHasTheKeysOfTheFormat() throws {
    let profile = try Sheet("SELECT * FROM (VALUES (1.5::DOUBLE, 'a', TRUE), (21.5, NULL, FALSE)) t(x, t, b)").profile()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(profile), as: UTF8.self)
    #expect(
      text == """
        {"columns":[{"distinct":2,"kind":"real","max":21.5,"mean":11.5,"min":1.5,"missing":0,"name":"x",\
        "quantiles":{"0.05":2.5,"0.25":6.5,"0.5":11.5,"0.75":16.5,"0.95":20.5},"stddev":14.142135623730951,\
        "top":[{"count":1,"value":1.5},{"count":1,"value":21.5}],"type":"DOUBLE"},\
        {"distinct":1,"kind":"text","max":"a","mean":null,"min":"a","missing":1,"name":"t","quantiles":{},"stddev":null,\
        "top":[{"count":1,"value":"a"}],"type":"VARCHAR"},\
        {"distinct":2,"kind":"boolean","max":true,"mean":0.5,"min":false,"missing":0,"name":"b","quantiles":{},\
        "stddev":0.7071067811865476,"top":[{"count":1,"value":false},{"count":1,"value":true}],"type":"BOOLEAN"}],"rows":2}
        """)
    #expect(try JSONDecoder().decode(TableProfile.self, from: Data(text.utf8)) == profile)
    let census = try Sheet.census().profile()
    #expect(try JSONDecoder().decode(TableProfile.self, from: JSONEncoder().encode(census)) == census)
  }

  @Test func noTableIsLeftBehind() throws {
    let sheet = try Sheet.census()
    _ = try sheet.profile()
    _ = try sheet.largeProfile()
    #expect(try sheet.database.query("SELECT count(*) FROM duckdb_tables()").text(0, 0) == "0")
  }

  @Test func aCancelledProfileStops() throws {
    struct Cancelled: JobContext {
      func checkCancelled() throws { throw JobCancelled() }
      func report(_ fraction: Double?, _ note: String) {}
      func emit(_ partial: any Sendable) {}
      func onCancel(_ action: @escaping @Sendable () -> Void) { action() }
    }
    let sheet = try Sheet.census()
    #expect(throws: JobCancelled.self) {
      try Insight.profile(sheet.sql, schema: sheet.schema, in: sheet.database, context: Cancelled())
    }
  }
}
