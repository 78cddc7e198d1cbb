// How much a model needs each column: by how much its figure falls when the column's cells are dealt out anew among the rows
// (Breiman 2001, "Random forests", Machine Learning 45; Fisher, Rudin and Dominici 2019).

import Frame
import Jobs
import Numerics

/// The columns of a model by what the loss of each costs it.
public struct LossImportance: Codable, Hashable, Sendable {
  public struct Item: Codable, Hashable, Sendable {
    public let column: String
    /// By how much the figure becomes worse; below zero where chance made it better.
    public let drop: Double
    /// Over the times that the cells were dealt out.
    public let std: Double
  }

  public let metric: Objective
  /// The figure with all columns.
  public let baseline: Double
  /// Rows with a label that were predicted.
  public let rows: Int
  /// False where the rows are those that the model was trained on: what it has learnt by heart counts then too.
  public let isUnseen: Bool
  /// The most needed first.
  public let items: [Item]

  /// - Parameters:
  ///   - table: rows with the label and the columns of the model.
  ///   - repeats: how often each column's cells are dealt out.
  /// - Throws: `BundleError`, `LearnError`, `JobCancelled`.
  public init(
    _ bundle: ModelBundle, _ table: DataTable, isUnseen: Bool, repeats: Int = 3, seed: UInt64, threads: Int,
    context: any JobContext = SilentContext()
  ) throws {
    metric = bundle.manifest.metric
    self.isUnseen = isUnseen
    let whole = try bundle.judge(table, threads: threads, context: context)
    rows = whole.rows
    let (metric, name) = (self.metric, self.metric.rawValue)
    guard let base = whole.figures[name] else {
      throw LearnError.library(call: "importance", reason: "\(name) is not defined on these \(whole.rows) rows")
    }
    baseline = base
    let columns = bundle.manifest.schema.columns.map(\.name)
    var items: [Item] = []
    for (done, column) in columns.enumerated() {
      guard let place = table.columns.firstIndex(where: { $0.column.name == column }) else { continue }
      var random = RandomSource(seed: seed).split("importance").split(UInt64(done))
      var drops: [Double] = []
      for _ in 0..<repeats {
        try context.checkCancelled()
        var dealt = table
        dealt.columns[place] = table.columns[place].taking(random.shuffled(Array(0..<table.rowCount)))
        let figure = try bundle.judge(dealt, threads: threads, context: context).figures[name]
        drops.append(metric.gain(base) - metric.gain(figure))
      }
      context.report(Double(done + 1) / Double(columns.count), "without \(column)")
      let finite = drops.filter(\.isFinite)
      items.append(
        Item(
          column: column, drop: finite.isEmpty ? 0 : Statistics.mean(finite),
          std: finite.count > 1 ? Statistics.standardDeviation(finite) : 0))
    }
    self.items = items.sorted { ($1.drop, $0.column) < ($0.drop, $1.column) }
  }
}

extension TypedColumn {
  /// The cells of these rows, in this order.
  fileprivate func taking(_ rows: [Int]) -> TypedColumn {
    let taken: ColumnData =
      switch data {
      case .integers(let cells): .integers(rows.map { cells[$0] })
      case .reals(let cells): .reals(rows.map { cells[$0] })
      case .booleans(let cells): .booleans(rows.map { cells[$0] })
      case .texts(let cells): .texts(rows.map { cells[$0] })
      case .dates(let cells): .dates(rows.map { cells[$0] })
      case .timestamps(let cells): .timestamps(rows.map { cells[$0] })
      case .times(let cells): .times(rows.map { cells[$0] })
      case .others(let cells): .others(rows.map { cells[$0] })
      }
    return TypedColumn(column: column, data: taken, valid: valid.map { valid in rows.map { valid[$0] } })
  }
}
