import Foundation
import Frame
import Numerics
import Testing

@testable import Insight

/// Target leakage against trees of scikit-learn on the same folds, and known cases.
struct LeakageTests {
  private func leakage(_ sql: String, _ label: String, _ options: LeakageOptions = .init()) throws -> TargetLeakage {
    let sheet = try Sheet(sql)
    return try targetLeakage(
      of: label, options: options, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test(arguments: ["income", "hours_per_week", "race"])
  func scoresAreThoseOfScikitLearnsTrees(_ label: String) throws {
    let record = try RelationRecord.read().leakage
    let sheet = try RelationRecord.sheet()
    let cases = record.classes.enumerated().map { "WHEN '\($0.element)' THEN \($0.offset)" }.joined(separator: " ")
    let (target, classes) =
      switch label {
      case "income": ("CAST(income = '>50K' AS INTEGER)", 2)
      case "race": ("CASE race \(cases) END", record.classes.count)
      default: (label, 0)
      }
    let labels = try sheet.database.query("SELECT \(target) FROM (\(sheet.sql))").columns[0].numbers ?? []
    let folds = (0..<5).map { fold in labels.indices.filter { $0 % 5 == fold } }
    let scorer = LeakageScorer(labels: labels, classes: classes, folds: folds)
    for (name, peer) in record.scores {
      let values = try sheet.database.query("SELECT \(SQL.identifier(name)) FROM (\(sheet.sql))").columns[0]
      let found = scorer.score(name, CodedFeature(values))
      let expected = label == "income" ? peer.income : label == "race" ? peer.race : peer.hours
      #expect(isClose(found.score, Statistics.mean(expected), 1e-9), "\(name)")
      #expect(
        isClose(found.low, expected.min() ?? 0, 1e-9) && isClose(found.high, expected.max() ?? 0, 1e-9), "\(name)")
    }
  }

  @Test func aCopyLeaksChanceIsRedundantAndTheRestIsSafe() throws {
    let found = try leakage(
      """
      SELECT i % 2 = 0 AS t, i % 2 + ((hash(i) % 100)::INT) / 1000.0 AS copy, (hash(i + 9999) % 1000)::INT AS chance,
      CASE WHEN (hash(i + 5) % 10)::INT < 7 THEN i % 2 ELSE 1 - i % 2 END AS some, 'v' || i AS id, 3 AS one, NULL::INT AS none,
      CASE WHEN i % 2 = 0 THEN 'yes' END AS gap, [i] AS list FROM range(2000) r(i)
      """, "t")
    func score(_ name: String) -> TargetLeakage.Score? { found.scores.first { $0.feature == name } }
    #expect(score("copy")?.verdict == .leak && score("copy")?.power == 1)
    #expect(score("gap")?.verdict == .leak && score("gap")?.missing == 1000)
    #expect(score("some")?.verdict == .safe)
    for name in ["chance", "id", "one", "none"] { #expect(score(name)?.verdict == .redundant, "\(name)") }
    #expect(score("one")?.score == 0.5)
    #expect(found.leftOut == [.init(column: "list", reason: "nested values")])
    #expect(found.rows == 2000 && found.sampled == nil && found.problem == .classification)
    #expect(found.scores.map { $0.score ?? 0 } == found.scores.map { $0.score ?? 0 }.sorted(by: >))
    #expect(found.lines.contains { $0.hasPrefix("copy") && $0.contains("leak") })
    #expect(found.charts.count == 1)
    let copy = try JSONDecoder().decode(TargetLeakage.self, from: JSONEncoder().encode(found))
    #expect(copy == found)
  }

  @Test func numbersAreScoredByExplainedVariance() throws {
    let found = try leakage(
      """
      SELECT i + 0.5 AS y, i * i AS copy, (hash(i) % 1000)::INT AS chance, DATE '2020-01-01' + i::INT AS day,
      CASE WHEN i % 10 = 0 THEN 'nan'::DOUBLE ELSE i END AS gap FROM range(1000) r(i)
      """, "y")
    #expect(found.problem == .regression && found.metric == "R²")
    let scores = Dictionary(uniqueKeysWithValues: found.scores.map { ($0.feature, $0) })
    // Sixteen leaves leave 1/256 of an even spread unexplained.
    #expect((scores["copy"]?.score ?? 0) > 0.99 && scores["copy"]?.verdict == .leak)
    #expect(scores["copy"]?.score == scores["day"]?.score)
    #expect(scores["gap"]?.missing == 100 && (scores["gap"]?.score ?? 1) < 0.95)
    #expect(scores["chance"]?.power == 0 && scores["chance"]?.verdict == .redundant)
  }

  @Test func rowsBeyondTheLimitAreDrawnFromAndSaidToBe() throws {
    let sql = "SELECT i % 3 AS t, (hash(i) % 50)::INT AS a FROM range(4000) r(i)"
    let found = try leakage(sql, "t", .init(mostRows: 1000))
    #expect(found.sampled == 1000 && found.rows == 1000 && found.total == 4000 && found.classes.count == 3)
    #expect(try leakage(sql, "t", .init(mostRows: 1000)) == found)
    #expect(found.lines.contains { $0.contains("drawn at random from 4,000") })
  }

  @Test func labelsThatCannotBeLearntAreRefused() throws {
    #expect(throws: InsightError.oneClass(column: "t", found: 1)) {
      try leakage("SELECT 1 AS t, i AS a FROM range(10) r(i)", "t", .init(problem: .classification))
    }
    #expect(throws: InsightError.oneClass(column: "t", found: 0)) {
      try leakage("SELECT NULL::VARCHAR AS t, i AS a FROM range(10) r(i)", "t")
    }
    #expect(throws: InsightError.tooManyClasses(column: "t", found: 101, most: 100)) {
      try leakage("SELECT 'c' || i % 101 AS t, i AS a FROM range(1000) r(i)", "t")
    }
    #expect(throws: InsightError.noSuchColumn("x")) { try leakage("SELECT 1 AS t", "x") }
    let few = try leakage("SELECT i % 2 = 0 AS t, i AS a FROM range(2) r(i)", "t")
    #expect(few.scores.map(\.verdict) == [.none] && few.scores[0].score == nil)
  }

  @Test func theRarerOfTwoClassesIsPositiveWhateverItsText() throws {
    let found = try leakage(
      "SELECT CASE WHEN i % 4 = 0 THEN 'o''hara 🦀' ELSE 'b' END AS t, i % 4 AS a FROM range(400) r(i)", "t")
    #expect(found.classes == ["b", "o'hara 🦀"] && found.scores[0].score == 1)
  }
}
