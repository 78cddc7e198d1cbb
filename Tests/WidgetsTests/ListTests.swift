import Grid
import Testing
import Widgets

@Suite struct ListTests {
  private let items = [
    ListItem.heading("Recent"), ListItem("census.csv", detail: "5,000 x 15"), ListItem("reviews.flow", level: .running),
    .heading("Sources"), ListItem("S3 bucket", reason: "not yet"),
  ]

  @Test func aListShowsCursorDetailsAndReasons() {
    #expect(
      lines(30, 5) { _ = ListView(items, cursor: 1, name: "start").draw(in: $0, on: &$1, plain) } == [
        "Recent", "> census.csv       5,000 x 15", "  > reviews.flow", "Sources", "  S3 bucket           not yet",
      ])
  }

  @Test func headingsCannotBeChosen() {
    var hits = HitMap()
    _ = lines(30, 5) { hits = ListView(items, cursor: 1, name: "start").draw(in: $0, on: &$1, rich) }
    #expect(hits.target(at: Point(x: 3, y: 0)) == nil)
    #expect(hits.target(at: Point(x: 3, y: 1)) == .item("start", 1))
    #expect(ListView.moved(2, by: 1, over: items) == 4)
    #expect(ListView.moved(4, by: -1, over: items) == 2)
    #expect(ListView.moved(1, by: -5, over: items) == 1)
    #expect(ListView.moved(1, by: 50, over: items) == 4)
    #expect(ListView.moved(0, by: 1, over: []) == 0)
  }

  @Test func aLongListFollowsTheCursorAndShowsWhereItStands() {
    let many = (0..<50).map { ListItem("item \($0)") }
    #expect(
      lines(12, 3) { _ = ListView(many, cursor: 49, name: "l").draw(in: $0, on: &$1, plain) } == [
        "  item 47", "  item 48", "> item 49  #",
      ])
  }

  @Test func theCursorLineIsSetApartWithoutColour() {
    let grid = drawn(30, 5) { _ = ListView(items, cursor: 1, name: "l").draw(in: $0, on: &$1, plain) }
    #expect(grid[5, 1].style.attributes.contains(.reverse))
    #expect(!grid[5, 2].style.attributes.contains(.reverse))
  }

  @Test func matchesAreUnderlined() {
    let item = ListItem("Histogram", matches: [0, 4])
    let grid = drawn(20, 2) { _ = ListView([ListItem("x"), item], cursor: 0, name: "l").draw(in: $0, on: &$1, rich) }
    #expect(grid[2, 1].style.attributes.contains(.underline))
    #expect(!grid[3, 1].style.attributes.contains(.underline))
    #expect(grid[6, 1].style.attributes.contains(.underline))
  }

  @Test func aTreeHangsAnalysesOnTheirSteps() {
    let tree = TreeView(
      [
        TreeRow(.step, "Source", detail: "adult.csv", isRoot: true), TreeRow(.step, "Filter", detail: "hours > 0"),
        TreeRow(.analysis, "Histogram age", badge: "✓", depth: 1), TreeRow(.step, "Impute", detail: "median"),
        TreeRow(.step, "Branch", depth: 1), TreeRow(.analysis, "Corr", badge: "41%", depth: 2),
        TreeRow(.analysis, "Quick model", badge: "queued", depth: 1),
        TreeRow(.step, "Source", detail: "b.csv", isRoot: true),
      ], cursor: 3, isFocused: false, name: "flow")
    #expect(
      lines(26, 8) { _ = tree.draw(in: $0, on: &$1, rich) } == [
        " ● Source adult.csv", " ● Filter hours > 0", " ├○ Histogram age       ✓", "▶● Impute median", " ├● Branch",
        " │└○ Corr             41%", " └○ Quick model    queued", " ● Source b.csv",
      ])
    #expect(lines(26, 8) { _ = tree.draw(in: $0, on: &$1, plain) }[5] == " |`- Corr             41%")
  }

  @Test func aBranchIsItsOwnTrunk() {
    let tree = TreeView(
      [
        TreeRow(.step, "Source"), TreeRow(.step, "One", depth: 1), TreeRow(.analysis, "Corr", depth: 2),
        TreeRow(.step, "Two", depth: 1), TreeRow(.step, "Other", depth: 1, isRoot: true),
        TreeRow(.step, "Last", depth: 1),
      ], cursor: nil, name: "flow")
    #expect(
      lines(12, 6) { _ = tree.draw(in: $0, on: &$1, rich) } == [
        " ● Source", " ├● One", " │├○ Corr", " │● Two", " └● Other", "  ● Last",
      ])
  }

  @Test func aDisabledStepIsMarked() {
    let tree = TreeView([TreeRow(.step, "Sort", isEnabled: false)], cursor: nil, name: "flow")
    #expect(lines(10, 1) { _ = tree.draw(in: $0, on: &$1, rich) } == [" x Sort"])
  }

  @Test func theStartScreenCentresItsList() {
    let screen = StartScreen(
      title: "assay", subtitle: "data and models", items: [ListItem("New data flow", detail: "n"), ListItem("Open")],
      cursor: 0, hint: "q quits")
    #expect(
      lines(30, 7) { _ = screen.draw(in: $0, on: &$1, plain) } == [
        "  assay", "  data and models", "", "> New data flow             n", "  Open", "", "  q quits",
      ])
  }

  @Test func wordsWrap() {
    #expect(wrapped("one two three", width: 8) == ["one two", "three"])
    #expect(wrapped("abcdefghij kl", width: 4) == ["abcd", "efgh", "ij", "kl"])
    #expect(wrapped("a\n\n  b c", width: 4) == ["a", "", "  b", "  c"])
    #expect(wrapped("age   12\nincome 3", width: 8) == ["age   12", "income 3"])
    #expect(wrapped("東京都", width: 4) == ["東京", "都"])
    #expect(wrapped("東", width: 1) == ["東"])
    #expect(wrapped("x", width: 0) == [])
  }

  @Test func textThatDoesNotFitEndsInAnEllipsis() {
    #expect(lines(8, 2) { TextBlock("one two three four").draw(in: $0, on: &$1, rich) } == ["one two", "three …"])
  }

  @Test func pairsAlignAndMissingValuesAreDots() {
    let view = KeyValueView([.heading("Row 5"), .pair("age", "28"), .pair("job", nil), .pair("note", "a b c d e f")])
    #expect(
      lines(14, 5) { view.draw(in: $0, on: &$1, plain) } == [
        "Row 5", "age   28", "job   .", "note  a b c d", "      e f",
      ])
    #expect(view.height(width: 14) == 5)
  }
}
