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

  public static let smallest = Size(width: 40, height: 10)

  /// Charts that stand side by side at most.
  public static let mostCharts = 3

  /// - Parameter charts: how many charts there are to show; as many of them as have room are.
  public init(size: Size, focus: PaneID, zoom: Zoom = .normal, charts: Int = 1) {
    let screen = Rect(x: 0, y: 0, width: size.width, height: size.height)
    kind = Self.kind(for: size)
    guard kind != .floor else {
      menu = Rect(x: 0, y: 0, width: 0, height: 0)
      tabs = menu
      status = menu
      footer = menu
      panes = [:]
      self.charts = []
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
      return
    }
    tabs = Rect(x: 0, y: 0, width: 0, height: 0)
    var panes = zoom == .half ? Self.enlarge(focus, in: middle) : Self.arrange(middle, kind, charts: charts)
    // Where the inspector has no place of its own, it takes that of the chart while it is focused.
    if focus == .inspector, panes[.inspector] == nil { panes[.inspector] = panes.removeValue(forKey: .chart) }
    self.charts = panes[.chart].map { Self.split($0, charts: charts) } ?? []
    panes[.chart] = self.charts.first
    self.panes = panes
  }

  static func kind(for size: Size) -> Kind {
    if size.width < smallest.width || size.height < smallest.height { return .floor }
    if size.width < 100 { return size.height >= 60 ? .portrait : .compact }
    if size.height < 30 { return .compact }
    if size.width >= 160 && size.height >= 45 { return .wide }
    return size.height >= 100 ? .portrait : .standard
  }

  private static func arrange(_ area: Rect, _ kind: Kind, charts: Int) -> [PaneID: Rect] {
    switch kind {
    case .floor, .compact: [:]
    case .standard: standard(area)
    case .wide: wide(area, charts: charts)
    case .portrait: portrait(area)
    }
  }

  private static func rail(_ rail: Rect) -> [PaneID: Rect] {
    let (datasets, rest) = rail.splitTop(max(7, rail.height * 3 / 10))
    let (flow, analyses) = rest.splitTop(rest.height * 6 / 10)
    return [.datasets: datasets, .flow: flow, .analyses: analyses]
  }

  private static func tableOverChart(_ area: Rect, charts: Int = 1) -> [PaneID: Rect] {
    let (table, chart) = area.splitTop(area.height * (charts > 2 ? 44 : 52) / 100)
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

  private static func standard(_ area: Rect) -> [PaneID: Rect] {
    let (jobs, upper) = area.splitBottom(area.height >= 40 ? 7 : 6)
    let (left, right) = upper.splitLeft(28)
    return rail(left).merging(tableOverChart(right)) { first, _ in first }.merging([.jobs: jobs]) { first, _ in first }
  }

  private static func wide(_ area: Rect, charts: Int) -> [PaneID: Rect] {
    let (left, rest) = area.splitLeft(34)
    let (right, middle) = rest.splitRight(min(62, rest.width * 3 / 8))
    let (inspector, jobs) = right.splitTop(max(22, right.height / 2))
    return tableOverChart(middle, charts: charts)
      .merging(rail(left)) { first, _ in first }
      .merging([.inspector: inspector, .jobs: jobs]) { first, _ in first }
  }

  private static func portrait(_ area: Rect) -> [PaneID: Rect] {
    let (top, rest) = area.splitTop(min(16, area.height / 4))
    let (datasets, others) = top.splitLeft(top.width / 3)
    let (flow, analyses) = others.splitLeft(others.width / 2)
    let (jobs, middle) = rest.splitBottom(8)
    return tableOverChart(middle).merging([
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
