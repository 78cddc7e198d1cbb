import Engine
import Frame
import Grid
import Widgets

/// Writes the rows of the selected step to S3 and makes a table of the Glue catalogue of them.
struct PublishOverlay: Overlay {
  private var dialog: FormDialog
  private let request: NodeRequest

  init(_ request: NodeRequest, _ state: WorkbenchState) {
    self.request = request
    let step = state.flow.graph[request.node]
    let columns = state.table.views.first?.schema ?? []
    let name = Self.word(state.flow.name.split(separator: ".").first.map(String.init) ?? "table")
    let formats = [FormOption("parquet", "Parquet"), FormOption("csv", "CSV"), FormOption("jsonl", "JSON lines")]
    let there = [FormOption("stop", "there must be none"), FormOption("add", "keep them, and add")]
    dialog = FormDialog(
      "Table in the Glue catalogue", note: "of \(step?.title ?? "the flow")", width: 66,
      fields: [
        .text(
          "database", "Database", state.athena.database ?? "",
          placeholder: state.athena.databases?.first ?? "sales", help: "It is made where there is none of that name."),
        .text("table", "Table", name),
        .text(
          "location", "Place", "", placeholder: "s3://bucket/\(name)/",
          help: "A prefix that holds the objects of this table and nothing else."),
        .radio("format", "Format", formats),
        .picker(
          "partitions", "Partition by", columns.map { FormOption($0.name) }, rows: 4,
          help: "Columns whose values become folders, such as year=2026/. A query that names them reads those alone."),
        .radio("there", "Objects there", there),
        .buttons([FormOption("go", "Write and create")]),
      ])
  }

  /// Letters, digits and underscores, as the catalogue takes them.
  private static func word(_ text: String) -> String {
    let word = String(text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return word.isEmpty ? "table" : word
  }

  var hints: [(key: String, label: String)] {
    [
      ("Tab", "field"), ("↑↓", "choose"), ("Space", "toggle"), ("^R", "write"), ("F2", "explain"), ("Esc", "cancel"),
    ]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("go"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close()
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    let form = dialog.form
    let (database, table) = (form.text("database").trimmingBlanks, form.text("table").trimmingBlanks)
    let location = form.text("location").trimmingBlanks
    let faults: [(field: String, isWrong: Bool, text: String)] = [
      ("database", !Self.isName(database), "Small letters, digits and underscores."),
      ("table", !Self.isName(table), "Small letters, digits and underscores."),
      (
        "location", !location.hasPrefix("s3://") || location.dropFirst(5).split(separator: "/").count < 2,
        "Write it as s3://bucket/prefix/."
      ),
    ]
    for fault in faults { dialog.setError(fault.field, fault.isWrong ? fault.text : nil) }
    if let first = faults.first(where: \.isWrong) {
      dialog.setFocus(first.field)
      return .stay()
    }
    let publication = CatalogPublication(
      request, database: database, table: table, location: location,
      format: SourceFormat(rawValue: form.text("format")) ?? .parquet, partitions: form.chosen("partitions"),
      appends: form.text("there") == "add")
    return .close([state.ask(.cloud(.publish(publication)), for: .cloud(.publish(database: database))).1])
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "^R: write  Esc: cancel")
  }
}
