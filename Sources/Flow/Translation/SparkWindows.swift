import Frame

/// The order of rows that a window or a cut looks at.
struct RowOrder {
  struct Key {
    var value: SparkExpression.Made
    /// Its direction, and where missing values come.
    var words: String
    var sql: String { "\(value.sql) \(words)" }
  }

  var keys: [Key] = []
  /// True where the place of the rows decides between those that are equal in all keys.
  var endsInRows = false

  var isEmpty: Bool { keys.isEmpty }
  var sql: String { keys.map(\.sql).joined(separator: ", ") }
}

/// An order that rows of a cluster need to be told apart by: where rows that differ are equal in it, the place that they
/// have here decides between them, and they have none there.
struct OrderCheck: Hashable, Sendable {
  /// What the order goes by, as a user knows it.
  var columns: [String]
  /// A query for the number of sets of rows that are equal in the order.
  var ties: String
  /// The same of rows that differ in something; nil where the cluster cannot compare them whole.
  var differing: String?
}

/// What the parts of one SELECT have to know of each other.
final class SelectContext {
  let windows = SparkWindows()
  /// Lists of which each element makes a row.
  private(set) var lists: [String] = []
  private var values: [String: SparkExpression.Made] = [:]

  static func element(_ place: Int) -> String { "`__u\(place)`" }

  func add(_ column: TranslatedColumn, _ sql: String) {
    if values[column.name.lowercased()] == nil { values[column.name.lowercased()] = .init("(\(sql))", column.kind) }
  }

  /// What an item before is called; columns come first.
  func value(_ name: String) -> SparkExpression.Made? { values[name.lowercased()] }

  /// An element of a list in each row.
  func spread(_ list: SparkExpression.Made) -> SparkExpression.Made {
    let place = lists.firstIndex(of: list.sql) ?? lists.count
    if place == lists.count { lists.append(list.sql) }
    return .init(Self.element(place), list.kind.element ?? .unknown)
  }
}

/// The windows of one SELECT.
final class SparkWindows {
  private var definitions: [String: [SQLPiece]] = [:]
  fileprivate var orders: [(partition: [String], order: RowOrder)] = []

  /// True where a window has to know in which order equal rows stand.
  var needsOrder: Bool { !orders.isEmpty }

  /// `WINDOW a AS (…), b AS (…)`, without its first word.
  func read(_ pieces: [SQLPiece]) throws {
    for part in pieces.parts {
      guard part.count == 3, case .word(let name) = part[0], part[1].isWord("AS"), case .group(let window) = part[2]
      else { throw Untranslatable("a window is unclear") }
      definitions[name.lowercased()] = window
    }
  }

  func named(_ name: String) throws -> [SQLPiece] {
    guard let window = definitions[name.lowercased()] else { throw Untranslatable("there is no window \(name)") }
    return window
  }

  /// Notes an order by which rows have to be told apart, if it is one.
  func note(_ partition: [String], _ order: RowOrder) {
    guard order.endsInRows, !orders.contains(where: { $0.partition == partition && $0.order.sql == order.sql }) else {
      return
    }
    orders.append((partition, order))
  }
}

/// The orders that a statement hangs on.
final class RowOrders {
  private(set) var checks: [OrderCheck] = []

  /// - Parameter rows: the FROM and WHERE of the SELECT that has the windows.
  func add(_ windows: SparkWindows, _ scope: SparkExpression.Scope, _ rows: String) {
    for (partition, order) in windows.orders {
      let parts = partition + order.keys.map(\.value.sql)
      let names = parts.indices.map { "`__k\($0)`" }.joined(separator: ", ")
      let keys = zip(parts, parts.indices).map { "\($0) AS `__k\($1)`" }.joined(separator: ", ")
      func count(_ head: String) -> String {
        "SELECT count(*) AS n FROM (SELECT \(names) FROM (\(head)\(rows)) GROUP BY \(names) HAVING count(*) > 1)"
      }
      let columns = scope.sources.flatMap { source in source.columns.map { (source.alias, $0) } }
        .filter { $0.1.kind != .order }
      let isFlat = columns.allSatisfy { $0.1.kind.kind.map { $0 != .other } ?? false }
      let values = columns.enumerated().map { place, item in
        let name = SQLDialect.spark.identifier(item.1.name)
        return "\(item.0.map { SQLDialect.spark.identifier($0) + "." } ?? "")\(name) AS `__c\(place)`"
      }.joined(separator: ", ")
      let check = OrderCheck(
        columns: Self.names(parts, columns.map(\.1.name)), ties: count("SELECT \(keys)"),
        differing: isFlat ? count("SELECT DISTINCT \(keys), \(values)") : nil)
      if !checks.contains(check) { checks.append(check) }
    }
  }

  /// - Parameter tables: what the checks read beside what all can, each as `name AS (…)`.
  func add(_ checks: [OrderCheck], with tables: [String]) {
    let head = "SELECT n FROM (WITH \(tables.joined(separator: ", ")) "
    for check in checks {
      self.checks.append(
        OrderCheck(
          columns: check.columns, ties: head + check.ties + ")", differing: check.differing.map { head + $0 + ")" }))
    }
  }

  /// The columns that pieces of SQL read.
  private static func names(_ parts: [String], _ columns: [String]) -> [String] {
    var found: [String] = []
    for part in parts {
      for name in columns where part.contains(SQLDialect.spark.identifier(name)) && !found.contains(name) {
        found.append(name)
      }
    }
    return found
  }
}

extension SparkExpression {
  private static let ordered: Set = [
    "row_number", "rank", "dense_rank", "lag", "lead", "ntile", "percent_rank", "cume_dist", "first_value",
    "last_value", "nth_value",
  ]

  /// A function over a window.
  func windowed(
    _ name: String, _ inner: [SQLPiece], _ filter: [SQLPiece]?, _ window: [SQLPiece]
  ) throws -> Made {
    if name == "row_number", window.isEmpty {
      return Made(statement.draws ? try identity() : "CAST(0 AS BIGINT)", .order)
    }
    var rest = window[...]
    var parts: [String] = []
    var partition: [String] = []
    if rest.first?.isWord("PARTITION") == true {
      let end = rest.firstIndex { ["ORDER", "ROWS", "RANGE"].contains($0.keyword ?? "") } ?? rest.endIndex
      partition = try Array(rest[..<end].dropFirst(2)).parts.map { try plain($0).sql }
      parts.append("PARTITION BY \(partition.joined(separator: ", "))")
      rest = rest[end...]
    }
    var order = RowOrder()
    if rest.first?.isWord("ORDER") == true {
      let end = rest.firstIndex { ["ROWS", "RANGE"].contains($0.keyword ?? "") } ?? rest.endIndex
      order = try self.order(Array(rest[..<end].dropFirst(2)))
      rest = rest[end...]
    }
    if order.isEmpty, order.endsInRows || Self.ordered.contains(name) {
      // Rows that are equal in all columns are each as good as the other.
      let columns = scope.columns.filter { $0.kind != .order }.map { SQLDialect.spark.identifier($0.name) }
      guard let first = partition.first, order.endsInRows, Set(columns).isSubset(of: partition) else {
        throw Untranslatable("rows have no order there")
      }
      parts.append("ORDER BY \(first)")
    } else {
      let frame = try frame(rest, &order)
      let ranks: Set = ["rank", "dense_rank", "percent_rank", "cume_dist"]
      if statement.isForeign, Self.ordered.subtracting(ranks).contains(name) || frame?.hasPrefix("ROWS") == true {
        order.endsInRows = true
      }
      if !order.isEmpty { parts.append("ORDER BY \(order.sql)") }
      if let frame { parts.append(frame) }
      windows.note(partition, order)
    }
    let over = " OVER (\(parts.joined(separator: " ")))"
    switch name {
    case "row_number", "rank", "dense_rank": return Made("CAST(\(name)()\(over) AS BIGINT)", .integer)
    case "percent_rank", "cume_dist": return Made("\(name)()\(over)", .real)
    case "ntile": return Made("CAST(ntile(\(try sql(inner)))\(over) AS BIGINT)", .integer)
    case "lag", "lead", "first_value", "last_value", "nth_value":
      let skips = inner.count > 2 && inner[inner.count - 2].isWord("IGNORE") && inner[inner.count - 1].isWord("NULLS")
      let values = try (skips ? Array(inner.dropLast(2)) : inner).parts.map { try plain($0) }
      guard let first = values.first else { throw Untranslatable("\(name) is of nothing") }
      let nulls = skips ? " IGNORE NULLS" : ""
      return Made("\(name)(\(values.map(\.sql).joined(separator: ", ")))\(nulls)\(over)", first.kind)
    default:
      let made =
        try name == "count" ? call(name, inner, filter: filter, window: nil) : aggregate(name, inner, filter)
      guard let made else { throw Untranslatable("it has no window of \(name)") }
      return Self.known(name, Made(made.sql + over, made.kind))
    }
  }

  /// What tells a row from all others by its values, and by its number among those that are equal to it.
  private func identity() throws -> String {
    guard let first = scope.columns.first, scope.columns.allSatisfy({ $0.kind.kind.map { $0 != .other } ?? false })
    else {
      throw Untranslatable("rows with nested values cannot be told apart there")
    }
    let columns = scope.columns.map { SQLDialect.spark.identifier($0.name) }.joined(separator: ", ")
    let number = "row_number() OVER (PARTITION BY \(columns) ORDER BY \(SQLDialect.spark.identifier(first.name)))"
    return "xxhash64(\(columns), CAST(\(number) AS BIGINT))"
  }

  /// The frame of a window. Spans of time are of microseconds, by which the rows are then ordered.
  private func frame(_ pieces: ArraySlice<SQLPiece>, _ order: inout RowOrder) throws -> String? {
    guard let first = pieces.first else { return nil }
    let words = pieces.compactMap { piece -> String? in
      switch piece {
      case .word(let word): word.uppercased()
      case .number(let number): number
      default: nil
      }
    }
    if first.isWord("ROWS"), words.count == pieces.count { return words.joined(separator: " ") }
    // RANGE BETWEEN INTERVAL (5) SECOND - INTERVAL 1 MICROSECOND PRECEDING AND CURRENT ROW
    let lengths = ["SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 604_800]
    let list = Array(pieces)
    guard list.count == 13, words.first == "RANGE", list[2].isWord("INTERVAL"), case .group(let size) = list[3],
      size.count == 1, case .number(let digits) = size[0], let count = Int(digits),
      let length = lengths[list[4].keyword ?? ""], list[5] == .sign("-"),
      words.suffix(6) == ["1", "MICROSECOND", "PRECEDING", "AND", "CURRENT", "ROW"], order.keys.count == 1,
      let kind = order.keys.first?.value.kind.kind, kind == .date || kind == .timestamp
    else { throw Untranslatable("a frame of its windows is unclear") }
    let key = order.keys[0]
    order.keys = [
      .init(value: Made("unix_micros(CAST(\(key.value.sql) AS TIMESTAMP))", .integer), words: key.words)
    ]
    return "RANGE BETWEEN \(count * length * 1_000_000 - 1)L PRECEDING AND CURRENT ROW"
  }
}
