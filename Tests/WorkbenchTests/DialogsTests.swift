import Engine
import Flow
import Frame
import Grid
import Testing
import Widgets

@testable import Workbench

@Suite struct AnalysisDialogTests {
  @Test func thePlusSignLeadsToARunningQuickModel() throws {
    var rig = DialogRig()
    rig.press("+")
    #expect(rig.screen.contains("Add to the step"))
    rig.press("quick m", "enter")
    #expect(rig.state.overlays.last is AnalysisOverlay)
    #expect(rig.screen.contains("Label"))
    // Shift-Tab goes to the buttons, Enter presses the first.
    rig.press("shift-tab", "enter")
    #expect(rig.state.overlays.isEmpty)
    let job = try #require(rig.submitted.first { if case .analyze = $0.spec { true } else { false } })
    guard case .analyze(let request, .quickModel(let options)) = job.spec else { return }
    #expect(request.node == rig.state.selected)
    #expect(options.target == "income")
    #expect(rig.state.flow.analyses.map(\.name) == ["Quick Model: income"])
    #expect(rig.state.flow.target == "income")
  }

  @Test func controlRRunsTheFormFromAnyField() throws {
    var rig = DialogRig()
    rig.press("a", "quick m", "enter", "tab")
    #expect(rig.screen.contains("^R:run"))
    rig.press("ctrl-r")
    #expect(rig.state.overlays.isEmpty)
    let job = try #require(rig.submitted.first { if case .analyze = $0.spec { true } else { false } })
    guard case .analyze(_, .quickModel(let options)) = job.spec else { return }
    #expect(options.target == "income")
  }

  @Test func controlRNamesWhatIsWrongAndStays() {
    var rig = DialogRig()
    rig.press("a", "histo", "enter", "tab", "tab", "tab", "many", "ctrl-r")
    #expect(rig.screen.contains("whole number"), "\(rig.screen)")
    #expect(rig.state.flow.analyses.isEmpty && rig.state.overlays.last is ChartBuilder)
    // A list that is open has the keys for itself.
    rig.press("shift-tab", "enter", "ctrl-r")
    #expect(rig.state.overlays.last is ChartBuilder)
  }

  @Test func controlRAddsAStep() {
    var rig = DialogRig()
    rig.press("2", "o", "filter", "enter", "age > 30")
    #expect(rig.screen.contains("^R:add"))
    rig.press("ctrl-r")
    #expect(rig.state.overlays.isEmpty)
    #expect(rig.state.flow.graph.steps.count == 2)
  }

  @Test func theLabelIsChosenFromAListThatTypingNarrows() throws {
    var rig = DialogRig()
    rig.press("a", "quick", "enter", "enter", "age", "enter")
    rig.press("shift-tab", "shift-tab", "enter")
    let job = try #require(rig.submitted.first { if case .analyze = $0.spec { true } else { false } })
    guard case .analyze(_, .quickModel(let options)) = job.spec else { return }
    #expect(options.target == "age")
  }

  @Test func advancedOptionsReachTheModel() throws {
    var rig = DialogRig()
    rig.press("a", "quick", "enter", "tab", "tab", "space")
    #expect(rig.screen.contains("Trees"))
    rig.press("tab", "tab", "ctrl-u", "25")
    rig.press("tab", "tab", "tab", "tab", "enter")
    let job = try #require(rig.submitted.first { if case .analyze = $0.spec { true } else { false } })
    guard case .analyze(_, .quickModel(let options)) = job.spec else { return }
    #expect(options.trees == 25)
    #expect(options.depth == 16)
  }

  @Test func aHistogramTakesTheColumnUnderTheCursorAndAName() throws {
    var rig = DialogRig()
    rig.state.table.changeCurrent { $0.moveColumn(to: 4) }
    rig.press("a", "histo", "enter", "tab", "tab", "tab", "12", "tab", "tab", "Rates", "tab", "enter")
    let job = try #require(rig.submitted.last { if case .analyze = $0.spec { true } else { false } })
    guard case .analyze(_, let spec) = job.spec else { return }
    #expect(spec == .histogram(column: "rate", bins: 12))
    #expect(rig.state.flow.analyses.map(\.name) == ["Rates"])
  }

  @Test func aBadNumberOfBinsIsNamedAtItsField() {
    var rig = DialogRig()
    rig.press("a", "histo", "enter", "tab", "tab", "tab", "many", "shift-tab", "shift-tab", "shift-tab")
    rig.press("shift-tab", "shift-tab", "enter")
    #expect(rig.screen.contains("a whole number"))
    #expect(rig.state.flow.analyses.isEmpty)
  }

  @Test func anAnalysisThatTheColumnsDoNotAllowSaysWhy() {
    var rig = DialogRig(schema: [Column(name: "name", type: "VARCHAR"), Column(name: "age", type: "BIGINT")])
    rig.press("a", "scatter", "enter")
    #expect(rig.state.overlays.last is AnalysisMenuOverlay)
    #expect(rig.state.message?.text == "Scatter plot: needs two columns of numbers or dates, the step has one")
  }

  @Test func escapeGoesBackAndThenAway() {
    var rig = DialogRig()
    rig.press("a", "table s", "enter")
    #expect(rig.state.overlays.last is AnalysisOverlay)
    rig.press("escape")
    #expect(rig.state.overlays.last is AnalysisMenuOverlay)
    rig.press("escape", "escape")
    #expect(rig.state.overlays.isEmpty)
    #expect(rig.state.flow.analyses.isEmpty)
  }

  @Test func f2ExplainsTheField() {
    var rig = DialogRig()
    rig.press("a", "quick", "enter", "f2")
    #expect(rig.screen.contains("The column to predict."))
    rig.press("x")
    #expect(!rig.screen.contains("The column to predict."))
    #expect(rig.state.overlays.last is AnalysisOverlay)
  }

  @Test func anUnsuitableLabelIsNamedAtOnce() {
    var rig = DialogRig()
    rig.state.table.changeCurrent { $0.header = DialogRig.header(levels: ["workclass": 1, "income": 4990]) }
    rig.press("a", "quick", "enter", "enter", "work", "enter")
    #expect(rig.screen.contains("workclass is the same in every row"))
    rig.press("shift-tab", "enter", "income", "enter")
    #expect(rig.screen.contains("income is text with 4,990 distinct values"))
  }

  @Test func theFormWaitsForTheColumnsOfATableThatIsStillOpening() {
    var rig = DialogRig(isOpen: false)
    _ = begin(Source(location: "/data/census.csv"), &rig.state)
    rig.press("a", "histo", "enter")
    #expect(rig.screen.contains("nothing to choose"))
    rig.answerOpen(DialogRig.schema, rows: 5000)
    #expect(rig.screen.contains("age (integer)"))
    #expect(rig.screen.contains("Source · 5,000 rows") || rig.screen.contains("5,000 rows"))
  }

  @Test func clicksChooseAndPress() {
    var rig = DialogRig()
    rig.press("a")
    rig.click("Correlation")
    #expect(rig.state.overlays.last is ChartBuilder)
    rig.click("[ Add to flow ]")
    #expect(rig.state.flow.analyses.first?.spec == .correlation(columns: []))
  }

  @Test func anAnalysisThatFailedSaysWhyUntilItRunsAgain() throws {
    var rig = DialogRig()
    rig.press("a")
    rig.click("Correlation")
    rig.click("[ Add to flow ]")
    let job = try #require(rig.submitted.last { if case .analyze = $0.spec { true } else { false } }).id
    rig.send(.job(job, .failed("The cluster is gone. Start it.")))
    rig.press("5")
    #expect(rig.screen.contains("It failed: The cluster is"))
    #expect(!rig.screen.contains("Not computed yet"))
    rig.press("r")
    let again = try #require(rig.submitted.last).id
    #expect(again != job)
    rig.send(.job(again, .started))
    #expect(!rig.screen.contains("It failed"))
  }
}

@Suite struct StepDialogTests {
  private func operation(_ rig: DialogRig) -> Flow.Operation? { rig.state.flow.graph.steps.last?.operation }

  /// The effect that was asked for last.
  private func asked(_ rig: DialogRig) -> (RequestID, NodeRequest)? {
    for (id, spec) in rig.submitted.reversed() {
      if case .effect(let request) = spec { return (id, request) }
    }
    return nil
  }

  @Test func aFilterIsCheckedWhileItIsTypedAndShowsItsEffect() throws {
    var rig = DialogRig()
    rig.press("+", "filter", "enter")
    #expect(rig.state.overlays.last is StepOverlay)
    rig.press("agee > 30")
    #expect(rig.screen.contains("did you mean age?"))
    rig.press("ctrl-u", "age > 30")
    let (id, request) = try #require(asked(rig))
    #expect(request.graph[request.node]?.operation == .filter("age > 30"))
    let effect = StepEffect(
      before: .init(rows: 5000, columns: 6, missing: 7), after: .init(rows: 4812, columns: 6, missing: 7))
    rig.send(.job(id, .done(.effect(effect))))
    #expect(rig.screen.contains("5,000 → 4,812 rows"))
    rig.press("tab", "enter")
    #expect(operation(rig) == .filter("age > 30"))
    #expect(rig.state.overlays.isEmpty)
    #expect(rig.submitted.contains { if case .open = $0.spec { true } else { false } })
  }

  @Test func anEffectThatIsOutOfDateIsCancelled() throws {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "age > 3")
    let (first, _) = try #require(asked(rig))
    rig.press("0")
    #expect(rig.press("1").contains { if case .cancel = $0 { true } else { false } })
    rig.send(
      .job(
        first,
        .done(
          .effect(
            StepEffect(before: .init(rows: 1, columns: 1, missing: 0), after: .init(rows: 1, columns: 1, missing: 0)))))
    )
    #expect(rig.screen.contains("computing"))
  }

  @Test func tabCompletesNamesAndBracketsOddOnes() {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "work", "tab", " == 'x' and hou", "tab")
    #expect(rig.screen.contains("workclass == 'x' and [hours per week]"))
  }

  @Test func anEmptyFormSaysWhatIsMissingWhenItIsAdded() {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "shift-tab", "enter")
    #expect(rig.screen.contains("write a condition"))
    #expect(rig.state.flow.graph.steps.count == 1)
  }

  @Test func dataTypesTakesSeveralRules() {
    var rig = DialogRig()
    rig.press("+", "data types", "enter")
    // Column and type of the first rule, then a second rule.
    rig.press("enter", "age", "enter", "enter", "text", "enter", "enter", "rate", "enter", "enter", "integer", "enter")
    rig.press("tab", "tab", "enter")
    #expect(operation(rig) == .cast([Cast("age", to: .text), Cast("rate", to: .integer)]))
  }

  @Test func selectKeepsTheChosenColumns() {
    var rig = DialogRig()
    rig.press("+", "select c", "enter", "space", "inc", "space", "shift-tab", "enter")
    #expect(operation(rig) == .select(["age", "income"]))
  }

  @Test func sortTakesADirection() {
    var rig = DialogRig()
    rig.press("+", "sort", "enter", "tab", "right", "shift-tab", "shift-tab", "enter")
    #expect(operation(rig) == .sort([SortKey("age", descending: true)]))
  }

  @Test func sampleShowsTheFieldsOfItsMethod() {
    var rig = DialogRig()
    rig.press("+", "sample", "enter")
    #expect(rig.screen.contains("Seed"))
    rig.press("right")
    #expect(rig.screen.contains("Share"))
    rig.press("left", "left")
    #expect(!rig.screen.contains("Seed"))
    rig.press("tab", "ctrl-u", "300", "tab", "enter")
    #expect(operation(rig) == .sample(.first(300)))
  }

  @Test func imputeFillsNumbersAndTextsEachInTheirWay() {
    var rig = DialogRig()
    rig.press("+", "impute", "enter", "ctrl-a", "shift-tab", "enter")
    guard case .impute(let rules)? = operation(rig) else {
      Issue.record("no impute step")
      return
    }
    #expect(rules.first { $0.column == "age" }?.strategy == .median)
    #expect(rules.first { $0.column == "workclass" }?.strategy == .mode)
    #expect(rig.submitted.contains { if case .fit = $0.spec { true } else { false } })
  }

  @Test func aConstantMustFitTheColumn() {
    var rig = DialogRig()
    rig.press("+", "impute", "enter", "age", "space", "tab", "enter", "constant", "enter")
    rig.press("old", "tab", "enter")
    #expect(rig.screen.contains("age needs a whole number"))
    rig.press("ctrl-u", "7", "tab", "enter")
    #expect(operation(rig) == .impute([ImputeRule("age", .constant(.integer(7)))]))
  }

  @Test func deriveAddsAColumn() {
    var rig = DialogRig()
    rig.press("+", "derive", "enter", "double", "tab", "age * 2", "tab", "enter")
    #expect(operation(rig) == .derive(name: "double", expression: "age * 2"))
  }

  @Test func editingAStepAsksForTheColumnsThatReachItAndChangesIt() throws {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "age > 30", "tab", "enter")
    rig.answerOpen(DialogRig.schema, rows: 4000)
    rig.state.focus = .flow
    rig.press("enter")
    #expect(rig.state.overlays.last is StepOverlay)
    // The table shows the filter's rows; the columns before it have to be asked for.
    let question = try #require(rig.submitted.first { if case .header = $0.spec { true } else { false } })
    rig.send(.job(question.id, .done(.header(DialogRig.header()))))
    rig.press("end", "ctrl-u", "age > 40", "tab", "enter")
    #expect(operation(rig) == .filter("age > 40"))
    #expect(rig.state.flow.graph.steps.count == 2)
    #expect(rig.state.undo.count == 2)
  }

  @Test func insertingPutsTheStepBetween() {
    var rig = DialogRig()
    rig.press("+", "filter", "enter", "age > 30", "tab", "enter")
    rig.state.selected = "s1"
    rig.state.focus = .flow
    rig.press("i", "sort", "enter")
    #expect(rig.screen.contains("step 2 of 2"))
    // The table shows another step: the columns have to be asked for.
    if let question = rig.submitted.first(where: { if case .header = $0.spec { true } else { false } }) {
      rig.send(.job(question.id, .done(.header(DialogRig.header()))))
    }
    rig.press("enter", "age", "enter", "shift-tab", "shift-tab", "enter")
    #expect(rig.state.flow.graph.outline.map { $0.id } == ["s1", "s3", "s2"])
  }
}
