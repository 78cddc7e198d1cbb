import Engine
import Flow
import Frame
import Grid
import Learn
import Widgets

/// The dialog of a training: what to predict and how long to try. It says which problem the label poses before anything is
/// trained, and whether the folder holds the beginning of the same run.
struct AutoMLOverlay: Overlay {
  private let node: StepID?
  private let stepTitle: String
  private let back: (any Overlay)?
  /// The analysis that is being changed; nil for a new one.
  private let editing: Int?
  private let name: String
  private let workingFolder: String
  private var question: SchemaQuestion?
  private var content: AutoMLForm
  private var dialog: FormDialog
  /// What was asked about the label and the rows, and the answer awaited.
  private var askedLabel: AutoMLOptions?
  private var labelRequest: RequestID?
  /// The files of test and validation rows, whose columns are looked at.
  private var testFile = ColumnsQuestion()
  private var validationFile = ColumnsQuestion()
  private var askedFolder: String?
  private var folderRequest: RequestID?

  init(_ state: WorkbenchState, back: (any Overlay)? = nil, editing analysis: Analysis? = nil) {
    let step = analysis.flatMap { state.flow.graph[$0.node] } ?? state.selectedStep
    self.back = back
    editing = analysis?.id
    name = analysis?.name ?? ""
    node = step?.id
    stepTitle = step?.title ?? ""
    workingFolder = state.workingFolder
    question = step.map { SchemaQuestion($0.id, state) }
    var study: AutoMLStudy?
    if case .automl(let known)? = analysis?.spec { study = known }
    content = AutoMLForm(
      columns: question?.schema ?? [], current: currentColumn(state)?.name, target: state.flow.target,
      steps: StepChoice.all(but: step.map { [$0.id] } ?? [], state), folder: study?.folder ?? "", editing: study)
    dialog = FormDialog(
      analysis == nil ? "AutoML" : "Edit AutoML", step: back == nil ? "" : "step 2 of 2", note: "on \(stepTitle)",
      width: 66)
    if study == nil { content.folder = newRunFolder(state.flow.target ?? content.columns.last?.name ?? "run", state) }
    refresh(state)
    if study == nil, dialog.form.text("target") != state.flow.target {
      // Named after the label that the form has guessed.
      content.folder = newRunFolder(dialog.form.text("target"), state)
      dialog.setText("folder", TextFieldState(content.folder))
    }
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

  // MARK: Fields

  /// - Parameter changed: the field whose change is the reason; the focus goes on to a field that it brought along.
  private mutating func refresh(_ state: WorkbenchState, changed: String? = nil) {
    dialog.show(content.fields(dialog.form, place: place(state), name: name), changed: changed)
    // What a field brings along follows from what is entered by now.
    dialog.show(content.fields(dialog.form, place: place(state), name: name))
  }

  private func place(_ state: WorkbenchState) -> String {
    if let error = question?.error { return error }
    guard let node, let rows = knownRows(of: node, state) else { return stepTitle }
    return "\(stepTitle) · \(rowText(rows, state.drawing.glyphs == .ascii)) rows"
  }

  // MARK: Questions

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    var effects = question?.fetch(&state) ?? []
    if let schema = question?.schema, schema != content.columns {
      content.columns = schema
      refresh(state)
    }
    effects += askLabel(&state) + askFolder(&state) + askFiles(&state)
    return effects
  }

  /// Looks at the columns of the files that judge, as soon as they are there.
  private mutating func askFiles(_ state: inout WorkbenchState) -> [Effect] {
    func path(_ choice: String, _ file: String) -> String {
      dialog.form.text(choice) == AutoMLForm.file ? content.file(dialog.form.text(file), in: workingFolder) : ""
    }
    let effects =
      testFile.ask(path("test", "file"), &state)
      + validationFile.ask(content.hasValidation(dialog.form) ? path("validation", "validationFile") : "", &state)
    showFiles(state)
    return effects
  }

  private mutating func showFiles(_ state: WorkbenchState) {
    guard content.testColumns != testFile.found || content.validationColumns != validationFile.found else { return }
    (content.testColumns, content.validationColumns) = (testFile.found, validationFile.found)
    refresh(state)
  }

  private mutating func askLabel(_ state: inout WorkbenchState) -> [Effect] {
    // The label decides, and the columns that say something about rows.
    let all = content.options(dialog.form)
    var options = AutoMLOptions(target: all.target, problem: all.problem)
    (options.weightColumn, options.hasBalancedClasses) = (all.weightColumn, all.hasBalancedClasses)
    (options.groupColumn, options.timeColumn) = (all.groupColumn, all.timeColumn)
    guard let node, state.flow.graph[node] != nil, !options.target.isEmpty, options != askedLabel else { return [] }
    let cancels = labelRequest.map { [Effect.cancel($0)] } ?? []
    // What is known of the label stays on screen while the rest is looked at.
    if askedLabel?.target != options.target || askedLabel?.problem != options.problem { content.problem = nil }
    askedLabel = options
    let request = NodeRequest(graph: state.flow.graph, node: node)
    let (id, effect) = state.ask(.problem(request, options), for: .dialog)
    labelRequest = id
    refresh(state)
    return cancels + [effect]
  }

  private mutating func askFolder(_ state: inout WorkbenchState) -> [Effect] {
    let folder = content.path(dialog.form, in: workingFolder)
    guard folder != askedFolder else { return [] }
    askedFolder = folder
    content.past = nil
    guard !folder.isEmpty, state.fileExists(folder + "/run.json") else {
      folderRequest = nil
      refresh(state)
      return []
    }
    let (id, effect) = state.ask(.history(folder: folder), for: .dialog)
    folderRequest = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if testFile.receive(happening, for: request) || validationFile.receive(happening, for: request) {
      showFiles(state)
      return .stay()
    }
    if question?.receive(happening, for: request) == true, let schema = question?.schema { content.columns = schema }
    switch happening {
    case .done(.problem(let found)) where request == labelRequest: content.problem = .success(found)
    case .failed(let text) where request == labelRequest: content.problem = .failure(.init(text: text))
    case .done(.history(let past)) where request == folderRequest: content.past = past
    case .started, .progress, .partial, .done, .failed, .cancelled: return .stay()
    }
    refresh(state)
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .changed(let id):
      refresh(state, changed: id)
      if id == "target", editing == nil, content.folder == dialog.form.text("folder") {
        // The proposal follows the label until a person types one.
        content.folder = newRunFolder(dialog.form.text("target"), state)
        dialog.setText("folder", TextFieldState(content.folder))
      }
    case .pressed("run"), .submitted: return finish(&state)
    case .pressed("list"): return finish(&state, isPlanOnly: true)
    case .pressed("explore"): return explore(&state)
    case .pressed, .cancelled: return back.map { .replace($0) } ?? .close()
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  /// Shows what the rows are; the form is there again afterwards.
  private mutating func explore(_ state: inout WorkbenchState) -> OverlayOutcome {
    refresh(state)
    if let fault = content.fault(dialog.form) {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
      return .stay()
    }
    guard let node, let study = content.study(dialog.form, in: workingFolder) else { return .stay() }
    return .push(ExplorationOverlay(beforeTraining: study, on: node, state))
  }

  /// What was explored before is kept with the run.
  private func keep(_ study: AutoMLStudy, on node: StepID, _ state: inout WorkbenchState) -> [Effect] {
    let request = ExplorationOverlay.request(study, state.flow.graph, folder: nil)
    guard study.isPlanOnly != true, let known = state.automl.explored, known.request == request,
      known.rows == NodeRequest(graph: state.flow.graph, node: node)
    else { return [] }
    state.automl.explored = nil
    return [state.ask(.keepExploration(known.found, folder: study.folder), for: .steering).1]
  }

  private mutating func finish(_ state: inout WorkbenchState, isPlanOnly: Bool = false) -> OverlayOutcome {
    refresh(state)
    if let fault = content.fault(dialog.form) {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
      return .stay()
    }
    guard let node, state.flow.graph[node] != nil,
      let study = content.study(dialog.form, in: workingFolder, isPlanOnly: isPlanOnly)
    else { return .close() }
    let typed = dialog.form.text("name").trimmingBlanks
    let kept = keep(study, on: node, &state)
    guard let editing else {
      return .close(kept + addAnalysis(.automl(study), name: typed.isEmpty ? nil : typed, on: node, &state))
    }
    let effects = state.edit { flow in
      flow[analysis: editing]?.spec = .automl(study)
      if !typed.isEmpty { flow[analysis: editing]?.name = typed }
    }
    return .close(kept + effects + showAnalysis(editing, focus: true, &state) + runAnalysis(editing, &state))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  Esc: \(back == nil ? "cancel" : "back")")
  }
}

/// Learns the columns of a file that somebody types the name of.
struct ColumnsQuestion: Sendable {
  private var path = ""
  private var request: RequestID?
  /// Nil while nothing is known.
  private(set) var found: Result<Schema, AutoMLForm.ProblemError>?

  /// Asks the engine where the file is another one than before; nothing for an empty path.
  mutating func ask(_ path: String, _ state: inout WorkbenchState) -> [Effect] {
    guard path != self.path else { return [] }
    self.path = path
    found = nil
    let cancels = request.map { [Effect.cancel($0)] } ?? []
    request = nil
    guard !path.isEmpty else { return cancels }
    guard Source.isElsewhere(path) || state.fileExists(path) else {
      found = .failure(.init(text: "there is no such file"))
      return cancels
    }
    let (id, effect) = state.ask(.preview(Source(location: path)), for: .dialog)
    request = id
    return cancels + [effect]
  }

  /// True when the answer came.
  mutating func receive(_ happening: JobHappening, for id: RequestID) -> Bool {
    guard id == request else { return false }
    switch happening {
    case .done(.preview(let preview)): found = .success(preview.schema)
    case .failed(let text): found = .failure(.init(text: text))
    case .started, .progress, .partial, .done, .cancelled: return false
    }
    return true
  }
}
