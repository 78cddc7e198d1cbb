// Binomial and multinomial draws: a bootstrap of rows is a multinomial draw of their cells.

import Foundation
import Numerics

extension RandomSource {
  /// How many of `count` trials succeed.
  ///
  /// By inversion where few do, else by the transformed rejection BTRS of Hörmann (1993, "The generation of binomial
  /// random variates", doi:10.1080/00949659308811496).
  mutating func nextBinomial(_ count: Int, _ chance: Double) -> Int {
    guard count > 0, chance > 0 else { return 0 }
    guard chance < 1 else { return count }
    if chance > 0.5 { return count - nextBinomial(count, 1 - chance) }
    return Double(count) * chance < 10 ? nextByInversion(count, chance) : nextByRejection(count, chance)
  }

  private mutating func nextByInversion(_ count: Int, _ chance: Double) -> Int {
    let odds = chance / (1 - chance)
    let limit = Double(count + 1) * odds
    while true {
      var left = nextUnit()
      var term = exp(Double(count) * log1p(-chance))
      var successes = 0
      while left > term, successes <= count {
        left -= term
        successes += 1
        term *= limit / Double(successes) - odds
      }
      // Rounding can leave a rest beyond the last term.
      if successes <= count { return successes }
    }
  }

  private mutating func nextByRejection(_ count: Int, _ chance: Double) -> Int {
    let n = Double(count)
    let spread = (n * chance * (1 - chance)).squareRoot()
    let b = 1.15 + 2.53 * spread
    let a = -0.0873 + 0.0248 * b + 0.01 * chance
    let c = n * chance + 0.5
    let accepted = 0.92 - 4.2 / b
    while true {
      let u = nextUnit() - 0.5
      var v = nextUnit()
      let rest = 0.5 - abs(u)
      guard rest > 0 else { continue }
      let k = ((2 * a / rest + b) * u + c).rounded(.down)
      if rest >= 0.07, v <= accepted { return Int(k) }
      guard k >= 0, k <= n else { continue }
      let odds = chance / (1 - chance)
      let mode = ((n + 1) * chance).rounded(.down)
      v = log(v * ((2.83 + 5.1 / b) * spread) / (a / (rest * rest) + b))
      var bound = (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1)))
      bound += (n + 1) * log((n - mode + 1) / (n - k + 1)) + (k + 0.5) * log(odds * (n - k + 1) / (k + 1))
      bound += Self.stirling(mode) + Self.stirling(n - mode) - Self.stirling(k) - Self.stirling(n - k)
      if v <= bound { return Int(k) }
    }
  }

  /// ln k! less Stirling's formula.
  private static func stirling(_ k: Double) -> Double {
    let exact = [
      0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.0207906721037650, 0.0166446911898211,
      0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287,
    ]
    if k < 10 { return exact[Int(k)] }
    let square = (k + 1) * (k + 1)
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1)
  }

  /// As many rows as the counts sum to, drawn from them with replacement, into `draw`.
  mutating func nextMultinomial(_ counts: [Int], total: Int, into draw: inout [Double]) {
    var rows = total
    var weight = total
    for cell in counts.indices {
      let count = counts[cell]
      let drawn = count >= weight ? rows : nextBinomial(rows, Double(count) / Double(weight))
      draw[cell] = Double(drawn)
      rows -= drawn
      weight -= count
    }
  }
}
