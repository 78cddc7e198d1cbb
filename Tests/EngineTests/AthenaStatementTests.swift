import Testing

@testable import Engine

/// Which tables a statement reads, as far as its words tell.
struct AthenaStatementTests {
  private func tables(_ sql: String) -> [String] {
    AthenaStatement(sql).tables.map { ($0.database.map { $0 + "." } ?? "") + $0.table }
  }

  @Test func tablesStandAfterFromAndJoin() {
    #expect(tables("SELECT * FROM orders") == ["orders"])
    #expect(tables("select a from Sales.Orders o join items i on o.id = i.id") == ["sales.orders", "items"])
    #expect(tables("SELECT 1 FROM a, b AS x, c WHERE a.i = x.i") == ["a", "b", "c"])
    #expect(tables("SELECT * FROM \"My DB\".\"Odd.Name\" LIMIT 3") == ["My DB.Odd.Name"])
    #expect(tables("SELECT * FROM awsdatacatalog.sales.orders") == ["sales.orders"])
    #expect(tables("INSERT INTO t SELECT * FROM src") == ["src"])
    #expect(tables("SELECT 1") == [])
    #expect(tables("") == [])
  }

  @Test func aTableThatIsReadTwiceStandsTwice() {
    #expect(tables("SELECT * FROM t a LEFT JOIN t b USING (id)") == ["t", "t"])
    #expect(tables("SELECT * FROM t UNION ALL SELECT * FROM t") == ["t", "t"])
  }

  @Test func subqueriesAndJoinsInParenthesesAreLookedInto() {
    #expect(
      tables("SELECT * FROM (SELECT * FROM inner_one) x WHERE i IN (SELECT i FROM other)") == ["inner_one", "other"])
    #expect(tables("SELECT * FROM (a JOIN b ON a.i = b.i) JOIN c ON TRUE") == ["a", "b", "c"])
    #expect(tables("SELECT * FROM ((SELECT 1 FROM deep))") == ["deep"])
  }

  @Test func namesOfWithAreNoTables() {
    #expect(tables("WITH x AS (SELECT * FROM t), y (a, b) AS (SELECT 1, 2) SELECT * FROM x JOIN y ON TRUE") == ["t"])
  }

  @Test func wordsInTextsCommentsAndFunctionsAreNone() {
    #expect(tables("SELECT ' FROM a' FROM b -- FROM c\n/* FROM d */") == ["b"])
    #expect(tables("SELECT extract(day FROM ts), trim(BOTH ' ' FROM x) FROM t") == ["t"])
    #expect(tables("SELECT a IS DISTINCT FROM b FROM t") == ["t"])
    #expect(tables("SELECT * FROM t CROSS JOIN UNNEST(list) AS u (x)") == ["t"])
    #expect(tables("SELECT * FROM '") == [])
  }
}
