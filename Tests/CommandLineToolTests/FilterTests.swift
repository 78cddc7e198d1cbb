import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct FilterTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.file("t.csv", "name,age\nfile10,31\nfile2,\nFile1,45\nz,18\n")
  }

  private func rows(_ arguments: String...) throws -> String {
    let answer = try assay(["filter", file] + arguments)
    #expect(answer.exitCode == 0, "\(answer.error)")
    return answer.output
  }

  @Test func anExpressionAPatternAndTheirInverseChooseRows() throws {
    defer { folder.remove() }
    #expect(try rows("--where", "age > 20") == "name,age\nfile10,31\nFile1,45\n")
    #expect(try rows("--where", "age > 20", "--invert") == "name,age\nfile2,\nz,18\n")
    #expect(try rows("--matches", "file", "--in", "name", "--invert") == "name,age\nz,18\n")
    #expect(try rows("--where", "age > 20", "--matches", "File") == "name,age\nFile1,45\n")
  }

  @Test func keysOrderNaturally() throws {
    defer { folder.remove() }
    #expect(try rows("--sort", "name") == "name,age\nFile1,45\nfile2,\nfile10,31\nz,18\n")
    #expect(try rows("--sort", "-age", "--json").hasPrefix("[\n{\"name\":\"File1\",\"age\":45}"))
    let path = folder.path("out.parquet")
    #expect(try rows("--sort", "age,-name", "-o", path).isEmpty)
    #expect(try assay("query", path, "SELECT name FROM data").output == "name\nz\nfile10\nFile1\nfile2\n")
  }

  @Test func whatCannotBeUnderstoodIsSaidOnOneLine() throws {
    defer { folder.remove() }
    let faults: [([String], Int32, String)] = [
      (["--where", "agee > 3"], 1, "did you mean age"), (["--matches", "("], 1, "is no regular expression"),
      (["--matches", "a", "--in", "nme"], 1, "no column \"nme\""), (["--sort", "x"], 1, "no column \"x\""),
      ([], 2, "Say which rows"), (["--sort", "age", "--in", "age"], 2, "--in belongs to --matches"),
    ]
    for (arguments, code, words) in faults {
      let answer = try assay(["filter", file] + arguments)
      #expect(answer.exitCode == code, "\(arguments)")
      #expect(answer.error.contains(words), "\(answer.error)")
      #expect(answer.output.isEmpty)
    }
  }
}
