import Grid
import Testing

/// Every theme can be read, as it is and after rounding to the 256-colour table. The terminal's own background counts
/// as black under a dark theme and as white under a light one; the terminal's own text is the person's choice.
@Suite struct ThemeContrastTests {
  private static let names = Theme.builtIn.map(\.name)
  private static let depths: [ColorDepth] = [.direct, .indexed256]

  private func theme(_ name: String) throws -> Theme { try #require(Theme.builtIn.first { $0.name == name }) }

  private func paper(_ theme: Theme) -> Color {
    theme.ui.background == .terminal ? (theme.isDark ? .rgb(0, 0, 0) : .rgb(255, 255, 255)) : theme.ui.background
  }

  @Test(arguments: names) func textHasAContrastOf4Point5(name: String) throws {
    let theme = try theme(name)
    let (ui, status, table) = (theme.ui, theme.status, theme.table)
    let inks = [
      ui.text, ui.muted, ui.title, ui.header, ui.mark, status.info, status.success, status.warning, status.error,
      status.running, status.queued, table.keyColumn, table.null, table.number, table.text, table.date, table.bool,
      table.match, theme.chart.tick, theme.chart.label,
    ]
    for depth in Self.depths {
      for ink in inks where ink != .terminal {
        #expect(contrast(ink.reduced(to: depth), paper(theme)) >= 4.5, "\(ink.text) at \(depth)")
      }
      for style in [ui.selection, ui.cursor] where style.background != .terminal {
        let pair = style.reduced(to: depth)
        #expect(contrast(pair.foreground, pair.background) >= 4.5, "\(style)")
      }
    }
  }

  @Test(arguments: names) func bordersAndSeriesHaveAContrastOf3(name: String) throws {
    let theme = try theme(name)
    for depth in Self.depths {
      for ink in [theme.ui.border, theme.ui.borderFocus, theme.chart.axis] + theme.chart.series where ink != .terminal {
        #expect(contrast(ink.reduced(to: depth), paper(theme)) >= 3, "\(ink.text) at \(depth)")
      }
    }
  }

  @Test(arguments: names) func theSequentialScaleGetsStrictlyLighter(name: String) throws {
    let scale = try theme(name).scale.sequential
    #expect(scale.count == 8)
    for depth in Self.depths {
      let lightness = scale.compactMap { $0.reduced(to: depth).lightness }
      #expect(lightness.count == 8 || name == "mono")
      for (a, b) in zip(lightness, lightness.dropFirst()) { #expect(a < b, "\(lightness)") }
    }
  }

  /// The ends differ in hue, not only in how light they are: 40 apart in CIELAB's a*b* plane, for whom a theme is made.
  /// Mono and paper have no hue; there the printed sign says it.
  @Test(arguments: names.filter { !["mono", "paper"].contains($0) })
  func theEndsOfTheDivergingScaleDifferInHue(name: String) throws {
    let scale = try theme(name).scale.diverging
    #expect(scale.count == 7)
    #expect(Set(scale.map { $0.reduced(to: .indexed256) }).count == 7)
    let eyes = Eyes(rawValue: name) ?? .usual
    let first = try #require(Lab(scale[0].reduced(to: .indexed256), eyes))
    let last = try #require(Lab(scale[6].reduced(to: .indexed256), eyes))
    #expect(first.chromaticDistance(last) >= 40)
  }

  /// CIEDE2000 of 20 between any two series as the theme's eyes and the usual ones see them. Okabe and Ito's palette
  /// keeps 8 for both kinds once it is rounded; a difference of 2 is just seen side by side.
  @Test(arguments: [("deuteranopia", Eyes.deuteranopia, 20.0), ("tritanopia", .tritanopia, 20)])
  func theSeriesOfAColourBlindThemeStayApart(name: String, eyes: Eyes, least: Double) throws {
    let series = try theme(name).chart.series
    for eyes in [eyes, .usual] { #expect(smallestDifference(series, eyes) >= least) }
  }

  @Test func theSeriesOfEveryOtherColouredThemeStayApartForAllEyes() throws {
    for name in ["assay-dark", "okabe", "assay-light"] {
      let series = try theme(name).chart.series
      for eyes in Eyes.allCases { #expect(smallestDifference(series, eyes) >= 8, "\(name) \(eyes)") }
    }
  }

  @Test func theSeriesStayDifferentWithSixteenColours() throws {
    for name in Self.names where !["mono", "paper"].contains(name) {
      #expect(Set(try theme(name).chart.series.map { $0.reduced(to: .ansi16) }).count == 7, "\(name)")
    }
  }

  @Test func theFormulasGiveTheirPublishedFigures() throws {
    #expect(abs(contrast(.rgb(0, 0, 0), .rgb(255, 255, 255)) - 21) < 1e-9)
    let red = try #require(Lab(.rgb(255, 0, 0)))
    #expect(abs(red.l - 53.24) < 0.01 && abs(red.a - 80.09) < 0.01 && abs(red.b - 67.20) < 0.01)
    // Sharma, Wu and Dalal's table 1, pairs 1 and 25.
    let pairs = [
      ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
      ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    for (one, other, expected) in pairs {
      var (a, b) = (red, red)
      (a.l, a.a, a.b) = one
      (b.l, b.a, b.b) = other
      #expect(abs(a.difference(b) - expected) < 1e-4)
    }
  }

  private func smallestDifference(_ colors: [Color], _ eyes: Eyes) -> Double {
    let seen = colors.compactMap { Lab($0.reduced(to: .indexed256), eyes) }
    var least = Double.infinity
    for (index, one) in seen.enumerated() {
      for other in seen.dropFirst(index + 1) { least = min(least, one.difference(other)) }
    }
    return least
  }
}
