import Flow
import Frame

/// What can be wrong with a request itself; trouble with data is a `FrameError`, with a model a `LearnError`.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
  case noSuchColumn(String, [String])
  /// Rows that are to judge a model, such as `test`, lack the column to predict.
  case noTarget(String, rows: String, columns: [String])
  /// A chart that needs a column in a role, such as `x`, and names none.
  case noColumn(role: String, chart: String)
  /// A chart that cannot be drawn as asked for, and why.
  case chart(String)
  /// A comparison that names nothing to compare with.
  case noBaseline(String)
  case notReady
  /// The rows of a step are not those that its models were trained on.
  case otherRows
  /// A column has too many different values to be a facet: how many there are, and how many can be.
  case manyGroups(String, Int, Int)
  /// A file is no longer what was read; its path.
  case fileChanged(String)
  /// DuckDB's complaint about SQL that a person wrote.
  case query(String)
  /// A regular expression that cannot be read, and why.
  case pattern(String, String)
  /// A text that is no value of a column's type.
  case cell(String, column: String, type: String)
  /// A value of a facet that some explained rows need to have, and some not.
  case group(String, column: String)
  /// A judgement without a label to judge by.
  case noLabel
  /// A question to a cluster, and no word of where that is.
  case noCluster
  /// A folder of a cluster that rows are to go into holds something.
  case folderInUse(String)
  /// A decision that is none: a model of numbers.
  case noDecision
  /// More rows than can be marked one by one: how many, and how many can.
  case tooManyRows(Int, Int)

  public var description: String {
    switch self {
    case .noSuchColumn(let name, let columns):
      "There is no column \"\(name)\". "
        + (Nearest.name(to: name, among: columns).map { "Did you mean \"\($0)\"? " } ?? "")
        + "The columns are: \(columns.prefix(12).joined(separator: ", "))"
        + (columns.count > 12 ? " and \(columns.count - 12) more." : ".")
    case .noTarget(let name, let rows, let columns):
      "The \(rows) rows have no column \"\(name)\", which is to be predicted. "
        + (Nearest.name(to: name, among: columns).map { "Did you mean rows with \"\($0)\"? " } ?? "")
        + "Give rows with the label, or none."
    case .noColumn(let role, let chart): "A \(chart.lowercased()) needs a column for \(role)."
    case .chart(let fault): fault
    case .noBaseline(let title): "\(title): name the step or the file to compare with."
    case .otherRows:
      "The rows of the step are not those that the models were trained on: train again, or undo the change."
    case .manyGroups(let name, let count, let limit):
      "The column \"\(name)\" has \(count.grouped) different values, and groups can be at most \(limit.grouped): choose another, or put "
        + "values together with a step."
    case .notReady: "The step has not been read yet."
    case .fileChanged(let path):
      "\(path): the file has changed on disk since it was read. Read it again to see what it holds now."
    case .query(let message): "The query: \(message)"
    case .pattern(let pattern, let reason):
      "/\(pattern)/ is no regular expression: \(reason). A backslash before a sign takes it as it is."
    case .cell(let text, let column, let type):
      "\"\(text)\" is no value of the column \"\(column)\", which holds \(type)."
    case .group(let value, let column):
      "Of the explained rows none, or all, have \"\(value)\" in the column \"\(column)\": there are no two groups."
    case .noLabel: "Name the column with the labels that the model was trained to predict: --label COLUMN."
    case .noCluster:
      "Name the cluster: --remote sc://HOST:PORT, ASSAY_SPARK in the environment, or spark in config.toml."
    case .folderInUse(let folder):
      "\(folder) is not empty, and the cluster would put the rows in place of what it holds. Name a new folder, or empty it."
    case .noDecision: "The model predicts numbers: there is no decision to flip."
    case .tooManyRows(let count, let limit):
      "\(count.grouped) rows are too many to mark one by one (at most \(limit.grouped)): mark those equal to a cell with , instead, "
        + "or filter the rows with &."
    }
  }
}
