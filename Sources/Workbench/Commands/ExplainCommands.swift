import Engine
import Explain
import Flow

private let explainPanes: Set<Context> = [.pane(.chart), .pane(.analyses)]

private let hasExplanation: @Sendable (WorkbenchState) -> Availability = { state in
  currentExplanation(state) == nil ? .disabled("no explanation is in front: a, Explain model") : .enabled
}

private let explainsRows: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = state.table.current else { return .disabled("there are no rows: open a dataset") }
  guard view.request.look.summary == nil else { return .disabled("a summary has no rows of the step") }
  return explanation(ofRowsIn: state) == nil
    ? .disabled("no model explains these rows yet: a, Explain model") : .enabled
}

/// Explanations of rows of the table.
let explainCommands: [Command] = [
  Command(
    "explain.row", "Explain this row",
    "Shows which columns led a model to what it says of this row, and what it would say if one held something else.",
    keys: ["S"], in: [.pane(.table)], group: .analyse, menu: .model, priority: 3, hint: "SHAP",
    availability: explainsRows
  ) { explainRow(&$0) },
  Command(
    "explain.compare", "Compare two rows",
    "Compares what a model says of two marked rows, or of this row and the one that was kept: which columns make the "
      + "difference.",
    keys: ["g S"], in: [.pane(.table)], group: .analyse, menu: .model,
    availability: explainsRows
  ) { compareRows(&$0) },
  Command(
    "explain.pages", "Pictures of the explanation…",
    "Lists what an explanation shows: bars, beeswarm, forces, decisions, dependence, effects, pairs, shuffled columns.",
    keys: ["P"], in: explainPanes, group: .look, menu: .model, priority: 5, hint: "all pictures",
    availability: hasExplanation
  ) { state in
    guard let view = currentExplanation(state) else { return [] }
    state.overlays.append(ExplainPagesOverlay(view, page: state.chart.page))
    return []
  },
  Command(
    "explain.force", "SHAP force", "Shows what pushes the predictions of rows up and down.", keys: ["g f"],
    in: explainPanes, group: .look, menu: .model, availability: hasExplanation
  ) { showPage(ExplainedTable.forcePage, &$0) },
  Command(
    "explain.decision", "SHAP decision", "Shows the ways of rows from the base value through the columns.",
    keys: ["g d"], in: explainPanes, group: .look, menu: .model, availability: hasExplanation
  ) { showPage(ExplainedTable.decisionPage, &$0) },
]
