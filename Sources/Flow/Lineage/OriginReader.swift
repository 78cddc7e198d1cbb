// Reads off the SQL of a compiled step of which columns of its inputs each of its columns is made. DuckDB's own parser
// says how the SQL hangs together, so that every kind of step, every formula and every query of a user is read here.

import Foundation
import Frame

/// Walks the syntax tree of a SELECT, as `json_serialize_sql` writes it.
struct OriginReader {
  typealias Node = [String: Any]

  struct Field {
    var name: String
    var origin: ColumnOrigin
  }

  struct Table {
    var alias: String
    var fields: [Field]
  }

  /// What names mean at a place of the query.
  struct Scope {
    /// Tables by name in small letters: the inputs, and common table expressions.
    var named: [String: [Field]]
    /// What stands after FROM, the innermost query last.
    var frames: [[Table]] = []
    /// Columns of the SELECT list that later parts may name.
    var aliases: [String: ColumnOrigin] = [:]
    /// Parameters of lambdas.
    var bound: Set<String> = []
  }

  /// Names of functions that make one value of many rows.
  let aggregates: Set<String>
  private(set) var rows: [ColumnOrigin.Reference] = []
  private(set) var changesRows = false
  private(set) var isCertain = true

  init(aggregates: Set<String>) { self.aggregates = aggregates }

  /// The fields of a statement.
  /// - Parameter inputs: the tables that it reads, by name.
  mutating func read(_ serialized: Data, inputs: [(name: String, schema: Schema)]) throws -> [Field] {
    let root = try JSONSerialization.jsonObject(with: serialized) as? Node
    guard let statement = (root?["statements"] as? [Node])?.first, let node = statement["node"] as? Node else {
      isCertain = false
      return []
    }
    var named: [String: [Field]] = [:]
    // A step that is joined with itself is read as its first input.
    for (place, input) in inputs.enumerated() where named[input.name.lowercased()] == nil {
      named[input.name.lowercased()] = input.schema.map {
        Field(name: $0.name, origin: ColumnOrigin(from: [.init(place, $0.name)], isPassed: true))
      }
    }
    return query(node, Scope(named: named))
  }

  // MARK: - Queries

  private mutating func query(_ node: Node, _ scope: Scope) -> [Field] {
    var scope = scope
    for item in node.nodes("cte_map", "map") {
      guard let key = item["key"] as? String, let value = item["value"] as? Node else { continue }
      var fields = value.node("query", "node").map { query($0, scope) } ?? []
      rename(&fields, value["aliases"])
      scope.named[key.lowercased()] = fields
    }
    switch node["type"] as? String {
    case "SELECT_NODE": return select(node, scope)
    case "SET_OPERATION_NODE":
      changesRows = true
      let parts = node["children"] as? [Node] ?? [node["left"], node["right"]].compactMap { $0 as? Node }
      return union(parts.map { query($0, scope) }, byName: node["setop_type"] as? String == "UNION_BY_NAME")
    case "RECURSIVE_CTE_NODE":
      changesRows = true
      guard let left = node["left"] as? Node, let right = node["right"] as? Node else { break }
      let first = query(left, scope)
      if let name = node["cte_name"] as? String { scope.named[name.lowercased()] = first }
      return union([first, query(right, scope)], byName: false)
    default: break
    }
    isCertain = false
    return []
  }

  private func union(_ parts: [[Field]], byName: Bool) -> [Field] {
    guard var fields = parts.first else { return [] }
    for part in parts.dropFirst() {
      for (place, field) in part.enumerated() {
        let index = byName ? fields.firstIndex { $0.name.lowercased() == field.name.lowercased() } : place
        if let index, fields.indices.contains(index) {
          fields[index].origin.merge(field.origin)
        } else {
          fields.append(field)
        }
      }
    }
    return fields
  }

  private mutating func select(_ node: Node, _ scope: Scope) -> [Field] {
    var inner = scope
    inner.aliases = [:]
    let tables = node["from_table"].map { from($0 as? Node ?? [:], scope) } ?? []
    inner.frames.append(tables)
    let groups = (node["group_expressions"] as? [Node] ?? []).map { expression($0, inner) }
    var fields: [Field] = []
    // Items that are the same for all rows of a group, where the groups are those of all other items.
    var keys: [ColumnOrigin] = groups
    let groupsByAll = node["aggregate_handling"] as? String == "FORCE_AGGREGATES"
    var isGrouped = !groups.isEmpty || node["group_sets"] != nil || groupsByAll
    for item in node["select_list"] as? [Node] ?? [] {
      guard item["class"] as? String == "STAR", item["columns"] as? Bool != true else {
        let origin = expression(item, inner)
        let name = item["alias"] as? String ?? (item["column_names"] as? [String])?.last ?? ""
        fields.append(Field(name: name, origin: origin))
        if inner.aliases[name.lowercased()] == nil { inner.aliases[name.lowercased()] = origin }
        if aggregatesRows(item) { isGrouped = true } else if groupsByAll { keys.append(origin) }
        continue
      }
      fields += star(item, tables, inner)
    }
    if isGrouped {
      changesRows = true
      let columns = keys.reduce(into: [ColumnOrigin.Reference]()) { $0.add($1.from + $1.by) }
      for index in fields.indices where !fields[index].origin.isPassed { fields[index].origin.by.add(columns) }
      rows.add(columns)
    }
    for part in ["where_clause", "having", "qualify"] {
      guard let condition = node[part] as? Node else { continue }
      decide(expression(condition, inner))
      changesRows = true
    }
    if node["sample"] is Node { changesRows = true }
    modify(node["modifiers"] as? [Node] ?? [], inner)
    return fields
  }

  /// Whether an expression makes one value of many rows; windows and subqueries do that on their own.
  private func aggregatesRows(_ value: Any) -> Bool {
    if let list = value as? [Any] { return list.contains(where: aggregatesRows) }
    guard let node = value as? Node else { return false }
    switch node["class"] as? String {
    case "WINDOW", "SUBQUERY", "COLUMN_REF", "CONSTANT": return false
    case "FUNCTION" where aggregates.contains((node["function_name"] as? String ?? "").lowercased()): return true
    default: return node.values.contains(where: aggregatesRows)
    }
  }

  private mutating func decide(_ origin: ColumnOrigin) { rows.add(origin.from + origin.by) }

  /// Order, limits and distinct rows.
  private mutating func modify(_ modifiers: [Node], _ scope: Scope) {
    for modifier in modifiers {
      switch modifier["type"] as? String {
      case "ORDER_MODIFIER":
        for order in modifier["orders"] as? [Node] ?? [] {
          guard let key = order["expression"] as? Node else { continue }
          let origin = expression(key, scope)
          // An order by the number of the row keeps the rows as they are.
          if !(origin.from + origin.by).isEmpty { changesRows = true }
          decide(origin)
        }
      case "DISTINCT_MODIFIER":
        changesRows = true
        for key in modifier["distinct_on_targets"] as? [Node] ?? [] { decide(expression(key, scope)) }
      default: changesRows = true
      }
    }
  }

  // MARK: - Tables

  private mutating func from(_ node: Node, _ scope: Scope) -> [Table] {
    let alias = node["alias"] as? String ?? ""
    switch node["type"] as? String {
    case "EMPTY": return []
    case "BASE_TABLE":
      let name = node["table_name"] as? String ?? ""
      guard var fields = scope.named[name.lowercased()] else { break }
      rename(&fields, node["column_name_alias"])
      return [Table(alias: alias.isEmpty ? name : alias, fields: fields)]
    case "SUBQUERY":
      guard let subquery = node.node("subquery", "node") else { break }
      var fields = query(subquery, scope)
      rename(&fields, node["column_name_alias"])
      return [Table(alias: alias, fields: fields)]
    case "JOIN": return join(node, scope)
    case "EXPRESSION_LIST":
      let lists = node["values"] as? [[Node]] ?? []
      let made = lists.map { $0.map { Field(name: "", origin: expression($0, scope)) } }
      var fields = union(made, byName: false)
      for index in fields.indices { fields[index].name = "col\(index)" }
      rename(&fields, node["expected_names"])
      rename(&fields, node["column_name_alias"])
      return [Table(alias: alias, fields: fields)]
    case "TABLE_FUNCTION":
      guard let function = node["function"] as? Node else { break }
      changesRows = true
      let origin = expression(function, scope)
      let names = node["column_name_alias"] as? [String] ?? []
      let name = function["function_name"] as? String ?? ""
      let own = names.isEmpty ? [alias.isEmpty ? name : alias] : names
      // A table function may read its argument's columns; only those with one column can be told.
      if !["unnest", "range", "generate_series", "json_each"].contains(name) { isCertain = false }
      return [Table(alias: alias.isEmpty ? name : alias, fields: own.map { Field(name: $0, origin: made(origin)) })]
    default: break
    }
    isCertain = false
    return []
  }

  private mutating func join(_ node: Node, _ scope: Scope) -> [Table] {
    changesRows = true
    let left = (node["left"] as? Node).map { from($0, scope) } ?? []
    // What stands at the right may name columns of the left.
    var inner = scope
    inner.frames.append(left)
    var right = (node["right"] as? Node).map { from($0, inner) } ?? []
    inner.frames[inner.frames.count - 1] += right
    if let condition = node["condition"] as? Node { decide(expression(condition, inner)) }
    for name in node["using_columns"] as? [String] ?? [] {
      for table in right.indices {
        guard let index = right[table].fields.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) else {
          continue
        }
        decide(right[table].fields[index].origin)
        right[table].fields.remove(at: index)
      }
    }
    if ["SEMI", "ANTI"].contains(node["join_type"] as? String) { return left }
    return left + right
  }

  private func rename(_ fields: inout [Field], _ names: Any?) {
    for (index, name) in (names as? [String] ?? []).enumerated() where fields.indices.contains(index) {
      fields[index].name = name
    }
  }

  private mutating func star(_ node: Node, _ tables: [Table], _ scope: Scope) -> [Field] {
    let relation = (node["relation_name"] as? String ?? "").lowercased()
    let excluded = Set((node["exclude_list"] as? [Any] ?? []).compactMap { Self.name($0)?.lowercased() })
    var replaced: [String: ColumnOrigin] = [:]
    for item in node["replace_list"] as? [Node] ?? [] {
      guard let key = Self.name(item["key"] as Any), let value = item["value"] as? Node else { continue }
      replaced[key.lowercased()] = expression(value, scope)
    }
    var renamed: [String: String] = [:]
    for item in node["rename_list"] as? [Node] ?? [] {
      guard let key = Self.name(item["key"] as Any), let value = item["value"] as? String else { continue }
      renamed[key.lowercased()] = value
    }
    return tables.filter { relation.isEmpty || $0.alias.lowercased() == relation }.flatMap(\.fields)
      .filter { !excluded.contains($0.name.lowercased()) }
      .map { field in
        let key = field.name.lowercased()
        return Field(name: renamed[key] ?? field.name, origin: replaced[key] ?? field.origin)
      }
  }

  /// A column's name, alone or with its table.
  private static func name(_ value: Any) -> String? {
    value as? String ?? (value as? Node)?["column"] as? String
  }

  // MARK: - Expressions

  private func made(_ origin: ColumnOrigin) -> ColumnOrigin { ColumnOrigin(from: origin.from, by: origin.by) }

  private mutating func expression(_ node: Node, _ scope: Scope) -> ColumnOrigin {
    switch node["class"] as? String {
    case "COLUMN_REF": return resolve(node["column_names"] as? [String] ?? [], scope)
    case "CONSTANT": return ColumnOrigin(isPassed: node.node("value")?["is_null"] as? Bool == true)
    case "CAST":
      guard let child = node["child"] as? Node else { break }
      var origin = expression(child, scope)
      origin.casts += 1
      return origin
    case "WINDOW":
      var origin = children(node, ["children", "offset_expr", "default_expr"], scope)
      let around = children(
        node, ["partitions", "orders", "arg_orders", "filter_expr", "start_expr", "end_expr"], scope)
      origin.by.add(around.from + around.by)
      return origin
    case "FUNCTION":
      var origin = children(node, ["children"], scope)
      if node["function_name"] as? String == "unnest" {
        changesRows = true
        decide(origin)
      }
      let around = children(node, ["filter", "order_bys"], scope)
      origin.by.add(around.from + around.by)
      return origin
    case "OPERATOR" where node["type"] as? String == "OPERATOR_COALESCE":
      let parts = (node["children"] as? [Node] ?? []).map { expression($0, scope) }
      guard var origin = parts.first else { break }
      for part in parts.dropFirst() { origin.merge(part) }
      return origin.isPassed ? origin : made(origin)
    case "LAMBDA":
      var inner = scope
      if let names = node["lhs"] as? Node { inner.bound.formUnion(Self.parameters(names)) }
      for name in node["named_parameters"] as? [String] ?? [] { inner.bound.insert(name.lowercased()) }
      return (node["expr"] as? Node).map { made(expression($0, inner)) } ?? ColumnOrigin()
    case "SUBQUERY": return scalar(node, scope)
    case "STAR":
      var origin = ColumnOrigin()
      for field in star(node, scope.frames.last ?? [], scope) { origin.add(field.origin) }
      return origin
    default: break
    }
    return children(node, Array(node.keys.sorted()), scope)
  }

  /// A subquery as a value: its conditions only say which of its rows count.
  private mutating func scalar(_ node: Node, _ scope: Scope) -> ColumnOrigin {
    let (rowsBefore, changedBefore) = (rows, changesRows)
    rows = []
    let fields = node.node("subquery", "node").map { query($0, scope) } ?? []
    var origin = ColumnOrigin()
    for field in fields { origin.add(field.origin) }
    origin.by.add(rows)
    (rows, changesRows) = (rowsBefore, changedBefore)
    if let child = node["child"] as? Node { origin.add(expression(child, scope)) }
    return origin
  }

  /// What the parts of a node are made of, whatever they are.
  private mutating func children(_ node: Node, _ keys: [String], _ scope: Scope) -> ColumnOrigin {
    var origin = ColumnOrigin()
    for key in keys {
      guard let value = node[key] else { continue }
      collect(value, scope, &origin)
    }
    return origin
  }

  private mutating func collect(_ value: Any, _ scope: Scope, _ origin: inout ColumnOrigin) {
    if let node = value as? Node {
      if node["class"] is String {
        origin.add(expression(node, scope))
      } else {
        for key in node.keys.sorted() { collect(node[key] as Any, scope, &origin) }
      }
    } else if let list = value as? [Any] {
      for item in list { collect(item, scope, &origin) }
    }
  }

  private static func parameters(_ node: Node) -> Set<String> {
    if let names = node["column_names"] as? [String] { return Set(names.map { $0.lowercased() }) }
    return (node["children"] as? [Node] ?? []).reduce(into: []) { $0.formUnion(parameters($1)) }
  }

  // MARK: - Names

  /// What a name stands for: a column, a field of one, a whole table, or a column of the SELECT list.
  private mutating func resolve(_ names: [String], _ scope: Scope) -> ColumnOrigin {
    let keys = names.map { $0.lowercased() }
    guard let first = keys.first else { return ColumnOrigin() }
    if scope.bound.contains(first) { return ColumnOrigin() }
    for frame in scope.frames.reversed() {
      if keys.count > 1, let table = frame.first(where: { $0.alias.lowercased() == first }),
        let field = table.fields.first(where: { $0.name.lowercased() == keys[1] })
      {
        return keys.count == 2 ? field.origin : made(field.origin)
      }
      if let field = frame.lazy.flatMap(\.fields).first(where: { $0.name.lowercased() == first }) {
        return keys.count == 1 ? field.origin : made(field.origin)
      }
    }
    if let origin = scope.aliases[first] { return keys.count == 1 ? origin : made(origin) }
    for frame in scope.frames.reversed() {
      guard let table = frame.first(where: { $0.alias.lowercased() == first }) else { continue }
      return table.fields.reduce(into: ColumnOrigin()) { $0.add($1.origin) }
    }
    isCertain = false
    return ColumnOrigin()
  }
}

extension [String: Any] {
  /// The node under some keys, one below the other.
  fileprivate func node(_ keys: String...) -> [String: Any]? {
    var found: [String: Any]? = self
    for key in keys { found = found?[key] as? [String: Any] }
    return found
  }

  fileprivate func nodes(_ keys: String...) -> [[String: Any]] {
    var found: Any? = self
    for key in keys { found = (found as? [String: Any])?[key] }
    return found as? [[String: Any]] ?? []
  }
}
