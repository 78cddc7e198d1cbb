import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

@Suite(.serialized) struct BiasCommandTests {
  private let folder: TemporaryFolder
  private let file: String

  /// Women are paid less; the older ones of both are paid more. Predictions repeat the pay but for every ninth row.
  init() throws {
    folder = try TemporaryFolder()
    file = try folder.file("people.csv", Self.table(share: 3))
  }

  private static func table(share: Int) -> String {
    var text = "sex,age,city,pay,guess,chance\n"
    for row in 0..<240 {
      let age = 20 + row * 7 % 40
      let isWoman = row % 2 == 0
      let isHigh = isWoman ? row % (2 * share) == 0 : row % 4 == 1
      let guess = row % 9 == 0 ? !isHigh : isHigh
      text += "\(isWoman ? "F" : "M"),\(age),\(["Rome", "Oslo", "Bern"][row % 3]),\(isHigh ? "high" : "low"),"
      text += "\(guess ? "high" : "low"),\(guess ? 0.8 : 0.1)\n"
    }
    return text
  }

  private func bias(_ more: String...) throws -> Answer { try bias(more) }

  private func bias(_ more: [String]) throws -> Answer {
    try assay(["bias", file, "--label", "pay", "--positive", "high"] + more)
  }

  private func metrics(_ facet: [String: Any]) -> [String: [String: Any]] {
    let list = facet["metrics"] as? [[String: Any]] ?? []
    return Dictionary(list.map { ($0["name"] as? String ?? "", $0) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: JSON

  @Test func jsonHasTheShapeOfTheFormat() throws {
    defer { folder.remove() }
    let answer = try bias("--facet", "sex=F", "--facet", "age>40", "--predicted", "guess", "--group", "city", "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let report = try answer.json()
    #expect(report["rows_used"] as? Int == 240 && report["rows_missing"] as? Int == 0)
    let facets = try #require(report["facets"] as? [[String: Any]])
    #expect(facets.map { $0["facet"] as? String } == ["sex", "age"])
    #expect(facets[0]["value"] as? String == "F" && facets[1]["value"] as? String == "(40, 59]")
    for facet in facets {
      #expect(facet["counts"] is [String: Any])
      let found = metrics(facet)
      let names = "CI DPL KL JS LP TVD KS CDDL DPPL DI DCA DCR RD SD DAR DRR AD TE CDDPL FT GE".split(separator: " ")
      #expect(Set(found.keys) == Set(names.map(String.init)))
      for (name, metric) in found {
        #expect(Set(metric.keys).isSuperset(of: ["name", "value", "low", "high", "verdict"]), "\(name)")
        #expect(metric["value"] is NSNull == (metric["error"] != nil), "\(name)")
      }
    }
    #expect(metrics(facets[0])["DPL"]?["value"] as? Double ?? 0 > 0.1)
  }

  @Test func infinitiesAreTexts() throws {
    defer { folder.remove() }
    let table = try folder.file("few.csv", "g,y\na,x\na,z\na,x\nd,z\nd,z\n")
    let answer = try assay("bias", table, "--label", "y", "--positive", "x", "--facet", "g=d", "--json", "--draws", "0")
    let facets = try #require(try answer.json()["facets"] as? [[String: Any]])
    #expect(metrics(facets[0])["KL"]?["value"] as? String == "Infinity", "\(answer.error)")
  }

  @Test func aLabelOfSeveralClassesHasTheWholeDistributionBeside() throws {
    defer { folder.remove() }
    var text = "g,y\n"
    for row in 0..<60 { text += "\(row % 2 == 0 ? "a" : "d"),\(["no", "wait", "yes"][row % 5 % 3])\n" }
    let table = try folder.file("three.csv", text)
    let answer = try assay("bias", table, "--label", "y", "--positive", "yes", "--facet", "g=d", "--json")
    let facets = try #require(try answer.json()["facets"] as? [[String: Any]])
    let full = try #require(facets[0]["full"] as? [[String: Any]])
    #expect(Set(full.compactMap { $0["name"] as? String }) == ["KL", "JS", "LP", "TVD", "KS"])
    #expect(try bias("--facet", "sex=F", "--json").json().isEmpty == false)
  }

  @Test func theSameSeedGivesTheSameText() throws {
    defer { folder.remove() }
    let first = try bias("--facet", "sex", "--json", "--seed", "3").output
    #expect(try bias("--facet", "sex", "--json", "--seed", "3").output == first)
    #expect(try bias("--facet", "sex", "--json", "--seed", "4").output != first)
  }

  // MARK: Text

  @Test func theTextNamesBothGroupsAndTheVerdicts() throws {
    defer { folder.remove() }
    let text = try bias("--facet", "sex", "--limit", "DPL=0.01").output
    #expect(text.contains("sex = F (d) against sex = M (a)") && text.contains("sex = M (d) against sex = F (a)"))
    #expect(text.contains("verdict") && text.contains("! outside"))
    #expect(text.hasPrefix("pay, positive is high: 240 rows used, none lacks a value."))
  }

  @Test func smallGroupsAreMarked() throws {
    defer { folder.remove() }
    #expect(try bias("--facet", "sex=F", "--small-group", "200").output.contains("! Small group"))
    #expect(try !bias("--facet", "sex=F").output.contains("Small group"))
  }

  @Test func partsOfTheRowsAndCombinedGroupsAreReportedOn() throws {
    defer { folder.remove() }
    let answer = try bias(
      "--facet", "sex", "--facet", "city", "--intersections", "--segment", "age=[20, 39];(39, 60]", "--json")
    let report = try answer.json()
    #expect((report["segments"] as? [[String: Any]])?.count == 3, "\(answer.error)")
    #expect((report["intersections"] as? [[String: Any]] ?? []).count >= 3)
  }

  @Test func theKindOfAColumnCanBeSaid() throws {
    defer { folder.remove() }
    let number = try bias("--facet", "age=40", "--facet-kind", "age=continuous", "--json").json()
    let value = try bias("--facet", "age=40", "--json").json()
    func first(_ report: [String: Any]) -> String? {
      (report["facets"] as? [[String: Any]])?.first?["value"] as? String
    }
    #expect(first(number) == "(40, 59]" && first(value) == "40")
    #expect(try bias("--facet", "age", "--facet-kind", "age=continuous").exitCode == 2)
  }

  // MARK: Exit codes

  @Test func aRuleThatHoldsEndsWithThree() throws {
    defer { folder.remove() }
    let fails = try bias("--facet", "sex=F", "--fail-on", "DPL>0.05", "--json")
    #expect(fails.exitCode == 3 && fails.error.contains("DPL of sex = F is"))
    #expect(try fails.json()["facets"] != nil)
    #expect(try bias("--facet", "sex=F", "--fail-on", "DPL>0.9").exitCode == 0)
    #expect(try bias("--facet", "sex=M", "--fail-on", "|DPL|>=0.05").exitCode == 3)
    #expect(try bias("--facet", "sex=M", "--fail-on", "DPL>=0.05").exitCode == 0)
    #expect(
      try bias("--facet", "sex=F", "--fail-on", "DPL>0.9", "--fail-on", "outside", "--limit", "DPL=0.01").exitCode == 3)
    #expect(try bias("--facet", "sex=F", "--fail-on", "DI<0.99", "--score", "chance").exitCode == 3)
    for (rule, part) in [
      ("DPX>1", "Did you mean DPL?"), ("XYZ>1", "CI DPL KL JS"), ("DPL", "no rule"), ("DPL>much", "no number"),
      ("|DPX|>1", "\"DPX\" is no bias metric"),
    ] {
      let wrong = try bias("--facet", "sex=F", "--fail-on", rule)
      #expect(wrong.exitCode == 2 && wrong.error.contains("--fail-on") && wrong.error.contains(part), "\(wrong.error)")
    }
  }

  @Test func aRuleOfAMetricWithoutAValueIsNotPassedOverInSilence() throws {
    defer { folder.remove() }
    let answer = try bias("--facet", "sex=F", "--fail-on", "CDDL>0.1")
    #expect(answer.exitCode == 0 && answer.error.contains("CDDL of sex = F cannot be computed"))
  }

  @Test func driftIsToldFromABaseline() throws {
    defer { folder.remove() }
    let later = try folder.file("later.csv", Self.table(share: 12))
    let same = try assay(
      "bias", file, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--drift", file, "--fail-on",
      "violation")
    #expect(same.exitCode == 0, "\(same.error)")
    let moved = try assay(
      "bias", later, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--drift", file, "--fail-on",
      "violation",
      "--json")
    #expect(moved.exitCode == 3, "\(moved.error)")
    let entries = try #require(try moved.json()["entries"] as? [[String: Any]])
    #expect(entries.contains { $0["metric"] as? String == "DPL" && $0["distance"] as? String == "violation" })
  }

  // MARK: Models and studies

  @Test(arguments: ["quick", "boosted"]) func aModelMakesTheWholeReport(model: String) throws {
    defer { folder.remove() }
    let answer = try bias("--facet", "sex=F", "--model", model, "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let facets = try #require(try answer.json()["facets"] as? [[String: Any]])
    #expect(metrics(facets[0])["AD"]?["value"] is Double)
    #expect(metrics(facets[0]).count == 21)
  }

  @Test func simpsonAndThresholdsAreStudiesOfTheirOwn() throws {
    defer { folder.remove() }
    let simpson = try bias("--facet", "sex=F", "--study", "simpson", "--json")
    #expect((try simpson.json()["findings"] as? [Any])?.isEmpty == false, "\(simpson.error)")
    let thresholds = try bias(
      "--facet", "sex=F", "--study", "thresholds", "--score", "chance", "--trade", "RD", "--json")
    #expect(try thresholds.json()["metric"] as? String == "RD", "\(thresholds.error)")
    #expect(try bias("--facet", "sex=F", "--study", "thresholds").exitCode == 2)
    let mending = try bias(
      "--facet", "sex=F", "--study", "mending", "--group", "city", "--predicted", "guess", "--json")
    let outcomes = try #require(try mending.json()["outcomes"] as? [[String: Any]], "\(mending.error)")
    #expect(outcomes.map { $0["way"] as? String } == [nil, "reweigh", "resample", "resample-to-equal-cells"])
    #expect(metrics(outcomes[1])["CDDL"]?["value"] is Double && metrics(outcomes[1])["CDDPL"]?["value"] is Double)
    #expect(abs(metrics(outcomes[1])["DPL"]?["value"] as? Double ?? 1) < 1e-12)
    #expect(metrics(outcomes[2])["CDDL"]?["expected"] as? Bool == true)
  }

  @Test func driftWithAModelSaysWhichModelItIs() throws {
    defer { folder.remove() }
    let later = try folder.file("later.csv", Self.table(share: 12))
    let moved = try assay(
      "bias", later, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--drift", file, "--model", "quick",
      "--without", "guess", "--without", "chance", "--json")
    #expect(moved.exitCode == 0, "\(moved.error)")
    let model = try #require(try moved.json()["model"] as? [String: Any])
    #expect(model["trained_rows"] as? Int == 192 && model["held_out_rows"] as? Int == 48)
    #expect((try moved.json()["attribution"] as? [String: Any])?["ndcg"] is Double)
  }

  @Test func theHighestOfSeveralScoresIsThePrediction() throws {
    defer { folder.remove() }
    var text = "g,y,p_no,p_wait,p_yes\n"
    for row in 0..<60 {
      let place = row % 3
      text += "\(row % 2 == 0 ? "a" : "d"),\(["no", "wait", "yes"][place]),"
      text +=
        (0..<3).map { $0 == (row % 10 == 0 ? (place + 1) % 3 : place) ? "0.5" : "0.25" }.joined(separator: ",") + "\n"
    }
    let table = try folder.file("scores.csv", text)
    let asked = ["bias", table, "--label", "y", "--positive", "yes", "--facet", "g=d", "--json", "--scores"]
    let answer = try assay(asked + ["p_no,p_wait,p_yes"])
    #expect(answer.exitCode == 0, "\(answer.error)")
    let performance = try #require(try answer.json()["performance"] as? [String: Any])
    let classes = try #require(performance["classes"] as? [[String: Any]])
    #expect(classes.reduce(0) { $0 + ($1["rows"] as? Int ?? 0) } == 60 && classes.count == 6)
    let turned = try assay(asked + ["p_no,p_wait,p_yes", "--score-labels", "yes,wait,no"])
    #expect(turned.exitCode == 0 && turned.output != answer.output)
    let unknown = try assay(asked + ["p_no,g"])
    #expect(unknown.exitCode == 1, "\(unknown.error)")
    #expect(try assay(asked + ["p_no,p_yes", "--predicted", "y"]).exitCode == 2)
  }

  @Test func threeFacetsAreCombinedWhenAsked() throws {
    defer { folder.remove() }
    let answer = try bias(
      "--facet", "sex", "--facet", "city", "--facet", "age>40", "--intersection", "sex,city,age", "--json")
    let found = try #require(try answer.json()["intersections"] as? [[String: Any]], "\(answer.error)")
    #expect(found.count == 12 && found.allSatisfy { ($0["parts"] as? [String])?.count == 3 })
    #expect(try bias("--facet", "sex", "--intersection", "sex").exitCode != 0)
    #expect(try bias("--facet", "sex", "--intersection", "sex,pay").error.contains("none itself"))
  }

  // MARK: Files

  @Test func aFlowIsReadAtAStep() throws {
    defer { folder.remove() }
    let flow = folder.path("people.flow")
    var made = FlowFile(name: "people")
    let source = made.graph.addSource(Source(location: file))
    try made.graph.add(.filter("age > 40"), after: source)
    try made.write(to: flow)
    let answer = try assay(
      "bias", flow, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--json", "--draws", "0")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let used = try #require(try answer.json()["rows_used"] as? Int)
    #expect(used > 0 && used < 240)
    let whole = try assay(
      "bias", flow, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--json", "--node", "s1")
    #expect(try whole.json()["rows_used"] as? Int == 240)
  }

  @Test func reportsAreWrittenAsTheEndingSays() throws {
    defer { folder.remove() }
    for name in ["report.md", "report.svg", "report.json", "analysis.json"] {
      let answer = try bias("--facet", "sex", "--predicted", "guess", "-o", folder.path(name))
      #expect(answer.exitCode == 0 && answer.output.isEmpty, "\(name): \(answer.error)")
      #expect(try !folder.read(name).isEmpty)
    }
    #expect(try folder.read("report.md").hasPrefix("# Bias report of people.csv\n"))
    let text = try folder.read("analysis.json")
    let analysis = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(analysis.keys) == ["version", "pre_training_bias_metrics", "post_training_bias_metrics"])
    let pre = try #require(analysis["pre_training_bias_metrics"] as? [String: Any])
    #expect(pre["label"] as? String == "pay" && pre["label_value_or_threshold"] as? String == "high")
    let sex = try #require((pre["facets"] as? [String: Any])?["sex"] as? [[String: Any]])
    #expect(sex.map { $0["value_or_threshold"] as? String } == ["F", "M"])
    let names = (sex[0]["metrics"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names == ["CDDL", "CI", "DPL", "JS", "KL", "KS", "LP", "TVD"])
    #expect(try bias("--facet", "sex", "-o", folder.path("report.xls")).exitCode == 1)
  }

  @Test func aConfigurationOfClarifyTakesThePlaceOfOptions() throws {
    defer { folder.remove() }
    let config = try folder.file(
      "analysis_config.json",
      #"{"label": "pay", "label_values_or_threshold": ["high"], "facet": [{"name_or_index": "sex", "value_or_threshold": ["F"]}], "methods": {"pre_training_bias": {"methods": ["DPL"]}, "post_training_bias": {"methods": "all"}}}"#
    )
    let answer = try assay("bias", file, "--config", config, "--json")
    #expect(answer.exitCode == 0 && answer.error.contains("--predicted"), "\(answer.error)")
    let facets = try #require(try answer.json()["facets"] as? [[String: Any]])
    #expect(metrics(facets[0])["DPL"]?["value"] is Double && metrics(facets[0])["CI"] == nil)
    #expect(try assay("bias", file, "--config", folder.path("none.json")).exitCode == 1)
  }

  @Test(arguments: ["G1", "G2", "G4", "G5", "G6"]) func theLibraryIsReproduced(name: String) throws {
    defer { folder.remove() }
    let goldens =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
      + "/FairnessTests/Goldens/"
    let data = try #require(FileManager.default.contents(atPath: goldens + name + ".json"))
    let golden = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let (label, facet) = try (#require(golden["label"] as? String), #require(golden["facet"] as? String))
    func words(_ key: String) -> [String] { (golden[key] as? [Any] ?? []).map { "\($0)" } }
    let isNumber = name == "G4"
    var arguments = ["bias", goldens + name + ".csv", "--label", label, "--compat", "smclarify", "--json"]
    arguments +=
      isNumber ? ["--label-threshold", "3"] : ["--positive", words("positive_label_values").joined(separator: ",")]
    let values = words("facet_values").joined(separator: ",")
    arguments += ["--facet", values.isEmpty ? facet : isNumber ? "\(facet)>\(values)" : "\(facet)=\(values)"]
    if let predicted = golden["predicted"] as? String { arguments += ["--predicted", predicted] }
    if let group = golden["group"] as? String { arguments += ["--group", group] }
    if golden["label_cast_to_category"] as? Bool == true {
      arguments += ["--facet-kind", "\(label)=categorical"]
      if let predicted = golden["predicted"] as? String { arguments += ["--facet-kind", "\(predicted)=categorical"] }
    }
    // Its stratum is a text, which the flip test cannot measure.
    if name == "G1" { arguments += ["--feature", "x1", "--feature", "x2"] }
    let answer = try assay(arguments)
    #expect(answer.exitCode == 0, "\(answer.error)")
    let facets = try #require(try answer.json()["facets"] as? [[String: Any]])
    for stage in ["pre", "post"] {
      for (index, entry) in (golden[stage] as? [[String: Any]] ?? []).enumerated() {
        for metric in entry["metrics"] as? [[String: Any]] ?? [] {
          let short = metric["name"] as? String ?? ""
          let found = metrics(facets[index])[short]?["value"]
          if let value = metric["value"] as? Double {
            #expect(abs((found as? Double ?? .nan) - value) < 1e-9, "\(name) \(short): \(found ?? "none")")
          }
        }
      }
    }
  }

  // MARK: Bad input

  @Test func whatCannotBeMeantIsRefused() throws {
    defer { folder.remove() }
    func told(_ arguments: [String], _ code: Int32, _ part: String) throws {
      let answer = try assay(["bias", file] + arguments)
      #expect(answer.exitCode == code && answer.output.isEmpty, "\(arguments): \(answer.exitCode ?? -1)")
      #expect(answer.error.contains(part), "\(arguments): \(answer.error)")
      #expect(answer.error.filter { $0 == "\n" }.count == 1, "\(answer.error)")
    }
    let good = ["--label", "pay", "--positive", "high"]
    try told(good, 2, "--facet")
    try told(["--label", "pay", "--facet", "sex"], 2, "--positive")
    try told(["--facet", "sex", "--positive", "high"], 2, "--label")
    try told(good + ["--facet", "sxe"], 1, "Did you mean \"sex\"?")
    try told(["--label", "pya", "--positive", "high", "--facet", "sex"], 1, "Did you mean \"pay\"?")
    try told(good + ["--facet", "pay"], 1, "pay")
    try told(good + ["--facet", "city>3"], 1, "numbers")
    try told(["--label", "pay", "--label-threshold", "3", "--facet", "sex"], 1, "numbers")
    try told(["--label", "pay", "--positive", "hihg", "--facet", "sex"], 1, "high")
    try told(good + ["--facet", "age>x"], 2, "no number")
    try told(good + ["--facet", "sex", "--predicted", "guess", "--score", "chance"], 2, "one of")
    try told(good + ["--facet", "sex", "--confidence", "2"], 2, "--confidence")
    try told(good + ["--facet", "sex", "--metrics", "DPL,QQ"], 2, "QQ")
    try told(good + ["--facet", "sex", "--limit", "DPX=1"], 2, "Did you mean DPL?")
    try told(good + ["--facet", "sex", "--limit", "DPL=much"], 2, "no limit of DPL")
    try told(
      good + ["--facet", "sex", "--study", "thresholds", "--score", "chance", "--trade", "RX"], 2, "Did you mean")
    try told(good + ["--facet", "sex", "--score-labels", "a,b"], 2, "--scores")
    try told(good + ["--facet", "sex", "--fail-on", "alert"], 2, "--drift")
  }

  @Test func emptyTablesAndLabelsOfOneClassAreTold() throws {
    defer { folder.remove() }
    let header = try folder.file("header.csv", "sex,pay\n")
    let none = try assay("bias", header, "--label", "pay", "--positive", "high", "--facet", "sex")
    #expect(none.exitCode == 1 && none.error.contains("no rows"), "\(none.error)")
    let all = try folder.file("all.csv", "sex,pay\nF,high\nM,high\nF,high\nM,high\n")
    let same = try assay("bias", all, "--label", "pay", "--positive", "high", "--facet", "sex=F", "--json")
    let facets = try #require(try same.json()["facets"] as? [[String: Any]])
    #expect(same.exitCode == 0 && metrics(facets[0])["DPL"]?["value"] as? Double == 0)
    let gone = try folder.file("gone.csv", "sex,pay\n,high\n,low\n")
    #expect(try assay("bias", gone, "--label", "pay", "--positive", "high", "--facet", "sex").exitCode == 1)
  }

  @Test func namesWithSignsAreNamesFirst() throws {
    defer { folder.remove() }
    let table = try folder.file("signs.csv", "a=b,\"c,d\",y\nx,p,1\nz,q,0\nx,p,1\nz,q,1\n")
    let plain = try assay("bias", table, "--label", "y", "--positive", "1", "--facet", "a=b", "--json", "--draws", "0")
    #expect(((try plain.json()["facets"] as? [Any])?.count) == 2, "\(plain.error)")
    let value = try assay(
      "bias", table, "--label", "y", "--positive", "1", "--facet", "a=b=x", "--json", "--draws", "0")
    #expect(((try value.json()["facets"] as? [Any])?.count) == 1, "\(value.error)")
  }
}
