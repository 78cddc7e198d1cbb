import Foundation
import Frame
import Testing

@testable import Insight

/// Drift against scipy, and known cases.
struct DriftTests {
  private func compare(_ before: String, _ after: String) throws -> Drift {
    let database = try Database()
    return try drift(
      from: before, database.describe(before), to: after, database.describe(after), in: database)
  }

  @Test func theFiguresAreThoseOfScipy() throws {
    let record = try RelationRecord.read().drift
    let before = try RelationRecord.sheet(where: "fnlwgt % 3 <> 0")
    let after = try RelationRecord.sheet(where: "fnlwgt % 3 = 0 AND age > 45 AND coalesce(workclass, '') <> 'Private'")
    let found = try drift(
      from: before.sql, before.schema, to: after.sql, after.schema, columns: Array(record.keys), in: before.database)
    #expect(found.columns.count == record.count)
    for column in found.columns {
      let peer = try #require(record[column.column])
      #expect([column.baselineRows, column.currentRows] == peer.rows, "\(column.column)")
      #expect(isClose(column.psi, peer.psi, 1e-9), "\(column.column)")
      #expect(isClose(column.divergence, peer.js, 1e-9), "\(column.column)")
      if let statistic = peer.ks, let probability = peer.p, let chance = peer.chance {
        #expect(isClose(column.distance?.statistic, statistic, 1e-12), "\(column.column)")
        #expect(column.distance?.isExact == true)
        #expect(abs((column.distance?.probability ?? 0) / probability - 1) < 1e-9, "\(column.column)")
        #expect(isClose(column.baselineMean, peer.means?[0] ?? 0, 1e-9))
        #expect(isClose(column.currentMean, peer.means?[1] ?? 0, 1e-9))
        #expect(column.parts.count == peer.parts)
        // Wilson and Hilferty's quantile is an approximation.
        #expect(abs((column.psiByChance ?? 0) / chance - 1) < 0.02)
      } else {
        #expect(column.new.top.map(\.value).sorted() == peer.new)
        #expect(column.vanished.count == peer.vanished?.count)
      }
    }
    #expect(found.columns.first { $0.column == "age" }?.verdict == .drifted)
    #expect(found.columns.first { $0.column == "fnlwgt" }?.verdict == .shifted)
    #expect(found.columns.first { $0.column == "sex" }?.verdict == .stable)
  }

  @Test func aColumnIsShownByTheSharesOfItsParts() throws {
    let found = try compare("SELECT i AS n FROM range(101) r(i)", "SELECT i + 50 AS n FROM range(101) r(i)")
    #expect(found.columns[0].parts.map(\.label).prefix(2) == ["(-∞, 10]", "(10, 20]"])
    #expect(found.columns[0].parts.last?.label == "(90, ∞)")
    guard case .heatmap(let map) = found.columns[0].chart else {
      Issue.record("not a map")
      return
    }
    #expect(map.values.count == 10 && map.values[0][1] == 0)
    #expect(isClose(map.values.reduce(0) { $0 + ($1[0] ?? 0) }, 100) && map.columns == ["baseline", "current"])
    #expect(found.lines.prefix(while: { !$0.hasPrefix("column") }).allSatisfy { $0.count <= 80 })
  }

  @Test func aTableAgainstItselfIsStable() throws {
    let sheet = try Sheet.census()
    let found = try drift(from: sheet.sql, sheet.schema, to: sheet.sql, sheet.schema, in: sheet.database)
    #expect(found.columns.allSatisfy { $0.verdict == .stable && $0.psi == 0 && $0.divergence == 0 })
    #expect(found.columns.allSatisfy { $0.distance?.statistic ?? 0 == 0 && $0.missingChange == 0 })
    #expect(found.baselineRows == 5000 && found.currentRows == 5000)
  }

  @Test func newAndVanishedCategoriesAndMissingValuesAreSaid() throws {
    let found = try compare(
      "SELECT CASE WHEN i % 4 < 3 THEN 'v' || i % 3 END AS a, i AS n FROM range(1000) r(i)",
      "SELECT 'v' || (i % 3 + 1) AS a, CASE WHEN i % 2 = 0 THEN i END AS n FROM range(1000) r(i)")
    let texts = found.columns[0]
    #expect(texts.new.count == 1 && texts.new.top == [.init(value: "v3", rows: 333)])
    #expect(texts.vanished.top.map(\.value) == ["v0"] && texts.verdict == .drifted)
    #expect(isClose(texts.missingChange, -0.25))
    #expect(texts.reasons.contains("1 new category") && texts.reasons.contains("25.0 points fewer missing"))
    #expect(found.columns[1].verdict == .drifted && (found.columns[1].psi ?? 1) < 0.01)
    #expect(found.lines.contains { $0.hasPrefix("a ") && $0.contains("drifted") })
    #expect(found.charts.count == 3)
    #expect(try JSONDecoder().decode(Drift.self, from: JSONEncoder().encode(found)) == found)
  }

  @Test func fewRowsOfOneDistributionAreNoDrift() throws {
    let found = try compare(
      "SELECT hash(i) % 1000 AS n FROM range(30) r(i)", "SELECT hash(i + 30) % 1000 AS n FROM range(30) r(i)")
    #expect((found.columns[0].psi ?? 0) > 0.1)
    #expect(found.columns[0].verdict == .stable)
  }

  @Test func whatCannotBeComparedIsLeftOut() throws {
    let found = try compare(
      """
      SELECT i AS n, 'id ' || i AS id, [i] AS list, i AS kind, 1 AS gone, DATE '2024-01-01' + i::INT AS day,
      TIME '10:00' AS clock, i % 2 = 0 AS flag FROM range(100) r(i)
      """,
      """
      SELECT i AS n, 'new ' || i AS id, [i] AS list, 'x' AS kind, 1 AS fresh, TIMESTAMP '2025-01-01' + to_days(i::INT) AS day,
      TIME '11:00' AS clock, i % 2 = 0 AS flag FROM range(100) r(i)
      """)
    #expect(found.columns.map(\.column) == ["n", "day", "clock", "flag"])
    #expect(Set(found.leftOut.map(\.column)) == ["id", "list", "kind", "gone", "fresh"])
    #expect(found.columns[1].distance?.statistic == 1 && found.columns[1].verdict == .drifted)
    #expect(found.columns[2].parts.count == 1)
    #expect(throws: InsightError.nothingInCommon) { try compare("SELECT 1 AS a", "SELECT 1 AS b") }
  }

  @Test func emptyOneRowedAndBadColumnsHaveNoFalseFigures() throws {
    let empty = try compare("SELECT 1 AS n, 'x' AS t WHERE false", "SELECT 1 AS n, 'x' AS t")
    #expect(empty.columns.allSatisfy { $0.verdict == .none && $0.psi == nil && $0.missingChange == nil })
    #expect(empty.columns.allSatisfy { $0.new.count == 0 })
    let vanished = try compare("SELECT 1 AS n, 'x' AS t", "SELECT 1 AS n, 'x' AS t WHERE false")
    #expect(vanished.columns.allSatisfy { $0.verdict == .none && $0.psi == nil })
    let bad = try compare(
      "SELECT unnest(['nan'::DOUBLE, 'inf', '-inf', 1, 2]) AS n", "SELECT NULL::DOUBLE AS n FROM range(5)")
    #expect(bad.columns[0].baselineMissing == 3 && bad.columns[0].currentMissing == 5 && bad.columns[0].psi == nil)
    #expect(bad.columns[0].verdict == .drifted)
    let constant = try compare("SELECT 7 AS n FROM range(50)", "SELECT 9 AS n FROM range(50)")
    // One part holds all rows of both; the distribution functions tell them apart.
    #expect(constant.columns[0].psi == 0 && constant.columns[0].distance?.statistic == 1)
    for drift in [empty, vanished, bad, constant] { #expect(drift.lines.count > 4 && drift.markdown.count > 50) }
  }

  @Test func namesOfAnyTextAreTaken() throws {
    let name = "\"it's \"\"a\"\" 🦀\n|\""
    let found = try compare("SELECT 'o''x' AS \(name) FROM range(3)", "SELECT '💥' AS \(name) FROM range(3)")
    #expect(found.columns[0].new.top == [.init(value: "💥", rows: 3)] && found.columns[0].divergence == 1)
  }

  // MARK: - Comparison

  private func tables(_ before: String, _ after: String) throws -> TableComparison {
    let database = try Database()
    return try comparison(
      of: before, database.describe(before), with: after, database.describe(after), in: database)
  }

  @Test func schemasRowsAndDistributionsAreCompared() throws {
    let found = try tables(
      "SELECT i AS a, 'x' || i % 3 AS b, i::INTEGER AS c, 1 AS gone FROM range(10) r(i)",
      "SELECT i AS a, i::DOUBLE AS c, 'x' || i % 3 AS b, true AS fresh FROM range(2, 12) r(i)")
    #expect(
      found.changes == [
        .init(column: "c", kind: .retyped, before: "INTEGER", after: "DOUBLE"),
        .init(column: "c", kind: .moved, before: "3", after: "2"),
        .init(column: "gone", kind: .removed, before: "INTEGER"),
        .init(column: "fresh", kind: .added, after: "BOOLEAN"),
      ]
        || found.changes.contains(.init(column: "b", kind: .moved, before: "2", after: "3")))
    #expect(found.rows == .init(columns: 2, both: 8, beforeOnly: 2, afterOnly: 2))
    #expect(found.drift?.columns.map(\.column) == ["a", "b", "c"])
    #expect(!found.isSame && found.lines.count > 10)
    #expect(try JSONDecoder().decode(TableComparison.self, from: JSONEncoder().encode(found)) == found)
  }

  @Test func theSameTableIsTheSame() throws {
    let sql = "SELECT unnest([1, 1, 2, NULL]) AS a, 'x' AS b"
    let found = try tables(sql, sql)
    #expect(found.isSame && found.rows == .init(columns: 2, both: 4, beforeOnly: 0, afterOnly: 0))
    // A row that is there twice, and once only, differs once.
    let twice = try tables("SELECT unnest([1, 1, 2]) AS a", "SELECT unnest([1, 2]) AS a")
    #expect(twice.rows == .init(columns: 1, both: 2, beforeOnly: 1, afterOnly: 0))
  }

  @Test func tablesWithNothingInCommonAreStillCompared() throws {
    let found = try tables("SELECT 1 AS a", "SELECT 'x' AS b")
    #expect(found.rows == nil && found.drift == nil && found.changes.count == 2 && !found.isSame)
    #expect(found.lines.contains("No column can be compared."))
    let empty = try tables("SELECT 1 AS a WHERE false", "SELECT 1 AS a WHERE false")
    #expect(empty.isSame && empty.rows?.both == 0)
  }
}
