import Engine

/// Names one submitted job from the moment it is asked for; the engine's own id comes later.
public struct RequestID: Hashable, Comparable, Sendable {
  public let number: Int
  public init(_ number: Int) { self.number = number }
  public static func < (left: RequestID, right: RequestID) -> Bool { left.number < right.number }
}

/// What the application is to do outside of the state. `reduce` returns these and performs none.
public enum Effect: Sendable, Equatable {
  case submit(RequestID, JobSpec)
  case cancel(RequestID)
  /// Lists a folder for the datasets pane and the file picker.
  case list(folder: String)
  case openFlow(path: String)
  /// Adds to the record of the session.
  case log([SessionLine])
  /// Copies the record of the session so far.
  case saveSession(path: String)
  case save(FlowFile, path: String)
  case autosave(FlowFile, path: String?)
  /// The flow was saved or given up: its autosave is not needed any more.
  case forgetAutosave
  /// An autosave of a dead process was restored or refused.
  case discardAutosave(file: String)
  case remember(path: String)
  /// Writes settings into the person's file.
  case keepSettings([String: String])
  /// Puts text on the clipboard; `what` is told when it is there: `the cell`.
  case copy(String, what: String)
  case suspend
  case redraw
  case bell
  case quit
}
