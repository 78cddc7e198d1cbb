// Measures all columns for the quality report where a cluster has the rows: every figure is an aggregate that the cluster
// computes over all of them, in Spark's SQL. What comes here is a few hundred values a column.

import Frame
import Jobs

/// Rows that a cluster has, as the reports ask for them.
public struct ClusterRows: Sendable {
  /// A SELECT of the cluster.
  let sql: String
  let schema: Schema
  /// Puts the answer to a query of the cluster into a new table of the database, and says meanwhile what it is for.
  let bring: @Sendable (_ sql: String, _ table: String, _ note: String) throws -> Void

  public init(
    sql: String, schema: Schema,
    bring: @escaping @Sendable (_ sql: String, _ table: String, _ note: String) throws -> Void
  ) {
    (self.sql, self.schema, self.bring) = (sql, schema, bring)
  }

  /// Gives `body` the answer to a query of the cluster as a table of the database.
  func answer<Result>(
    _ sql: String, _ note: String, in database: Database, _ body: (_ table: String) throws -> Result
  ) throws -> Result {
    let table = "assay_answer_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    defer { try? database.execute("DROP TABLE IF EXISTS \(table)") }
    try bring(sql, table, note)
    return try body(table)
  }

  /// The one row of an answer.
  func row(_ items: [String], from source: String, _ note: String, in database: Database) throws -> DataTable {
    let named = items.enumerated().map { "\($0.element) AS a\($0.offset)" }.joined(separator: ", ")
    return try answer("SELECT \(named) FROM (\(source))", note, in: database) {
      try database.query("SELECT * FROM \($0)")
    }
  }
}

/// Measures the columns of a cluster's rows as `featureStatistics` does those of the database.
struct ClusterFeatureSurvey {
  let rows: ClusterRows
  let features: [FeatureSurvey.Feature]
  let database: Database
  let context: any JobContext
  /// Rows up to which the cluster's own percentile is asked.
  var fewRows = ClusterQuantiles.fewRows

  /// Columns measured in one query.
  private static let batch = 40
  private static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

  func run() throws -> [FeatureStatistics] {
    var statistics: [FeatureStatistics] = []
    for batch in features.batches(of: Self.batch) { statistics += try measure(batch) }
    for batch in Array(features.indices).batches(of: Self.batch) { try shapes(batch, &statistics) }
    for (index, feature) in features.enumerated() {
      context.report(
        0.5 + 0.5 * Double(index) / Double(max(1, features.count)), "counting \(feature.column.name)")
      try values(feature, &statistics[index])
    }
    return statistics
  }

  // MARK: - Expressions of the cluster

  private func name(_ feature: FeatureSurvey.Feature) -> String { TableAddress.quoted(feature.column.name) }

  /// The column as DOUBLE, or seconds; nil of categories.
  private func number(_ feature: FeatureSurvey.Feature) -> String? {
    let name = name(feature)
    switch (feature.reading, feature.column.kind) {
    case (.number, .text): return "TRY_CAST(\(name) AS DOUBLE)"
    case (.number, _): return "CAST(\(name) AS DOUBLE)"
    case (.time, .date): return "CAST(unix_date(\(name)) * 86400L AS DOUBLE)"
    case (.time, .timestamp), (.time, .text): return "(unix_micros(\(time(feature))) / 1000000D)"
    default: return nil
    }
  }

  private func time(_ feature: FeatureSurvey.Feature) -> String {
    guard feature.column.kind == .text else { return name(feature) }
    return
      "CASE WHEN rlike(\(name(feature)), '^\\\\s*\\\\d+-\\\\d+-\\\\d+') THEN TRY_CAST(\(name(feature)) AS TIMESTAMP) END"
  }

  private static func finite(_ number: String) -> String {
    "CASE WHEN NOT isnan(\(number)) AND abs(\(number)) < CAST('Infinity' AS DOUBLE) THEN \(number) END"
  }

  /// Values as they are counted.
  private func value(_ feature: FeatureSurvey.Feature) -> String {
    let name = name(feature)
    switch (feature.reading, feature.column.kind) {
    case (.number, .text): return Self.finite("TRY_CAST(\(name) AS DOUBLE)")
    case (.number, .real):
      let number = "CAST(\(name) AS DOUBLE)"
      return "CASE WHEN NOT isnan(\(number)) AND abs(\(number)) < CAST('Infinity' AS DOUBLE) THEN \(name) END"
    case (.time, .text): return time(feature)
    case (.nothing, _): return "CAST(\(name) AS STRING)"
    default: return name
    }
  }

  /// Every white space of Unicode, as a literal.
  private static let blanks: String = {
    let codes: [UInt32] = [32, 11, 12, 133, 160, 5760] + Array(8192...8202) + [8232, 8233, 8239, 8287, 12288]
    let characters = codes.compactMap(Unicode.Scalar.init).map(Character.init)
    return "'" + String(characters) + "\\t\\n\\r'"
  }()

  private static func isBlank(_ text: String) -> String { "(\(text) <> '' AND trim(BOTH \(blanks) FROM \(text)) = '')" }

  // MARK: - Passes

  /// Absent cells, and the figures of numbers that one pass tells.
  private func measure(_ batch: [FeatureSurvey.Feature]) throws -> [FeatureStatistics] {
    let width = 15
    let items =
      ["count(*)"]
      + batch.flatMap { feature -> [String] in
        let name = name(feature)
        let text = feature.column.kind == .text
        var items = [
          "count(*) - count(\(name))", text ? "count_if(\(name) = '')" : "0",
          text ? "count_if(\(Self.isBlank(name)))" : "0",
        ]
        guard let number = number(feature) else { return items + Array(repeating: "0", count: width - 3) }
        let x = Self.finite(number)
        let isReal = feature.column.kind == .real || feature.isParsed
        items += [
          isReal ? "count_if(isnan(\(number)))" : "0",
          isReal ? "count_if(abs(\(number)) = CAST('Infinity' AS DOUBLE))" : "0",
          "count(\(x))", "count_if(\(x) = CAST(CAST(\(x) AS BIGINT) AS DOUBLE) OR abs(\(x)) >= 9e15D)",
          "count_if(\(x) = 0D)", "count_if(\(x) < 0D)", "min(\(x))", "max(\(x))", "avg(\(x))", "stddev_samp(\(x))",
          "skewness(\(x))", "kurtosis(\(x))",
        ]
        return items
      }
    let table = try rows.row(items, from: rows.sql, "measuring columns", in: database)
    let isLarge = table.value(0, 0).whole > fewRows
    let quantiles = isLarge ? batch.map { _ in [:] } : try quantiles(batch)
    return try batch.enumerated().map { place, feature in
      func whole(_ item: Int) -> Int { table.value(0, 1 + width * place + item).whole }
      func real(_ item: Int) -> Double? {
        table.value(0, 1 + width * place + item).number.flatMap { $0.isFinite ? $0 : nil }
      }
      var found = FeatureStatistics(
        column: feature.column.name, type: feature.column.type, kind: .other, rows: table.value(0, 0).whole,
        missing: whole(0), empty: whole(1), whitespace: whole(2), notANumber: 0, infinite: 0, unreadable: 0,
        cardinality: 0, labels: [])
      guard number(feature) != nil else { return found }
      var figures = DistributionFigures.none
      (figures.count, figures.integers, figures.zeros, figures.negatives) = (whole(5), whole(6), whole(7), whole(8))
      (figures.min, figures.max, figures.mean, figures.sd) = (real(9), real(10), real(11), real(12))
      // The cluster tells the kurtosis beyond that of a normal distribution.
      (figures.skew, figures.kurtosis) = (real(13), real(14).map { $0 + 3 })
      figures.quantiles = quantiles[place]
      if isLarge, let low = figures.min, let high = figures.max {
        let places = ClusterQuantiles(rows: rows, database: database, note: "measuring \(feature.column.name)")
        let values = try places.find(
          Self.finite(number(feature) ?? ""), from: low, to: high, count: figures.count, shares: Self.shares)
        for (share, value) in zip(Self.shares, values) { figures.quantiles["\(share)"] = value }
      }
      if !feature.isParsed { (figures.notANumber, figures.infinite) = (whole(3), whole(4)) }
      found.infinite = figures.infinite
      found.notANumber = feature.column.kind == .real ? figures.notANumber : 0
      if feature.isParsed { found.unreadable = found.rows - found.absent - figures.count }
      found.figures = figures
      return found
    }
  }

  /// - Returns: those of each column by their names.
  private func quantiles(_ batch: [FeatureSurvey.Feature]) throws -> [[String: Double]] {
    let list = "array(\(Self.shares.map { "\($0)D" }.joined(separator: ", ")))"
    let chosen = batch.indices.filter { number(batch[$0]) != nil }
    var found = batch.map { _ in [String: Double]() }
    guard !chosen.isEmpty else { return found }
    let lists = chosen.map { "percentile(\(Self.finite(number(batch[$0]) ?? "")), \(list)) AS q\($0)" }
    let items = chosen.flatMap { place in
      Self.shares.indices.map { "element_at(q\(place), \($0 + 1))" }
    }
    let table = try rows.row(
      items, from: "SELECT \(lists.joined(separator: ", ")) FROM (\(rows.sql))", "measuring columns", in: database)
    for (position, place) in chosen.enumerated() {
      for (index, share) in Self.shares.enumerated() {
        guard let value = table.value(0, position * Self.shares.count + index).number else { continue }
        found[place]["\(share)"] = value
      }
    }
    return found
  }

  /// Parts of the range, the robust deviation, and what lies beyond it.
  private func shapes(_ batch: [Int], _ statistics: inout [FeatureStatistics]) throws {
    let parts = DistributionSurvey.parts
    let chosen = batch.filter { statistics[$0].figures?.count ?? 0 > 0 }
    var wide: [Int] = []
    for index in chosen {
      guard var figures = statistics[index].figures, let low = figures.min, let high = figures.max else { continue }
      if low < high {
        wide.append(index)
      } else {
        figures.mean = low
        figures.sd = figures.count > 1 ? 0 : nil
        (figures.robustDeviation, figures.skew, figures.kurtosis) = (figures.sd, nil, nil)
        figures.shape = [figures.count]
      }
      statistics[index].figures = figures
    }
    guard !wide.isEmpty else { return }
    func double(_ number: Double) -> String { "CAST('\(number)' AS DOUBLE)" }
    func finite(_ index: Int) -> String { Self.finite(number(features[index]) ?? "") }
    let items = wide.flatMap { index -> [String] in
      let figures = statistics[index].figures
      let (low, high) = (figures?.min ?? 0, figures?.max ?? 0)
      let half = high / 2 - low / 2
      let part = "floor((\(finite(index)) / 2D - \(double(low / 2))) / \(double(half)) * \(parts)D)"
      let p = ["0.05", "0.95"].map { double(figures?.quantiles[$0] ?? 0) }
      return (0..<parts).map { "count_if(\(part) \($0 == parts - 1 ? ">=" : "=") \($0))" }
        + ["stddev_samp(least(greatest(\(finite(index)), \(p[0])), \(p[1])))"]
    }
    let table = try rows.row(items, from: rows.sql, "measuring shapes", in: database)
    for (place, index) in wide.enumerated() {
      let start = place * (parts + 1)
      statistics[index].figures?.shape = (0..<parts).map { table.value(0, start + $0).whole }
      statistics[index].figures?.robustDeviation = table.value(0, start + parts).number.flatMap {
        $0.isFinite ? $0 : nil
      }
    }
    let bounded = wide.filter { features[$0].reading == .number && statistics[$0].figures?.robustBounds != nil }
    guard !bounded.isEmpty else { return }
    let tests = bounded.flatMap { index -> [String] in
      guard let bounds = statistics[index].figures?.robustBounds else { return [] }
      return [
        "count_if(\(finite(index)) < \(double(bounds.lowerBound)))",
        "count_if(\(finite(index)) > \(double(bounds.upperBound)))",
      ]
    }
    let outliers = try rows.row(tests, from: rows.sql, "counting outliers", in: database)
    for (place, index) in bounded.enumerated() {
      statistics[index].figures?.lowOutliers = outliers.value(0, 2 * place).whole
      statistics[index].figures?.highOutliers = outliers.value(0, 2 * place + 1).whole
    }
  }

  /// Counts the values of a column.
  private func values(_ feature: FeatureSurvey.Feature, _ statistics: inout FeatureStatistics) throws {
    var present = "v IS NOT NULL"
    if feature.hasBlanks { present += " AND v <> '' AND NOT \(Self.isBlank("v"))" }
    let counts =
      "SELECT v, count(*) AS n FROM (SELECT \(value(feature)) AS v FROM (\(rows.sql))) WHERE \(present) GROUP BY v"
    let note = "counting \(feature.column.name)"
    let ends = feature.reading == .time ? ["min(v)", "max(v)"] : ["NULL", "NULL"]
    let type = feature.isParsed ? feature.reading == .number ? "DOUBLE" : "TIMESTAMP" : feature.column.type
    let isText = feature.reading == .nothing || (feature.column.kind == .text && !feature.isParsed)
    func text(_ value: String) -> String {
      let typed = isText ? value : "CAST(\(value) AS \(type))"
      return "left(CAST(\(typed) AS VARCHAR), \(ProfiledColumn.textLimit))"
    }
    try rows.answer(
      "SELECT count(*) AS c, \(ends[0]) AS a, \(ends[1]) AS z FROM (\(counts))", note, in: database
    ) { table in
      let sizes = try database.query("SELECT c, \(text("a")), \(text("z")) FROM \(table)")
      statistics.cardinality = sizes.value(0, 0).whole
      if feature.reading == .time { (statistics.earliest, statistics.latest) = (sizes.text(0, 1), sizes.text(0, 2)) }
    }
    if statistics.cardinality > 0 {
      let top = "SELECT v, n FROM (\(counts)) ORDER BY n DESC, v LIMIT \(FeatureSurvey.mostLabels)"
      statistics.labels = try rows.answer(top, note, in: database) { table in
        let labels = try database.query("SELECT \(text("v")), n FROM \(table) ORDER BY n DESC, v")
        return (0..<labels.rowCount).map { .init(value: labels.text($0, 0) ?? "", count: labels.value($0, 1).whole) }
      }
    }
    statistics.kind = FeatureSurvey.kind(feature.reading, statistics)
  }
}

extension ClusterRows {
  /// Counts equal rows as `duplicateRows` does.
  func duplicates(most: Int = 10, in database: Database) throws -> DuplicateRows {
    var found = DuplicateRows(
      columns: schema.map(\.name), isWholeRow: true, rows: 0, distinct: 0, repeated: 0, affected: 0, top: [])
    // Maps are no keys of groups.
    let keys = schema.enumerated().map { place, column in
      let name = TableAddress.quoted(column.name)
      return "\(column.kind == .other ? "CAST(\(name) AS STRING)" : name) AS c\(place)"
    }
    let places = schema.indices.map { "c\($0)" }.joined(separator: ", ")
    let groups =
      "SELECT \(places), count(*) AS n FROM (SELECT \(keys.joined(separator: ", ")) FROM (\(sql))) GROUP BY \(places)"
    let sums = try row(
      ["count(*)", "count_if(n > 1)", "coalesce(sum(CASE WHEN n > 1 THEN n END), 0)", "coalesce(sum(n), 0)"],
      from: groups, "comparing rows", in: database)
    (found.distinct, found.repeated) = (sums.value(0, 0).whole, sums.value(0, 1).whole)
    (found.affected, found.rows) = (sums.value(0, 2).whole, sums.value(0, 3).whole)
    guard found.repeated > 0 else { return found }
    let order = schema.indices.map { "c\($0) NULLS LAST" }.joined(separator: ", ")
    let top = "SELECT \(places), n FROM (\(groups)) WHERE n > 1 ORDER BY n DESC, \(order) LIMIT \(max(0, most))"
    found.top = try answer(top, "listing equal rows", in: database) { table in
      let texts = schema.enumerated().map { place, column in
        let typed = column.kind == .other ? "c\(place)" : "CAST(c\(place) AS \(column.type))"
        return "left(CAST(\(typed) AS VARCHAR), \(ProfiledColumn.textLimit))"
      }
      let rows = try database.query(
        "SELECT n, \(texts.joined(separator: ", ")) FROM \(table) ORDER BY n DESC, \(order)")
      return (0..<rows.rowCount).map { row in
        DuplicateRows.Repeated(
          values: schema.indices.map { rows.text(row, $0 + 1) }, count: rows.value(row, 0).whole)
      }
    }
    return found
  }
}
