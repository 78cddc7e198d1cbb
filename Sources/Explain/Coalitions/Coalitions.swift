// Sets of features that keep a row's values, while the others take those of the background.

import Jobs

/// Sets of players, without repetition, in the order in which they were added.
struct Coalitions: Sendable {
  let players: Int
  private(set) var count = 0
  /// [players][count], 1 where the player takes part.
  private(set) var members: [[UInt8]]
  /// For each the one background row whose values absent players take; nil for the mean over all.
  var backgroundRows: [Int]?
  private var numbers: [[UInt64]: Int] = [:]

  init(players: Int) {
    self.players = players
    members = Array(repeating: [], count: players)
  }

  /// All of them: number `mask` has the players whose bits are set.
  init(allOf players: Int) {
    self.players = players
    count = 1 << players
    members = (0..<players).map { player in (0..<1 << players).map { UInt8($0 >> player & 1) } }
  }

  /// The number of a set.
  /// - Parameter isPresent: by player.
  mutating func number(of isPresent: [Bool]) -> (number: Int, isNew: Bool) {
    var words = Array(repeating: UInt64(0), count: (players + 63) / 64)
    for player in 0..<players where isPresent[player] { words[player >> 6] |= 1 << UInt64(player & 63) }
    if let known = numbers[words] { return (known, false) }
    numbers[words] = count
    return (append(isPresent), true)
  }

  /// Adds a set, also where it is known.
  @discardableResult
  mutating func append(_ isPresent: [Bool]) -> Int {
    for player in 0..<players { members[player].append(isPresent[player] ? 1 : 0) }
    count += 1
    return count - 1
  }
}

/// What coalitions are worth: the mean prediction over the background, with the coalition's features as in the row.
protocol CoalitionGame: Sendable {
  var features: Int { get }
  var outputs: Int { get }
  /// Rows that can be explained.
  var rowCount: Int { get }
  var backgroundCount: Int { get }
  /// True where `worths` itself uses several threads.
  var isParallel: Bool { get }

  /// Features whose value in the row differs from that of some background row, ascending.
  func players(of row: Int) -> [Int]

  /// [rows][coalitions][outputs].
  /// - Parameter players: the feature of each player.
  func worths(
    of rows: [Int], _ coalitions: Coalitions, players: [Int], context: any JobContext
  ) throws -> [Double]

  /// What the model says of rows: [rows][outputs].
  func predictions(of rows: [Int]) throws -> [Double]
}
