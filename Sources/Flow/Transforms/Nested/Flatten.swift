import Frame

/// A column for each place of a list.
public enum Flatten: Transform {
  private static let mostColumns = 2000

  public static let info = OperationInfo(
    "flatten", .nested, "Flatten list", help: "Make a column of each place of a list.",
    parameters: [
      ParameterInfo("column", "Column", .column, fit: .nested, help: "The lists."),
      ParameterInfo(
        "method", "Columns", .choice(["first", "longest", "given"]), initial: "first",
        help: "As many columns as the first list has elements, as the longest has, or a given number."),
      ParameterInfo(
        "length", "Number", .integer(1...mostColumns), initial: "1", when: .init("method", "given"),
        help: "The number of columns."),
      ParameterInfo(
        "extra", "Longer lists", .choice(["drop", "error"]), initial: "drop",
        help: "What happens to elements that have no column: they are left out, or the step fails."),
      ParameterInfo(
        "prefix", "Prefix", .text, isOptional: true,
        help: "Stands before the numbers, from 1, of the new columns; the column's name and _ when empty."),
      ParameterInfo("keep", "Keep the lists", .toggle, initial: "false", help: "The column of lists stays."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.text("column") ?? ""): \(parameters.text("method") ?? "first")"
  }

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("method") != "given" }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let (column, _) = try list(call)
    let name = SQL.identifier(column.name)
    let isLongest = call.parameters.text("method") == "longest"
    let table = try reader.query(
      isLongest
        ? "SELECT max(len(\(name))) FROM \(call.table)"
        : "SELECT len(\(name)) FROM \(call.table) WHERE \(name) IS NOT NULL LIMIT 1", note: "measuring \(column.name)")
    let length = table.rowCount > 0 ? table.value(0, 0).number ?? 0 : 0
    guard length > 0 else {
      throw call.invalid("\"\(column.name)\" has no list with an element: give the number of columns")
    }
    guard length <= Double(mostColumns) else {
      throw call.invalid(
        "a list of \"\(column.name)\" has \(Int(length)) elements, more than \(mostColumns) columns: give a number")
    }
    return ["length": .number(length)]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let (column, element) = try list(call)
    let length =
      learns(call.parameters) ? try call.fitted()?.integer("length") ?? 0 : call.parameters.integer("length") ?? 1
    let name = SQL.identifier(column.name)
    let prefix = call.parameters.text("prefix") ?? column.name + "_"
    let dropped = call.parameters.flag("keep") || length == 0 ? [] : [column.name]
    guard length > 0 else { return try call.adding([], dropping: dropped) }
    var value = name
    if call.parameters.text("extra") == "error" {
      let message = SQL.text("\"\(column.name)\" has a list of more than \(length) elements: refit the step")
      value = "(CASE WHEN len(\(name)) > \(length) THEN error(\(message)) ELSE \(name) END)"
    }
    return try call.adding(
      (1...length).map { .init(prefix + "\($0)", "\(value)[\($0)]", type: element) }, dropping: dropped)
  }

  /// The column, and the type of its elements.
  private static func list(_ call: TransformCall) throws -> (Column, element: String) {
    let column = try call.column(parameter: "column", .nested)
    guard let element = NestedType.element(of: column.type) else {
      throw call.invalid("column \"\(column.name)\": holds no lists")
    }
    return (column, element)
  }
}
