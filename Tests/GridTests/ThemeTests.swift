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

  /// WCAG 2.1 asks for 4.5 between text and what lies behind it.
  @Test(arguments: ["assay-dark", "assay-light"]) func textReadsWellOnItsBackground(name: String) throws {
    let theme = try #require(Theme.builtIn.first { $0.name == name })
    let paper: Color = theme.isDark ? .rgb(0, 0, 0) : .rgb(255, 255, 255)
    let ui = theme.ui
    let status = theme.status
    let table = theme.table
    let inks = [
      ui.muted, ui.title, ui.header, ui.mark, status.info, status.success, status.warning, status.error,
      status.running, status.queued, table.keyColumn, table.null, table.date, table.bool, table.match,
      theme.chart.tick, theme.chart.label,
    ]
    for ink in inks { #expect(contrast(ink, paper) >= 4.5, "\(ink)") }
    for style in [ui.selection, ui.cursor] {
      #expect(contrast(style.foreground, style.background) >= 4.5, "\(style)")
    }
  }

  private func contrast(_ one: Color, _ other: Color) -> Double {
    func luminance(_ color: Color) -> Double {
      guard let lightness = color.lightness else { return .nan }
      let f = (lightness + 16) / 116
      return lightness > 8 ? f * f * f : lightness * 27 / 24389
    }
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}
