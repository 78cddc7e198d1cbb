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
      ["automl", train, "--target", "pay", "--max-candidates", "3", "--preset", "quick", "--time-limit", "120"]
        + arguments)
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

  @Test func definitionsCanBeEditedAndTrained() throws {
    defer { folder.remove() }
    let plan = try assay("automl", train, "--target", "pay", "--definitions-only", "--json")
    #expect(plan.exitCode == 0, "\(plan.error)")
    let specs = try #require(
      JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [[String: Any]])
    #expect(specs.count > 5)
    let words = try assay("automl", train, "--target", "pay", "--definitions-only").output
    #expect(words.contains("#1 LightGBM: rate 0.15"))
    #expect(words.contains("Neural network"))
    let edited = try folder.file(
      "candidates.json", #"[{"learner": {"lightgbm": {"leaves": 3, "rounds": 9}}, "recipe": \#(Self.recipe)}]"#)
    let answer = try assay(
      "automl", train, "--target", "pay", "--candidates", edited, "-o", folder.path("model"), "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let board = try #require(try answer.json()["leaderboard"] as? [[String: Any]])
    #expect(board.count == 2)
    #expect((board[1]["settings"] as? String)?.contains("3 leaves") == true)
    let wrong = try folder.file(
      "wrong.json", #"[{"learner": {"lightgbm": {"leaves": "many"}}, "recipe": \#(Self.recipe)}]"#)
    let refused = try assay("automl", train, "--target", "pay", "--candidates", wrong, "-o", folder.path("other"))
    #expect(refused.exitCode == 2)
    #expect(refused.error.contains("candidate 1, learner, lightgbm, leaves"), "\(refused.error)")
    let silly = try folder.file("silly.json", #"[{"learner": {"lightgbm": {"rate": 7}}, "recipe": \#(Self.recipe)}]"#)
    let out = try assay("automl", train, "--target", "pay", "--candidates", silly, "-o", folder.path("other"))
    #expect(out.error.contains("The option rate is 7.0; it has to be 0.0001 to 1."), "\(out.error)")
  }

  @Test func theRowsAreExploredBeforeAnythingIsTrained() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    let answer = try assay(
      "automl", train, "--target", "pay", "--test", train, "--explore-only", "--json", "-o", model)
    #expect(answer.exitCode == 0, "\(answer.error)")
    let found = try answer.json()
    #expect(found["rows"] as? Int == 160 && found["explored"] as? Int == 160)
    let target = try #require(found["target"] as? [String: Any])
    #expect(target["problem"] as? String == "binary" && target["labelled"] as? Int == 160)
    let classes = try #require(target["classes"] as? [[String: Any]])
    #expect(classes.compactMap { $0["rows"] as? Int }.reduce(0, +) == 160)
    let features = try #require(found["features"] as? [[String: Any]])
    #expect(features.compactMap { $0["column"] as? String } == ["age", "city", "odd, name"])
    #expect(features.compactMap { $0["kind"] as? String } == ["number", "category", "number"])
    let age = try #require(features[0]["predictionPower"] as? Double)
    #expect(age > (features[1]["predictionPower"] as? Double ?? 0))
    // Rows that one learns from and is judged by are found out.
    let others = try #require(found["others"] as? [[String: Any]])
    #expect(others.first?["repeated"] as? Int == 160)
    let findings = try #require(found["findings"] as? [[String: Any]])
    #expect(findings.first?["severity"] as? String == "high")
    #expect(findings.contains { $0["title"] as? String == "Rows in two sets" })
    let written = try folder.read("model/exploration.md")
    #expect(written.contains("# Exploration of pay") && written.contains("Rows in two sets"))
    #expect(!FileManager.default.fileExists(atPath: model + "/manifest.json"))
    // A training into the folder keeps the report, and a Dockerfile that somebody has written.
    _ = try folder.file("model/Dockerfile", "FROM scratch\n")
    #expect(try run("-o", model).exitCode == 0)
    #expect(try folder.read("model/exploration.md") == written)
    #expect(try folder.read("model/Dockerfile") == "FROM scratch\n")
    let text = try assay("automl", train, "--target", "pay", "--explore-only").output
    #expect(text.hasPrefix("Summary\n160 rows, 4 columns."), "\(text)")
    #expect(try assay("automl", train, "--target", "pay", "--explore-only", "--definitions-only").exitCode == 2)
  }

  @Test func aValidationSetCountsWhereCandidatesAreOnlyListed() throws {
    defer { folder.remove() }
    let plan = try assay("automl", train, "--target", "pay", "--validation", test, "--definitions-only").output
    #expect(plan.contains("220 rows, 3 features, 2 folds"), "\(plan)")
  }

  @Test func aManifestThatIsCutShortIsToldInWords() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    #expect(try run("-o", model).exitCode == 0)
    let text = try folder.read("model/manifest.json")
    func said(_ manifest: String) throws -> String {
      _ = try folder.file("model/manifest.json", manifest)
      return try assay("predict", model, test).error
    }
    let cut = try said(String(text.prefix(text.count / 2)))
    #expect(cut.contains("manifest.json is no manifest, or a part of one"), "\(cut)")
    #expect(cut.contains("the model is damaged. Train it anew, or copy it again."))
    let lacking = try said(text.replacingOccurrences(of: "\"temperature\":", with: "\"warmth\":"))
    #expect(lacking.contains("\"temperature\" is missing"), "\(lacking)")
    let wrong = try said(text.replacingOccurrences(of: "\"target\":\"pay\"", with: "\"target\":7"))
    #expect(wrong.contains("\"target\" is not a text"), "\(wrong)")
  }

  private static let recipe = #"{"categories": "codes", "isScaled": false}"#

  @Test func aFileInTheWayIsNamed() throws {
    defer { folder.remove() }
    let answer = try run("-o", test)
    #expect(answer.exitCode == 1)
    #expect(answer.error.contains("is a file, and a model is a folder. Choose another name"), "\(answer.error)")
  }

  @Test func candidatesAreJudgedOnAValidationSetOrByGroupsOrByTime() throws {
    defer { folder.remove() }
    let given = try run("--validation", test, "-o", folder.path("given"), "--json")
    #expect(given.exitCode == 0, "\(given.error)")
    #expect(try given.json()["folds"] as? Int == 2)
    let groups = try run("--group", "city", "-o", folder.path("groups"), "--json")
    #expect(groups.exitCode == 0, "\(groups.error)")
    #expect(groups.error.contains("Folds never part rows with the same \"city\"."))
    #expect(try groups.json()["folds"] as? Int == 3)
    let time = try run("--time", "odd, name", "--weight", "age", "-o", folder.path("time"), "--json")
    #expect(time.exitCode == 0, "\(time.error)")
    #expect(time.error.contains("learn from what was before"))
    #expect(try run("--group", "city", "--time", "age", "-o", folder.path("both")).exitCode == 2)
    #expect(try run("--weight", "city", "-o", folder.path("words")).error.contains("The option weight column is city"))
  }

  /// Killed at any moment, a run goes on with every candidate that had ended, and the folder answers as soon as it can.
  @Test func aRunThatIsKilledGoesOn() throws {
    defer { folder.remove() }
    let model = folder.path("model")
    let program = try Program.built("assay")
    let command =
      "'\(program)' automl '\(train)' --target pay --time-limit 60 --max-candidates 6 -o '\(model)' >/dev/null 2>&1"
    var finished: Set<String> = []
    for moment in [0.35, 0.8, 1.3] {
      _ = try Program.run(
        "/bin/sh", ["-c", "\(command) & sleep \(moment); kill -9 $!; wait $! 2>/dev/null; true"])
      let kept = Self.candidates(in: model)
      #expect(kept.isSuperset(of: finished))
      finished = kept
      if FileManager.default.fileExists(atPath: model + "/manifest.json") {
        #expect(try assay("predict", model, test).exitCode == 0)
      }
    }
    let last = try assay(
      "automl", train, "--target", "pay", "--time-limit", "60", "--max-candidates", "6", "-o", model, "--json")
    #expect(last.exitCode == 0, "\(last.error)")
    let board = try #require(try last.json()["leaderboard"] as? [[String: Any]])
    #expect(board.count == 7)
    #expect(board.compactMap { $0["status"] as? String }.allSatisfy { $0 == "completed" || $0 == "stopped" })
    #expect(Self.candidates(in: model).isSuperset(of: finished))
    #expect(try assay("predict", model, test).exitCode == 0)
  }

  private static func candidates(in model: String) -> Set<String> {
    let folder = model + "/candidates"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return Set(
      names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/record.json") && !$0.hasPrefix(".") })
  }
}
