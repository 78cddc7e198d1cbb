import Frame
import Numerics
import Testing

@testable import Insight

/// DuckDB's regular expressions are the judge.
struct PatternMatcherTests {
  private static let pieces = [
    "a", "bc", "X", "Yz", "7", "42", " ", "\t", "-", "--", "é", "Ж", "٣", "ǅ", "中", "\u{85}", ".",
  ]

  private static func text(_ random: inout RandomSource) -> String {
    (0..<random.nextIndex(below: 7)).map { _ in pieces[random.nextIndex(below: pieces.count)] }.joined()
  }

  /// A pattern near a text's own: runs taken coarser, shorter, longer or without an end.
  private static func pattern(_ random: inout RandomSource) -> [PatternToken] {
    var tokens = PatternToken.tokens(of: text(&random), most: 40) ?? []
    for index in tokens.indices where tokens[index].sort != .literal {
      let level = random.nextIndex(below: 4)
      if tokens[index].sort != .name || level > 0 {
        tokens[index].sort = level == 3 ? .any : tokens[index].sort(at: level)
        tokens[index].shortest = max(0, tokens[index].shortest - random.nextIndex(below: 3))
      }
      tokens[index].longest =
        random.nextIndex(below: 4) == 0 ? nil : tokens[index].shortest + random.nextIndex(below: 3)
      if tokens[index].sort == .name { tokens[index].longest = tokens[index].longest.map { max($0, 2) } }
    }
    return tokens
  }

  @Test func textsMatchAsTheirRegularExpressionsSay() throws {
    var random = RandomSource(seed: 7)
    let database = try Database()
    let texts = (0..<60).map { _ in Self.text(&random) } + ["", "a", "Abc", "aBcd", "x9-y"]
    let list = texts.map { SQL.text($0) }.joined(separator: ", ")
    var matches = 0
    for _ in 0..<150 {
      let tokens = Self.pattern(&random)
      let expression = tokens.map(\.expression).joined()
      let table = try database.query(
        "SELECT regexp_full_match(v, \(SQL.text(expression))) FROM (SELECT unnest([\(list)]) AS v)")
      var matcher = PatternMatcher(tokens)
      var scanned = MatchedText()
      for (row, text) in texts.enumerated() {
        scanned.read(text)
        let isMatch = matcher.matches(scanned)
        #expect(table.value(row, 0) == .bool(isMatch), "\(text) against \(expression)")
        matches += isMatch ? 1 : 0
      }
    }
    #expect(matches > 300)
  }
}
