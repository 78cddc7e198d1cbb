import Frame

/// A column on its way through a statement.
struct TranslatedColumn: Hashable {
  var name: String
  var kind: TranslatedKind
}

/// What an expression yields.
enum TranslatedKind: Hashable {
  case kind(ColumnKind)
  /// Lists, structs and maps, by DuckDB's name of their type.
  case nested(String)
  /// Microseconds between two instants.
  case span
  /// The number of a row in the order of the rows, of which there is none there.
  case order
  /// A row's number in a draw, any of 64 bits.
  case lot
  case unknown

  init(_ column: Column) {
    self = column.kind == .other ? .nested(column.type) : .kind(column.kind)
  }

  /// Of a type by DuckDB's name.
  init(type: String) { self.init(Column(name: "", type: type)) }

  var kind: ColumnKind? {
    switch self {
    case .kind(let kind): kind
    case .nested: .other
    case .span, .order, .lot, .unknown: nil
    }
  }

  /// What a list of it holds; nil where that is not known.
  var element: TranslatedKind? {
    if case .nested(let type) = self { NestedType.element(of: type).map { TranslatedKind(type: $0) } } else { nil }
  }
}

/// Says a SELECT of a step in Spark's SQL: names and texts in its quotes, types and functions in its words, stars written
/// out. What has another meaning there is refused. The order of rows is forgotten: there is none there.
struct SparkStatement {
  /// What stands after FROM by name.
  private(set) var tables: [String: [TranslatedColumn]]
  /// True for a query whose answer is read rather than a step's rows: its order counts, and its columns need no names.
  let isQuestion: Bool
  /// True for SQL that a user wrote: what no step writes is not taken for granted.
  let isForeign: Bool
  /// True where rows may be drawn by what they hold: each has a number then that follows from its values, and from how many
  /// rows that are equal to it stand before it.
  let draws: Bool
  /// Orders of rows that its rows hang on.
  private(set) var orders = RowOrders()

  private static let clauses = [
    "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "LIMIT", "OFFSET",
  ]
  private static let joins: Set = ["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "OUTER", "SEMI", "ANTI"]

  init(tables: [String: Schema], isQuestion: Bool = false, isForeign: Bool = false, draws: Bool = false) {
    self.tables = tables.mapValues { $0.map { TranslatedColumn(name: $0.name, kind: TranslatedKind($0)) } }
    (self.isQuestion, self.isForeign, self.draws) = (isQuestion, isForeign, draws)
  }

  /// - Throws: `Untranslatable`.
  func translate(_ sql: String) throws -> String { try select(SQLPieces.of(sql)).sql }

  /// A question about relations of the cluster, which it names itself.
  /// - Parameter relations: by name, in Spark's words.
  /// - Throws: `Untranslatable`, also where the answer hangs on an order of rows.
  static func question(_ sql: String, over relations: [(name: String, sql: String, schema: Schema)]) throws -> String {
    let schemas = Dictionary(relations.map { ($0.name, $0.schema) }, uniquingKeysWith: { first, _ in first })
    let statement = SparkStatement(tables: schemas, isQuestion: true)
    let made = try statement.translate(sql)
    guard statement.orders.checks.isEmpty else { throw Untranslatable("rows have no order there") }
    let named = relations.map { "\(SQLDialect.spark.identifier($0.name)) AS (\n\($0.sql)\n)" }
    // What the question names itself follows in the same list.
    let rest = made.hasPrefix("WITH ") ? ",\n" + made.dropFirst(5) : "\n" + made
    return "WITH \(named.joined(separator: ",\n"))\(rest)"
  }

  func select(_ pieces: [SQLPiece]) throws -> (sql: String, columns: [TranslatedColumn]) {
    if pieces.first?.isWord("WITH") == true { return try with(Array(pieces.dropFirst())) }
    if let union = pieces.indices.first(where: { pieces[$0].isWord("UNION") }) {
      let isAll = pieces.indices.contains(union + 1) && pieces[union + 1].isWord("ALL")
      let (first, second) = (
        try select(Array(pieces[..<union])), try select(Array(pieces[(union + (isAll ? 2 : 1))...]))
      )
      func part(_ made: String) -> String { made.contains(" ORDER BY ") ? "(\(made))" : made }
      return ("\(part(first.sql)) UNION \(isAll ? "ALL " : "")\(part(second.sql))", first.columns)
    }
    if pieces.count == 1, case .group(let inner) = pieces[0] { return try select(inner) }
    if pieces.first?.isWord("VALUES") == true { return try values(Array(pieces.dropFirst())) }
    if pieces.first?.isWord("FROM") == true { return try select(Self.selectFirst(pieces)) }
    guard pieces.first?.isWord("SELECT") == true else { throw Untranslatable("it is no plain SELECT") }
    if isQuestion, pieces.count > 2, pieces[1].isWord("UNNEST"), case .group(let list) = pieces[2] {
      // Not every engine spreads a list in the same breath in which it makes it.
      let made = try select([.word("SELECT")] + list + [.word("AS"), .name("__list")] + pieces.dropFirst(3))
      return ("SELECT explode(`__list`) AS `__c0` FROM (\(made.sql))", [TranslatedColumn(name: "__c0", kind: .unknown)])
    }
    if pieces.contains(where: { $0.isWord("USING") || $0.isWord("LATERAL") || $0.isWord("SAMPLE") }) {
      throw Untranslatable("its tables are joined in DuckDB's own way")
    }
    var clauses: [String: [SQLPiece]] = [:]
    var (name, start) = ("SELECT", 1)
    for index in pieces.indices.dropFirst() {
      // IS DISTINCT FROM begins no clause.
      guard let word = pieces[index].keyword, Self.clauses.contains(word), !pieces[index - 1].isWord("DISTINCT") else {
        continue
      }
      clauses[name] = Array(pieces[start..<index])
      (name, start) = (word, index + 1)
    }
    clauses[name] = Array(pieces[start...])

    let (from, scope) = try clauses["FROM"].map(source) ?? ("", SparkExpression.Scope())
    let expression = SparkExpression(scope: scope, statement: self)
    if clauses["OFFSET"] != nil { throw Untranslatable("rows have no order there") }
    if let windows = clauses["WINDOW"] { try expression.windows.read(windows) }
    func condition(_ clause: String) throws -> String? { try clauses[clause].map { try expression.sql($0) } }
    var list = clauses["SELECT"] ?? []
    var head = "SELECT "
    if list.first?.isWord("DISTINCT") == true {
      list.removeFirst()
      if list.first?.isWord("ON") == true { throw Untranslatable("which of equal rows comes first is not known there") }
      head += "DISTINCT "
    }
    let items = try list.parts.enumerated().flatMap { place, part in
      let made = try self.items(part, expression, scope, place: place)
      // What follows may name it.
      for item in made where part.first != .sign("*") { expression.context.add(item.column, item.sql) }
      return made
    }
    var texts = items.map { "\($0.sql) AS \(SQLDialect.spark.identifier($0.column.name))" }
    let quick = try condition("QUALIFY")
    let keep = "__keep"
    if let quick { texts.append("\(quick) AS `\(keep)`") }
    var rows = from + (try condition("WHERE").map { " WHERE \($0)" } ?? "")
    if !expression.context.lists.isEmpty {
      guard clauses["GROUP"] == nil, clauses["HAVING"] == nil, !expression.windows.needsOrder else {
        throw Untranslatable("it spreads lists of groups")
      }
      rows = try spread(expression.context.lists, scope, rows)
    }
    var sql = head + texts.joined(separator: ", ") + rows
    if let groups = clauses["GROUP"] {
      let keys = try groups.dropFirst().split(separator: .sign(",")).map { try expression.sql(Array($0)) }
      sql += " GROUP BY \(keys.joined(separator: ", "))"
    }
    if let test = try condition("HAVING") { sql += " HAVING \(test)" }
    let columns = items.map(\.column)
    if quick != nil {
      sql = "SELECT \(SQLDialect.spark.list(columns.map(\.name))) FROM (\(sql)) WHERE `\(keep)`"
    }
    if let limit = clauses["LIMIT"] {
      // The rows that come first, by the order that the statement itself gives.
      guard let order = clauses["ORDER"], quick == nil else { throw Untranslatable("rows have no order there") }
      let keys = try expression.order(Array(order.dropFirst()))
      guard !keys.isEmpty else { throw Untranslatable("rows have no order there") }
      expression.windows.note([], keys)
      sql += " ORDER BY \(keys.sql)"
      guard limit.count == 1, case .number(let count) = limit[0] else { throw Untranslatable("its limit is no number") }
      sql += " LIMIT \(count)"
    } else if isQuestion, let order = clauses["ORDER"], quick == nil {
      let keys = try expression.order(Array(order.dropFirst()))
      if !keys.isEmpty { sql += " ORDER BY \(keys.sql)" }
    }
    if expression.windows.needsOrder {
      guard clauses["GROUP"] == nil else { throw Untranslatable("rows have no order there") }
      orders.add(expression.windows, scope, rows)
    }
    return (sql, columns)
  }

  /// Rows with the elements of lists beside them. Lists that are spread together are as long as the first.
  private func spread(_ lists: [String], _ scope: SparkExpression.Scope, _ rows: String) throws -> String {
    guard scope.sources.count == 1, let source = scope.sources.first, lists.count == 1 || !isForeign else {
      throw Untranslatable("it spreads several lists at once")
    }
    let columns = source.columns.map { SQLDialect.spark.identifier($0.name) }.joined(separator: ", ")
    let place = "`__at`"
    let head = "\(columns), posexplode(\(lists[0])) AS (\(place), \(SelectContext.element(0)))"
    let others = lists.enumerated().dropFirst().map { number, list in
      "try_element_at(\(list), CAST(\(place) + 1 AS INT)) AS \(SelectContext.element(number))"
    }
    let spread = "SELECT \(head)\(rows)"
    let alias = source.alias.map { " AS \(SQLDialect.spark.identifier($0))" } ?? ""
    guard !others.isEmpty else { return " FROM (\(spread))\(alias)" }
    let made = [columns, SelectContext.element(0)] + others
    return " FROM (SELECT \(made.joined(separator: ", ")) FROM (\(spread))\(alias))\(alias)"
  }

  /// `WITH a AS (…), b AS NOT MATERIALIZED (…) SELECT …`, without its first word.
  private func with(_ pieces: [SQLPiece]) throws -> (sql: String, columns: [TranslatedColumn]) {
    var inside = self
    inside.orders = RowOrders()
    var rest = pieces[...]
    var named: [String] = []
    repeat {
      guard let name = rest.popFirst().flatMap(Self.text), rest.popFirst()?.isWord("AS") == true else {
        throw Untranslatable("a WITH is unclear")
      }
      while rest.first?.isWord("NOT") == true || rest.first?.isWord("MATERIALIZED") == true { rest.removeFirst() }
      guard case .group(let body)? = rest.popFirst() else { throw Untranslatable("a WITH is unclear") }
      let made = try inside.select(body)
      inside.tables[name] = made.columns
      named.append("\(SQLDialect.spark.identifier(name)) AS (\(made.sql))")
      guard rest.first == .sign(",") else { break }
      rest.removeFirst()
    } while true
    let made = try inside.select(Array(rest))
    orders.add(inside.orders.checks, with: named)
    return ("WITH \(named.joined(separator: ", ")) \(made.sql)", made.columns)
  }

  /// `FROM t SELECT …` in the usual order.
  private static func selectFirst(_ pieces: [SQLPiece]) -> [SQLPiece] {
    let ends = ["WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "LIMIT", "OFFSET"]
    guard let select = pieces.place(of: "SELECT") else { return [.word("SELECT"), .sign("*")] + pieces }
    let end = pieces.indices.first { $0 > select && ends.contains(pieces[$0].keyword ?? "") } ?? pieces.endIndex
    return Array(pieces[select..<end]) + Array(pieces[..<select]) + Array(pieces[end...])
  }

  /// The table of a name, in any case.
  private func table(_ name: String) -> (name: String, columns: [TranslatedColumn])? {
    if let columns = tables[name] { return (name, columns) }
    return tables.first { $0.key.lowercased() == name.lowercased() }.map { ($0.key, $0.value) }
  }

  /// Rows that are written down.
  private func values(_ pieces: [SQLPiece]) throws -> (sql: String, columns: [TranslatedColumn]) {
    let expression = SparkExpression(scope: SparkExpression.Scope(), statement: self)
    let rows = try pieces.parts.map { part in
      guard part.count == 1, case .group(let inner) = part[0] else { throw Untranslatable("its VALUES are unclear") }
      return try inner.parts.map { try expression.value($0) }
    }
    let lines = rows.map { "(\($0.map(\.sql).joined(separator: ", ")))" }
    let columns = (rows.first ?? []).enumerated().map { TranslatedColumn(name: "col\($0 + 1)", kind: $1.kind) }
    return ("VALUES \(lines.joined(separator: ", "))", columns)
  }

  // MARK: - FROM

  private func source(_ pieces: [SQLPiece]) throws -> (sql: String, scope: SparkExpression.Scope) {
    var scope = SparkExpression.Scope()
    var sql = " FROM "
    var rest = pieces[...]
    func table() throws {
      guard let first = rest.popFirst() else { throw Untranslatable("it reads from nowhere") }
      var columns: [TranslatedColumn]
      var alias: String?
      switch first {
      case .name(let name), .word(let name):
        guard let found = self.table(name) else { throw Untranslatable("it reads \(name)") }
        columns = found.columns
        sql += SQLDialect.spark.identifier(found.name)
        alias = found.name
      case .group(let inner):
        let made = try select(inner)
        columns = made.columns
        sql += "(\(made.sql))"
      default: throw Untranslatable("it reads what is no table")
      }
      if rest.first?.isWord("AS") == true { rest.removeFirst() }
      if let next = rest.first {
        var given: String?
        if case .name(let name) = next { given = name }
        if case .word(let word) = next, !Self.joins.contains(word.uppercased()),
          !["ON", "AS", "USING"].contains(word.uppercased())
        {
          given = word
        }
        if let given {
          rest.removeFirst()
          sql += " AS \(SQLDialect.spark.identifier(given))"
          alias = given
          if case .group(let names)? = rest.first {
            rest.removeFirst()
            let titles = try names.parts.map { part -> String in
              guard let title = part.first.flatMap(Self.text), part.count == 1 else {
                throw Untranslatable("its table is renamed")
              }
              return title
            }
            sql += "(\(SQLDialect.spark.list(titles)))"
            columns = zip(columns, titles).map { TranslatedColumn(name: $1, kind: $0.kind) }
          }
        }
      }
      scope.sources.append((alias, columns))
    }
    try table()
    while let next = rest.first {
      if next == .sign(",") {
        rest.removeFirst()
        sql += ", "
        try table()
        continue
      }
      guard let word = next.keyword, Self.joins.contains(word) else { throw Untranslatable("it reads \(next)") }
      while let word = rest.first?.keyword, Self.joins.contains(word) {
        sql += " \(word)"
        rest.removeFirst()
      }
      sql += " "
      try table()
      guard rest.first?.isWord("ON") == true else { continue }
      rest.removeFirst()
      let end = rest.firstIndex { $0.keyword.map { Self.joins.contains($0) } ?? false } ?? rest.endIndex
      sql += " ON \(try SparkExpression(scope: scope, statement: self).sql(Array(rest[..<end])))"
      rest = rest[end...]
    }
    return (sql, scope)
  }

  // MARK: - Items

  private typealias Item = (sql: String, column: TranslatedColumn)

  private func items(
    _ pieces: [SQLPiece], _ expression: SparkExpression, _ scope: SparkExpression.Scope, place: Int = 0
  ) throws -> [Item] {
    guard let first = pieces.first else { throw Untranslatable("an item is empty") }
    if first == .sign("*") { return try stars(pieces.dropFirst(), scope.columns, expression) }
    if pieces.count == 3, pieces[1] == .sign("."), pieces[2] == .sign("*"), let alias = Self.text(first) {
      guard let source = scope.sources.first(where: { $0.alias == alias }) else {
        throw Untranslatable("it reads \(alias)")
      }
      return source.columns.map { column in
        let sql = "\(SQLDialect.spark.identifier(alias)).\(SQLDialect.spark.identifier(column.name))"
        return (sql, column)
      }
    }
    if pieces.count > 2, pieces[pieces.count - 2].isWord("AS"), let name = Self.text(pieces[pieces.count - 1]) {
      let made = try expression.value(Array(pieces.dropLast(2)))
      return [(made.sql, TranslatedColumn(name: name, kind: made.kind))]
    }
    let made = try expression.value(pieces)
    guard let last = pieces.last, let name = Self.text(last), pieces.count == 1 || pieces.count == 3 else {
      guard isQuestion else { throw Untranslatable("an item has no name") }
      return [(made.sql, TranslatedColumn(name: "__c\(place)", kind: made.kind))]
    }
    return [(made.sql, TranslatedColumn(name: name, kind: made.kind))]
  }

  private static func text(_ piece: SQLPiece) -> String? {
    switch piece {
    case .name(let name), .word(let name): name
    default: nil
    }
  }

  /// `* EXCLUDE (…) REPLACE (…)`, written out.
  private func stars(
    _ pieces: ArraySlice<SQLPiece>, _ columns: [TranslatedColumn], _ expression: SparkExpression
  ) throws -> [Item] {
    var items: [Item] = columns.map { (SQLDialect.spark.identifier($0.name), $0) }
    var rest = pieces
    while let word = rest.popFirst()?.keyword {
      guard case .group(let inner)? = rest.popFirst() else { throw Untranslatable("a star is followed by \(word)") }
      switch word {
      case "EXCLUDE":
        let gone = Set(inner.parts.compactMap { $0.first.flatMap(Self.text) })
        items.removeAll { gone.contains($0.column.name) }
      case "REPLACE":
        for part in inner.parts {
          for made in try self.items(part, expression, SparkExpression.Scope()) {
            guard let place = items.firstIndex(where: { $0.column.name.lowercased() == made.column.name.lowercased() })
            else { throw Untranslatable("it replaces a column that is not there") }
            items[place] = (made.sql, TranslatedColumn(name: items[place].column.name, kind: made.column.kind))
          }
        }
      default: throw Untranslatable("a star is followed by \(word)")
      }
    }
    return items
  }
}
