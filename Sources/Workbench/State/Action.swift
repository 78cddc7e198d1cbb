import Engine
import Grid
import Jobs
import Settings
import Widgets

/// Everything that happens to the workbench. Named for what happened, not for what is to be done.
public enum Action: Sendable {
  case input(InputEvent)
  case command(CommandID)
  case job(RequestID, JobHappening)
  case listed(FolderListing)
  case flowOpened(FlowFile, path: String)
  case flowSaved(path: String)
  /// A script or a session was read; the flow is what it makes, without results.
  case scriptOpened(FlowFile, path: String)
  case sessionSaved(path: String)
  /// A file of settings or a theme has changed, or was read for the first time.
  case preferencesRead(Preferences)
  /// A box was dragged over the chart, between two cells of the screen.
  case chartBox(from: Point, to: Point)
  /// What became of a text that was to be copied, and what it was.
  case copied(CopyReport, what: String)
  /// Something outside failed: one line that says what, where and what to do.
  case failed(String)
  /// The application's clock, in seconds since it started; comes about ten times a second while jobs run.
  case ticked(Double)
}

/// What became of a job.
public enum JobHappening: Sendable {
  case started
  case progress(JobProgress)
  case partial(JobOutput)
  case done(JobOutput)
  case failed(String)
  case cancelled
}

/// What a folder holds that assay can open, and its folders.
public struct FolderListing: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var isFolder: Bool
    /// Bytes; nil for a folder.
    public var size: Int?

    public init(name: String, isFolder: Bool, size: Int?) {
      self.name = name
      self.isFolder = isFolder
      self.size = size
    }
  }

  public var folder: String
  public var entries: [Entry]
  /// Why nothing could be listed.
  public var error: String?

  public init(folder: String, entries: [Entry], error: String? = nil) {
    self.folder = folder
    self.entries = entries
    self.error = error
  }
}
