import Foundation
import Frame
import Jobs
import Testing

@testable import Learn

@Suite struct QuickModelTests {
  @Test func aClassIsPredictedBetterThanByTheMajority() throws {
    let report = try quickModel(loans(), options: QuickModelOptions(target: "approved"))
    #expect(report.problem == .binary)
    #expect(report.metric == "f1")
    #expect(report.score == report.metrics["f1"])
    #expect(report.score > report.baseline + 0.1)
    #expect(report.trainRows == 420)
    #expect(report.testRows == 180)
    #expect(report.rowsUsed == 600)
    #expect(report.positiveClass == "yes")
    #expect(report.classes?.map(\.label) == ["no", "yes"])
    #expect(report.classes?.reduce(0) { $0 + $1.testRows } == 180)
    #expect(report.baselineMetrics["auc"] == 0.5)
    #expect(report.importance.first?.feature == "income")
    #expect(report.importance.min { $0.shap < $1.shap }?.feature == "noise")
    #expect(abs(report.importance.reduce(0) { $0 + $1.gain } - 1) < 1e-9)
    #expect(report.importance.allSatisfy { $0.shap >= 0 && $0.shap < 1 })
  }

  /// scikit-learn 1.9.1's RandomForestRegressor (100 trees, defaults) reaches this figure on the same table, in the
  /// mean of ten splits.
  @Test func aNumberIsPredictedAboutAsWellAsByScikitLearn() throws {
    let report = try quickModel(friedman(), options: QuickModelOptions(target: "y"))
    #expect(report.problem == .regression)
    #expect(report.metric == "mse")
    let explained = try #require(report.metrics["r2"])
    #expect(explained > 0.869 - 0.03)
    #expect(report.score < report.baseline / 3)
    #expect(Set(report.importance.prefix(5).map(\.feature)) == ["x0", "x1", "x2", "x3", "x4"])
    #expect(report.classes == nil)
  }

  /// scikit-learn 1.9.1's RandomForestClassifier (100 trees, defaults) reaches this figure on the same table, in the
  /// mean of ten splits.
  @Test func classesAreToldApartAboutAsWellAsByScikitLearn() throws {
    let report = try quickModel(loans(rows: 2_000), options: QuickModelOptions(target: "approved"))
    #expect(try #require(report.metrics["accuracy"]) > 0.912 - 0.015)
    #expect(try #require(report.metrics["auc"]) > 0.963 - 0.015)
  }

  @Test func severalClassesGetAForestEach() throws {
    let cells = friedman(rows: 800)["y"]?.numbers ?? []
    var table = friedman(rows: 800)
    table.columns[7] = column("y", cells.map { $0 < 11 ? "low" : $0 < 17 ? "middle" : "high" } as [String?])
    let report = try quickModel(table, options: QuickModelOptions(target: "y"))
    #expect(report.problem == .multiclass)
    #expect(try #require(report.metrics["accuracy"]) > 0.7)
    #expect(try #require(report.metrics["auc"]) > 0.85)
    #expect(report.confusion?.count == 3)
    #expect(report.positiveClass == nil)
  }

  @Test func theSameSeedGivesTheSameReport() throws {
    let options = QuickModelOptions(target: "approved", seed: 5, trees: 20)
    let first = try quickModel(loans(), options: options)
    #expect(try quickModel(loans(), options: options) == first)
    var other = options
    other.seed = 6
    #expect(try quickModel(loans(), options: other) != first)
  }

  @Test(arguments: [2, 3, 8])
  func anyNumberOfThreadsGivesTheSameReport(threads: Int) throws {
    let one = try quickModel(loans(rows: 1_500), options: QuickModelOptions(target: "approved", trees: 20, threads: 1))
    let many = try quickModel(
      loans(rows: 1_500), options: QuickModelOptions(target: "approved", trees: 20, threads: threads))
    #expect(one == many)
    let line = try quickModel(friedman(), options: QuickModelOptions(target: "y", trees: 20, threads: 1))
    #expect(try quickModel(friedman(), options: QuickModelOptions(target: "y", trees: 20, threads: threads)) == line)
  }

  @Test func moreThanAHundredDistinctNumbersMeanRegression() throws {
    let rows = 404
    let inputs = column("x", (0..<rows).map { $0 % 50 })
    let hundred = DataTable(columns: [inputs, column("y", (0..<rows).map { $0 % 100 })])
    #expect(try quickModel(hundred, options: QuickModelOptions(target: "y", trees: 3)).problem == .multiclass)
    let more = DataTable(columns: [inputs, column("y", (0..<rows).map { $0 % 101 })])
    #expect(try quickModel(more, options: QuickModelOptions(target: "y", trees: 3)).problem == .regression)
    let chosen = QuickModelOptions(target: "y", problem: .regression, trees: 3)
    #expect(try quickModel(hundred, options: chosen).problem == .regression)
  }

  @Test func numbersOfASmallTableAreNotTakenForClasses() throws {
    let table = DataTable(columns: [
      column("x", (0..<40).map { $0 % 9 }), column("y", (0..<40).map { Double($0) * 1.5 }),
    ])
    let report = try quickModel(table, options: QuickModelOptions(target: "y", trees: 3))
    #expect(report.problem == .regression)
    #expect(report.notes.contains { $0.contains("40 distinct numbers") })
  }

  @Test func textsThatAreNumbersCanBeRegressedOn() throws {
    let table = DataTable(columns: [
      column("x", (0..<300).map { $0 % 50 }), column("y", (0..<300).map { "\($0 * 3 % 701)" }),
    ])
    let report = try quickModel(table, options: QuickModelOptions(target: "y", trees: 3))
    #expect(report.problem == .regression)
    #expect(report.notes.contains("The texts of the label are read as numbers."))
  }

  @Test func booleansAreClasses() throws {
    let table = DataTable(columns: [
      column("x", (0..<100).map { $0 % 50 }), column("y", (0..<100).map { $0 % 50 > 30 }),
    ])
    let report = try quickModel(table, options: QuickModelOptions(target: "y", trees: 10))
    #expect(report.problem == .binary)
    #expect(report.classes?.map(\.label) == ["false", "true"])
    #expect(report.score > 0.9)
  }

  @Test func rowsWithoutALabelAreLeftOutAndCounted() throws {
    var table = loans()
    let cells = (0..<600).map { table.columns[3].text($0) }
    table.columns[3] = column("approved", cells.enumerated().map { $0 % 6 == 0 ? nil : $1 })
    let report = try quickModel(table, options: QuickModelOptions(target: "approved", trees: 5))
    #expect(report.rowsUsed == 500)
    #expect(report.trainRows + report.testRows == 500)
    #expect(report.notes.contains("100 rows without a label left out."))
  }

  @Test func infiniteAndNaNLabelsAreLeftOutAndCounted() throws {
    var table = friedman(rows: 400)
    var cells = table.columns[7].numbers ?? []
    cells[0] = .infinity
    cells[1] = -.infinity
    cells[2] = .nan
    table.columns[7] = column("y", cells)
    let report = try quickModel(table, options: QuickModelOptions(target: "y", trees: 5))
    #expect(report.rowsUsed == 397)
    #expect(report.notes == ["1 row without a label left out.", "2 rows with an infinite label left out."])
  }

  @Test func infiniteAndNaNFeaturesDoNotHarm() throws {
    var table = loans()
    var cells = table.columns[2].numbers ?? []
    for row in 0..<600 where row % 5 == 0 { cells[row] = [.infinity, -.infinity, .nan, 1e308, -1e308][row / 5 % 5] }
    table.columns[2] = column("noise", cells)
    let report = try quickModel(table, options: QuickModelOptions(target: "approved", trees: 10))
    #expect(report.score > report.baseline)
    #expect(report.importance.allSatisfy { $0.gain.isFinite && $0.shap.isFinite })
  }

  @Test func namesOfAnyKindAreFine() throws {
    let names = ["\"quoted\"", "tab\tnew\nline", "🦜 {\"a\":[1]}", ":,[]", "", " ", "label"]
    let table = DataTable(
      columns: names.enumerated().map { position, name in
        column(name, (0..<120).map { ($0 * (position + 3)) % 17 % (name == "label" ? 2 : 17) })
      })
    let report = try quickModel(table, options: QuickModelOptions(target: "label", trees: 5))
    #expect(Set(report.importance.map(\.feature)) == Set(names.dropLast()))
  }

  @Test func manyRowsAreSampledAndTheReportSaysSo() throws {
    var options = QuickModelOptions(target: "approved", trees: 5)
    options.rowLimit = 1_000
    let report = try quickModel(loans(rows: 3_000), options: options)
    #expect(report.rowsUsed == 1_000)
    #expect(report.notes == ["A random sample of 1,000 of the 3,000 rows is used."])
  }

  @Test func aDateAndATextCountUnderTheNameOfTheirColumn() throws {
    let rows = 400
    let table = DataTable(columns: [
      dates("joined", (0..<rows).map { Int32(18_000 + ($0 * 37) % 900) }),
      column(
        "body", (0..<rows).map { "text number \($0) has " + String(repeating: "so many ", count: $0 % 8) + "words" }),
      column("label", (0..<rows).map { $0 % 8 > 4 ? 1 : 0 }),
    ])
    let report = try quickModel(table, options: QuickModelOptions(target: "label", trees: 10))
    #expect(report.importance.map(\.feature) == ["body", "joined"])
    #expect(report.score > 0.95)
  }

  @Test func aClassOfASingleRowIsLearntFromAndNoted() throws {
    let cells: [String?] = (0..<100).map { $0 == 7 ? "rare" : $0 % 2 == 0 ? "a" : "b" }
    let table = DataTable(columns: [column("x", (0..<100).map { $0 % 10 }), column("y", cells)])
    let report = try quickModel(table, options: QuickModelOptions(target: "y", trees: 5))
    #expect(report.notes == ["1 class has a single row: learnt from, but never judged."])
    #expect(report.classes?.last?.trainRows == 1)
    #expect(report.classes?.last?.testRows == 0)
  }

  @Test func cancellingBetweenTreesStopsAtOnce() throws {
    let context = StoppingContext(after: 10)
    let options = QuickModelOptions(target: "approved", trees: 5_000)
    #expect(throws: JobCancelled.self) { try quickModel(loans(), options: options, context: context) }
    let stopped = try #require(context.stopped)
    #expect(context.reports == 10)
    #expect(Date().timeIntervalSince(stopped) < 0.25)
  }

  @Test func progressRisesToTheEnd() throws {
    let context = StoppingContext(after: .max)
    _ = try quickModel(loans(), options: QuickModelOptions(target: "approved", trees: 10), context: context)
    #expect(context.fractions == context.fractions.sorted())
    #expect(context.fractions.last == 1)
    #expect(context.fractions.count > 10)
  }

  @Test func theReportHasTheDocumentedKeysAndSurvivesCoding() throws {
    let report = try quickModel(loans(), options: QuickModelOptions(target: "approved", trees: 5, threads: 2))
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(QuickModelReport.self, from: data) == report)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys: Set = [
      "problem", "metric", "score", "baseline", "metrics", "train_rows", "test_rows", "importance", "excluded",
      "target",
      "rows_used", "notes", "seed", "options", "classes", "baseline_metrics", "positive_class", "confusion",
    ]
    #expect(Set(object.keys) == keys)
    let first = try #require((object["importance"] as? [[String: Any]])?.first)
    #expect(Set(first.keys) == ["feature", "gain", "shap"])
    #expect((object["options"] as? [String: Any])?["threads"] == nil)
  }
}
