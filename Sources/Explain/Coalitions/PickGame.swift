// A model that is only asked: rows are made of cells of others.

import Jobs

/// The game of a model that predicts rows of a table. Rows of the background and rows to explain stand in one table; a row
/// that is asked for takes each feature's cell from one of them.
struct PickGame: CoalitionGame {
  let features: Int
  let outputs: Int
  let isParallel = true
  /// For each row to explain its number in the table.
  let rows: [Int]
  let background: BackgroundRows
  /// Whether a feature's cells in two rows of the table are the same.
  let isSame: @Sendable (_ feature: Int, _ a: Int, _ b: Int) -> Bool
  /// For rows given by the table row of each feature's cell, [features][rows]: predictions, [rows][outputs].
  let predict: @Sendable ([[Int]]) throws -> [Double]

  /// Rows that the model is asked about at once.
  private static let batch = 4_096

  var rowCount: Int { rows.count }
  var backgroundCount: Int { background.count }

  func players(of row: Int) -> [Int] {
    (0..<features).filter { feature in
      background.picks.contains { !isSame(feature, rows[row], $0[feature]) }
    }
  }

  func predictions(of rows: [Int]) throws -> [Double] {
    try predict(Array(repeating: rows.map { self.rows[$0] }, count: features))
  }

  func worths(
    of rows: [Int], _ coalitions: Coalitions, players: [Int], context: any JobContext
  ) throws -> [Double] {
    var playerOf = Array(repeating: -1, count: features)
    for (player, feature) in players.enumerated() { playerOf[feature] = player }
    // Each coalition of each row with each background row that it takes.
    let all = Array(0..<background.count)
    let others = (0..<coalitions.count).map { number -> [Int] in
      guard let row = coalitions.backgroundRows?[number], row >= 0 else { return all }
      return [row]
    }
    var result: [Double] = []
    result.reserveCapacity(rows.count * coalitions.count * outputs)
    let pairs = rows.count * coalitions.count
    var next = 0
    while next < pairs {
      try context.checkCancelled()
      context.report(Double(next) / Double(pairs), "explaining rows")
      var end = next
      var asked = 0
      while end < pairs, asked == 0 || asked + others[end % coalitions.count].count <= Self.batch {
        asked += others[end % coalitions.count].count
        end += 1
      }
      let picks = (0..<features).map { feature in
        column(feature, player: playerOf[feature], of: rows, coalitions, others, next..<end, count: asked)
      }
      let values = try predict(picks)
      var at = 0
      for pair in next..<end {
        let taken = others[pair % coalitions.count]
        for output in 0..<outputs {
          var sum = 0.0
          if taken.count == 1 {
            sum = values[at * outputs + output]
          } else {
            for place in taken.indices {
              sum += values[(at + place) * outputs + output] * background.weights[taken[place]]
            }
          }
          result.append(sum)
        }
        at += taken.count
      }
      next = end
    }
    return result
  }

  /// Where a feature's cells come from, for some of the coalitions of rows, each with its background rows.
  private func column(
    _ feature: Int, player: Int, of rows: [Int], _ coalitions: Coalitions, _ others: [[Int]], _ pairs: Range<Int>,
    count: Int
  ) -> [Int] {
    let theirs = background.picks.map { $0[feature] }
    let coalitionCount = coalitions.count
    return Array(unsafeUninitializedCapacity: count) { cells, filled in
      for pair in pairs {
        let number = pair % coalitionCount
        if player >= 0, coalitions.members[player][number] == 0 {
          for other in others[number] {
            cells.initializeElement(at: filled, to: theirs[other])
            filled += 1
          }
        } else {
          let own = self.rows[rows[pair / coalitionCount]]
          for _ in 0..<others[number].count {
            cells.initializeElement(at: filled, to: own)
            filled += 1
          }
        }
      }
    }
  }
}
