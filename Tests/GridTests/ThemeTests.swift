import Grid
import Testing

@Suite struct ThemeTests {
  @Test func everyKeyCanBeSet() {
    for key in Theme.keys {
      var theme = Theme.mono
      let isScale = key.hasPrefix("scale.")
      #expect(theme.set(key, to: isScale ? [.ansi(1), .ansi(2)] : [.ansi(1)]), "\(key)")
      #expect(theme != Theme.mono, "\(key)")
      #expect(!theme.set(key, to: []), "\(key)")
    }
    var theme = Theme.mono
    #expect(!theme.set("ui.bordr", to: [.ansi(1)]))
    #expect(!theme.set("chart.series8", to: [.ansi(1)]))
  }

  @Test func foldingLeavesOnlyASCIIAndTheSameColumns() {
    var grid = CellGrid(size: Size(width: 14, height: 1))
    grid.draw("┌─é日e\u{301}▲█…\u{1F600}", x: 0, y: 0, style: .plain)
    #expect(grid.foldedToASCII().lines == ["+-e??e^#~??   "])
  }
}
