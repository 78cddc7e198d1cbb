import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

struct QualityReportTests {
  private func report(_ sheet: Sheet, target: String? = nil, problem: QualityReport.Problem? = nil) throws
    -> QualityReport
  {
    try qualityReport(
      QualityReportOptions(target: target, problem: problem, isolation: IsolationOptions(trees: 10, most: 5)),
      relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  private func kinds(_ report: QualityReport, of column: String? = nil) -> Set<QualityWarning.Kind> {
    Set(report.warnings.filter { column == nil || $0.column == column }.map(\.kind))
  }

  struct CensusRecord: Decodable {
    struct Top: Decodable {
      var value: String
      var rows: Int
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        value = try container.decode(String.self)
        rows = try container.decode(Int.self)
      }
    }
    struct Figures: Decodable {
      var missing, distinct: Int
      var low, high: Int?
      var skew, kurtosis, robustDeviation: Double?
      var top: [Top]?
    }
    var columns: [String: Figures]
    var rows: Int
  }

  @Test func theFiguresOfTheCensusAreThoseOfPandas() throws {
    let record = try RecordFile.read("census-quality.json", as: CensusRecord.self)
    let found = try report(.census(), target: "income")
    #expect(found.summary.rows == record.rows && found.features.count == 15)
    for feature in found.features {
      let theirs = try #require(record.columns[feature.column])
      #expect(feature.missing == theirs.missing && feature.cardinality == theirs.distinct, "\(feature.column)")
      if let skew = theirs.skew, let kurtosis = theirs.kurtosis {
        #expect(isClose(feature.figures?.skew, skew, 1e-9) && isClose(feature.figures?.kurtosis, kurtosis, 1e-9))
        #expect(feature.kind == .numeric)
      }
      if let top = theirs.top {
        #expect(feature.labels.prefix(top.count).map(\.count) == top.map(\.rows))
        #expect(feature.labels.first?.value == top.first?.value)
      }
      #expect(feature.labels.count == min(100, feature.cardinality))
      #expect(feature.valid + feature.invalid == feature.rows)
    }
    #expect(
      found.summary.kinds[.numeric] == 6 && found.summary.kinds[.binary] == 2 && found.summary.kinds[.categorical] == 7)
    #expect(found.target?.problem == .classification && found.target?.isProblemGuessed == true)
    #expect(found.summary.absentCells == record.columns.values.reduce(0) { $0 + $1.missing })
    #expect(kinds(found, of: "capital_gain").contains(.skewed))
    #expect(found.samples.anomalies?.used.contains("income") == false)
  }

  @Test func theReportKeepsItsFormInJSON() throws {
    let found = try report(.census(), target: "income")
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(QualityReport.self, from: data) == found)
    #expect(String(decoding: data, as: UTF8.self).contains(#""kinds":{""#))
    for heading in [
      "Summary", "Warnings", "Target column", "Feature summary", "Duplicate rows", "Anomalous rows", "Definitions",
    ] {
      #expect(found.lines.contains(heading) && found.markdown.contains("## " + heading))
    }
    #expect(found.charts.first?.title == "Target: income" && found.charts.count >= 15)
  }

  @Test func everyKindIsKnown() throws {
    let found = try report(
      Sheet(
        """
        SELECT i AS n, i % 2 AS zero_one, i % 3 = 0 AS flag, 'k' || i % 5 AS cat, 'name ' || i AS txt, DATE '2024-01-01' + CAST(i AS INTEGER) AS day,
        CASE WHEN i % 20 = 1 THEN 'n/a' WHEN i % 20 = 2 THEN ' ' ELSE CAST(i / 4 AS VARCHAR) END AS num_text,
        strftime(TIMESTAMP '2024-01-01' + INTERVAL (i) DAY, '%Y-%m-%d') AS day_text, [i] AS list, 5 AS flat,
        CASE WHEN i % 2 = 0 THEN NULL WHEN i = 1 THEN 'nan'::DOUBLE WHEN i = 3 THEN 'inf' ELSE i END AS holed FROM range(400) r(i)
        """))
    let byName = Dictionary(uniqueKeysWithValues: found.features.map { ($0.column, $0) })
    let expected: [String: FeatureStatistics.Kind] = [
      "n": .numeric, "zero_one": .binary, "flag": .binary, "cat": .categorical, "txt": .text, "day": .datetime,
      "num_text": .numeric, "day_text": .datetime, "list": .other, "flat": .numeric, "holed": .numeric,
    ]
    for (name, kind) in expected { #expect(byName[name]?.kind == kind, "\(name)") }
    #expect(byName["num_text"]?.unreadable == 20 && byName["num_text"]?.whitespace == 20)
    #expect(byName["num_text"]?.invalid == 40 && byName["num_text"]?.figures?.count == 360)
    #expect(byName["day"]?.earliest == "2024-01-01" && byName["day_text"]?.unreadable == 0)
    let holed = try #require(byName["holed"])
    #expect(
      holed.missing == 200 && holed.notANumber == 1 && holed.infinite == 1 && holed.invalid == 202
        && holed.absent == 201)
    #expect(kinds(found, of: "holed").isSuperset(of: [.missingValues, .invalidValues]))
    #expect(kinds(found, of: "flat") == [.constant] && kinds(found, of: "txt") == [.nearlyUnique])
    #expect(kinds(found, of: "num_text").contains(.invalidValues))
    #expect(found.warnings.first { $0.column == "holed" && $0.kind == .missingValues }?.severity == .high)
    #expect(found.warnings.first { $0.kind == .constant }?.step == SuggestedStep("drop", columns: ["flat"]))
  }

  @Test func classesThatAreRareOrFewAreWarnedOf() throws {
    let found = try report(
      Sheet(
        "SELECT i % 7 AS x, CASE WHEN i < 5 THEN 'rare' WHEN i < 9 THEN NULL ELSE 'usual' END AS t FROM range(500) r(i)"
      ),
      target: "t")
    #expect(kinds(found, of: "t") == [.rareClasses, .imbalancedTarget, .missingTarget])
    #expect(found.warnings[0].column == "t" && found.target?.missing == 4)
    #expect(found.warnings.first { $0.kind == .imbalancedTarget }?.step?.operation == "balance")
    let one = try report(Sheet("SELECT i AS x, 'a' AS t FROM range(50) r(i)"), target: "t")
    #expect(kinds(one, of: "t") == [.oneClass])
    let even = try report(Sheet("SELECT i AS x, i % 2 AS t FROM range(50) r(i)"), target: "t")
    #expect(kinds(even, of: "t").isEmpty && even.target?.problem == .classification)
  }

  @Test func aTargetWithATailIsWarnedOf() throws {
    let found = try report(
      Sheet(
        "SELECT i AS x, CASE WHEN i = 0 THEN 1e6 WHEN i = 1 THEN 'inf'::DOUBLE WHEN i = 2 THEN NULL ELSE 1 + i / 100 END AS t FROM range(1000) r(i)"
      ),
      target: "t")
    #expect(found.target?.problem == .regression && found.target?.outliers == 1)
    #expect(found.target?.invalid == 1 && found.target?.missing == 1)
    #expect(kinds(found, of: "t") == [.missingTarget, .invalidTarget, .targetOutliers, .heavyTailedTarget])
    #expect(found.warnings.first { $0.kind == .heavyTailedTarget }?.step?.operation == "log")
  }

  @Test func predictionPowerAndTheQuickModelAreFilledInLater() throws {
    var found = try report(.census(), target: "income")
    #expect(!kinds(found).contains(.leakage) && !found.lines.contains("Quick model"))
    found.add(predictionPower: ["age": 0.4, "race": 0.995])
    #expect(
      kinds(found, of: "race").contains(.leakage) && found.warnings.first { $0.kind == .leakage }?.severity == .high)
    found.add(
      quickModel: .init(
        method: "Gradient-boosted trees.", trainingRows: 4000, testRows: 1000,
        metrics: [.init(name: "AUC", value: 0.9)],
        classes: ["<=50K", ">50K"], confusion: [[700, 50], [100, 150]]))
    #expect(found.lines.contains("Quick model") && found.lines.contains { $0.contains("AUC") })
    #expect(found.charts.contains { $0.title == "Prediction power" })
  }

  @Test func theReportSetsTheSameRowsApartAsTheAnalysisAlone() throws {
    let sheet = try Sheet.census()
    let options = IsolationOptions(trees: 10, most: 5)
    let alone = try anomalousRows(options: options, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let within = try #require(try report(sheet).samples.anomalies)
    #expect(within.used == alone.used && within.leftOut == alone.leftOut && within.top == alone.top)
    #expect(within.shape == alone.shape && within.anomalous == alone.anomalous)
    #expect(alone.used.contains("age") && alone.used.contains("education"))
  }

  @Test func ofATableWithoutRowsThereIsNothingToReport() throws {
    let empty = try Sheet("SELECT 1 AS a, 'x' AS \"b \"\"q\"\" 🙂\" WHERE FALSE")
    #expect(throws: InsightError.noRows) { try report(empty) }
    #expect(throws: InsightError.noRows) { try report(empty, target: "a") }
    #expect(InsightError.noRows.description.hasPrefix("the table has no rows: "))
  }

  @Test func tablesWithoutColumnsOfUseHaveAReport() throws {
    let single = try report(Sheet("SELECT 1 AS a, NULL AS b"))
    #expect(single.summary.rows == 1 && single.features[1].absent == 1)
    #expect(kinds(single, of: "b") == [.missingValues, .constant])
    #expect(throws: InsightError.noSuchColumn("z")) { try report(Sheet("SELECT 1 AS a"), target: "z") }
  }

  @Test func duplicateRowsComeFirst() throws {
    let found = try report(Sheet("SELECT i % 50 AS a, i % 2 AS b FROM range(400) r(i)"))
    #expect(found.summary.duplicateRows == 350 && found.warnings[0].kind == .duplicateRows)
    #expect(found.warnings[0].severity == .high && found.warnings[0].step?.operation == "drop-duplicates")
  }
}
