import Frame
import Testing

@testable import Engine

struct TableTextTests {
  private let table = DataTable(columns: [
    TypedColumn(
      column: Column(name: "a|b", type: "VARCHAR"), data: .texts(["x\ty", "say \"hi\"\n", "", "p|q"]),
      valid: [true, true, false, true]),
    TypedColumn(column: Column(name: "n", type: "DOUBLE"), data: .reals([1.5, .infinity, -2, 0])),
  ])

  private func text(_ format: CopyFormat, limit: Int = 10_000) -> (text: String, rows: Int) {
    var writer = TableText(format, schema: table.schema, byteLimit: limit)
    _ = writer.append(table)
    return (writer.finished, writer.rows)
  }

  @Test func tabsAndBreaksInsideOfCellsBecomeBlanksInTSV() {
    #expect(text(.tsv).text.split(separator: "\n").first == "a|b\tn")
    #expect(text(.tsv).text.split(separator: "\n").dropFirst().first == "x y\t1.5")
    #expect(text(.tsv).text.split(separator: "\n").count == 5)
  }

  @Test func csvQuotesWhatNeedsIt() {
    #expect(text(.csv).text.contains("\"say \"\"hi\"\"\n\","))
  }

  @Test func markdownEscapesItsBars() {
    #expect(text(.markdown).text.hasPrefix("| a\\|b | n |\n| --- | --: |\n"))
    #expect(text(.markdown).text.contains("| p\\|q |"))
  }

  @Test func jsonHasNumbersAndNull() {
    #expect(text(.json).text.contains("{\"a|b\": \"x\\ty\", \"n\": 1.5}"))
    #expect(text(.json).text.contains("{\"a|b\": null, \"n\": -2.0}"))
    #expect(text(.json).text.contains("\"n\": null}"))
    #expect(TableText(.json, schema: table.schema).finished == "[]\n")
  }

  @Test func rowsThatDoNotFitAreLeftOutWhole() {
    let cut = text(.csv, limit: 20)
    #expect(cut.rows == 1)
    #expect(cut.text.utf8.count <= 20)
  }
}
