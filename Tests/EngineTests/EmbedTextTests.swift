import Flow
import Foundation
import Frame
import Testing

@testable import Engine

/// The step that makes numbers of texts, with vectors so small that a person can check the means.
struct EmbedTextTests {
  private final class Bench {
    let engine: Engine
    let folder: URL

    init(keepsTables: Bool = false) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-embed-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      engine = Engine(
        configuration: Engine.Configuration(
          locations: Locations(environment: ["HOME": folder.path]), threads: 1, keepsTables: keepsTables))
    }

    deinit {
      engine.close()
      try? FileManager.default.removeItem(at: folder)
    }

    func file(_ name: String, _ text: String) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path
    }

    func request(_ csv: String, _ parameters: Parameters) throws -> NodeRequest {
      var graph = FlowGraph()
      let source = graph.addSource(Source(location: try file("texts.csv", csv)))
      let step = try graph.add(.transform(TransformSpec("embed-text", parameters)), after: source)
      return NodeRequest(graph: graph, node: step)
    }

    func rows(_ request: NodeRequest) throws -> [[String: Any]] {
      let path = folder.appendingPathComponent("rows.jsonl").path
      _ = try engine.run(.write(request, path: path, format: nil))
      return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
    }
  }

  private static let vectors = "4 2\nred 1 0\nblue 0 2\nleft -1 0\nsky 0 1\n"
  private static let texts = "n,text\n1,\"Red, blue!\"\n2,red\n3,\n4,purple\n5,sky left\n"

  @Test func aTextIsTheMeanOfItsWordsAndAMissingOneHasNoNumbers() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let rows = try bench.rows(
      bench.request(Self.texts, ["column": "text", "model": .text(model), "output": "columns"]))
    #expect(rows.map { $0["text_0"] as? Double } == [0.5, 1, nil, 0, -0.5])
    #expect(rows.map { $0["text_1"] as? Double } == [0.5, 0, nil, 0, 0.5])
    #expect(rows.map { $0["n"] as? Int } == [1, 2, 3, 4, 5])
    let list = try bench.rows(
      bench.request(
        Self.texts,
        ["column": "text", "model": .text(model), "output": "list", "prefix": "v", "drop": true]))
    #expect(list[4]["vvector"] as? [Double] == [-0.5, 0.5])
    #expect(list[2]["vvector"] is NSNull && list[0]["text"] == nil)
  }

  @Test func componentsAreLearntOnceAndKeptInTheFlow() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    var request = try bench.request(
      Self.texts, ["column": "text", "model": .text(model), "components": 1, "prefix": "pc"])
    guard case .learned(let learned, let fitting) = try bench.engine.run(.fit(request)) else {
      Issue.record("the step learnt nothing")
      return
    }
    #expect(fitting.rows == 5)
    #expect(learned.integer("dimensions") == 2 && learned.integer("texts") == 4 && learned.integer("unknown") == 1)
    #expect(learned["loadings"]?.list?.count == 1)
    try request.graph.setLearned(request.node, learned)
    let before = try bench.rows(request).map { $0["pc0"] as? Double }
    #expect(before[1].map { $0 > 0.5 } == true, "\(before)")
    // Other rows are seen along the same direction.
    let source = try #require(request.graph.sources.first?.id)
    let other = try bench.file("other.csv", "n,text\n1,red\n")
    try request.graph.replace(source, with: .source(Source(location: other)))
    try request.graph.setLearned(request.node, learned)
    #expect(try bench.rows(request).first?["pc0"] as? Double == before[1])
    // Vectors of another length than those that were learnt from are not projected.
    _ = try bench.file("tiny.txt", "2 3\nred 1 0 0\nblue 0 2 1\n")
    let error = #expect(throws: FlowError.self) { try bench.rows(request) }
    #expect("\(String(describing: error))".contains("fit the step again"), "\(String(describing: error))")
  }

  @Test func theFormShowsTheEffectOnTheFirstRowsAndTheColumnsWayIsTold() throws {
    let bench = try Bench(keepsTables: true)
    let model = try bench.file("tiny.txt", Self.vectors)
    let long = "n,text\n" + (0..<500).map { "\($0),\($0 % 2 == 0 ? "red" : "blue sky")\n" }.joined()
    let request = try bench.request(long, ["column": "text", "model": .text(model), "components": 2])
    guard case .effect(let effect) = try bench.engine.run(.effect(request)) else { return }
    #expect(effect.examined == 200 && effect.after.columns == 4 && effect.after.rows == 200, "\(effect)")
    guard case .lineage(let lineage) = try bench.engine.run(.lineage(request, column: "text_1")) else { return }
    #expect(lineage.sources.map(\.name) == ["text"])
    #expect(lineage.changes.first?.clause == "made from text", "\(lineage.changes)")
    #expect(try bench.rows(request).count == 500)
  }

  @Test(arguments: [
    (column: "n", model: "tiny.txt", says: "not text"),
    (column: "none", model: "tiny.txt", says: "no text, only missing values"),
    (column: "text", model: "foreign.txt", says: "no word of \"text\" has a vector"),
    (column: "text", model: "torn.txt", says: "line 3"),
    (column: "text", model: "nowhere.txt", says: "no such file"),
    (column: "text", model: "empty", says: "neither word vectors nor an encoder"),
    (column: "text", model: "shell", says: "model.safetensors"),
  ])
  func whatCannotBeEmbeddedSaysWhy(_ wrong: (column: String, model: String, says: String)) throws {
    let bench = try Bench()
    _ = try bench.file("tiny.txt", Self.vectors)
    _ = try bench.file("foreign.txt", "1 2\nrouge 1 0\n")
    _ = try bench.file("torn.txt", "2 2\nred 1 0\nblue 0\n")
    for folder in ["empty", "shell"] {
      try FileManager.default.createDirectory(
        at: bench.folder.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
    _ = try bench.file(
      "shell/config.json",
      """
      {"model_type": "bert", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
      "intermediate_size": 16, "max_position_embeddings": 16, "vocab_size": 8}
      """)
    _ = try bench.file("shell/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\nblue\nsky\nleft\n")
    let request = try bench.request(
      "n,text,none\n1,red,\n2,blue,\n",
      ["column": .text(wrong.column), "model": .text(bench.folder.appendingPathComponent(wrong.model).path)])
    var said = ""
    do { _ = try bench.rows(request) } catch { said = "\(error)" }
    #expect(said.contains(wrong.says), "\(said)")
  }
}
