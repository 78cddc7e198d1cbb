import Grid
import Testing

@testable import Workbench

struct LayoutTests {
  static let sizes = [
    Size(width: 1, height: 1), Size(width: 39, height: 9), Size(width: 40, height: 10), Size(width: 80, height: 24),
    Size(width: 99, height: 50), Size(width: 100, height: 30), Size(width: 120, height: 40),
    Size(width: 160, height: 45), Size(width: 200, height: 60), Size(width: 80, height: 120),
    Size(width: 300, height: 100),
  ]

  @Test(arguments: [
    (Size(width: 38, height: 9), Layout.Kind.floor), (Size(width: 40, height: 10), .compact),
    (Size(width: 80, height: 24), .compact), (Size(width: 120, height: 29), .compact),
    (Size(width: 120, height: 40), .standard), (Size(width: 200, height: 60), .wide),
    (Size(width: 80, height: 120), .portrait),
  ])
  func kindFollowsTheSizeOfTheTerminal(size: Size, kind: Layout.Kind) {
    #expect(Layout(size: size, focus: .table).kind == kind)
  }

  @Test(arguments: sizes, PaneID.allCases)
  func theFocusedPaneIsAlwaysOnScreen(size: Size, focus: PaneID) {
    for zoom in Layout.Zoom.allCases {
      let layout = Layout(size: size, focus: focus, zoom: zoom)
      guard layout.kind != .floor else { continue }
      #expect(layout.panes[focus].map { !$0.isEmpty } ?? false, "\(size) \(zoom)")
    }
  }

  @Test(arguments: sizes)
  func panesNeverOverlapAndStayOnScreen(size: Size) {
    for focus in PaneID.allCases {
      for zoom in Layout.Zoom.allCases {
        let layout = Layout(size: size, focus: focus, zoom: zoom, charts: (focus.rawValue + zoom.rawValue) % 4)
        var taken: Set<Point> = []
        for rect in Array(layout.panes.values) + layout.charts.dropFirst() + [
          layout.menu, layout.tabs, layout.status, layout.footer,
        ] {
          for y in rect.y..<max(rect.y, rect.maxY) {
            for x in rect.x..<max(rect.x, rect.maxX) {
              #expect(x >= 0 && x < size.width && y >= 0 && y < size.height)
              #expect(taken.insert(Point(x: x, y: y)).inserted)
            }
          }
        }
      }
    }
  }

  @Test func everyPaneIsShownWhereThereIsRoom() {
    for size in [Size(width: 120, height: 40), Size(width: 200, height: 60), Size(width: 80, height: 120)] {
      let layout = Layout(size: size, focus: .table)
      #expect(Set(layout.panes.keys) == Set(layout.kind == .wide ? PaneID.allCases : PaneID.numbered))
      for (pane, rect) in layout.panes { #expect(rect.width >= 20 && rect.height >= 4, "\(pane) at \(size)") }
    }
  }

  /// A layout as a drawing, one character for four columns and two rows: the digit or letter of the pane.
  private func drawing(_ layout: Layout, _ size: Size) -> String {
    var lines = [[Character]](repeating: [Character](repeating: ".", count: size.width / 4), count: size.height / 2)
    func fill(_ rect: Rect, _ character: Character) {
      for y in lines.indices where rect.contains(Point(x: rect.x, y: 2 * y + 1)) {
        for x in lines[y].indices where rect.contains(Point(x: 4 * x + 2, y: 2 * y + 1)) { lines[y][x] = character }
      }
    }
    for (pane, rect) in layout.panes { fill(rect, Character(pane.key)) }
    for (rect, character) in zip(layout.charts.dropFirst(), "bc") { fill(rect, character) }
    return lines.map { String($0) }.joined(separator: "\n")
  }

  @Test func aWideTerminalHasTheInspectorAtTheRightAndUpToThreeCharts() {
    let size = Size(width: 160, height: 48)
    func drawn(_ charts: Int) -> String { drawing(Layout(size: size, focus: .table, charts: charts), size) }
    #expect(
      drawn(1) == """
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        5555555544444444444444444444666666666666
        ........................................
        """)
    #expect(
      drawn(3) == """
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        1111111133333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222233333333333333333333iiiiiiiiiiii
        2222222244444444444444444444iiiiiiiiiiii
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        2222222244444444444444444444666666666666
        5555555544444444444444444444666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        55555555bbbbbbbbbbcccccccccc666666666666
        ........................................
        """)
    #expect(drawn(9) == drawn(3))
  }

  @Test func aStandardTerminalShowsTwoChartsSideBySide() {
    let size = Size(width: 120, height: 40)
    #expect(
      drawing(Layout(size: size, focus: .table, charts: 2), size) == """
        111111133333333333333333333333
        111111133333333333333333333333
        111111133333333333333333333333
        111111133333333333333333333333
        111111133333333333333333333333
        222222233333333333333333333333
        222222233333333333333333333333
        222222233333333333333333333333
        222222244444444444bbbbbbbbbbbb
        222222244444444444bbbbbbbbbbbb
        222222244444444444bbbbbbbbbbbb
        555555544444444444bbbbbbbbbbbb
        555555544444444444bbbbbbbbbbbb
        555555544444444444bbbbbbbbbbbb
        555555544444444444bbbbbbbbbbbb
        555555544444444444bbbbbbbbbbbb
        666666666666666666666666666666
        666666666666666666666666666666
        666666666666666666666666666666
        ..............................
        """)
    #expect(Layout(size: size, focus: .table, charts: 3).charts.count == 2)
  }

  @Test func theInspectorTakesThePlaceOfTheChartWhereItHasNone() {
    let size = Size(width: 120, height: 40)
    let layout = Layout(size: size, focus: .inspector)
    #expect(layout.panes[.inspector] == Layout(size: size, focus: .table).panes[.chart])
    #expect(layout.panes[.chart] == nil && layout.charts.isEmpty)
  }

  @Test func aChartThatFillsTheScreenStandsAlone() {
    for size in [Size(width: 80, height: 24), Size(width: 200, height: 60)] {
      #expect(Layout(size: size, focus: .chart, zoom: .full, charts: 3).charts.count == 1)
    }
    #expect(Layout(size: Size(width: 200, height: 60), focus: .chart, zoom: .half, charts: 3).charts.count == 3)
  }
}
