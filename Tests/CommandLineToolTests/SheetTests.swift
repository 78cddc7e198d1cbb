import Foundation
import ProgramDriver
import Testing

/// Workbooks and fixed-width text through the subcommands.
@Suite(.serialized) struct SheetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let towns = "1  Herfelingen 27.5\n2    Lambusart  4.0\n3 Spormaggiore  15\n"

  @Test func rowsGoIntoAWorkbookAndComeBack() throws {
    defer { folder.remove() }
    let (file, book) = (try folder.file("people.csv", people), folder.path("out.xlsx"))
    #expect(try assay("query", file, "FROM data", "-o", book).error == "wrote 40 rows to \(book)\n")
    #expect(try assay("query", book, "SELECT count(*) AS n FROM data").output == "n\n40\n")
    #expect(try assay("sheets", book).output == "Sheet1\n")
    #expect(try assay("sheets", book, "--json").output == "[\n  \"Sheet1\"\n]\n")
    let cells = try assay("query", book, "FROM data", "--sheet", "Sheet1", "--range", "A1:B3")
    #expect(cells.output.split(separator: "\n").count == 3)
    let other = folder.path("named")
    #expect(try assay("query", file, "FROM data", "--format", "xlsx", "-o", other).exitCode == 0)
    #expect(try assay("query", other, "SELECT count(*) AS n FROM data").output == "n\n40\n")
  }

  @Test func wrongSheetsRangesAndTargetsAreRefused() throws {
    defer { folder.remove() }
    let (file, book) = (try folder.file("people.csv", people), folder.path("out.xlsx"))
    _ = try assay("query", file, "FROM data", "-o", book)
    let sheet = try assay("query", book, "FROM data", "--sheet", "Nowhere")
    #expect(sheet.exitCode == 1)
    #expect(sheet.error == "assay: out.xlsx: there is no sheet Nowhere. Its one sheet is Sheet1.\n")
    #expect(try assay("query", book, "FROM data", "--range", "A").exitCode == 2)
    #expect(try assay("query", file, "FROM data", "--format", "xlsx").exitCode == 2)
    #expect(try assay("query", file, "FROM data", "-o", folder.path("a.fwf")).exitCode == 2)
    let many = try assay("query", file, "FROM range(1048576)", "-o", folder.path("many.xlsx"))
    #expect(many.exitCode == 1)
    #expect(many.error.contains("more rows than the 1,048,575 of a sheet"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("many.xlsx")))
    #expect(try assay("sheets", file).exitCode == 1)
  }

  @Test func fixedWidthTextIsReadWithGivenAndWithFoundColumns() throws {
    defer { folder.remove() }
    let file = try folder.file("towns.txt", Self.towns)
    let given = try assay("query", file, "FROM data", "--widths", "1,14,5", "--names", "id,name,size")
    #expect(given.output == "id,name,size\n1,Herfelingen,27.5\n2,Lambusart,4.0\n3,Spormaggiore,15.0\n")
    let cut = try assay("query", file, "FROM data", "--cut", "0-1,15-", "--names", "id,size", "--input-format", "fwf")
    #expect(cut.output == "id,size\n1,27.5\n2,4.0\n3,15.0\n")
    let found = try assay("query", file, "SELECT count(*) AS n FROM data")
    #expect(found.output == "n\n3\n")
    #expect(try assay("query", file, "FROM data", "--widths", "3,x").exitCode == 2)
    #expect(try assay("query", file, "FROM data", "--widths", "3", "--cut", "0-3").exitCode == 2)
    let profile = try assay("profile", file, "--widths", "1,14,5")
    #expect(profile.exitCode == 0)
    #expect(profile.output.hasPrefix("3 rows, 3 columns\n"))
  }

  @Test(arguments: [
    (["--range", "B3-F200"], "B2:F100, the columns B:F, or the rows 2:100"),
    (["--widths", "3,x"], "such as 3,12,9"), (["--widths", "0-3,3-15"], "are for --cut"),
    (["--cut", "3-1"], "such as 0-3,3-15,15-"), (["--cut", "3,12"], "are for --widths"),
    (["--names", ","], "such as id,name,date"), (["--delimiter", "ab"], "tab, space, comma or pipe"),
  ]) func aBadValueIsToldWithWhatIsAccepted(arguments: [String], accepted: String) throws {
    defer { folder.remove() }
    let answer = try assay(["query", "a.csv", "FROM data"] + arguments)
    #expect(answer.exitCode == 2)
    #expect(answer.error.contains("'\(arguments[1])'") && answer.error.contains(arguments[0]), "\(answer.error)")
    #expect(answer.error.contains(accepted), "\(answer.error)")
  }
}
