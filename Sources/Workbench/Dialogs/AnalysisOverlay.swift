import Engine
import Flow
import Frame
import Grid
import Widgets

/// Add analysis, step 2 of 2: the chart builder for a chart, a form for anything else.
func analysisDialog(
  _ kind: AnalysisSpec.Kind, _ state: WorkbenchState, back: (any Overlay)? = nil
) -> any Overlay {
  if kind == .automl { return AutoMLOverlay(state, back: back) }
  return kind.chart.map { ChartBuilder($0, state, back: back) } ?? AnalysisOverlay(kind, state, back: back)
}

/// The options and the name of an analysis that is no chart. Run adds it to the flow.
struct AnalysisOverlay: Overlay {
  private let node: StepID?
  private let stepTitle: String
  private let back: (any Overlay)?
  private var question: SchemaQuestion?
  private var values: ValueQuestions?
  private var content: AnalysisForm
  private var dialog: FormDialog

  init(_ kind: AnalysisSpec.Kind, _ state: WorkbenchState, back: (any Overlay)? = nil) {
    let step = state.selectedStep
    self.back = back
    node = step?.id
    stepTitle = step?.title ?? ""
    question = step.map { SchemaQuestion($0.id, state) }
    values = step.map { ValueQuestions($0.id) }
    content = AnalysisForm(
      kind: kind, schema: question?.schema, current: currentColumn(state)?.name, target: state.flow.target,
      header: question?.header ?? [])
    content.steps = StepChoice.all(but: step.map { [$0.id] } ?? [], state)
    dialog = FormDialog(
      kind.title, step: back == nil ? "" : "step 2 of 2", note: "on \(stepTitle)", width: 62)
    refresh(state)
  }

  var hints: [(key: String, label: String)] {
    if dialog.explanation != nil { return [("any key", "back")] }
    if dialog.form.isListOpen {
      return [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("Esc", "close list")]
    }
    return [
      ("Tab", "field"), ("↑↓", "choose"), ("Space", "toggle"), ("^R", "run"), ("F2", "explain"),
      ("Esc", "back"),
    ]
  }

  // MARK: Fields

  private mutating func refresh(_ state: WorkbenchState) {
    dialog.show(content.fields(dialog.form.fields.isEmpty ? nil : dialog.form, place: place(state)))
    // The name's suggestion and the warning follow from what is entered by now.
    dialog.show(content.fields(dialog.form, place: place(state)))
  }

  /// `Filter · 4,812 rows`.
  private func place(_ state: WorkbenchState) -> String {
    if let error = question?.error { return error }
    guard let node, let rows = knownRows(of: node, state) else { return stepTitle }
    return "\(stepTitle) · \(rowText(rows, state.drawing.glyphs == .ascii)) rows"
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let effects = question?.fetch(&state) ?? []
    learn(state)
    return effects + (values?.fetch(content.columnsOfValues(dialog.form), &state) ?? [])
  }

  /// Takes what is known of the step by now.
  private mutating func learn(_ state: WorkbenchState) {
    let header = question?.header ?? []
    let isKnown = content.schema == question?.schema && content.header == header
    guard !isKnown || dialog.form.text("place") != place(state) else { return }
    content.schema = question?.schema
    content.header = header
    refresh(state)
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if question?.receive(happening, for: request) == true { learn(state) }
    if values?.receive(happening, for: request) == true {
      content.values = values?.answers ?? [:]
      let focus = dialog.form.focused?.id
      refresh(state)
      if let focus, dialog.form.index(of: focus) == nil { dialog.setFocus(BiasForm.successor(of: focus)) }
    }
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .changed(let id):
      let hasMoved = dialog.form.focused?.id != id
      refresh(state)
      // After a choice the focus goes on, to what the choice has brought along.
      if content.bias != nil, hasMoved, let next = BiasForm.focus(after: id, dialog.form) { dialog.setFocus(next) }
    case .pressed("run"), .submitted: return finish(&state)
    case .pressed, .cancelled: return back.map { .replace($0) } ?? .close()
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    refresh(state)
    if let fault = content.fault(dialog.form) {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
      return .stay()
    }
    guard let node, state.flow.graph[node] != nil, let spec = content.spec(dialog.form) else { return .close() }
    let name = dialog.form.text("name").trimmingBlanks
    return .close(addAnalysis(spec, name: name.isEmpty ? nil : name, on: node, &state))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  Esc: \(back == nil ? "cancel" : "back")")
  }
}
