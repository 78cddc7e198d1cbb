import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct QuickModelTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    var text = "id,age,city,pay,gone,same\n"
    for row in 0..<120 {
      let age = 20 + row * 7 % 40
      text += "k\(row),\(age),\(["Rome", "Oslo", "Bern"][row % 3]),\(age > 40 ? "high" : "low"),,x\n"
    }
    file = try folder.file("pay.csv", text)
  }

  @Test func jsonHasTheKeysOfTheFormat() throws {
    defer { folder.remove() }
    let answer = try assay("quickmodel", file, "--target", "pay", "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let report = try answer.json()
    let keys: Set = [
      "problem", "metric", "score", "baseline", "metrics", "train_rows", "test_rows", "importance", "excluded",
    ]
    #expect(keys.isSubset(of: report.keys))
    #expect(report["problem"] as? String == "binary")
    let rows = try #require(report["train_rows"] as? Int) + #require(report["test_rows"] as? Int)
    #expect(rows == 120)
    let importance = try #require(report["importance"] as? [[String: Any]])
    #expect(importance.first?["feature"] as? String == "age")
    #expect(abs(importance.compactMap { $0["gain"] as? Double }.reduce(0, +) - 1) < 1e-9)
    #expect(Set(importance[0].keys) == ["feature", "gain", "shap"])
    let excluded = try #require(report["excluded"] as? [[String: Any]]).compactMap { $0["column"] as? String }
    #expect(Set(excluded) == ["id", "gone", "same"])
  }

  @Test func theSameSeedGivesTheSameReport() throws {
    defer { folder.remove() }
    let first = try assay("quickmodel", file, "--target", "pay", "--seed", "3", "--json").output
    #expect(try assay("quickmodel", file, "--target", "pay", "--seed", "3", "--json", "--threads", "1").output == first)
    #expect(try assay("quickmodel", file, "--target", "pay", "--seed", "4", "--json").output != first)
  }

  @Test func textNamesScoreBaselineAndFeatures() throws {
    defer { folder.remove() }
    let text = try assay("quickmodel", file, "--target", "pay").output
    #expect(text.hasPrefix("binary classification of pay\n"))
    #expect(text.contains("baseline"))
    #expect(text.contains("left out"))
    #expect(text.contains("█"))
  }

  @Test func labelsThatCannotBeLearntAreRefused() throws {
    defer { folder.remove() }
    let messages = [
      "nope": "There is no column \"nope\".", "same": "is \"x\" in every row, so there is nothing to predict.",
      "gone": "is missing in all 120 rows.", "id": "is different in each of the 120 rows",
    ]
    for (target, message) in messages {
      let answer = try assay("quickmodel", file, "--target", target)
      #expect(answer.exitCode == 1)
      #expect(answer.output.isEmpty)
      #expect(answer.error.hasPrefix("assay: ") && answer.error.contains(message), "\(answer.error)")
    }
    #expect(try assay("quickmodel", file).error.contains("--target"))
    #expect(try assay("quickmodel", file, "--target", "pay", "--trees", "0").exitCode != 0)
  }
}
