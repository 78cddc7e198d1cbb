import Grid
import Testing
import Widgets

@Suite struct TextFieldTests {
  private func typed(_ keys: [KeyEvent], from text: String = "") -> TextFieldState {
    var state = TextFieldState(text)
    for key in keys { _ = state.handle(key) }
    return state
  }

  @Test func typingAndMoving() {
    #expect(typed([.character("a"), .character("b"), .left, .character("x")]).text == "axb")
    #expect(typed([.home, .character("x"), .end, .character("y")], from: "ab").text == "xaby")
    #expect(typed([.backspace, .home, .delete], from: "abc").text == "b")
    #expect(typed([.control("w")], from: "one two  ").text == "one ")
    #expect(typed([.control("u")], from: "one").text == "")
    #expect(typed([.home, .control("k")], from: "one").text == "")
    #expect(typed([KeyEvent(.left, .control), .character("x")], from: "one two").text == "one xtwo")
  }

  @Test func clustersAreOneCharacter() {
    #expect(typed([.backspace], from: "e\u{301}").text == "")
    #expect(typed([.left, .backspace], from: "🙂b").text == "b")
  }

  @Test func otherKeysAreLeftToTheCaller() {
    var state = TextFieldState("a")
    let taken = [KeyEvent.enter, .control("p"), .up].map { state.handle($0) }
    #expect(taken == [false, false, false])
  }

  @Test func pastedLinesBecomeOne() {
    var state = TextFieldState("")
    state.insert("a\nb\tc")
    #expect(state.text == "a b c")
  }

  @Test func theCursorStaysInView() {
    let field = TextFieldView(TextFieldState("a long text"), isFocused: true)
    let grid = drawn(10, 1) { field.draw(in: $0, on: &$1, rich) }
    #expect(grid.lines == ["[ g text ]"])
    #expect((0..<10).contains { grid[$0, 0].style.attributes.contains(.reverse) })
  }
}

@Suite struct FormTests {
  private var form: FormState {
    FormState([
      .choice("target", "Target", ["age", "income", "sex"].map { FormOption($0) }, selected: "income"),
      .radio("rows", "Rows", [FormOption("all", "all 500"), FormOption("k", "first")]),
      .checks(
        "m", "Metrics", [FormOption("CI"), FormOption("KS", reason: "needs numbers"), FormOption("DI")], chosen: ["CI"]),
      .text("name", "Name", "Bias"), .number("seed", "Seed", "0", in: 0...100, isInteger: true),
      .check("keep", "", "keep rows", isOn: true), .note("Preview", "66.9%"),
      .buttons([FormOption("preview", "Preview"), FormOption("add", "Add step")]),
    ])
  }

  @Test func aFormLooksLikeThis() {
    #expect(
      lines(40, 10) { _ = FormView(form).draw(in: $0, on: &$1, plain) } == [
        "Target   [ income                     v]",
        "Rows     (*) all 500  ( ) first",
        "Metrics  [x] CI  [ ] KS  [ ] DI",
        "Name     [ Bias                        ]",
        "Seed     [ 0                ]",
        "         [x] keep rows",
        "Preview  66.9%",
        "",
        "                [ Preview ] [ Add step ]",
        "",
      ])
  }

  @Test func tabVisitsWhatCanBeUsed() {
    var form = form
    var visited: [String] = []
    for _ in 0..<8 {
      visited.append(form.focused?.id ?? "")
      _ = form.handle(.tab)
    }
    #expect(visited == ["target", "rows", "m", "name", "seed", "keep", "buttons", "target"])
    _ = form.handle(.backTab)
    #expect(form.focused?.id == "target")
    form.setReason("rows", "all rows are needed")
    form.setFocus("target")
    _ = form.handle(.tab)
    #expect(form.focused?.id == "m")
  }

  @Test func enterOpensAChoiceAndChoosingGoesOn() {
    var form = form
    #expect(form.handle(.enter) == .handled)
    #expect(form.isListOpen)
    #expect(form.handle(.down) == .handled)
    #expect(form.handle(.enter) == .changed("target"))
    #expect(form.text("target") == "sex")
    #expect(form.focused?.id == "rows")
  }

  @Test func typingNarrowsAChoice() {
    var form = form
    for key in "ag" { _ = form.handle(.character(key)) }
    #expect(form.isListOpen)
    #expect(form.handle(.enter) == .changed("target"))
    #expect(form.text("target") == "age")
  }

  @Test func escapeClosesTheListFirst() {
    var form = form
    _ = form.handle(.enter)
    #expect(form.handle(.escape) == .handled)
    #expect(!form.isListOpen)
    #expect(form.handle(.escape) == .cancelled)
    #expect(form.text("target") == "income")
  }

  @Test func arrowsChooseAndSpaceToggles() {
    var form = form
    form.setFocus("rows")
    #expect(form.handle(.down) == .changed("rows"))
    #expect(form.text("rows") == "k")
    form.setFocus("m")
    #expect(form.handle(.space) == .changed("m"))
    #expect(form.chosen("m") == [])
    _ = form.handle(.right)
    #expect(form.handle(.space) == .ignored)
    form.setFocus("keep")
    #expect(form.handle(.space) == .changed("keep"))
    #expect(!form.isOn("keep"))
  }

  @Test func buttonsArePressed() {
    var form = form
    form.setFocus("buttons")
    _ = form.handle(.right)
    #expect(form.handle(.enter) == .pressed("add"))
    #expect(form.handle(.left) == .handled)
    #expect(form.handle(.space) == .pressed("preview"))
  }

  @Test func enterOnTheLastFieldWithoutButtonsSubmits() {
    var form = FormState([.text("a", "A"), .text("b", "B")])
    #expect(form.handle(.enter) == .handled)
    #expect(form.handle(.enter) == .submitted)
  }

  @Test(arguments: [
    ("12", nil), ("", nil), ("x", "'x' is not a number"), ("1.5", "must be a whole number"),
    ("101", "must be from 0 to 100"),
  ]) func numbersAreChecked(_ text: String, _ problem: String?) {
    var form = form
    form.set("seed", text)
    #expect(form.validateNumbers() == (problem == nil))
    #expect(form["seed"]?.error == problem)
    if problem != nil {
      #expect(lines(40, 10) { _ = FormView(form).draw(in: $0, on: &$1, plain) }.contains("           \(problem ?? "")"))
    }
  }

  @Test func editingClearsTheError() {
    var form = form
    form.setError("name", "is taken")
    form.setFocus("name")
    _ = form.handle(.character("x"))
    #expect(form["name"]?.error == nil)
    #expect(form.text("name") == "Biasx")
    #expect(form.paste("y z") == .changed("name"))
    #expect(form.text("name") == "Biasxy z")
  }

  @Test func aPickerSearchesAndKeepsWhatIsChosen() {
    var form = FormState([.picker("c", "Columns", ["age", "sex", "hours", "income"].map { FormOption($0) }, rows: 3)])
    #expect(form.handle(.space) == .changed("c"))
    _ = form.handle(.character("o"))
    #expect(form.handle(.space) == .changed("c"))
    #expect(form.chosen("c") == ["age", "hours"])
    #expect(form.handle(.control("a")) == .changed("c"))
    #expect(form.chosen("c") == ["age", "hours", "income"])
    #expect(form.handle(.escape) == .handled)
    #expect(form.handle(.escape) == .cancelled)
    form.setOptions("c", [FormOption("hours"), FormOption("new")])
    #expect(form.chosen("c") == ["hours"])
    #expect(
      lines(30, 3) { _ = FormView(form).draw(in: $0, on: &$1, plain) } == [
        "Columns  [ search; Sp~] 1 of 2", "         [x] hours", "         [ ] new",
      ])
  }

  @Test func clicksReachFieldsAndOptions() {
    var form = form
    var hits = HitMap()
    _ = lines(40, 10) { hits = FormView(form).draw(in: $0, on: &$1, plain) }
    #expect(hits.target(at: Point(x: 23, y: 1)) == .option("rows", 1))
    #expect(form.click(.option("rows", 1)) == .changed("rows"))
    #expect(hits.target(at: Point(x: 12, y: 3)) == .field("name"))
    #expect(form.click(.field("name")) == .handled)
    #expect(form.focused?.id == "name")
    #expect(form.click(.field("keep")) == .changed("keep"))
    #expect(hits.target(at: Point(x: 30, y: 8)) == .option("buttons", 1))
    #expect(form.click(.option("buttons", 1)) == .pressed("add"))
    #expect(form.click(.field("target")) == .handled)
    #expect(form.isListOpen)
    #expect(form.click(.option("target", 0)) == .changed("target"))
  }

  @Test func anOpenListLiesOverTheForm() {
    var form = form
    _ = form.handle(.enter)
    let shown = lines(40, 10) { _ = FormView(form).draw(in: $0, on: &$1, plain) }
    #expect(shown[1] == "Rows     +-----------------------------+")
    #expect(shown[3].contains("> income"))
  }

  @Test func aLongFormScrollsToTheFocus() {
    var form = FormState((0..<20).map { .text("f\($0)", "Field \($0)") })
    form.setFocus("f19")
    #expect(lines(30, 4) { _ = FormView(form).draw(in: $0, on: &$1, plain) }[3].hasPrefix("Field 19"))
    form.setFocus("f0")
    #expect(lines(30, 4) { _ = FormView(form).draw(in: $0, on: &$1, plain) }[0].hasPrefix("Field 0"))
  }

  @Test func f2AsksForAnExplanation() {
    var form = form
    #expect(form.handle(KeyEvent(.function(2))) == .explain("target"))
  }
}
