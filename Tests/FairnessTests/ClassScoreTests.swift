import Foundation
import Frame
import Testing

@testable import Fairness

/// The class with the highest of several scores as the predicted label.
@Suite struct ClassScoreTests {
  /// Predicted: yes, wait (first of equal ones), no, none for a missing score, yes.
  private static let rows = """
    SELECT * FROM (VALUES ('d', 'yes', 0.1, 0.2, 0.7), ('d', 'no', 0.2, 0.4, 0.4), ('a', 'no', 0.5, 0.3, 0.2),
    ('a', 'yes', 0.3, NULL, 0.6), ('a', 'yes', 0.1, 0.3, 0.6)) t(f, y, p_no, p_wait, p_yes)
    """

  private func asked(_ columns: [String], _ labels: [String]? = nil, positive: [String] = ["yes"]) -> BiasSpec {
    var asked = spec(positive: positive)
    asked.prediction = .highest(columns: columns, labels: labels)
    return asked
  }

  private func rows(_ report: BiasReport, _ label: String, _ predicted: String) -> Int? {
    report.performance?.classes.first { $0.label == label && $0.predicted == predicted }?.rows
  }

  @Test(arguments: [nil, ["no", "wait", "yes"]]) func theClassWithTheHighestScoreIsPredicted(labels: [String]?) throws {
    let report = try Sheet(Self.rows).report(asked(["p_no", "p_wait", "p_yes"], labels))
    let counts = try #require(report.facets.first).counts
    #expect(report.rowsUsed == 4 && report.missing == ["p_no, p_wait, p_yes": 1])
    #expect(counts.d.truePositives == 1 && counts.d.trueNegatives == 1 && counts.d.rows == 2)
    #expect(counts.a.truePositives == 1 && counts.a.trueNegatives == 1 && counts.a.rows == 2)
    #expect(report.readings.last?.reason == "the class with the highest score")
    // The classes of the label against those predicted: wait is never the label.
    #expect(rows(report, "no", "wait") == 1 && rows(report, "no", "no") == 1 && rows(report, "yes", "yes") == 2)
  }

  @Test func severalClassesMayBePositive() throws {
    let report = try Sheet(Self.rows).report(asked(["p_no", "p_wait", "p_yes"], positive: ["yes", "wait"]))
    #expect(report.facets.first?.counts.d.predictedPositives == 2)
  }

  @Test(arguments: [
    "[p_no, p_wait, p_yes]", "'[' || p_no || ', ' || coalesce(p_wait::VARCHAR, 'nan') || ', ' || p_yes || ']'",
  ])
  func scoresMayStandInLists(list: String) throws {
    let sheet = try Sheet("SELECT f, y, \(list) AS scores FROM (\(Self.rows))")
    let report = try sheet.report(asked(["scores"], ["no", "wait", "yes"]))
    #expect(report.rowsUsed == 4 && report.facets.first?.counts.d.truePositives == 1)
    #expect(report.facets.first?.counts.a.predictedPositives == 1)
  }

  @Test func classesMayBeNumbers() throws {
    let sheet = try Sheet(
      "SELECT * FROM (VALUES ('d', 1, 0.9, 0.1), ('d', 2, 0.2, 0.8), ('a', 1, 0.4, 0.6)) t(f, y, s1, s_2)")
    let report = try sheet.report(asked(["s1", "s_2"], ["1", "2"], positive: ["2"]))
    #expect(report.facets.first?.counts.d.truePositives == 1 && report.facets.first?.counts.a.falsePositives == 1)
    #expect(rows(report, "2", "2") == 1)
    var above = asked(["s1", "s_2"], ["1", "2"])
    above.label.positive = .above(1)
    #expect(try sheet.report(above).facets.first?.counts == report.facets.first?.counts)
  }

  /// A column of yes and no is one of truth values.
  @Test(arguments: ["yes", "true", "1"]) func aTruthValueHasTwoClasses(positive: String) throws {
    let sheet = try Sheet("SELECT f, y = 'yes' AS y, p_no, p_yes FROM (\(Self.rows))")
    let report = try sheet.report(asked(["p_no", "p_yes"], positive: [positive]))
    #expect(report.spec.prediction == .highest(columns: ["p_no", "p_yes"], labels: ["no", "yes"]))
    #expect(report.facets.first?.counts.d.truePositives == 1 && report.facets.first?.counts.d.falsePositives == 1)
    #expect(rows(report, "true", "true") == 3)
  }

  @Test(arguments: [
    (["p_no", "p_yes"], ["no"], "as many classes"), (["p_no", "p_no"], ["no", "yes"], "named twice"),
    (["p_no", "p_yes"], ["no", "no"], "two scores"),
    (["p_no", "p_wait"], ["no", "wait"], "none of the scored classes"),
    (["p_no"], [], "two columns or more"), (["p_no", "t"], ["no", "yes"], "scores are numbers"),
    (["p_no", "gone"], ["no", "yes"], "no column"), (["p_no", "y"], ["no", "yes"], "both"),
  ]) func whatCannotBeMeantIsRefused(columns: [String], labels: [String], part: String) throws {
    do {
      _ = try Sheet("SELECT *, 'text' AS t FROM (\(Self.rows))").report(asked(columns, labels))
      Issue.record("\(columns) \(labels)")
    } catch let error as BiasError {
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test func aNameThatEndsInNoClassIsAskedAbout() throws {
    let sheet = try Sheet("SELECT * RENAME (p_no AS first) FROM (\(Self.rows))")
    do {
      _ = try sheet.report(asked(["first", "p_yes"]))
      Issue.record("it was taken")
    } catch let error as BiasError {
      #expect(error.description.contains("\"first\"") && error.description.contains("ends in no value of \"y\""))
    }
  }
}
