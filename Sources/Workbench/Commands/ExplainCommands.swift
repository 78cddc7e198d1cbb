import Engine
import Explain
import Flow

/// Explanations of rows of the table.
let explainCommands: [Command] = [
  Command(
    "explain.row", "Explain this row",
    "Shows which columns led a model to what it says of this row, and what it would say if one held something else.",
    keys: ["S"], in: [.pane(.table)], group: .analyse, menu: .model, priority: 3, hint: "SHAP",
    availability: { state in
      guard state.table.current != nil else { return .disabled("there are no rows: open a dataset") }
      guard state.table.current?.request.look.summary == nil else {
        return .disabled("a summary has no rows of the step")
      }
      return explanation(ofRowsIn: state) == nil
        ? .disabled("no model explains these rows yet: a, Explain model") : .enabled
    }
  ) { explainRow(&$0) }
]
