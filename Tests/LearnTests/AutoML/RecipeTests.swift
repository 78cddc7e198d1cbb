import Foundation
import Frame
import Jobs
import Numerics
import Testing

@testable import Learn

@Suite struct RecipeTests {
  private func prepared(_ table: DataTable) throws -> (PreparedTable, FeatureSchema) {
    let schema = try FeatureSchema.fit(
      table, rows: Array(0..<table.rowCount), target: "none", context: SilentContext())
    return (try PreparedTable(table, schema: schema, context: SilentContext()), schema)
  }

  private func fit(_ recipe: Recipe, _ table: DataTable, rows: [Int], labels: Labels) throws -> (
    FittedRecipe, EncodedFeatures, PreparedTable
  ) {
    let (prepared, _) = try prepared(table)
    let (fitted, features) = try FittedRecipe.fit(
      recipe, prepared, rows: rows, labels: labels, seed: 1, context: SilentContext())
    return (fitted, features, prepared)
  }

  /// 1,500 rows, 500 levels, and labels that have nothing to do with them: whoever averages labels by level, the row's
  /// own among them, believes to know everything.
  private func planted() -> (DataTable, [Int]) {
    var random = RandomSource(seed: 11)
    let levels = (0..<1500).map { _ in "level \(random.nextIndex(below: 500))" }
    let labels = (0..<1500).map { _ in random.nextIndex(below: 2) }
    return (DataTable(columns: [column("level", levels.map { $0 as String? })]), labels)
  }

  @Test func meansOfALevelDoNotKnowTheRowsOwnLabel() throws {
    let (table, labels) = planted()
    let (_, features, _) = try fit(
      .means, table, rows: Array(0..<1500), labels: .classes(labels, count: 2))
    let scores = Array(features.matrix.column(0))
    let area = try #require(
      ClassificationMetrics.areaUnderROC(isPositive: labels.map { $0 == 1 }, scores: scores))
    #expect(abs(area - 0.5) < 0.08, "the plant: \(area)")
    // The naive mean, for comparison, gives the plant away.
    let groups = Dictionary(grouping: 0..<1500) { table.text($0, 0) ?? "" }
    let naive = (0..<1500).map { row in
      let rows = groups[table.text(row, 0) ?? ""] ?? []
      return Double(rows.reduce(0) { $0 + labels[$1] }) / Double(rows.count)
    }
    let given = ClassificationMetrics.areaUnderROC(isPositive: labels.map { $0 == 1 }, scores: naive)
    #expect(try #require(given) > 0.75)
  }

  @Test func aCandidateOnPlantedLevelsIsJudgedToKnowNothing() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let (table, labels) = planted()
    let whole = DataTable(columns: table.columns + [column("label", labels.map { $0 == 1 ? "yes" : "no" as String? })])
    var options = AutoMLOptions(target: "label", timeLimit: 60, metric: .auc, candidateLimit: 5)
    options.threads = 2
    let report = try autoML(whole, options: options, folder: folder.path("model"))
    for row in report.leaderboard {
      if let score = row.score { #expect(abs(score - 0.5) < 0.09, "\(row.model) \(score)") }
    }
  }

  @Test func whatIsLearntDoesNotDependOnOtherRows() throws {
    let (table, labels) = try ModelContractTests.task(.regression)
    let learnt = Array(0..<150)
    for recipe in [Recipe.codes, .means, .scaled] {
      let (first, _, prepared) = try fit(recipe, table, rows: learnt, labels: labels.selecting(learnt))
      // The rows that are put aside become absurd.
      let cells = prepared.columns.map { cells -> PreparedTable.Cells in
        switch cells {
        case .numbers(let features):
          .numbers(features.map { $0.enumerated().map { $0.offset < 150 ? $0.element : 1e12 } })
        case .codes(let codes, let levels):
          .codes(codes.enumerated().map { $0.offset < 150 ? $0.element : -1 }, levels: levels)
        case .text: cells
        }
      }
      let second = try FittedRecipe.fit(
        recipe, PreparedTable(rows: prepared.rows, columns: cells), rows: learnt, labels: labels.selecting(learnt),
        seed: 1, context: SilentContext()
      ).fitted
      #expect(first == second)
    }
  }

  @Test func missingNumbersAreFilledWithTheMedianAndTold() throws {
    let table = DataTable(columns: [column("x", [1.5, 2, 3, 9, 5, nil, 6, 7, 8, 4, 10, 11.0])])
    let labels = Labels.numbers((0..<12).map(Double.init))
    let (fitted, features, _) = try fit(.scaled, table, rows: Array(0..<12), labels: labels)
    #expect(features.matrix.features == 2)
    #expect(fitted.width == 2)
    #expect(features.matrix.column(0).allSatisfy { $0.isFinite })
    #expect(features.matrix.values[5] == 0)
    #expect(Array(features.matrix.column(1)) == (0..<12).map { $0 == 5 ? 1 : 0 })
  }

  @Test func outliersAreKeptNear() throws {
    let values = (0..<50).map { Double($0 * 7 % 50) + 0.5 } + [1e15]
    let table = DataTable(columns: [column("x", values.map { $0 as Double? })])
    let (_, features, _) = try fit(.scaled, table, rows: Array(0..<51), labels: .numbers(values))
    #expect(features.matrix.values.allSatisfy { abs($0) <= 5 })
  }

  @Test func datesBecomeTheirParts() throws {
    let table = DataTable(columns: [dates("day", (0..<40).map { Int32(19_000 + $0 * 11) })])
    let (_, features, _) = try fit(.codes, table, rows: Array(0..<40), labels: .numbers((0..<40).map(Double.init)))
    #expect(features.matrix.features >= 4)
  }

  @Test func textsBecomeDirectionsThatTellTheirTopicsApart() throws {
    let topics = [["goal", "match", "team", "coach"], ["bread", "butter", "oven", "dough"]]
    var random = RandomSource(seed: 3)
    let texts = (0..<160).map { row -> String? in
      (0..<9).map { _ in topics[row % 2][random.nextIndex(below: 4)] }.joined(separator: " ") + " row \(row)"
    }
    let table = DataTable(columns: [column("review", texts)])
    let (_, schema) = try prepared(table)
    #expect(schema.columns.first?.kind == .text)
    let learnt = Array(0..<120)
    let labels = Labels.classes(learnt.map { $0 % 2 }, count: 2)
    let (fitted, _, cells) = try fit(.scaled, table, rows: learnt, labels: labels)
    let unseen = fitted.transform(cells, rows: Array(120..<160))
    let areas = (0..<unseen.matrix.features).compactMap { feature in
      ClassificationMetrics.areaUnderROC(
        isPositive: (120..<160).map { $0 % 2 == 1 }, scores: Array(unseen.matrix.column(feature)))
    }
    #expect(areas.map { max($0, 1 - $0) }.max() ?? 0 > 0.99)
  }

  @Test func theSameTermsGiveTheSameDirections() throws {
    let texts = (0..<60).map { "alpha \($0 % 7) beta \($0 % 5) gamma delta \($0 % 3) more words here" as String? }
    let table = DataTable(columns: [column("text", texts)])
    let vocabulary = TextTerms.vocabulary(table.columns[0], Array(0..<60), limit: 100)
    let counts = TextTerms.count(table.columns[0], terms: vocabulary, rows: 60)
    let first = TermProjection(counts, terms: vocabulary.count, rows: Array(0..<60), seed: 5)
    #expect(first == TermProjection(counts, terms: vocabulary.count, rows: Array(0..<60), seed: 5))
  }
}

/// A folder that goes with the test.
struct TemporaryFolder {
  private let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/assay-learn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { root + "/" + name }
  func remove() { try? FileManager.default.removeItem(atPath: root) }
}
