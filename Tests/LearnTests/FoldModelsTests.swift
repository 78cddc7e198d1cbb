import Frame
import Jobs
import Numerics
import Testing

@testable import Learn

struct FoldModelsTests {
  private func table(rows: Int, label: (Int) -> String) -> DataTable {
    var random = RandomSource(seed: 1)
    let noise = (0..<rows).map { _ in Double(random.next() >> 11) * 0x1p-53 }
    return DataTable(columns: [
      TypedColumn(column: Column(name: "x", type: "DOUBLE"), data: .reals((0..<rows).map { Double($0 % 97) })),
      TypedColumn(column: Column(name: "noise", type: "DOUBLE"), data: .reals(noise)),
      TypedColumn(column: Column(name: "y", type: "VARCHAR"), data: .texts((0..<rows).map(label))),
    ])
  }

  private func area(_ table: DataTable, _ options: FoldOptions) throws -> Double {
    let rows = Array(0..<table.rowCount)
    let models = try FoldModels(table, rows: rows, options: options)
    let classes = try #require(models.classes)
    let shares = try models.predict(table, rows: rows)
    let isPositive = rows.map { table["y"]?.text($0) == classes[1] }
    return try #require(
      ClassificationMetrics.areaUnderROC(isPositive: isPositive, scores: rows.map { shares[$0 * 2 + 1] }))
  }

  @Test func ofEachRunOfRowsEveryOneIsInAnotherFold() {
    let options = FoldOptions(target: "y", folds: 5)
    for start in stride(from: 0, to: 500, by: 5) {
      #expect(Set((start..<start + 5).map { options.fold(ofRow: $0) }) == [0, 1, 2, 3, 4])
    }
    let firsts = Set((0..<50).map { options.fold(ofRow: $0 * 5) })
    #expect(firsts.count == 5)
  }

  /// A model that had seen its rows would know them by heart.
  @Test(arguments: FoldLearner.allCases) func nothingIsLearntFromALabelWithoutACause(learner: FoldLearner) throws {
    var random = RandomSource(seed: 7)
    let coins = (0..<600).map { _ in random.next() % 2 == 0 ? "yes" : "no" }
    let found = try area(table(rows: 600) { coins[$0] }, FoldOptions(target: "y", learner: learner))
    #expect(abs(found - 0.5) < 0.1, "\(found)")
  }

  @Test(arguments: FoldLearner.allCases) func aCauseIsFound(learner: FoldLearner) throws {
    let found = try area(
      table(rows: 600) { $0 % 97 > 60 ? "yes" : "no" }, FoldOptions(target: "y", learner: learner))
    #expect(found > 0.99, "\(found)")
  }

  @Test func aColumnThatIsLeftOutIsNotUsed() throws {
    let found = try area(
      table(rows: 600) { $0 % 97 > 60 ? "yes" : "no" }, FoldOptions(target: "y", without: ["x"]))
    #expect(found < 0.65, "\(found)")
  }

  @Test(arguments: FoldLearner.allCases) func theSameSeedPredictsTheSame(learner: FoldLearner) throws {
    let table = table(rows: 200) { $0 % 97 > 60 ? "yes" : "no" }
    let rows = Array(0..<200)
    func predicted(_ threads: Int) throws -> [Double] {
      let options = FoldOptions(target: "y", learner: learner, folds: 3, threads: threads)
      return try FoldModels(table, rows: rows, options: options).predict(table, rows: rows)
    }
    #expect(try predicted(1) == predicted(2))
  }

  @Test(arguments: FoldLearner.allCases) func numbersAreForetoldAsNumbers(learner: FoldLearner) throws {
    let rows = Array(0..<400)
    let table = DataTable(columns: [
      TypedColumn(column: Column(name: "x", type: "DOUBLE"), data: .reals(rows.map { Double($0 % 50) })),
      TypedColumn(column: Column(name: "y", type: "DOUBLE"), data: .reals(rows.map { Double($0 % 50) * 3 + 100 })),
    ])
    let options = FoldOptions(target: "y", isRegression: true, learner: learner)
    let models = try FoldModels(table, rows: rows, options: options)
    #expect(models.classes == nil)
    let errors = zip(try models.predict(table, rows: rows), rows).map { abs($0 - (Double($1 % 50) * 3 + 100)) }
    #expect(Statistics.mean(errors) < 8, "\(Statistics.mean(errors))")
  }

  @Test func aConstantLabelIsRefused() {
    #expect(throws: LearnError.self) {
      try FoldModels(table(rows: 50) { _ in "yes" }, rows: Array(0..<50), options: FoldOptions(target: "y"))
    }
  }

  // MARK: One model

  /// Coins are known by heart in the rows that it has seen, and in no others.
  @Test(arguments: FoldLearner.allCases) func oneModelLeavesOnePartOut(learner: FoldLearner) throws {
    var random = RandomSource(seed: 7)
    let coins = (0..<600).map { _ in random.next() % 2 == 0 ? "yes" : "no" }
    let table = table(rows: 600) { coins[$0] }
    let rows = Array(0..<600)
    let model = try HeldOutModel(table, rows: rows, options: FoldOptions(target: "y", learner: learner))
    let classes = try #require(model.classes)
    let shares = try model.predict(table)
    func area(_ rows: [Int]) throws -> Double {
      let isPositive = rows.map { coins[$0] == classes[1] }
      return try #require(
        ClassificationMetrics.areaUnderROC(isPositive: isPositive, scores: rows.map { shares[$0 * 2 + 1] }))
    }
    let heldOut = rows.filter(model.isHeldOut)
    #expect(heldOut.count == 120)
    let (seen, unseen) = (try area(rows.filter { !model.isHeldOut(row: $0) }), try area(heldOut))
    #expect(abs(unseen - 0.5) < 0.15 && seen > unseen + 0.1, "\(seen) \(unseen)")
  }

  @Test(arguments: FoldLearner.allCases) func theCauseHasTheLargestAttribution(learner: FoldLearner) throws {
    let table = table(rows: 600) { $0 % 97 > 60 ? "yes" : "no" }
    let model = try HeldOutModel(
      table, rows: Array(0..<600), options: FoldOptions(target: "y", learner: learner))
    let found = try model.attributions(table)
    #expect(Set(found.keys) == ["x", "noise"])
    #expect((found["x"] ?? 0) > 3 * (found["noise"] ?? 1), "\(found)")
  }
}
