import Frame

/// Rows of several steps below each other, columns matched by name.
public enum Concatenate: Transform {
  public static let info = OperationInfo(
    "concatenate", .combine, "Concatenate",
    help: "Put the rows of other steps below these; columns are matched by name.",
    parameters: [
      ParameterInfo("with", "With", .inputs(1...20), help: "The steps whose rows come after these."),
      ParameterInfo(
        "distinct", "Drop duplicates", .toggle, initial: "false", help: "Keep one of several equal rows: the first."),
      ParameterInfo(
        "origin", "Origin column", .name, isOptional: true,
        help: "A new column with the name of the step that the row comes from; none when empty."),
    ])

  public static let inputCount = 2...21

  public static func summary(_ parameters: Parameters) -> String {
    parameters.flag("distinct") ? "without duplicates" : ""
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    var columns: Schema = []
    for input in call.inputs {
      for column in input.schema {
        guard let index = columns.firstIndex(where: { $0.name.lowercased() == column.name.lowercased() }) else {
          columns.append(column)
          continue
        }
        let type = try common(columns[index], column, call)
        columns[index] = Column(name: columns[index].name, type: type)
      }
    }
    let origin = call.parameters.text("origin")?.trimmed
    if let origin, columns.contains(where: { $0.name.lowercased() == origin.lowercased() }) {
      throw call.invalid("there is a column \"\(origin)\" already: choose another name for the origin")
    }
    let number = call.freshName("row")
    let part = call.freshName("part")
    let selects = call.inputs.enumerated().map { place, input in
      var items = columns.map { column -> String in
        let found = input.schema.first { $0.name.lowercased() == column.name.lowercased() }
        let value = found.map { SQL.identifier($0.name) } ?? "NULL"
        return "CAST(\(value) AS \(column.type)) AS \(SQL.identifier(column.name))"
      }
      if let origin { items.append("\(SQL.text(input.title)) AS \(SQL.identifier(origin))") }
      items.append("\(place) AS \(part), row_number() OVER () AS \(number)")
      return "SELECT \(items.joined(separator: ", ")) FROM \(input.table)"
    }
    let all = selects.joined(separator: "\nUNION ALL\n")
    let names = SQL.identifiers(columns.map(\.name))
    // The first of equal rows stays, in its place.
    let once = "QUALIFY row_number() OVER (PARTITION BY \(names) ORDER BY \(part), \(number)) = 1"
    let sql = """
      SELECT * EXCLUDE (\(part), \(number)) FROM (\(all)\n)
      \(call.parameters.flag("distinct") ? once : "") ORDER BY \(part), \(number)
      """
    return TransformStage(sql, columns + (origin.map { [Column(name: $0, type: "VARCHAR")] } ?? []))
  }

  /// A type that holds both columns.
  private static func common(_ a: Column, _ b: Column, _ call: TransformCall) throws -> String {
    if a.type == b.type { return a.type }
    if a.kind == b.kind { return a.kind == .other ? a.type : a.kind.typeName }
    if a.kind.isNumeric, b.kind.isNumeric { return "DOUBLE" }
    if Set([a.kind, b.kind]) == [.date, .timestamp] { return "TIMESTAMP" }
    throw call.invalid(
      "\"\(a.name)\" holds \(a.kind.noun) in one and \(b.kind.noun) in another: give them the same type first")
  }
}
