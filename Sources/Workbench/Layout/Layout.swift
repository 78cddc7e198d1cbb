import Grid

/// Where every pane stands: a pure function of the terminal's size, the focused pane and its zoom.
public struct Layout: Equatable, Sendable {
  /// How much room there is, and so how many panes are shown at once.
  public enum Kind: String, Sendable {
    /// Under 40 x 10: one line that says so and still takes `q`.
    case floor
    /// One pane with numbered tabs.
    case compact
    /// A rail of lists at the left, table over chart, jobs at the bottom.
    case standard
    /// The rail, table over up to three charts, and a column for the inspector and jobs at the right.
    case wide
    /// Narrow but tall: lists side by side on top, the rest stacked.
    case portrait
  }

  /// How large the focused pane is drawn.
  public enum Zoom: Int, CaseIterable, Sendable {
    case normal, half, full

    public var next: Zoom { Zoom(rawValue: (rawValue + 1) % 3) ?? .normal }
  }

  public let kind: Kind
  /// Line of menus; empty on the floor.
  public let menu: Rect
  /// Line of tabs; empty unless compact.
  public let tabs: Rect
  /// Panes that are on screen. Their rectangles touch and never overlap.
  public let panes: [PaneID: Rect]
  /// The charts on screen: that of pane 4 first, then those that are kept beside it; empty where pane 4 is not on screen.
  public let charts: [Rect]
  public let status: Rect
  public let footer: Rect
  /// Borders between panes that can be dragged.
  public let separators: [Separator]

  public static let smallest = Size(width: 40, height: 10)

  /// Charts that stand side by side at most.
  public static let mostCharts = 3

  /// - Parameters:
  ///   - charts: how many charts there are to show; as many of them as have room are.
  ///   - splits: how far the person has moved each border from its place.
  public init(size: Size, focus: PaneID, zoom: Zoom = .normal, charts: Int = 1, splits: [SplitID: Int] = [:]) {
    let screen = Rect(x: 0, y: 0, width: size.width, height: size.height)
    kind = Self.kind(for: size)
    guard kind != .floor else {
      menu = Rect(x: 0, y: 0, width: 0, height: 0)
      tabs = menu
      status = menu
      footer = menu
      panes = [:]
      self.charts = []
      separators = []
      return
    }
    let (menu, belowMenu) = screen.splitTop(1)
    let (footer, aboveFooter) = belowMenu.splitBottom(1)
    let (status, middle) = aboveFooter.splitBottom(1)
    self.menu = menu
    self.footer = footer
    self.status = status
    if kind == .compact || zoom == .full {
      let (tabs, body) = middle.splitTop(1)
      self.tabs = tabs
      panes = [focus: body]
      self.charts = focus == .chart ? [body] : []
      separators = []
      return
    }
    tabs = Rect(x: 0, y: 0, width: 0, height: 0)
    var cuts = Cuts(splits: splits)
    let normal = Self.arrange(middle, kind, charts: charts, &cuts)
    var panes = zoom == .half ? Self.enlarge(focus, in: middle) : normal
    // Where the inspector has no place of its own, it takes that of the chart while it is focused.
    if focus == .inspector, panes[.inspector] == nil { panes[.inspector] = panes.removeValue(forKey: .chart) }
    self.charts = panes[.chart].map { Self.split($0, charts: charts) } ?? []
    panes[.chart] = self.charts.first
    self.panes = panes
    separators = zoom == .half ? [] : cuts.separators
  }

  static func kind(for size: Size) -> Kind {
    if size.width < smallest.width || size.height < smallest.height { return .floor }
    if size.width < 100 { return size.height >= 60 ? .portrait : .compact }
    if size.height < 30 { return .compact }
    if size.width >= 160 && size.height >= 45 { return .wide }
    return size.height >= 100 ? .portrait : .standard
  }

  private static func arrange(_ area: Rect, _ kind: Kind, charts: Int, _ cuts: inout Cuts) -> [PaneID: Rect] {
    switch kind {
    case .floor, .compact: [:]
    case .standard: standard(area, &cuts)
    case .wide: wide(area, charts: charts, &cuts)
    case .portrait: portrait(area, &cuts)
    }
  }

  private static func rail(_ rail: Rect, _ cuts: inout Cuts) -> [PaneID: Rect] {
    let (datasets, rest) = cuts.rows(of: rail, max(7, rail.height * 3 / 10), .flow)
    let (flow, analyses) = cuts.rows(of: rest, rest.height * 6 / 10, .analyses)
    return [.datasets: datasets, .flow: flow, .analyses: analyses]
  }

  private static func tableOverChart(_ area: Rect, charts: Int = 1, _ cuts: inout Cuts) -> [PaneID: Rect] {
    let (table, chart) = cuts.rows(of: area, area.height * (charts > 2 ? 44 : 52) / 100, .chart)
    return [.table: table, .chart: chart]
  }

  /// Two charts side by side; of three the first above the others. A chart without room for its axes is left out.
  private static func split(_ area: Rect, charts count: Int) -> [Rect] {
    guard count > 1, area.width >= 2 * narrowestChart else { return [area] }
    if count == 2 || area.height < 2 * lowestChart {
      let (left, right) = area.splitLeft((area.width + 1) / 2)
      return [left, right]
    }
    let (top, below) = area.splitTop(max(lowestChart, area.height * 56 / 100))
    let (left, right) = below.splitLeft((below.width + 1) / 2)
    return [top, left, right]
  }

  private static let narrowestChart = 36
  private static let lowestChart = 10

  private static func standard(_ area: Rect, _ cuts: inout Cuts) -> [PaneID: Rect] {
    let (upper, jobs) = cuts.rows(of: area, area.height - (area.height >= 40 ? 7 : 6), .jobs)
    let (left, right) = cuts.columns(of: upper, 28, .rail)
    return rail(left, &cuts)
      .merging(tableOverChart(right, &cuts)) { first, _ in first }
      .merging([.jobs: jobs]) { first, _ in first }
  }

  private static func wide(_ area: Rect, charts: Int, _ cuts: inout Cuts) -> [PaneID: Rect] {
    let (left, rest) = cuts.columns(of: area, 34, .rail)
    let (middle, right) = cuts.columns(of: rest, rest.width - min(62, rest.width * 3 / 8), .side)
    let (inspector, jobs) = cuts.rows(of: right, max(22, right.height / 2), .jobs)
    return rail(left, &cuts)
      .merging(tableOverChart(middle, charts: charts, &cuts)) { first, _ in first }
      .merging([.inspector: inspector, .jobs: jobs]) { first, _ in first }
  }

  private static func portrait(_ area: Rect, _ cuts: inout Cuts) -> [PaneID: Rect] {
    let (top, rest) = cuts.rows(of: area, min(16, area.height / 4), .table)
    let (datasets, others) = cuts.columns(of: top, top.width / 3, .rail)
    let (flow, analyses) = cuts.columns(of: others, others.width / 2, .side)
    let (middle, jobs) = cuts.rows(of: rest, rest.height - 8, .jobs)
    return tableOverChart(middle, &cuts).merging([
      .datasets: datasets, .flow: flow, .analyses: analyses, .jobs: jobs,
    ]) { first, _ in first }
  }

  /// The focused pane takes the larger part of the screen; a strip of the table, or of the flow, stays beside it.
  private static func enlarge(_ focus: PaneID, in area: Rect) -> [PaneID: Rect] {
    let neighbour: PaneID = focus == .flow || focus == .inspector ? .table : .flow
    let (side, main) = area.splitLeft(min(34, area.width / 3))
    return [focus: main, neighbour: side]
  }
}
