import Frame

/// The cells of groups of people × outcomes that fairness steps count: which cell a row is in, as SQL.
///
/// A row without a label, or without one of the facets, is in no cell.
struct GroupCells {
  /// One cell as it is learnt.
  struct Cell: Sendable {
    /// One name a facet.
    var groups: [String]
    var outcome: String
    var rows: Int
  }

  let call: TransformCall
  let facets: [Column]
  let label: Column

  /// More cells than this are no groups of people.
  static let most = 2000

  init(_ call: TransformCall) throws {
    self.call = call
    facets = try call.columns(parameter: "facets")
    label = try call.column(parameter: "label")
    if let twice = facets.first(where: { $0.name == label.name }) {
      throw call.invalid("column \"\(twice.name)\" is both facet and label: choose another column for one of them")
    }
    guard facets.count > 1 else { return }
    if !Self.items(call.parameters["values"]).isEmpty || !(call.parameters["thresholds"]?.list ?? []).isEmpty {
      throw call.invalid("values and thresholds are of one facet: choose one facet, or leave them empty")
    }
  }

  /// The parameters that say the cells, for the form.
  static let parameters: [ParameterInfo] = [
    ParameterInfo("facets", "Facets", .columns, help: "The columns whose groups of people are to be treated alike."),
    ParameterInfo(
      "values", "Group values", .texts, isOptional: true,
      help: "Of one facet: these values together against all others; left empty, each value is a group."),
    ParameterInfo(
      "thresholds", "Thresholds", .texts, isOptional: true,
      help: "Of one facet of numbers: the groups lie between these numbers; each belongs to the group below it."),
    ParameterInfo("label", "Label", .column, help: "The column with the outcome."),
    ParameterInfo(
      "positives", "Positive values", .texts, isOptional: true,
      help: "The values of a good outcome, against all others; left empty, each value is an outcome of its own."),
    ParameterInfo(
      "above", "Positive above", .number(-1e300...1e300), isOptional: true,
      help: "For a label of numbers: outcomes above this one are good; the number itself is not."),
  ]

  static func summary(_ parameters: Parameters) -> String {
    "\(parameters.texts("facets").joined(separator: " × ")) × \(parameters.text("label") ?? "")"
  }

  static func fault(_ parameters: Parameters) -> String? {
    let items = parameters["thresholds"]?.list ?? []
    let thresholds = parameters.numbers("thresholds")
    if thresholds.count < items.count { return "every threshold must be a number" }
    if !zip(thresholds, thresholds.dropFirst()).allSatisfy(<) { return "the thresholds must ascend" }
    if !items.isEmpty, !Self.items(parameters["values"]).isEmpty { return "give group values or thresholds, not both" }
    if parameters.number("above") != nil, !Self.items(parameters["positives"]).isEmpty {
      return "give positive values or a number to be above, not both"
    }
    return nil
  }

  // MARK: - SQL

  /// A text that tells cells apart, NULL for a row in no cell.
  var key: String { (facetNames + [outcome]).map { "length(\($0)) || ':' || \($0)" }.joined(separator: " || ") }

  private static func key(_ cell: Cell) -> String {
    (cell.groups + [cell.outcome]).map { "\($0.unicodeScalars.count):\($0)" }.joined()
  }

  /// A value of each cell, NULL for a row of none of them.
  func value(_ values: [(cell: Cell, value: Double)]) -> String {
    let usable = values.filter { !Self.key($0.cell).contains("\0") }
    let categories = Categories(usable.map { Self.key($0.cell) })
    return categories.names.isEmpty
      ? "CAST(NULL AS DOUBLE)" : "list_extract(\(SQL.numbers(usable.map(\.value))), \(categories.code(key)) + 1)"
  }

  private var facetNames: [String] {
    facets.map { facet in
      let thresholds = call.parameters.numbers("thresholds")
      if !thresholds.isEmpty { return Self.interval(facet, thresholds) }
      let values = Self.items(call.parameters["values"])
      guard !values.isEmpty else { return Self.present(facet, facet.words) }
      let name = SQL.text(values.joined(separator: ","))
      return Self.present(facet, "CASE WHEN \(Self.isOne(of: values, facet)) THEN \(name) ELSE 'others' END")
    }
  }

  /// Whether a row of a cell has a positive outcome.
  var isPositive: String { "\(outcome) = 'positive'" }

  private var outcome: String {
    let positives = Self.items(call.parameters["positives"])
    if let above = call.parameters.number("above") {
      return Self.present(
        label,
        "CASE WHEN TRY_CAST(\(SQL.identifier(label.name)) AS DOUBLE) > \(SQL.number(above)) "
          + "THEN 'positive' ELSE 'negative' END")
    }
    guard !positives.isEmpty else { return Self.present(label, label.words) }
    return Self.present(label, "CASE WHEN \(Self.isOne(of: positives, label)) THEN 'positive' ELSE 'negative' END")
  }

  /// Numbers and flags in a list stand for their texts.
  private static func items(_ parameter: Parameter?) -> [String] {
    switch parameter {
    case .text(let text)?: text.isEmpty ? [] : [text]
    case .list(let items)?: items.map(\.spelling)
    case .number(let number)?: [Parameter.number(number).spelling]
    case .flag(let flag)?: [flag ? "true" : "false"]
    case .record, .missing, nil: []
    }
  }

  private static func present(_ column: Column, _ sql: String) -> String {
    "CASE WHEN NOT \(column.isMissing) THEN \(sql) END"
  }

  /// Texts are compared with texts, numbers with numbers.
  private static func isOne(of values: [String], _ column: Column) -> String {
    let numbers = values.compactMap(Double.init).filter(\.isFinite)
    if column.kind.isNumeric {
      let list = numbers.isEmpty ? "NULL" : numbers.map(SQL.number).joined(separator: ", ")
      return "coalesce(\(column.number) IN (\(list)), false)"
    }
    var words = values
    if column.kind == .boolean {
      words += values.compactMap { ["1": "true", "0": "false", "True": "true", "False": "false"][$0] }
    }
    return "\(column.words) IN (\(words.map(SQL.text).joined(separator: ", ")))"
  }

  private static func interval(_ column: Column, _ thresholds: [Double]) -> String {
    let x = "TRY_CAST(\(SQL.identifier(column.name)) AS DOUBLE)"
    let names = (0...thresholds.count).map { place -> String in
      let low = place > 0 ? Parameter.number(thresholds[place - 1]).spelling : nil
      let high = place < thresholds.count ? Parameter.number(thresholds[place]).spelling : nil
      if let low, let high { return "(\(low), \(high)]" }
      return high.map { "<= \($0)" } ?? "> \(low ?? "")"
    }
    let branches = zip(thresholds, names).map { "WHEN \(x) <= \(SQL.number($0)) THEN \(SQL.text($1))" }
    let tree = "CASE \(branches.joined(separator: " ")) ELSE \(SQL.text(names[thresholds.count])) END"
    return present(column, "CASE WHEN \(x) IS NOT NULL AND NOT isnan(\(x)) THEN \(tree) END")
  }

  // MARK: - Learning

  /// The cells that rows are in, by their groups and outcomes.
  /// - Throws: `FlowError` where there are too many to be groups of people.
  func counted(_ reader: FitReader) throws -> [Cell] {
    let names = facetNames + [outcome]
    let places = (1...names.count).map(String.init).joined(separator: ", ")
    let table = try reader.query(
      """
      SELECT \(names.joined(separator: ", ")), count(*) FROM \(call.table)
      WHERE \(key) IS NOT NULL GROUP BY \(places) ORDER BY \(places) LIMIT \(Self.most + 1)
      """, note: "counting groups")
    guard table.rowCount <= Self.most else {
      throw call.invalid(
        "facets and label make more than \(Self.most) cells: name values, give thresholds, or choose other columns")
    }
    return (0..<table.rowCount).map { row in
      let texts = names.indices.map { table.text(row, $0) ?? "" }
      return Cell(
        groups: Array(texts.dropLast()), outcome: texts.last ?? "",
        rows: Int(table.value(row, names.count).number ?? 0))
    }
  }

  /// What each cell would have if outcomes did not depend on groups: rows of the group × rows of the outcome / all rows.
  static func expected(_ cells: [Cell]) -> [Double] {
    var (groups, outcomes): ([[String]: Int], [String: Int]) = ([:], [:])
    for cell in cells {
      groups[cell.groups, default: 0] += cell.rows
      outcomes[cell.outcome, default: 0] += cell.rows
    }
    let total = Double(cells.reduce(0) { $0 + $1.rows })
    return cells.map { Double(groups[$0.groups] ?? 0) * Double(outcomes[$0.outcome] ?? 0) / total }
  }

  /// The cells as they stand in a file, each with a figure.
  static func learned(_ cells: [Cell], _ name: String, _ figures: [Double]) -> Parameters {
    let records = zip(cells, figures).map { cell, figure -> Parameter in
      .record([
        "groups": .list(cell.groups.map(Parameter.text)), "outcome": .text(cell.outcome),
        "rows": .number(Double(cell.rows)), name: .number(figure),
      ])
    }
    return ["cells": .list(records)]
  }

  static func read(_ learned: Parameters, _ name: String) -> [(cell: Cell, value: Double)] {
    learned.rows("cells").map { row in
      let cell = Cell(
        groups: row["groups"]?.list?.compactMap(\.text) ?? [], outcome: row["outcome"]?.text ?? "",
        rows: row.integer("rows") ?? 0)
      return (cell, row.number(name) ?? 0)
    }
  }
}
