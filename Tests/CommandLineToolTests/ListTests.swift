import Foundation
import ProgramDriver
import Testing

/// Lists of files as one source, through the subcommands.
@Suite(.serialized) struct ListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func severalFilesAreOneSource() throws {
    defer { folder.remove() }
    let first = try folder.file("b.csv", "id,name\n3,Cy\n")
    let second = try folder.file("a.csv", "id,name\n1,Ann\n2,Bob\n")
    let third = try folder.file("c.csv", "id,size\n4,2.5\n")
    let rows = try assay("query", first, "FROM data", "--also", second)
    #expect(rows.output == "id,name\n3,Cy\n1,Ann\n2,Bob\n", "\(rows.error)")
    let three = try assay(
      "query", first, "SELECT sum(id) AS n, sum(size) AS s FROM data", "--also", second, "--also", third)
    #expect(three.output == "n,s\n10,2.5\n")
    #expect(try assay("profile", first, "--also", second).output.hasPrefix("3 rows, 2 columns\n"))
    let filtered = try assay("filter", first, "--where", "id < 3", "--also", second, "--format", "csv")
    #expect(filtered.output == "id,name\n1,Ann\n2,Bob\n", "\(filtered.error)")
  }

  @Test func aFlowKeepsItsListAndSQLNamesItsFiles() throws {
    defer { folder.remove() }
    let first = try folder.file("b.csv", "id,name\n3,Cy\n")
    let second = try folder.file("a.csv", "id,name\n1,Ann\n2,Bob\n")
    let (flow, book) = (folder.path("list.flow"), folder.path("book.xlsx"))
    func session(_ place: String, _ also: String) throws -> Answer {
      let text = """
        {"v":1}
        {"do":"data.open","step":"s1","source":{"location":"\(place)"\(also)}}
        {"do":"flow.add","step":"s2","after":"s1","operation":{"type":"filter","where":"id > 1"}}
        """
      return try assay("run", folder.file("list.assay", text), "-o", flow)
    }
    let made = try session(first, ",\"also\":[\"\(second)\"]")
    #expect(made.exitCode == 0, "\(made.error)")
    #expect(try assay("flow", "run", flow, "--format", "csv").output == "id,name\n3,Cy\n2,Bob\n")
    #expect(try assay("flow", "show", flow).output.contains("b.csv + 1 more"))
    // Another file stands for the whole list, which is called by its first.
    let other = try folder.file("c.csv", "id,name\n7,Dee\n")
    let replaced = try assay("flow", "run", flow, "--format", "csv", "--input", "b.csv=\(other)")
    #expect(replaced.output == "id,name\n7,Dee\n", "\(replaced.error)")
    let sql = try assay("flow", "export", flow, "--format", "sql").output
    #expect(sql.contains("'\(first)'") && sql.contains("'\(second)'"), "\(sql)")
    #expect(try assay("flow", "export", flow, "--format", "assay").output.contains("\"also\":[\"\(second)\"]"))
    // A workbook is read through a copy that no other program can: a hole stands for its rows.
    _ = try assay("query", first, "FROM data", "-o", book)
    _ = try session(book, "")
    let copied = try assay("flow", "export", flow, "--format", "sql")
    #expect(copied.output.contains("FROM {{book}}"), "\(copied.output)\(copied.error)")
    #expect(!copied.output.contains("/proc/self"))
  }

  @Test func whatIsNoListIsRefusedByName() throws {
    defer { folder.remove() }
    let file = try folder.file("a.csv", people)
    let missing = try assay("query", file, "FROM data", "--also", folder.path("none.csv"))
    #expect(missing.exitCode == 1)
    #expect(missing.error.hasSuffix("none.csv: there is no such file. Check the path.\n"))
    let twice = try assay("query", file, "FROM data", "--also", file)
    #expect(twice.error.hasSuffix("a.csv: it stands twice in the list. Name each file or object once.\n"))
    let lines = try assay("embed", "train", file, "--also", file, "-o", folder.path("out"))
    #expect(lines.exitCode == 2)
    #expect(lines.error.contains("needs --text COLUMN"), "\(lines.error)")
  }
}
