import Flow
import Frame
import Jobs
import Plot

/// A step of a flow, and how one looks at it. Looking (sort, the rows behind a mark) never changes the flow.
public struct NodeRequest: Codable, Sendable, Equatable {
  public var graph: FlowGraph
  public var node: StepID
  public var look: Look

  public init(graph: FlowGraph, node: StepID, look: Look = Look()) {
    self.graph = graph
    self.node = node
    self.look = look
  }

  /// A source alone, as the subcommands use it.
  public init(source: Source) {
    var graph = FlowGraph()
    node = graph.addSource(source)
    self.graph = graph
    look = Look()
  }
}

extension NodeRequest {
  /// What the step is called: a source by its file.
  var title: String {
    guard let step = graph[node] else { return "step" }
    if case .source(let source) = step.operation, step.name == nil { return source.name }
    return step.title
  }
}

/// A temporary view of a table: rows chosen by marks of charts, and an order.
public struct Look: Codable, Equatable, Sendable {
  public var filters: [ChartSelection]
  public var sort: [SortKey]

  public init(filters: [ChartSelection] = [], sort: [SortKey] = []) {
    self.filters = filters
    self.sort = sort
  }

  public var isPlain: Bool { filters.isEmpty && sort.isEmpty }
}

/// Everything that the engine can be asked to do. Screens, subcommands and sessions all speak this.
public enum JobSpec: Codable, Sendable, Equatable {
  /// Schema and first rows of a source.
  case preview(Source)
  /// Makes a step ready to be browsed: emits `.opened` parts as they become known, ends with the exact count.
  case open(NodeRequest)
  /// Rows of a step that is open.
  case rows(NodeRequest, Range<Int>)
  /// The last rows, before the count is known.
  case tail(NodeRequest, Int)
  /// What stands under each column's name.
  case header(NodeRequest)
  case analyze(NodeRequest, AnalysisSpec)
  /// Rows, columns and missing cells before and after a step.
  case effect(NodeRequest)
  /// Learns what the step learns from its input.
  case fit(NodeRequest)
  /// Writes the rows of a step to a file; its ending chooses the format.
  case write(NodeRequest, path: String, format: SourceFormat?)
  /// Writes a chart to a file; its ending chooses the format.
  case exportChart(Chart, path: String, options: ChartFileOptions)
  /// Runs SQL over a source, which is called `data`.
  case query(Source, sql: String)

  /// The lane that suits it.
  public var lane: JobLane {
    switch self {
    case .preview, .rows, .tail, .effect: .interactive
    case .open, .header, .fit, .write, .exportChart, .query: .standard
    case .analyze(_, let spec): spec.kind == .quickModel ? .heavy : .standard
    }
  }

  /// What the jobs pane calls it.
  public var title: String {
    switch self {
    case .preview(let source): "preview \(source.location)"
    case .open(let request): "read \(request.title)"
    case .rows: "rows"
    case .tail: "last rows"
    case .header: "column profile"
    case .analyze(_, let spec): spec.defaultName
    case .effect: "effect of the step"
    case .fit: "fit"
    case .write(_, let path, _): "write \(path)"
    case .exportChart(_, let path, _): "export \(path)"
    case .query: "query"
    }
  }

  /// Work that a person did not ask for by name and that ends in milliseconds is not listed among the jobs.
  public var isListed: Bool {
    switch self {
    case .preview, .rows, .tail, .header, .effect: false
    case .open, .analyze, .fit, .write, .exportChart, .query: true
    }
  }
}
