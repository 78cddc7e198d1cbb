import Frame

/// What can be wrong with a request itself; trouble with data is a `FrameError`, with a model a `LearnError`.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
  case noSuchColumn(String, [String])
  case notReady
  /// A file is no longer what was read; its path.
  case fileChanged(String)
  /// DuckDB's complaint about SQL that a person wrote.
  case query(String)

  public var description: String {
    switch self {
    case .noSuchColumn(let name, let columns):
      "There is no column \"\(name)\". The columns are: \(columns.prefix(12).joined(separator: ", "))"
        + (columns.count > 12 ? " and \(columns.count - 12) more." : ".")
    case .notReady: "The step has not been read yet."
    case .fileChanged(let path):
      "\(path): the file has changed on disk since it was read. Read it again to see what it holds now."
    case .query(let message): "The query: \(message)"
    }
  }
}
