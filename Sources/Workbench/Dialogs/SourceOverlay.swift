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
          id: "local", title: "Local files", help: "CSV, TSV, JSON, JSONL, Parquet, Excel, fixed width",
          explanation: "Files on this machine. They are read where they are; nothing is copied to another place, and "
            + "nothing is sent anywhere."),
        ListDialog.Entry(
          id: "s3", title: "Amazon S3", help: "Objects in a bucket",
          explanation: "Buckets and what is in them, with the credentials that the AWS tools use. All objects below a "
            + "prefix are one dataset where their address ends in *, such as s3://lake/sales/*."),
        ListDialog.Entry(
          id: "glue", title: "AWS Glue catalogue", help: "Tables of a catalogue",
          explanation: "Databases and tables of the Glue catalogue. The files of a table on S3 are read where they are."
        ),
        ListDialog.Entry(
          id: "athena", title: "Amazon Athena", help: "The result of a query",
          explanation: "An editor for SQL. The rows of a query are brought here as Parquet, to be opened as a dataset."),
        ListDialog.Entry(
          id: "spark", title: "Apache Spark", help: "Tables of a cluster",
          explanation:
            "Databases and tables of the cluster that ASSAY_SPARK or config.toml names. The cluster counts the "
            + "rows and sends the first; all of them come only when a step or an analysis here needs them."),
      ])
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen("glue"): return .close(run("cloud.catalogue", &state))
    case .chosen("athena"): return .replace(AthenaOverlay())
    case .chosen(let id):
      let start = id == "s3" ? FilePaths.remote : id == "spark" ? FilePaths.cluster : nil
      return .replace(FileOverlay(state, purpose: adds ? .add : .select, start: start, back: self))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}
