// Models asked about one row at a time. Nothing is made anew for a row where the library allows that; the values are those of
// `TrainedModel.predict`, to the last bit.

import CLightGBM
import CXGBoost
import Foundation

/// A model for one row at a time. One thread may use it; other threads make their own of the same model.
protocol RowModel: AnyObject {
  /// - Parameters:
  ///   - features: `[width]`, NaN where missing.
  ///   - answers: `[outputs]`, overwritten.
  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws
}

extension TrainedModel {
  /// - Parameter categorical: the features that are codes without an order.
  func rowModel(width: Int, categorical: [Int]) throws -> any RowModel {
    switch self {
    case let model as LightGBMModel: try model.rowModel(width: width)
    case let model as XGBoostModel: try model.rowModel(width: width)
    case let model as ForestModel: try model.rowModel(width: width)
    case let model as NetworkModel: NetworkRowModel(model, width: width)
    default: OneRowMatrix(self, width: width, categorical: categorical)
    }
  }
}

/// Any model, given a matrix of one row.
private final class OneRowMatrix: RowModel {
  private let model: any TrainedModel
  private let width: Int
  private let categorical: [Int]

  init(_ model: any TrainedModel, width: Int, categorical: [Int]) {
    (self.model, self.width, self.categorical) = (model, width, categorical)
  }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    let values = Array(UnsafeBufferPointer(start: features, count: width))
    let row = EncodedFeatures(
      matrix: FeatureMatrix(rows: 1, features: width, values: values), categorical: categorical)
    for (position, value) in try model.predict(row).enumerated() { answers[position] = value }
  }
}

/// A network whose memory is there already.
private final class NetworkRowModel: RowModel {
  private let model: NetworkModel
  private let width: Int
  private let workspace: NetworkWorkspace

  init(_ model: NetworkModel, width: Int) {
    (self.model, self.width) = (model, width)
    workspace = model.rowWorkspace()
  }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    let values = Array(UnsafeBufferPointer(start: features, count: width))
    let row = FeatureMatrix(rows: 1, features: width, values: values)
    for (position, value) in model.predict(row, in: workspace).enumerated() { answers[position] = value }
  }
}

/// LightGBM's prediction of single rows, with its settings read once.
private final class LightGBMRow {
  private let booster: LightGBMBooster
  private var handle: clgbm_row?

  init(_ booster: LightGBMBooster, width: Int) throws {
    self.booster = booster
    let status = LightGBMThreads.with(1) {
      clgbm_row_create(booster.handle, Int32(width), "num_threads=1 verbosity=-1", &handle)
    }
    try LightGBM.check(status, "BoosterPredictForMatSingleRowFastInit")
  }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    var length: Int64 = 0
    let status = clgbm_row_predict(handle, features, &length, answers)
    try LightGBM.check(status, "BoosterPredictForMatSingleRowFast")
  }

  deinit {
    if handle != nil { _ = clgbm_row_free(handle) }
  }
}

extension LightGBMModel {
  fileprivate func rowModel(width: Int) throws -> any RowModel {
    if let walked { return WalkedRow(walked, outputs: outputs) }
    return try LightGBMRowModel(booster, width: width, outputs: outputs)
  }
}

private final class LightGBMRowModel: RowModel {
  private let row: LightGBMRow
  private let outputs: Int

  init(_ booster: LightGBMBooster, width: Int, outputs: Int) throws {
    row = try LightGBMRow(booster, width: width)
    self.outputs = outputs
  }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    guard outputs == 2 else { return try row.predict(features, answers) }
    try row.predict(features, answers + 1)
    answers[0] = 1 - answers[1]
  }
}

/// A booster of a forest: one number.
private enum ForestRow {
  case walked(WalkedRow)
  case library(LightGBMRow)

  func predict(_ features: UnsafePointer<Double>, _ answer: UnsafeMutablePointer<Double>) throws {
    switch self {
    case .walked(let row): row.predict(features, answer)
    case .library(let row): try row.predict(features, answer)
    }
  }
}

extension ForestModel {
  fileprivate func rowModel(width: Int) throws -> any RowModel {
    let walked = walked
    return try ForestRowModel(
      forest,
      rows: walked.isEmpty
        ? forest.boosters.map { .library(try LightGBMRow($0, width: width)) }
        : walked.map { .walked(WalkedRow($0, outputs: 1)) })
  }
}

/// The shares of a forest's classes, or its number (see Forest).
private final class ForestRowModel: RowModel {
  private let forest: Forest
  private let rows: [ForestRow]

  init(_ forest: Forest, rows: [ForestRow]) { (self.forest, self.rows) = (forest, rows) }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    guard let classes = forest.classes else {
      try rows[0].predict(features, answers)
      answers[0] = forest.center + forest.scale * answers[0]
      return
    }
    for (position, row) in rows.enumerated() {
      let answer = rows.count == 1 ? answers + 1 : answers + position
      try row.predict(features, answer)
      answer.pointee = min(max(answer.pointee, 0), 1)
    }
    if rows.count == 1 { answers[0] = 1 - answers[1] }
    var sum = 0.0
    for position in 0..<classes { sum += answers[position] }
    for position in 0..<classes { answers[position] = sum > 0 ? answers[position] / sum : 1 / Double(classes) }
  }
}

extension XGBoostModel {
  fileprivate func rowModel(width: Int) throws -> any RowModel {
    if let walked { return WalkedRow(walked, outputs: outputs) }
    // A booster of its own: XGBoost's set themselves up at the first prediction, and keep caches.
    return XGBoostRowModel(try XGBoostBooster(bytes), width: width, outputs: outputs)
  }
}

/// XGBoost's prediction in place: no matrix of its own.
private final class XGBoostRowModel: RowModel {
  private let booster: XGBoostBooster
  private let width: Int
  private let outputs: Int
  private let values: UnsafeMutablePointer<Float>
  /// Where the values are, in the array interface of numpy.
  private let place: String

  private static let config =
    #"{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true, "missing": NaN, "cache_id": 0}"#

  init(_ booster: XGBoostBooster, width: Int, outputs: Int) {
    (self.booster, self.width, self.outputs) = (booster, width, outputs)
    values = .allocate(capacity: max(width, 1))
    values.initialize(repeating: .nan, count: max(width, 1))
    let address = UInt(bitPattern: values)
    place = #"{"data": [\#(address), true], "shape": [1, \#(width)], "typestr": "<f4", "version": 3}"#
  }

  func predict(_ features: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>) throws {
    for position in 0..<width { values[position] = Float(features[position]) }
    var shape: UnsafePointer<UInt64>?
    var dimensions: UInt64 = 0
    var found: UnsafePointer<Float>?
    let status = cxgb_booster_predict_dense(booster.handle, place, Self.config, &shape, &dimensions, &found)
    try XGBoost.check(status, "BoosterPredictFromDense")
    let count = UnsafeBufferPointer(start: shape, count: Int(dimensions)).reduce(1) { $0 * Int($1) }
    guard let found, count == (outputs == 2 ? 1 : outputs) else {
      throw LearnError.library(call: "XGBoost's prediction", reason: "\(count) values for a row")
    }
    if outputs == 2 {
      answers[1] = Double(found[0])
      answers[0] = 1 - answers[1]
    } else {
      for position in 0..<count { answers[position] = Double(found[position]) }
    }
  }

  deinit { values.deallocate() }
}
