import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct ExplainTests {
  private let folder: TemporaryFolder
  private let model: String
  private let rows: String

  /// f = 2 where x is above a half, plus 1 where it is and the colour is red or blue.
  private static let trees = """
    tree
    version=v4
    num_class=1
    num_tree_per_iteration=1
    label_index=0
    max_feature_idx=2
    objective=regression
    feature_names=x colour idle
    feature_infos=[0:1] 0:1:2 none
    tree_sizes=1 1

    Tree=0
    num_leaves=2
    num_cat=0
    split_feature=0
    threshold=0.5
    decision_type=2
    left_child=-1
    right_child=-2
    leaf_value=0 2
    leaf_count=2 2
    internal_count=4
    is_linear=0
    shrinkage=1

    Tree=1
    num_leaves=3
    num_cat=1
    split_feature=0 1
    threshold=0.5 0
    decision_type=2 1
    left_child=-1 -2
    right_child=1 -3
    leaf_value=0 1 0
    leaf_count=2 1 1
    internal_count=4 2
    cat_boundaries=0 1
    cat_threshold=3
    is_linear=0
    shrinkage=1

    end of trees

    pandas_categorical:[["blue", "red", "white"]]

    """

  init() throws {
    folder = try TemporaryFolder()
    model = try folder.file("model.txt", Self.trees)
    rows = try folder.file("rows.csv", "idle,colour,x\n9,red,1\n9,white,1\n9,blue,0\n9,,0\n")
  }

  @Test func jsonHasTheKeysOfTheFormat() throws {
    defer { folder.remove() }
    let answer = try assay("explain", model, rows, "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let report = try answer.json()
    #expect(Set(["base_value", "features", "global", "additivity_error"]).isSubset(of: report.keys))
    #expect(report["features"] as? [String] == ["x", "colour", "idle"])
    // Half the rows have 2, a quarter 1 more.
    #expect(report["base_value"] as? Double == 1.25)
    let global = try #require(report["global"] as? [[String: Any]])
    #expect(global.map { $0["feature"] as? String } == ["x", "colour", "idle"])
    #expect(global[2]["value"] as? Double == 0)
    let error = try #require(report["additivity_error"] as? Double)
    #expect(error < 1e-6)
    #expect(report["rows"] as? Int == 4)
  }

  @Test func everyMethodAndAFileAsBackgroundAgree() throws {
    defer { folder.remove() }
    for options in [[], ["--background", rows]] {
      let values = try ["tree", "exact"].map { method -> [Double] in
        let answer = try assay(["explain", model, rows, "--json", "--method", method] + options)
        #expect(answer.exitCode == 0, "\(answer.error)")
        let global = try #require(answer.json()["global"] as? [[String: Any]])
        return global.compactMap { $0["value"] as? Double }
      }
      #expect(values[0].count == 3)
      #expect(zip(values[0], values[1]).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test(arguments: ["csv", "parquet", "json"]) func valuesOfEachRowGoToAFile(ending: String) throws {
    defer { folder.remove() }
    let file = folder.path("values.\(ending)")
    let answer = try assay("explain", model, rows, "-o", file)
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.error.contains("wrote the values of 4 rows to \(file)"))
    let read = try assay(
      "query", file, "SELECT *, x + colour + idle + base_value - prediction AS rest FROM data", "--json")
    let cells = try #require(try JSONSerialization.jsonObject(with: Data(read.output.utf8)) as? [[String: Any]])
    #expect(cells.count == 4)
    #expect(cells.compactMap { $0["prediction"] as? Double } == [3, 2, 0, 0])
    for row in cells {
      let rest = try #require(row["rest"] as? Double)
      #expect(abs(rest) < 1e-6)
      #expect(row["idle"] as? Double == 0)
    }
  }

  @Test func textNamesTheModelTheFeaturesAndTheError() throws {
    defer { folder.remove() }
    let text = try assay("explain", model, rows, "--interactions").output
    #expect(text.hasPrefix("LightGBM regression, 4 rows, method tree\nbase value 1.25 (margin)"), "\(text)")
    #expect(text.contains("mean |SHAP|"))
    #expect(text.contains("mean |interaction|"))
    #expect(text.contains("█"))
  }

  @Test func aRowIsExplainedAndAddsUp() throws {
    defer { folder.remove() }
    let report = try assay("explain", model, rows, "--row", "1", "--json").json()
    #expect(report["row"] as? Int == 1)
    #expect(report["method"] as? String == "tree")
    let output = try #require((report["outputs"] as? [[String: Any]])?.first)
    let features = try #require(output["features"] as? [[String: Any]])
    let sum = features.compactMap { $0["shap"] as? Double }.reduce(0, +)
    let (base, prediction) = (output["base_value"] as? Double ?? .nan, output["prediction"] as? Double ?? .nan)
    #expect(prediction == 3 && abs(base + sum - prediction) < 1e-6)
    #expect(features[0]["feature"] as? String == "x" && features[0]["value"] as? String == "1")
    let text = try assay("explain", model, rows, "--row", "1").output
    #expect(text.contains("row 1, LightGBM regression\ntree, no background; sums miss f(x) by at most"), "\(text)")
    #expect(text.contains("f(x) 3 from 1.25 (margin)"), "\(text)")
  }

  @Test func twoRowsAreComparedAndTheirDifferencesAddUp() throws {
    defer { folder.remove() }
    let report = try assay("explain", model, rows, "--row", "3", "--against", "1", "--json").json()
    let output = try #require((report["outputs"] as? [[String: Any]])?.first)
    #expect(output["first"] as? Double == 3 && output["second"] as? Double == 0)
    let features = try #require(output["features"] as? [[String: Any]])
    let sum = features.compactMap { $0["difference"] as? Double }.reduce(0, +)
    #expect(abs(sum + 3) < 1e-6)
    #expect(features.map { $0["feature"] as? String } == ["x", "colour", "idle"])
    let text = try assay("explain", model, rows, "--row", "3", "--against", "1").output
    #expect(text.contains("row 3 against row 1"), "\(text)")
    #expect(text.contains("f(x) 0 against 3, difference -3 (margin)"), "\(text)")
  }

  @Test(arguments: ["waterfall", "force", "decision"]) func aRowIsDrawn(kind: String) throws {
    defer { folder.remove() }
    let answer = try assay("explain", model, rows, "--row", "2", "--chart", kind)
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.output.contains("row 2: LightGBM regression") && answer.output.contains("x = 1"), "\(answer.output)")
    let file = folder.path("row.svg")
    #expect(try assay("explain", model, rows, "--row", "2", "--chart", kind, "-o", file).exitCode == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8).contains("<svg"))
  }

  @Test(arguments: ["heatmap", "force", "decision"]) func rowsAreDrawnTogether(kind: String) throws {
    defer { folder.remove() }
    let answer = try assay("explain", model, rows, "--chart", kind)
    #expect(answer.exitCode == 0 && answer.output.contains("n=4"), "\(answer.output)\(answer.error)")
  }

  @Test func whatWasNotAskedForIsNotDrawn() throws {
    defer { folder.remove() }
    for (options, reason) in [
      (["--chart", "interactions"], "--chart interactions needs --interactions"),
      (["--chart", "group"], "--chart group needs --group COLUMN=VALUE"),
      (["--chart", "waterfall"], "--chart waterfall needs --row N"),
      (["--against", "2"], "--against needs --row N"),
      (["--row", "0"], "--row takes a whole number from 1, not 0"),
      (["--row", "1", "--chart", "bars"], "--row has the charts waterfall, force and decision"),
    ] {
      let answer = try assay(["explain", model, rows] + options)
      #expect(answer.exitCode == 2 && answer.error.contains(reason), "\(answer.error)")
    }
    let answer = try assay("explain", model, rows, "--row", "9")
    #expect(answer.exitCode == 2 && answer.error.contains("--row 9: there are 4 rows"), "\(answer.error)")
  }

  @Test func fewerRowsAreDrawnAndCounted() throws {
    defer { folder.remove() }
    let report = try assay("explain", model, rows, "--rows", "2", "--json").json()
    #expect(report["rows"] as? Int == 2)
    #expect(report["total_rows"] as? Int == 4)
    let same = try assay("explain", model, rows, "--rows", "2", "--json").json()
    #expect(same["global"] as? [[String: AnyHashable]] == report["global"] as? [[String: AnyHashable]])
  }

  @Test func chartsAreDrawnAndWritten() throws {
    defer { folder.remove() }
    for kind in ["bars", "swarm"] {
      let file = folder.path("\(kind).svg")
      #expect(try assay("explain", model, rows, "--chart", kind, "-o", file).exitCode == 0)
      #expect(try folder.read("\(kind).svg").contains("<svg"))
      let drawn = try assay("explain", model, rows, "--chart", kind)
      #expect(drawn.output.contains("colour"), "\(drawn.error)")
    }
  }

  @Test func whatDoesNotFitIsToldClearly() throws {
    defer { folder.remove() }
    let texts = try folder.file("texts.csv", "x,colour,idle\na,red,1\nb,blue,2\n")
    let few = try folder.file("few.csv", "x,shade\n1,red\n")
    let empty = try folder.file("empty.csv", "x,colour,idle\n")
    let noModel = try folder.file("no-model.json", "{\"a\": [1, 2}")
    let cases: [([String], String)] = [
      ([model, texts], "The column \"x\" holds texts, and the model wants numbers there."),
      ([model, few], "The model has 3 features, of which the rows lack 2: colour, idle."),
      ([model, empty], "There are no rows to explain."),
      ([noModel, rows], "no-model.json, byte"),
      ([rows, rows], "this is no model that can be read"),
      ([folder.path("gone.json"), rows], "there is no such file"),
      ([model, rows, "--scale", "probability"], "needs --background"),
      ([model, rows, "--scale", "log-loss", "--background", "2"], "needs --label"),
      ([model, rows, "--scale", "log-loss", "--background", "2", "--label", "nope"], "There is no column \"nope\""),
      ([model, rows, "--rows", "0"], "--rows"),
      ([model, rows, "-o", "values.xyz"], "end its name in"),
      ([model, rows, "-o", "values.csv", "--chart", "bars"], "--chart belongs to a picture"),
    ]
    for (arguments, message) in cases {
      let answer = try assay(["explain"] + arguments)
      #expect(answer.exitCode != 0)
      #expect(answer.output.isEmpty)
      #expect(answer.error.contains(message), "\(arguments): \(answer.error)")
    }
  }

  // MARK: Models that are only asked

  @Test(arguments: ["kernel", "exact", "permutation", "linear"])
  func methodsThatAskGiveTheValuesOfTrees(method: String) throws {
    defer { folder.remove() }
    func values(_ arguments: [String]) throws -> [Double] {
      let answer = try assay(["explain", model, rows, "--json", "--background", rows] + arguments)
      #expect(answer.exitCode == 0, "\(answer.error)")
      let global = try #require(answer.json()["global"] as? [[String: Any]])
      return global.compactMap { $0["value"] as? Double }
    }
    let trees = try values([])
    let asked = try values(["--method", method])
    // Alone the two features do less than together.
    if method != "linear" { #expect(zip(trees, asked).allSatisfy { abs($0 - $1) < 1e-6 }, "\(asked)") }
    #expect(asked.count == 3)
  }

  @Test func clustersAreABackground() throws {
    defer { folder.remove() }
    let report = try assay("explain", model, rows, "--json", "--method", "kernel", "--clusters", "2").json()
    #expect(report["background_rows"] as? Int == 2)
    #expect(report["method"] as? String == "kernel")
  }

  /// An ensemble of AutoML, recipes and all, by the columns of the table.
  @Test func aFolderOfAutoMLIsExplainedByItsColumns() throws {
    defer { folder.remove() }
    var text = "age,city,\"odd, name\",day,note,pay\n"
    for row in 0..<160 {
      let age = 20 + row * 7 % 40
      text +=
        "\(age),\(["Rome", "\"Os,lo\"", ""][row % 3]),\(row * 13 % 17),2026-0\(1 + row % 9)-11,"
        + "Number \(row) is here.\(row % 2 == 0 ? " It stays long enough." : ""),"
        + "\(age + row * 5 % 9 > 42 ? "high" : "low")\n"
    }
    let train = try folder.file("train.csv", text)
    let bundle = folder.path("bundle")
    let trained = try assay(
      "automl", train, "--target", "pay", "--max-candidates", "3", "--preset", "quick", "--time-limit", "120", "-o",
      bundle)
    #expect(trained.exitCode == 0, "\(trained.error)")
    let local = folder.path("local.csv")
    let answer = try assay("explain", bundle, train, "--rows", "12", "--json", "-o", local)
    #expect(answer.exitCode == 0, "\(answer.error)")
    let report = try answer.json()
    #expect(report["unit"] as? String == "probability")
    #expect(report["rows"] as? Int == 12)
    #expect(report["total_rows"] as? Int == 160)
    #expect(report["background_rows"] as? Int == 10)
    #expect(try #require(report["additivity_error"] as? Double) < 1e-9)
    let global = try #require(report["global"] as? [[String: Any]])
    #expect(global.first?["feature"] as? String == "age")
    #expect((report["features"] as? [String])?.contains("odd, name") == true)
    // Values of five columns are exact, so that none has an error.
    #expect(global.allSatisfy { $0["standard_error"] == nil })
    let text2 = try folder.read("local.csv")
    #expect(text2.split(separator: "\n").count == 13)
    let odds = try assay("explain", bundle, train, "--rows", "5", "--link", "logit", "--json").json()
    #expect(odds["unit"] as? String == "log-odds")
    #expect(try #require(odds["additivity_error"] as? Double) < 1e-6)
    let sampled = try assay(
      "explain", bundle, train, "--rows", "3", "--method", "permutation", "--samples", "24", "--json"
    ).json()
    let errors = try #require(sampled["global"] as? [[String: Any]]).compactMap { $0["standard_error"] as? Double }
    #expect(errors.contains { $0 > 0 })

    // Row 1 is young and badly paid: what would have to change.
    let flipped = try assay("explain", bundle, train, "--flip", "1", "--json").json()
    #expect(flipped["before"] as? String == "low")
    #expect(flipped["after"] as? String == "high", "\(flipped)")
    let changes = try #require(flipped["changes"] as? [[String: Any]])
    #expect(changes.first?["column"] as? String == "age")

    // Pairs of its columns, texts by their words, and rows beside each other.
    let pairs = try assay("explain", bundle, train, "--rows", "4", "--interactions", "--json")
    #expect((try pairs.json()["interactions"] as? [[String: Any]])?.count == 10, "\(pairs.error)")
    let texts = try assay("explain", bundle, train, "--text", "note", "--rows", "3", "--json")
    #expect(texts.exitCode == 0, "\(texts.error)")
    let found = try texts.json()
    #expect(try #require(found["additivity_error"] as? Double) < 1e-9)
    let explained = try #require(found["rows"] as? [[String: Any]])
    #expect(explained.count == 3)
    for row in explained {
      let parts = try #require(row["parts"] as? [[String: Any]])
      #expect(parts.count >= 5)
      #expect(parts.first?["text"] as? String == "Number")
      #expect(parts[1]["before"] as? String == " ")
    }
    let lines = folder.path("texts.jsonl")
    let written = try assay(
      "explain", bundle, train, "--text", "note", "--granularity", "sentence", "--replacement", "None.", "--rows", "2",
      "-o", lines)
    #expect(written.exitCode == 0, "\(written.error)")
    let rows = try folder.read("texts.jsonl").split(separator: "\n")
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0.contains("\"partial_text\":\"Number ") && $0.contains("\"data_type\":\"free_text\"") })
    #expect(
      try assay("explain", bundle, train, "--text", "age").error.contains("holds no texts"))
    let both = try assay("explain", bundle, train, "--row", "2", "--against", "3", "--json")
    #expect(both.exitCode == 0, "\(both.error)")

    // The mean of the ages is no age.
    let mean = try assay("explain", bundle, train, "--rows", "2", "--background", "mean", "--json")
    #expect(mean.error.contains("rounded to whole numbers: age, odd, name"), "\(mean.error)")
    #expect((try mean.json()["notes"] as? [String])?.first?.contains("rounded") == true)
    let few = try folder.file("few.csv", "age,city\n20,Rome\n")
    #expect(try assay("explain", bundle, few).error.contains("lacks columns"))
    let noBundle = try assay("explain", folder.path(""), train)
    #expect(noBundle.error.contains("there is no model in it"), "\(noBundle.error)")
  }

  @Test func clarifysFilesHaveItsKeysAndColumns() throws {
    defer { folder.remove() }
    let file = folder.path("out/analysis.json")
    let answer = try assay("explain", model, rows, "-o", file)
    #expect(answer.exitCode == 0, "\(answer.error)")
    let json = try JSONSerialization.jsonObject(with: Data(try folder.read("out/analysis.json").utf8)) as? [String: Any]
    let explanations = try #require(json?["explanations"] as? [String: Any])
    let kernel = try #require(explanations["kernel_shap"] as? [String: Any])
    let label = try #require(kernel["label0"] as? [String: Any])
    #expect(label["expected_value"] as? Double == 1.25)
    #expect(Set((label["global_shap_values"] as? [String: Double] ?? [:]).keys) == ["x", "colour", "idle"])
    let local = try folder.read("out/explanations_shap/out.csv").split(separator: "\n")
    #expect(local.first == "x_label0,colour_label0,idle_label0")
    #expect(local.count == 5)
    // The values of each row add up to its prediction: 3, 2, 0 and 0.
    let sums = local.dropFirst().map { line in line.split(separator: ",").reduce(1.25) { $0 + (Double($1) ?? .nan) } }
    #expect(zip(sums, [3.0, 2, 0, 0]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(sums)")
    #expect(explanations["pdp"] == nil)
  }

  @Test func clarifysPartialDependenceHasItsKeys() throws {
    defer { folder.remove() }
    let answer = try assay(
      "explain", model, try many(), "--effects", "3", "-o", folder.path("out/analysis.json"))
    #expect(answer.exitCode == 0, "\(answer.error)")
    let json = try JSONSerialization.jsonObject(with: Data(try folder.read("out/analysis.json").utf8)) as? [String: Any]
    let pdp = try #require((json?["explanations"] as? [String: Any])?["pdp"] as? [[String: Any]])
    #expect(Set(pdp.compactMap { $0["feature_name"] as? String }) == ["x", "colour", "idle"])
    for entry in pdp {
      let isColour = entry["feature_name"] as? String == "colour"
      #expect(entry["data_type"] as? String == (isColour ? "categorical" : "numerical"))
      let values = try #require(entry["feature_values"] as? [Any])
      #expect(isColour ? values is [String] : values is [Double])
      let predictions = try #require(entry["model_predictions"] as? [[Double]])
      #expect(predictions.count == 1 && predictions[0].count == values.count)
      let shares = try #require(entry["data_distribution"] as? [Double])
      #expect(shares.count == values.count && abs(shares.reduce(0, +) - 1) < 1e-9)
    }
  }

  /// Of several classes each has its values, called by its name.
  @Test func clarifysFilesHaveALabelForEachClass() throws {
    defer { folder.remove() }
    let classes = try folder.file(
      "classes.txt",
      Self.trees.replacing("num_class=1", with: "num_class=2").replacing(
        "num_tree_per_iteration=1", with: "num_tree_per_iteration=2"
      ).replacing("objective=regression", with: "objective=multiclass num_class:2"))
    let answer = try assay("explain", classes, rows, "-o", folder.path("out/analysis.json"))
    #expect(answer.exitCode == 0, "\(answer.error)")
    let json = try JSONSerialization.jsonObject(with: Data(try folder.read("out/analysis.json").utf8)) as? [String: Any]
    let kernel = try #require((json?["explanations"] as? [String: Any])?["kernel_shap"] as? [String: [String: Any]])
    #expect(Set(kernel.keys) == ["0", "1"])
    #expect(kernel["0"]?["expected_value"] as? Double == 1)
    #expect(kernel["1"]?["expected_value"] as? Double == 0.25)
    let local = try folder.read("out/explanations_shap/out.csv").split(separator: "\n")
    #expect(local.first == "x_0,colour_0,idle_0,x_1,colour_1,idle_1")
    #expect(local.count == 5)
  }

  /// Ten times the rows leave the peak where it was, but for what blocks of rows more or less take.
  @Test func memoryDoesNotGrowWithRows() throws {
    defer { folder.remove() }
    let names = (0..<12).map { "idle\($0)" }
    let wide = try folder.file(
      "wide.txt",
      Self.trees.replacing("max_feature_idx=2", with: "max_feature_idx=14").replacing(
        "x colour idle", with: "x colour idle " + names.joined(separator: " ")
      ).replacing("0:1:2 none", with: "0:1:2 none" + String(repeating: " none", count: 12)))
    let peaks = try [150_000, 900_000].map { count -> Double in
      let table = folder.path("rows.parquet")
      let columns = (["idle"] + names).map { "i AS \($0)" }.joined(separator: ", ")
      let made = try assay(
        "query", rows,
        "SELECT i % 3 / 2 AS x, ['red', 'white'][1 + i % 2] AS colour, \(columns) "
          + "FROM range(\(count)) AS t(i)", "-o", table)
      #expect(made.exitCode == 0, "\(made.error)")
      let run = try Program.run(
        try Program.built("assay"), ["explain", wide, table, "-o", folder.path("values.parquet")],
        timeout: .seconds(240))
      #expect(run.status.isSuccess, "\(run.errorText)")
      return Double(run.use.peakResidentBytes) / 1e6
    }
    // The values of the rows beyond are 51 MB.
    #expect(peaks[1] < peaks[0] + 25, "\(peaks) MB")
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    defer { folder.remove() }
    let cases: [([String], String)] = [
      (["--clusters", "2", "--background", "2"], "exclude each other"),
      (["--clusters", "0"], "--clusters takes"), (["--samples", "0"], "--samples takes"),
      (["--clusters", "2", "--method", "tree"], "--clusters is for methods"),
      (["--interactions", "--method", "permutation"], "--interactions needs"),
      (["--steps", "x", "--shuffle", "2"], "--granularity fine_grained"),
      (["--direction", "bidirectional"], "belongs to --steps"), (["--granularity", "token"], "belongs to --text or"),
      (["--steps", "x", "--granularity", "token"], "timewise or fine_grained"),
      (["--text", "colour", "--granularity", "word"], "token, sentence or paragraph"),
      (["--text", "colour", "-o", "x.svg"], ".jsonl"), (["--replacement", "x"], "belongs to --text"),
      (["--method", "kernel", "--scale", "probability", "--background", "2"], "needs --method tree"),
    ]
    for (arguments, message) in cases {
      let answer = try assay(["explain", model, rows] + arguments)
      #expect(answer.exitCode == 2, "\(arguments)")
      #expect(answer.error.contains(message), "\(arguments): \(answer.error)")
    }
  }

  // MARK: One row, and steps in time

  /// In the order x, colour the second gets all that both do together; the other way round x does.
  @Test func timeDecidesWhoGetsWhatFeaturesDoTogether() throws {
    defer { folder.remove() }
    func values(_ arguments: [String]) throws -> [String: Double] {
      let answer = try assay(
        ["explain", model, rows, "--background", "zero", "--row", "1", "--json"] + arguments)
      #expect(answer.exitCode == 0, "\(answer.error)")
      let found = try answer.json()
      let features = (found["outputs"] as? [[String: Any]])?.first?["features"] as? [[String: Any]] ?? []
      return Dictionary(
        uniqueKeysWithValues: features.map { ($0["feature"] as? String ?? "", $0["shap"] as? Double ?? .nan) })
    }
    // The row of zeros has the most frequent colour, the first of three equally frequent ones.
    let forward = try values(["--steps", "x;colour"])
    let backward = try values(["--steps", "x;colour", "--direction", "anti_chronological"])
    let both = try values(["--steps", "x;colour", "--direction", "bidirectional"])
    #expect(Set(forward.keys) == ["x", "colour", "other columns"])
    for (name, value) in both { #expect(abs(value - ((forward[name] ?? 0) + (backward[name] ?? 0)) / 2) < 1e-9) }
    #expect(abs(forward.values.reduce(0, +) - backward.values.reduce(0, +)) < 1e-9)
    let fine = try values(["--steps", "x;colour", "--granularity", "fine_grained"])
    #expect(fine == ["x": forward["x"] ?? 0, "colour": forward["colour"] ?? 0, "idle": 0])
    let report = try assay("explain", model, rows, "--steps", "x;colour", "--background", "mean", "--json").json()
    #expect(report["method"] as? String == "asymmetric, chronological")
    #expect(try assay("explain", model, rows, "--steps", "x_{t}").error.contains("no column fits x_{t}"))
    #expect(try assay("explain", model, rows, "--steps", "x", "--method", "tree").error.contains("no order in time"))
  }

  @Test func pairsAreTheSameWhoeverFindsThem() throws {
    defer { folder.remove() }
    let found = try ["tree", "kernel"].map { method -> [Double] in
      let answer = try assay(
        "explain", model, rows, "--interactions", "--background", rows, "--method", method, "--json")
      let pairs = try #require(try answer.json()["interactions"] as? [[String: Any]], "\(answer.error)")
      return pairs.compactMap { $0["value"] as? Double }
    }
    #expect(found[0].count == 3 && zip(found[0], found[1]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found)")
    #expect(found[0][0] > 0)
  }

  /// The trees of an ensemble, by the columns of the table: values and pairs are exact, without asking for predictions.
  @Test func theTreesOfAnEnsembleTellPairs() throws {
    defer { folder.remove() }
    var text = "a,b,day,city,y\n"
    for row in 0..<240 {
      let (a, b) = (row * 7 % 11, row * 5 % 13)
      let y = Double((a > 5 ? 1 : 0) * b) + Double(row * 3 % 17) / 17
      text += "\(a),\(b),2026-0\(1 + row % 9)-11,\(["Rome", "Oslo"][row % 2]),\(y)\n"
    }
    let train = try folder.file("train.csv", text)
    let bundle = folder.path("bundle")
    let trained = try assay(
      "automl", train, "--target", "y", "--max-candidates", "2", "--preset", "quick", "--time-limit", "120", "-o",
      bundle)
    #expect(trained.exitCode == 0, "\(trained.error)")
    let folders = try FileManager.default.contentsOfDirectory(atPath: bundle + "/candidates").sorted().map {
      bundle + "/candidates/" + $0
    }
    var explained = 0
    for candidate in folders {
      let answer = try assay("explain", candidate, train, "--method", "tree", "--interactions", "--json")
      if answer.exitCode == 1 {
        #expect(answer.error.contains("no sum of trees"), "\(answer.error)")
        continue
      }
      explained += 1
      let report = try answer.json()
      #expect(report["rows"] as? Int == 240)
      #expect(report["method"] as? String == "tree")
      #expect(report["unit"] as? String == "prediction")
      #expect(try #require(report["additivity_error"] as? Double) < 1e-4)
      let pairs = try #require(report["interactions"] as? [[String: Any]])
      #expect(pairs.count == 6)
      #expect(Set(pairs.first?["features"] as? [String] ?? []) == ["a", "b"], "\(pairs)")
      let local = folder.path("local.csv")
      _ = try assay("explain", candidate, train, "--method", "tree", "--background", "20", "-o", local)
      let predicted = try assay("predict", candidate, train, "--format", "csv")
      #expect(predicted.exitCode == 0, "\(predicted.error)")
      let lines = try folder.read("local.csv").split(separator: "\n").map { $0.split(separator: ",") }
      let told = predicted.output.split(separator: "\n").map { $0.split(separator: ",") }
      let (place, other) = (lines[0].firstIndex(of: "prediction"), told[0].firstIndex(of: "prediction"))
      for row in 1...240 {
        let mine = Double(lines[row][try #require(place)]) ?? .nan
        #expect(abs(mine - (Double(told[row][try #require(other)]) ?? .nan)) < 1e-4)
      }
    }
    #expect(explained > 0)
  }

  // MARK: Beyond values

  /// Forty rows of the trees above: f = 2 for x above a half, and 1 more where the colour is red or blue too.
  private func many() throws -> String {
    var text = "idle,colour,x,sex,y\n"
    for row in 0..<40 {
      let (x, colour) = (Double(row % 10) / 10, ["red", "white", "blue", "white"][row % 4])
      let y = (x > 0.5 ? 2 : 0) + (x > 0.5 && colour != "white" ? 1 : 0)
      text += "\(row * 7 % 5),\(colour),\(x),\(row % 10 > 6 ? "m" : "f"),\(y)\n"
    }
    return try folder.file("many.csv", text)
  }

  @Test func effectsStepWhereTheModelDoes() throws {
    defer { folder.remove() }
    let rows = try many()
    let report = try assay("explain", model, rows, "--effects", "2", "--json").json()
    let effects = try #require(report["pdp"] as? [[String: Any]])
    #expect(effects.map { $0["feature_name"] as? String } == ["x", "colour"])
    let numbers = try #require(effects[0]["numbers"] as? [Double])
    let means = try #require(effects[0]["model_predictions"] as? [[Double]])
    // Half the rows are red or blue.
    for (x, mean) in zip(numbers, means[0]) { #expect(abs(mean - (x > 0.5 ? 2.5 : 0)) < 1e-9, "\(x)") }
    let shares = try #require(effects[0]["data_distribution"] as? [Double])
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    let accumulated = try #require(effects[0]["ale"] as? [Double])
    // The rows between 0.5 and 0.6, whose change it is, are all red or blue.
    #expect(abs((accumulated.last ?? 0) - (accumulated.first ?? 0) - 3) < 1e-9)
    let curves = try #require(effects[0]["ice"] as? [[Double]])
    #expect(curves.count == 40)
    #expect(Set(curves.map { $0.last ?? 0 }) == [2, 3])
    #expect(effects[1]["feature_values"] as? [String] == ["white", "red", "blue"])
    #expect(effects[1]["ale"] == nil || effects[1]["ale"] is NSNull)
    let file = folder.path("out/analysis.json")
    #expect(try assay("explain", model, rows, "--effects", "1", "-o", file).exitCode == 0)
    #expect(try folder.read("out/analysis.json").contains("\"data_type\""))
    let picture = folder.path("pdp.svg")
    #expect(try assay("explain", model, rows, "--effects", "1", "--chart", "effects", "-o", picture).exitCode == 0)
    #expect(try folder.read("pdp.svg").contains("<svg"))
  }

  @Test func aGroupsGapIsTheSumOfItsFeatures() throws {
    defer { folder.remove() }
    let rows = try many()
    let answer = try assay("explain", model, rows, "--group", "sex=m", "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let found = try #require(answer.json()["group_difference"] as? [String: Any])
    let parts = try #require(found["features"] as? [[String: Any]])
    let sum = parts.compactMap { $0["value"] as? Double }.reduce(0, +)
    // Of the twelve rows of m eight have 2 and four 3; of the others four have 3 and the rest nothing.
    #expect(abs(sum - (try #require(found["difference"] as? Double))) < 1e-5)
    #expect(abs(sum - (12.0 / 28 - 28.0 / 12)) < 1e-5)
    #expect(parts.first?["feature"] as? String == "x")
    #expect((found["d"] as? [String: Any])?["rows"] as? Int == 12)
    let text = try assay("explain", model, rows, "--group", "sex=m").output
    #expect(text.contains("d, sex = m: 12 rows"), "\(text)")
    #expect(try assay("explain", model, rows, "--group", "sex=x").error.contains("there are no two groups"))
    #expect(try assay("explain", model, rows, "--group", "sax=x").error.contains("There is no column \"sax\""))
  }

  @Test func shuffledFeaturesTellTheirWorth() throws {
    defer { folder.remove() }
    let rows = try many()
    let answer = try assay("explain", model, rows, "--shuffle", "4", "--label", "y", "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let found = try #require(answer.json()["permutation_importance"] as? [[String: Any]])
    #expect(found.map { $0["feature"] as? String } == ["x", "colour", "idle"])
    #expect(found[2]["value"] as? Double == 0)
    let (value, low, high) = (found[0]["value"] as? Double, found[0]["low"] as? Double, found[0]["high"] as? Double)
    #expect((low ?? 0) <= (value ?? 0) && (value ?? 0) <= (high ?? 0) && (value ?? 0) > 1)
    #expect(try assay("explain", model, rows, "--shuffle", "2").error.contains("--label COLUMN"))
  }

  @Test func aModelOfNumbersDecidesNothing() throws {
    defer { folder.remove() }
    let rows = try many()
    #expect(try assay("explain", model, rows, "--flip", "1").error.contains("there is no decision to flip"))
    #expect(try assay("explain", model, rows, "--flip", "99").error.contains("there are 40 rows"))
  }
}
