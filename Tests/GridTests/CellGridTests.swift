import Grid
import Testing

@Suite struct CellGridTests {
  @Test func cellIsSixteenBytes() {
    #expect(MemoryLayout<Cell>.stride == 16)
  }

  @Test func drawingClipsAtEveryEdge() {
    var grid = CellGrid(size: Size(width: 5, height: 2))
    grid.draw("hello", x: -2, y: 0, style: .plain)
    grid.draw("hello", x: 3, y: 1, style: .plain)
    grid.draw("hello", x: 0, y: 2, style: .plain)
    grid.draw("hello", x: 0, y: -1, style: .plain)
    #expect(grid.lines == ["llo  ", "   he"])
  }

  @Test func drawingReturnsColumnsUsedWithinItsWidth() {
    var grid = CellGrid(size: Size(width: 10, height: 1))
    #expect(grid.draw("hello", x: 0, y: 0, style: .plain, width: 3) == 3)
    #expect(grid.draw("日本", x: 4, y: 0, style: .plain) == 4)
    #expect(grid.draw("é", x: 9, y: 0, style: .plain) == 1)
    #expect(grid.lines == ["hel 日本 é"])
  }

  @Test func wideGlyphOwnsTwoCells() {
    var grid = CellGrid(size: Size(width: 4, height: 1))
    grid.draw("日", x: 1, y: 0, style: .plain)
    #expect(grid[1, 0].width == 2)
    #expect(grid[2, 0].isContinuation)
    #expect(grid.lines == [" 日 "])
  }

  @Test func cuttingAWideGlyphInHalfLeavesABlank() {
    var grid = CellGrid(size: Size(width: 4, height: 1))
    grid.draw("日本", x: 0, y: 0, style: .plain)
    grid.draw("x", x: 1, y: 0, style: .plain)
    #expect(grid.lines == [" x本"])
    grid.draw("y", x: 2, y: 0, style: .plain)
    #expect(grid.lines == [" xy "])
    var edge = CellGrid(size: Size(width: 3, height: 1))
    edge.draw("日本", x: 0, y: 0, style: .plain)
    #expect(edge.lines == ["日 "])
    var left = CellGrid(size: Size(width: 3, height: 1))
    left.draw("日本", x: -1, y: 0, style: .plain)
    #expect(left.lines == [" 本"])
    var narrow = CellGrid(size: Size(width: 6, height: 1))
    #expect(narrow.draw("日本", x: 0, y: 0, style: .plain, width: 3) == 3)
    #expect(narrow.lines == ["日    "])
  }

  @Test func controlsNeverReachTheGrid() {
    var grid = CellGrid(size: Size(width: 12, height: 1))
    grid.draw("a\u{1B}[31m\u{0}b\tc\n\u{9B}d\u{7F}\u{202E}e", x: 0, y: 0, style: .plain)
    #expect(grid.lines == ["a[31mb c de "])
  }

  @Test func combiningMarksJoinTheCellBefore() {
    var grid = CellGrid(size: Size(width: 4, height: 1))
    #expect(grid.draw("e\u{301}x", x: 0, y: 0, style: .plain) == 2)
    #expect(grid[0, 0].text == "e\u{301}")
    #expect(grid[0, 0].scalar == nil)
    #expect(grid[1, 0].text == "x")
    grid.draw("\u{301}", x: 0, y: 0, style: .plain)
    #expect(grid[0, 0].text == "e\u{301}")
  }

  @Test func joinedEmojiAreDrawnAsTheirBase() {
    var grid = CellGrid(size: Size(width: 6, height: 1))
    #expect(grid.draw("👩‍👩‍👧!", x: 0, y: 0, style: .plain) == 3)
    #expect(grid.lines == ["👩!   "])
    #expect(TextWidth.of("👍🏽") == 2)
  }

  @Test func blitClipsAndKeepsGlyphsWhole() {
    var small = CellGrid(size: Size(width: 4, height: 1))
    small.draw("日本", x: 0, y: 0, style: .plain)
    var grid = CellGrid(size: Size(width: 5, height: 2), style: .plain)
    grid.fill(Rect(grid.size), ".", style: .plain)
    grid.blit(small, at: Point(x: -1, y: 0))
    grid.blit(small, at: Point(x: 2, y: 1))
    #expect(grid.lines == [" 本..", "..日 "])
    grid.blit(small, at: Point(x: 9, y: 9))
  }

  @Test func restyleChangesColoursAndKeepsText() {
    var grid = CellGrid(size: Size(width: 3, height: 1))
    grid.draw("abc", x: 0, y: 0, style: .plain)
    grid.restyle(Rect(x: 1, y: 0, width: 9, height: 9)) { $0.attributes.insert(.reverse) }
    #expect(grid.lines == ["abc"])
    #expect(grid[0, 0].style == .plain)
    #expect(grid[2, 0].style.attributes == .reverse)
  }

  @Test func emptyGridsAreHarmless() {
    var grid = CellGrid(size: .zero)
    grid.draw("x", x: 0, y: 0, style: .plain)
    grid.fill(Rect(x: 0, y: 0, width: 5, height: 5), style: .plain)
    grid[0, 0] = Cell("x")
    #expect(grid.lines.isEmpty)
    #expect(grid.changes(from: nil).isEmpty)
  }
}

@Suite struct ChangesTests {
  @Test func sameGridHasNoChanges() {
    var grid = CellGrid(size: Size(width: 20, height: 4))
    grid.draw("hello", x: 1, y: 1, style: .plain)
    #expect(grid.changes(from: grid).isEmpty)
  }

  @Test func firstPaintIsEveryRow() {
    let grid = CellGrid(size: Size(width: 3, height: 2))
    #expect(grid.changes(from: nil).map(\.cells.count) == [3, 3])
    #expect(grid.changes(from: CellGrid(size: Size(width: 2, height: 2))).count == 2)
  }

  @Test func onlyChangedCellsAreRepainted() {
    var old = CellGrid(size: Size(width: 20, height: 3))
    old.draw("status 41%", x: 0, y: 1, style: .plain)
    var new = old
    new.draw("status 42%", x: 0, y: 1, style: .plain)
    new.draw("x", x: 19, y: 2, style: .plain)
    let runs = new.changes(from: old)
    #expect(runs == [CellRun(x: 8, y: 1, cells: [Cell("2")]), CellRun(x: 19, y: 2, cells: [Cell("x")])])
  }

  @Test func replayingTheRunsGivesTheNewGrid() {
    var seed: UInt64 = 42
    func random(_ n: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % n
    }
    let texts = ["a", "日本語", "e\u{301}", "███", " ", "👍x", "long plain text"]
    var old = CellGrid(size: Size(width: 17, height: 5))
    for _ in 0..<300 {
      var new = old
      for _ in 0..<3 {
        new.draw(
          texts[random(texts.count)], x: random(20) - 2, y: random(5),
          style: random(2) == 0 ? .plain : Style.plain.bold())
      }
      var screen = old
      for run in new.changes(from: old) {
        #expect(!(run.cells.first?.isContinuation ?? true))
        #expect(run.cells.last?.width != 2)
        for (i, cell) in run.cells.enumerated() where !cell.isContinuation { screen[run.x + i, run.y] = cell }
      }
      #expect(screen == new)
      old = new
    }
  }
}
