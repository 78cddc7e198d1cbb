// An ensemble of trees inside LightGBM: grown one round at a time, or read back from its text.

import CLightGBM
import Foundation

/// A growing or grown ensemble. Freed with the last reference.
final class LightGBMBooster {
  private(set) var handle: clgbm_booster?
  /// What the library reads while the ensemble grows.
  private let datasets: [LightGBMDataset]
  let features: Int
  /// Threads that it grows with.
  private let threads: Int
  private(set) var trees = 0

  /// - Parameters:
  ///   - parameters: LightGBM's `key=value` pairs, without the number of threads, which is the dataset's.
  ///   - validation: rows whose score `evaluation()` tells after each round; binned by `dataset`.
  init(
    _ dataset: LightGBMDataset, features: Int, parameters: String, validation: LightGBMDataset? = nil
  ) throws {
    datasets = [dataset] + (validation.map { [$0] } ?? [])
    self.features = features
    threads = dataset.threads
    try LightGBMThreads.with(threads) {
      let all = parameters + " num_threads=\(threads)"
      try LightGBM.check(clgbm_booster_create(dataset.handle, all, &handle), "BoosterCreate")
      if let validation {
        try LightGBM.check(clgbm_booster_add_validation(handle, validation.handle), "BoosterAddValidData")
      }
    }
  }

  /// Reads LightGBM's own text.
  init(text: String) throws {
    try LightGBM.load()
    datasets = []
    threads = 1
    var rounds: Int32 = 0
    var width: Int32 = 0
    var loaded: clgbm_booster?
    try LightGBM.check(
      LightGBMThreads.with(1) { clgbm_booster_load(text, &rounds, &loaded) }, "BoosterLoadModelFromString")
    handle = loaded
    _ = clgbm_booster_features(loaded, &width)
    features = Int(width)
    trees = Int(rounds)
  }

  /// Grows one more tree, or one for each class. False when no further tree can be grown.
  func grow() throws -> Bool {
    var finished: Int32 = 0
    let status = LightGBMThreads.with(threads) { clgbm_booster_update(handle, &finished) }
    try LightGBM.check(status, "BoosterUpdateOneIter")
    if finished == 0 { trees += 1 }
    return finished == 0
  }

  /// The first metric of the validation rows; NaN without one.
  func evaluation() throws -> Double {
    var count: Int32 = 0
    try LightGBM.check(clgbm_booster_evaluation_count(handle, &count), "BoosterGetEvalCounts")
    guard count > 0 else { return .nan }
    var values = [Double](repeating: .nan, count: Int(count))
    let status = LightGBMThreads.with(threads) { clgbm_booster_evaluation(handle, 1, &count, &values) }
    try LightGBM.check(status, "BoosterGetEval")
    return values[0]
  }

  /// LightGBM's own text of the first `rounds`, all of them for nil.
  func text(rounds: Int? = nil) throws -> String {
    var length: Int64 = 0
    var buffer = [CChar](repeating: 0, count: 1 << 20)
    let wanted = Int32(rounds ?? -1)
    for _ in 0..<2 {
      let status = clgbm_booster_save(handle, wanted, Int64(buffer.count), &length, &buffer)
      try LightGBM.check(status, "BoosterSaveModelToString")
      if length <= Int64(buffer.count) { break }
      buffer = [CChar](repeating: 0, count: Int(length))
    }
    return String(decoding: buffer.prefix(max(0, Int(length) - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Classes of the objective; 1 for one number.
  var classes: Int {
    var count: Int32 = 0
    return clgbm_booster_classes(handle, &count) == 0 ? Int(count) : 0
  }

  /// The impurity that the splits on each feature took away, `[features]`.
  func gains() throws -> [Double] {
    var gains = [Double](repeating: 0, count: features)
    let status = clgbm_booster_importance(handle, 0, Int32(CLGBM_IMPORTANCE_GAIN), &gains)
    try LightGBM.check(status, "BoosterFeatureImportance")
    return gains
  }

  /// The predicted values of each row, `[rows × width]`.
  /// - Parameter trees: the first trees that count; nil for all.
  func predict(_ matrix: FeatureMatrix, threads: Int, trees: Int? = nil, width: Int = 1) throws -> [Double] {
    try output(matrix, kind: Int32(CLGBM_PREDICT_NORMAL), width: width, threads: threads, trees: trees)
  }

  /// SHAP values as LightGBM sums them up over trees, `[rows × (features + 1)]`, the expected value last.
  /// - Parameter trees: the first trees that count; nil for all.
  func contributions(_ matrix: FeatureMatrix, threads: Int, trees: Int? = nil) throws -> [Double] {
    try output(matrix, kind: Int32(CLGBM_PREDICT_CONTRIBUTIONS), width: features + 1, threads: threads, trees: trees)
  }

  private func output(
    _ matrix: FeatureMatrix, kind: Int32, width: Int, threads: Int, trees: Int? = nil
  ) throws -> [Double] {
    guard matrix.rows > 0 else { return [] }
    var result = [Double](repeating: 0, count: matrix.rows * width)
    var length: Int64 = 0
    let status = LightGBMThreads.with(threads) {
      matrix.values.withUnsafeBufferPointer { values in
        clgbm_booster_predict(
          handle, values.baseAddress, Int32(CLGBM_FLOAT64), Int32(matrix.rows), Int32(matrix.features), 0, kind, 0,
          Int32(trees ?? -1), "num_threads=\(threads) verbosity=-1", &length, &result)
      }
    }
    try LightGBM.check(status, "BoosterPredictForMat")
    return result
  }

  deinit {
    if handle != nil { _ = clgbm_booster_free(handle) }
  }
}
