import Frame

/// Rows of two steps side by side where keys are equal.
///
/// Columns that both sides have become `name_0` and `name_1`, as Data Wrangler names them; a key of the same name on
/// both sides stands once unless `keepKeys` says otherwise. Missing keys match nothing. Rows stand in the order of the left side and then of the right, in
/// a right join the other way round, as in pandas; the rows that only the right side of a full join has come last.
public enum Join: Transform {
  public static let info = OperationInfo(
    "join", .combine, "Join", help: "Put the rows of another step beside these where keys are equal.",
    parameters: [
      ParameterInfo("with", "With", .inputs(1...1), help: "The step whose rows are joined: the right side."),
      ParameterInfo(
        "how", "Rows", .choice(["inner", "left", "right", "full", "semi", "anti", "cross"]), initial: "inner",
        help:
          "inner: rows with a match. left, right, full: also those without, of that side or both. semi, anti: these "
          + "rows with or without a match, and no columns of the other. cross: every pair."),
      ParameterInfo(
        "keys", "Keys",
        .rows([
          ParameterInfo("left", "Here", .column, help: "The key in these rows."),
          ParameterInfo("right", "There", .column, isOfOther: true, help: "The key in the other rows."),
        ]), when: .init("how", "inner", "left", "right", "full", "semi", "anti"),
        help: "Columns that have to be equal. Rows where one is missing match nothing."),
      ParameterInfo(
        "keepKeys", "Both keys", .toggle, initial: "false", when: .init("how", "inner", "left", "right", "full"),
        help: "Keep keys of the same name from both sides, as name_0 and name_1; otherwise such a key stands once."),
    ])

  public static let inputCount = 2...2

  public static func summary(_ parameters: Parameters) -> String {
    let how = parameters.text("how") ?? "inner"
    let keys = parameters.rows("keys").map { row in
      let (left, right) = (row.text("left") ?? "", row.text("right") ?? "")
      return left == right ? left : "\(left) = \(right)"
    }
    return how == "cross" ? "cross" : "\(how) on \(keys.joined(separator: ", "))"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let plan = try plan(call)
    let (left, right) = (call.inputs[0], call.inputs[1])
    let condition = plan.keys.map { "l.\(SQL.identifier($0.left.name)) = r.\(SQL.identifier($0.right.name))" }
      .joined(separator: " AND ")
    let number = call.freshName("row")
    func side(_ input: TransformInput, _ name: String) -> String {
      "(SELECT *, row_number() OVER () AS \(number) FROM \(input.table)) AS \(name)"
    }
    if plan.how == "semi" || plan.how == "anti" {
      let word = plan.how == "semi" ? "EXISTS" : "NOT EXISTS"
      let sql = """
        SELECT l.* EXCLUDE (\(number)) FROM \(side(left, "l"))
        WHERE \(word) (SELECT 1 FROM \(right.table) AS r WHERE \(condition)) ORDER BY l.\(number)
        """
      return TransformStage(sql, left.schema)
    }
    let items = plan.items.map { item in
      let names = item.sources.map { "\($0.isLeft ? "l" : "r").\(SQL.identifier($0.column))" }
      // Keys may be of several numeric types.
      let sql = names.count == 1 ? names[0] : "CAST(coalesce(\(names.joined(separator: ", "))) AS \(item.type))"
      return TransformCall.Item(item.name, sql, type: item.type)
    }
    let on = plan.how == "cross" ? "" : " ON \(condition)"
    let order = (plan.how == "right" ? ["r", "l"] : ["l", "r"]).map { "\($0).\(number) ASC NULLS LAST" }
    let sql = """
      SELECT \(TransformCall.list(items)) FROM \(side(left, "l")) \(plan.word) \(side(right, "r"))\(on)
      ORDER BY \(order.joined(separator: ", "))
      """
    return TransformStage(sql, items.map { Column(name: $0.name, type: $0.type) })
  }

  /// What a join does, whatever SQL it is written in.
  struct Plan {
    /// A column of the result: that of one side, or of the left and else the right one.
    struct Item {
      let name: String
      let type: String
      let sources: [(isLeft: Bool, column: String)]
    }

    let how: String
    let keys: [(left: Column, right: Column)]
    /// Empty for semi and anti joins, which keep the left side's columns.
    let items: [Item]

    /// What stands between the tables.
    var word: String { how == "inner" ? "JOIN" : "\(how.uppercased()) JOIN" }
  }

  static func plan(_ call: TransformCall) throws -> Plan {
    guard call.inputs.count == 2 else {
      throw FlowError.wrongInputCount(step: call.step, found: call.inputs.count, expected: inputCount)
    }
    let (left, right) = (call.inputs[0], call.inputs[1])
    let how = call.parameters.text("how") ?? "inner"
    let keys = how == "cross" ? [] : try keys(call, left, right)
    if how == "semi" || how == "anti" { return Plan(how: how, keys: keys, items: []) }
    return Plan(how: how, keys: keys, items: try items(left.schema, right.schema, keys, how, call))
  }

  private static func keys(
    _ call: TransformCall, _ left: TransformInput, _ right: TransformInput
  ) throws -> [(left: Column, right: Column)] {
    let keys = try call.parameters.rows("keys").map { row in
      let pair = (
        left: try call.column(row.text("left") ?? "", of: left),
        right: try call.column(row.text("right") ?? "", of: right)
      )
      let (a, b) = (pair.left.kind, pair.right.kind)
      guard a == b || (a.isNumeric && b.isNumeric) else {
        throw call.invalid(
          "\"\(pair.left.name)\" holds \(a.noun) and \"\(pair.right.name)\" \(b.noun): give them the same type first")
      }
      return pair
    }
    if keys.isEmpty { throw call.invalid("choose the columns that have to be equal") }
    return keys
  }

  private static func items(
    _ left: Schema, _ right: Schema, _ keys: [(left: Column, right: Column)], _ how: String, _ call: TransformCall
  ) throws -> [Plan.Item] {
    // A key of the same name on both sides is one column.
    let shared =
      call.parameters.flag("keepKeys") ? [] : keys.filter { $0.left.name.lowercased() == $0.right.name.lowercased() }
    let dropped = Set(shared.map { $0.right.name })
    let kept = right.filter { !dropped.contains($0.name) }
    let here = Set(left.map { $0.name.lowercased() })
    let there = Set(kept.map { $0.name.lowercased() })
    var items: [Plan.Item] = []
    for column in left {
      var sources = [(isLeft: true, column: column.name)]
      var type = column.type
      if how == "right" || how == "full", let key = shared.first(where: { $0.left.name == column.name }) {
        sources.append((false, key.right.name))
        type = TransformCall.common([column, key.right])
      }
      let name = there.contains(column.name.lowercased()) ? column.name + "_0" : column.name
      items.append(Plan.Item(name: name, type: type, sources: sources))
    }
    for column in kept {
      let name = here.contains(column.name.lowercased()) ? column.name + "_1" : column.name
      items.append(Plan.Item(name: name, type: column.type, sources: [(false, column.name)]))
    }
    var taken: Set<String> = []
    for item in items where !taken.insert(item.name.lowercased()).inserted {
      throw call.invalid("two columns would be called \"\(item.name)\": rename one of them first")
    }
    return items
  }
}
