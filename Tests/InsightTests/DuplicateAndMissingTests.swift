import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

/// Equal rows and missing cells, against pandas and worked out by hand.
struct DuplicateAndMissingTests {
  private func duplicates(_ sheet: Sheet, by columns: [String]? = nil) throws -> DuplicateRows {
    try duplicateRows(by: columns, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  private func missing(_ sheet: Sheet) throws -> Missingness {
    try missingness(relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  struct CensusRecord: Decodable {
    struct Duplicates: Decodable {
      var keys: [String]
      var distinct, repeated, affected, top, surplus, whole: Int
    }
    var duplicates: Duplicates
    var rows, complete: Int
  }

  @Test func repeatedRowsAreThoseOfPandas() throws {
    let record = try RecordFile.read("census-quality.json", as: CensusRecord.self)
    let census = try Sheet.census()
    let found = try duplicates(census, by: record.duplicates.keys)
    #expect(found.rows == record.rows && found.distinct == record.duplicates.distinct)
    #expect(found.repeated == record.duplicates.repeated && found.affected == record.duplicates.affected)
    #expect(found.surplus == record.duplicates.surplus && found.top.first?.count == record.duplicates.top)
    #expect(!found.isWholeRow && found.top.count == 10)
    let whole = try duplicates(census)
    #expect(whole.surplus == record.duplicates.whole && whole.isWholeRow)
  }

  @Test func missingValuesAndNotANumbersEqualEachOther() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES (NULL, 'nan'::DOUBLE, [1]), (NULL, 'nan', [1]), ('a', 0, NULL), ('a', '-0', NULL), ('a', 1, [2]))
      t("a ""quoted"" 🙂", b, c)
      """)
    let found = try duplicates(sheet)
    #expect(found.distinct == 3 && found.repeated == 2 && found.affected == 4 && found.surplus == 2)
    #expect(found.share == 0.4)
    // As frequent: texts come before missing ones.
    #expect(found.top.map(\.values) == [["a", "0.0", nil], [nil, "nan", "[1]"]])
    #expect(found.lines.contains { $0.contains("🙂") })
    #expect(found.charts.count == 1)
  }

  @Test func aTableWithoutRowsHasNoDuplicates() throws {
    let empty = try duplicates(Sheet("SELECT 1 AS a WHERE FALSE"))
    #expect(empty.rows == 0 && empty.distinct == 0 && empty.share == 0 && empty.top.isEmpty && empty.charts.isEmpty)
    let single = try duplicates(Sheet("SELECT 1 AS a"))
    #expect(single.rows == 1 && single.distinct == 1 && single.surplus == 0)
    #expect(throws: InsightError.noSuchColumn("z")) { try duplicates(Sheet("SELECT 1 AS a"), by: ["z"]) }
  }

  struct MissingRecord: Decodable {
    struct Pattern: Decodable {
      var flags: [Int]
      var rows: Int
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        flags = try container.decode([Int].self)
        rows = try container.decode(Int.self)
      }
    }
    var flags: [[Int]]
    var correlations: [[Double]]
    var patterns: [Pattern]
  }

  @Test func whatIsMissingTogetherIsThatOfPandas() throws {
    let record = try RecordFile.read("missing-together.json", as: MissingRecord.self)
    let rows = record.flags.map { "(" + $0.map { $0 == 1 ? "NULL" : "1" }.joined(separator: ", ") + ")" }
    let sheet = try Sheet(
      "SELECT a::INTEGER AS a, b::INTEGER AS b, c::INTEGER AS c FROM (VALUES \(rows.joined(separator: ", "))) t(a, b, c)"
    )
    let found = try missing(sheet)
    #expect(found.correlated == ["a", "b", "c"])
    #expect(areClose(found.correlations.flatMap { $0 }, record.correlations.flatMap { $0 }, 1e-12))
    let names = ["a", "b", "c"]
    func described(_ absent: [String], _ rows: Int) -> String { "\(absent) \(rows)" }
    let theirs = record.patterns.map { pattern in
      described(zip(names, pattern.flags).filter { $0.1 == 1 }.map(\.0), pattern.rows)
    }
    #expect(Set(found.patterns.map { described($0.absent, $0.rows) }) == Set(theirs))
    #expect(found.patternCount == theirs.count && found.patterns.map(\.rows) == record.patterns.map(\.rows))
    #expect(found.charts.count == 2)
  }

  @Test func emptyBlankAndNotANumberAreToldApart() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES ('', 1.5::DOUBLE), (' \t', 'nan'), (chr(160) || chr(12288), NULL), (NULL, 'inf'), ('x ', 2), ('é', 3), ('!', 0))
      t(a, b)
      """)
    let found = try missing(sheet)
    #expect(found.columns[0].missing == 1 && found.columns[0].empty == 1 && found.columns[0].whitespace == 2)
    #expect(found.columns[1].missing == 1 && found.columns[1].notANumber == 1 && found.columns[1].absent == 2)
    #expect(found.rows == 7 && found.completeRows == 3)
    #expect(found.patterns.reduce(0) { $0 + $1.rows } == 7)
  }

  @Test func moreColumnsThanBitsHaveTheirPatterns() throws {
    let columns = (0..<150).map { "CASE WHEN (i + \($0)) % 3 = 0 THEN NULL ELSE i END AS c\($0)" }
    let found = try missing(Sheet("SELECT \(columns.joined(separator: ", ")) FROM range(90) r(i)"))
    #expect(found.patternCount == 3 && found.patterns.map(\.rows) == [30, 30, 30])
    #expect(found.patterns.allSatisfy { $0.absent.count == 50 })
    #expect(found.correlated.count == 60 && found.uncorrelated == 90)
  }

  @Test func tablesWithoutHolesOrRowsAreSaidToBeSo() throws {
    let full = try missing(Sheet("SELECT i AS a FROM range(5) r(i)"))
    #expect(full.completeRows == 5 && full.patterns == [.init(absent: [], rows: 5)] && full.correlated.isEmpty)
    let empty = try missing(Sheet("SELECT 1 AS a WHERE FALSE"))
    #expect(empty.rows == 0 && empty.patterns.isEmpty && empty.charts.isEmpty)
    let all = try missing(Sheet("SELECT NULL::INTEGER AS a, i AS b FROM range(4) r(i)"))
    #expect(all.columns[0].missing == 4 && all.completeRows == 0 && all.correlated.isEmpty)
  }
}
