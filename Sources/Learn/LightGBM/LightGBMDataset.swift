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
