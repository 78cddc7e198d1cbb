import Engine
import Flow
import Frame
import Grid
import Learn
import Widgets

/// Asks for whom the predictions of a model shall be compared, and what is good for them.
struct ModelBiasOverlay: Overlay {
  private let key: ModelKey
  private let target: String
  /// The classes of the label; empty for numbers.
  private let classes: [String]
  private let positive: String?
  private var schema: SchemaQuestion
  private var dialog: FormDialog
  private let asked: ModelBiasQuestion?

  init(_ key: ModelKey, _ report: CandidateReport, node: StepID, _ state: WorkbenchState) {
    self.key = key
    target = report.target
    classes = report.decisions?.classes ?? []
    positive = report.decisions?.positive
    asked = state.automl.findings[key]?.question
    schema = SchemaQuestion(node, state)
    dialog = FormDialog("Bias of \(report.label)", note: report.target, width: 60)
    show()
  }

  var hints: [(key: String, label: String)] {
    [("Tab", "field"), ("Space", "choose"), ("^R", "compare"), ("F2", "explain"), ("Esc", "back")]
  }

  private mutating func show() {
    let columns = (schema.schema ?? []).filter { $0.name != target }
    var fields: [FormField] = [
      .picker(
        "facets", "Facets", ColumnChoices.options(columns), chosen: Set(asked?.facets ?? []),
        rows: max(3, min(7, columns.count)),
        help:
          "Columns that tell groups of people apart, such as sex or age. Each value in turn is compared with all others; "
          + "a column of many numbers is cut at its median.")
    ]
    if classes.isEmpty {
      fields.append(
        .text(
          "above", "Good above", asked?.above.map { Number.short($0) } ?? "", placeholder: "the median of the label",
          help: "Predictions above this number are good for those who get them."))
    } else {
      fields.append(
        .choice(
          "positive", "Good is", classes.map { FormOption($0) },
          selected: asked?.positives.first ?? positive ?? classes.first,
          help: "The class that is good for those who are given it, such as a loan that is granted."))
    }
    if let error = schema.error { fields.append(.note("", "! " + error, id: "error")) }
    fields.append(.buttons([FormOption("run", "Compare"), FormOption("cancel", "Back")]))
    dialog.show(fields)
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let before = schema.schema
    let effects = schema.fetch(&state)
    if schema.schema != before { show() }
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if schema.receive(happening, for: request) { show() }
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("run"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close()
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    let facets = dialog.form.chosen("facets")
    guard !facets.isEmpty else {
      dialog.setError("facets", "choose one column or more with Space")
      dialog.setFocus("facets")
      return .stay()
    }
    var question = ModelBiasQuestion(candidate: key.candidate, facets: facets)
    if classes.isEmpty {
      let text = dialog.form.text("above").trimmingBlanks
      if !text.isEmpty {
        guard let number = dialog.form.number("above"), number.isFinite else {
          dialog.setError("above", "a number, or nothing")
          dialog.setFocus("above")
          return .stay()
        }
        question.above = number
      }
    } else {
      question.positives = [dialog.form.text("positive")].filter { !$0.isEmpty }
    }
    var findings = state.automl.findings[key] ?? ModelFindings()
    if findings.question != question { (findings.question, findings.bias) = (question, nil) }
    state.automl.findings[key] = findings
    return .close()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "^R: compare  Esc: back")
  }
}
