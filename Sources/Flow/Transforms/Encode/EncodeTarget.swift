import Frame
import Numerics

/// Categories as the mean of a target, drawn towards the mean of all rows.
///
/// As scikit-learn's TargetEncoder: the means of all rows encode other rows, and the rows that the step was fitted on
/// get, by cross fitting, means of rows of other folds, so that none of them sees its own target. They are known by a
/// checksum of the column and the target. Automatic smoothing is the empirical Bayes estimate (Micci-Barreca 2001,
/// doi:10.1145/507533.507538). A missing value is a category of its own; one that was not there gets the mean.
public enum EncodeTarget: Transform {
  public static let info = OperationInfo(
    "encode-target", .encode, "Encode by target", help: "Put the mean of a target in place of a category.",
    parameters: [
      ParameterInfo(
        "columns", "Columns", .columns, fit: .category,
        help: "The columns to encode. A missing value is a category too; unseen ones get the mean of all rows."),
      ParameterInfo("target", "Target", .column, help: "The column whose mean is taken; it need not be there later."),
      ParameterInfo(
        "kind", "Target holds", .choice(["auto", "binary", "multi-class", "regression"]), initial: "auto",
        help:
          "binary: the share of the greater class. multi-class: a column for each class. regression: the mean. auto: by "
          + "the target's type and number of values."),
      ParameterInfo(
        "smoothing", "Smoothing", .choice(["auto", "fixed", "none"]), initial: "auto",
        help: "How far small categories are drawn to the mean. auto: by the variance. fixed: as if by so many rows."),
      ParameterInfo(
        "weight", "Weight", .number(0...1e12), initial: "10", when: .init("smoothing", "fixed"),
        help: "The number of rows that the mean of all counts as."),
      ParameterInfo(
        "folds", "Folds", .integer(1...100), initial: "5",
        help:
          "The rows of the fit are encoded by the means of other folds; 1 encodes them by all rows, their own included."
      ),
      ParameterInfo("seed", "Seed", .integer(0...Int.max), initial: "0", help: "The same seed makes the same folds."),
      ParameterInfo(
        "keep", "Keep the inputs", .toggle, initial: "false", help: "Keep the encoded columns beside the new ones."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func summary(_ parameters: Parameters) -> String {
    "\(parameters.texts("columns").joined(separator: ", ")) by \(parameters.text("target") ?? "")"
  }

  // MARK: - Fitting

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let target = try call.column(parameter: "target")
    let columns = try columns(call, target)
    let classes = try classes(target, call, reader)
    let folds = call.parameters.integer("folds") ?? 5
    let checksum = try reader.query("SELECT \(checksum(columns, target, call))", note: "reading the target").text(0, 0)
    var encodings: [String: Parameter] = [:]
    for column in columns {
      var categories: [String?] = []
      var places: [String?: Int] = [:]
      var tables: [Parameter] = []
      for y in classes.isEmpty
        ? [target.number] : classes.dropFirst(classes.count == 2 ? 1 : 0).map({ isClass($0, target) })
      {
        let cells = try groups(column, y, target, folds, call, reader)
        for cell in cells where places[cell.category] == nil {
          places[cell.category] = categories.count
          categories.append(cell.category)
        }
        tables.append(table(cells, categories, folds, call.parameters))
      }
      encodings[column.name] = [
        "categories": .list(categories.map { $0.map(Parameter.text) ?? .missing }), "means": .list(tables),
      ]
    }
    return [
      "classes": .list(classes.map(Parameter.text)), "rows": .text(checksum ?? ""), "encodings": .record(encodings),
    ]
  }

  private static func columns(_ call: TransformCall, _ target: Column?) throws -> [Column] {
    let columns = try call.columns(.category)
    if let target, columns.contains(target) { throw call.invalid("column \"\(target.name)\" is the target itself") }
    return columns
  }

  /// The classes of the target in their order; none where its mean is taken.
  private static func classes(_ target: Column, _ call: TransformCall, _ reader: FitReader) throws -> [String] {
    let kind = call.parameters.text("kind") ?? "auto"
    let isNumber = target.kind.isNumeric || target.kind == .boolean
    if kind == "regression" || (kind == "auto" && target.kind == .real) {
      guard isNumber else { throw call.invalid("column \"\(target.name)\" holds \(target.kind.noun), not numbers") }
      return []
    }
    let found = try Categories.ordered(target, call, reader)
    if kind == "auto", target.kind == .integer, found.count > 2 { return [] }
    if found.count < 2 { throw call.invalid("the target \"\(target.name)\" has only one value") }
    if kind == "binary", found.count > 2 {
      throw call.invalid("the target \"\(target.name)\" has \(found.count.grouped) values, and a binary one has two")
    }
    if found.count > 100 {
      throw call.invalid(
        "the target \"\(target.name)\" has \(found.count.grouped) classes, more than 100: choose another")
    }
    return found
  }

  private static func isClass(_ name: String, _ target: Column) -> String {
    "CAST(\(target.words) = \(SQL.text(name)) AS DOUBLE)"
  }

  /// Count, mean and sum of squared deviations of the target in one category and fold.
  private struct Cell {
    var category: String?
    var fold: Int
    var moments: Moments
  }

  private static func groups(
    _ column: Column, _ y: String, _ target: Column, _ folds: Int, _ call: TransformCall, _ reader: FitReader
  ) throws -> [Cell] {
    let row = call.freshName("row")
    let present = target.kind.isNumeric ? "isfinite(\(target.number))" : "NOT \(target.isMissing)"
    let table = try reader.measure(
      target,
      """
      SELECT c, f, count(*), avg(y), var_pop(y) * count(*) FROM (
      SELECT \(column.words) AS c, \(fold(row, folds, call)) AS f, \(y) AS y
      FROM (SELECT *, row_number() OVER () AS \(row) FROM \(call.table)) WHERE \(present))
      GROUP BY c, f ORDER BY c NULLS LAST, f
      """, call)
    return (0..<table.rowCount).map { row in
      Cell(
        category: table.text(row, 0), fold: Int(table.value(row, 1).number ?? 0),
        moments: Moments(
          count: table.value(row, 2).number ?? 0, mean: table.value(row, 3).number ?? 0,
          squares: table.value(row, 4).number ?? 0))
    }
  }

  /// A number from 0 below `folds`.
  private static func fold(_ row: String, _ folds: Int, _ call: TransformCall) -> String {
    "CAST(hash(\(row), \(call.parameters.integer("seed") ?? 0)::UBIGINT) % \(folds) AS BIGINT)"
  }

  /// [1 + folds][categories + 1]: first the means of all rows, then those without each fold; last in each the mean of
  /// all categories.
  private static func table(
    _ cells: [Cell], _ categories: [String?], _ folds: Int, _ parameters: Parameters
  ) -> Parameter {
    let left: [Int?] = folds > 1 ? [nil] + (0..<folds).map(Optional.some) : [nil]
    return .list(
      left.map { fold in
        var all = Moments()
        var byCategory: [String?: Moments] = [:]
        for cell in cells where fold == nil || cell.fold != fold {
          all.add(cell.moments)
          byCategory[cell.category, default: Moments()].add(cell.moments)
        }
        let means = categories.map { smoothed(byCategory[$0] ?? Moments(), all, parameters) }
        return .list((means + [all.mean]).map(Parameter.number))
      })
  }

  private static func smoothed(_ part: Moments, _ all: Moments, _ parameters: Parameters) -> Double {
    guard part.count > 0 else { return all.mean }
    switch parameters.text("smoothing") ?? "auto" {
    case "none": return part.mean
    case "fixed":
      let weight = parameters.number("weight") ?? 10
      return (part.count * part.mean + weight * all.mean) / (part.count + weight)
    default:
      // The share of the category's own mean, by the variance between all rows and that within the category.
      let between = all.squares / all.count * part.count
      let within = part.squares / part.count
      guard between + within > 0 else { return all.mean }
      let share = between / (between + within)
      return share * part.mean + (1 - share) * all.mean
    }
  }

  // MARK: - Applying

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let learned = try call.fitted()
    let target = learned == nil ? try call.column(parameter: "target") : try? call.column(parameter: "target")
    let columns = try columns(call, target)
    let dropped = call.parameters.flag("keep") ? [] : columns.map(\.name)
    guard let learned else {
      // Columns of classes are known only afterwards.
      return try call.adding(
        columns.map { .init($0.name + "_mean", "NULL::DOUBLE", type: "DOUBLE") }, dropping: dropped)
    }
    let row = call.freshName("row")
    let part = call.freshName("fold")
    let folds = call.parameters.integer("folds") ?? 5
    var place = "1"
    if folds > 1, let target {
      let isFitted = "(SELECT \(checksum(columns, target, call))) = \(SQL.text(learned.text("rows") ?? ""))"
      let present = target.kind.isNumeric ? "isfinite(\(target.number))" : "NOT \(target.isMissing)"
      place = "CASE WHEN \(isFitted) AND \(present) THEN \(fold(row, folds, call)) + 2 ELSE 1 END"
    }
    let inner = call.reading(
      """
      SELECT * EXCLUDE (\(row)), \(place) AS \(part) FROM (
      SELECT *, row_number() OVER () AS \(row) FROM \(call.table))
      """)
    let encodings = learned["encodings"]?.record ?? [:]
    let classes = learned.texts("classes")
    var items: [TransformCall.Item] = []
    for column in columns {
      guard let encoding = encodings[column.name]?.record else {
        throw FlowError.notFitted(step: call.step, column: column.name)
      }
      let tables = encoding["means"]?.list ?? []
      for (number, means) in tables.enumerated() {
        let name = classes.count > 2 ? "\(column.name)_\(classes[number])" : "\(column.name)_mean"
        items.append(.init(name, lookup(column, encoding["categories"]?.list ?? [], means, part), type: "DOUBLE"))
      }
    }
    let made = try inner.adding(items, dropping: dropped)
    return made.tidied
  }

  private static func lookup(_ column: Column, _ names: [Parameter], _ means: Parameter, _ part: String) -> String {
    let known = names.compactMap(\.text)
    let categories = Categories(known)
    // Categories stand in the order of the words; the missing one and the mean of all after them.
    var places: [Parameter: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    let missing = places[.missing] ?? names.count
    let order = categories.names.compactMap { places[.text($0)] } + [missing, names.count]
    let lists = (means.list ?? []).map { row in
      let numbers = row.list?.map { $0.number ?? .nan } ?? []
      return order.map { numbers[$0] }
    }
    let count = categories.names.count
    let code =
      "CASE WHEN \(column.words) IS NULL THEN \(count + 1) ELSE coalesce(\(categories.code(column)) + 1, \(count + 2)) END"
    // One list for all folds, for a list in a list would be copied for each row.
    return "list_extract(\(SQL.numbers(lists.flatMap { $0 })), (\(part) - 1) * \(count + 2) + \(code))"
  }

  /// A checksum of the rows that the step reads, as a scalar subquery.
  private static func checksum(_ columns: [Column], _ target: Column, _ call: TransformCall) -> String {
    let row = call.freshName("row")
    let names = SQL.identifiers((columns + [target]).map(\.name))
    return
      "(SELECT count(*) || ':' || coalesce(bit_xor(hash(\(row), \(names))), 0) FROM ("
      + "SELECT *, row_number() OVER () AS \(row) FROM \(call.table)))"
  }
}
