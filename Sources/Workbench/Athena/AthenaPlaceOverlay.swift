import Engine
import Grid
import Widgets

/// Where a query of Athena runs: the database of tables without one, the place of its result, the workgroup.
struct AthenaPlaceOverlay: Overlay {
  private var dialog: FormDialog

  init(_ state: WorkbenchState) {
    let athena = state.athena
    let known = athena.databases ?? []
    let all = known + (athena.database.map { known.contains($0) ? [] : [$0] } ?? [])
    dialog = FormDialog(
      "Athena: where it runs",
      fields: [
        .choice(
          "database", "Database", [FormOption("", "none")] + all.map { FormOption($0) },
          selected: athena.database ?? "", help: "Of tables that the query names without a database."),
        .text(
          "output", "Result", athena.output, placeholder: "s3://bucket/prefix/",
          help: "Where Athena puts what it finds, on S3. Not needed where the workgroup says it."),
        .text(
          "workgroup", "Workgroup", athena.workgroup, placeholder: "primary",
          help: "A workgroup has limits, and may have a place for results of its own."),
        .text(
          "unload", "Parquet to", athena.unload, placeholder: "s3://bucket/prefix/",
          help: "For long results: Athena writes the rows there as Parquet, in a folder of their own, where they stay."),
        .buttons([FormOption("take", "Take")]),
      ])
  }

  var hints: [(key: String, label: String)] {
    [("Tab", "field"), ("↑↓", "choose"), ("^R", "take"), ("F2", "explain"), ("Esc", "back")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("take"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close()
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    let (output, unload) = (dialog.form.text("output").trimmingBlanks, dialog.form.text("unload").trimmingBlanks)
    for (field, place) in [("output", output), ("unload", unload)] {
      guard place.isEmpty || place.hasPrefix("s3://") && place.dropFirst(5).contains(where: { $0 != "/" }) else {
        dialog.setError(field, "Write it as s3://bucket/prefix/.")
        dialog.setFocus(field)
        return .stay()
      }
    }
    let database = dialog.form.text("database")
    state.athena.database = database.isEmpty ? nil : database
    (state.athena.output, state.athena.unload) = (output, unload)
    state.athena.workgroup = dialog.form.text("workgroup").trimmingBlanks
    return .close()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "^R: take  Esc: back")
  }
}
