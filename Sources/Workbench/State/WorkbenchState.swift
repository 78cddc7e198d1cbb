import Engine
import Flow
import Foundation
import Frame
import Grid
import Plot
import Settings
import Widgets

/// Everything that the screen is a function of.
public struct WorkbenchState: Sendable {
  public enum Screen: Sendable { case start, workbench }

  /// What an awaited job is for.
  public enum Purpose: Sendable, Equatable {
    case open(view: Int)
    case page(view: Int, Int)
    case tail(view: Int)
    case header(view: Int)
    case find(view: Int)
    case locate(view: Int)
    case markRange(NodeRequest)
    case markCount
    case losses(ColumnChange)
    case analysis(Int)
    case look(AnalysisSpec)
    /// Finer bins for the part of a chart that is looked at.
    case detail
    /// The rows behind marks that are brushed; true where they lose their marks.
    case brush(NodeRequest, removes: Bool)
    case inspection
    case fit(StepID)
    case dialog
    /// Rows for the clipboard, and what they are called.
    case copy(String)
    case report
    /// A model that is served.
    case serving
    /// What the folder of a training holds.
    case pastRun(Int)
    /// A request to a training under way.
    case steering
    /// A training of word vectors into a folder.
    case wordTraining(String)
    /// Something of S3 or of the Glue catalogue.
    case cloud(CloudTask)
    case athena(AthenaTask)
    /// Rows of a cluster that come here.
    case bring(BringTask)
  }

  // The terminal
  public var size: Size
  public var drawing: DrawContext
  public var themes: [Theme]
  public var clock = 0.0

  // The document
  public var screen = Screen.start
  public var flow = FlowFile()
  public var flowPath: String?
  public var savedFlow = FlowFile()
  public var undo: [FlowFile] = []
  public var redo: [FlowFile] = []
  /// What was done since the program started, as it is recorded.
  public private(set) var log: [SessionLine] = []
  /// The part of it that is still to be written.
  var unwritten: [SessionLine] = []
  /// The flow as the record describes it.
  var recorded = FlowFile()
  /// Where the record is.
  public var logPath: String?
  public var selected: StepID?
  /// Fingerprints of the steps as they are now; kept so that drawing asks no file for its size.
  public var fingerprints: [StepID: String] = [:]

  // The panes
  public var focus = PaneID.table
  public var zoom = Layout.Zoom.normal
  /// How far the borders between panes were dragged, in cells.
  public var splits: [SplitID: Int] = [:]
  /// What the pointer drags while its button is down.
  public var drag: Drag?
  public var start = StartState()
  public var datasets = DatasetsState()
  public var flowPane = FlowPaneState()
  public var table = TableState()
  /// The chart in front, where the cursor is.
  public var chart = ChartState()
  /// Charts that are kept beside it, newest first.
  public var keptCharts: [ChartState] = []
  public var analyses = AnalysesState()
  public var jobs = JobsState()
  public var automl = AutoMLState()
  public var words = WordState()
  public var athena = AthenaState()
  public var inspector = InspectorState()
  /// The row that another is to be compared with.
  var comparedRow: ComparedRow?

  // What lies over them
  public var overlays: [any Overlay] = []
  public var message: Message?
  /// What failed, newest first, for `^E`.
  public private(set) var errors: [ErrorNote] = []
  /// The last failure in full.
  public var lastError: String? { errors.first?.text }
  /// Keys of a sequence that is not complete.
  public var pendingKeys: [KeyEvent] = []

  // Work under way
  public var requests: [RequestID: Purpose] = [:]
  var nextRequest = 1

  // The person's surroundings
  public var recents: [String] = []
  /// What was chosen in the palette, in this session and before.
  public var commandUse = CommandUse()
  public var sampleFolder: String?
  public var workingFolder: String
  public var orphan: Orphan?
  /// The commands with the keys in force.
  public internal(set) var registry: CommandRegistry
  public internal(set) var keyMap = KeyMap()
  public internal(set) var preferences = Preferences()
  /// Asks the disk whether a file would be written over.
  public var fileExists: @Sendable (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }

  /// A flow that a dead process left unsaved.
  public struct Orphan: Sendable, Equatable {
    public var flow: FlowFile
    public var path: String?
    public var savedAt: String
    public var file: String

    public init(flow: FlowFile, path: String?, savedAt: String, file: String) {
      self.flow = flow
      self.path = path
      self.savedAt = savedAt
      self.file = file
    }
  }

  /// Something that failed, and when by the application's clock.
  public struct ErrorNote: Sendable, Equatable {
    public var text: String
    public var at: Double
  }

  /// What the pointer drags.
  public enum Drag: Sendable, Equatable {
    /// A border, from this cell on; the border was `offset` cells away from its place then.
    case border(SplitID, from: Point, offset: Int)
    /// A box over the chart, between two cells of the screen.
    case chart(from: Point, to: Point)
  }

  /// The line above the footer.
  public struct Message: Sendable, Equatable {
    public enum Level: Sendable { case info, success, warning, error }
    public var level: Level
    public var text: String
    /// The clock's time after which it goes; nil stays until the next one.
    public var expires: Double?
  }

  public init(size: Size, drawing: DrawContext = DrawContext(), workingFolder: String = ".") {
    self.size = size
    self.drawing = drawing
    self.workingFolder = workingFolder
    themes = Theme.builtIn
    registry = .standard
  }

  public var layout: Layout {
    Layout(size: size, focus: focus, zoom: zoom, charts: 1 + keptCharts.count, splits: splits)
  }
  public var isDirty: Bool { screen == .workbench && flow != savedFlow }

  /// Where keys go when nothing lies over the panes.
  public var context: Context {
    if screen == .start { return .start }
    if focus == .chart, case .analysis(let id)? = chart.shown, case .bias? = flow[analysis: id]?.spec {
      return .biasReport
    }
    guard focus == .chart, let (analysis, _) = shownTraining(self) else { return .pane(focus) }
    return isCandidateList(analysis, self) ? .candidates : .leaderboard
  }

  // MARK: Messages

  public mutating func say(_ text: String, _ level: Message.Level = .info) {
    message = Message(level: level, text: text, expires: level == .error ? nil : clock + 6)
    guard level == .error else { return }
    errors.insert(ErrorNote(text: text, at: clock), at: 0)
    if errors.count > 50 { errors.removeLast() }
  }

  // MARK: Jobs

  /// Makes the effect that submits a job, and remembers what it is for.
  /// - Parameter isListed: false keeps it out of the jobs pane: what a dialog tries out nobody asked for by name.
  public mutating func ask(_ spec: JobSpec, for purpose: Purpose, isListed: Bool = true) -> (RequestID, Effect) {
    let id = RequestID(nextRequest)
    nextRequest += 1
    requests[id] = purpose
    if isListed, spec.isListed {
      jobs.rows.insert(JobRow(id: id, spec: spec, submittedAt: clock), at: 0)
      if jobs.rows.count > JobsState.kept, let last = jobs.rows.lastIndex(where: { !$0.isActive }) {
        jobs.rows.remove(at: last)
      }
    }
    return (id, .submit(id, spec))
  }

  // MARK: Editing the flow

  /// Changes the flow as one step of undo, and keeps a copy on disk.
  public mutating func edit(_ body: (inout FlowFile) throws -> Void) rethrows -> [Effect] {
    var changed = flow
    try body(&changed)
    guard changed != flow else { return [] }
    undo.append(flow)
    redo = []
    recordChanges()
    let lines = SessionLine.change(from: flow, to: changed)
    flow = changed
    record(lines)
    return [.autosave(flow, path: flowPath)]
  }

  // MARK: Recording

  /// Adds what was done to the record of the session.
  public mutating func record(_ lines: [SessionLine]) {
    log += lines
    unwritten += lines
    recorded = flow
  }

  public mutating func record(_ command: SessionCommand) { record([SessionLine(command)]) }

  /// Records what has become of the flow by other ways than an edit: results, and what steps have learnt.
  mutating func recordChanges() {
    guard flow != recorded else { return }
    record(SessionLine.change(from: recorded, to: flow))
  }

  /// The selected step, or the last one when nothing is selected.
  public var selectedStep: Step? { (selected ?? flow.graph.steps.last?.id).flatMap { flow.graph[$0] } }

  /// The schema of the selected step, as far as it is known.
  public var schema: Schema { table.views.first?.schema ?? [] }
}
