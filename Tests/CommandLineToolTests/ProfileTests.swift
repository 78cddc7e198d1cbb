import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct ProfileTests {
  @Test func jsonHasTheKeysOfTheFormat() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let answer = try assay("profile", folder.file("people.csv", people), "--json")
    #expect(answer.exitCode == 0)
    #expect(answer.error.isEmpty)
    let profile = try answer.json()
    #expect(profile["rows"] as? Int == 40)
    let columns = try #require(profile["columns"] as? [[String: Any]])
    #expect(columns.map { $0["name"] as? String } == ["name", "age", "city", "pay"])
    let age = columns[1]
    #expect(
      Set(age.keys) == [
        "name", "kind", "type", "missing", "distinct", "min", "max", "mean", "stddev", "quantiles", "top",
      ])
    #expect(age["kind"] as? String == "integer")
    #expect(age["missing"] as? Int == 1)
    #expect(age["min"] as? Int == 20)
    #expect(Set((age["quantiles"] as? [String: Any] ?? [:]).keys) == ["0.05", "0.25", "0.5", "0.75", "0.95"])
    let city = try #require(columns[2]["top"] as? [[String: Any]])
    #expect(city.first?["value"] as? String == "Rome")
    #expect(city.first?["count"] as? Int == 14)
    #expect(columns[2]["mean"] is NSNull)
  }

  @Test func textIsATableThatFitsTheWidth() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("people.csv", people)
    let wide = try assay("profile", file).output
    #expect(wide.hasPrefix("40 rows, 4 columns\n"))
    #expect(wide.contains("1 2.5%"))
    #expect(wide.contains("35.0% Rome"))
    for width in [20, 60, 80] {
      let text = try assay("profile", file, environment: ["COLUMNS": "\(width)"]).output
      let table = text.split(separator: "\n").dropFirst().prefix(6)
      #expect(table.allSatisfy { $0.count <= width }, "\(width)")
      #expect(text.contains("with --json"))
    }
  }

  @Test func asciiIsUsedWhereTheLocaleHasNoMore() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let answer = try assay(
      "profile", folder.file("people.csv", people), environment: ["LC_ALL": "C", "LANG": "C"])
    #expect(answer.output.unicodeScalars.allSatisfy { $0.isASCII || $0 == "–" })
  }

  @Test func everyFormatGivesTheSameFigures() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let csv = try folder.file("people.csv", people)
    let expected = try assay("profile", csv, "--json").output
    for name in ["people.tsv", "people.jsonl", "people.json", "people.csv.gz", "people.parquet"] {
      let path = folder.path(name)
      #expect(try assay("query", csv, "FROM data", "-o", path).exitCode == 0)
      #expect(try assay("profile", path, "--json").output == expected, "\(name)")
    }
  }

  @Test func optionsSayHowTheSourceIsRead() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("odd.txt", "1;a\n2;b\n")
    let answer = try assay("query", file, "FROM data", "--delimiter", ";", "--no-header", "--json")
    let rows = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]]
    #expect(rows?.count == 2)
    #expect(rows?.first?.count == 2)
  }
}
