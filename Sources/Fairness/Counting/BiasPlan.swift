// How a spec's columns are read: which expression of SQL gives the key that a row is counted under, and what the keys mean.

import Frame

/// A spec with its columns found and its rules made definite.
struct BiasPlan {
  /// A facet, its key, and the pairs of groups that it stands for.
  struct Facet {
    var column: Column
    var groups: BiasSpec.Groups
    /// The key of a row: a value where `isRaw`, the number of thresholds that it is above, or whether it is named.
    var sql: String
    var isRaw: Bool
    /// In rising order; the key is how many of them a row passes.
    var thresholds: [Double] = []
    /// The column as its numbers are written: pandas makes whole numbers with missing values real, and texts too.
    var shown: Column
    /// Why it cannot be compared at all.
    var failure: String?
  }

  var spec: BiasSpec
  var facets: [Facet]
  var label: Column
  var positive: BiasSpec.Outcome
  /// The classes of the label, or whether it is positive.
  var labelSQL: String
  var labelIsRaw: Bool
  /// Whether the prediction is positive.
  var predictionSQL: String?
  /// The classes of predicted labels, where they have few.
  var predictedClassSQL: String?
  /// One, or one for each class.
  var predictions: [Column] = []
  var group: Column?
  /// What stops all post-training metrics.
  var predictionFailure: String?
  /// What stops CDDL and CDDPL.
  var groupFailure: String?
  var readings: [BiasReport.Reading]
  var notes: [String]

  /// Values that are compared one by one at most, classes of a label that are counted one by one, strata.
  static let mostValues = 500
  static let mostClasses = 50
  static let mostStrata = 10_000
  /// The first rows, which say whether a column has few values, and in which order they appear.
  static let headRows = 20_000
  static let missing = "(missing)"

  var hasPredictions: Bool { predictionSQL != nil }
  /// `p`, or `p_no, p_yes` of several columns; nil without predictions.
  var predictionName: String? {
    predictions.isEmpty ? nil : predictions.map(\.name).joined(separator: ", ")
  }

  /// Above the threshold, missing where there is no number.
  static func above(_ number: String, _ threshold: Double) -> String {
    "(\(number) > \(SQL.literal(.real(threshold))))"
  }
}

/// The values of a column in the first rows.
struct ColumnHead {
  /// In order of first appearance; at most so many as are compared.
  var values: [Value]
  var count: Int
}

extension BiasPlan {
  /// - Parameter heads: of the columns by name.
  /// - Throws: `BiasError`.
  init(_ spec: BiasSpec, schema: Schema, heads: [String: ColumnHead], library: LibraryReader?) throws {
    try Self.check(spec, schema)
    self.spec = spec
    readings = []
    notes = []
    label = try schema.column(required: spec.label.column)
    let labelReading = try Self.outcome(spec.label.positive, label, library)
    positive = labelReading.positive
    readings.append(labelReading.reading)
    switch positive {
    case .values(let values):
      labelIsRaw = heads[label.name].map { $0.count <= Self.mostClasses } ?? false
      labelSQL = labelIsRaw ? label.category : ValueMatcher(label, values).sql
    case .above(let threshold):
      labelIsRaw = false
      labelSQL = Self.above(label.measure, threshold)
    }
    facets = []
    for facet in spec.facets {
      let (planned, reading) = try Self.facet(facet, schema: schema, heads: heads, library)
      facets.append(planned)
      readings.append(reading)
    }
    try readPrediction(schema, heads, library)
    if let name = spec.group {
      let column = try schema.column(required: name)
      if let head = heads[name], head.count > Self.mostStrata {
        groupFailure = "column \"\(name)\" has more than \(Self.mostStrata) values, and strata need few: choose another"
      } else {
        group = column
      }
    }
  }

  private mutating func readPrediction(_ schema: Schema, _ heads: [String: ColumnHead], _ library: LibraryReader?)
    throws
  {
    guard let prediction = spec.prediction else { return }
    predictions = try prediction.columns.map { try schema.column(required: $0) }
    if case .highest(_, let labels) = prediction {
      let scores = try ClassScores(predictions, labels: labels, label: label, head: heads[label.name])
      spec.prediction = .highest(columns: prediction.columns, labels: scores.labels)
      predictionSQL = try scores.isPositive(positive, label)
      if labelIsRaw { predictedClassSQL = scores.predictedClass(label) }
      return readings.append(
        .init(
          column: predictionName ?? "", kind: .categorical, reason: "the class with the highest score",
          selected: readings[0].selected))
    }
    guard let column = predictions.first else { return }
    switch prediction {
    case .highest: break
    case .score(_, let threshold):
      guard column.kind.isNumeric || column.kind == .boolean else {
        throw BiasError.notNumeric(column: column.name, kind: column.kind)
      }
      predictionSQL = Self.above(column.measure, threshold)
      readings.append(
        .init(
          column: column.name, kind: .continuous, reason: "a score with a threshold",
          selected: "> " + (Value.real(threshold).text ?? "")))
    case .label:
      let reading = try Self.outcome(spec.label.positive, column, library)
      readings.append(reading.reading)
      if library != nil {
        predictionFailure =
          reading.reading.kind != readings[0].kind
          ? "Predicted Label Column series datatype is not the same as Label Column series"
          : LibraryReader.conversionFailure(reading.positive, column)
      }
      switch reading.positive {
      case .values(let values):
        predictionSQL = ValueMatcher(column, values).sql
        if labelIsRaw, let head = heads[column.name], head.count <= Self.mostClasses {
          predictedClassSQL = column.category
        }
      case .above(let threshold): predictionSQL = Self.above(column.measure, threshold)
      }
    }
  }

  /// No column in two parts, and settings that make sense.
  private static func check(_ spec: BiasSpec, _ schema: Schema) throws {
    guard !spec.facets.isEmpty else { throw BiasError.noFacets }
    if case .values(let values) = spec.label.positive, values.isEmpty {
      throw BiasError.noPositiveValues(column: spec.label.column)
    }
    guard spec.confidence > 0, spec.confidence < 1 else {
      throw BiasError.badSetting("a confidence of \(spec.confidence) is none: choose one between 0 and 1, such as 0.95")
    }
    guard spec.draws >= 0, spec.draws <= 1_000_000 else {
      throw BiasError.badSetting("\(spec.draws) bootstrap draws are too many or too few: choose 0 to 1,000,000")
    }
    guard spec.smoothing >= 0, spec.smoothing.isFinite else {
      throw BiasError.badSetting("a smoothing of \(spec.smoothing) is none: choose 0 or more")
    }
    var parts = [(spec.label.column, "the label")]
    for column in spec.prediction?.columns ?? [] {
      if column == spec.label.column { throw BiasError.sameColumn(column, as: "the label", and: "the prediction") }
      parts.append((column, "the prediction"))
    }
    for facet in spec.facets {
      guard let (_, part) = parts.first(where: { $0.0 == facet.column }) else { continue }
      throw BiasError.sameColumn(facet.column, as: part, and: "a facet")
    }
    for name in spec.intersections.joined() where !spec.facets.contains(where: { $0.column == name }) {
      throw BiasError.notAFacet(name)
    }
    for name in (spec.features ?? []) + spec.segments.map(\.column) { _ = try schema.column(required: name) }
  }

  private static func outcome(
    _ asked: BiasSpec.Outcome, _ column: Column, _ library: LibraryReader?
  ) throws -> (positive: BiasSpec.Outcome, reading: BiasReport.Reading) {
    guard column.kind != .other else { throw BiasError.nested(column: column.name) }
    if let library { return try library.outcome(asked, column) }
    switch asked {
    case .values(let values):
      let shown = values.joined(separator: ",")
      return (
        asked, .init(column: column.name, kind: .categorical, reason: "positive values are named", selected: shown)
      )
    case .above(let threshold):
      guard column.kind.isNumeric else { throw BiasError.notNumeric(column: column.name, kind: column.kind) }
      let shown = "> " + column.text(of: threshold)
      return (asked, .init(column: column.name, kind: .continuous, reason: "a threshold is given", selected: shown))
    }
  }

  private static func facet(
    _ facet: BiasSpec.Facet, schema: Schema, heads: [String: ColumnHead], _ library: LibraryReader?
  ) throws -> (Facet, BiasReport.Reading) {
    let column = try schema.column(required: facet.column)
    guard column.kind != .other else { throw BiasError.nested(column: column.name) }
    var reading: BiasReport.Reading
    var groups = facet.groups
    if let library {
      let read = try library.groups(facet.groups, column)
      (groups, reading) = (read.groups, read.reading)
      if let failure = read.failure {
        return (
          Facet(column: column, groups: groups, sql: "FALSE", isRaw: false, shown: column, failure: failure), reading
        )
      }
    } else {
      reading = .init(column: column.name, kind: .categorical, reason: "each value in turn", selected: "")
    }
    let count = heads[column.name]?.count ?? 0
    switch groups {
    case .eachValue:
      guard count <= mostValues else {
        throw BiasError.tooManyValues(column: column.name, found: count, most: mostValues)
      }
      return (Facet(column: column, groups: groups, sql: column.category, isRaw: true, shown: column), reading)
    case .values(let values):
      guard !values.isEmpty else {
        throw BiasError.badSetting("facet \"\(column.name)\" names no value: name some, or take each value in turn")
      }
      if library == nil {
        reading.reason = "values are named"
        reading.selected = values.joined(separator: ",")
      }
      let isRaw = count <= mostClasses
      let sql = isRaw ? column.category : ValueMatcher(column, values).sql
      return (Facet(column: column, groups: groups, sql: sql, isRaw: isRaw, shown: column), reading)
    case .above(let thresholds):
      guard library != nil || column.kind.isNumeric else {
        throw BiasError.notNumeric(column: column.name, kind: column.kind)
      }
      let sorted = Array(Set(thresholds.filter { !$0.isNaN })).sorted()
      guard !sorted.isEmpty else {
        throw BiasError.badSetting("facet \"\(column.name)\" has no threshold: give one, or take each value in turn")
      }
      if library == nil {
        reading.kind = .continuous
        reading.reason = sorted.count == 1 ? "a threshold is given" : "thresholds are given"
        reading.selected = "> " + sorted.map(column.text).joined(separator: ", > ")
      }
      let passed = sorted.map { "CAST(\(above(column.measure, $0)) AS TINYINT)" }.joined(separator: " + ")
      return (
        Facet(
          column: column, groups: groups, sql: "(\(passed))", isRaw: false, thresholds: sorted,
          shown: library?.shown(column) ?? column), reading
      )
    }
  }
}

extension Column {
  /// A number as the column's values are written: `40` of integers, `3.0` of reals.
  public func text(of number: Double) -> String {
    kind != .real && number == number.rounded() && abs(number) < 1e15
      ? String(Int64(number)) : Value.real(number).text ?? ""
  }
}
