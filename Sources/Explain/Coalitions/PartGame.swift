// One thing made of parts, such as a text of words: the game has one row, whose parts are there or not.

import Jobs

struct PartGame: CoalitionGame {
  /// Parts.
  let features: Int
  let outputs: Int
  let isParallel = true
  let rowCount = 1
  let backgroundCount = 1
  /// [coalitions][outputs], for [parts][coalitions] of 1 where a part is there and 0 where not.
  let predict: @Sendable ([[UInt8]]) throws -> [Double]

  /// Coalitions that the model is asked about at once.
  private static let batch = 512

  func players(of row: Int) -> [Int] { Array(0..<features) }

  func predictions(of rows: [Int]) throws -> [Double] { try predict(Array(repeating: [1], count: features)) }

  func worths(
    of rows: [Int], _ coalitions: Coalitions, players: [Int], context: any JobContext
  ) throws -> [Double] {
    var worths: [Double] = []
    worths.reserveCapacity(coalitions.count * outputs)
    for start in stride(from: 0, to: coalitions.count, by: Self.batch) {
      try context.checkCancelled()
      let end = min(coalitions.count, start + Self.batch)
      worths += try predict(coalitions.members.map { Array($0[start..<end]) })
    }
    return worths
  }
}
