// A table inside LightGBM, its values sorted into bins once and used for any number of labels.

import CLightGBM

/// Binned features with a label. Freed with the last reference.
final class LightGBMDataset {
  private(set) var handle: clgbm_dataset?
  let rows: Int
  /// Threads that it is binned with, and those of its boosters.
  let threads: Int

  /// Bins a matrix.
  ///
  /// - Parameters:
  ///   - parameters: LightGBM's `key=value` pairs, those of the booster that will use it, without the number of threads.
  ///   - reference: the data whose bins are used; nil finds bins for these.
  init(_ matrix: FeatureMatrix, parameters: String, threads: Int, reference: LightGBMDataset? = nil) throws {
    try LightGBM.load()
    (rows, self.threads) = (matrix.rows, threads)
    let all = parameters + " num_threads=\(threads)"
    let status = LightGBMThreads.with(threads) {
      matrix.values.withUnsafeBufferPointer {
        clgbm_dataset_from_matrix(
          $0.baseAddress, Int32(CLGBM_FLOAT64), Int32(matrix.rows), Int32(matrix.features), 0, all, reference?.handle,
          &handle)
      }
    }
    try LightGBM.check(status, "DatasetCreateFromMat")
  }

  /// A table of rows that are still to come, with the bins of another (`bins()`).
  init(bins: [UInt8], rows: Int, classes: Int, parameters: String, threads: Int) throws {
    try LightGBM.load()
    (self.rows, self.threads) = (rows, threads)
    let all = parameters + " num_threads=\(threads)"
    let status = LightGBMThreads.with(threads) {
      clgbm_dataset_from_bins(bins, Int32(bins.count), Int64(rows), Int32(classes), all, &handle)
    }
    try LightGBM.check(status, "DatasetCreateFromSerializedReference")
  }

  /// Puts rows into their places from `first` on: `[rows × features]`, row after row.
  func push(_ numbers: [Double], rows: Int, at first: Int) throws {
    let status = LightGBMThreads.with(threads) {
      clgbm_dataset_push(handle, numbers, Int32(rows), Int32(numbers.count / max(rows, 1)), Int32(first))
    }
    try LightGBM.check(status, "DatasetPushRows")
  }

  /// How it sorts values into bins, as bytes of LightGBM's own.
  func bins() throws -> [UInt8] {
    var buffer: UnsafeMutableRawPointer?
    var length: Int32 = 0
    try LightGBM.check(clgbm_bins_serialize(handle, &buffer, &length), "DatasetSerializeReferenceToBinary")
    defer { _ = clgbm_bins_free(buffer) }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    try LightGBM.check(clgbm_bins_copy(buffer, length, &bytes), "ByteBufferGetAt")
    return bytes
  }

  /// Sets the label of each row, replacing an earlier one.
  func setLabel(_ label: [Float]) throws {
    precondition(label.count == rows, "each row needs a label")
    let status = label.withUnsafeBufferPointer {
      clgbm_dataset_set_field(handle, "label", $0.baseAddress, Int32($0.count), Int32(CLGBM_FLOAT32))
    }
    try LightGBM.check(status, "DatasetSetField")
  }

  /// Sets how much each row counts.
  func setWeight(_ weight: [Float]) throws {
    precondition(weight.count == rows, "each row needs a weight")
    let status = weight.withUnsafeBufferPointer {
      clgbm_dataset_set_field(handle, "weight", $0.baseAddress, Int32($0.count), Int32(CLGBM_FLOAT32))
    }
    try LightGBM.check(status, "DatasetSetField")
  }

  deinit {
    if handle != nil { _ = clgbm_dataset_free(handle) }
  }
}
