import Foundation
import Testing

@testable import Frame

@Suite struct BadInputTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func complaint(_ name: String, _ text: String) throws -> String? {
    try FrameTests.complaint(folder.file(name, text))?.replacing(folder.path + "/", with: "")
  }

  @Test func emptyFileIsNamed() throws {
    for name in ["a.csv", "a.jsonl", "a.parquet"] {
      #expect(try complaint(name, "") == "\(name): the file is empty. Check that it was written completely.")
    }
    #expect(try complaint("a.csv", "\n \n")?.contains("the file is empty") == true)
    #expect(try complaint("a.json", "\n \n")?.contains("the file is empty") == true)
  }

  @Test func missingFileIsNamed() throws {
    #expect(try FrameTests.complaint("/no/such.csv") == "/no/such.csv: there is no such file. Check the path.")
  }

  @Test func unreadableFileIsNamed() {
    #expect(
      FrameError.opening("a.csv", errno: EACCES).description
        == "a.csv: you may not read this file. Ask its owner, or give yourself the right with chmod.")
  }

  @Test func folderIsRefused() throws {
    _ = try folder.file("b.csv", "a\n1\n")
    #expect(
      try FrameTests.complaint(folder.path)
        == "\(folder.path): this is a folder. Open a file in it, such as b.csv.")
  }

  @Test func deviceIsRefused() throws {
    #expect(try FrameTests.complaint("/dev/null")?.contains("this is a device, a pipe or a socket") == true)
  }

  @Test func binaryDataIsRefused() throws {
    let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47] + (0..<200).map { UInt8($0) }
    let message = try FrameTests.complaint(folder.file("a.csv", picture))
    #expect(message?.contains("this is binary data, not text (it looks like a PNG picture)") == true)
    let noise = try FrameTests.complaint(folder.file("b.csv", (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 37) }))
    #expect(noise?.contains("this is binary data, not text. assay reads CSV") == true)
  }

  @Test func rowOfTheWrongLengthIsNamed() throws {
    #expect(
      try complaint("a.csv", "a,b,c\n1,2,3\n4,5\n")
        == "a.csv, line 3: 2 fields found, 3 expected. Leave such rows out with --skip-bad-rows (key s), or mend the file."
    )
    #expect(try complaint("a.csv", "a,b\n1,2\n\"x\ny\",2\n4,5,6\n")?.hasPrefix("a.csv, line 5: 3 fields found") == true)
  }

  @Test func rowOfTheWrongLengthFarDownIsNamed() throws {
    let text = "a,b,c\n" + String(repeating: "1,2,3\n", count: 100_000) + "4,5\n"
    #expect(try complaint("a.csv", text)?.hasPrefix("\(folder.path)/") == false)
    #expect(try complaint("a.csv", text)?.contains("line 100002: 2 fields found, 3 expected") == true)
  }

  @Test func openQuoteIsNamed() throws {
    #expect(
      try complaint("a.csv", "a,b\n1,\"x\n2,y\n")?.hasPrefix("a.csv, line 2: a quoted field is not closed") == true)
  }

  @Test func brokenJSONIsNamed() throws {
    #expect(
      try complaint("a.jsonl", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n")
        == "a.jsonl, line 3: this is not JSON: unexpected end of data (byte 15). "
        + "Check that the file was written completely.")
    #expect(try complaint("a.json", "[{\"a\":1},{\"a\":")?.hasPrefix("a.json: this is not JSON") == true)
  }

  @Test func brokenParquetIsNamed() throws {
    #expect(try complaint("a.parquet", "hello")?.contains("this is not a Parquet file") == true)
    #expect(try complaint("a.parquet", "PAR1hello, hello, hello")?.contains("the Parquet file is cut off") == true)
  }

  @Test func brokenGzipIsNamed() throws {
    let message = try FrameTests.complaint(folder.file("a.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]))
    #expect(message?.hasPrefix("a.csv.gz: ") == true, "\(message ?? "nothing")")
  }

  @Test func unknownStratumColumnIsNamed() throws {
    let path = try folder.file("a.csv", "a,b\n1,2\n")
    let message = try FrameTests.complaint(path, rows: .stratified(5, column: "c", seed: 0))
    #expect(message == "a.csv, column c: there is no such column to stratify by. The columns are a, b.")
  }

  @Test func errorsInQueriesSayWhatIsWrong() throws {
    let database = try Database()
    #expect(throws: FrameError.self) { try database.query("SELEC 1") }
    do {
      _ = try database.query("SELECT nope FROM range(3) t(yes)")
    } catch let error as FrameError {
      #expect(error.description.hasPrefix("Referenced column \"nope\" not found"))
      #expect(!error.description.contains("LINE 1"))
    }
  }
}
