import Foundation

@testable import Explain

/// A model of XGBoost or LightGBM with what they and shap say of some rows. `Records/generate.py` writes them.
struct Record {
  let name: String
  let model: TreeEnsemble
  let rows: FeatureRows
  private let content: [String: Any]

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Records")

  static func path(_ file: String) -> String { folder.appendingPathComponent(file).path }

  init(_ name: String) throws {
    self.name = name
    let data = try Data(contentsOf: Self.folder.appendingPathComponent(name + ".json"))
    content = try JSONSerialization.jsonObject(with: data) as! [String: Any]
    let model = try TreeEnsemble(contentsOf: Self.path(content["model"] as! String))
    self.model = model
    rows = Self.rows(content["rows"]!, model)
  }

  private static func rows(_ value: Any, _ model: TreeEnsemble) -> FeatureRows {
    let rows = value as! [[Any]]
    let columns = model.features.enumerated().map { feature, about in
      rows.map { row -> Double in
        if let word = row[feature] as? String { return Double(about.categories!.firstIndex(of: word)!) }
        return (row[feature] as? NSNumber)?.doubleValue ?? .nan
      }
    }
    return FeatureRows(count: rows.count, columns: columns)
  }

  var background: FeatureRows { Self.rows(content["background"]!, model) }

  /// Every number of an expectation, in order.
  func numbers(_ key: String) -> [Double] {
    func flat(_ value: Any) -> [Double] {
      if let list = value as? [Any] { return list.flatMap(flat) }
      return [(value as? NSNumber)?.doubleValue ?? .nan]
    }
    return content[key].map(flat) ?? []
  }

  /// [rows][outputs][features + 1], the last one the base value.
  var contributions: [Double] { numbers("contributions").map { $0 * scale } }
  var margins: [Double] { numbers("margins").map { $0 * scale } }

  /// LightGBM adds up the trees of a forest, of which there are five here, and takes the mean only when it predicts.
  private var scale: Double { name == "lightgbm-forest" ? 0.2 : 1 }
}

/// The values with the base value after each output's features, as XGBoost and LightGBM give them.
func withBase(_ values: ShapValues) -> [Double] {
  (0..<values.rows).flatMap { row in
    (0..<values.outputs).flatMap { output in
      Array(values.values(row: row, output: output)) + [values.baseValues[output]]
    }
  }
}

/// The largest distance of two lists; infinite where their lengths differ.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
}

/// The kernels that this processor has, and nil for what a model is explained by where nobody chooses.
var choices: [KernelLevel?] { levels + [nil] }

/// The kernels that this processor has.
var levels: [KernelLevel] { KernelLevel.allCases.filter { $0.rawValue <= KernelLevel.best.rawValue } }

let recordNames = [
  "lightgbm-binary", "lightgbm-categories", "lightgbm-dart", "lightgbm-forest", "lightgbm-multiclass",
  "lightgbm-never-missing", "lightgbm-poisson", "lightgbm-shallow", "lightgbm-zero-missing", "xgboost-categories",
  "xgboost-dart", "xgboost-depth-1", "xgboost-depth-2", "xgboost-depth-3", "xgboost-depth-4", "xgboost-depth-5",
  "xgboost-depth-6", "xgboost-depth-7", "xgboost-depth-8", "xgboost-depth-9", "xgboost-depth-10", "xgboost-depth-11",
  "xgboost-depth-12", "xgboost-forest", "xgboost-logitraw", "xgboost-multiclass", "xgboost-poisson",
  "xgboost-regression-ubj",
]
