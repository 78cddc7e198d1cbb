import Frame

/// A column for each key of the first level of JSON objects, structs or maps.
///
/// Keys, their order (by first appearance) and their types are learnt; keys that come up later are left out. Deeper levels
/// stay JSON texts, to be unnested by another step.
public enum Unnest: Transform {
  private static let mostColumns = 1000

  public static let info = OperationInfo(
    "unnest", .nested, "Unnest", help: "Make a column of each key of JSON objects, structs or maps.",
    parameters: [
      ParameterInfo("column", "Column", .column, fit: .nested, help: "JSON texts, structs or maps."),
      ParameterInfo(
        "keys", "Keys", .texts, isOptional: true,
        help: "Only these keys; all that are found when empty. Keys that come up after fitting are left out."),
      ParameterInfo(
        "prefix", "Prefix", .text, isOptional: true,
        help: "Stands before the keys in the new names; the column's name and _ when empty."),
      ParameterInfo("keep", "Keep the column", .toggle, initial: "false", help: "The unnested column stays."),
    ])

  public static func summary(_ parameters: Parameters) -> String { parameters.text("column") ?? "" }

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let column = try column(call)
    let name = SQL.identifier(column.name)
    let wanted = call.parameters.texts("keys")
    var found: [(key: String, type: String)] = []
    var learned: [String: Parameter] = [:]
    if let fields = NestedType.fields(of: column.type) {
      found = fields.map { ($0.name, $0.type) }
    } else if let map = NestedType.map(column.type) {
      let table = try reader.query(
        keysQuery("map_keys(\(name))", "NULL", call), note: "looking for keys of \(column.name)")
      found = (0..<table.rowCount).compactMap { row in table.text(row, 0).map { ($0, map.value) } }
    } else {
      let json = JSONShape.sql(column)
      let table = try reader.query(
        keysQuery(
          "json_keys(\(json))",
          JSONShape.type("json_extract(\(json), '/' || replace(replace(key, '~', '~0'), '/', '~1'))"), call),
        note: "looking for keys of \(column.name)")
      found = (0..<table.rowCount).compactMap { row in
        table.text(row, 0).map {
          ($0, JSONShape.type(of: (table.text(row, 1) ?? "").split(separator: " ").map(String.init)))
        }
      }
      let count = try reader.query(
        """
        SELECT count(*) FROM \(call.table) WHERE \(name) IS NOT NULL AND trim(CAST(\(name) AS VARCHAR)) <> ''
        AND coalesce(json_type(\(json)), '') NOT IN ('OBJECT', 'NULL')
        """, note: "counting texts of \(column.name) that hold no object")
      learned["unreadable"] = .number(count.value(0, 0).number ?? 0)
    }
    if !wanted.isEmpty { found = wanted.map { key in found.first { $0.key == key } ?? (key, "VARCHAR") } }
    guard !found.isEmpty else { throw call.invalid("\"\(column.name)\" has no object with a key: nothing to unnest") }
    guard found.count <= mostColumns else {
      throw call.invalid(
        "\"\(column.name)\" has \(found.count.grouped) keys, more than \(mostColumns) columns: name the keys wanted")
    }
    learned["keys"] = .list(found.map { ["key": .text($0.key), "type": .text($0.type)] })
    return Parameters(learned)
  }

  /// Each key in the order of its first row and place, and the distinct JSON types of its values.
  private static func keysQuery(_ keys: String, _ type: String, _ call: TransformCall) -> String {
    let row = call.freshName("row")
    return """
      SELECT CAST(key AS VARCHAR), string_agg(DISTINCT \(type), ' ') FROM (
      SELECT *, unnest(\(keys)) AS key, unnest(range(len(\(keys)))) AS place
      FROM (SELECT *, row_number() OVER () AS \(row) FROM \(call.table))) GROUP BY key ORDER BY min((\(row), place))
      """
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let column = try column(call)
    let name = SQL.identifier(column.name)
    let prefix = call.parameters.text("prefix") ?? column.name + "_"
    let keys = try call.fitted()?.rows("keys") ?? []
    let map = NestedType.map(column.type)
    let fields = NestedType.fields(of: column.type)
    let items = keys.map { entry -> TransformCall.Item in
      let (key, type) = (entry.raw("key"), entry.text("type") ?? "VARCHAR")
      let sql: String
      if let fields {
        let isThere = fields.contains { $0.name == key }
        sql = isThere ? "struct_extract(\(name), \(SQL.text(key)))" : "CAST(NULL AS \(type))"
      } else if let map {
        sql = "\(name)[TRY_CAST(\(SQL.text(key)) AS \(map.key))]"
      } else {
        let text = "json_extract_string(\(JSONShape.sql(column)), \(JSONShape.pointer(key)))"
        sql = type == "VARCHAR" ? text : "TRY_CAST(\(text) AS \(type))"
      }
      return .init(prefix + key, sql, type: type)
    }
    let isKept = call.parameters.flag("keep") || items.isEmpty
    return try call.adding(items, dropping: isKept ? [] : [column.name])
  }

  private static func column(_ call: TransformCall) throws -> Column {
    let column = try call.column(parameter: "column", .nested)
    guard JSONShape.isText(column) || column.type.hasPrefix("STRUCT(") || column.type.hasPrefix("MAP("),
      NestedType.element(of: column.type) == nil
    else {
      throw call.invalid("column \"\(column.name)\": holds no objects; lists are flattened or exploded")
    }
    return column
  }
}
