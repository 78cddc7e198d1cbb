import Foundation
import Grid
import TestSupport
import Testing

@testable import Plot

@Suite struct DisplayListTests {
  private func context(_ glyphs: GlyphSet = .braille, _ colors: ColorDepth = .mono) -> DrawContext {
    DrawContext(theme: colors == .mono ? .mono : .dark, glyphs: glyphs, colors: colors)
  }

  private func plotter(_ width: Int, _ height: Int, _ glyphs: GlyphSet = .braille) -> Plotter {
    Plotter(size: Size(width: width, height: height), context: context(glyphs))
  }

  private func lines(_ plotter: Plotter) -> [String] {
    text(of: plotter.list.rasterized(plotter.context)).components(separatedBy: "\n")
  }

  @Test(arguments: GlyphSet.allCases)
  func sampleIsDrawnAsItsGolden(glyphs: GlyphSet) {
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let drawn = render(.content(SampleContent.whole), size: size, context: context(glyphs))
      expectGolden(text(of: drawn.grid), "list-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  @Test func barsGrowInEighthsAndNeverVanish() {
    var up = plotter(4, 3)
    for (i, height) in [0.01, 0.5, 1.25, 3].enumerated() {
      up.fill(.init(x: Double(i), y: 3 - height, width: 1, height: height), .series(1), growth: .up)
    }
    #expect(lines(up) == ["   █", "  ▂█", "▁▄██"])
    var right = plotter(6, 3)
    for (i, width) in [0.01, 2.5, 6].enumerated() {
      right.fill(.init(x: 0, y: Double(i), width: width, height: 1), .series(1), growth: .right)
    }
    #expect(lines(right) == ["▏", "██▌", "██████"])
    var floating = plotter(6, 2)
    floating.fill(.init(x: 1.5, y: 0, width: 2.25, height: 1), .positive, growth: .right)
    floating.fill(.init(x: 1, y: 1, width: 3, height: 1), .negative, .medium, growth: .left)
    #expect(lines(floating) == [" ▐█▊", " ▒▒▒"])
  }

  @Test func rulesJoinIntoBoxes() {
    var box = plotter(12, 3)
    box.outline(Rect(x: 4, y: 0, width: 5, height: 3), .series(1))
    box.rule(.init(0.5, 1.5), .init(4.5, 1.5), .series(1), capsStart: true)
    box.rule(.init(8.5, 1.5), .init(11.5, 1.5), .series(1), capsEnd: true)
    box.rule(.init(6.5, 0.5), .init(6.5, 2.5), .series(1))
    #expect(lines(box) == ["    ┌─┬─┐", "├───┤ │ ├──┤", "    └─┴─┘"])
    var plain = plotter(12, 3, .ascii)
    plain.outline(Rect(x: 4, y: 0, width: 5, height: 3), .series(1))
    #expect(lines(plain) == ["    +---+", "    |   |", "    +---+"])
  }

  @Test func theMajorityOwnsACellAndOverlapIsMarked() {
    var clear = plotter(2, 1)
    clear.markers([.init(0.2, 0.2), .init(0.7, 0.7), .init(0.2, 0.7)], .series(1), .plus)
    clear.markers([.init(0.5, 0.5)], .series(2), .cross)
    #expect(lines(clear) == ["+"])
    var tie = plotter(2, 1)
    tie.markers([.init(0.2, 0.2)], .series(1), .plus)
    tie.markers([.init(0.5, 0.5)], .series(2), .cross)
    let grid = tie.list.rasterized(tie.context)
    #expect(grid[0, 0].text == "*" && grid[0, 0].style.attributes.contains(.bold))
  }

  @Test func layersCountNotTheOrderOfCalls() {
    var plotter = plotter(6, 1)
    plotter.text("ab", .init(1, 0))
    plotter.fill(.init(x: 0, y: 0, width: 6, height: 1), .series(1))
    plotter.markers([.init(4.5, 0.5)], .series(2), .disc)
    plotter.band(.init(x: 0, y: 0, width: 6, height: 1))
    #expect(lines(plotter) == ["█ab█●█"])
  }

  @Test func aDensityLeavesBarsAlone() {
    var plotter = plotter(6, 1)
    plotter.fill(.init(x: 0, y: 0, width: 3, height: 1), .series(1))
    plotter.line([.init(0, 0.5), .init(6, 0.5)], .series(0), onBlank: true)
    let line = lines(plotter)[0]
    #expect(line.hasPrefix("███") && line.count == 6)
    #expect(line.dropFirst(3).allSatisfy { ("\u{2801}"..."\u{28FF}").contains($0) })
  }

  @Test func dashedLinesHaveGapsAndLineBreaksAtGaps() {
    var solid = plotter(20, 1)
    solid.line([.init(0, 0.5), .init(20, 0.5)], .series(0))
    var dashed = plotter(20, 1)
    dashed.line([.init(0, 0.5), .init(20, 0.5)], .series(0), .dashed)
    #expect(Set(lines(solid)[0]).count == 1)
    #expect(Set(lines(dashed)[0]).count > 1)
    var broken = plotter(20, 1)
    broken.line([.init(0, 0.5), .init(4, 0.5), .init(.nan, 0.5), .init(15, 0.5), .init(20, 0.5)], .series(0))
    #expect(lines(broken)[0].contains("          "))
  }

  @Test func areasAreFilledAndThinTailsShow() {
    var violin = plotter(20, 3)
    let upper = (0...20).map { DisplayList.Spot(Double($0), 1.5 - 1.4 * exp(-pow(Double($0) - 10, 2) / 8)) }
    let lower = (0...20).reversed().map { DisplayList.Spot(Double($0), 1.5 + 1.4 * exp(-pow(Double($0) - 10, 2) / 8)) }
    violin.area(upper + lower, .series(1))
    let drawn = lines(violin)
    #expect(drawn[1].count == 20)
    #expect(drawn[1].contains("⣿"))
    #expect(drawn[0].trimmingCharacters(in: .whitespaces).count < 12)
    var columns = plotter(4, 2)
    columns.area(
      [.init(0, 2), .init(0, 1.5), .init(4, 0), .init(4, 2)], .series(1), encoding: .eighths)
    #expect(lines(columns)[1].count == 4)
    #expect(lines(columns)[0].hasSuffix("▇") || lines(columns)[0].hasSuffix("▆"))
  }

  @Test func colouredCellsHalveRowsOrShade() {
    let size = Size(width: 2, height: 1)
    var plotter = Plotter(size: size, context: context(.braille, .indexed256))
    plotter.colors(.init(x: 0, y: 0, width: 2, height: 1), [[0, 1], [1, nil]])
    let grid = plotter.list.rasterized(plotter.context)
    #expect(grid[0, 0].text == "▀" && grid[1, 0].text == "▀")
    #expect(grid[0, 0].style.foreground == Theme.viridis[0] && grid[0, 0].style.background == Theme.viridis[7])
    let mono = plotter.list.rasterized(context())
    #expect(mono.lines == ["▓█"])
  }

  @Test func textOnColouredCellsKeepsTheirColour() {
    var plotter = Plotter(size: Size(width: 4, height: 1), context: context(.braille, .indexed256))
    plotter.colors(.init(x: 0, y: 0, width: 4, height: 1), [[1]])
    plotter.text("12", .init(2, 0), .center, paper: .sequential(1))
    let grid = plotter.list.rasterized(plotter.context)
    #expect(grid.lines == [" 12 "])
    #expect(grid[1, 0].style.background == Theme.viridis[7] && grid[3, 0].style.background == Theme.viridis[7])
  }

  @Test func yieldingLabelsNeverTouch() {
    var plotter = plotter(12, 1)
    let written = [("good", 4.0, Alignment.center), ("bad", 6, .left), ("bad", 8, .left), ("far", 11, .left)].map {
      plotter.yieldingText($0.0, .init($0.1, 0), $0.2)
    }
    #expect(written == [true, false, true, false])
    #expect(lines(plotter) == ["  good  bad"])
  }

  @Test func aListInsideAnotherIsClippedToItsFrame() {
    var inner = plotter(4, 1)
    inner.text("abcdefgh", .init(0, 0))
    inner.line([.init(0, 0.5), .init(9, 0.5)], .series(0))
    var outer = DisplayList(size: Size(width: 12, height: 2))
    outer.append(inner.list, at: Point(x: 3, y: 1))
    #expect(text(of: outer.rasterized(context())) == "\n   abcd")
    let facet = Chart.bars(Fixtures.marital).list(size: Size(width: 30, height: 6), context: context())
    outer.append(facet.list, at: Point(x: 1, y: 0))
    #expect(!facet.marks.isEmpty)
  }

  @Test func anythingCanBeDrawnAnywhere() {
    let odd: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, 0, -3.5, 2.5, 1e7]
    for size in RobustnessTests.sizes {
      // The largest size takes seconds.
      for glyphs in GlyphSet.allCases where size.width < 300 || glyphs == .braille {
        var plotter = Plotter(size: size, context: context(glyphs, .indexed256))
        for x in odd {
          for y in odd {
            let box = DisplayList.Box(x: x, y: y, width: abs(y), height: abs(x))
            for growth in [DisplayList.Fill.Growth.up, .down, .left, .right, .none]
            where box.width < 1e6 && box.height < 1e6 {
              plotter.fill(box, .series(0), growth: growth)
            }
            plotter.colors(box, [[0.5, nil], []])
            plotter.markers([.init(x, y)], .series(1), .square)
            plotter.line([.init(0, 0), .init(x, y), .init(y, x)], .series(1))
            plotter.area([.init(0, 0), .init(x, y), .init(y, x)], .series(1))
            plotter.rule(.init(x, y), .init(y, y), .series(1), capsStart: true)
            plotter.text("ab日本", .init(x, y), .center)
          }
        }
        #expect(plotter.list.rasterized(plotter.context).size == size)
      }
    }
  }

  @Test func contentIsDrawnAtEverySizeWithAnyWindow() {
    let views: [ChartView] = [
      .whole, ChartView(x: 2...4, y: 0.5...1, cursor: 0), ChartView(x: 0...0, cursor: 99), ChartView(y: -1e300...1e300),
    ]
    for size in RobustnessTests.sizes {
      for view in views {
        for glyphs in GlyphSet.allCases {
          let drawn = render(.content(SampleContent.whole), size: size, context: context(glyphs), view: view)
          #expect(drawn.grid.size == size)
        }
      }
    }
  }

  @Test func aWindowCutsOffWhatLiesOutside() {
    let size = Size(width: 60, height: 16)
    let zoomed = render(
      .content(SampleContent.whole), size: size, context: context(), view: ChartView(x: 6...8, y: 1...1.4))
    let text = zoomed.grid.lines.dropFirst(2).joined()
    #expect(text.filter { $0 == "+" }.count == 1)
    let whole = render(.content(SampleContent.whole), size: size, context: context())
    #expect(whole.grid.lines.dropFirst(2).joined().filter { $0 == "+" }.count == 3)
  }

  @Test func theCursorShowsOnItsMarkAndOnBothAxes() {
    let size = Size(width: 60, height: 16)
    let drawn = render(.content(SampleContent.whole), size: size, context: context(), cursor: 1)
    let rect = drawn.marks[1].rect
    #expect(drawn.grid[rect.x, rect.y].style == Theme.mono.ui.cursor)
    #expect(drawn.grid.lines.contains { $0.contains("▲") })
    #expect(drawn.grid.lines[rect.y].contains("▶"))
  }

  @Test func chartsAreComparedByKindAndNumbers() {
    let other = SampleContent(curve: [1], cloud: [])
    #expect(Chart.content(SampleContent.whole) == .content(SampleContent.whole))
    #expect(Chart.content(SampleContent.whole) != .content(other))
    #expect(Chart.content(other) != .bars(Fixtures.marital))
    #expect(Chart.bars(Fixtures.marital) != .bars(Fixtures.education))
  }

  @Test func aKindThatIsNotRegisteredIsNamedInTheError() {
    let json = Data(#"{"chart":"sunburst"}"#.utf8)
    #expect {
      try JSONDecoder().decode(Chart.self, from: json)
    } throws: { "\($0)".contains("sunburst") }
  }

  @Test func kindsHaveNamesOfTheirOwn() {
    let names = ChartRegistry.kinds.map { $0.kind } + ["histogram", "bars", "scatter", "heatmap", "importance"]
    #expect(Set(names).count == names.count)
  }
}
