import Foundation
import ProgramDriver
import Testing

/// `assay freq` and `assay inspect`.
@Suite(.serialized) struct ColumnTests {
  @Test func frequenciesAreSharesOfAllRows() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("t.csv", "g,t\na,1\na,0\na,0\nb,0\n,0\n")
    let report = try assay("freq", file, "g", "--target", "t", "--json").json()
    #expect(report["rows"] as? Int == 5)
    #expect(report["measure"] as? String == "rate t=1")
    let values = try #require(report["values"] as? [[String: Any]])
    #expect(values.map { $0["count"] as? Int } == [3, 1, 1])
    #expect(values[0]["share"] as? Double == 0.6)
    #expect((values[2]["values"] as? [Any])?.first is NSNull)
    let text = try assay("freq", file, "g").output
    #expect(text.hasPrefix("5 rows, 3 groups\n") && text.contains("(missing)"))
    let pairs = try assay("freq", file, "g", "--by", "t", "--json").json()
    #expect((pairs["values"] as? [Any])?.count == 4)
  }

  @Test func aTargetWithoutARateIsTold() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("t.csv", "g,t\na,x\nb,y\nb,z\n")
    let answer = try assay("freq", file, "g", "--target", "t")
    #expect(answer.exitCode == 0 && answer.error.contains("neither two levels nor numbers"))
  }

  @Test func aColumnThatIsNotThereIsAnError() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("t.csv", "g,t\na,x\n")
    for command in ["freq", "inspect"] {
      let answer = try assay(command, file, "h")
      #expect(answer.exitCode == 1 && answer.error.contains("There is no column \"h\""), "\(answer.error)")
    }
    #expect(try assay("freq", file, "g", "--bins=-1").exitCode == 2)
  }

  @Test func anInspectionSaysHowItWasComputed() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("t.csv", "v,t\n0.1,0\n0.4,0\n0.35,1\n0.8,1\n")
    let report = try assay("inspect", file, "v", "--target", "t", "--json").json()
    #expect((report["association"] as? [String: Any])?["auc"] as? Double == 0.75)
    let text = try assay("inspect", file, "v", "--target", "t").output
    #expect(text.contains("AUC") && text.contains("0.75") && text.contains("each value, missing apart"))
  }
}
