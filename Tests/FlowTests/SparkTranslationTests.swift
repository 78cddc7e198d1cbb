import Frame
import Testing

@testable import Flow

struct SparkTranslationTests {
  private let people: Schema = [
    Column(name: "age", type: "BIGINT"), Column(name: "gain", type: "DOUBLE"), Column(name: "na`me", type: "VARCHAR"),
    Column(name: "born", type: "DATE"),
  ]

  private func said(_ sql: String) throws -> String {
    try SparkStatement(tables: ["s1": people]).translate(sql)
  }

  private func refusal(_ sql: String) -> String {
    let error = #expect(throws: Untranslatable.self) { try said(sql) }
    return error.map { "\($0)" } ?? ""
  }

  @Test func starsAreWrittenOutAndNamesQuotedAnew() throws {
    #expect(
      try said(#"SELECT * EXCLUDE ("gain") REPLACE (upper("na`me") AS "na`me"), 1 AS "x ""y""" FROM "s1""#)
        == #"SELECT `age` AS `age`, upper(`na``me`) AS `na``me`, `born` AS `born`, 1 AS `x "y"` FROM `s1`"#)
  }

  @Test func textsKeepTheirQuotesAndBackslashes() throws {
    #expect(try said(#"SELECT 'it''s \d' AS "t" FROM "s1""#) == #"SELECT 'it\'s \\d' AS `t` FROM `s1`"#)
  }

  @Test func theOrderOfRowsIsForgottenWhereItOnlyRestoresThem() throws {
    let sql = #"SELECT * EXCLUDE ("__row") FROM (SELECT *, row_number() OVER () AS "__row" FROM "s1") ORDER BY "__row""#
    #expect(try said(sql).contains("ORDER BY") == false)
    let ties =
      #"SELECT rank() OVER (ORDER BY "age", "__row") AS "r" FROM (SELECT *, row_number() OVER () AS "__row" FROM "s1")"#
    #expect(try said(ties).contains("OVER (ORDER BY `age` NULLS LAST)"))
  }

  @Test func whatNeedsTheOrderOfRowsIsRefused() {
    let numbered = #"(SELECT *, row_number() OVER () AS "__row" FROM "s1")"#
    for sql in [
      #"SELECT lag("age") OVER (ORDER BY "__row") AS "l" FROM \#(numbered)"#,
      #"SELECT "__row" + 1 AS "n" FROM \#(numbered)"#, #"SELECT lag("age") OVER () AS "l" FROM "s1""#,
      #"SELECT * FROM "s1" LIMIT 3"#,
    ] {
      #expect(refusal(sql) == "rows have no order there", "\(sql)")
    }
  }

  @Test func whatTheClusterLacksIsNamed() {
    #expect(refusal(#"SELECT hash("age") AS "h" FROM "s1""#) == "it has no hash")
    #expect(refusal(#"SELECT CAST("gain" AS VARCHAR) AS "t" FROM "s1""#) == "numbers are written in another way there")
    #expect(refusal(#"SELECT regexp_replace("na`me", 'a', 'b') AS "t" FROM "s1""#).contains("the first alone"))
  }

  @Test func patternsAreThoseOfJava() throws {
    #expect(try JavaPattern.of(#"^a\s[\s&]+$"#) == #"^a[\t\n\f\r ][\t\n\f\r \&]+\z"#)
    #expect(try JavaPattern.of("a.b[.]") == #"a[^\n]b[.]"#)
    #expect(try JavaPattern.of(#"(?i)ab(?:c)\p{Greek}\p{L}"#) == #"(?iu)ab(?:c)\p{IsGreek}\p{L}"#)
    #expect(try JavaPattern.replacement(#"\1-\2"#) == "$1-$2")
    #expect(throws: Untranslatable.self) { try JavaPattern.replacement("$1") }
    #expect(throws: Untranslatable.self) { try JavaPattern.of("[[:alpha:]]") }
  }
}
