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
      ([model, rows, "--output", "probability"], "needs --background"),
      ([model, rows, "--output", "log-loss", "--background", "2"], "needs --label"),
      ([model, rows, "--output", "log-loss", "--background", "2", "--label", "nope"], "There is no column \"nope\""),
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
}
