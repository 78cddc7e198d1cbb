// Measures all columns for the quality report: null cells of all columns in one pass, distributions of a few columns of numbers
// and times at a time, and the values of each column in one more pass that reads this column alone.

import Frame
import Jobs

/// Measures the columns of a relation.
/// - Throws: `FrameError` or `JobCancelled`.
public func featureStatistics(
  _ relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> [FeatureStatistics] {
  try FeatureSurvey(source: SQL.subquery(relation), schema: schema, database: database, context: context).run()
}

struct FeatureSurvey {
  let source: String
  let schema: Schema
  let database: Database
  let context: any JobContext

  static let mostLabels = 100
  /// A column of texts is one of numbers or times where so much of its head can be read as such.
  private static let readableShare = 0.9
  private static let head = 10_000
  /// Texts with more different values are no categories, nor are those of which hardly two are alike.
  static let mostCategories = 1000

  /// What a column is read as.
  enum Reading { case number, time, category, nothing }

  struct Feature {
    let column: Column
    var reading: Reading
    /// The column's values as they are counted: missing where they are null or unreadable; texts of categories as they are.
    var value: String
    /// As DOUBLE; nil of categories.
    var number: String?
    /// Texts that are read as numbers or times.
    var isParsed = false

    /// Whether DOUBLE tells the column's values apart, and it has some.
    fileprivate func isExact(as figures: DistributionFigures) -> Bool {
      guard reading == .number, let low = figures.min, let high = figures.max else { return false }
      if column.type == "DOUBLE" { return true }
      return column.kind == .integer && column.type.hasSuffix("INT") && max(-low, high) < 0x1p53
    }

    /// Categories of texts, whose blank ones are told apart as they are counted.
    var hasBlanks: Bool { reading == .category && column.kind == .text }
  }

  func run() throws -> [FeatureStatistics] {
    let features = try read()
    var statistics = try absences(features)
    try distributions(features, &statistics)
    for (index, feature) in features.enumerated() where statistics[index].labels.isEmpty {
      context.report(0.5 + 0.5 * Double(index) / Double(max(1, features.count)), "counting \(feature.column.name)")
      try values(feature, &statistics[index])
    }
    return statistics
  }

  // MARK: - Kinds

  func read() throws -> [Feature] {
    let texts = schema.filter { $0.kind == .text }
    var readings: [String: Reading] = [:]
    for batch in texts.batches(of: 200) {
      let items = batch.flatMap { column in
        let text = "nullif(trim(CAST(\(SQL.identifier(column.name)) AS VARCHAR), \(Absence.blanks)), '')"
        return [
          "count(\(text))", "count(*) FILTER (isfinite(TRY_CAST(\(text) AS DOUBLE)))",
          "count(TRY_CAST(\(text) AS TIMESTAMP))",
        ]
      }
      let table = try database.query(
        "SELECT \(items.joined(separator: ", ")) FROM (SELECT * FROM \(source) LIMIT \(Self.head))", context: context,
        note: "looking at texts")
      for (place, column) in batch.enumerated() {
        let counts = (0..<3).map { Double(table.value(0, 3 * place + $0).whole) }
        guard counts[0] > 0 else { continue }
        if counts[1] >= Self.readableShare * counts[0] {
          readings[column.name] = .number
        } else if counts[2] >= Self.readableShare * counts[0] {
          readings[column.name] = .time
        }
      }
    }
    return schema.map { column in
      let name = SQL.identifier(column.name)
      switch column.kind {
      case .integer, .real:
        let number = "CAST(\(name) AS DOUBLE)"
        let value = column.kind == .real ? "CASE WHEN isfinite(\(number)) THEN \(name) END" : name
        return Feature(column: column, reading: .number, value: value, number: number)
      case .date, .timestamp, .time:
        return Feature(
          column: column, reading: .time, value: name, number: (try? AxisColumn(column, advice: ""))?.sql)
      case .boolean: return Feature(column: column, reading: .category, value: name)
      case .other: return Feature(column: column, reading: .nothing, value: "CAST(\(name) AS VARCHAR)")
      case .text: break
      }
      let text = column.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)"
      switch readings[column.name] {
      case .number:
        let number = "TRY_CAST(\(text) AS DOUBLE)"
        return Feature(
          column: column, reading: .number, value: "CASE WHEN isfinite(\(number)) THEN \(number) END", number: number,
          isParsed: true)
      case .time:
        let time = "TRY_CAST(\(text) AS TIMESTAMP)"
        let finite = "CASE WHEN isfinite(\(time)) THEN \(time) END"
        return Feature(
          column: column, reading: .time, value: finite, number: "epoch(\(finite))", isParsed: true)
      default:
        return Feature(column: column, reading: .category, value: text)
      }
    }
  }

  // MARK: - Passes

  /// Null cells of all columns, and the blank ones of texts that are parsed.
  private func absences(_ features: [Feature]) throws -> [FeatureStatistics] {
    var statistics: [FeatureStatistics] = []
    for batch in features.batches(of: 200) {
      let items = batch.flatMap { feature in
        feature.isParsed
          ? Array(Absence(column: feature.column).counts.prefix(3))
          : ["count(*) - count(\(SQL.identifier(feature.column.name)))", "0", "0"]
      }
      let table = try database.query(
        "SELECT count(*), \(items.joined(separator: ", ")) FROM \(source)", context: context,
        note: "counting missing cells")
      for (place, feature) in batch.enumerated() {
        let counts = (1...3).map { table.value(0, 3 * place + $0).whole }
        statistics.append(
          FeatureStatistics(
            column: feature.column.name, type: feature.column.type, kind: .other, rows: table.value(0, 0).whole,
            missing: counts[0], empty: counts[1], whitespace: counts[2], notANumber: 0, infinite: 0, unreadable: 0,
            cardinality: 0, labels: []))
      }
    }
    return statistics
  }

  private func distributions(_ features: [Feature], _ statistics: inout [FeatureStatistics]) throws {
    let chosen = features.indices.filter { features[$0].number != nil }
    let survey = DistributionSurvey(database: database, context: PartContext(of: context, 0.1...0.5))
    let measured = try survey.survey(
      chosen.compactMap { features[$0].number }, in: source, rows: statistics.first?.rows ?? 0, most: Self.mostLabels)
    for (place, index) in chosen.enumerated() {
      if features[index].isExact(as: measured[place].figures) {
        try count(features[index], measured[place], &statistics[index])
      }
      var found = measured[place].figures
      // The texts `NaN` and `inf` are unreadable as numbers.
      let isParsed = features[index].isParsed
      statistics[index].infinite = isParsed ? 0 : found.infinite
      statistics[index].notANumber = features[index].column.kind == .real ? found.notANumber : 0
      if isParsed { statistics[index].unreadable = statistics[index].rows - statistics[index].absent - found.count }
      if features[index].reading == .time { (found.lowOutliers, found.highOutliers) = (0, 0) }
      statistics[index].figures = found
    }
  }

  /// Takes the counts of a column's values from its measurement.
  private func count(
    _ feature: Feature, _ measured: DistributionSurvey.Measured, _ statistics: inout FeatureStatistics
  ) throws {
    let list = measured.frequent.map { SQL.literal(.real($0.value)) }.joined(separator: ", ")
    let texts = try database.query(
      "SELECT CAST(CAST(v AS \(feature.column.type)) AS VARCHAR) FROM (SELECT unnest([\(list)]::DOUBLE[]) AS v)")
    statistics.labels = measured.frequent.enumerated().map {
      .init(value: texts.text($0.offset, 0) ?? "", count: $0.element.count)
    }
    statistics.cardinality = measured.distinct
    statistics.kind = Self.kind(feature.reading, statistics)
  }

  /// Counts the values of a column.
  private func values(_ feature: Feature, _ statistics: inout FeatureStatistics) throws {
    let projection = "SELECT \(feature.value) AS v FROM \(source)"
    let absence = Absence(text: "v")
    let isValue = feature.hasBlanks ? "NOT (\(absence.empty) OR \(absence.whitespace))" : "TRUE"
    let sizes =
      feature.hasBlanks
      ? """
      count(*) FILTER (\(isValue)), coalesce(sum(n) FILTER (\(absence.empty)), 0),
      coalesce(sum(n) FILTER (\(absence.whitespace)), 0), NULL, NULL
      """
      : "count(*), 0, 0, \(feature.reading == .time ? "CAST(min(v) AS VARCHAR), CAST(max(v) AS VARCHAR)" : "NULL, NULL")"
    let table = try database.query(
      """
      WITH counts AS MATERIALIZED (SELECT v, count(*) AS n FROM (\(projection)) WHERE v IS NOT NULL GROUP BY v),
      sizes(c, e, w, a, z) AS (SELECT \(sizes) FROM counts),
      labels AS (SELECT v, n FROM counts WHERE \(isValue) ORDER BY n DESC, v LIMIT \(Self.mostLabels))
      SELECT c, CAST(e AS BIGINT), CAST(w AS BIGINT), a, z, left(CAST(v AS VARCHAR), \(ProfiledColumn.textLimit)), n
      FROM sizes LEFT JOIN labels ON TRUE ORDER BY n DESC, v
      """, context: context, note: "counting \(feature.column.name)")
    statistics.cardinality = table.value(0, 0).whole
    if feature.hasBlanks {
      (statistics.empty, statistics.whitespace) = (table.value(0, 1).whole, table.value(0, 2).whole)
    }
    if statistics.cardinality > 0 {
      statistics.labels = (0..<table.rowCount).map {
        .init(value: table.text($0, 5) ?? "", count: table.value($0, 6).whole)
      }
      (statistics.earliest, statistics.latest) = (table.text(0, 3), table.text(0, 4))
    }
    statistics.kind = Self.kind(feature.reading, statistics)
  }

  static func kind(_ reading: Reading, _ statistics: FeatureStatistics) -> FeatureStatistics.Kind {
    switch reading {
    case .nothing: .other
    case .time: .datetime
    case .number: statistics.cardinality == 2 ? .binary : .numeric
    case .category:
      if statistics.cardinality == 2 {
        .binary
      } else if statistics.cardinality > mostCategories
        || (statistics.cardinality > 20 && 2 * statistics.cardinality > statistics.valid)
      {
        .text
      } else {
        .categorical
      }
    }
  }
}
