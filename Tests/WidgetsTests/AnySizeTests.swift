// Every widget at every size: nothing traps, nothing is drawn outside the rectangle, and ASCII means ASCII.

import Grid
import Testing
import Widgets

private typealias Painter = @Sendable (Rect, inout CellGrid, DrawContext) -> HitMap

private let items = (0..<30).map { ListItem("item \($0) with a long name", detail: "detail \($0)", level: .success) }
private let options = (0..<12).map { FormOption("o\($0)", "option \($0)") }
private let form = FormState([
  .text("name", "Name", "a value that is long", placeholder: "none"), .number("n", "Number", "12", in: 0...10),
  .choice("c", "Choice", options, selected: "o3"), .check("k", "Check", "on or off", isOn: true),
  .radio("r", "Radio", Array(options.prefix(4))), .checks("m", "Metrics", options, chosen: ["o1"]),
  .picker("p", "Columns", options, chosen: ["o2"]), .note("Preview", "some words that wrap over lines"),
  .buttons([FormOption("a", "Preview"), FormOption("b", "Add step")]),
])

private let widgets: [(String, Painter)] = [
  (
    "pane",
    {
      PaneFrame("2 Flow", note: "6 steps", bottom: "row 5", isFocused: true).draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  ("dialog", { DialogFrame("Add analysis", step: "step 2 of 3", note: "Impute").draw(in: $0, on: &$1, $2) }),
  (
    "tabs",
    {
      TabsRow([.init(1, "Data"), .init(2, "Flow"), .init(3, "Table")], selected: 2, note: "seed 42").draw(
        in: $0, on: &$1, $2)
    }
  ),
  ("menu", { MenuBar(["File", "Data", "Flow"], open: 1, note: "adult.csv").draw(in: $0, on: &$1, $2) }),
  ("footer", { Footer([Hint("/", "find", command: "find"), Hint("a", "add")]).draw(in: $0, on: &$1, $2) }),
  (
    "status",
    {
      StatusLine("bias finished", level: .success, right: "automl").draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  (
    "progress",
    {
      ProgressBar(0.57).draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  (
    "moving",
    {
      ProgressBar(nil, tick: 7, caption: "reading").draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  (
    "toast",
    {
      Toast("finished", level: .success).draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  ("list", { ListView([.heading("Recent")] + items, cursor: 20, name: "list").draw(in: $0, on: &$1, $2) }),
  (
    "empty list", { ListView([], cursor: nil, name: "list", placeholder: "nothing here yet").draw(in: $0, on: &$1, $2) }
  ),
  (
    "tree",
    {
      TreeView(
        [
          TreeRow(.step, "Source", detail: "adult.csv", isRoot: true),
          TreeRow(.analysis, "Histogram", badge: "41%", depth: 1),
        ],
        cursor: 1, name: "flow"
      ).draw(in: $0, on: &$1, $2)
    }
  ),
  (
    "table",
    { rect, grid, context in
      let columns = (0..<9).map { GridColumn("column \($0)", kind: $0 % 2 == 0 ? .number : .text, profile: "9 lv") }
      return DataGrid(columns: columns, rowCount: 500, cursorRow: 300, cursorColumn: 7, left: 2, frozen: 1) {
        row, column in
        column == 3 ? .null : .text("\(row * column)")
      }.draw(in: rect, on: &grid, context).hits
    }
  ),
  (
    "empty table",
    {
      DataGrid(columns: [], rowCount: 0, cursorRow: 0, cursorColumn: 0) { _, _ in .null }.draw(in: $0, on: &$1, $2).hits
    }
  ),
  ("form", { FormView(form).draw(in: $0, on: &$1, $2) }),
  (
    "field",
    {
      TextFieldView(TextFieldState("some text"), placeholder: "").draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  (
    "pairs",
    {
      KeyValueView([.heading("Row"), .pair("age", "39"), .pair("job", nil), .text("words and words")]).draw(
        in: $0, on: &$1, $2);
      return HitMap()
    }
  ),
  (
    "text",
    {
      ScrollText("one two three\nfour\n\nfive", top: 1).draw(in: $0, on: &$1, $2); return HitMap()
    }
  ),
  (
    "palette",
    { PaletteView(PaletteState([PaletteItem("a", "Add analysis", key: "a")], query: "ad")).draw(in: $0, on: &$1, $2) }
  ),
  (
    "help",
    {
      HelpSheet(HelpState("Table", purpose: "Rows.", entries: [HelpEntry("a", group: "Move", "Down", keys: ["j"])]))
        .draw(in: $0, on: &$1, $2)
    }
  ),
  (
    "start",
    {
      StartScreen(title: "assay", subtitle: "a workbench", items: items, cursor: 3, hint: "q quits").draw(
        in: $0, on: &$1, $2)
    }
  ),
  (
    "dropdown",
    {
      Dropdown([MenuItem("Open", key: "^O"), .separator, MenuItem("Save", reason: "nothing to save")]).draw(
        at: $0.origin, in: $0, on: &$1, $2)
    }
  ),
]

private let sizes: [(Int, Int)] = [
  (0, 0), (1, 1), (1, 5), (5, 1), (2, 2), (3, 3), (4, 3), (7, 2), (8, 4), (10, 3), (20, 6), (40, 10), (80, 24),
  (120, 40),
  (200, 60),
]

@Suite struct AnySizeTests {
  @Test(arguments: widgets.indices) func drawsInsideItsRectangleAtAnySize(_ index: Int) {
    let (name, paint) = widgets[index]
    for (width, height) in sizes {
      for context in [rich, plain] {
        let rect = Rect(x: 2, y: 1, width: width, height: height)
        var grid = CellGrid(size: Size(width: width + 4, height: height + 2))
        grid.fill(Rect(grid.size), "~", style: .plain)
        let before = grid
        let hits = paint(rect, &grid, context)
        for y in 0..<grid.height {
          for x in 0..<grid.width where !rect.contains(Point(x: x, y: y)) {
            #expect(grid[x, y] == before[x, y], "\(name) \(width)x\(height) drew outside at \(x),\(y)")
          }
        }
        for entry in hits.entries {
          #expect(entry.rect.intersection(rect) == entry.rect, "\(name) \(width)x\(height) \(entry)")
        }
        if context.glyphs == .ascii {
          let text = grid.lines.joined()
          #expect(text.allSatisfy { $0.isASCII }, "\(name) \(width)x\(height) \(text.filter { !$0.isASCII })")
        }
      }
    }
  }

  @Test(arguments: widgets.indices) func drawsPartlyOffTheGrid(_ index: Int) {
    let (_, paint) = widgets[index]
    var grid = CellGrid(size: Size(width: 10, height: 4))
    for rect in [
      Rect(x: -5, y: -2, width: 12, height: 5), Rect(x: 6, y: 2, width: 30, height: 9),
      Rect(x: 50, y: 50, width: 5, height: 5),
    ] {
      _ = paint(rect, &grid, rich)
    }
    #expect(grid.size == Size(width: 10, height: 4))
  }
}
