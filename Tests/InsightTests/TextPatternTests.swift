import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

struct TextPatternTests {
  private func patterns(_ sql: String, of column: String = "v", coverage: Double = 0.8) throws -> (Sheet, TextPatterns)
  {
    let sheet = try Sheet(sql)
    let found = try textPatterns(
      of: column, coverage: coverage, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    return (sheet, found)
  }

  /// Every pattern's condition finds as many rows as the pattern says, and its opposite all other texts.
  private func check(_ sheet: Sheet, _ found: TextPatterns) throws {
    for pattern in found.patterns {
      let table = try sheet.database.query(
        """
        SELECT count(*) FILTER (\(pattern.condition(matching: found.column))),
        count(*) FILTER (\(pattern.condition(notMatching: found.column))) FROM (\(sheet.sql))
        """)
      #expect(table.value(0, 0) == .integer(Int64(pattern.rows)), "\(pattern.text)")
      #expect(table.value(0, 1) == .integer(Int64(found.rows - found.missing - pattern.rows)), "\(pattern.text)")
      #expect(isClose(pattern.confidence, Double(pattern.rows) / Double(found.rows - found.missing)))
    }
  }

  @Test func runsBecomeTokensWithTheirLengths() throws {
    func text(_ value: String) -> String? { PatternToken.tokens(of: value, most: 40)?.map(\.description).joined() }
    #expect(text("AB-1234") == "{upper:2}-{digits:4}")
    #expect(text("Anna  smith") == "{name:4}{whitespace:2}{lower:5}")
    #expect(text("McX a1b2") == "{mixed:3}{whitespace:1}{alnum:4}")
    #expect(text("Élan🙂{") == "{name:4}🙂{{")
    #expect(text("") == "" && text("x.y") == "{lower:1}.{lower:1}" && text("漢字") == "{mixed:2}")
    #expect(PatternToken.tokens(of: String(repeating: "a ", count: 60), most: 40) == nil)
  }

  @Test func shapesAreAlikeExactlyWhereTheTokensAre() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("a b\tZ9-{")
    let texts = (0..<400).map { _ in
      String((0..<Int.random(in: 0...7, using: &random)).map { _ in alphabet[Int.random(in: 0..<8, using: &random)] })
    }
    var keys: [[UInt8]: [String]] = [:]
    var shapes: [[String]: [UInt8]] = [:]
    for text in texts + ["", "Ab", "aB", "ABc", "é", "a é"] {
      var shape = TextShape()
      let tokens = PatternToken.tokens(of: text, most: 5)
      let isPlain = shape.read(text, most: 5)
      #expect(isPlain == (tokens != nil && text.allSatisfy(\.isASCII)), "\(text)")
      guard isPlain, let tokens else { continue }
      #expect(shape.lengths == tokens.map(\.shortest), "\(text)")
      let key = tokens.map { $0.sort.rawValue + $0.text }
      #expect(keys[shape.bytes, default: key] == key && shapes[key, default: shape.bytes] == shape.bytes, "\(text)")
      (keys[shape.bytes], shapes[key]) = (key, shape.bytes)
    }
    #expect(keys.count > 50)
  }

  @Test func codesHaveOnePatternAndTheRestIsListed() throws {
    let (sheet, found) = try patterns(
      "SELECT CASE WHEN i % 50 = 0 THEN 'none' WHEN i % 51 = 0 THEN NULL ELSE 'AB-' || (i * 37) END AS v FROM range(1, 3001) r(i)"
    )
    #expect(found.detail == .cases && found.patterns[0].text == "{upper:2}-{digits:2-6}")
    #expect(found.patterns[0].rows == 3000 - 60 - 57 && found.missing == 57 + 0)
    #expect(found.strangers.first == .init(value: "none", count: 60))
    try check(sheet, found)
    #expect(found.charts.count == 1 && found.lines.contains { $0.contains("{upper:2}-") })
  }

  @Test func letterCaseIsDroppedWhereItHidesThePattern() throws {
    let (sheet, found) = try patterns(
      "SELECT unnest(['ab-12', 'AB-3', 'Ab-1', 'aB-44', 'xy-9', 'q1-7']) AS v")
    #expect(found.detail == .letters && found.patterns[0].text == "{mixed:2}-{digits:1-2}")
    #expect(found.patterns[0].rows == 5)
    try check(sheet, found)
    let (other, mixed) = try patterns("SELECT unnest(['a1', '22', 'ccc', 'd4e', 'F']) AS v")
    #expect(mixed.detail == .alphanumerics && mixed.patterns.map(\.text) == ["{alnum:1-3}"])
    try check(other, mixed)
  }

  @Test func aWiderPatternCountsWhatItMatchesBeside() throws {
    // No pattern has eight in ten rows; {mixed:4} matches the small letters too.
    let (sheet, found) = try patterns(
      "SELECT unnest(['aBcd', 'abcd', 'abce', 'ABCD', '12/3', '1', '55', 'a b', 'a, b', '?']) AS v", coverage: 0.95)
    #expect(found.detail == .cases)
    let mixed = try #require(found.patterns.first { $0.text == "{mixed:4}" })
    #expect(mixed.rows == 4)
    try check(sheet, found)
  }

  @Test func runningTextIsAnything() throws {
    let words = ["apple", "Tree", "7", "of", "KNOWLEDGE", "x9", "and", "so", "on", "!"]
    let (sheet, found) = try patterns(
      """
      SELECT array_to_string(list_transform(range(3 + CAST(hash(i) % 60 AS INTEGER)), lambda k: [\(words.map { "'\($0)'" }.joined(separator: ", "))]
      [1 + CAST(hash(i * 100 + k) % 10 AS INTEGER)]), ' ') AS v FROM range(3000) r(i)
      """)
    #expect(found.detail == .anything && found.patterns.count == 1)
    #expect(found.patterns[0].rows == 3000 && found.patterns[0].text.hasPrefix("{any:"))
    try check(sheet, found)
  }

  @Test func oddNamesQuotesAndEmptyColumnsAreTakenCareOf() throws {
    let (sheet, found) = try patterns(
      "SELECT unnest(['it''s (1)', 'it''s (2)', '', NULL, 'a\\b']) AS \"v \"\"x\"\" 🙂\"", of: "v \"x\" 🙂", coverage: 0.3
    )
    try check(sheet, found)
    #expect(found.patterns[0].text == "{lower:2}'{lower:1}{whitespace:1}({digits:1})")
    #expect(found.lines.contains { $0.contains("(empty)") })
    let (_, none) = try patterns("SELECT NULL::VARCHAR AS v FROM range(3)")
    #expect(none.patterns.isEmpty && none.missing == 3 && none.charts.isEmpty && !none.markdown.isEmpty)
    let (_, empty) = try patterns("SELECT 'x' AS v WHERE FALSE")
    #expect(empty.rows == 0 && empty.patterns.isEmpty)
    let (long, wide) = try patterns("SELECT repeat('a', i) AS v FROM range(900, 1200) r(i)")
    #expect(wide.patterns[0].text == "{lower:4+}" && wide.patterns[0].rows == 300)
    try check(long, wide)
  }
}
