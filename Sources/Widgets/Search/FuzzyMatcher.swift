// Fuzzy matching for the palette: the letters of a query in order, not necessarily together. Word starts, runs and early
// positions count more, as people type initials and beginnings. Each match is the best-scored placement, found by
// dynamic programming over (letters of the query × letters of the text).

/// How well a text matches and where.
public struct FuzzyMatch: Sendable, Equatable {
  /// Higher is better.
  public var score: Int
  /// Character positions in the text, ascending.
  public var positions: [Int]

  public init(score: Int, positions: [Int]) {
    self.score = score
    self.positions = positions
  }
}

/// Matches a query against texts.
public struct FuzzyMatcher: Sendable {
  private let query: [Character]

  private static let perLetter = 16
  private static let wordStart = 12
  private static let run = 14
  private static let exactCase = 1
  private static let longest = 200

  /// Case is ignored, and so are blanks.
  public init(_ query: String) {
    self.query = query.lowercased().filter { $0 != " " }
  }

  public var isEmpty: Bool { query.isEmpty }

  /// The best placement of the query's letters; nil where they do not all occur in order. An empty query matches all.
  public func match(_ text: String) -> FuzzyMatch? {
    if query.isEmpty { return FuzzyMatch(score: 0, positions: []) }
    let letters = Array(text.prefix(Self.longest))
    let lower = letters.map { $0.lowercased().first ?? $0 }
    if lower.count < query.count { return nil }
    var rest = query[...]
    for letter in lower where letter == rest.first { rest.removeFirst() }
    if !rest.isEmpty { return nil }
    let count = lower.count
    let none = Int.min / 2
    // best[i][j]: score with letter i of the query on letter j of the text; from[i][j]: where letter i - 1 stands then.
    var best = [[Int]](repeating: [Int](repeating: none, count: count), count: query.count)
    var from = [[Int]](repeating: [Int](repeating: -1, count: count), count: query.count)
    for i in query.indices {
      var reach = none
      var reachAt = -1
      for j in 0..<count {
        if i > 0, j >= 1 {
          // Each letter skipped costs one.
          if reach > none { reach -= 1 }
          if best[i - 1][j - 1] > reach { (reach, reachAt) = (best[i - 1][j - 1], j - 1) }
        }
        guard lower[j] == query[i] else { continue }
        let own = Self.perLetter + (Self.isWordStart(letters, j) ? Self.wordStart : 0)
        if i == 0 {
          best[i][j] = own - min(j, 8)
          continue
        }
        if j == 0 { continue }
        let running = best[i - 1][j - 1] > none ? best[i - 1][j - 1] + Self.run : none
        if running >= reach {
          (best[i][j], from[i][j]) = running > none ? (running + own, j - 1) : (none, -1)
        } else {
          (best[i][j], from[i][j]) = (reach + own, reachAt)
        }
      }
    }
    guard let end = best[query.count - 1].indices.max(by: { best[query.count - 1][$0] < best[query.count - 1][$1] }),
      best[query.count - 1][end] > none
    else { return nil }
    var positions = [end]
    for i in stride(from: query.count - 1, to: 0, by: -1) { positions.append(from[i][positions[positions.count - 1]]) }
    return FuzzyMatch(score: best[query.count - 1][end] - count / 8, positions: positions.reversed())
  }

  private static func isWordStart(_ letters: [Character], _ index: Int) -> Bool {
    if index == 0 { return true }
    let before = letters[index - 1]
    return !(before.isLetter || before.isNumber) || (before.isLowercase && letters[index].isUppercase)
  }
}
