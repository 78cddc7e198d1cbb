import Frame
import Plot
import Testing

@testable import Insight

/// Frequency tables against figures that were worked out by hand.
struct FrequencyTests {
  private func table(_ sheet: Sheet, _ frequency: Frequency, copies: Bool = false) throws -> DataTable {
    try frequencyTable(frequency, relation: sheet.sql, schema: sheet.schema, in: sheet.database, copies: copies) {
      try sheet.database.query($0)
    }
  }

  private func column(_ table: DataTable, _ name: String) throws -> [Value] {
    let column = try #require(table[name], "\(table.schema.map(\.name))")
    return (0..<table.rowCount).map(column.value)
  }

  /// Four a, three b, one missing, two c.
  private let letters = "SELECT unnest(['a','b','a','c','b','a',NULL,'c','a','b']) AS x"

  @Test(arguments: [false, true])
  func valuesAreCountedMostFrequentFirstAndMissingIsAValueOfItsOwn(copies: Bool) throws {
    let table = try table(Sheet(letters), Frequency(columns: ["x"]), copies: copies)
    #expect(try column(table, "x") == [.text("a"), .text("b"), .text("c"), .null])
    #expect(try column(table, "count") == [.integer(4), .integer(3), .integer(2), .integer(1)])
    #expect(try column(table, "share") == [.real(0.4), .real(0.3), .real(0.2), .real(0.1)])
    #expect(try column(table, "bar") == [.real(1), .real(0.75), .real(0.5), .real(0.25)])
    #expect(try column(table, "cum %") == [.real(0.4), .real(0.7), .real(0.9), .real(1)])
    #expect(Frequency(columns: ["x"]).roles(of: table.schema) == [.key(0), .count, .share, .bar, .cumulative])
  }

  /// Agresti and Coull's example of 10 of 20, and the ends: Wilson's interval of 0 of 10 is 0 to 0.2775.
  @Test func theRateOfATargetHasWilsonsInterval() throws {
    let sheet = try Sheet(
      """
      SELECT 'half' AS g, i < 10 AS t FROM range(20) r(i) UNION ALL SELECT 'none', false FROM range(10)
      UNION ALL SELECT 'all', true FROM range(10) UNION ALL SELECT 'unknown', NULL FROM range(5)
      """)
    let frequency = Frequency(columns: ["g"], target: "t")
    let table = try table(sheet, frequency)
    let groups = try column(table, "g").compactMap(\.text)
    #expect(groups == ["half", "all", "none", "unknown"])
    #expect(try column(table, "rate t=true") == [.real(0.5), .real(1), .real(0), .null])
    let low = try column(table, "low").map(\.number)
    let high = try column(table, "high").map(\.number)
    #expect(isClose(low[0], 0.299298, 1e-6) && isClose(high[0], 0.700702, 1e-6))
    #expect(isClose(low[1], 0.722467, 1e-6) && high[1] == 1)
    #expect(low[2] == 0 && isClose(high[2], 0.277533, 1e-6))
    #expect(low[3] == nil && high[3] == nil)
    #expect(try column(table, "interval")[0] == .text("29.9–70.1%"))
    #expect(frequency.roles(of: table.schema).suffix(4) == [.rate, .interval, .low, .high])
  }

  @Test func theRarerOfTwoTextsIsThePositiveOne() throws {
    let sheet = try Sheet("SELECT 'x' AS g, CASE WHEN i < 3 THEN '<=50K' ELSE '>50K' END AS income FROM range(4) r(i)")
    #expect(try column(table(sheet, Frequency(columns: ["g"], target: "income")), "rate >50K") == [.real(0.25)])
    let other = try Sheet("SELECT 'x' AS g, CASE WHEN i < 1 THEN 'no' ELSE 'yes' END AS b FROM range(4) r(i)")
    #expect(try column(table(other, Frequency(columns: ["g"], target: "b")), "rate no") == [.real(0.25)])
  }

  @Test func oneIsPositiveOfZeroAndOneHoweverFrequent() throws {
    let sheet = try Sheet("SELECT 'x' AS g, CASE WHEN i < 1 THEN 0 ELSE 1 END AS t FROM range(4) r(i)")
    #expect(try column(table(sheet, Frequency(columns: ["g"], target: "t")), "rate t=1") == [.real(0.75)])
  }

  /// 1, 2, 3, 4: mean 2.5, sd 1.290994, t(3) 3.182446, so 2.5 ± 2.054260.
  @Test func theMeanOfATargetHasStudentsInterval() throws {
    let sheet = try Sheet("SELECT 'x' AS g, i + 1 AS t FROM range(4) r(i) UNION ALL SELECT 'single', 7")
    let table = try table(sheet, Frequency(columns: ["g"], target: "t"))
    #expect(try column(table, "mean t") == [.real(2.5), .real(7)])
    #expect(isClose(try column(table, "low")[0].number, 0.44574, 0.02))
    #expect(isClose(try column(table, "high")[0].number, 4.55426, 0.02))
    #expect(try column(table, "low")[1] == .null)
  }

  @Test func aTargetOfManyTextsHasNoRate() throws {
    let sheet = try Sheet("SELECT i % 2 AS g, 'v' || i AS t FROM range(6) r(i)")
    #expect(try table(sheet, Frequency(columns: ["g"], target: "t")).schema.count == 5)
  }

  @Test func aColumnOfManyNumbersIsBinnedAsItsHistogramIs() throws {
    let sheet = try Sheet.census()
    let table = try table(sheet, Frequency(columns: ["age"]))
    let histogram = try Insight.histogram(of: "age", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let bins = histogram.bins.filter { $0.count > 0 }
    #expect(try column(table, "count") == bins.map { .integer(Int64($0.count)) })
    #expect(try column(table, "from") == bins.map { .real($0.lower) })
    #expect(try column(table, "age").first == .text("16–18"))
    #expect(Frequency(columns: ["age"]).roles(of: table.schema).suffix(2) == [.from, .to])
  }

  @Test func theNumberOfBinsIsTheOneAskedFor() throws {
    let sheet = try Sheet("SELECT i AS v FROM range(100) r(i)")
    #expect(try table(sheet, Frequency(columns: ["v"], bins: 4)).rowCount == 4)
    #expect(try column(table(sheet, Frequency(columns: ["v"], bins: 4)), "v")[0] == .text("0–25"))
    #expect(try table(sheet, Frequency(columns: ["v"], bins: 0)).rowCount == 100)
  }

  @Test func valuesThatAreNotFiniteStandAfterTheBins() throws {
    let sheet = try Sheet(
      "SELECT i / 7 AS v FROM range(700) r(i) UNION ALL SELECT unnest(['nan'::DOUBLE, 'inf', '-inf', NULL, NULL])")
    let table = try table(sheet, Frequency(columns: ["v"]))
    #expect(try column(table, "v").suffix(4) == [.text("-inf"), .text("inf"), .text("nan"), .null])
    #expect(try column(table, "count").last == .integer(2))
    #expect(try column(table, "from").suffix(4) == [.null, .null, .null, .null])
    #expect(isClose(try column(table, "cum %").last?.number, 1))
  }

  @Test func severalColumnsAreCountedTogether() throws {
    let sheet = try Sheet("SELECT i % 2 AS a, i % 3 = 0 AS b FROM range(12) r(i)")
    let table = try table(sheet, Frequency(columns: ["a", "b"]))
    #expect(table.rowCount == 4)
    #expect(try column(table, "count").map(\.whole).reduce(0, +) == 12)
    #expect(try column(table, "count")[0] == .integer(4))
  }

  @Test func columnsCalledLikeTheFiguresKeepTheirNames() throws {
    let table = try table(Sheet("SELECT 1 AS count, 2 AS share"), Frequency(columns: ["count", "share"]))
    #expect(table.schema.map(\.name) == ["count", "share", "count_", "share_", "bar", "cum %"])
  }

  @Test(arguments: [
    "SELECT NULL::DOUBLE AS v FROM range(5)", "SELECT 1.5 AS v WHERE false", "SELECT 3 AS v FROM range(9)",
    "SELECT 'nan'::DOUBLE AS v FROM range(4)", "SELECT [1, 2] AS v",
    "SELECT DATE '2024-01-01' + i::INT AS v FROM range(400) r(i)",
    "SELECT 'line' || chr(10) || 'break 🦉' AS v FROM range(3)", "SELECT '' AS v", "SELECT TIME '10:00:00' AS v",
    "SELECT unnest(['-1e308'::DOUBLE, '1e308'::DOUBLE, 0]) AS v",
    "SELECT TIMESTAMP '2024-01-01' + INTERVAL (i * 977) SECOND AS v FROM range(300) r(i)",
    "SELECT -1000 + i * 7.5 AS v FROM range(300) r(i)",
  ])
  func everySharesAddUpToOneWhateverTheColumn(sql: String) throws {
    let sheet = try Sheet(sql)
    let rows = try sheet.database.query("SELECT count(*) FROM (\(sql))").value(0, 0).whole
    for frequency in [
      Frequency(columns: ["v"]), Frequency(columns: ["v"], bins: 3), Frequency(columns: ["v"], bins: 0),
    ] {
      let table = try table(sheet, frequency)
      #expect(try column(table, "count").map(\.whole).reduce(0, +) == rows)
      if rows > 0 { #expect(isClose(try column(table, "cum %").last?.number, 1)) }
    }
  }

  @Test func aHundredThousandDifferentTextsAreAllThere() throws {
    let sheet = try Sheet("SELECT 'value ' || i AS v FROM range(100000) r(i)")
    let table = try table(sheet, Frequency(columns: ["v"]))
    #expect(table.rowCount == 100_000)
    #expect(isClose(try column(table, "cum %").last?.number, 1))
  }

  @Test func aColumnThatIsNotThereIsNamed() throws {
    #expect(throws: InsightError.noSuchColumn("y")) { try table(Sheet(letters), Frequency(columns: ["y"])) }
  }

  @Test func aDescriptionHasARowForEachColumn() throws {
    let sheet = try Sheet.census()
    let sql = try descriptionTable(sheet.sql, schema: sheet.schema, in: sheet.database)
    let table = try sheet.database.query(sql)
    #expect(table.schema.map(\.name) == DescriptionRole.allCases.map(\.rawValue))
    #expect(try column(table, "column") == sheet.schema.map { .text($0.name) })
    #expect(try column(table, "median")[0] == .text("37.0"))
    #expect(try column(table, "mode")[1] == .text("Private"))
    #expect(try column(table, "approximate")[0] == .text(""))
  }

  @Test func aDescriptionOfATableWithoutRowsHasItsColumns() throws {
    let sheet = try Sheet("SELECT 1 AS a, 'x' AS b WHERE false")
    let table = try sheet.database.query(descriptionTable(sheet.sql, schema: sheet.schema, in: sheet.database))
    #expect(table.rowCount == 2)
    #expect(try column(table, "missing %") == [.null, .null])
  }
}
