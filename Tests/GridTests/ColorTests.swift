import Grid
import Testing

@Suite struct ColorTests {
  @Test func colorsAreReadAsThemesWriteThem() {
    #expect(Color("#E69F00") == .rgb(230, 159, 0))
    #expect(Color("bright-yellow") == .ansi(11))
    #expect(Color("214") == .ansi(214))
    #expect(Color("default") == .terminal)
    #expect(Color("#E69F0") == nil)
    #expect(Color("256") == nil)
    #expect(Color("nonsense") == nil)
  }

  @Test func seriesStayApartAtEveryDepth() {
    for depth in [ColorDepth.ansi16, .indexed256, .direct] {
      #expect(Set(Theme.okabeIto.map { $0.reduced(to: depth) }).count == 7)
    }
    #expect(
      Theme.okabeIto.map { $0.reduced(to: .indexed256) }
        == [214, 74, 35, 227, 25, 166, 175].map { Color.ansi($0) })
    #expect(
      Theme.okabeIto.map { $0.reduced(to: .ansi16) } == [3, 6, 2, 11, 4, 1, 5].map { Color.ansi($0) })
  }

  @Test func monoHasNoColour() {
    #expect(Color.rgb(1, 2, 3).reduced(to: .mono) == .terminal)
    #expect(Style(foreground: .ansi(3), attributes: .bold).reduced(to: .mono) == Style(attributes: .bold))
    for color in Theme.mono.chart.series + Theme.mono.scale.sequential { #expect(color == .terminal) }
  }

  @Test func nearestTableEntryIsExactForTableColours() {
    for index in UInt8(16)...255 {
      guard let (r, g, b) = Color.ansi(index).components else { continue }
      let reduced = Color.rgb(r, g, b).reduced(to: .indexed256)
      #expect(reduced.components.map { [$0.0, $0.1, $0.2] } == [r, g, b])
    }
  }
}

@Suite struct TextWidthTests {
  @Test func widthsFollowTheTerminal() {
    #expect(TextWidth.of("abc") == 3)
    #expect(TextWidth.of("日本") == 4)
    #expect(TextWidth.of("e\u{301}") == 1)
    #expect(TextWidth.of("▁▂⣿│") == 4)
    #expect(TextWidth.of("") == 0)
    #expect(TextWidth.of("a\nb") == 3)
  }

  @Test func fittingGivesExactlyTheWidth() {
    #expect(TextWidth.fit("abc", 5) == "abc  ")
    #expect(TextWidth.fit("abc", 5, .right) == "  abc")
    #expect(TextWidth.fit("abc", 6, .center) == " abc  ")
    #expect(TextWidth.fit("abcdef", 4) == "abc…")
    #expect(TextWidth.fit("abcdef", 4, ellipsis: false) == "abcd")
    #expect(TextWidth.fit("日本語", 4) == "日… ")
    #expect(TextWidth.fit("abc", 0) == "")
    #expect(TextWidth.fit("abc", -1) == "")
    for text in ["", "a", "日本語", "e\u{301}e\u{301}e\u{301}", "👩‍👩‍👧 x", "plain text"] {
      for width in 0...12 { #expect(TextWidth.of(TextWidth.fit(text, width)) == width) }
    }
  }
}
