/// Rows of a cluster that are chosen at random there, so that no others travel.
public struct ClusterSample: Codable, Hashable, Sendable {
  /// How many at most.
  public var rows: Int
  /// The same seed chooses the same rows of a table that the cluster splits into the same parts.
  public var seed: UInt64

  public init(rows: Int, seed: UInt64 = 0) { (self.rows, self.seed) = (rows, seed) }

  /// Rows that a lot below a bound leaves over beside those that are wanted, in deviations of their number.
  private static let margin = 8.0

  /// The rows as a SELECT of the cluster.
  /// - Parameters:
  ///   - relation: a SELECT of all rows there.
  ///   - columns: its columns.
  ///   - total: how many rows it has.
  public func sql(of relation: String, _ columns: [String], total: Int) -> String {
    let names = columns.map(TableAddress.quoted).joined(separator: ", ")
    guard rows < total else { return "SELECT \(names) FROM (\(relation))" }
    let lot = TableAddress.quoted(freeName(columns))
    // Each row draws a lot. Those far beyond the wanted share are left out before any are compared.
    let wanted = Double(max(0, rows))
    let bound = min(1, (wanted + Self.margin * wanted.squareRoot() + Self.margin) / Double(total))
    return """
      SELECT \(names) FROM (SELECT \(names), rand(\(seed % UInt64(Int32.max))) AS \(lot) FROM (\(relation)))
      WHERE \(lot) < \(bound)D ORDER BY \(lot) LIMIT \(max(0, rows))
      """
  }

  private func freeName(_ columns: [String]) -> String {
    let taken = Set(columns.map { $0.lowercased() })
    var name = "assay_lot"
    while taken.contains(name) { name += "_" }
    return name
  }
}
