import Frame

/// Columns at another place, in the order in which they are named.
public enum MoveColumns: Transform {
  public static let info = OperationInfo(
    "move", .columns, "Move columns", help: "Bring columns to the start, to the end, beside another one or to a place.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to move, in their new order."),
      ParameterInfo(
        "to", "To", .choice(["start", "end", "before", "after", "index"]), initial: "start",
        help: "start, end: of the table. before, after: another column. index: a place, counted from 1."),
      ParameterInfo(
        "anchor", "Beside", .column, when: .init("to", "before", "after"), help: "The column to stand before or after."),
      ParameterInfo(
        "index", "Place", .integer(1...1_000_000), initial: "1", when: .init("to", "index"),
        help: "The place of the first moved column, from 1."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let place = parameters.text("to") ?? "start"
    let target =
      switch place {
      case "before", "after": "\(place) \(parameters.text("anchor") ?? "")"
      case "index": "place \(parameters.integer("index") ?? 1)"
      default: place
      }
    return "\(parameters.texts("columns").joined(separator: ", ")) to \(target)"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let moved = try call.columns(.any)
    let names = Set(moved.map(\.name))
    var columns = call.schema.filter { !names.contains($0.name) }
    var place = 0
    switch call.parameters.text("to") ?? "start" {
    case "end": place = columns.count
    case "index":
      let index = call.parameters.integer("index") ?? 1
      guard index <= columns.count + 1 else {
        throw call.invalid("there is no place \(index): the last one here is \(columns.count + 1)")
      }
      place = index - 1
    case let side where side == "before" || side == "after":
      let anchor = try call.column(parameter: "anchor")
      guard let found = columns.firstIndex(where: { $0.name == anchor.name }) else {
        throw call.invalid("\"\(anchor.name)\" is moved itself: choose another column to stand beside")
      }
      place = side == "before" ? found : found + 1
    default: break
    }
    columns.insert(contentsOf: moved, at: place)
    return TransformStage("SELECT \(SQL.identifiers(columns.map(\.name))) FROM \(call.table)", columns)
  }
}
