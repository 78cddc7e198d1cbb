// The counterfactual flip test: would rows of group d fare better if they were judged as their neighbours in group a are?
// After Black, Yeom and Fredrikson 2020 (doi:10.1145/3351095.3372845), with nearest neighbours in place of transport, as
// Clarify does.

import Foundation
import Numerics

/// What the flip test found of one pair of groups.
struct FlipTest: Equatable {
  /// Rows of d that are predicted negative and whose neighbours in a are predicted positive.
  var gained = 0
  /// The reverse.
  var lost = 0
  /// Rows of d that were judged.
  var rows = 0
  /// Neighbours asked.
  var neighbours = 1
  var features: [String] = []
  /// Rows that were read, where not all were.
  var sample: Int?
  /// Rows without a value of some feature.
  var incomplete = 0
  var failure: String?

  /// (F⁺ − F⁻) / n_d as documented, above 0 where d is worse off; the library returns the negative.
  func value(_ mode: BiasSpec.Mode) -> Double {
    let flips = Double(mode == .correct ? gained - lost : lost - gained)
    return rows > 0 ? flips / Double(rows) : .nan
  }

  /// Values of bootstrap draws of the rows of d; their neighbours stay as they are.
  func draws(_ count: Int, _ random: RandomSource, _ mode: BiasSpec.Mode) -> [Double] {
    guard rows > 0 else { return [] }
    var source = random
    var drawn = [0.0, 0, 0]
    return (0..<count).map { _ in
      source.nextMultinomial([gained, lost, rows - gained - lost], total: rows, into: &drawn)
      return (mode == .correct ? drawn[0] - drawn[1] : drawn[1] - drawn[0]) / Double(rows)
    }
  }

  /// - Parameters:
  ///   - features: [rows × width], by rows, all finite.
  ///   - isMember: [rows], whether a row is group d.
  ///   - isPredicted: [rows], whether it is predicted positive.
  ///   - mode: in `correct` all rows as near as the k-th vote, and a draw flips nothing, so that the order of rows does
  ///     not matter; in `smclarify` the first k rows vote.
  static func run(
    features: [Double], width: Int, isMember: [Bool], isPredicted: [Bool], mode: BiasSpec.Mode,
    checking check: () throws -> Void
  ) rethrows -> FlipTest {
    var result = FlipTest()
    let pool = isMember.indices.filter { !isMember[$0] }
    // Clarify asks five neighbours where a has more than nine rows, else one.
    let k = pool.count > 9 ? 5 : 1
    result.neighbours = k
    guard !pool.isEmpty else { return result }
    var packed = [Double](repeating: 0, count: pool.count * width)
    for (place, row) in pool.enumerated() {
      for column in 0..<width { packed[place * width + column] = features[row * width + column] }
    }
    let votes = pool.map { isPredicted[$0] }
    let tree = NeighbourTree(packed, width: width, count: pool.count)
    for row in isMember.indices where isMember[row] {
      if result.rows % 64 == 0 { try check() }
      result.rows += 1
      let point = features[row * width..<(row + 1) * width]
      let nearest = tree.nearest(k, to: point)
      var (voters, positive) = (nearest.count, nearest.filter { votes[$0.row] }.count)
      if mode == .correct, let last = nearest.last {
        (voters, positive) = tree.votes(votes, within: last.distance, of: point)
      }
      let isPositive = isPredicted[row]
      if 2 * positive > voters, !isPositive { result.gained += 1 }
      // The library's classifier rejects where votes are even.
      let isRejected = mode == .correct ? 2 * positive < voters : 2 * positive <= voters
      if isRejected, isPositive { result.lost += 1 }
    }
    return result
  }
}
