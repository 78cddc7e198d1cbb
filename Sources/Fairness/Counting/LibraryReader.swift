// How smclarify 0.5 reads columns, for the mode that reproduces it. The library guesses whether a column is categorical
// from its type in pandas and from how many of its values differ; a threshold on a column that it takes for categories, or
// a value of one that it takes for numbers, silently means something else.

import Frame
import Jobs

/// Reads columns as the library does.
struct LibraryReader {
  struct Survey {
    /// Values that are there, and different ones.
    var count = 0
    var distinct = 0
    var hasMissing = false
    /// Texts that all are whole numbers.
    var castsToIntegers = false
  }

  let surveys: [String: Survey]
  /// Columns that are pandas categories already.
  let categories: Set<String>

  /// From this share of different values on, integers count as continuous.
  static let uniqueness = 0.05

  static func read(
    _ columns: [Column], categories: [String], from source: String, weight: String?, _ database: Database,
    _ context: any JobContext
  ) throws -> LibraryReader {
    var names: Set<String> = []
    let unique = columns.filter { names.insert($0.name).inserted && $0.kind != .other }
    let figures = unique.map { column in
      let name = SQL.identifier(column.name)
      let value = column.category
      let casts = column.kind == .text ? "bool_and(TRY_CAST(\(name) AS BIGINT) IS NOT NULL)" : "FALSE"
      let rows = weight.map { "coalesce(sum(\(SQL.identifier($0))) FILTER (\(value) IS NOT NULL), 0)" }
      return "\(rows ?? "count(\(value))"), count(DISTINCT \(value)), count(*) > count(\(value)), \(casts)"
    }
    var surveys: [String: Survey] = [:]
    guard !unique.isEmpty else { return LibraryReader(surveys: [:], categories: []) }
    let table = try database.query(
      "SELECT \(figures.joined(separator: ", ")) FROM \(source)", context: context, note: "reading kinds")
    for (place, column) in unique.enumerated() {
      func value(_ offset: Int) -> Value { table.value(0, place * 4 + offset) }
      surveys[column.name] = Survey(
        count: Int(value(0).number ?? 0), distinct: Int(value(1).number ?? 0), hasMissing: value(2) == .bool(true),
        castsToIntegers: value(3) == .bool(true))
    }
    return LibraryReader(surveys: surveys, categories: Set(categories))
  }

  /// The kind, and why.
  func kind(_ column: Column, values: Int) -> (kind: BiasReport.Reading.Kind, reason: String) {
    if categories.contains(column.name) { return (.categorical, "smclarify: cast to category") }
    if values > 1 { return (.categorical, "smclarify: several values are named") }
    let survey = surveys[column.name] ?? Survey()
    let share = survey.count > 0 ? Double(survey.distinct) / Double(survey.count) : 0
    let shares = "\(survey.distinct) of \(survey.count) values differ"
    switch column.kind {
    case .real: return (.continuous, "smclarify: real numbers")
    case .integer where survey.hasMissing: return (.continuous, "smclarify: whole numbers with missing values are real")
    case .integer: return (share >= Self.uniqueness ? .continuous : .categorical, "smclarify: \(shares)")
    case .text:
      let isNumber = survey.castsToIntegers && !survey.hasMissing
      guard isNumber else { return (.categorical, "smclarify: texts") }
      return (share >= Self.uniqueness ? .continuous : .categorical, "smclarify: whole numbers as texts, \(shares)")
    case .boolean, .date, .timestamp, .time, .other: return (.categorical, "smclarify: \(column.kind.rawValue) values")
    }
  }

  func outcome(
    _ asked: BiasSpec.Outcome, _ column: Column
  ) throws -> (positive: BiasSpec.Outcome, reading: BiasReport.Reading) {
    let texts = Self.texts(asked, column)
    let (kind, reason) = kind(column, values: texts.count)
    let shown = texts.joined(separator: ",")
    guard kind == .continuous else {
      return (.values(texts), .init(column: column.name, kind: kind, reason: reason, selected: shown))
    }
    guard let threshold = texts.first.flatMap(ValueMatcher.number) else {
      throw BiasError.badSetting(
        "smclarify takes \"\(column.name)\" for continuous (\(reason)), and then needs a threshold instead of \(shown)")
    }
    return (
      .above(threshold),
      .init(column: column.name, kind: kind, reason: reason, selected: "> " + column.text(of: threshold))
    )
  }

  func groups(
    _ asked: BiasSpec.Groups, _ column: Column
  ) throws -> (groups: BiasSpec.Groups, reading: BiasReport.Reading, failure: String?) {
    let texts: [String] =
      switch asked {
      case .eachValue: []
      case .values(let values): values
      case .above(let thresholds): thresholds.map { column.text(of: $0) }
      }
    let (kind, reason) = kind(column, values: texts.count)
    var reading = BiasReport.Reading(
      column: column.name, kind: kind, reason: reason, selected: texts.joined(separator: ","))
    guard kind == .continuous else {
      return (texts.isEmpty ? .eachValue : .values(texts), reading, nil)
    }
    guard let first = texts.first else {
      return (asked, reading, "Threshold values must be provided for continuous features")
    }
    guard let threshold = ValueMatcher.number(first) else {
      return (asked, reading, "Facet/label value provided must be a single numeric threshold for continuous data")
    }
    reading.selected = "> " + column.text(of: threshold)
    return (.above([threshold]), reading, nil)
  }

  /// The column as pandas holds it: a threshold of texts, and whole numbers with missing values, are real.
  func shown(_ column: Column) -> Column {
    let isReal = column.kind == .text || (column.kind == .integer && surveys[column.name]?.hasMissing == true)
    return isReal ? Column(name: column.name, type: "DOUBLE") : column
  }

  /// What pandas says of values that a column of numbers cannot have.
  static func conversionFailure(_ outcome: BiasSpec.Outcome, _ column: Column) -> String? {
    guard case .values(let values) = outcome, column.kind.isNumeric else { return nil }
    return values.first { ValueMatcher.number($0) == nil }.map { "could not convert string to float: '\($0)'" }
  }

  private static func texts(_ outcome: BiasSpec.Outcome, _ column: Column) -> [String] {
    switch outcome {
    case .values(let values): values
    case .above(let threshold): [column.text(of: threshold)]
    }
  }
}
