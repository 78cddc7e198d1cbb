import Engine
import Flow
import Frame
import Grid
import Widgets

/// The form of a transform, with the effect that it would have on the rows.
struct StepOverlay: Overlay {
  /// What becomes of the form.
  private enum Goal: Sendable, Equatable {
    case add(after: StepID, insert: Bool)
    case edit(StepID)
  }

  private let goal: Goal?
  private let back: (any Overlay)?
  /// Where the rows come from that reach the step.
  private var question: SchemaQuestion?
  /// The columns of the other step that a join reads.
  private var other: SchemaQuestion?
  private var content: StepForm
  /// The values of `{{name}}`.
  private let parameters: [FlowParameter]
  private var dialog: FormDialog
  private var effect: String?
  private var asked: Operation?
  private var askedOthers: [StepID] = []
  private var request: RequestID?

  /// A new step after the selected one.
  /// - Parameter insert: put it between the selected step and those that read it.
  init(_ kind: Operation.Kind, _ state: WorkbenchState, insert: Bool, back: (any Overlay)? = nil) {
    let step = state.selectedStep
    self.init(
      kind, nil, goal: step.map { .add(after: $0.id, insert: insert) }, input: step?.id, back: back,
      note: "after \(step?.title ?? "")", state)
  }

  /// The form of a new step after the selected one, filled in as far as an operation says.
  static func proposing(_ operation: Operation, _ state: WorkbenchState) -> StepOverlay {
    let step = state.selectedStep
    return StepOverlay(
      operation.kind, operation, goal: step.map { .add(after: $0.id, insert: false) }, input: step?.id, back: nil,
      note: "after \(step?.title ?? "")", state)
  }

  /// The form of a step that is in the flow.
  static func editing(_ step: Step, _ state: WorkbenchState) -> StepOverlay {
    StepOverlay(
      step.operation.kind, step.operation, goal: .edit(step.id), input: step.inputs.first, back: nil,
      note: step.operation.splitParts.isEmpty ? step.name ?? "" : "all parts", state)
  }

  private init(
    _ kind: Operation.Kind, _ initial: Operation?, goal: Goal?, input: StepID?, back: (any Overlay)?, note: String,
    _ state: WorkbenchState
  ) {
    self.goal = goal
    self.back = back
    parameters = state.flow.graph.parameters
    question = input.map { SchemaQuestion($0, state) }
    content = StepForm(
      kind: kind, initial: initial, schema: question?.schema,
      current: input == state.selectedStep?.id ? currentColumn(state)?.name : nil,
      missing: Self.missing(question))
    content.steps = Self.steps(besides: input, goal, state)
    if case .edit(let id)? = goal { content.others = Array(state.flow.graph[id]?.inputs.dropFirst() ?? []) }
    dialog = FormDialog(
      OperationCatalogue.info(kind).title, step: back == nil ? "" : "step 2 of 2", note: note, width: 66)
    refresh()
  }

  /// The steps that a step may read beside its input: all but itself and those below it.
  private static func steps(besides input: StepID?, _ goal: Goal?, _ state: WorkbenchState) -> [StepChoice] {
    var refused: Set<StepID> = []
    if case .edit(let id)? = goal { refused = Set([id] + state.flow.graph.descendants(of: id)) }
    if let input { refused.insert(input) }
    return StepChoice.all(but: refused, state)
  }

  /// The share of missing cells by column, as far as it is known.
  private static func missing(_ question: SchemaQuestion?) -> [String: Double] {
    let pairs = (question?.header ?? []).map { ($0.column, $0.missingShare) }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  var hints: [(key: String, label: String)] {
    if dialog.explanation != nil { return [("any key", "back")] }
    if dialog.form.isListOpen {
      return [("↑↓", "choose"), ("type", "search"), ("Enter", "take"), ("Esc", "close list")]
    }
    let isExpression = dialog.form.focused?.id == content.expressionField
    return [
      ("Tab", isExpression ? "complete" : "field"), ("↑↓", "choose"), ("Space", "toggle"),
      ("^R", isEditing ? "change" : "add"), ("F2", "explain"), ("Esc", "back"),
    ]
  }

  private var isEditing: Bool { if case .edit? = goal { true } else { false } }

  // MARK: Fields

  private mutating func refresh(changed: String? = nil) {
    dialog.show(fields, changed: changed)
    // What fields there are may follow from a value that the first pass has set.
    dialog.show(fields)
    guard let (field, reason) = liveFault else { return }
    dialog.setError(field, reason)
  }

  private var fields: [FormField] {
    let action = isEditing ? "Change" : content.operation(dialog.form).learns ? "Add and fit" : "Add"
    return content.fields(dialog.form) + [
      .note("Effect", effectText, id: "effect"), .buttons([FormOption("add", action), FormOption("cancel", "Back")]),
    ]
  }

  private var effectText: String {
    if let error = question?.error { return error }
    if let effect { return effect }
    return request == nil ? "shown as soon as the form is complete" : "computing…"
  }

  /// What is wrong with the form: with its fields, or with the operation on the columns that reach it.
  private var fault: (field: String, reason: String)? {
    if let fault = content.fault(dialog.form) { return fault }
    let operation = content.operation(dialog.form)
    let field = content.faultField(dialog.form)
    if let reason = parameterFault(operation) { return (field, reason) }
    guard let schema = content.schema, let input = question?.node else { return nil }
    let others = content.chosenSteps(dialog.form)
    guard others.isEmpty || content.other != nil || content.otherStep(dialog.form) == nil else { return nil }
    return fault(of: operation, on: schema, input, and: others, content.other).map { (field, $0) }
  }

  /// What is wrong with the operation once values stand for parameters.
  private func parameterFault(_ operation: Flow.Operation) -> String? {
    FlowGraph(steps: [], parameters: parameters).fault(of: operation)
  }

  /// The fault as far as it is worth saying before the person is done: not that a field is still empty, nor that a name
  /// is unknown which Tab would complete.
  private var liveFault: (field: String, reason: String)? {
    if let completion, !completion.candidates.isEmpty { return nil }
    if content.fault(dialog.form) != nil || parameterFault(content.operation(dialog.form)) != nil { return nil }
    return fault
  }

  private func fault(
    of operation: Flow.Operation, on schema: Schema, _ input: StepID, and others: [StepID], _ other: Schema?
  ) -> String? {
    let steps = [input] + others.filter { $0 != input }
    let graph = FlowGraph(
      steps: steps.map { Step(id: $0, operation: .source(Source(location: "-"))) }, parameters: parameters)
    var relations = [input: Relation(sql: "SELECT 1", schema: schema)]
    // Of several other steps the engine knows the columns; here they count as the same.
    for step in others { relations[step] = Relation(sql: "SELECT 1", schema: other ?? schema) }
    let fault = Compiler(graph, relations: relations).fault(of: operation, after: input, and: others)
    // A step may wait for the value of a parameter; its rows then say so.
    if case .noValue? = fault { return nil }
    return fault?.description
  }

  /// Asks for the columns of the other step once it is chosen.
  private mutating func fetchOther(_ state: inout WorkbenchState) -> [Effect] {
    guard let id = content.otherStep(dialog.form) else { return [] }
    if other?.node != id {
      other = SchemaQuestion(id, state)
      content.other = nil
    }
    let effects = other?.fetch(&state) ?? []
    if content.other != other?.schema {
      content.other = other?.schema
      refresh()
    }
    return effects
  }

  // MARK: Questions

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    var effects = question?.fetch(&state) ?? []
    learn()
    effects += fetchOther(&state)
    guard content.schema != nil else { return effects }
    let operation = fault == nil ? content.operation(dialog.form) : nil
    let others = content.chosenSteps(dialog.form)
    guard operation != asked || others != askedOthers else { return effects }
    askedOthers = others
    if let request { effects.append(.cancel(request)) }
    asked = operation
    effect = nil
    request = nil
    if let operation, let node = probe(operation, state) {
      let (id, effect) = state.ask(.effect(node), for: .dialog)
      request = id
      effects.append(effect)
    }
    refresh()
    return effects
  }

  /// Takes what is known of the columns by now.
  private mutating func learn() {
    let missing = Self.missing(question)
    guard content.schema != question?.schema || content.missing != missing else { return }
    content.schema = question?.schema
    content.missing = missing
    refresh()
  }

  /// The flow as it would be with the step.
  private func probe(_ operation: Operation, _ state: WorkbenchState) -> NodeRequest? {
    var graph = state.flow.graph
    switch goal {
    case .add(let parent, _)?:
      guard let id = try? graph.add(operation, after: parent, and: askedOthers) else { return nil }
      return NodeRequest(graph: graph, node: id)
    case .edit(let id)?:
      guard (try? graph.replace(id, with: operation)) != nil, (try? graph.setOthers(id, askedOthers)) != nil else {
        return nil
      }
      return NodeRequest(graph: graph, node: id)
    case nil: return nil
    }
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if question?.receive(happening, for: id) == true {
      learn()
      refresh()
    }
    if other?.receive(happening, for: id) == true {
      content.other = other?.schema
      refresh()
    }
    guard id == request else { return .stay() }
    switch happening {
    case .done(.effect(let found)):
      // A split is measured in one of its parts.
      let part = asked.flatMap { $0.splitParts.isEmpty ? nil : content.part(of: $0) }
      effect = (part.map { "\($0): " } ?? "") + found.description
      request = nil
    case .failed(let text):
      effect = text
      request = nil
    case .started, .progress, .partial, .done, .cancelled: return .stay()
    }
    refresh()
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    if case .key(.tab) = event, dialog.explanation == nil, completes() { return .stay() }
    switch dialog.handle(event, hits: clickable(state)) {
    case .changed(let id): refresh(changed: id)
    case .handled where content.expressionField != nil && dialog.explanation == nil: refresh()
    case .pressed("add"), .submitted: return finish(&state)
    case .pressed, .cancelled:
      let effects = request.map { [Effect.cancel($0)] } ?? []
      return back.map { .replace($0, effects) } ?? .close(effects)
    case .ignored, .handled, .explain: break
    }
    return .stay()
  }

  /// What Tab would complete; nil outside of an expression.
  private var completion: Completion? {
    guard let id = content.expressionField, dialog.form.focused?.id == id,
      case .text(let state, _)? = dialog.form[id]?.content
    else { return nil }
    return Completion(state, schema: content.columns)
  }

  /// Tab in an expression completes the name before the cursor; false where there is none.
  private mutating func completes() -> Bool {
    guard let id = content.expressionField, case .text(let state, _)? = dialog.form[id]?.content,
      let completed = completion?.applied(to: state)
    else { return false }
    dialog.setText(id, completed)
    refresh()
    return true
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    refresh()
    if let (field, reason) = fault {
      dialog.setError(field, reason)
      dialog.setFocus(field)
      return .stay()
    }
    let effects = request.map { [Effect.cancel($0)] } ?? []
    let operation = content.operation(dialog.form)
    let others = content.chosenSteps(dialog.form)
    switch goal {
    case .add(let parent, let insert)?:
      return .close(effects + addStep(operation, after: parent, and: others, insert: insert, &state))
    case .edit(let id)?: return .close(effects + replaceStep(id, with: operation, and: others, &state))
    case nil: return .close(effects)
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  Esc: \(back == nil ? "cancel" : "back")")
  }
}
