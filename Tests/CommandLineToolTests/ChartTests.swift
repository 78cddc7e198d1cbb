import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct ChartTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    var text = ""
    for (row, line) in people.split(separator: "\n").enumerated() {
      text += "\(line),\(row == 0 ? "height" : String(150 + row * 11 % 50))\n"
    }
    file = try folder.file("people.csv", text)
  }

  @Test func chartsAreDrawnAtTheSizeAskedFor() throws {
    defer { folder.remove() }
    let kinds = [
      ["--kind", "histogram", "--x", "age", "--bins", "8"], ["--kind", "bar", "--x", "city"],
      ["--kind", "scatter", "--x", "age", "--y", "height", "--color-by", "pay"], ["--kind", "heatmap"],
      ["--kind", "box", "--x", "height", "--by", "city"], ["--kind", "density", "--x", "age", "--y", "height"],
      ["--kind", "violin", "--x", "height", "--by", "city", "--log-x"],
      ["--kind", "line", "--x", "age", "--y", "height", "--aggregate", "max", "--color-by", "pay"],
      ["--kind", "bar", "--x", "city", "--y", "height", "--aggregate", "median"],
      ["--kind", "bar", "--x", "city", "--color-by", "pay"],
      ["--kind", "histogram", "--x", "age", "--color-by", "pay"],
      ["--kind", "scatter", "--x", "age", "--y", "height", "--trend", "loess", "--sample", "20", "--log-y"],
      ["--kind", "histogram", "--x", "age", "--facet-by", "city", "--log-x"],
      ["--kind", "scatter", "--x", "age", "--y", "height", "--facet-by", "city"],
      ["--kind", "density", "--x", "age", "--y", "height", "--bins", "5", "--facet-by", "pay"],
      ["--kind", "box", "--x", "age", "--facet-by", "city", "--by", "pay"],
    ]
    for kind in kinds {
      for glyphs in ["braille", "block", "ascii"] {
        let all = kind + ["--width", "60", "--height", "15", "--glyphs", glyphs]
        let answer = try run(all)
        #expect(answer.exitCode == 0, "\(all): \(answer.error)")
        let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == 15, "\(all)")
        #expect(lines.allSatisfy { $0.count <= 60 }, "\(all)")
        #expect(!answer.output.contains("\u{1B}"))
        if glyphs == "ascii" { #expect(answer.output.allSatisfy { $0.isASCII }, "\(all)") }
      }
    }
  }

  @Test(arguments: [
    ("9:1", "write 1:9"), ("5:5", "the second has to be greater"), ("5", "write two numbers or dates"),
    ("a:9", "\"a\" is neither a number nor a date"), (":", "such as 20:40"),
    ("2024-02-01:2024-01-01", "write 2024-01-01:2024-02-01"),
  ])
  func aRangeThatIsNoneSaysWhatToWrite(_ text: String, _ advice: String) throws {
    defer { folder.remove() }
    for option in ["--x-range", "--y-range"] {
      let answer = try run(["--kind", "histogram", "--x", "age", option, text])
      #expect(answer.exitCode != 0)
      #expect(answer.error.contains(option) && answer.error.contains(advice), "\(answer.error)")
    }
  }

  @Test func coloursComeWhenAskedFor() throws {
    defer { folder.remove() }
    let answer = try run(["--kind", "bar", "--x", "city", "--color", "256"])
    #expect(answer.output.contains("\u{1B}[0;"))
  }

  @Test func jsonHasTheNumbersBehindTheChart() throws {
    defer { folder.remove() }
    let histogram = try run(["--kind", "histogram", "--x", "age", "--json"]).json()
    #expect(histogram["chart"] as? String == "histogram")
    let bins = try #require(histogram["bins"] as? [[String: Any]])
    #expect(bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 39)
    #expect(histogram["missing"] as? Int == 1)
    let box = try run(["--kind", "box", "--x", "age", "--by", "city", "--json"]).json()
    #expect(box["chart"] as? String == "box")
    let groups = try #require(box["groups"] as? [[String: Any]])
    #expect(groups.compactMap { $0["count"] as? Int }.reduce(0, +) == 39)
    let density = try run(["--kind", "density", "--x", "age", "--y", "height", "--json"]).json()
    let counts = try #require(density["counts"] as? [[Int]])
    #expect(counts.joined().reduce(0, +) == 39 && density["missing"] as? Int == 1)
    let path = folder.path("chart.json")
    #expect(try run(["--kind", "bar", "--x", "city", "-o", path]).output.isEmpty)
    let bars = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect((bars as? [String: Any])?["chart"] as? String == "bars")
  }

  @Test func textFilesAreWrittenWhole() throws {
    defer { folder.remove() }
    let path = folder.path("chart.txt")
    #expect(try run(["--kind", "bar", "--x", "city", "-o", path]).exitCode == 0)
    #expect(try folder.read("chart.txt").contains("Rome"))
    let nowhere = try run(["--kind", "bar", "--x", "city", "-o", folder.path("no/chart.txt")])
    #expect(nowhere.exitCode == 1)
    #expect(nowhere.error.contains("no/chart.txt"))
  }

  @Test func picturesAndRowsAreWrittenByTheirEnding() throws {
    defer { folder.remove() }
    for (ending, beginning) in [("svg", "<?xml"), ("pdf", "%PDF-"), ("csv", "city,count\n")] {
      let path = folder.path("chart." + ending)
      let answer = try run(["--kind", "bar", "--x", "city", "-o", path])
      #expect(answer.exitCode == 0, "\(answer.error)")
      #expect(answer.output.isEmpty)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).starts(with: Data(beginning.utf8)), "\(ending)")
    }
    let picture = folder.path("chart.png")
    #expect(try run(["--kind", "histogram", "--x", "age", "-o", picture, "--pixels", "640x400"]).exitCode == 0)
    let data = try Data(contentsOf: URL(fileURLWithPath: picture))
    #expect(data[16..<24] == Data([0, 0, 2, 0x80, 0, 0, 1, 0x90]))
    let nowhere = try run(["--kind", "bar", "--x", "city", "-o", folder.path("no/chart.svg")])
    #expect(nowhere.exitCode == 1)
    #expect(nowhere.error.contains("there is no such folder"))
  }

  @Test func whatAChartNeedsIsSaid() throws {
    defer { folder.remove() }
    #expect(try run(["--kind", "histogram"]).error.contains("needs a column: --x COLUMN"))
    #expect(try run(["--kind", "scatter", "--x", "age"]).exitCode == 2)
    #expect(try run(["--kind", "density", "--x", "age"]).error.contains("needs two columns"))
    let surplus = try run(["--kind", "bar", "--x", "age", "--by", "city"])
    #expect(surplus.exitCode == 2)
    #expect(
      surplus.error.contains(
        "--by is not for a bar chart, which takes --x, --y, --color-by, --facet-by, --aggregate and --top."))
    #expect(try run(["--kind", "bar", "--x", "city", "--bins", "3"]).exitCode == 2)
    #expect(try run(["--kind", "box", "--x", "age", "--x", "city"]).error.contains("takes one column for --x, not 2"))
    #expect(try run(["--kind", "histogram", "--x", "age", "--bins", "0"]).error.contains("from 1 to 1000, not 0"))
    #expect(try run(["--kind", "bar", "--x", "city", "--aggregate", "sum"]).error.contains("name it with --y"))
    #expect(try run(["--kind", "bar", "--x", "city", "--y", "age", "--aggregate", "mode"]).exitCode == 2)
    let unfit = try run(["--kind", "violin", "--x", "city"])
    #expect(unfit.exitCode == 1)
    #expect(
      unfit.error
        == "assay: The column \"city\" cannot be x of a violin plot: numbers, dates or times are needed, not texts.\n")
    #expect(try run(["--kind", "pie"]).error.contains("- density"))
    let ending = try run(["--kind", "bar", "--x", "city", "-o", "chart.bmp"])
    #expect(ending.exitCode == 2)
    #expect(ending.error.contains(".svg, .png, .pdf, .txt, .ansi, .json or .csv"))
    #expect(try run(["--kind", "bar", "--x", "city", "--pixels", "80x40"]).error.contains("--pixels is for pictures"))
    #expect(try run(["--kind", "bar", "--x", "city", "-o", "c.png", "--pixels", "80"]).exitCode == 2)
    let column = try run(["--kind", "bar", "--x", "town"])
    #expect(column.exitCode == 1)
    #expect(column.error == "assay: There is no column \"town\". The columns are: name, age, city, pay, height.\n")
    #expect(try run(["--kind", "histogram", "--x", "city"]).exitCode == 1)
  }

  private func run(_ arguments: [String]) throws -> Answer {
    try assay(["chart", file] + arguments)
  }
}
