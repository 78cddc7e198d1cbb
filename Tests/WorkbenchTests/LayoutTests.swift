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
        let layout = Layout(size: size, focus: focus, zoom: zoom)
        var taken: Set<Point> = []
        for rect in Array(layout.panes.values) + [layout.menu, layout.tabs, layout.status, layout.footer] {
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
      #expect(Set(layout.panes.keys) == Set(PaneID.allCases))
      for (pane, rect) in layout.panes { #expect(rect.width >= 20 && rect.height >= 4, "\(pane) at \(size)") }
    }
  }
}
