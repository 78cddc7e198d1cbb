import Engine
import Flow
import Grid
import Insight
import Widgets

/// The steps that a quality report suggests; the chosen one is added to the flow.
struct SuggestionOverlay: Overlay {
  private let node: StepID
  private let steps: [Flow.Operation]
  private var list: ListDialog

  init(_ result: InsightResult, of analysis: Analysis) {
    node = analysis.node
    var steps: [Flow.Operation] = []
    var entries: [ListDialog.Entry] = []
    for warning in result.warnings {
      guard let operation = warning.step?.flowOperation else { continue }
      let title = (warning.column.map { "\($0): " } ?? "") + operation.title
      entries.append(
        ListDialog.Entry(
          id: String(steps.count), title: title, help: warning.title + ". " + warning.text,
          group: warning.severity == .high ? "Severe" : "Worth a look", explanation: operation.summary))
      steps.append(operation)
    }
    self.steps = steps
    list = ListDialog("Suggested steps", note: analysis.name, entries: entries)
  }

  /// Whether there is anything to add.
  static func hasSteps(_ result: InsightResult) -> Bool { result.warnings.contains { $0.step?.flowOperation != nil } }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      guard let index = Int(id), steps.indices.contains(index) else { return .close() }
      // One suggestion after the other: below what was added last, if that stands below the analysed step.
      let below = state.flow.graph.descendants(of: node)
      let parent = state.selected.flatMap { below.contains($0) ? $0 : nil } ?? node
      return .close(addStep(steps[index], after: parent, &state))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}
