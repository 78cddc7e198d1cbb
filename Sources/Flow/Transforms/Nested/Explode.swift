import Frame

/// A row for each element of a list; the other columns are repeated.
///
/// The type of the elements of JSON arrays is learnt. A text that holds no array counts as a list without elements, and the
/// step says how many there are.
public enum Explode: Transform {
  public static let info = OperationInfo(
    "explode", .nested, "Explode list", help: "Make a row of each element of a list.",
    parameters: [
      ParameterInfo("column", "Column", .column, fit: .nested, help: "Lists, or texts of JSON arrays."),
      ParameterInfo(
        "empty", "No elements", .choice(["keep", "drop"]), initial: "keep",
        help: "Rows without an element stay with a missing value, or are left out."),
      ParameterInfo(
        "position", "Position", .name, isOptional: true,
        help: "A new column with the element's place in its list, from 1; none when empty."),
    ])

  public static func summary(_ parameters: Parameters) -> String { parameters.text("column") ?? "" }

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let (column, element) = try list(call)
    if let element { return ["type": .text(element)] }
    let json = JSONShape.sql(column)
    let name = SQL.identifier(column.name)
    let types = try reader.query(
      "SELECT DISTINCT \(JSONShape.type("value")) FROM (SELECT unnest(json_extract(\(json), '$[*]')) AS value FROM \(call.table))",
      note: "looking at elements of \(column.name)")
    let count = try reader.query(
      """
      SELECT count(*) FROM \(call.table) WHERE \(name) IS NOT NULL AND trim(CAST(\(name) AS VARCHAR)) <> ''
      AND coalesce(json_type(\(json)), '') NOT IN ('ARRAY', 'NULL')
      """, note: "counting texts of \(column.name) that hold no array")
    let found = (0..<types.rowCount).compactMap { types.text($0, 0) }
    return ["type": .text(JSONShape.type(of: found)), "unreadable": .number(count.value(0, 0).number ?? 0)]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let (column, element) = try list(call)
    let type = try element ?? call.fitted()?.text("type") ?? "VARCHAR"
    let name = SQL.identifier(column.name)
    var elements = name
    if element == nil {
      let texts = "json_extract(\(JSONShape.sql(column)), '$[*]')"
      let text = "json_extract_string(value, '$')"
      elements = "list_transform(\(texts), lambda value: \(type == "VARCHAR" ? text : "TRY_CAST(\(text) AS \(type))"))"
    } else if !column.type.hasSuffix("[]") {
      elements = "CAST(\(name) AS \(type)[])"
    }
    let isKept = call.parameters.text("empty") ?? "keep" == "keep"
    let filled = isKept ? "CASE WHEN len(\(elements)) > 0 THEN \(elements) ELSE [NULL] END" : elements
    var sql = "SELECT * REPLACE (unnest(\(filled)) AS \(name))"
    var schema = call.schema.map { $0.name == column.name ? Column(name: $0.name, type: type) : $0 }
    if let position = call.parameters.text("position")?.trimmed {
      if call.schema.contains(where: { $0.name.lowercased() == position.lowercased() }) {
        throw call.invalid("there is a column \"\(position)\" already: choose another name for the position")
      }
      let places = "range(1, len(\(elements)) + 1)"
      let marked = isKept ? "CASE WHEN len(\(elements)) > 0 THEN \(places) ELSE [NULL] END" : places
      sql += ", unnest(\(marked)) AS \(SQL.identifier(position))"
      schema.append(Column(name: position, type: "BIGINT"))
    }
    return TransformStage("\(sql) FROM \(call.table)", schema)
  }

  /// The column, and the type of its elements where it is a list and no text.
  private static func list(_ call: TransformCall) throws -> (Column, element: String?) {
    let column = try call.column(parameter: "column", .nested)
    if let element = NestedType.element(of: column.type) { return (column, element) }
    guard JSONShape.isText(column) else { throw call.invalid("column \"\(column.name)\": holds no lists") }
    return (column, nil)
  }
}
