import Foundation
import Frame
import Testing

@testable import Fairness

@Suite struct StudyTests {
  // MARK: - Simpson

  /// The departments of the documentation: men are accepted more often over all, women within each.
  @Test func theFinderNamesTheVariableThatTurnsTheSign() throws {
    let sheet = try Sheet.golden("G7")
    let report = try simpsonReport(
      spec(facet: "sex", .values(["F"])), relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.variable == "dept" && finding.effect == .turned)
    #expect(isClose(finding.dpl, 0.4363636364, 1e-9))
    // A: .8 − .9 = −.1 of 110 rows; B: .2 − .25 = −.05 of 110.
    #expect(isClose(finding.dplWithin, -0.075))
    #expect(isClose(finding.cddl, -0.03790800799, 1e-9))
    #expect(finding.strata.map(\.value).sorted() == ["A", "B"])
    #expect(finding.groupD == "sex = F" && finding.groupA == "sex = M")
  }

  @Test func variablesThatCannotBeTriedAreNamed() throws {
    let sheet = try Sheet(
      "SELECT i % 2 AS y, CASE WHEN i % 3 = 0 THEN 'd' ELSE 'a' END AS f, i AS id, 1 AS one, [i] AS list, "
        + "i % 5 AS g FROM range(1000) t(i)")
    let report = try simpsonReport(spec(), relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(report.findings.map(\.variable) == ["g"])
    #expect(report.leftOut["id"] == "more than 200 values" && report.leftOut["one"] == "one value only")
    #expect(report.leftOut["list"] == "nested values" && report.leftOut["f"] == nil)
    #expect(report.rowsUsed == 1000)
  }

  /// A gap over rows that have no value of the variable is not what its strata explain.
  @Test func aFindingSaysOfWhichRowsItIs() throws {
    let sheet = try Sheet(
      "SELECT i % 2 AS y, CASE WHEN i % 3 = 0 THEN 'd' ELSE 'a' END AS f, CASE WHEN i % 4 > 0 THEN i % 5 END AS g, "
        + "i % 7 AS h FROM range(1000) t(i)")
    let report = try simpsonReport(spec(), relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let rows = Dictionary(uniqueKeysWithValues: report.findings.map { ($0.variable, $0.rows) })
    #expect(report.rowsUsed == 1000 && rows == ["g": 750, "h": 1000])
    let partial = try #require(report.findings.first { $0.variable == "g" })
    #expect(partial.rowsPhrase(of: 1000) == "the 750 rows with a g")
    #expect(partial.strata.reduce(0) { $0 + $1.counts.a.rows + $1.counts.d.rows } == 750)
  }

  @Test func aStratumOfOneGroupAloneExplainsNothing() throws {
    let sheet = try Sheet("SELECT f, y, f AS g FROM (VALUES ('a', 1), ('a', 0), ('d', 0), ('d', 0)) t(f, y)")
    let report = try simpsonReport(spec(), relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(report.findings.first?.effect == SimpsonFinding.Effect.none && report.findings.first?.dplWithin == nil)
  }

  // MARK: - Thresholds

  private func scores() throws -> (Sheet, BiasSpec) {
    // Group d is scored 0.2 lower at equal chances.
    let sheet = try Sheet(
      """
      SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'd' END AS f, CAST(i % 10 >= 5 AS INTEGER) AS y,
      0.3 + 0.05 * (i % 10) - CASE WHEN i % 2 = 0 THEN 0 ELSE 0.2 END AS s FROM range(1000) t(i)
      """)
    var asked = spec()
    asked.prediction = .score(column: "s", threshold: 0.5)
    return (sheet, asked)
  }

  @Test func thresholdsForEachGroupFindWhatNoSharedOneDoes() throws {
    let (sheet, asked) = try scores()
    let study = try thresholdStudy(asked, metric: .rd, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let best = try #require(study.pareto.first)
    #expect(best.accuracy == 1 && best.value(.rd) == 0)
    #expect(best.thresholdA > best.thresholdD)
    #expect(study.shared.allSatisfy { $0.accuracy < 1 })
    #expect(study.rows == 1000)
  }

  @Test func theCurrentPointIsTheReportsOwn() throws {
    let (sheet, asked) = try scores()
    let study = try thresholdStudy(asked, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let facet = try #require(try sheet.report(asked).facets.first)
    #expect(study.current.counts == facet.counts)
    #expect(study.current.thresholdA == 0.5 && study.current.thresholdD == 0.5)
  }

  @Test func noParetoPointIsBeatenByAnother() throws {
    let (sheet, asked) = try scores()
    let study = try thresholdStudy(asked, metric: .dppl, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    for (left, right) in zip(study.pareto, study.pareto.dropFirst()) {
      #expect(left.accuracy > right.accuracy)
      #expect(abs(left.value(.dppl) ?? .nan) > abs(right.value(.dppl) ?? .nan))
    }
    // Accepting everybody is as accurate as half of the labels, and at parity.
    #expect(isClose(study.pareto.last?.value(.dppl), 0))
  }

  @Test func thresholdsNeedScoresAndAMetricOfPredictions() throws {
    let (sheet, asked) = try scores()
    #expect(throws: BiasError.self) {
      try thresholdStudy(asked, metric: .dpl, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
    #expect(throws: BiasError.self) {
      try thresholdStudy(asked, value: "x", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
    #expect(throws: BiasError.self) {
      try thresholdStudy(spec(), relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
  }

  // MARK: - Drift

  private func labels(_ positivesA: Int, _ positivesD: Int, rows: Int = 1000) -> String {
    """
    SELECT CASE WHEN i < \(rows) THEN 'a' ELSE 'd' END AS f,
    CAST(i % \(rows) < CASE WHEN i < \(rows) THEN \(positivesA) ELSE \(positivesD) END AS INTEGER) AS y
    FROM range(\(rows * 2)) t(i)
    """
  }

  private func drift(_ before: String, _ now: String, allowed: BiasMetric.Limits) throws -> BiasDrift.Entry {
    let database = try Database()
    var asked = spec(draws: 1000)
    asked.metrics = [.dpl]
    let schema = try database.describe(before)
    let found = try biasDrift(
      asked, baseline: before, schema, current: now, schema, allowed: [.dpl: allowed], in: database)
    return try #require(found.entries.first)
  }

  /// The violations page: from a baseline of .2, .1 passes and −.3 fails.
  @Test func aValueFurtherFromZeroThanTheBaselineIsAViolation() throws {
    let range = BiasMetric.Limits(within: 1)
    let passes = try drift(labels(600, 400), labels(500, 400), allowed: range)
    #expect(isClose(passes.baseline, 0.2) && isClose(passes.current, 0.1) && passes.distance == .ok)
    let fails = try drift(labels(600, 400), labels(300, 600), allowed: range)
    #expect(isClose(fails.current, -0.3) && fails.distance == .violation && fails.range == .ok)
  }

  /// The concept page: an alert only where the interval and the range are disjoint.
  @Test func anIntervalThatReachesIntoTheRangeIsNotConclusive() throws {
    let range = BiasMetric.Limits(within: 0.1)
    let alert = try drift(labels(600, 400), labels(600, 400), allowed: range)
    #expect(alert.range == .alert && alert.distance == .ok)
    #expect(isClose(alert.low, 0.2 - 1.96 * 0.0219, 5e-3) && isClose(alert.high, 0.2 + 1.96 * 0.0219, 5e-3))
    let open = try drift(labels(600, 400), labels(550, 430), allowed: range)
    #expect(open.range == .notConclusive)
    let fine = try drift(labels(600, 400), labels(501, 500), allowed: range)
    #expect(fine.range == .ok)
  }

  @Test func violationsAreWrittenAsModelMonitorDoes() throws {
    let database = try Database()
    let schema = try database.describe(labels(600, 400))
    let found = try biasDrift(
      spec(draws: 100), baseline: labels(600, 400), schema, current: labels(300, 600), schema, in: database)
    let violation = try #require(found.violations.first { $0.metricName == "DPL" })
    #expect(violation.facet == "f" && violation.facetValue == "d" && violation.checkType == "bias_drift_check")
    #expect(violation.description.contains("does not meet the constraint requirement"))
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(BiasDrift.self, from: data) == found)
  }

  @Test func aGroupThatIsGoneAndOneThatIsNewAreSaid() throws {
    let database = try Database()
    let before = "SELECT * FROM (VALUES ('a', 1), ('b', 0), ('c', 1), ('c', 0)) t(f, y)"
    let now = "SELECT * FROM (VALUES ('a', 1), ('z', 0), ('c', 1), ('c', 0)) t(f, y)"
    let schema = try database.describe(before)
    let found = try biasDrift(
      spec(.eachValue), baseline: before, schema, current: now, schema, in: database)
    #expect(found.entries.first { $0.value == "b" && $0.metric == .dpl }?.error == "no newer row is f = b")
    #expect(found.notes.contains("f = z is new: the baseline has no such rows."))
  }

  @Test func theGainOfAReversedRankingIsTheDocumentedOne() {
    let baseline = ["x": 0.70, "y": 0.50, "z": 0.05]
    let reversed = AttributionDrift(baseline: baseline, current: ["x": 0.1, "y": 0.2, "z": 0.3])
    #expect(isClose(reversed.ndcg, 0.6876, 1e-4) && reversed.isAlert)
    let same = AttributionDrift(baseline: baseline, current: ["x": 3, "y": -2, "z": 1])
    #expect(same.ndcg == 1 && !same.isAlert)
    #expect(AttributionDrift(baseline: [:], current: [:]).ndcg == nil)
    #expect(AttributionDrift(baseline: ["x": 0], current: ["x": 1]).ndcg == nil)
  }
}
