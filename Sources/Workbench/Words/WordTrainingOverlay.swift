import Engine
import Flow
import Grid
import Widgets

/// The dialog of a training of word vectors.
struct WordTrainingOverlay: Overlay {
  private let stepTitle: String
  private var question: SchemaQuestion?
  private var content: WordTrainingForm
  private var dialog: FormDialog

  init(_ state: WorkbenchState) {
    let step = state.selectedStep
    stepTitle = step?.title ?? ""
    question = step.map { SchemaQuestion($0.id, state) }
    content = WordTrainingForm(
      columns: question?.schema ?? [], current: likelyTextColumn(state), node: step?.id,
      steps: StepChoice.all(but: step.map { [$0.id] } ?? [], state), folder: newRunFolder("words", state))
    dialog = FormDialog("Train word vectors", note: step == nil ? "" : "on \(stepTitle)", width: 68)
    refresh(state)
  }

  var hints: [(key: String, label: String)] {
    if dialog.explanation != nil { return [("any key", "back")] }
    if dialog.form.isListOpen {
      return [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("Esc", "close list")]
    }
    return [
      ("Tab", "field"), ("↑↓", "choose"), ("Space", "toggle"), ("^R", "train"), ("F2", "explain"), ("Esc", "back"),
    ]
  }

  private mutating func refresh(_ state: WorkbenchState) {
    dialog.show(content.fields(dialog.form, place: place(state)))
    // What a field brings along follows from what is entered by now.
    dialog.show(content.fields(dialog.form, place: place(state)))
  }

  private func place(_ state: WorkbenchState) -> String {
    if let error = question?.error { return error }
    guard let node = content.node else { return "a file: no dataset is open" }
    guard let rows = knownRows(of: node, state) else { return stepTitle }
    return "\(stepTitle) · \(rowText(rows, state.drawing.glyphs == .ascii)) rows"
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let effects = question?.fetch(&state) ?? []
    learn(state)
    return effects
  }

  private mutating func learn(_ state: WorkbenchState) {
    guard let schema = question?.schema, schema != content.columns else { return }
    content.columns = schema
    refresh(state)
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if question?.receive(happening, for: request) == true { learn(state) }
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .changed: refresh(state)
    case .pressed("run"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close()
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    refresh(state)
    if let fault = content.fault(dialog.form, state) {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
      return .stay()
    }
    let spec = content.training(dialog.form, state)
    let (request, effect) = state.ask(.embed(.train(spec)), for: .wordTraining(spec.folder))
    var training = WordTraining(spec)
    training.request = request
    state.words.trainings.removeAll { $0.folder == spec.folder }
    state.words.trainings.insert(training, at: 0)
    return .replace(WordWatchOverlay(spec.folder), [effect])
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  ^R: train  Esc: back")
  }
}
