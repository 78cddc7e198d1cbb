import Frame
import Testing

@testable import Flow

@Suite struct NaturalOrderTests {
  /// Texts as people file them.
  private static let filed = [
    "", "-", "0", "00", "1", "1a", "1a2", "1a10", "2", "02", "9", "10", "0010", "10b2", "10b10", "99999999",
    "100000000",
    "999999999999999999", "1000000000000000000", String(repeating: "9", count: 126), String(repeating: "9", count: 127),
    "1" + String(repeating: "0", count: 200), "1" + String(repeating: "0", count: 20_000), "a", "a b", "a-1", "a1b",
    "a2", "a10", "a010", "a10.5", "aa", "b", "z9", "z10", "é1", "é2", "é10", "日本9", "日本10", "😀",
  ]

  private func sorted(_ order: String, _ texts: [String]) throws -> [String] {
    let rows = texts.enumerated().map { "(\($0), \(SQL.text($1)))" }.joined(separator: ", ")
    let table = try Database().query("SELECT t FROM (VALUES \(rows)) v(r, t) ORDER BY \(order)")
    return (0..<table.rowCount).map { table.text($0, 0) ?? "missing" }
  }

  @Test func runsOfDigitsSortByTheirNumber() throws {
    let filed = Self.filed
    #expect(try sorted(NaturalOrder.key("t"), filed.reversed()) == filed)
    #expect(try sorted(NaturalOrder.key("t") + " DESC", filed) == filed.reversed())
  }

  @Test func noTwoTextsHaveTheSameKey() throws {
    let rows = Self.filed.map { "(\(SQL.text($0)))" }.joined(separator: ", ")
    let table = try Database().query("SELECT count(DISTINCT \(NaturalOrder.key("t"))) FROM (VALUES \(rows)) v(t)")
    #expect(table.value(0, 0) == .integer(Int64(Self.filed.count)))
  }

  @Test func missingTextsHaveNoKey() throws {
    let table = try Database().query(
      """
      SELECT \(NaturalOrder.key("t")) FROM (VALUES ('a1'), (NULL), ('b')) v(t)
      UNION ALL SELECT \(NaturalOrder.key("NULL"))
      """)
    #expect((0..<4).map { table.text($0, 0) } == ["a11", nil, "b", nil])
  }

  @Test(arguments: [false, true]) func placesOrderShortTextsThenRowsAndHoldTheRow(descending: Bool) throws {
    let short = Self.filed.filter { $0.utf8.count < 6 && !$0.hasPrefix("00") }
    let place = NaturalOrder.place("t", row: "r", descending: descending)
    #expect(try sorted(place, short.shuffled()) == (descending ? short.reversed() : short))
    let table = try Database().query(
      """
      SELECT CAST(o & 4294967295 AS BIGINT) FROM (SELECT \(place) AS o FROM (VALUES
      (7, 'a'), (4294967295, NULL), (3, 'a'), (2, NULL), (5, '')) v(r, t)) ORDER BY o
      """)
    let rows = (0..<5).map { table.value($0, 0) }
    #expect(rows == (descending ? [3, 7, 5, 2, 4_294_967_295] : [5, 3, 7, 2, 4_294_967_295]).map { .integer($0) })
  }
}
