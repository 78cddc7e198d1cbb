import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct InsightCommandTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    var text = "id,day,age,double,city,pay\n"
    for row in 0..<140 {
      let age = 20 + row * 7 % 40
      let day = "2024-\(row / 28 + 1 < 10 ? "0" : "")\(row / 28 + 1)-\(row % 28 + 1 < 10 ? "0" : "")\(row % 28 + 1)"
      text += "k\(row),\(day),\(age),\(age * 2),\(["Rome", "Oslo", "Bern", ""][row % 4]),\(age > 40 ? "high" : "low")\n"
    }
    file = try folder.file("pay.csv", text)
  }

  /// Every kind that needs nothing but a table, with what its JSON says of itself.
  @Test(arguments: [
    ["quality"], ["quality", "--target", "pay"], ["leakage", "--target", "pay"], ["associations"],
    ["associations", "--method", "non-linear"], ["collinearity"], ["lasso", "--target", "pay"], ["duplicates"],
    ["missingness"], ["outliers", "--method", "quartile-range"], ["anomalies"], ["patterns", "--column", "id"],
    ["series", "--column", "age", "--time", "day", "--period", "7"],
  ]) func everyKindTellsAndPrintsJSON(arguments: [String]) throws {
    defer { folder.remove() }
    let words = try assay(["insight", arguments[0], file] + arguments.dropFirst())
    #expect(words.exitCode == 0, "\(words.error)")
    #expect(words.output.split(separator: "\n").count > 2)
    let numbers = try assay(["insight", arguments[0], file] + arguments.dropFirst() + ["--json"])
    #expect(try numbers.json()["insight"] as? String == arguments[0], "\(numbers.error)")
  }

  @Test func aFileWithoutRowsHasNoQuality() throws {
    defer { folder.remove() }
    let answer = try assay("insight", "quality", try folder.file("none.csv", "a,b\n"))
    #expect(answer.exitCode != 0 && answer.output.isEmpty)
    #expect(answer.error.contains("the table has no rows"))
  }

  @Test func aCopyOfAColumnIsALeakAndTheOthersAreNot() throws {
    defer { folder.remove() }
    let answer = try assay("insight", "leakage", file, "--target", "pay", "--json").json()
    let scores = try #require(answer["scores"] as? [[String: Any]])
    func verdict(_ name: String) -> String? { scores.first { $0["feature"] as? String == name }?["verdict"] as? String }
    #expect(verdict("age") == "leak")
    #expect(verdict("city") == "redundant")
  }

  @Test func twoFilesAreComparedColumnByColumn() throws {
    defer { folder.remove() }
    let other = try folder.file(
      "later.csv", "age,city\n" + (0..<140).map { "\(60 + $0 % 20),Rome" }.joined(separator: "\n"))
    let answer = try assay("insight", "drift", other, "--baseline", file, "--json").json()
    let columns = try #require(answer["columns"] as? [[String: Any]])
    #expect(columns.first { $0["column"] as? String == "age" }?["verdict"] as? String == "drifted")
    #expect(try assay("insight", "comparison", other, "--baseline", file).output.contains("age"))
  }

  @Test func aReportIsWrittenAsItsEndingSays() throws {
    defer { folder.remove() }
    let report = folder.path("report.md")
    #expect(try assay("insight", "quality", file, "--target", "pay", "-o", report).exitCode == 0)
    let text = try String(contentsOfFile: report, encoding: .utf8)
    #expect(text.hasPrefix("# Data quality and insights of pay.csv\n"))
    #expect(text.contains("## Warnings") && text.contains("| --- |"))
    let picture = folder.path("leak.svg")
    #expect(try assay("insight", "leakage", file, "--target", "pay", "-o", picture).exitCode == 0)
    #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("<svg"))
    let odd = try assay("insight", "duplicates", file, "-o", folder.path("report.xls"))
    #expect(odd.exitCode == 1 && odd.error.contains(".md"))
  }

  @Test func whatAKindNeedsAndDoesNotTakeIsSaid() throws {
    defer { folder.remove() }
    let wanting = try assay("insight", "leakage", file)
    #expect(wanting.exitCode == 2 && wanting.error.contains("--target"))
    let surplus = try assay("insight", "duplicates", file, "--target", "pay")
    #expect(surplus.exitCode == 2 && surplus.error.contains("takes no --target"))
    let unknown = try assay("insight", "leakage", file, "--target", "wage")
    #expect(unknown.exitCode == 1 && unknown.error.contains("wage"))
    let method = try assay("insight", "outliers", file, "--method", "guess")
    #expect(method.exitCode == 2 && method.error.contains("robust-deviation"))
  }
}
