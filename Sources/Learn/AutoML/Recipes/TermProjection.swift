// Term counts to a few numbers: weights by rarity (TF-IDF, Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0), rows of
// length 1, then a truncated singular value decomposition by randomised subspace iteration (Halko, Martinsson and Tropp 2011,
// doi:10.1137/090771806).

import Foundation
import Numerics

/// What was learnt about the terms of one column.
struct TermProjection: Codable, Hashable, Sendable {
  /// The weight of each term.
  let weights: [Float]
  /// `[terms × width]`, term after term: what a term of weight 1 adds to each number.
  let directions: [Float]
  let width: Int

  static let widthLimit = 48

  /// - Parameter rows: the rows to learn from.
  init(_ counts: TermCounts, terms: Int, rows: [Int], seed: UInt64) {
    var holders = [Int](repeating: 0, count: terms)
    for row in rows { for entry in counts.entries(row) { holders[Int(counts.terms[entry])] += 1 } }
    let total = Double(rows.count)
    let weights = holders.map { $0 == 0 ? 0 : Float(log((1 + total) / (1 + Double($0))) + 1) }
    self.weights = weights
    width = min(Self.widthLimit, terms, max(1, rows.count / 4))
    guard terms > 0 else {
      directions = []
      return
    }
    let matrix = rows.map { Self.weighted(counts, $0, weights) }
    var random = RandomSource(seed: seed).split("terms")
    // A few columns more than wanted make the leading ones accurate.
    let columns = min(terms, width + 8)
    var basis = (0..<terms * columns).map { _ in Float(random.nextNormal()) }
    for _ in 0..<4 {
      orthonormalize(&basis, rows: terms, columns: columns)
      basis = Self.normalProduct(matrix, basis, terms: terms, columns: columns)
    }
    orthonormalize(&basis, rows: terms, columns: columns)
    directions = Self.leading(matrix, basis, terms: terms, columns: columns, width: width)
  }

  /// The numbers of some rows, `[width][rows]`.
  func project(_ counts: TermCounts, rows: [Int]) -> [[Double]] {
    var result = Array(repeating: [Double](repeating: 0, count: rows.count), count: width)
    var sums = [Float](repeating: 0, count: width)
    for (position, row) in rows.enumerated() {
      for index in sums.indices { sums[index] = 0 }
      for (term, value) in Self.weighted(counts, row, weights) {
        let start = Int(term) * width
        for index in 0..<width { sums[index] += value * directions[start + index] }
      }
      for index in 0..<width { result[index][position] = Double(sums[index]) }
    }
    return result
  }

  /// The weighted terms of a row, of length 1 together.
  private static func weighted(_ counts: TermCounts, _ row: Int, _ weights: [Float]) -> [(Int32, Float)] {
    var square: Float = 0
    var entries: [(Int32, Float)] = []
    for entry in counts.entries(row) {
      let value = (1 + log(counts.counts[entry])) * weights[Int(counts.terms[entry])]
      square += value * value
      entries.append((counts.terms[entry], value))
    }
    guard square > 0 else { return [] }
    let scale = 1 / square.squareRoot()
    return entries.map { ($0, $1 * scale) }
  }

  /// AᵀA · basis.
  private static func normalProduct(_ matrix: [[(Int32, Float)]], _ basis: [Float], terms: Int, columns: Int) -> [Float]
  {
    var result = [Float](repeating: 0, count: terms * columns)
    var sums = [Float](repeating: 0, count: columns)
    for row in matrix {
      multiply(row, basis, columns, &sums)
      for (term, value) in row {
        let start = Int(term) * columns
        for index in 0..<columns { result[start + index] += value * sums[index] }
      }
    }
    return result
  }

  private static func multiply(_ row: [(Int32, Float)], _ basis: [Float], _ columns: Int, _ sums: inout [Float]) {
    for index in 0..<columns { sums[index] = 0 }
    for (term, value) in row {
      let start = Int(term) * columns
      for index in 0..<columns { sums[index] += value * basis[start + index] }
    }
  }

  /// The leading right singular vectors within the span of a basis, scaled so that each number varies by 1 in the mean.
  private static func leading(
    _ matrix: [[(Int32, Float)]], _ basis: [Float], terms: Int, columns: Int, width: Int
  ) -> [Float] {
    var gram = Array(repeating: [Double](repeating: 0, count: columns), count: columns)
    var sums = [Float](repeating: 0, count: columns)
    for row in matrix {
      multiply(row, basis, columns, &sums)
      for i in 0..<columns { for j in 0...i { gram[i][j] += Double(sums[i] * sums[j]) } }
    }
    for i in 0..<columns { for j in 0..<i { gram[j][i] = gram[i][j] } }
    let eigen = SymmetricEigen(gram)
    let order = eigen.values.indices.sorted { eigen.values[$0] > eigen.values[$1] }.prefix(width)
    var result = [Float](repeating: 0, count: terms * width)
    for (position, number) in order.enumerated() {
      let deviation = (max(eigen.values[number], 0) / Double(max(matrix.count, 1))).squareRoot()
      let scale = deviation > 1e-9 ? 1 / deviation : 0
      for term in 0..<terms {
        var sum = 0.0
        for column in 0..<columns { sum += Double(basis[term * columns + column]) * eigen.vectors[number][column] }
        result[term * width + position] = Float(sum * scale)
      }
    }
    return result
  }
}
