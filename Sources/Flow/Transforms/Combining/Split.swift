import Frame

/// One part of a split: the steps of all parts read the same rows, and each keeps its own.
///
/// Every row falls into exactly one part. Sizes are shares of the rows by the largest remainder, exact unless rows have
/// to stay together: then a block of rows goes where its middle falls. Stratified: rows are taken in the order of their
/// place within their own group, so that each group is cut in the same proportions, to within one row.
public enum Split: Transform {
  static let methods = ["random", "ordered", "stratified", "key"]
  /// A stratified split takes a column with up to this many values.
  static let mostGroups = 100

  public static let info = OperationInfo(
    "split", .combine, "Split",
    help: "Divide the rows into parts, such as Train and Test; this step keeps one of them.",
    parameters: [
      ParameterInfo(
        "method", "Method", .choice(methods), initial: "random",
        help:
          "random. ordered: the first rows first. stratified: every value of a column in its own proportion in each "
          + "part. key: rows with the same key all in one part."),
      ParameterInfo(
        "parts", "Parts",
        .rows([
          ParameterInfo("name", "Name", .name, help: "Such as Train or Test."),
          ParameterInfo("share", "Share", .number(0...1), initial: "0.5", help: "The share of the rows, 0 to 1."),
        ]), help: "The parts and their shares of the rows, which add up to 1."),
      ParameterInfo("part", "This part", .text, help: "The part that this step keeps."),
      ParameterInfo(
        "column", "Order by", .column, fit: .measured, isOptional: true, when: .init("method", "ordered"),
        help: "Smallest first, missing values last; none: as the rows stand."),
      ParameterInfo(
        "duplicates", "Equal values", .choice(["apart", "together"]), initial: "apart",
        when: .init("method", "ordered"),
        help: "apart: may be cut, as they stand, for exact sizes. together: stay in one part."),
      ParameterInfo(
        "stratify", "Groups", .column, when: .init("method", "stratified"),
        help: "The column whose values keep their proportions; up to 100 different values, missing ones are one."),
      ParameterInfo(
        "keys", "Keys", .columns, when: .init("method", "key"),
        help: "Rows with the same values here are never divided; missing values are one key."),
      ParameterInfo(
        "tolerance", "Tolerance", .number(0...0.1), initial: "0.001",
        help: "How far the sum of the shares may be from 1; they are then scaled to it."),
      ParameterInfo(
        "seed", "Seed", .integer(0...Int.max), initial: "0", when: .init("method", "random", "stratified", "key"),
        help: "The same seed gives the same parts."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { parameters.text("method") == "stratified" }

  public static func summary(_ parameters: Parameters) -> String {
    let shares = parameters.rows("parts").map { row in
      let percent = ((row.number("share") ?? 0) * 1000).rounded() / 10
      return percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    }
    return "\(parameters.text("part") ?? "") of \(shares.joined(separator: "/")), "
      + (parameters.text("method") ?? "random")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    let parts = parameters.rows("parts")
    var names: Set<String> = []
    for row in parts {
      let name = row.text("name")?.trimmed ?? ""
      if !names.insert(name.lowercased()).inserted { return "two parts are called \"\(name)\"" }
      if (row.number("share") ?? 0) <= 0 { return "the share of \"\(name)\" must be above 0" }
    }
    let sum = parts.reduce(0) { $0 + ($1.number("share") ?? 0) }
    if abs(sum - 1) > (parameters.number("tolerance") ?? 0.001) + 1e-12 {
      return "the shares add up to \((sum * 1e6).rounded() / 1e6), not to 1"
    }
    guard let part = parameters.text("part")?.trimmed, names.contains(part.lowercased()) else {
      return "there is no part \"\(parameters.text("part") ?? "")\""
    }
    return nil
  }

  /// Only checks how many groups there are.
  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let column = try call.column(parameter: "stratify")
    // A cluster has no first rows.
    let limit = reader.isElsewhere ? "" : " LIMIT \(mostGroups + 1)"
    let table = try reader.query(
      """
      SELECT count(*) FROM (SELECT DISTINCT \(call.present(column)) AS value FROM \(call.table)\(limit))
      """, note: "counting the values of \(column.name)")
    let count = Int(table.value(0, 0).number ?? 0)
    guard count <= mostGroups else {
      throw call.invalid(
        "\"\(column.name)\" has more than \(mostGroups) different values: group them first, or split by key")
    }
    return ["groups": .number(Double(count))]
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let parts = call.parameters.rows("parts")
    let part = call.parameters.text("part")?.trimmed.lowercased()
    guard let index = parts.firstIndex(where: { $0.text("name")?.trimmed.lowercased() == part }) else {
      throw call.invalid("there is no part \"\(call.parameters.text("part") ?? "")\"")
    }
    let (number, place) = (call.freshName("row"), call.freshName("place"))
    let sum = parts.reduce(0) { $0 + ($1.number("share") ?? 0) }
    let shares = parts.enumerated().map { place, row in
      "(\(place), \(SQL.literal(.real((row.number("share") ?? 0) / sum))))"
    }
    // Largest remainder; rounded, for 0.7 × 10 is a little more than 7.
    let sizes = """
      SELECT i, sum(size) OVER (ORDER BY i) - size AS low, sum(size) OVER (ORDER BY i) AS high FROM (
      SELECT i, whole + CASE WHEN row_number() OVER (ORDER BY rest DESC, i) <= n - sum(whole) OVER () THEN 1 ELSE 0 END
      AS size FROM (SELECT i, n, floor(n * share + 1e-9) AS whole, round(n * share - floor(n * share + 1e-9), 9) AS rest
      FROM (SELECT count(*) AS n FROM \(call.table)), (VALUES \(shares.joined(separator: ", "))) p(i, share)))
      """
    let placed = try placed(call, number, place)
    let (low, high) = (call.freshName("low"), call.freshName("high"))
    let names = SQL.identifiers(call.schema.map(\.name))
    let sql = """
      SELECT \(names) FROM (\(placed)), (SELECT low AS \(low), high AS \(high) FROM (\(sizes)) WHERE i = \(index))
      WHERE \(place) >= \(low) AND \(place) < \(high) ORDER BY \(number)
      """
    return TransformStage(sql, call.schema)
  }

  /// The rows with their numbers and their places, from 0, in the order that is cut into parts.
  private static func placed(_ call: TransformCall, _ number: String, _ place: String) throws -> String {
    let rows = call.numbered(number)
    let seed = call.parameters.integer("seed") ?? 0
    let lot = "hash(\(number), \(seed)::UBIGINT)"
    switch call.parameters.text("method") ?? "random" {
    case "ordered":
      let column = try call.parameters.text("column").map { _ in try call.column(parameter: "column", .measured) }
      guard let column else { return "SELECT *, \(number) - 1 AS \(place) FROM (\(rows))" }
      let value = call.present(column)
      let order = "\(value) ASC NULLS LAST"
      guard call.parameters.text("duplicates") == "together" else {
        return "SELECT *, row_number() OVER (ORDER BY \(order), \(number)) - 1 AS \(place) FROM (\(rows))"
      }
      // The middle of the block of equal values.
      return """
        SELECT *, rank() OVER (ORDER BY \(order)) - 1 + (count(*) OVER (PARTITION BY \(value)) - 1) / 2 AS \(place)
        FROM (\(rows))
        """
    case "stratified":
      let group = call.present(try call.column(parameter: "stratify"))
      let depth = call.freshName("depth")
      return """
        SELECT *, row_number() OVER (ORDER BY \(depth), \(lot), \(number)) - 1 AS \(place) FROM (
        SELECT *, (row_number() OVER (PARTITION BY \(group) ORDER BY \(lot), \(number)) - 0.5::DOUBLE)
        / count(*) OVER (PARTITION BY \(group)) AS \(depth) FROM (\(rows)))
        """
    case "key":
      let keys = try call.columns(parameter: "keys")
      let (first, position) = (call.freshName("first"), call.freshName("position"))
      let within = call.partition(keys)
      return """
        SELECT *, (min(\(position)) OVER (PARTITION BY \(first)) + max(\(position)) OVER (PARTITION BY \(first))) / 2
        AS \(place) FROM (
        SELECT *, row_number() OVER (ORDER BY hash(\(first), \(seed)::UBIGINT), \(first), \(number)) - 1 AS \(position)
        FROM (SELECT *, min(\(number)) OVER (\(within)) AS \(first) FROM (\(rows))))
        """
    default: return "SELECT *, row_number() OVER (ORDER BY \(lot), \(number)) - 1 AS \(place) FROM (\(rows))"
    }
  }
}
