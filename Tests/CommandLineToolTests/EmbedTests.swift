import Foundation
import ProgramDriver
import Testing

@Suite(.serialized) struct EmbedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Sentences of two topics, and a table of the same with their topic.
  private func texts() throws -> (lines: String, table: String) {
    let topics = [["apple", "pear", "plum", "sweet", "ripe"], ["iron", "zinc", "steel", "heavy", "rust"]]
    var state: UInt64 = 3
    var lines = ""
    var table = "body,kind\n"
    for row in 0..<300 {
      let words = (0..<10).map { _ -> String in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return topics[row % 2][Int(state >> 33) % 5]
      }
      lines += words.joined(separator: " ") + "\n"
      table += "\"\(words.joined(separator: ", ").capitalized)!\",\(row % 2 == 0 ? "fruit stall" : "metal")\n"
    }
    return (try folder.file("lines.txt", lines), try folder.file("table.csv", table))
  }

  private let small = [
    "--dim", "20", "--minCount", "1", "--epoch", "10", "-t", "0", "--bucket", "5000", "--threads", "1",
  ]

  @Test func trainedVectorsAnswerQuestions() throws {
    defer { folder.remove() }
    let source = try texts().lines
    let pairs = try folder.file("pairs.tsv", "apple\tpear\t9\napple\tiron\t1\nzinc\tsteel\t8\nzinc\tboat\t8\n")
    let model = folder.path("model")
    let trained = try assay(
      ["embed", "train", source, "--mode", "skipgram", "-o", model, "--similarity", pairs, "--binary", "--json"] + small
    )
    #expect(trained.exitCode == 0, "\(trained.error)")
    let report = try trained.json()
    #expect(report["vocabulary"] as? Int == 10)
    #expect(report["words"] as? Int == 3000)
    #expect((report["epochs"] as? [Any])?.count == 10)
    #expect((report["similarity"] as? [Any])?.count == 10)
    let files = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
    #expect(files == ["eval.json", "vectors.bin", "vectors.txt", "vectors.word2vec.bin"])

    let fruit: Set = ["pear", "plum", "sweet", "ripe"]
    for file in ["vectors.txt", "vectors.bin", "vectors.word2vec.bin"] {
      let near = try assay("embed", "neighbors", model + "/" + file, "apple", "-k", "4", "--json")
      let found = try JSONSerialization.jsonObject(with: Data(near.output.utf8)) as? [[String: Any]]
      let words = (found?.first?["neighbors"] as? [[String: Any]])?.compactMap { $0["word"] as? String }
      #expect(Set(words ?? []) == fruit)
    }
    let analogy = try assay("embed", "analogy", model + "/vectors.txt", "apple", "pear", "iron", "-k", "2")
    #expect(analogy.output.hasPrefix("apple pear iron"))
    let like = try assay("embed", "similarity", model + "/vectors.bin", "apple ripe", "plum", "--json").json()
    #expect((like["similarity"] as? Double ?? 0) > 0.5)
    let judged = try assay("embed", "evaluate", model + "/vectors.txt", "--similarity", pairs)
    #expect(judged.output.hasPrefix("pairs.tsv: Spearman ") && judged.output.hasSuffix(" over 3 of 4 pairs\n"))
  }

  @Test func aColumnTrainsAClassifierThatLabelsAColumn() throws {
    defer { folder.remove() }
    let table = try texts().table
    let model = folder.path("model")
    let trained = try assay(
      [
        "embed", "train", table, "--text", "body", "--label", "kind", "--mode", "supervised", "-o", model, "--lr",
        "0.5",
      ]
        + small.filter { $0 != "-t" && $0 != "0" } + ["--validation", table])
    #expect(trained.exitCode == 0, "\(trained.error)")
    #expect(trained.output.hasPrefix("300 texts, 2 labels, 10 words known, 10 epochs\n"))
    #expect(trained.output.contains("validation accuracy 1.000"))
    let labels = try assay(
      "embed", "classify", model + "/model.bin", table, "--text", "body", "-k", "2", "-o", folder.path("labels.csv"))
    #expect(labels.exitCode == 0, "\(labels.error)")
    let rows = try folder.read("labels.csv").split(separator: "\n")
    #expect(rows.first == "label_1,probability_1,label_2,probability_2")
    #expect(rows.count == 301)
    #expect(rows[1].hasPrefix("__label__fruit-stall,") && rows[2].hasPrefix("__label__metal,"))
    let lines = try folder.file("new.txt", "ripe plum\nrust")
    #expect(try assay("embed", "classify", model + "/model.bin", lines).output.split(separator: "\n").count == 3)
  }

  @Test func aColumnBecomesColumnsOfNumbers() throws {
    defer { folder.remove() }
    let vectors = try folder.file("v.txt", "2 2\nripe 3 0\nrust 0 2\n")
    let table = try folder.file("t.csv", "id,body\n1,\"Ripe!\"\n2,\n3,nothing known\n4,ripe rust\n")
    let alone = try assay("embed", "encode", vectors, table, "--text", "body", "--format", "csv")
    #expect(
      alone.output
        == "v_1,v_2\n1.0,0.0\n,\n0.0,0.0\n0.5,0.5\n",
      "\(alone.error)")
    let file = folder.path("out.csv")
    let beside = try assay("embed", "encode", vectors, table, "--text", "body", "--keep-columns", "-o", file)
    #expect(beside.exitCode == 0, "\(beside.error)")
    #expect(try folder.read("out.csv").hasPrefix("id,body,v_1,v_2\n1,Ripe!,1.0"))
  }

  @Test func wordsAreComparedInGroupsAndLaidOut() throws {
    defer { folder.remove() }
    let vectors = try folder.file(
      "v.txt", "6 2\nhe 1 0\nshe 0 1\ncaptain 3 0.1\nsailor 2 0.3\nnurse 0.1 2\nmaid 0.2 3\n")
    let odd = try assay("embed", "odd", vectors, "captain", "maid", "sailor")
    #expect(odd.output.split(separator: "\n").first { $0.contains("maid") }?.contains("0.1") == true, "\(odd.error)")
    #expect(odd.output.range(of: "maid").map { $0.lowerBound < odd.output.range(of: "captain")!.lowerBound } == true)
    let asked = [
      "embed", "weat", vectors, "--first", "captain,sailor", "--second", "nurse,maid", "--attributes", "he,He",
      "--opposites", "she,She",
    ]
    let test = try assay(asked)
    #expect(test.exitCode == 0, "\(test.error)")
    #expect(test.output.hasPrefix("effect size 1."))
    #expect(test.output.contains("p 0.167, of all 6 divisions\n"))
    let json = try assay(asked + ["--json"]).json()
    #expect(json["isExact"] as? Bool == true)
    let few = try assay(asked.map { $0 == "he,He" ? "he" : $0 })
    #expect(
      few.exitCode == 1 && few.error.contains("the attributes he: it takes at least two words that have a vector"))
    let places = try assay("embed", "map", vectors, "--format", "csv")
    #expect(places.output.split(separator: "\n").count == 7, "\(places.error)")
    #expect(places.output.hasPrefix("word,x,y\nhe,"))
    let drawn = try assay("embed", "map", vectors, "--method", "tsne", "--rounds", "60", "--glyphs", "ascii")
    #expect(drawn.output.contains("t-SNE"), "\(drawn.error)")
    let rare = try assay("embed", "map", vectors, "-n", "2", "--highlight", "nurse", "--format", "csv")
    #expect(rare.output.split(separator: "\n").count == 4)
  }

  @Test func severalModelsAnswerSideBySide() throws {
    defer { folder.remove() }
    let first = try folder.file("a.txt", "3 2\nred 1 0\nrose 2 0.1\niron 0 1\n")
    let second = try folder.file("b.txt", "3 2\nred 1 0\nrose 0 1\niron 3 0.2\n")
    let beside = try assay("embed", "neighbors", first, "red", "--beside", second, "-k", "1")
    #expect(beside.exitCode == 0, "\(beside.error)")
    let row = beside.output.split(separator: "\n").last ?? ""
    #expect(row.contains("rose") && row.contains("iron"), "\(beside.output)")
    let json = try assay("embed", "neighbors", first, "red", "--beside", second, "--json")
    let found = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(found?.compactMap { $0["model"] as? String } == [first, second])
  }

  @Test func aColumnIsSearchedByMeaning() throws {
    defer { folder.remove() }
    let vectors = try folder.file("v.txt", "4 2\nripe 3 0\nplum 2 0.2\nrust 0 2\nzinc 0.1 3\n")
    let table = try folder.file("t.csv", "id,body\n1,\"Rust, zinc\"\n2,\n3,A plum!\n4,nothing known\n")
    let search = ["embed", "search", vectors, table, "--text", "body", "ripe"]
    // Vectors are kept there from one search to the next.
    let home = ["HOME": folder.path("home")]
    let found = try assay(search + ["--json"], environment: home)
    #expect(found.exitCode == 0, "\(found.error)")
    let rows = try found.json()["rows"] as? [[String: Any]]
    #expect(rows?.compactMap { $0["number"] as? Int } == [2, 0])
    #expect(try found.json()["without"] as? Int == 2)
    let shown = try assay(search + ["-k", "1"], environment: home)
    #expect(shown.output.contains("A plum!") && !shown.output.contains("zinc"), "\(shown.output)")
    #expect(
      shown.error.contains("searched 4 rows, of which 2 rows had no text or no known word; exact"), "\(shown.error)")
    #expect(shown.error.contains("vectors of an earlier search"), "\(shown.error)")
    #expect(try found.json()["method"] as? String == "exact" && found.json()["usedKept"] as? Bool == false)
    let quick = try assay(search + ["--approximate", "--json"], environment: home).json()
    #expect(quick["method"] as? String == "approximate: HNSW, 200 candidates" && quick["candidates"] as? Int == 200)
    #expect((quick["rows"] as? [[String: Any]])?.compactMap { $0["number"] as? Int } == [2, 0])
    let exact = try assay(search + ["--exact", "--json"], environment: home).json()
    #expect(exact["method"] as? String == "exact" && exact["candidates"] == nil && exact["usedKept"] as? Bool == true)
    let unknown = try assay("embed", "search", vectors, table, "--text", "body", "whale")
    #expect(unknown.exitCode == 1 && unknown.error.contains("whale"), "\(unknown.error)")
  }

  @Test func hyperParametersOfAClassifierAreLookedForOnHeldOutTexts() throws {
    defer { folder.remove() }
    let table = try texts().table
    let model = folder.path("model")
    let trained = try assay([
      "embed", "train", table, "--text", "body", "--label", "kind", "--mode", "supervised", "-o", model, "--dim", "8",
      "--epoch", "1", "--lr", "0.01", "--minCount", "1", "--bucket", "5000", "--threads", "1", "--validation", table,
      "--autotune", "2", "--json",
    ])
    #expect(trained.exitCode == 0, "\(trained.error)")
    let report = try trained.json()
    let trials = try #require(report["trials"] as? [[String: Any]])
    #expect(trials.count > 1)
    let figures = trials.compactMap { $0["accuracy"] as? Double }
    let best = try #require(trials.last { $0["isBest"] as? Bool == true })
    #expect(best["accuracy"] as? Double == figures.max())
    let last = (report["validationAccuracy"] as? [Double])?.last
    #expect(last == figures.max())
    #expect(trained.error.contains("trial 1, accuracy"), "\(trained.error)")
    let labels = try assay("embed", "classify", model + "/model.bin", table, "--text", "body", "--format", "csv")
    #expect(labels.output.split(separator: "\n").count == 301, "\(labels.error)")
  }

  @Test func textsAreScoredAndCompleted() throws {
    defer { folder.remove() }
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("EmbedTests/Records/tiny-gpt2").path
    let written = try assay("embed", "complete", model, "the quick brown fox", "-n", "5", "--json").json()
    #expect(written["pieces"] as? Int == 5)
    let drawn = ["embed", "complete", model, "the", "--temperature", "1", "--top-k", "5", "--seed", "3"]
    #expect(try assay(drawn).output == assay(drawn).output)
    let table = try folder.file("t.csv", "id,body\n1,the quick\n2,\n")
    let scores = try assay("embed", "score", model, table, "--text", "body", "--format", "csv")
    #expect(scores.exitCode == 0, "\(scores.error)")
    #expect(scores.output.hasPrefix("pieces,log_likelihood,perplexity\n"))
    let vectors = try folder.file("v.txt", "1 2\na 1 0\n")
    let wrong = try assay("embed", "complete", vectors, "a")
    #expect(wrong.exitCode == 1 && wrong.error.contains("give the folder of a GPT-2"), "\(wrong.error)")
  }

  @Test(
    arguments: [
      (["train", "x.txt", "--mode", "cbow", "-o", "m", "--dim", "0"], 2, "vector_dim 0"),
      (["train", "x.txt", "--mode", "cbow", "-o", "m", "--label", "kind"], 2, "--label COLUMN belongs to"),
      (["train", "x.txt", "--mode", "supervised", "-o", "m", "--early-stopping"], 2, "--early-stopping needs"),
      (["train", "x.txt", "--mode", "supervised", "-o", "m", "--autotune", "9"], 2, "--autotune belongs to"),
      (["search", "v.txt", "x.csv", "plum"], 2, "--text <column>"),
      (["search", "v.txt", "x.csv", "plum", "--text", "b", "--exact", "--approximate"], 2, "exclude each other"),
      (["evaluate", "v.txt"], 2, "name what to compare with"),
      (["odd", "v.txt", "a", "b"], 2, "three words or more"),
      (["map", "v.txt", "--perplexity", "1"], 2, "perplexity 1.0"),
      (["complete", "m", "a", "--temperature=-1"], 2, "temperature -1.0"),
      (["complete", "m", "a", "--top-k", "5"], 2, "--top-k needs --temperature"),
      (["neighbors", "/nowhere.txt", "a"], 1, "/nowhere.txt: there is no such file"),
      (["classify", "/nowhere.bin", "x.txt"], 1, "/nowhere.bin: there is no such file"),
      (["train", "/nowhere.txt", "--mode", "cbow", "-o", "/tmp/m"], 1, "/nowhere.txt: there is no such file"),
    ] as [([String], Int32, String)])
  func whatCannotBeMeantIsRefused(_ arguments: [String], _ code: Int32, _ text: String) throws {
    defer { folder.remove() }
    let answer = try assay(["embed"] + arguments)
    #expect(answer.exitCode == code)
    #expect(answer.error.contains(text), "\(answer.error)")
  }

  @Test func anUnknownWordAndColumnAreNamed() throws {
    defer { folder.remove() }
    let vectors = try folder.file("v.txt", "2 2\nripe 3 4\nrust 0 2\n")
    let word = try assay("embed", "neighbors", vectors, "rost")
    #expect(word.exitCode == 1)
    #expect(word.error == "assay: The word \"rost\" has no vector. Did you mean \"rust\"?\n")
    let table = try texts().table
    let column = try assay("embed", "encode", vectors, table, "--text", "bodi")
    #expect(column.exitCode == 1)
    #expect(column.error.contains("Did you mean \"body\"?"))
  }
}
