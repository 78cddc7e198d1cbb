/// The tables that a statement of SQL reads, as far as its words tell. Not a parser: it knows strings, comments, quoted
/// names and parentheses, and what stands after FROM and JOIN.
struct AthenaStatement {
  struct Mention: Hashable {
    var database: String?
    var table: String
  }

  private enum Token: Equatable {
    case word(String)
    case quoted(String)
    case symbol(Character)

    func isWord(_ words: String...) -> Bool {
      if case .word(let text) = self { words.contains(text.uppercased()) } else { false }
    }

    var name: String? {
      switch self {
      case .word(let text): text.lowercased()
      case .quoted(let text): text
      case .symbol: nil
      }
    }
  }

  /// In the order of the text, each as often as it stands there; names that WITH gives are none.
  let tables: [Mention]

  init(_ sql: String) {
    let tokens = Self.tokens(sql)
    let given = Self.namesOfWith(tokens)
    var found: [Mention] = []
    // For each open parenthesis whether a query stands in it, or the tables of a join.
    var frames: [Bool] = [true]
    var at = 0
    while at < tokens.count {
      let token = tokens[at]
      at += 1
      switch token {
      case .symbol("("):
        let opensQuery = at < tokens.count && tokens[at].isWord("SELECT", "WITH", "VALUES", "TABLE")
        frames.append(opensQuery)
      case .symbol(")"): if frames.count > 1 { frames.removeLast() }
      case .word where token.isWord("FROM") && (frames.last ?? true):
        // `a IS DISTINCT FROM b` reads nothing.
        if at >= 2, tokens[at - 2].isWord("DISTINCT"), at >= 3, tokens[at - 3].isWord("IS", "NOT") { continue }
        at = Self.list(tokens, at, given, &found, &frames)
      case .word where token.isWord("JOIN"):
        at = Self.item(tokens, at, given, &found, &frames)
      case .word, .quoted, .symbol: break
      }
    }
    tables = found
  }

  /// Tables between commas, with their aliases.
  private static func list(
    _ tokens: [Token], _ start: Int, _ given: Set<String>, _ found: inout [Mention], _ frames: inout [Bool]
  ) -> Int {
    var at = item(tokens, start, given, &found, &frames)
    while at < tokens.count {
      if tokens[at].isWord("AS"), at + 1 < tokens.count { at += 1 }
      if at < tokens.count, tokens[at].name != nil, !isClause(tokens[at]) { at += 1 }
      guard at < tokens.count, tokens[at] == .symbol(",") else { return at }
      at = item(tokens, at + 1, given, &found, &frames)
    }
    return at
  }

  /// One table, or the first in a parenthesis that holds a join.
  private static func item(
    _ tokens: [Token], _ start: Int, _ given: Set<String>, _ found: inout [Mention], _ frames: inout [Bool]
  ) -> Int {
    var at = start
    while at < tokens.count, tokens[at] == .symbol("(") {
      guard at + 1 < tokens.count, !tokens[at + 1].isWord("SELECT", "WITH", "VALUES", "TABLE") else { return at }
      // The tables of a join stand in it.
      frames.append(true)
      at += 1
    }
    guard at < tokens.count, let first = tokens[at].name, !tokens[at].isWord("UNNEST", "LATERAL", "TABLE", "SELECT")
    else { return at }
    var parts = [first]
    at += 1
    while at + 1 < tokens.count, tokens[at] == .symbol("."), let part = tokens[at + 1].name {
      parts.append(part)
      at += 2
    }
    if parts.count == 1, given.contains(first) { return at }
    found.append(Mention(database: parts.count > 1 ? parts[parts.count - 2] : nil, table: parts[parts.count - 1]))
    return at
  }

  private static func isClause(_ token: Token) -> Bool {
    token.isWord(
      "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "JOIN", "INNER",
      "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "ON", "USING", "WINDOW", "TABLESAMPLE", "FOR", "MATCH_RECOGNIZE",
      "WITH", "SELECT", "WHEN", "SET")
  }

  /// What stands before `AS (` in a WITH.
  private static func namesOfWith(_ tokens: [Token]) -> Set<String> {
    var names: Set<String> = []
    for at in tokens.indices {
      guard tokens[at].isWord("AS"), at + 1 < tokens.count, tokens[at + 1] == .symbol("("), at > 0 else { continue }
      var before = at - 1
      if tokens[before] == .symbol(")") {
        // The names of its columns.
        while before > 0, tokens[before] != .symbol("(") { before -= 1 }
        before -= 1
      }
      guard before > 0, let name = tokens[before].name,
        tokens[before - 1].isWord("WITH", "RECURSIVE")
          || tokens[before - 1] == .symbol(",")
      else { continue }
      names.insert(name)
    }
    return names
  }

  private static func tokens(_ sql: String) -> [Token] {
    let text = Array(sql)
    var tokens: [Token] = []
    var at = 0
    while at < text.count {
      let character = text[at]
      let next = at + 1 < text.count ? text[at + 1] : " "
      if character == "-", next == "-" {
        while at < text.count, !text[at].isNewline { at += 1 }
      } else if character == "/", next == "*" {
        at += 2
        while at < text.count, !(text[at] == "/" && text[at - 1] == "*") { at += 1 }
        at += 1
      } else if character == "'" || character == "\"" || character == "`" {
        var inside = ""
        at += 1
        while at < text.count {
          if text[at] == character {
            guard at + 1 < text.count, text[at + 1] == character else { break }
            at += 1
          }
          inside.append(text[at])
          at += 1
        }
        at += 1
        if character != "'" { tokens.append(.quoted(inside)) }
      } else if character.isLetter || character == "_" || character.isNumber {
        let start = at
        while at < text.count, text[at].isLetter || text[at].isNumber || text[at] == "_" || text[at] == "$" { at += 1 }
        tokens.append(.word(String(text[start..<at])))
      } else {
        if !character.isWhitespace { tokens.append(.symbol(character)) }
        at += 1
      }
    }
    return tokens
  }
}
