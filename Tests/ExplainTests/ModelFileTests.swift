import Foundation
import Testing

@testable import Explain

/// Model files: the two forms of XGBoost's are one, and broken ones say what is wrong.
@Suite struct ModelFileTests {
  private func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: Record.path(file))) }

  private func fault(_ data: Data) -> String {
    do {
      _ = try TreeEnsemble(data, path: "model")
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private func fault(_ text: String) -> String { fault(Data(text.utf8)) }

  private func edited(_ file: String, _ old: String, _ new: String) throws -> String {
    let text = String(decoding: try bytes(file), as: UTF8.self)
    #expect(text.contains(old))
    return fault(text.replacing(old, with: new, maxReplacements: 1))
  }

  @Test func namesAndWordsComeFromTheFile() throws {
    for file in ["xgboost-categories.model.json", "lightgbm-categories.model.txt"] {
      let model = try TreeEnsemble(contentsOf: Record.path(file))
      #expect(model.features.map(\.name) == ["size", "colour", "weight"])
      #expect(model.features[1].categories == ["black", "blue", "dark grey", "green", "ochre", "red", "white"])
      #expect(model.features[0].categories == nil)
      #expect(model.hasFeatureNames)
    }
    #expect(try !TreeEnsemble(contentsOf: Record.path("xgboost-depth-3.model.json")).hasFeatureNames)
    #expect(try !TreeEnsemble(contentsOf: Record.path("lightgbm-binary.model.txt")).hasFeatureNames)
  }

  @Test func theLinkComesFromTheObjective() throws {
    let links: [(String, TreeEnsemble.Link)] = [
      ("xgboost-depth-3.model.json", .logistic), ("xgboost-multiclass.model.json", .softmax),
      ("xgboost-poisson.model.json", .exponential), ("xgboost-regression-ubj.model.ubj", .identity),
      ("lightgbm-binary.model.txt", .logistic), ("lightgbm-multiclass.model.txt", .softmax),
    ]
    for (file, link) in links { #expect(try TreeEnsemble(contentsOf: Record.path(file)).link == link, "\(file)") }
  }

  @Test func aFileThatIsNotThereIsNamed() {
    #expect(throws: ExplainError.notFound(path: "/nowhere/model.json")) {
      try TreeEnsemble(contentsOf: "/nowhere/model.json")
    }
  }

  @Test func whatIsNoModelIsRefused() {
    #expect(fault("a,b\n1,2\n").contains("no model that can be read"))
    #expect(fault("").contains("no model that can be read"))
    #expect(fault("{}").contains("no model that can be read"))
    #expect(fault("{\"learner\":{}}").contains("no model that can be read"))
  }

  @Test func aFileThatIsCutOffSaysWhere() throws {
    let json = try bytes("xgboost-depth-3.model.json")
    #expect(fault(json.prefix(json.count / 2)).contains("byte"))
    let binary = try bytes("xgboost-regression-ubj.model.ubj")
    for length in [3, 40, binary.count / 2, binary.count - 3] {
      #expect(fault(binary.prefix(length)).contains("model, byte"), "\(length)")
    }
    let text = try bytes("lightgbm-binary.model.txt")
    #expect(fault(text.prefix(text.count / 2)).contains("end of trees"))
  }

  @Test func contradictionsInATreeAreFound() throws {
    let xgboost = "xgboost-depth-3.model.json"
    #expect(try edited(xgboost, "\"left_children\":[1", "\"left_children\":[99").contains("tree 0, node 0"))
    #expect(try edited(xgboost, "\"left_children\":[1", "\"left_children\":[2").contains("not connected as a tree"))
    #expect(try edited(xgboost, "\"split_indices\":[", "\"split_indices\":[400,").contains("tree 0"))
    #expect(try edited(xgboost, "\"sum_hessian\"", "\"other\"").contains("sum_hessian is missing"))
    #expect(try edited(xgboost, "\"base_score\":\"[", "\"base_score\":\"[9,1,").contains("base_score"))
    let lightgbm = "lightgbm-shallow.model.txt"
    #expect(try edited(lightgbm, "left_child=1", "left_child=77").contains("is not there"))
    #expect(try edited(lightgbm, "leaf_value=", "leaf_value=x ").contains("leaf_value"))
    #expect(try edited(lightgbm, "is_linear=0", "is_linear=1").contains("linear"))
  }

  @Test func numbersThatNothingCouldCountAreRefused() throws {
    let lightgbm = "lightgbm-shallow.model.txt"
    for number in ["9223372036854775807", "-1"] {
      #expect(try edited(lightgbm, "max_feature_idx=7", "max_feature_idx=\(number)").contains("max_feature_idx"))
    }
    #expect(try edited(lightgbm, "threshold=0.49050000309944158", "threshold=nan").contains("threshold"))
    #expect(try edited(lightgbm, "split_feature=3", "split_feature=1e300").contains("split_feature"))
    #expect(try edited(lightgbm, "left_child=1", "left_child=1e300").contains("is not there"))
    let xgboost = "xgboost-depth-3.model.json"
    #expect(try edited(xgboost, "\"num_class\":\"0\"", "\"num_class\":\"1e12\"").contains("num_class"))
    #expect(try edited(xgboost, "\"left_children\":[1", "\"left_children\":[1e30").contains("tree 0"))
    #expect(try edited(xgboost, "\"tree_info\":[0", "\"tree_info\":[1e30").contains("belongs to no output"))
  }

  @Test func aTreeDeeperThanAnyIsRefused() {
    var nodes: [DecisionTree.Node] = []
    for level in 0..<Int32(5_000) {
      nodes.append(
        .init(
          feature: 0, test: .below(0), left: Int(2 * level + 1), right: Int(2 * level + 2), missingGoesLeft: true,
          cover: 1))
      nodes.append(.init(leaf: 0, cover: 1))
    }
    nodes.append(.init(leaf: 0, cover: 1))
    #expect(!DecisionTree.isConnected(nodes))
  }

  @Test func aLinearBoosterIsRefusedWithAReason() throws {
    #expect(
      try edited("xgboost-depth-3.model.json", "\"name\":\"gbtree\"", "\"name\":\"gblinear\"").contains(
        "linear booster"))
  }

  @Test func nestedGarbageIsRefused() {
    #expect(fault(String(repeating: "{\"a\":", count: 100_000)).contains("nested too deeply"))
    #expect(fault("{\"a\":" + String(repeating: "[", count: 100_000)).contains("nested too deeply"))
  }

  @Test func numbersAreReadToTheLastDigit() throws {
    let texts = [
      "0", "-0.5", "1E2", "3.4028235E38", "1.17549435E-38", "0.1", "-1.2345678901234567e-7", "5e-324",
      "123456789012345678",
    ]
    var bytes = Array("[\(texts.joined(separator: ","))]".utf8)
    let read = try bytes.withUnsafeMutableBufferPointer { try JSONDocumentReader.read(UnsafeBufferPointer($0)) }
    #expect(read.numbers == texts.map { Double($0)! })
  }

  @Test func textsAreUnescaped() throws {
    var bytes = Array(#"["a\"b\\c\n\u00e9\ud83d\ude00é"]"#.utf8)
    let read = try bytes.withUnsafeMutableBufferPointer { try JSONDocumentReader.read(UnsafeBufferPointer($0)) }
    #expect(read.list?.first?.text == "a\"b\\c\né😀é")
  }
}
