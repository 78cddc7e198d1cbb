import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct QueryTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.file("people.csv", people)
  }

  @Test func csvIsPrintedWhereTheOutputIsNoTerminal() throws {
    defer { folder.remove() }
    let answer = try assay("query", file, "SELECT pay, count(*) AS n FROM data GROUP BY pay ORDER BY pay")
    #expect(answer.exitCode == 0)
    #expect(answer.error.isEmpty)
    let lines = answer.output.split(separator: "\n")
    #expect(lines.first == "pay,n")
    #expect(lines.count == 3)
  }

  @Test func csvQuotesWhatNeedsIt() throws {
    defer { folder.remove() }
    let sql = "SELECT 'a,b' AS x, 'say \"hi\"' AS y, '' AS z, NULL AS n, 'two\nlines' AS l, 1.5::DOUBLE AS r"
    #expect(
      try assay("query", file, sql).output == "x,y,z,n,l,r\n\"a,b\",\"say \"\"hi\"\"\",\"\",,\"two\nlines\",1.5\n")
  }

  @Test func jsonKeepsTypesAndOrder() throws {
    defer { folder.remove() }
    let sql = "SELECT 2 AS b, 'é\"\n' AS a, NULL AS n, true AS t, 'nan'::DOUBLE AS f, DATE '2026-01-02' AS d"
    let answer = try assay("query", file, sql, "--format", "json")
    #expect(
      answer.output == "[\n{\"b\":2,\"a\":\"é\\\"\\n\",\"n\":null,\"t\":true,\"f\":null,\"d\":\"2026-01-02\"}\n]\n")
    #expect(try assay("query", file, "SELECT 1 AS a WHERE false", "--json").output == "[]\n")
  }

  @Test func theTableTellsHowManyRowsThereAre() throws {
    defer { folder.remove() }
    let sql = "SELECT i, 'text' AS t FROM range(32561) r(i)"
    let text = try assay("query", file, sql, "--format", "table").output
    #expect(text.hasSuffix("40 of 32,561 rows\n"))
    #expect(text.split(separator: "\n").count == 43)
    #expect(try assay("query", file, "SELECT 1 AS a", "--format", "table").output.hasSuffix("1 row\n"))
    #expect(try assay("query", file, "SELECT 1 AS a WHERE false", "--format", "table").output.hasPrefix("a\n"))
  }

  @Test func aHeaderIsPrintedForNoRows() throws {
    defer { folder.remove() }
    #expect(try assay("query", file, "SELECT name, age FROM data WHERE false").output == "name,age\n")
  }

  @Test(arguments: ["out.csv", "out.json", "out.parquet", "out.csv.gz"]) func rowsGoToAFile(_ name: String) throws {
    defer { folder.remove() }
    let path = folder.path(name)
    let answer = try assay("query", file, "SELECT name, age FROM data;", "-o", path)
    #expect(answer.exitCode == 0)
    #expect(answer.output.isEmpty)
    #expect(answer.error == "wrote 40 rows to \(path)\n")
    #expect(try assay("query", path, "SELECT count(*) AS n FROM data").output == "n\n40\n")
  }

  @Test func wrongTargetsAreRefused() throws {
    defer { folder.remove() }
    #expect(try assay("query", file, "FROM data", "--format", "parquet").exitCode == 2)
    let unknown = try assay("query", file, "FROM data", "-o", folder.path("out.doc"))
    #expect(unknown.exitCode == 2)
    #expect(unknown.error.contains("its ending names no format. Add --format csv, json, parquet or xlsx."))
    let nowhere = try assay("query", file, "FROM data", "-o", folder.path("no/out.csv"))
    #expect(nowhere.exitCode == 1)
    #expect(nowhere.error.contains("the folder does not exist"))
    #expect(try assay("query", file, "FROM data", "--json", "--format", "csv").exitCode == 2)
  }

  @Test func badSQLIsOneLineThatNamesTheQuery() throws {
    defer { folder.remove() }
    let column = try assay("query", file, "SELECT agee FROM data")
    #expect(column.exitCode == 1)
    #expect(column.output.isEmpty)
    #expect(column.error.hasPrefix("assay: The query: Referenced column \"agee\" not found"))
    #expect(column.error.filter { $0 == "\n" }.count == 1)
    #expect(try assay("query", file, "SELEC 1").error.hasPrefix("assay: The query: syntax error"))
    #expect(try assay("query", file, "").exitCode == 1)
  }

  @Test func aFullDiskIsNamed() throws {
    defer { folder.remove() }
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let sql = "SELECT repeat('x', 1000) AS x FROM range(1000)"
    let result = try Program.run(
      "/bin/sh", ["-c", "exec \"$0\" query \"$1\" \"$2\" > /dev/full", Program.built("assay"), file, sql])
    #expect(result.status == .exited(1))
    #expect(result.errorText == "assay: standard output: the disk is full. Free some space or choose another place.\n")
  }
}
