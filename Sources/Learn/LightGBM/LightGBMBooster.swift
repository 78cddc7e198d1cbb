// An ensemble of trees inside LightGBM, grown one at a time.

import CLightGBM

/// A growing or grown ensemble. Freed with the last reference.
final class LightGBMBooster {
  private var handle: clgbm_booster?
  private let dataset: LightGBMDataset
  private let features: Int
  private(set) var trees = 0

  init(_ dataset: LightGBMDataset, features: Int, parameters: String) throws {
    self.dataset = dataset
    self.features = features
    try LightGBM.check(clgbm_booster_create(dataset.handle, parameters, &handle), "BoosterCreate")
  }

  /// Grows one more tree. False when no further tree can be grown.
  func grow() throws -> Bool {
    var finished: Int32 = 0
    try LightGBM.check(clgbm_booster_update(handle, &finished), "BoosterUpdateOneIter")
    if finished == 0 { trees += 1 }
    return finished == 0
  }

  /// The impurity that the splits on each feature took away, `[features]`.
  func gains() throws -> [Double] {
    var gains = [Double](repeating: 0, count: features)
    let status = clgbm_booster_importance(handle, 0, Int32(CLGBM_IMPORTANCE_GAIN), &gains)
    try LightGBM.check(status, "BoosterFeatureImportance")
    return gains
  }

  /// The predicted value of each row.
  /// - Parameter trees: the first trees that count; nil for all.
  func predict(_ matrix: FeatureMatrix, threads: Int, trees: Int? = nil) throws -> [Double] {
    try output(matrix, kind: Int32(CLGBM_PREDICT_NORMAL), width: 1, threads: threads, trees: trees)
  }

  /// SHAP values as LightGBM sums them up over all trees, `[rows × (features + 1)]`, the expected value last.
  func contributions(_ matrix: FeatureMatrix, threads: Int) throws -> [Double] {
    try output(matrix, kind: Int32(CLGBM_PREDICT_CONTRIBUTIONS), width: features + 1, threads: threads)
  }

  private func output(
    _ matrix: FeatureMatrix, kind: Int32, width: Int, threads: Int, trees: Int? = nil
  ) throws -> [Double] {
    guard matrix.rows > 0 else { return [] }
    var result = [Double](repeating: 0, count: matrix.rows * width)
    var length: Int64 = 0
    let status = matrix.values.withUnsafeBufferPointer { values in
      clgbm_booster_predict(
        handle, values.baseAddress, Int32(CLGBM_FLOAT64), Int32(matrix.rows), Int32(matrix.features), 0, kind, 0,
        Int32(trees ?? -1), "num_threads=\(threads) verbosity=-1", &length, &result)
    }
    try LightGBM.check(status, "BoosterPredictForMat")
    return result
  }

  deinit {
    if handle != nil { _ = clgbm_booster_free(handle) }
  }
}
