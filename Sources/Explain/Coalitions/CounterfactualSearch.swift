// The smallest change of a row that flips a decision: one feature where one is enough, then two, then three; of as many
// features the change that goes least far.

/// Tries other values for some features of a row.
public struct CounterfactualSearch: Sendable {
  /// Another cell for a feature.
  public struct Change: Sendable, Hashable {
    public let feature: Int
    /// The table row that the cell is taken from.
    public let row: Int

    public init(feature: Int, row: Int) { (self.feature, self.row) = (feature, row) }
  }

  /// For each feature the table rows whose cells are tried.
  public var candidates: [[Int]]
  /// How far a change goes: 0 for none, 1 across the range of a number or to another code.
  public var distance: @Sendable (_ change: Change, _ from: Int) -> Double
  /// Features that change together at most.
  public var most = 3
  /// Changes that are carried on from one number of features to the next.
  public var width = 12

  public init(candidates: [[Int]], distance: @escaping @Sendable (_ change: Change, _ from: Int) -> Double) {
    (self.candidates, self.distance) = (candidates, distance)
  }

  /// - Parameters:
  ///   - row: the table row to change.
  ///   - score: how far rows are beyond the decision, above 0 where it is flipped; rows are given by the table row of each
  ///     feature's cell, [features][rows].
  /// - Returns: nil where no change of up to `most` features flips the decision.
  public func search(row: Int, score: ([[Int]]) throws -> [Double]) throws -> [Change]? {
    var beam: [[Change]] = [[]]
    for _ in 0..<most {
      var tried: [[Change]] = []
      var seen: Set<Set<Change>> = []
      for start in beam {
        for (feature, rows) in candidates.enumerated() where !start.contains(where: { $0.feature == feature }) {
          for other in rows {
            let changes = start + [Change(feature: feature, row: other)]
            if seen.insert(Set(changes)).inserted { tried.append(changes) }
          }
        }
      }
      guard !tried.isEmpty else { return nil }
      var picks = Array(repeating: Array(repeating: row, count: tried.count), count: candidates.count)
      for (number, changes) in tried.enumerated() {
        for change in changes { picks[change.feature][number] = change.row }
      }
      let scores = try score(picks)
      let costs = tried.map { $0.reduce(0) { $0 + distance($1, row) } }
      let flipped = tried.indices.filter { scores[$0] > 0 }
      if let best = flipped.min(by: { (costs[$0], -scores[$0]) < (costs[$1], -scores[$1]) }) { return tried[best] }
      let order = tried.indices.sorted { (scores[$1], costs[$0]) < (scores[$0], costs[$1]) }
      beam = order.prefix(width).map { tried[$0] }
    }
    return nil
  }
}
