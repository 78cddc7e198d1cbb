import Foundation
import Frame
import Testing

@testable import Learn

@Suite struct FeaturePipelineTests {
  private func fit(_ columns: TypedColumn...) throws -> FeaturePipeline {
    let table = DataTable(columns: columns)
    return try FeaturePipeline.fit(table, rows: Array(0..<table.rowCount), target: "label")
  }

  @Test func numbersStayAndMissingOnesAreNaN() throws {
    let table = DataTable(columns: [
      column("a", [3, nil, 5]), column("b", [0.5, .infinity, nil]), column("c", [true, false, nil]),
    ])
    let pipeline = try FeaturePipeline.fit(table, rows: [0, 1, 2], target: "label")
    let matrix = try pipeline.transform(table, rows: [0, 1, 2])
    #expect(pipeline.features.map(\.name) == ["a", "b", "c"])
    #expect(matrix.column(0).map { $0.isNaN ? -1 : $0 } == [3, -1, 5])
    #expect(matrix.column(1).map { $0.isNaN ? -1 : $0 } == [0.5, .infinity, -1])
    #expect(matrix.column(2).map { $0.isNaN ? -1 : $0 } == [1, 0, -1])
  }

  @Test func categoriesAreNumberedByFrequencyAndUnseenOnesCountAsMissing() throws {
    let pipeline = try fit(column("city", ["Zug", "Chur", "Chur", "Basel", nil, "Zug", "Chur"]))
    #expect(pipeline.columns[0].encoding == .category(levels: ["Chur", "Zug", "Basel"], hasRest: false))
    #expect(pipeline.features == [Feature(name: "city", column: "city", isCategorical: true)])
    let later = DataTable(columns: [column("city", ["Basel", "Bern", nil, "Chur"])])
    let matrix = try pipeline.transform(later, rows: [0, 1, 2, 3])
    #expect(matrix.values.map { $0.isNaN ? -1 : $0 } == [2, -1, -1, 0])
  }

  @Test func rareLevelsOfManyCountAsOneAndUnseenOnesWithThem() throws {
    let cells: [String?] = (0..<2_000).map { $0 < 1_000 ? "level \($0 % 20)" : "rare \($0 % 300)" }
    let pipeline = try fit(column("code", cells))
    guard case .category(let levels, let hasRest) = pipeline.columns[0].encoding else {
      Issue.record("not a category")
      return
    }
    #expect(levels.count == 20)
    #expect(hasRest)
    #expect(pipeline.notes == ["\"code\" has 320 levels, of which the 300 rarest count as one."])
    let matrix = try pipeline.transform(
      DataTable(columns: [column("code", ["new", "rare 7", "level 3"])]), rows: [0, 1, 2])
    #expect(matrix.values[0] == 20)
    #expect(matrix.values[1] == 20)
    #expect(matrix.values[2] < 20)
  }

  @Test func datesBecomePartsThatVary() throws {
    // 2024-02-28 (a Wednesday) and the following days, all in one year.
    let pipeline = try fit(dates("signup", [19_781, 19_782, 19_783]))
    #expect(pipeline.features.map(\.name) == ["signup.month", "signup.day", "signup.weekday", "signup.ordinal"])
    let table = DataTable(columns: [dates("signup", [19_781, 19_783, -1])])
    let matrix = try pipeline.transform(table, rows: [0, 1, 2])
    #expect(Array(matrix.column(0)) == [2, 3, 12])
    #expect(Array(matrix.column(1)) == [28, 1, 31])
    #expect(Array(matrix.column(2)) == [2, 4, 2])
    #expect(Array(matrix.column(3)) == [19_781, 19_783, -1])
  }

  @Test func timestampsHaveAnHour() throws {
    let pipeline = try fit(timestamps("seen", [0, 5_400_000_000, -1]))
    #expect(pipeline.features.map(\.name).contains("seen.hour"))
    let matrix = try pipeline.transform(DataTable(columns: [timestamps("seen", [5_400_000_000])]), rows: [0])
    let hour = try #require(pipeline.features.firstIndex { $0.name == "seen.hour" })
    #expect(matrix.column(hour).first == 1.5)
  }

  @Test func freeTextBecomesStatisticsOfItsCharacters() throws {
    let cells: [String?] = (0..<60).map {
      "Review number \($0) says: GOOD" + String(repeating: " indeed", count: $0 % 7)
    }
    let pipeline = try fit(column("body", cells))
    #expect(pipeline.features.map(\.name).contains("body.word_count"))
    #expect(pipeline.features.allSatisfy { $0.column == "body" && !$0.isCategorical })
    #expect(pipeline.notes.first?.contains("free text") == true)
  }

  @Test func columnsWithNothingToLearnAreNamedWithTheReason() throws {
    let rows = 40
    let pipeline = try fit(
      column("constant", Array(repeating: 7, count: rows)),
      column("same", Array(repeating: "x", count: rows)),
      column("empty", Array(repeating: Double?.none, count: rows)),
      column("nan", Array(repeating: Double.nan, count: rows)),
      column("row", (0..<rows).map { $0 + 1000 }),
      column("customer_id", (0..<rows).map { ($0 * 7919) % 10_007 }),
      column("token", (0..<rows).map { "a\($0)" }),
      dates("day", Array(repeating: 10, count: rows)),
      column("useful", (0..<rows).map { $0 % 3 }))
    #expect(pipeline.columns.map(\.column) == ["useful"])
    #expect(
      pipeline.excluded == [
        ExcludedColumn(column: "constant", reason: "is constant (7)"),
        ExcludedColumn(column: "same", reason: "is constant (\"x\")"),
        ExcludedColumn(column: "empty", reason: "is missing in every row"),
        ExcludedColumn(column: "nan", reason: "is missing in every row"),
        ExcludedColumn(column: "row", reason: "looks like an id: a different whole number in each row"),
        ExcludedColumn(column: "customer_id", reason: "looks like an id: a different whole number in each row"),
        ExcludedColumn(column: "token", reason: "looks like an id: a different text in each row"),
        ExcludedColumn(column: "day", reason: "is constant (1970-01-11)"),
      ])
  }

  @Test func wholeNumbersThatDifferWithoutLookingLikeAKeyStay() throws {
    let population = (0..<40).map { ($0 * 7919) % 10_007 }
    #expect(try fit(column("population", population)).excluded.isEmpty)
    #expect(try fit(column("height", (0..<40).map { Double($0) + 0.5 })).excluded.isEmpty)
  }

  @Test func aValueThatIsThereOrMissingSaysSomething() throws {
    let pipeline = try fit(column("promo", [1, nil, 1, nil]), column("flag", ["y", nil, "y", nil]))
    #expect(pipeline.excluded.isEmpty)
    #expect(pipeline.columns.count == 2)
  }

  @Test func aColumnOfTheSameNameIsLeftOut() throws {
    let pipeline = try fit(column("a", [1, 2, 4]), column("a", [3.5, 2, 1]), column("label", [1, 2, 3]))
    #expect(pipeline.columns.count == 1)
    #expect(pipeline.excluded == [ExcludedColumn(column: "a", reason: "has the name of an earlier column")])
  }

  @Test func aTableWithoutAColumnGivesMissingValues() throws {
    let pipeline = try fit(column("a", [1, 2, 4]), column("b", [1.5, 2, 4]))
    let matrix = try pipeline.transform(DataTable(columns: [column("b", ["text", "here"])]), rows: [0, 1])
    #expect(matrix.values.count == 4)
    #expect(matrix.values.allSatisfy { $0.isNaN })
  }

  @Test func theFittedPipelineSurvivesCoding() throws {
    let cells: [String?] = (0..<60).map { "some words that make number \($0)" }
    let pipeline = try fit(
      column("n", (0..<60).map { $0 % 7 }), column("c", (0..<60).map { "c\($0 % 5)" }), dates("d", Array(0..<60)),
      column("t", cells), column("k", Array(repeating: 1, count: 60)))
    let copy = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
    #expect(copy == pipeline)
  }

  @Test func charactersAreCountedByKind() {
    let counts = CharacterCounts("Hé  ÄB 12!\n¿x")
    #expect(counts.words == 4)
    #expect(counts.characters == 13)
    #expect(counts.figure(.capitalRatio) == 3.0 / 13)
    #expect(counts.figure(.lowerRatio) == 2.0 / 13)
    #expect(counts.figure(.digitRatio) == 2.0 / 13)
    #expect(counts.figure(.specialRatio) == 2.0 / 13)
    #expect(CharacterCounts("").figure(.capitalRatio) == 0)
  }
}
