import Flow
import Frame
import Plot

/// What a look asks of a table, as SQL.
///
/// The table's rows carry their id in one more column. Columns are added and changed first; filters and keys read those.
struct LookPlan {
  /// A SELECT of all columns and the row's id.
  let source: String
  /// The columns without the id.
  let schema: Schema
  /// The quoted name of the column that holds the row's id.
  let id: String
  let filters: [RowFilter]
  let sort: [SortKey]

  /// - Parameter rows: a SELECT that has the table's columns and `id`.
  /// - Throws: `FlowError` or `ExpressionError` where a column cannot be made.
  init(_ look: Look, schema: Schema, id: String, rows: String) throws {
    self.id = id
    filters = look.filters
    sort = look.sort
    guard !look.columns.isEmpty else {
      (source, self.schema) = (rows, schema)
      return
    }
    var graph = FlowGraph()
    let table = graph.addSource(Source(location: ""))
    var last = table
    for change in look.columns { last = try graph.add(change.operation, after: last) }
    let relation: Relation
    do {
      relation = try Compiler(graph, relations: [table: Relation(sql: rows, schema: schema)]).relation(of: last)
    } catch FlowError.expression(let error, _) {
      throw error
    }
    (source, self.schema) = (relation.sql, relation.schema)
  }

  /// A name for the id that no column has.
  static func idName(_ schema: Schema) -> String {
    let taken = Set(schema.map { $0.name.lowercased() })
    var name = "__row"
    while taken.contains(name) { name = "_" + name }
    return SQL.identifier(name)
  }

  /// The columns without the id, as they stand after SELECT.
  var columns: String { SQL.identifiers(schema.map(\.name)) }

  var from: String { SQL.subquery(source) }

  /// The condition of all filters; nil where there is none.
  func condition(_ more: [String] = []) throws -> String? {
    let all = try filters.map { "(\(try $0.condition(schema, id: id)))" } + more
    return all.isEmpty ? nil : all.joined(separator: " AND ")
  }

  /// ` WHERE …`, empty without filters.
  func clause(_ more: [String] = []) throws -> String { try condition(more).map { " WHERE " + $0 } ?? "" }

  func column(_ name: String) throws -> Column { try schema.known(name) }

  /// The keys after ORDER BY, texts in natural order; rows that are equal under all keys stay in their own order.
  func order() throws -> String {
    let keys = try sort.map { key -> String in
      let column = try column(key.column)
      guard column.kind == .text else { return SQL.identifier(column.name) + key.direction }
      return NaturalOrder.key(column.textSQL) + key.direction
    }
    return (keys + [id]).joined(separator: ", ")
  }
}

extension SortKey {
  fileprivate var direction: String { " \(descending ? "DESC" : "ASC") NULLS LAST" }
}

// MARK: Order by rank

extension LookPlan {
  /// The ids in order, where the keys that are texts have few values beside the rows: each value is ranked once, and
  /// rows are ordered by numbers.
  func rankedIDs() throws -> String {
    let keys = try sort.map { ($0, try column($0.column)) }
    let clause = try clause()
    var tables = ["s AS NOT MATERIALIZED (SELECT * FROM \(from)\(clause))"]
    var joins = ""
    for (index, (_, column)) in keys.enumerated() where column.kind == .text {
      tables.append(
        """
        d\(index) AS MATERIALIZED (SELECT x, row_number() OVER () AS k FROM (SELECT x FROM (
        SELECT \(column.textSQL) AS x FROM s WHERE \(SQL.identifier(column.name)) IS NOT NULL GROUP BY ALL)
        ORDER BY \(NaturalOrder.key("x"))))
        """)
      joins += " LEFT JOIN d\(index) ON \(column.textSQL("s")) = d\(index).x"
    }
    let with = "WITH " + tables.joined(separator: ", ")
    if keys.count == 1, let (key, _) = keys.first {
      // Rank and id in one number: half the work of ordering by two. Ids stay below 2^32, ranks below 2^30.
      let rank = key.descending ? "536870912 - d0.k" : "d0.k"
      let packed = "coalesce(\(rank), 1073741824) * 4294967296 + s.\(id)"
      return "\(with) SELECT o & 4294967295 AS r FROM (SELECT \(packed) AS o FROM s\(joins)) ORDER BY o"
    }
    let order = keys.enumerated().map { index, key in
      (key.1.kind == .text ? "d\(index).k" : "s." + SQL.identifier(key.1.name)) + key.0.direction
    }
    return "\(with) SELECT s.\(id) AS r FROM s\(joins) ORDER BY \(order.joined(separator: ", ")), s.\(id)"
  }

  /// The ids in order by one text, all of whose keys are short: text and id in one number.
  func placedIDs(_ key: SortKey) throws -> String {
    let place = NaturalOrder.place(try column(key.column).textSQL, row: id, descending: key.descending)
    return
      "SELECT CAST(o & 4294967295 AS BIGINT) AS r FROM (SELECT \(place) AS o FROM \(from)\(try clause())) ORDER BY o"
  }

  /// The ids in order by the keys themselves.
  func sortedIDs() throws -> String {
    "SELECT \(id) AS r FROM \(from)\(try clause()) ORDER BY \(try order())"
  }
}

extension Column {
  /// The column as text, the way tables show it.
  var textSQL: String { text(SQL.identifier(name)) }

  func textSQL(_ table: String) -> String { text(table + "." + SQL.identifier(name)) }

  private func text(_ reference: String) -> String {
    if type == "VARCHAR" { return reference }
    // Decimals are shown as the numbers that they are read as.
    return kind == .real && type != "DOUBLE"
      ? "CAST(CAST(\(reference) AS DOUBLE) AS VARCHAR)" : "CAST(\(reference) AS VARCHAR)"
  }
}

extension Schema {
  /// - Throws: `EngineError.noSuchColumn`.
  func known(_ name: String) throws -> Column {
    if let column = column(named: name) { return column }
    throw EngineError.noSuchColumn(name, map(\.name))
  }
}

// MARK: Filters

extension RowFilter {
  /// The filter as a condition over columns of `schema` and the row's `id`.
  func condition(_ schema: Schema, id: String) throws -> String {
    switch self {
    case .mark(let selection): return selection.condition
    case .matches(let match):
      let tests = try match.tests(schema)
      return tests.isEmpty ? "FALSE" : tests.joined(separator: " OR ")
    case .expression(let text): return try ExpressionParser.parseCondition(text, schema: schema).conditionSQL
    case .equals(let name, let value):
      let column = try schema.known(name)
      let cell = SQL.identifier(name)
      switch value {
      case .null: return "\(cell) IS NULL"
      case .other(let text): return "\(column.textSQL) = \(SQL.text(text))"
      case .real(let number) where number.isNaN: return "isnan(CAST(\(cell) AS DOUBLE))"
      case .real: return "CAST(\(cell) AS DOUBLE) = \(SQL.literal(value))"
      case .bool, .integer, .text, .date, .timestamp, .time: return "\(cell) = \(SQL.literal(value))"
      }
    case .marked(let marks): return try marks.condition(schema, id: id)
    case .not(let filter): return "(\(try filter.condition(schema, id: id))) IS NOT TRUE"
    }
  }
}

extension TextMatch {
  /// For each column that is looked at, whether the pattern is found in it.
  func tests(_ schema: Schema) throws -> [String] {
    let looked = try columns.map { try $0.map(schema.known) } ?? schema
    let regex = SQL.text(SmartCase.pattern(pattern))
    return looked.map { "regexp_matches(\($0.textSQL), \(regex))" }
  }
}

extension MarkedRows {
  fileprivate func condition(_ schema: Schema, id: String) throws -> String {
    try changes.reduce("FALSE") { result, change in
      switch change {
      case .add(let ranges): "(\(result) OR \(Self.within(ranges, id)))"
      case .remove(let ranges): "(\(result) AND NOT \(Self.within(ranges, id)))"
      case .addWhere(let filter): "(\(result) OR (\(try filter.condition(schema, id: id))) IS TRUE)"
      case .removeWhere(let filter): "(\(result) AND (\(try filter.condition(schema, id: id))) IS NOT TRUE)"
      }
    }
  }

  private static func within(_ ranges: [ClosedRange<Int>], _ id: String) -> String {
    let single = ranges.filter { $0.count == 1 }.map { String($0.lowerBound) }
    let wide = ranges.filter { $0.count > 1 }.map { "\(id) BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
    let list = single.isEmpty ? [] : ["\(id) IN (\(single.joined(separator: ", ")))"]
    return "(" + (list + wide).joined(separator: " OR ") + ")"
  }
}

extension ChartSelection {
  /// The rows behind a mark, as a condition.
  fileprivate var condition: String {
    switch self {
    case .range(let column, let lower, let upper, let includesUpper, let kind):
      Interval(column: column, lower: lower, upper: upper, includesUpper: includesUpper, kind: kind).condition
    case .equals(let column, nil): "\(SQL.identifier(column)) IS NULL"
    case .equals(let column, let value?): "CAST(\(SQL.identifier(column)) AS VARCHAR) = \(SQL.text(value))"
    case .noneOf(let column, let values):
      values.isEmpty
        ? "\(SQL.identifier(column)) IS NOT NULL"
        : "CAST(\(SQL.identifier(column)) AS VARCHAR) NOT IN (\(values.map(SQL.text).joined(separator: ", ")))"
    case .box(let x, let y): "\(x.condition) AND \(y.condition)"
    case .pair(let row, let column):
      "\(SQL.identifier(row)) IS NOT NULL AND \(SQL.identifier(column)) IS NOT NULL"
    case .feature(let column): "\(SQL.identifier(column)) IS NOT NULL"
    case .all(let parts): parts.isEmpty ? "TRUE" : parts.map { "(\($0.condition))" }.joined(separator: " AND ")
    case .none: "TRUE"
    }
  }
}

extension ChartSelection.Interval {
  /// `lower <= x < upper`, or `<= upper`.
  fileprivate var condition: String {
    let value = SQL.identifier(column)
    let low = kind.literal(lower)
    let high = kind.literal(upper)
    return "\(value) >= \(low) AND \(value) \(includesUpper ? "<=" : "<") \(high)"
  }
}

extension AxisKind {
  /// A bound on such an axis; time is in seconds since 1970.
  fileprivate func literal(_ number: Double) -> String {
    switch self {
    case .number, .integer: SQL.literal(.real(number))
    case .time: SQL.literal(.timestamp(Int64((number * 1e6).rounded())))
    }
  }
}
