import Foundation
import ProgramDriver
import Testing

/// Every kind of bad input gets one clear sentence, and no crash.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: Data
    let message: String

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ message: String) {
      self.init(name, Data(text.utf8), message)
    }

    init(_ name: String, _ bytes: Data, _ message: String) {
      self.name = name
      self.bytes = bytes
      self.message = message
    }
  }

  static let refused = [
    Case("an empty file", "", "the file is empty"),
    Case("binary data", Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ $0 / 7) }), "binary data"),
    Case("NUL bytes", Data("a,b\nx\0y,1\n".utf8), "binary data"),
    Case("a short row", "a,b,c\n1,2,3\n1,2\n", "line 3: 2 fields found, 3 expected"),
  ]

  @Test(arguments: refused) func aFileThatCannotBeReadIsRefusedInOneSentence(input: Case) throws {
    let result = try profile(input.bytes)
    #expect(result.status == .exited(1))
    #expect(result.output.isEmpty)
    #expect(result.errorText.contains(input.message), "\(result.errorText)")
    #expect(result.errorText.split(separator: "\n").count == 1)
  }

  static let read = [
    Case("a header alone", "a,b\n", "\"rows\":0"),
    Case("one row", "a,b\n1,2\n", "\"rows\":1"),
    Case("bytes that are not UTF-8", Data([0x61, 0x0A, 0x63, 0xE9, 0x0A, 0x78, 0x0A]), "\"rows\":2"),
    Case("a cell of 10 MB", "a,b\n\(String(repeating: "x", count: 10_000_000)),1\ny,2\n", "\"rows\":2"),
    Case(
      "5,000 columns",
      (0..<5000).map { "c\($0)" }.joined(separator: ",") + "\n" + String(repeating: "1,", count: 4999) + "1\n",
      "\"c4999\""),
    Case("odd names", "a,a,,\"q\"\"uo😀te\"\n1,2,3,4\n5,6,7,8\n", "q\\\"uo😀te"),
  ]

  @Test(arguments: read) func anOddFileIsReadAllTheSame(input: Case) throws {
    let result = try profile(input.bytes)
    #expect(result.status == .exited(0), "\(result.errorText)")
    let compact = result.text.replacing(/"\s*:\s*/, with: "\":")
    #expect(compact.contains(input.message), "\(compact.prefix(300))")
  }

  @Test func whatIsNoFileIsSaidSo() throws {
    let assay = try Program.built("assay")
    let missing = try Program.run(assay, ["profile", "/nowhere/at-all.csv"])
    #expect(missing.status == .exited(1) && missing.errorText.contains("no such file"))
    let folder = try Program.run(assay, ["profile", "/tmp"])
    #expect(folder.status == .exited(1) && folder.errorText.contains("folder"))
  }

  static let labels = [
    Case("constant", String(repeating: "0.5,x\n", count: 200), "in every row"),
    Case("missing everywhere", (0..<200).map { "\($0),\n" }.joined(), "is missing in all 200 rows"),
    Case("unique in each row", (0..<200).map { "\($0),id\($0)\n" }.joined(), "is different in each of the 200 rows"),
  ]

  @Test(arguments: labels) func aLabelThatCannotBeLearntIsRefused(input: Case) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.write(Data("a,label\n".utf8) + input.bytes, to: "table.csv")
    let result = try Program.run(try Program.built("assay"), ["quickmodel", file, "--target", "label"])
    #expect(result.status == .exited(1))
    #expect(result.errorText.contains(input.message), "\(result.errorText)")
  }

  @Test func aLabelThatIsNotThereIsRefused() throws {
    let result = try Program.run(
      try Program.built("assay"), ["quickmodel", Workbench.samples + "/census.csv", "--target", "incom"])
    #expect(result.status == .exited(1))
    #expect(result.errorText.contains("no column") && result.errorText.contains("income"))
  }

  private func profile(_ bytes: Data) throws -> ProgramResult {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.write(bytes, to: "table.csv")
    return try Program.run(try Program.built("assay"), ["profile", file, "--json"])
  }
}
