import Frame
import Testing

@testable import Learn

/// Each error is a sentence that says what is wrong and what to do.
@Suite struct QuickModelErrorTests {
  private func message(_ table: DataTable, _ options: QuickModelOptions) -> String {
    do {
      let report = try quickModel(table, options: options)
      return "no error: \(report.problem)"
    } catch {
      return "\(error)"
    }
  }

  private func message(label: TypedColumn, problem: ProblemChoice = .automatic) -> String {
    let table = DataTable(columns: [column("x", (0..<label.count).map { $0 % 5 }), label])
    return message(table, QuickModelOptions(target: "label", problem: problem, trees: 3))
  }

  @Test func aLabelThatIsNotThereNamesTheNearestColumn() {
    #expect(
      message(loans(rows: 20), QuickModelOptions(target: "Aproved"))
        == "There is no column \"Aproved\". Did you mean \"approved\"?")
    #expect(
      message(loans(rows: 20), QuickModelOptions(target: "zzzzzzzz"))
        == "There is no column \"zzzzzzzz\". Choose one of the table's columns.")
  }

  @Test func aConstantLabelHasNothingToPredict() {
    #expect(
      message(label: column("label", Array(repeating: "x", count: 30)))
        == "The label \"label\" is \"x\" in every row, so there is nothing to predict. "
        + "Choose a label that varies, or import more rows.")
    #expect(message(label: column("label", Array(repeating: 1.5, count: 30))).contains("is \"1.5\" in every row"))
  }

  @Test func aLabelMissingEverywhereIsNamed() {
    #expect(
      message(label: column("label", Array(repeating: String?.none, count: 30)))
        == "The label \"label\" is missing in all 30 rows. Choose a column that has values.")
    #expect(message(label: column("label", Array(repeating: Double.nan, count: 30))).contains("missing in all 30 rows"))
  }

  @Test func aTextThatIsUniqueInEachRowCannotBeLearnt() {
    let text =
      "The label \"label\" is different in each of the 30 rows, like a key, so nothing can be learnt about it. "
    #expect(
      message(label: column("label", (0..<30).map { "k\($0)" })) == text + "Choose a label that repeats, or a number.")
    #expect(message(label: column("label", (0..<150).map { "k\($0)" })).contains("each of the 150 rows"))
    #expect(message(label: column("label", (0..<30).map { $0 }), problem: .classification).hasPrefix(text))
  }

  @Test func aTextOfTooManyClassesSaysHowMany() {
    #expect(
      message(label: column("label", (0..<400).map { "k\($0 % 120)" })).hasPrefix(
        "The label \"label\" has 120 distinct values; assay tells at most 100 classes apart."))
  }

  @Test func fewRowsAreTooFew() {
    #expect(
      message(label: column("label", ["a"]))
        == "Only 1 row has a label in \"label\"; a model needs at least 10. Import more rows.")
    #expect(message(label: column("label", ["a", "b", nil, "a"])).hasPrefix("Only 3 rows have a label"))
    let none = DataTable(columns: [column("x", [Int?]()), column("label", [Int?]())])
    #expect(message(none, QuickModelOptions(target: "label")).hasPrefix("The table has no rows"))
  }

  @Test func aDateIsNotALabel() {
    #expect(
      message(label: dates("label", Array(0..<30)))
        == "The label \"label\" is a date, which cannot be predicted. "
        + "Derive a number or a category from it, such as the year, and predict that.")
  }

  @Test func regressionOnTextIsRefused() {
    #expect(
      message(label: column("label", (0..<30).map { $0 % 2 == 0 ? "12" : "no" }), problem: .regression)
        == "The label \"label\" holds text such as \"no\", so regression is not possible. "
        + "Choose classification, or cast the column to a number.")
  }

  @Test func aTableOfNothingElseHasNoFeatures() {
    let label = column("label", (0..<30).map { $0 % 2 })
    #expect(
      message(DataTable(columns: [label]), QuickModelOptions(target: "label"))
        == "No column is left to predict \"label\" from: the table has no other column.")
    let constant = column("k", Array(repeating: 1, count: 30))
    #expect(
      message(DataTable(columns: [label, constant]), QuickModelOptions(target: "label"))
        == "No column is left to predict \"label\" from: \"k\" is constant (1).")
  }

  @Test func anOptionOutOfRangeSaysWhatIsAllowed() {
    #expect(
      message(loans(rows: 20), QuickModelOptions(target: "approved", trainFraction: 1.2))
        == "The option train fraction is 1.2; it has to be between 0 and 1.")
    #expect(message(loans(rows: 20), QuickModelOptions(target: "approved", trees: 0)).contains("trees is 0"))
    #expect(message(loans(rows: 20), QuickModelOptions(target: "approved", threads: 0)).contains("threads is 0"))
  }
}
