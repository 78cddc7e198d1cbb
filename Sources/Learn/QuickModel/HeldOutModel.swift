// One model of a table without one part of its rows, to be judged on that part and on other tables. Not tuned, and not kept.

import Frame
import Jobs
import Numerics

/// A model that has seen all rows of a table but those of the first fold.
public struct HeldOutModel {
  private let models: FoldModels
  private let options: FoldOptions

  /// The values of the label, the most frequent first; nil where it is a number.
  public var classes: [String]? { models.classes }
  /// What the reader should know of rows and columns.
  public var notes: [String] { models.notes }

  /// Trains the model.
  /// - Parameters:
  ///   - table: rows to learn from, all or a sample.
  ///   - rows: for each its number in the whole table, which says its fold.
  /// - Throws: `LearnError` in a sentence for the reader, `JobCancelled`.
  public init(
    _ table: DataTable, rows: [Int], options: FoldOptions, context: any JobContext = SilentContext()
  ) throws {
    self.options = options
    models = try FoldModels(table, rows: rows, options: options, models: 1, context: context)
  }

  /// Whether the model has not seen a row of its table, by the row's number there.
  public func isHeldOut(row: Int) -> Bool { options.fold(ofRow: row) == 0 }

  /// - Returns: `[rows × classes]` probabilities, or `[rows]` numbers.
  public func predict(_ table: DataTable, context: any JobContext = SilentContext()) throws -> [Double] {
    try models.predict(table, rows: Array(0..<table.rowCount), fold: 0, context: context)
  }

  /// How far each column moves the predictions on these rows: mean sizes of SHAP values.
  /// - Parameter most: rows that are explained at most; of more, so many at random.
  public func attributions(
    _ table: DataTable, most: Int = 1000, context: any JobContext = SilentContext()
  ) throws -> [String: Double] {
    var random = RandomSource(seed: options.seed).split("explained rows")
    let rows = random.sample(min(most, table.rowCount), of: table.rowCount)
    return try models.attributions(table, rows: rows, fold: 0, context: context)
  }
}
