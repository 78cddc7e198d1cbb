import Engine
import Flow
import Grid
import Insight
import Plot
import Widgets

/// The start screen's list.
public struct StartState: Sendable {
  public var cursor = 0
  public init() {}
}

/// The datasets pane: recent files, the folder, the samples, and what is on S3 and in the Glue catalogue.
public struct DatasetsState: Sendable {
  public var listing: FolderListing?
  public var cursor = 0
  public var cloud = CloudTree()
  /// What is marked to be opened as one dataset, in the order of the marks.
  public var marks: [String] = []
  /// What the lines must hold; nil shows all.
  var filter: TextFieldState?
  public init() {}
}

/// The flow pane: its lines are steps and the analyses that hang on them.
public struct FlowPaneState: Sendable {
  public enum Line: Sendable, Equatable {
    case step(StepID, depth: Int)
    case analysis(Int, depth: Int)
  }

  public var cursor = 0
  public init() {}
}

/// One chart on screen: an analysis of the flow, or a chart that was only looked at.
public struct ChartState: Sendable {
  public enum Shown: Sendable, Equatable {
    case analysis(Int)
    case look(AnalysisSpec)
  }

  public var shown: Shown? {
    didSet { if !Self.isSame(oldValue, shown) { (view, box, detail, page) = (.whole, nil, nil, 0) } }
  }
  /// The result of a look; that of an analysis stands in the flow.
  public var result: AnalysisResult?
  public var cursor = 0
  public var awaited: RequestID?
  /// The box that was dragged last, in cells of the chart: its upper left and lower right one.
  public var box: ChartBox?
  /// The rows that a look counts; those of an analysis are those of its step.
  public var request: NodeRequest?
  /// The part of the axes that is looked at; its cursor is not used.
  public var view = ChartView.whole
  /// Which chart of a report is shown; counts on past the last.
  var page = 0
  /// Finer bins for a part of a binned chart.
  var detail: ChartDetail?
  /// True for a chart that the next one stands beside instead of taking its place.
  public var isKept = false
  public init() {}

  /// Whether a chart is the one before with other options: it keeps its window then.
  private static func isSame(_ one: Shown?, _ other: Shown?) -> Bool {
    if case .look(let before)? = one, case .look(let after)? = other {
      return before.kind == after.kind && before.columns == after.columns
    }
    return one == other
  }
}

/// A binned chart counted again where one looks closer.
struct ChartDetail: Sendable {
  /// The part of the axes that it covers.
  var window: ChartView
  var awaited: RequestID?
  /// The finer chart, with the row counts of the whole one; nil until it has come.
  var chart: Chart?

  /// Whether all that a view shows is in it.
  func covers(_ view: ChartView) -> Bool {
    func covers(_ window: ClosedRange<Double>?, _ shown: ClosedRange<Double>?) -> Bool {
      guard let window else { return true }
      guard let shown else { return false }
      return window.lowerBound <= shown.lowerBound && window.upperBound >= shown.upperBound
    }
    return covers(window.x, view.x) && covers(window.y, view.y)
  }
}

/// The inspector: the column under the table's cursor in depth.
public struct InspectorState: Sendable {
  /// What is looked at.
  public struct Subject: Sendable, Equatable {
    public var request: NodeRequest
    public var column: String
    public var target: String?
  }

  public var subject: Subject?
  public var result: ColumnInspection?
  public var error: String?
  public var awaited: RequestID?
  /// First line shown.
  public var scroll = 0
  public init() {}
}

/// Two cells of the chart pane, counted from its own upper left one.
public struct ChartBox: Sendable, Equatable {
  public var first: Point
  public var last: Point

  public init(first: Point, last: Point) {
    self.first = first
    self.last = last
  }
}

/// The analyses pane.
public struct AnalysesState: Sendable {
  public var cursor = 0
  /// First line shown of the selected analysis' report.
  public var scroll = 0
  /// Why those failed that were tried last, by their numbers.
  public var failures: [Int: String] = [:]
  public init() {}
}
