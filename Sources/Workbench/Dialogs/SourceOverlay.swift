import Grid
import Widgets

/// New data flow, step 1 of 3: where the data is.
struct SourceOverlay: Overlay {
  private var list: ListDialog
  private let adds: Bool

  /// - Parameter adds: puts the source beside those of the flow instead of beginning another flow.
  init(_ state: WorkbenchState, adds: Bool = false) {
    self.adds = adds
    list = ListDialog(
      adds ? "Add dataset" : "New data flow", step: "step 1 of 3", note: "where is the data?",
      entries: [
        ListDialog.Entry(
          id: "local", title: "Local files", help: "CSV, TSV, JSON, JSONL, Parquet, plain or gzip",
          explanation: "Files on this machine. They are read where they are; nothing is copied to another place, and "
            + "nothing is sent anywhere."),
        ListDialog.Entry(
          id: "s3", title: "Amazon S3", help: "Objects in a bucket",
          explanation: "Buckets and what is in them, with the credentials that the AWS tools use. All objects below a "
            + "prefix are one dataset where their address ends in *, such as s3://lake/sales/*."),
        Self.away(
          "glue", "AWS Glue catalogue", "Tables of a catalogue", "by address: glue://database/table",
          "Choose Amazon S3 or Local files, and type the table's address instead of a path."),
        Self.away(
          "athena", "Amazon Athena", "The result of a query", "headless: assay athena SQL",
          "Write the result to a file: assay athena SQL -o rows.parquet, and open that."),
        ListDialog.Entry(
          id: "spark", title: "Apache Spark", help: "Tables of a cluster",
          explanation:
            "Databases and tables of the cluster that ASSAY_SPARK or config.toml names. The cluster counts the "
            + "rows and sends the first; all of them come only when a step or an analysis here needs them."),
      ])
  }

  /// A place that this list does not open, and the way there is.
  private static func away(
    _ id: String, _ title: String, _ help: String, _ reason: String, _ way: String
  ) -> ListDialog.Entry {
    ListDialog.Entry(id: id, title: title, help: help, reason: reason, explanation: "\(help). \(way)")
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      let start = id == "s3" ? FilePaths.remote : id == "spark" ? FilePaths.cluster : nil
      return .replace(FileOverlay(state, purpose: adds ? .add : .select, start: start, back: self))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}
