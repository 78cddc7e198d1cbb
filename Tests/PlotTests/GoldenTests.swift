import Foundation
import Grid
import Plot
import TestSupport
import Testing

@Suite struct GoldenTests {
  @Test(arguments: Fixtures.all.map(\.name), GlyphSet.allCases)
  func chartIsDrawnAsItsGolden(name: String, glyphs: GlyphSet) {
    guard let chart = Fixtures.all.first(where: { $0.name == name })?.chart else { return }
    for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
      let context = DrawContext(theme: .mono, glyphs: glyphs, colors: .mono)
      let drawn = render(chart, size: size, context: context)
      expectGolden(text(of: drawn.grid), "\(name)-\(glyphs.rawValue)-\(size.width)x\(size.height)")
    }
  }

  /// One letter a background colour, the text where there is any: what a colour terminal adds.
  @Test(arguments: ["density", "correlation", "counts"])
  func colouredChartIsDrawnAsItsGolden(name: String) {
    guard let chart = Fixtures.all.first(where: { $0.name == name })?.chart else { return }
    let drawn = render(
      chart, size: Size(width: 60, height: 16), context: DrawContext(theme: .dark, colors: .indexed256))
    var papers: [Color] = []
    var picture = text(of: drawn.grid) + "\n\n"
    for y in 0..<16 {
      var line = ""
      for x in 0..<60 {
        let style = drawn.grid[x, y].style
        let color = drawn.grid[x, y].text == "▀" ? style.foreground : style.background
        guard color != .terminal, drawn.grid[x, y].text == "▀" || style.background != .terminal else {
          line += " "
          continue
        }
        if !papers.contains(color) { papers.append(color) }
        let index = papers.firstIndex(of: color) ?? 0
        line += String(UnicodeScalar(UInt8(97 + index % 26)))
      }
      while line.hasSuffix(" ") { line.removeLast() }
      picture += line + "\n"
    }
    expectGolden(picture, "\(name)-color-60x16")
  }

  /// Sixteen colours, with the theme that keeps to them and with the one that is rounded.
  @Test(arguments: ["density", "correlation", "counts", "scatter", "majority"], ["ansi16", "assay-dark"])
  func chartIsDrawnInSixteenColoursAsItsGolden(name: String, themeName: String) {
    guard let chart = Fixtures.all.first(where: { $0.name == name })?.chart,
      let theme = Theme.builtIn.first(where: { $0.name == themeName })
    else { return }
    let drawn = render(chart, size: Size(width: 60, height: 16), context: DrawContext(theme: theme, colors: .ansi16))
    expectGolden(styledText(of: drawn.grid, .ansi16), "\(name)-\(themeName)-16-60x16")
  }
}
