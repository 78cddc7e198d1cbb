import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct AutoMLTests {
  private let folder: TemporaryFolder
  private let train: String
  private let test: String

  init() throws {
    folder = try TemporaryFolder()
    train = try folder.file("train.csv", Self.rows(0..<160))
    test = try folder.file("test.csv", Self.rows(160..<220))
  }

  private static func rows(_ range: Range<Int>) -> String {
    var text = "age,city,\"odd, name\",pay\n"
    for row in range {
      let age = 20 + row * 7 % 40
      let city = ["Rome", "\"Os,lo\"", "Bern"][row % 3]
      text += "\(age),\(city),\(row * 13 % 17),\(age + row * 5 % 9 > 42 ? "high" : "low")\n"
    }
    return text
  }

  private func run(_ arguments: String...) throws -> Answer {
    try assay(
      ["automl", train, "--target", "pay", "--candidates", "3", "--preset", "quick", "--time-limit", "120"] + arguments)
  }

  @Test func jsonHasTheKeysOfTheFormat() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    let answer = try run("--metric", "auc", "--test", test, "-o", model, "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let report = try answer.json()
    #expect(report["problem"] as? String == "binary")
    #expect(report["metric"] as? String == "auc")
    #expect(report["best"] as? String == "Ensemble")
    let board = try #require(report["leaderboard"] as? [[String: Any]])
    #expect(board.count == 4)
    for row in board {
      let keys: Set = ["model", "score", "std", "metrics", "fit_seconds", "predict_ms_per_row", "status"]
      #expect(keys.isSubset(of: row.keys))
    }
    let judged = try #require(report["test"] as? [String: Any])
    #expect(judged["rows"] as? Int == 60)
    #expect(try #require((judged["metrics"] as? [String: Double])?["auc"]) > 0.8)
    // The leaderboard fills on the error stream.
    let lines = answer.error.split(separator: "\n")
    #expect(lines.first?.contains("candidate") == true && lines.first?.contains("auc") == true)
    #expect(lines.filter { $0.contains("#") }.count == 3, "\(answer.error)")

    let written = folder.path("predictions.csv")
    let predicted = try assay("predict", model, test, "--proba", "--keep-columns", "-o", written)
    #expect(predicted.exitCode == 0, "\(predicted.error)")
    #expect(predicted.error == "wrote 60 rows to \(written)\n")
    let text = try folder.read("predictions.csv").split(separator: "\n")
    #expect(text.count == 61)
    #expect(text[0].hasPrefix("age,city,\"odd, name\",pay,prediction,probability_"))
    let right = text.dropFirst().count { line in
      let cells = line.replacingOccurrences(of: "\"Os,lo\"", with: "Oslo").split(separator: ",")
      return cells[3] == cells[4]
    }
    #expect(right > 45)
    let stream = try assay("predict", model, test)
    #expect(stream.output.hasPrefix("prediction\n"))
    #expect(stream.output.split(separator: "\n").count == 61)
    let parquet = folder.path("predictions.parquet")
    #expect(try assay("predict", model, test, "-o", parquet).exitCode == 0)
    let counted = try assay("query", parquet, "SELECT count(*) AS n FROM data")
    #expect(counted.output == "n\n60\n", "\(counted.error)")
  }

  @Test func aSecondRunIntoTheFolderTakesUpTheFirst() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    #expect(try run("-o", model).exitCode == 0)
    let again = try run("-o", model)
    #expect(again.exitCode == 0)
    #expect(again.error.contains("Went on with 3 candidates of an earlier run."))
    #expect(!again.error.contains("#1"))
    let other = try run("-o", model, "--metric", "accuracy")
    #expect(other.exitCode == 1)
    #expect(other.error.contains("holds a run with the metric f1"), "\(other.error)")
  }

  @Test func textNamesTheProblemAndTheReason() throws {
    defer { folder.remove() }
    let text = try run("-o", folder.path("model")).output
    #expect(text.hasPrefix("binary classification of pay: the label has two distinct values\n"))
    #expect(text.contains("Ensemble"))
  }

  @Test func wrongRequestsAreRefusedInOneSentence() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    #expect(try run("-o", model, "--metric", "rmse").error.contains("one of f1, accuracy, auc"))
    #expect(try assay("automl", train, "--target", "pya", "-o", model).error.contains("Did you mean \"pay\"?"))
    #expect(try assay("automl", train, "--target", "pay").exitCode == 2)
    #expect(try assay("automl", train, "--target", "pay", "-o", model, "--time-limit", "0").exitCode == 2)
    let missing = try assay("predict", folder.path("nothing"), test)
    #expect(missing.exitCode == 1)
    #expect(missing.error.contains("there is no model in it"))
  }
}
