import Grid
import Testing

@Suite struct ThemeTests {
  @Test func everyKeyCanBeSet() {
    for key in Theme.keys {
      var theme = Theme.mono
      let isScale = key.hasPrefix("scale.")
      let accepted = theme.set(key, to: isScale ? [.ansi(1), .ansi(2)] : [.ansi(1)])
      #expect(accepted, "\(key)")
      #expect(theme != Theme.mono, "\(key)")
      let acceptedNothing = theme.set(key, to: [])
      #expect(!acceptedNothing, "\(key)")
    }
  }

  @Test func unknownKeysAreRefused() {
    var theme = Theme.mono
    let misspelt = theme.set("ui.bordr", to: [.ansi(1)])
    let eighth = theme.set("chart.series8", to: [.ansi(1)])
    #expect(!misspelt && !eighth && theme == Theme.mono)
  }

  @Test func foldingLeavesOnlyASCIIAndTheSameColumns() {
    var grid = CellGrid(size: Size(width: 14, height: 1))
    grid.draw("┌─é日e\u{301}▲█…\u{1F600}", x: 0, y: 0, style: .plain)
    #expect(grid.foldedToASCII().lines == ["+-e??e^#~??   "])
  }
}
