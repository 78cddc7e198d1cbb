// The weighted least squares of KernelSHAP (Lundberg and Lee 2017, arXiv:1705.07874): of all additive models whose values
// sum to the whole effect, the one nearest to the worths. The constraint enters by its Lagrange multiplier.
//
// Random coalitions are also split into batches. Each of them, with what was enumerated, gives an estimate of its own;
// how far these lie apart is the standard error.

import Numerics

struct KernelSystem: Sendable {
  /// Coalitions with their weights.
  struct Part: Sendable {
    var numbers: [Int] = []
    var weights: [Double] = []

    mutating func add(_ number: Int, _ weight: Double) {
      numbers.append(number)
      weights.append(weight)
    }
  }

  /// A matrix that was factored: A⁻¹ is asked for often, but A does not depend on the row.
  private struct Factored: Sendable {
    let solver: CholeskySolver
    /// A⁻¹1 and its sum.
    let ones: [Double]
    let onesSum: Double

    init?(_ matrix: [[Double]]) {
      guard let solver = CholeskySolver(matrix) else { return nil }
      self.solver = solver
      ones = solver.solve(Array(repeating: 1, count: matrix.count))
      onesSum = ones.reduce(0, +)
    }

    /// The values that sum to `total`.
    func values(_ right: [Double], total: Double) -> [Double] {
      let free = solver.solve(right)
      let rest = (free.reduce(0, +) - total) / onesSum
      return zip(free, ones).map { $0 - rest * $1 }
    }
  }

  private let parts: [Part]
  /// What each part counts in the whole.
  private let shares: [Double]
  /// [parts][players][coalitions of the part]
  private let members: [[[UInt8]]]
  private let whole: Factored?
  /// Of the enumerated part with each batch.
  private let batches: [Factored]

  /// - Parameters:
  ///   - enumerated: coalitions that are all there; every size of one among them.
  ///   - drawn: batches of random coalitions, each with weights that stand for all that were not enumerated.
  ///   - draws: how many each batch has.
  init(_ coalitions: Coalitions, enumerated: Part, drawn: [Part], draws: [Int]) {
    parts = [enumerated] + drawn
    let total = Double(max(1, draws.reduce(0, +)))
    let shares = [1] + draws.map { Double($0) / total }
    self.shares = shares
    let parts = parts
    let members = parts.map { part in coalitions.members.map { row in part.numbers.map { row[$0] } } }
    self.members = members
    let players = coalitions.players
    let matrices = zip(parts, members).map { part, members in
      (0..<players).map { i in
        (0..<players).map { j in
          var sum = 0.0
          for at in part.numbers.indices where members[i][at] & members[j][at] == 1 { sum += part.weights[at] }
          return sum
        }
      }
    }
    func sum(_ weights: [Double]) -> [[Double]] {
      (0..<players).map { i in
        (0..<players).map { j in zip(weights, matrices).reduce(0) { $0 + $1.0 * $1.1[i][j] } }
      }
    }
    whole = Factored(sum(shares))
    batches = drawn.indices.compactMap { batch in
      Factored(sum(shares.indices.map { $0 == 0 || $0 == batch + 1 ? 1 : 0 }))
    }
  }

  /// - Parameters:
  ///   - worths: by coalition, beyond the worth of none.
  ///   - total: the worth of all players, beyond that of none.
  func solve(_ worths: [Double], total: Double) -> (values: [Double], errors: [Double]) {
    let players = members[0].count
    let rights = zip(parts, members).map { part, members -> [Double] in
      let weighted = zip(part.numbers, part.weights).map { worths[$0] * $1 }
      return (0..<players).map { player in
        members[player].withUnsafeBufferPointer { isMember in
          weighted.withUnsafeBufferPointer { weighted in
            var sum = 0.0
            for at in weighted.indices { sum += Double(isMember[at]) * weighted[at] }
            return sum
          }
        }
      }
    }
    guard let whole else { return (Array(repeating: .nan, count: players), []) }
    let right = (0..<players).map { player in zip(shares, rights).reduce(0) { $0 + $1.0 * $1.1[player] } }
    let values = whole.values(right, total: total)
    guard batches.count == parts.count - 1, batches.count > 1 else {
      return (values, Array(repeating: 0, count: players))
    }
    let estimates = batches.enumerated().map { batch, factored in
      factored.values(zip(rights[0], rights[batch + 1]).map(+), total: total)
    }
    return (values, (0..<players).map { player in standardError(estimates.map { $0[player] }) })
  }
}

/// The standard error of the mean of some estimates; 0 for fewer than two.
func standardError(_ estimates: [Double]) -> Double {
  guard estimates.count > 1 else { return 0 }
  return (Statistics.variance(estimates) / Double(estimates.count)).squareRoot()
}
