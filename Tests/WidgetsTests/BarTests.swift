import Grid
import Testing
import Widgets

@Suite struct BarTests {
  private let tabs = TabsRow(
    [.init(1, "Data"), .init(2, "Flow"), .init(3, "Table"), .init(4, "Chart"), .init(5, "Analyses"), .init(6, "Jobs")],
    selected: 3, note: "seed 42")

  @Test func tabsMarkTheChosenOneWithoutColour() {
    #expect(
      lines(80, 1) { _ = tabs.draw(in: $0, on: &$1, rich) } == [
        " 1 Data  2 Flow ▌3 TABLE▐ 4 Chart  5 Analyses  6 Jobs                   seed 42"
      ])
    #expect(
      lines(80, 1) { _ = tabs.draw(in: $0, on: &$1, plain) } == [
        " 1 Data  2 Flow [3 TABLE] 4 Chart  5 Analyses  6 Jobs                   seed 42"
      ])
  }

  @Test func narrowTabsKeepTheirNumbers() {
    #expect(lines(40, 1) { _ = tabs.draw(in: $0, on: &$1, rich) } == [" 1  2 ▌3 TABLE▐ 4  5  6         seed 42"])
  }

  @Test func tabsAreClickable() {
    var hits = HitMap()
    _ = lines(80, 1) { hits = tabs.draw(in: $0, on: &$1, rich) }
    #expect(hits.target(at: Point(x: 2, y: 0)) == .tab(1))
    #expect(hits.target(at: Point(x: 20, y: 0)) == .tab(3))
    #expect(hits.target(at: Point(x: 70, y: 0)) == nil)
  }

  private let footer = Footer([
    Hint("/", "find", command: "table.find"), Hint("&", "filter"), Hint("[]", "sort"), Hint("F", "freq"),
    Hint("I", "stats"), Hint(".", "chart"), Hint("a", "add"),
  ])

  @Test func theFooterEndsWithTheWayToEverythingElse() {
    #expect(
      lines(80, 1) { _ = footer.draw(in: $0, on: &$1, rich) } == [
        " /:find &:filter []:sort F:freq I:stats .:chart a:add        ?:help  ^P:palette"
      ])
  }

  @Test func theFooterCutsAtWholeHints() {
    #expect(
      lines(50, 1) { _ = footer.draw(in: $0, on: &$1, rich) } == [" /:find &:filter []:sort …     ?:help  ^P:palette"])
    #expect(lines(50, 1) { _ = footer.draw(in: $0, on: &$1, plain) }[0].contains("[]:sort ~ "))
  }

  @Test func theFooterShowsEightHintsAtMost() {
    let many = Footer((1...12).map { Hint("\($0)", "x") })
    #expect(lines(120, 1) { _ = many.draw(in: $0, on: &$1, rich) }[0].hasPrefix(" 1:x 2:x 3:x 4:x 5:x 6:x 7:x 8:x … "))
  }

  @Test func hintsWithCommandsAreClickable() {
    var hits = HitMap()
    _ = lines(80, 1) { hits = footer.draw(in: $0, on: &$1, rich) }
    #expect(hits.target(at: Point(x: 1, y: 0)) == .command("table.find"))
    #expect(hits.target(at: Point(x: 8, y: 0)) == .keys("&"))
    #expect(hits.rect(of: .command("palette")) == Rect(x: 69, y: 0, width: 10, height: 1))
  }

  @Test func sequencesAmongAlternativesAreToldApart() {
    #expect(KeyHints.alternatives(["Down", "j"]) == "Down j")
    #expect(KeyHints.alternatives(["z t", "z Enter"]) == "z t, z Enter")
    #expect(KeyHints.alternatives(["g g"]) == "g g")
  }

  @Test func bothKeysOfAPairAreClickable() {
    let pair = Footer([Hint("b", "bins", command: "fewer", partner: Hint.Partner("B", command: "more"))])
    var hits = HitMap()
    #expect(lines(60, 1) { hits = pair.draw(in: $0, on: &$1, rich) }[0].hasPrefix(" bB:bins "))
    #expect(hits.target(at: Point(x: 1, y: 0)) == .command("fewer"))
    #expect(hits.target(at: Point(x: 2, y: 0)) == .command("more"))
    #expect(hits.target(at: Point(x: 7, y: 0)) == .command("more"))
  }

  @Test func progressFillsInEighths() {
    #expect(ProgressBar(0.57).text(width: 15, glyphs: .braille) == "▕█████▏   ▏ 57%")
    #expect(ProgressBar.cells(0.5, width: 4, glyphs: .block) == "██  ")
    #expect(ProgressBar.cells(0.57, width: 10, glyphs: .block) == "█████▋    ")
    #expect(ProgressBar.cells(1, width: 3, glyphs: .block) == "███")
    #expect(ProgressBar.cells(.nan, width: 3, glyphs: .block) == "   ")
    #expect(ProgressBar(0.57).text(width: 16, glyphs: .ascii) == "[#####.....] 57%")
    #expect(ProgressBar(0.999).text(width: 5, glyphs: .ascii) == "99%  ")
  }

  @Test func unknownProgressMoves() {
    let first = ProgressBar(nil, tick: 0).text(width: 12, glyphs: .ascii)
    #expect(first == "[###.......]")
    #expect(ProgressBar(nil, tick: 3).text(width: 12, glyphs: .ascii) == "[...###....]")
    #expect(ProgressBar(nil, tick: 14).text(width: 12, glyphs: .ascii) == first)
  }

  @Test func theStatusLineKeepsTheMessageBesideTheWork() {
    let status = StatusLine("age=28 num  row 5/32,561", right: "automl 02:14")
    #expect(
      lines(50, 1) { status.draw(in: $0, on: &$1, rich) } == [" age=28 num  row 5/32,561            automl 02:14"])
    #expect(lines(30, 1) { status.draw(in: $0, on: &$1, rich) } == [" age=28 num  r…  automl 02:14"])
    let failed = StatusLine("no such column", level: .error)
    #expect(lines(30, 1) { failed.draw(in: $0, on: &$1, rich) } == [" ✗ no such column"])
    #expect(lines(30, 1) { failed.draw(in: $0, on: &$1, plain) } == [" x no such column"])
  }

  @Test func levelsDifferWithoutColour() {
    for glyphs in GlyphSet.allCases {
      let levels: [Level] = [.info, .success, .warning, .error, .running, .queued]
      #expect(Set(levels.map { $0.mark(glyphs) }).count == levels.count)
    }
  }
}

@Suite struct MenuTests {
  private let bar = MenuBar(["File", "Data", "Flow", "Analyze", "Model", "View", "Help"], note: "adult.csv  32,561×15")

  @Test func theBarUnderlinesInitialsAndNamesWhatIsOpen() {
    let grid = drawn(80, 1) { _ = bar.draw(in: $0, on: &$1, rich) }
    #expect(grid.lines == [" assay  File Data Flow Analyze Model View Help             adult.csv  32,561×15 "])
    #expect(grid[8, 0].style.attributes.contains(.underline))
    #expect(!grid[9, 0].style.attributes.contains(.underline))
  }

  @Test func aWideBarHasMoreRoomBetweenTitles() {
    #expect(lines(120, 1) { _ = bar.draw(in: $0, on: &$1, rich) }[0].hasPrefix(" assay   File  Data  Flow  Analyze"))
  }

  @Test func titlesAreClickableAndHaveMnemonics() {
    var hits = HitMap()
    _ = lines(80, 1) { hits = bar.draw(in: $0, on: &$1, rich) }
    #expect(hits.target(at: Point(x: 14, y: 0)) == .item("menu", 1))
    #expect(bar.index(mnemonic: "a") == 3)
    #expect(bar.index(mnemonic: "x") == nil)
  }

  private let menu = Dropdown([
    MenuItem("Open…", key: "^O"), MenuItem("Recent", hasSubmenu: true), .separator,
    MenuItem("Save flow", key: "^S", reason: "nothing to save"),
  ])

  @Test func aMenuShowsKeysAtTheRight() {
    #expect(
      lines(20, 7) { _ = menu.draw(at: .zero, in: $0, on: &$1, rich) } == [
        "╭───────────────╮", "│ Open…      ^O │", "│ Recent      ▸ │", "│───────────────│", "│ Save flow  ^S │",
        "╰───────────────╯", "",
      ])
  }

  @Test func aMenuStaysOnTheScreen() {
    #expect(menu.rect(at: Point(x: 15, y: 4), in: Rect(x: 0, y: 0, width: 20, height: 8)).maxX == 20)
    #expect(menu.rect(at: Point(x: 15, y: 4), in: Rect(x: 0, y: 0, width: 20, height: 8)).maxY == 8)
  }

  @Test func theCursorStepsOverLinesAndAroundTheEnds() {
    var menu = menu
    menu.cursor = 1
    #expect(menu.moved(by: 1) == 3)
    menu.cursor = 3
    #expect(menu.moved(by: 1) == 0)
    #expect(menu.reason == "nothing to save")
    #expect(menu.index(typing: "r") == 1)
  }

  @Test func disabledItemsAreDimButStay() {
    let grid = drawn(20, 7) { _ = menu.draw(at: .zero, in: $0, on: &$1, rich) }
    #expect(grid[2, 4].style.attributes.contains(.dim))
    #expect(!grid[2, 1].style.attributes.contains(.dim))
  }
}
