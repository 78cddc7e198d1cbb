/// The panes of the workbench. Their numbers are stable at every size: a key learnt once stays true.
public enum PaneID: Int, CaseIterable, Hashable, Codable, Sendable {
  case datasets = 1
  case flow
  case table
  case chart
  case analyses
  case jobs
  /// Has the key `i` instead of a number, and a place of its own only where the terminal is wide.
  case inspector

  /// The panes that tabs and number keys go to.
  public static let numbered: [PaneID] = [.datasets, .flow, .table, .chart, .analyses, .jobs]

  /// What stands before the title, and the key that leads there.
  public var key: String { self == .inspector ? "i" : "\(rawValue)" }

  /// The name on the tab and the border.
  public var title: String {
    switch self {
    case .datasets: "Data"
    case .flow: "Flow"
    case .table: "Table"
    case .chart: "Chart"
    case .analyses: "Analyses"
    case .jobs: "Jobs"
    case .inspector: "Inspector"
    }
  }

  /// What the pane is for, in up to three lines of help.
  public var purpose: String {
    switch self {
    case .datasets:
      "Files to open: recent ones, this folder, the sample data, and what is on S3 and in the Glue catalogue."
    case .flow:
      "The data flow: each line is a step that reads the one above it. + on a step adds to it; analyses hang beside."
    case .table: "The rows of the selected step. Looking (sort, find, move) never changes the flow."
    case .chart:
      "The chart of the selected analysis or column. The cursor reads values; Enter shows the rows behind a mark."
    case .analyses: "Every analysis of this flow with its result. Enter opens one; results are saved with the flow."
    case .jobs: "What runs in the background, with progress, time left and a way to stop it."
    case .inspector:
      "The column under the table's cursor in depth: spread, frequent values, and what it says about the target."
    }
  }
}
