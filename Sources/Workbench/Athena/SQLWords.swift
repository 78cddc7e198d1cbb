import Engine
import Grid
import Widgets

/// Words of SQL: what can stand at the cursor, and which parts of a line are what.
enum SQLWords {
  /// What completion offers.
  struct Offer: Sendable, Equatable {
    var text: String
    /// What it is: `table`, `bigint`, `SQL`.
    var kind: String
  }

  static let keywords = [
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "JOIN", "LEFT JOIN", "INNER JOIN",
    "CROSS JOIN",
    "ON", "USING", "AS", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS NULL", "IS NOT NULL", "CASE", "WHEN", "THEN",
    "ELSE", "END", "DISTINCT", "COUNT", "SUM", "AVG", "MIN", "MAX", "CAST", "COALESCE", "WITH", "UNION ALL", "OVER",
    "PARTITION BY", "DESC", "ASC", "DATE", "TIMESTAMP", "INTERVAL", "EXTRACT", "SHOW TABLES", "SHOW PARTITIONS",
    "DESCRIBE", "CREATE TABLE", "INSERT INTO", "UNLOAD", "MSCK REPAIR TABLE", "approx_distinct", "approx_percentile",
    "date_trunc", "date_diff", "row_number", "try_cast", "regexp_like", "substr", "lower", "upper", "round", "UNNEST",
  ]

  private static let reserved = Set(keywords.flatMap { $0.split(separator: " ").map { $0.uppercased() } })

  /// What the last word before the cursor may become, and how many characters of it are there already.
  static func offers(_ state: AthenaState) -> (offers: [Offer], typed: Int) {
    let before = Array(state.editor.beforeCursor)
    guard before.count(where: { $0 == "'" }).isMultiple(of: 2) else { return ([], 0) }
    let word = Array(before.reversed().prefix { isPart($0) || $0 == "." }.reversed())
    let parts = String(word).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let start = parts.last, !word.isEmpty else { return ([], 0) }
    let wanted = start.lowercased()
    let found = (parts.count > 1 ? members(of: Array(parts.dropLast()), state) : names(state)).filter { offer in
      let text = offer.text.lowercased()
      return text.hasPrefix(wanted) && (text != wanted || offer.kind == "SQL" && offer.text != start)
    }
    var seen: Set<String> = []
    return (found.filter { seen.insert($0.text.lowercased()).inserted }, start.count)
  }

  /// After a dot: tables of a database, or columns of a table or of what is called so in the query.
  private static func members(of path: [String], _ state: AthenaState) -> [Offer] {
    guard let last = path.last?.lowercased() else { return [] }
    if path.count == 1, let tables = state.tables[last] { return tables.map { Offer(text: $0.name, kind: "table") } }
    let name = aliases(state.editor.text)[last] ?? last
    let all =
      path.count > 1 ? state.tables[path[path.count - 2].lowercased()] ?? [] : state.tables.values.flatMap { $0 }
    return all.filter { $0.name.lowercased() == name }.flatMap(\.columns).map { Offer(text: $0.name, kind: $0.type) }
  }

  /// Columns of the tables that the query names, then tables, databases and words of SQL.
  private static func names(_ state: AthenaState) -> [Offer] {
    let text = state.editor.text.lowercased()
    let known = state.database.flatMap { state.tables[$0] } ?? []
    let named = state.tables.values.flatMap { $0 }.filter { text.contains($0.name.lowercased()) }
    return named.flatMap(\.columns).map { Offer(text: $0.name, kind: $0.type) }
      + known.map { Offer(text: $0.name, kind: "table") }
      + (state.databases ?? []).map { Offer(text: $0, kind: "database") }
      + keywords.map { Offer(text: $0, kind: "SQL") }
  }

  /// Tables by what a query calls them: `FROM orders o`, `JOIN sales.items AS i`.
  private static func aliases(_ sql: String) -> [String: String] {
    let words = sql.lowercased().split { !isPart($0) && $0 != "." }.map(String.init)
    var found: [String: String] = [:]
    for (at, word) in words.enumerated() where word == "from" || word == "join" {
      guard at + 2 < words.count else { continue }
      let table = words[at + 1].split(separator: ".").last.map(String.init) ?? ""
      let alias = words[at + 2] == "as" && at + 3 < words.count ? words[at + 3] : words[at + 2]
      if !reserved.contains(alias.uppercased()) { found[alias] = table }
    }
    return found
  }

  static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// Words of SQL, texts, numbers and comments of a line.
  static func marks(_ line: [Character], _ context: DrawContext) -> [(Range<Int>, Style)] {
    var marks: [(Range<Int>, Style)] = []
    let word = context.style(context.theme.ui.title, .bold)
    let text = context.style(context.theme.table.text)
    let number = context.style(context.theme.table.number)
    var at = 0
    while at < line.count {
      let start = at
      if line[at] == "-", at + 1 < line.count, line[at + 1] == "-" {
        marks.append((at..<line.count, context.mutedStyle))
        return marks
      }
      if line[at] == "'" {
        at += 1
        while at < line.count, line[at] != "'" { at += 1 }
        at = min(at + 1, line.count)
        marks.append((start..<at, text))
      } else if isPart(line[at]) {
        while at < line.count, isPart(line[at]) { at += 1 }
        let part = String(line[start..<at])
        if reserved.contains(part.uppercased()) {
          marks.append((start..<at, word))
        } else if part.allSatisfy(\.isNumber) {
          marks.append((start..<at, number))
        }
      } else {
        at += 1
      }
    }
    return marks
  }
}
