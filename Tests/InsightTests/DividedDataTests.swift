import Foundation
import Frame
import Plot
import Testing

@testable import Insight

@Suite struct DividedDataTests {
  private func rows(_ sheet: Sheet) -> ChartRows {
    ChartRows(relation: sheet.sql, schema: sheet.schema, database: sheet.database)
  }

  /// What a query counts.
  private func count(_ sheet: Sheet, _ condition: String) throws -> Int {
    try sheet.database.query("SELECT count(*) FROM (\(sheet.sql)) WHERE \(condition)").value(0, 0).whole
  }

  // MARK: - Violins

  @Test func aViolinHasTheQuartilesOfItsBoxAndEndsAtItsValues() throws {
    let sheet = try Sheet.census()
    let chart = try violinPlot(of: "age", by: "sex", in: rows(sheet))
    let box = try boxPlot(of: "age", by: "sex", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(
      chart.groups.map(\.label) == box.groups.map(\.label) && chart.groups.map(\.count) == box.groups.map(\.count))
    for (violin, box) in zip(chart.groups, box.groups) {
      #expect(violin.q1 == box.q1 && violin.median == box.median && violin.q3 == box.q3)
      #expect(violin.density.count == 101 && violin.density.max() == 1 && violin.density.allSatisfy { $0 >= 0 })
    }
    let male = try #require(chart.groups.first { $0.label == "Male" })
    #expect(male.lower == 17 && male.upper == 90)
  }

  @Test func aDensityIsThatOfTheKernel() throws {
    let sheet = try Sheet("SELECT (i * 37 % 1000) / 100 AS v FROM range(1000) t(i)")
    let group = try #require(try violinPlot(of: "v", in: rows(sheet)).groups.first)
    let values = (0..<1000).map { Double($0) / 100 }
    let mean = values.reduce(0, +) / 1000
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999).squareRoot()
    let bandwidth = 0.9 * min(deviation, (group.q3 - group.q1) / 1.349) * pow(1000, -0.2)
    func density(_ at: Double) -> Double {
      values.reduce(0) { $0 + exp(-0.5 * pow((at - $1) / bandwidth, 2)) }
    }
    let places = (0...100).map { group.lower + (group.upper - group.lower) * Double($0) / 100 }
    let exact = places.map(density)
    let peak = exact.max() ?? 1
    for (own, known) in zip(group.density, exact) { #expect(abs(own - known / peak) < 0.01) }
  }

  @Test func oddViolinsAreFlat() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES (1.0::DOUBLE, 'one'), (5.0, 'same'), (5.0, 'same'), ('nan', 'none'), ('inf', 'none'),
      (-1e308, 'huge'), (1e308, 'huge'), (2.0, NULL)) t(v, g)
      """)
    let chart = try violinPlot(of: "v", by: "g", in: rows(sheet))
    #expect(chart.missing == 2 && chart.total == 8 && chart.groups.count == 5)
    #expect(chart.groups.first { $0.label == "same" }?.density == [1])
    #expect(chart.groups.first { $0.label == "huge" }?.density.allSatisfy(\.isFinite) == true)
    let none = try Sheet("SELECT 1.0::DOUBLE AS v WHERE false")
    #expect(try violinPlot(of: "v", in: rows(none)).groups.isEmpty)
    #expect(throws: InsightError.self) { try violinPlot(of: "g", in: rows(sheet)) }
  }

  // MARK: - Lines

  @Test func aLineHasTheFigureOfEveryPosition() throws {
    let sheet = try Sheet.census()
    let chart = try lineChart(
      x: "age", y: "hours_per_week", colorBy: "sex", options: LineOptions(aggregate: .median), of: rows(sheet))
    #expect(chart.y == "median of hours_per_week" && Set(chart.series.map(\.name)) == ["Male", "Female"])
    #expect(chart.positions == chart.positions.sorted() && chart.total == 5000 && chart.missing == 0)
    let place = try #require(chart.positions.firstIndex(of: 40))
    let known = try sheet.database.query(
      "SELECT median(hours_per_week) FROM (\(sheet.sql)) WHERE age = 40 AND sex = 'Male'")
    let male = try #require(chart.series.first { $0.name == "Male" })
    #expect(male.values[place] == known.value(0, 0).number)
  }

  @Test func rowsAreCountedWithoutY() throws {
    let sheet = try Sheet(
      "SELECT DATE '2024-01-30' + (i % 3)::INT * 400 AS d, i AS v FROM range(30) t(i) UNION ALL SELECT NULL, 1")
    let chart = try lineChart(x: "d", of: rows(sheet))
    #expect(
      chart.y == "rows" && chart.series.map(\.values) == [[10, 10, 10]] && chart.missing == 1 && chart.total == 31)
    #expect(chart.xKind == .time && chart.ends == nil)
  }

  @Test(arguments: [(2000, "week"), (10_000, "month"), (30_000, "quarter"), (100_000, "year")])
  func longTimesTakeCalendarSteps(days: Int, unit: String) throws {
    let sheet = try Sheet("SELECT DATE '1800-01-15' + i::INT AS d, 1.5 AS v FROM range(\(days)) t(i) WHERE i <> 40")
    let chart = try lineChart(x: "d", y: "v", options: LineOptions(aggregate: .sum), of: rows(sheet))
    #expect(chart.stepName == unit && chart.positions.count <= 401 && chart.ends?.count == chart.positions.count)
    let sum = chart.series[0].values.compactMap(\.self).reduce(0, +)
    #expect(sum == Double(days - 1) * 1.5 && chart.total == days - 1)
    let ends = try #require(chart.ends)
    #expect(zip(ends, chart.positions.dropFirst()).allSatisfy { $0 == $1 })
  }

  @Test func aStepWithoutRowsIsAGapOrZero() throws {
    let sheet = try Sheet(
      "SELECT TIMESTAMP '2024-01-01' + to_hours(i::INT) AS t, 2 AS v FROM range(2000) t(i) WHERE i NOT BETWEEN 480 AND 719"
    )
    let counts = try lineChart(x: "t", of: rows(sheet))
    #expect(counts.stepName == "day" && counts.series[0].values[22] == 0 && counts.series[0].values[0] == 24)
    let means = try lineChart(x: "t", y: "v", of: rows(sheet))
    #expect(means.y == "mean of v" && means.series[0].values[22] == .some(nil) && means.series[0].values[0] == 2)
  }

  @Test func manyNumbersShareIntervals() throws {
    let sheet = try Sheet(
      "SELECT i / 7 AS x, CASE WHEN i % 10 = 0 THEN 'nan'::DOUBLE ELSE 1 END AS v FROM range(5000) t(i)")
    let chart = try lineChart(x: "x", y: "v", options: LineOptions(aggregate: .sum, bins: 50), of: rows(sheet))
    let step = try #require(chart.step)
    #expect(chart.positions.count == 50 && chart.missing == 500)
    let values = chart.series[0].values.compactMap(\.self)
    #expect(values.reduce(0, +) == 4500)
    #expect(
      Int(values[3])
        == (try count(
          sheet, "x >= \(chart.positions[3])::DOUBLE AND x < \(chart.positions[3] + step)::DOUBLE AND NOT isnan(v)")))
  }

  @Test func seriesAboveSevenGoTogether() throws {
    let sheet = try Sheet("SELECT i % 5 AS x, 'group ' || (i % 1000) AS g, i AS v FROM range(5000) t(i)")
    let chart = try lineChart(x: "x", y: "v", colorBy: "g", of: rows(sheet))
    #expect(chart.series.count == 8 && chart.series.last?.name == "993 others")
    let none = try Sheet("SELECT 1 AS x, 2 AS v WHERE false")
    #expect(try lineChart(x: "x", y: "v", of: rows(none)).positions.isEmpty)
    #expect(throws: InsightError.self) { try lineChart(x: "g", of: rows(sheet)) }
    #expect(throws: InsightError.self) { try lineChart(x: "x", y: "g", of: rows(sheet)) }
  }

  // MARK: - Bars

  @Test func barsOfAFigureStandByTheirSize() throws {
    let sheet = try Sheet.census()
    let chart = try bars(of: "education", y: "age", aggregate: .mean, top: 5, in: rows(sheet))
    #expect(chart.measure == "mean of age" && chart.items.count == 5)
    let values = chart.items.compactMap(\.value)
    #expect(values == values.sorted(by: >))
    let first = try #require(chart.items.first)
    let known = try sheet.database.query(
      "SELECT count(age), avg(age) FROM (\(sheet.sql)) WHERE education = '\(first.label)'")
    #expect(first.count == known.value(0, 0).whole && isClose(first.value, known.value(0, 1).number ?? 0))
    #expect(chart.items.reduce(chart.missing + (chart.others?.count ?? 0)) { $0 + $1.count } == 5000)
    #expect(chart.others?.distinct == 11)
  }

  @Test func truthValuesHaveAShare() throws {
    let sheet = try Sheet("SELECT 'a' AS g, i % 4 = 0 AS t FROM range(8) t(i)")
    #expect(try bars(of: "g", y: "t", aggregate: .mean, in: rows(sheet)).items.first?.value == 0.25)
  }

  @Test func partsOfBarsAddUp() throws {
    let sheet = try Sheet.census()
    let chart = try groupedBars(of: "education", colorBy: "sex", top: 4, in: rows(sheet))
    #expect(chart.items.count == 5 && chart.items.last?.category.part == .others && chart.others?.distinct == 12)
    for item in chart.items { #expect(item.parts.reduce(0) { $0 + $1.count } == item.whole.count) }
    #expect(chart.items.reduce(chart.missing) { $0 + $1.whole.count } == 5000)
    let female = try #require(chart.series.firstIndex { $0.label == "Female" })
    #expect(chart.items[0].parts[female].count == (try count(sheet, "education = 'HS-grad' AND sex = 'Female'")))
    let means = try groupedBars(of: "education", y: "age", colorBy: "sex", top: 3, in: rows(sheet))
    #expect(means.measure == "mean of age" && means.items.count == 3 && means.others?.distinct == 13)
    let known = try sheet.database.query(
      "SELECT avg(age) FROM (\(sheet.sql)) WHERE education = '\(means.items[0].category.label)' AND sex = 'Female'")
    let part = try #require(means.series.firstIndex { $0.label == "Female" })
    #expect(isClose(means.items[0].parts[part].value, known.value(0, 0).number ?? 0))
  }

  @Test func oddNamesAndMissingValuesArePartsAsWell() throws {
    let sheet = try Sheet(
      #"""
      SELECT * FROM (VALUES ('it''s', 'a "b"', 1.0::DOUBLE), ('it''s', NULL, 2), (NULL, 'a "b"', 3), ('👩‍👩‍👧', '', 'inf'))
      t("x ""y""", "c'", v)
      """#)
    let chart = try groupedBars(of: "x \"y\"", colorBy: "c'", in: rows(sheet))
    #expect(chart.missing == 1 && chart.total == 4 && chart.series.contains(.missing))
    #expect(chart.items.first?.category.label == "it's" && chart.items.first?.whole.count == 2)
    let sums = try bars(of: "x \"y\"", y: "v", aggregate: .sum, in: rows(sheet))
    #expect(sums.items.map(\.value) == [3] && sums.missing == 2)
    let none = try Sheet("SELECT 'a' AS x, 1 AS v WHERE false")
    #expect(try groupedBars(of: "x", colorBy: "v", in: rows(none)).items.isEmpty)
    #expect(try bars(of: "x", y: "v", aggregate: .max, in: rows(none)).items.isEmpty)
  }

  // MARK: - Histograms

  @Test func outlinesShareTheirBins() throws {
    let sheet = try Sheet.census()
    let chart = try groupedHistogram(of: "age", by: "sex", bins: 10, in: rows(sheet))
    let whole = try histogram(of: "age", bins: 10, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(chart.edges == whole.bins.map(\.lower) + [whole.bins[whole.bins.count - 1].upper])
    for (bin, known) in whole.bins.enumerated() {
      #expect(chart.series.reduce(0) { $0 + $1.counts[bin] } == known.count)
    }
    let male = try #require(chart.series.first { $0.category.label == "Male" })
    #expect(
      male.counts[2]
        == (try count(
          sheet, "sex = 'Male' AND age >= \(chart.edges[2]) AND age < \(chart.edges[3])")))
  }

  @Test func logarithmicBinsAreEvenInLogarithms() throws {
    let sheet = try Sheet(
      "SELECT 10.0 ** (i % 50 / 10.0) AS v FROM range(1000) t(i) UNION ALL SELECT unnest([0::DOUBLE, -3, NULL, 'nan', 'inf'])"
    )
    let chart = try histogram(
      of: "v", bins: 5, isLogarithmic: true, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(chart.form == .logarithmic && chart.missing == 5 && chart.total == 1005)
    #expect(chart.summary?["not positive"] == 2 && chart.summary?["infinite"] == 1)
    let widths = chart.bins.map { log10($0.upper) - log10($0.lower) }
    #expect(widths.allSatisfy { abs($0 - widths[0]) < 1e-9 })
    for (index, bin) in chart.bins.enumerated() {
      let upper = index == 4 ? "<=" : "<"
      #expect(bin.count == (try count(sheet, "v >= \(bin.lower)::DOUBLE AND v \(upper) \(bin.upper)::DOUBLE")))
    }
    #expect(chart.density?.count == 5)
    let none = try Sheet("SELECT -1.0::DOUBLE AS v FROM range(3)")
    let empty = try histogram(of: "v", isLogarithmic: true, relation: none.sql, schema: none.schema, in: none.database)
    #expect(empty.bins.isEmpty && empty.missing == 3 && empty.summary?["not positive"] == 3)
    let box = try boxPlot(of: "v", isLogarithmic: true, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(box.missing == 5 && box.valueForm == .logarithmic && box.groups[0].count == 1000)
  }

  // MARK: - Trends

  @Test func aStraightTrendHasTheBandOfStudent() throws {
    let xs: [Double] = [1, 2, 3, 4, 5, 6]
    let ys: [Double] = [2.1, 3.9, 6.2, 7.8, 10.1, 11.9]
    let line = try #require(TrendFit.line(zip(xs, ys).map { ($0, $1) }, [1, 3.5, 6]))
    // By hand: slope 34.6 / 17.5, mean 7, residual sum 0.1314285714, t(4) 2.776445.
    #expect(isClose(line.y[1], 7, 1e-9) && isClose(line.y[2] - line.y[0], 5 * 34.6 / 17.5, 1e-9))
    let rest = zip(xs, ys).reduce(0.0) { $0 + pow($1.1 - 7 - 34.6 / 17.5 * ($1.0 - 3.5), 2) }
    #expect(isClose(line.band?[1], 2.776445 * (rest / 4).squareRoot() * (1.0 / 6).squareRoot(), 1e-6))
  }

  @Test(arguments: [(1, 12.7062), (5, 2.570582), (10, 2.228139), (30, 2.042272), (1000, 1.962339)])
  func quantilesAreThoseOfTheTables(freedom: Int, known: Double) {
    #expect(abs(TrendFit.quantile(freedom: freedom) - known) < 0.0005)
  }

  @Test func loessFollowsALineAndBendsWithACurve() throws {
    let line = (0..<200).map { (x: Double($0), y: 3 * Double($0) - 7) }
    let straight = try #require(TrendFit.loess(line, [0, 50, 199]))
    #expect(zip(straight.y, [-7.0, 143, 590]).allSatisfy { abs($0 - $1) < 1e-6 } && straight.band == nil)
    let bow = (0..<200).map { (x: Double($0), y: pow(Double($0 - 100), 2)) }
    let curve = try #require(TrendFit.loess(bow, [0, 100, 199]))
    #expect(curve.y[1] < curve.y[0] && curve.y[1] < curve.y[2])
    #expect(TrendFit.loess([(1, 1), (1, 2), (1, 3)], [1])?.y == [2])
  }

  @Test func everyColourHasItsTrend() throws {
    let sheet = try Sheet.census()
    let chart = try scatter(
      x: "age", y: "hours_per_week", colorBy: "sex", options: ScatterOptions(limit: 1000, trend: .linear),
      in: rows(sheet))
    #expect(chart.trends?.count == 2 && chart.sampled == 1000 && chart.points.count == 1000)
    let trend = try #require(chart.trends?.first)
    #expect(trend.x.count == 81 && trend.low?.count == 81 && zip(trend.low ?? [], trend.y).allSatisfy { $0 <= $1 })
    let flat = try Sheet("SELECT 1 AS x, i AS y FROM range(9) t(i)")
    #expect(try scatter(x: "x", y: "y", options: ScatterOptions(trend: .loess), in: rows(flat)).trends == [])
  }

  @Test func logarithmicPointsArePositive() throws {
    let sheet = try Sheet("SELECT i - 2 AS x, i * 10 AS y FROM range(8) t(i)")
    let options = ScatterOptions(isLogX: true, isLogY: true, trend: .linear)
    let chart = try scatter(x: "x", y: "y", options: options, in: rows(sheet))
    #expect(chart.points.count == 5 && chart.missing == 3 && chart.xForm == .logarithmic)
    #expect(chart.trends?.first?.y.allSatisfy { $0 > 0 } == true)
    let heat = try densityHeatmap(
      x: "x", y: "y", options: DensityOptions(bins: (4, 4), isLogX: true, isLogY: true), in: rows(sheet))
    #expect(heat.missing == 3 && heat.counts.joined().reduce(0, +) == 5 && heat.xForm == .logarithmic)
  }

  @Test func logarithmicBinsOfTwoColumnsHoldWhatTheirEdgesSay() throws {
    let sheet = try Sheet("SELECT 10.0 ** (i % 31 / 10.0) AS x, 2.0 ** (i % 8) AS y FROM range(2000) t(i)")
    let chart = try densityHeatmap(
      x: "x", y: "y", options: DensityOptions(bins: (6, 7), isLogX: true, isLogY: true), in: rows(sheet))
    let table = try #require(chart.table)
    #expect(table.rows.compactMap { Int($0[4]) }.reduce(0, +) == 2000)
    for row in table.rows {
      let (right, top) = (Double(row[1]) == chart.xRange.upperBound, Double(row[3]) == chart.yRange.upperBound)
      let condition =
        "x >= \(row[0])::DOUBLE AND x \(right ? "<=" : "<") \(row[1])::DOUBLE "
        + "AND y >= \(row[2])::DOUBLE AND y \(top ? "<=" : "<") \(row[3])::DOUBLE"
      #expect(Int(row[4]) == (try count(sheet, condition)), "\(row)")
    }
  }

  // MARK: - Facets

  @Test func facetsCountTheRowsOfTheirValues() throws {
    let sheet = try Sheet.census()
    let charts = try FacetedCharts(by: "sex", of: rows(sheet))
    let men = try count(sheet, "sex = 'Male'")
    let made: [Facets] = [
      try charts.histogram(of: "age", by: nil, bins: nil, isLogarithmic: false),
      try charts.bars(of: "education", y: nil, aggregate: nil, colorBy: nil, top: 5),
      try charts.scatter(x: "age", y: "hours_per_week", colorBy: nil, options: ScatterOptions()),
      try charts.density(x: "age", y: "hours_per_week", options: DensityOptions()),
      try charts.line(x: "age", y: "hours_per_week", colorBy: "income", options: LineOptions()),
      try charts.box(of: "age", by: "income", isLogarithmic: false),
      try charts.violin(of: "age", by: "income", isLogarithmic: false),
    ]
    for facets in made {
      #expect(facets.facets.map(\.category.label) == ["Male", "Female"] && facets.total == 5000)
      let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(facets.facets[0].chart))
      #expect((object as? [String: Any])?["total"] as? Int == men, "\(facets.name)")
    }
    guard case .content(let content) = made[0].facets[0].chart, let male = content as? GroupedHistogram else {
      Issue.record("no histogram")
      return
    }
    #expect(male.counts == male.total - male.missing)
    #expect(made[0].x == (male.edges[0]...male.edges[male.edges.count - 1]))
  }

  @Test func onlyTwelveValuesHaveFacets() throws {
    let sheet = try Sheet("SELECT i AS v, i % 1000 AS g FROM range(3000) t(i) UNION ALL SELECT 1, NULL")
    let facets = try FacetedCharts(by: "g", of: rows(sheet)).box(of: "v", by: nil, isLogarithmic: false)
    #expect(facets.facets.count == 12 && facets.otherValues == 989 && facets.total == 3001)
    let none = try Sheet("SELECT 1 AS v, 'a' AS g WHERE false")
    #expect(
      try FacetedCharts(by: "g", of: rows(none)).line(x: "v", y: nil, colorBy: nil, options: LineOptions()).facets
        .isEmpty)
    let gone = try Sheet("SELECT NULL::DOUBLE AS v, NULL::VARCHAR AS g FROM range(4)")
    let missing = try FacetedCharts(by: "g", of: rows(gone)).histogram(
      of: "v", by: "g", bins: nil, isLogarithmic: false)
    #expect(missing.facets.map(\.category) == [.missing])
  }
}

extension GroupedHistogram {
  fileprivate var counts: Int { series.reduce(0) { $0 + $1.counts.reduce(0, +) } }
}
