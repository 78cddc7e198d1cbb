import Grid
import Testing
import Widgets

@Suite struct FuzzyMatcherTests {
  private func best(_ query: String, _ texts: [String]) -> String? {
    let matcher = FuzzyMatcher(query)
    return texts.compactMap { text in matcher.match(text).map { (text, $0.score) } }.max { $0.1 < $1.1 }?.0
  }

  @Test func lettersMustOccurInOrder() {
    #expect(FuzzyMatcher("abc").match("acb") == nil)
    #expect(FuzzyMatcher("hst").match("Histogram")?.positions == [0, 2, 3])
    #expect(FuzzyMatcher("").match("anything") == FuzzyMatch(score: 0, positions: []))
    #expect(FuzzyMatcher("long query").match("l") == nil)
  }

  @Test func initialsAndBeginningsWin() {
    #expect(best("sa", ["Sort ascending", "Histogram of this stage area", "Mosaic"]) == "Sort ascending")
    #expect(best("add", ["Show the added rows", "Add analysis", "Paddings"]) == "Add analysis")
    #expect(best("qm", ["Quick model", "Equal marks"]) == "Quick model")
  }

  @Test func positionsAreThoseOfTheBestPlacement() {
    #expect(FuzzyMatcher("an").match("add an analysis")?.positions.count == 2)
    #expect(FuzzyMatcher("save").match("re s-a-v-e save")?.positions == [11, 12, 13, 14])
  }
}

@Suite struct PaletteTests {
  private var palette: PaletteState {
    PaletteState([
      PaletteItem("add", "Add analysis…", key: "a"),
      PaletteItem("save", "Save flow", key: "^S", reason: "nothing to save"),
      PaletteItem("sort", "Sort ascending", detail: "orders the rows", key: "["),
    ])
  }

  @Test func typingNarrowsAndEnterRuns() {
    var palette = palette
    for key in "sort" { _ = palette.handle(.character(key)) }
    #expect(palette.found.map(\.index) == [2])
    #expect(palette.handle(.enter) == .chosen("sort"))
  }

  @Test func whatIsOffSaysWhy() {
    var palette = palette
    for key in "save" { _ = palette.handle(.character(key)) }
    #expect(palette.handle(.enter) == .refused("nothing to save"))
  }

  @Test func summariesAreSearchedToo() {
    var palette = palette
    for key in "orders" { _ = palette.handle(.character(key)) }
    #expect(palette.found.map(\.index) == [2])
  }

  @Test func withoutAQueryTheRankDecides() {
    let state = PaletteState([PaletteItem("a", "A"), PaletteItem("b", "B", rank: 5), PaletteItem("c", "C", rank: 5)])
    #expect(state.found.map(\.index) == [1, 2, 0])
  }

  @Test func linesAreClickable() {
    var palette = palette
    var hits = HitMap()
    let shown = lines(60, 12) { hits = PaletteView(palette).draw(in: $0, on: &$1, plain) }
    #expect(shown[5].contains("> 1 Add analysis"))
    #expect(shown[6].contains("nothing to save"))
    #expect(hits.target(at: Point(x: 20, y: 5)) == .item("palette", 0))
    #expect(palette.click(.item("palette", 2)) == .chosen("sort"))
    #expect(palette.handle(.escape) == .cancelled)
  }
}

@Suite struct HelpTests {
  private var help: HelpState {
    HelpState(
      "Table", purpose: "The rows of the selected step.",
      entries: [
        HelpEntry("down", group: "Move", "Down", keys: ["j", "Down"], summary: "one row down"),
        HelpEntry("freq", group: "Look", "Frequencies", keys: ["F"]),
        HelpEntry("find", group: "Look", "Find", keys: ["/"], reason: "no rows"),
      ])
  }

  @Test func entriesAreGrouped() {
    let shown = lines(60, 16) { _ = HelpSheet(help).draw(in: $0, on: &$1, plain) }
    #expect(shown.contains { $0.contains("| Move") })
    #expect(shown.contains { $0.contains("> j Down  Down") })
    #expect(shown.contains { $0.contains("/       Find  (no rows)") })
    #expect(shown.contains { $0.contains("one row down") })
  }

  @Test func typingNarrowsByTitleAndByKey() {
    var help = help
    for key in "freq" { _ = help.handle(.character(key)) }
    #expect(help.found.map(\.id) == ["freq"])
    #expect(help.handle(.enter) == .chosen("freq"))
    #expect(help.handle(.escape) == .handled)
    for key in ":F" { _ = help.handle(.character(key)) }
    #expect(help.found.map(\.id) == ["freq"])
  }

  @Test func whatIsOffSaysWhy() {
    var help = help
    _ = help.handle(.down)
    _ = help.handle(.down)
    #expect(help.handle(.enter) == .refused("no rows"))
    #expect(help.handle(.escape) == .cancelled)
  }

  @Test func questionMarkClosesUnlessTyping() {
    var help = help
    #expect(help.handle(.character("?")) == .cancelled)
    _ = help.handle(.character("x"))
    #expect(help.handle(.character("?")) == .handled)
  }
}
