import Engine
import Flow
import Frame
import Grid
import Widgets

/// Brings the rows of a step of a cluster here as a file: how many there are, which of them, and what is done with them.
struct BringOverlay: Overlay {
  private var dialog: FormDialog
  private let request: NodeRequest
  /// Whether the step is the table of the cluster itself.
  private let isSource: Bool
  private var counting: RequestID?
  private var hasAsked = false
  private var total: Int?
  private var engine = ""
  private var failure: String?
  /// The file that the person was told exists.
  private var doubted: String?

  init(_ request: NodeRequest, _ state: WorkbenchState) {
    self.request = request
    let step = state.flow.graph[request.node]
    var title = step?.title ?? "the step"
    if case .source(let source)? = step?.operation, step?.name == nil { title = source.name }
    isSource = step?.operation.kind == .source
    dialog = FormDialog("Bring rows here", note: "of \(title)", width: 66)
    let stem = fileName(isSource ? title : state.flow.name).split(separator: ".").first.map(String.init) ?? "rows"
    let name = String(stem.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "_" })
    dialog.show(fields(method: "all", file: name + ".parquet"))
  }

  private func fields(method: String, file: String = "") -> [FormField] {
    var fields: [FormField] = [
      .note("There", fact, id: "there"),
      .radio(
        "rows", "Rows", [FormOption("all", "all"), FormOption("random", "random sample")], selected: method,
        help:
          "All rows of the step, or some at random. The cluster draws the sample, so that no other row travels; the same "
          + "seed draws the same rows as long as the cluster splits the table into the same parts."),
    ]
    if method == "random" {
      fields += [
        .number(
          "count", "How many", "100000", in: 1...1e12, isInteger: true,
          help: "The number of rows. Where there are fewer, all of them come."),
        .number("seed", "Seed", "0", in: 0...9e15, isInteger: true, help: "The same seed draws the same rows again."),
      ]
    }
    let open = FormOption("open", "open it as a new flow")
    let stay = FormOption("stay", "stay here")
    fields += [
      .text("file", "File (.parquet)", file, help: "It appears when it is complete. Rows pass through memory."),
      .radio(
        "then", "Then", isSource ? [FormOption("replace", "read it in this flow"), open, stay] : [open, stay],
        help:
          "Read it in this flow: the steps and analyses below stay, and run here from now on. A new flow begins with the "
          + "rows as they are at this step."),
      .buttons([FormOption("go", "Bring")]),
    ]
    return fields
  }

  /// How many rows the cluster has, as far as that is known.
  private var fact: String {
    if let failure { return failure }
    guard let total else { return "counting…" }
    return "\(counted(total, "row")) · \(engine)"
  }

  var hints: [(key: String, label: String)] {
    [("Tab", "field"), ("↑↓", "choose"), ("^R", "bring"), ("F2", "explain"), ("Esc", "cancel")]
  }

  // MARK: Events

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !hasAsked else { return [] }
    hasAsked = true
    let (id, effect) = state.ask(.cluster(ClusterRun(request, on: nil, goal: .count)), for: .dialog)
    counting = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard id == counting else { return .stay() }
    switch happening {
    case .done(.ranOnCluster(let outcome)): (total, engine, counting) = (outcome.rows, outcome.engine, nil)
    case .failed(let text): (failure, counting) = (text, nil)
    case .cancelled: (failure, counting) = ("The count was stopped.", nil)
    case .started, .progress, .partial, .done: return .stay()
    }
    dialog.show(fields(method: dialog.form.text("rows")))
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("go"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close(counting.map { [.cancel($0)] } ?? [])
    case .changed("rows"):
      dialog.show(fields(method: dialog.form.text("rows")), changed: "rows")
      return .stay()
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    let form = dialog.form
    let path = FilePaths.absolute(expanded(form.text("file").trimmingBlanks), in: state.workingFolder)
    guard let total else {
      state.say(failure ?? "The rows are still being counted.", .warning)
      return .stay()
    }
    if let fault = fault(path, state) {
      dialog.setError("file", fault)
      dialog.setFocus("file")
      return .stay()
    }
    let isSample = form.text("rows") == "random"
    if isSample, let wrong = ["count", "seed"].first(where: { form.integer($0) == nil }) {
      dialog.setError(wrong, "A whole number.")
      dialog.setFocus(wrong)
      return .stay()
    }
    let sample =
      isSample
      ? ClusterSample(rows: max(1, form.integer("count") ?? 1), seed: UInt64(max(0, form.integer("seed") ?? 0))) : nil
    let rows = min(total, sample?.rows ?? total)
    let bring = BringTask(
      step: request.node, path: path, rows: rows, total: total,
      then: BringTask.Then(rawValue: form.text("then")) ?? .stay)
    let run = ClusterRun(request, on: nil, goal: .here(path: path, format: .parquet), sample: sample, total: total)
    guard rows > ClusterRun.manyRows else { return .close(start(bring, run, &state)) }
    return .replace(
      ConfirmOverlay(
        title: "Bring rows here",
        question: "\(counted(rows, "row")) are to come over the network into \(fileName(path)).",
        answers: [.init(key: "b", label: "bring them") { start(bring, run, &$0) }]))
  }

  private mutating func fault(_ path: String, _ state: WorkbenchState) -> String? {
    guard path.lowercased().hasSuffix(".parquet") else { return "End the name in .parquet." }
    if TextPrompt.reads(path, state) { return "This flow reads that file: choose another name." }
    guard doubted != path, state.fileExists(path) else { return nil }
    doubted = path
    return "\(fileName(path)) exists. Once more replaces it."
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "^R: bring  Esc: cancel")
  }
}
