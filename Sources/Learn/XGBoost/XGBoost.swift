// The door to XGBoost: loads it, says what was loaded, turns its status codes into errors, and keeps its handles.

import CXGBoost
import Foundation

/// The XGBoost library, opened on first need.
public enum XGBoost {
  /// The version and place of the library, opening it: "3.2.0 (/…/libxgboost.so)".
  ///
  /// - Throws: `LearnError.xgboostMissing`.
  public static func versionText() throws -> String {
    try load()
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    cxgb_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch) (\(String(cString: cxgb_path())))"
  }

  /// Opens the library unless it is open.
  static func load() throws {
    guard cxgb_load() == 0 else { throw LearnError.xgboostMissing(reason: String(cString: cxgb_load_error())) }
  }

  /// Throws unless a status is zero.
  static func check(_ status: Int32, _ call: String) throws {
    guard status == 0 else {
      // The first line; a trace of the stack follows it.
      let text = String(cString: cxgb_last_error())
      let line = text.split(separator: "\n").first.map(String.init) ?? text
      throw LearnError.library(call: "XGBoost's " + call, reason: line)
    }
  }
}

/// Rows inside XGBoost. Freed with the last reference.
final class XGBoostMatrix {
  private(set) var handle: cxgb_matrix?

  init(_ matrix: FeatureMatrix) throws {
    try XGBoost.load()
    var rows = [Float](repeating: 0, count: matrix.values.count)
    for feature in 0..<matrix.features {
      for (row, value) in matrix.column(feature).enumerated() { rows[row * matrix.features + feature] = Float(value) }
    }
    try XGBoost.check(
      cxgb_matrix_create(rows, UInt64(matrix.rows), UInt64(matrix.features), .nan, &handle), "DMatrixCreateFromMat")
  }

  func setLabel(_ label: [Float]) throws {
    try XGBoost.check(cxgb_matrix_set_floats(handle, "label", label, UInt64(label.count)), "DMatrixSetFloatInfo")
  }

  func setWeight(_ weight: [Float]) throws {
    try XGBoost.check(cxgb_matrix_set_floats(handle, "weight", weight, UInt64(weight.count)), "DMatrixSetFloatInfo")
  }

  deinit {
    if handle != nil { _ = cxgb_matrix_free(handle) }
  }
}

/// An ensemble inside XGBoost. Freed with the last reference.
final class XGBoostBooster {
  private(set) var handle: cxgb_booster?
  private let matrices: [XGBoostMatrix]
  private(set) var rounds = 0

  /// - Parameter validation: rows that `evaluation()` tells of.
  init(_ train: XGBoostMatrix, validation: XGBoostMatrix, parameters: [(String, String)]) throws {
    matrices = [train, validation]
    try XGBoost.check(cxgb_booster_create(matrices.map(\.handle), 2, &handle), "BoosterCreate")
    for (name, value) in parameters { try XGBoost.check(cxgb_booster_set(handle, name, value), "BoosterSetParam") }
  }

  /// Reads XGBoost's own binary form.
  init(_ bytes: Data) throws {
    try XGBoost.load()
    matrices = []
    try XGBoost.check(cxgb_booster_create(nil, 0, &handle), "BoosterCreate")
    let status = bytes.withUnsafeBytes { cxgb_booster_load(handle, $0.baseAddress, UInt64($0.count)) }
    try XGBoost.check(status, "BoosterLoadModelFromBuffer")
    _ = cxgb_booster_set(handle, "nthread", "1")
  }

  func grow() throws {
    try XGBoost.check(cxgb_booster_update(handle, Int32(rounds), matrices[0].handle), "BoosterUpdateOneIter")
    rounds += 1
  }

  /// The metric of the validation rows.
  func evaluation() throws -> Double {
    var text: UnsafePointer<CChar>?
    var handles = [matrices[1].handle]
    let status = "v".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      return cxgb_booster_evaluate(handle, Int32(rounds - 1), &handles, &names, 1, &text)
    }
    try XGBoost.check(status, "BoosterEvalOneIter")
    guard let text else { return .nan }
    return String(cString: text).split(separator: ":").last.flatMap { Double($0) } ?? .nan
  }

  /// XGBoost's own binary form of the first `rounds`.
  func bytes(rounds: Int) throws -> Data {
    var slice: cxgb_booster?
    try XGBoost.check(cxgb_booster_slice(handle, 0, Int32(rounds), &slice), "BoosterSlice")
    defer { _ = cxgb_booster_free(slice) }
    var length: UInt64 = 0
    var bytes: UnsafePointer<CChar>?
    let status = cxgb_booster_save(slice, #"{"format": "ubj"}"#, &length, &bytes)
    try XGBoost.check(status, "BoosterSaveModelToBuffer")
    guard let bytes else { return Data() }
    return Data(bytes: bytes, count: Int(length))
  }

  var features: Int {
    var count: UInt64 = 0
    return cxgb_booster_features(handle, &count) == 0 ? Int(count) : 0
  }

  /// The predicted values, `[rows × width]`.
  ///
  /// - Throws: `LearnError.library` also where the width is another one.
  func predict(_ matrix: FeatureMatrix, width: Int) throws -> [Double] {
    guard matrix.rows > 0 else { return [] }
    let rows = try XGBoostMatrix(matrix)
    let config =
      #"{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true}"#
    var shape: UnsafePointer<UInt64>?
    var dimensions: UInt64 = 0
    var values: UnsafePointer<Float>?
    let status = cxgb_booster_predict(handle, rows.handle, config, &shape, &dimensions, &values)
    try XGBoost.check(status, "BoosterPredictFromDMatrix")
    let count = UnsafeBufferPointer(start: shape, count: Int(dimensions)).reduce(1) { $0 * Int($1) }
    guard count == matrix.rows * width else {
      throw LearnError.library(call: "XGBoost's prediction", reason: "\(count) values for \(matrix.rows) rows")
    }
    return UnsafeBufferPointer(start: values, count: count).map { Double($0) }
  }

  deinit {
    if handle != nil { _ = cxgb_booster_free(handle) }
  }
}
