import Foundation
import ProgramDriver
import Testing

/// Every kind of bad input ends in one line that says what failed, where, and what to do; no subcommand prints half a
/// result.
@Suite(.serialized) struct BadInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func complaint(_ path: String, _ more: String...) throws -> String {
    let answer = try assay(["profile", path] + more)
    #expect(answer.exitCode == 1)
    #expect(answer.output.isEmpty)
    #expect(answer.error.filter { $0 == "\n" }.count == 1, "\(answer.error)")
    return answer.error
  }

  @Test func anEmptyFile() throws {
    defer { folder.remove() }
    let path = try folder.file("empty.csv", "")
    #expect(try complaint(path) == "assay: empty.csv: the file is empty. Check that it was written completely.\n")
  }

  @Test func aHeaderAloneIsATableWithoutRows() throws {
    defer { folder.remove() }
    let answer = try assay("profile", folder.file("header.csv", "a,b\n"))
    #expect(answer.exitCode == 0)
    #expect(answer.error == "assay: note: The file has a header and no rows.\n")
    #expect(answer.output.hasPrefix("0 rows, 2 columns\n"))
    let model = try assay("quickmodel", folder.file("header.csv", "a,b\n"), "--target", "a")
    #expect(model.exitCode == 1)
    #expect(try assay("chart", folder.path("header.csv"), "--kind", "bar", "--x", "a").exitCode == 0)
  }

  @Test func oneRowIsEnoughForAProfileButNotForAModel() throws {
    defer { folder.remove() }
    let path = try folder.file("one.csv", "a,b\n1,x\n")
    #expect(try assay("profile", path).output.hasPrefix("1 row, 2 columns\n"))
    #expect(try assay("quickmodel", path, "--target", "b").error.contains("Only 1 row has a label in \"b\""))
  }

  @Test func aMissingFileAndAFolder() throws {
    defer { folder.remove() }
    #expect(try complaint(folder.path("none.csv")).hasSuffix("there is no such file. Check the path.\n"))
    _ = try folder.file("inside.csv", people)
    #expect(try complaint(folder.path("")).contains("this is a folder. Open a file in it, such as inside.csv."))
  }

  @Test func anUnreadableFile() throws {
    defer { folder.remove() }
    // root may read everything.
    guard getuid() != 0 else { return }
    let path = try folder.file("secret.csv", people)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(try complaint(path).contains("you may not read this file"))
  }

  @Test func binaryDataCalledCSV() throws {
    defer { folder.remove() }
    let path = try folder.write(Data([0x7F, 0x45, 0x4C, 0x46] + (0..<2000).map { UInt8($0 % 251) }), to: "p.csv")
    #expect(try complaint(path).contains("this is binary data, not text (it looks like a program)"))
  }

  @Test func rowsOfTheWrongLength() throws {
    defer { folder.remove() }
    let path = try folder.file("ragged.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n")
    #expect(
      try complaint(path)
        == "assay: ragged.csv, line 3: 1 field found, 2 expected. Leave such rows out with --skip-bad-rows (key s), "
        + "or mend the file.\n")
    let answer = try assay("profile", path, "--skip-bad-rows")
    #expect(answer.exitCode == 0)
    #expect(answer.output.hasPrefix("2 rows, 2 columns\n"))
    #expect(answer.error == "assay: note: 2 rows left out for a wrong number of fields.\n")
  }

  @Test func invalidUTF8IsReadAndNoted() throws {
    defer { folder.remove() }
    let path = try folder.write(Data("a,b\n1,x\n2,".utf8) + Data([0xE9, 0x0A]), to: "latin.csv")
    let answer = try assay("query", path, "SELECT b FROM data")
    #expect(answer.exitCode == 0)
    #expect(answer.output == "b\nx\né\n")
    #expect(answer.error.contains("assay: note: The text is not UTF-8"))
  }

  @Test func repeatedAndEmptyNamesAreMadeUniqueAndNoted() throws {
    defer { folder.remove() }
    let answer = try assay("query", folder.file("names.csv", "a,a,\n1,2,3\n"), "FROM data")
    #expect(answer.output == "a,a_1,column3\n1,2,3\n")
    #expect(answer.error.split(separator: "\n").count == 2)
  }

  @Test func quotesAndEmojiInNames() throws {
    defer { folder.remove() }
    let path = try folder.file("names.csv", "\"say \"\"hi\"\"\",🙂 x\n1,2\n")
    #expect(try assay("profile", path, "--json").exitCode == 0)
    #expect(try assay("chart", path, "--kind", "bar", "--x", "🙂 x").exitCode == 0)
    #expect(try assay("query", path, "FROM data").output == "\"say \"\"hi\"\"\",🙂 x\n1,2\n")
  }

  @Test func aCutOffParquetFile() throws {
    defer { folder.remove() }
    let path = try folder.file("cut.parquet", "PAR1 and then nothing")
    #expect(try complaint(path).contains("the Parquet file is cut off"))
  }
}
