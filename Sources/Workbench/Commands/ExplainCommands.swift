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

private let explainsMarks: @Sendable (WorkbenchState) -> Availability = { state in
  guard shownChart(state) != nil, let request = shownRows(state) else {
    return .disabled("there is no chart yet: . on a column of the table draws one")
  }
  guard request.look.summary == nil else { return .disabled("a summary has no rows of the step") }
  return explanation(of: request.node, state) == nil
    ? .disabled("no model explains these rows yet: a, Explain model") : .enabled
}

private let hasTexts: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = currentExplanation(state) else {
    return .disabled("no explanation is in front: a, Explain model")
  }
  return textColumns(view.found).isEmpty
    ? .disabled("no column of this model holds texts of several words") : .enabled
}

private let hasSteps: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = currentExplanation(state) else {
    return .disabled("no explanation is in front: a, Explain model")
  }
  return view.found.time == nil ? .disabled("its columns have no order in time: a, Explain model, In time") : .enabled
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
    "explain.flip", "What flips this row",
    "Looks for the smallest change of this row, of up to three columns, that flips what a model decides of it.",
    in: [.pane(.table)], group: .analyse, menu: .model, availability: explainsRows
  ) { explainRow(&$0, flips: true) },
  Command(
    "explain.compare", "Compare two rows",
    "Compares what a model says of two marked rows, or of this row and the one that was kept: which columns make the "
      + "difference.",
    keys: ["g S"], in: [.pane(.table)], group: .analyse, menu: .model,
    availability: explainsRows
  ) { compareRows(&$0) },
  Command(
    "explain.mark", "Explain the row of the mark",
    "Shows which columns led a model to what it says of the row behind the mark; of several rows you choose one.",
    keys: ["S"], in: [.pane(.chart)], group: .analyse, menu: .model, priority: 8, hint: "SHAP",
    availability: explainsMarks
  ) { explainMark(&$0) },
  Command(
    "explain.texts", "Texts by their words…",
    "Shows which words of texts move predictions, text by text and over all of them.",
    keys: ["t"], in: [.pane(.chart)], group: .look, menu: .model, priority: 7, hint: "texts", availability: hasTexts
  ) { state in
    guard let view = currentExplanation(state) else { return [] }
    state.overlays.append(TextExplanationOverlay(view, columns: textColumns(view.found)))
    return []
  },
  Command(
    "explain.pages", "Pictures of the explanation…",
    "Lists what an explanation shows: bars, beeswarm, forces, decisions, dependence, effects, pairs, shuffled columns.",
    keys: ["P"], in: explainPanes, group: .look, menu: .model, priority: 7, hint: "all pictures",
    availability: hasExplanation
  ) { state in
    guard let view = currentExplanation(state) else { return [] }
    state.overlays.append(ExplainPagesOverlay(view, page: state.chart.page, texts: textColumns(view.found)))
    return []
  },
  Command(
    "explain.force", "SHAP force", "Shows what pushes the predictions of rows up and down.", keys: ["g f"],
    in: explainPanes, group: .look, menu: .model, availability: hasExplanation
  ) { showPage(.force, &$0) },
  Command(
    "explain.decision", "SHAP decision", "Shows the ways of rows from the base value through the columns.",
    keys: ["g d"], in: explainPanes, group: .look, menu: .model, availability: hasExplanation
  ) { showPage(.decision, &$0) },
  Command(
    "explain.steps", "SHAP steps in time", "Shows what each step in time does to predictions, oldest first.",
    keys: ["g t"], in: explainPanes, group: .look, menu: .model, availability: hasSteps
  ) { showPage(.steps, &$0) },
]
