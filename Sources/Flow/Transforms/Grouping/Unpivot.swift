import Frame

/// Turns columns into rows: one row for each cell, with the name of its column and its value.
public enum Unpivot: Transform {
  public static let info = OperationInfo(
    "unpivot", .group, "Unpivot", help: "Turn columns into rows: one row for each of their cells.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns,
        help:
          "The columns that become rows; the others are repeated. Numbers of several types become real numbers, dates "
          + "and timestamps timestamps, other mixtures text."),
      ParameterInfo("name", "Name column", .name, initial: "variable", help: "Takes the names of the columns."),
      ParameterInfo("value", "Value column", .name, initial: "value", help: "Takes the values."),
      ParameterInfo(
        "order", "Order", .choice(["rows", "columns"]), initial: "rows",
        help: "rows: the cells of a row stay together. columns: those of a column do, as in pandas."),
      ParameterInfo(
        "dropMissing", "Drop missing", .toggle, initial: "false", help: "Leave out the rows whose value is missing."),
    ])

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns()
    let gone = Set(columns.map(\.name))
    let kept = call.schema.filter { !gone.contains($0.name) }
    let type = TransformCall.common(columns)
    let name = call.name("name", of: call.parameters, initial: "variable")
    let value = call.name("value", of: call.parameters, initial: "value")
    try call.checkNames(kept.map(\.name) + [name, value])
    let (number, part) = (call.freshName("row"), call.freshName("part"))
    let (label, cell) = (call.freshName("label"), call.freshName("cell"))
    let names = columns.map { SQL.text($0.name) }.joined(separator: ", ")
    let values = columns.map { "CAST(\(SQL.identifier($0.name)) AS \(type))" }.joined(separator: ", ")
    let places = columns.indices.map(String.init).joined(separator: ", ")
    let items =
      kept.map { SQL.identifier($0.name) } + [
        "unnest([\(names)]) AS \(label)", "unnest([\(values)]) AS \(cell)", "unnest([\(places)]) AS \(part)", number,
      ]
    let shown =
      kept.map { SQL.identifier($0.name) } + [
        "\(label) AS \(SQL.identifier(name))", "\(cell) AS \(SQL.identifier(value))",
      ]
    var present = ""
    if call.parameters.flag("dropMissing") {
      present = "WHERE \(cell) IS NOT NULL" + (ColumnKind(type: type) == .real ? " AND NOT isnan(\(cell))" : "")
    }
    let byColumns = call.parameters.text("order") == "columns"
    let sql = """
      SELECT \(shown.joined(separator: ", ")) FROM (
      SELECT \(items.joined(separator: ", ")) FROM (\(call.numbered(number))))
      \(present) ORDER BY \(byColumns ? "\(part), \(number)" : "\(number), \(part)")
      """
    return TransformStage(
      sql, kept + [Column(name: name, type: "VARCHAR"), Column(name: value, type: type)])
  }
}
