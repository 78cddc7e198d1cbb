// Vectors of an encoder to fewer numbers: the directions in which those of the rows learnt from vary most, by randomised subspace
// iteration (Halko, Martinsson and Tropp 2011, doi:10.1137/090771806). Each number varies by 1. Few rows keep whole vectors where
// what learns from them shrinks: then each number is only scaled.

import CDenseKernels
import Foundation
import Numerics

/// What was learnt about an encoder's vectors of one column.
struct VectorDirections: Codable, Hashable, Sendable {
  static let widthLimit = 96
  /// Vectors to learn from at most; more of them hardly turn the directions.
  private static let rowLimit = 4_000
  /// Rows that keep whole vectors at most: of more the tables would be large.
  private static let wholeLimit = 8_000

  /// `[dimensions]`
  let center: [Float]
  /// `[dimensions × width]`; of whole vectors `[dimensions]`, what each number is multiplied by.
  let directions: [Float]
  let width: Int
  private let isWhole: Bool

  /// - Parameters:
  ///   - vectors: `[all rows × dimensions]`.
  ///   - rows: the rows to learn from.
  ///   - isWhole: true keeps every number of a vector, where there are few rows.
  init(_ vectors: [Float], dimensions: Int, rows: [Int], isWhole: Bool, seed: UInt64) {
    self.isWhole = isWhole && rows.count <= Self.wholeLimit
    let step = max(1, (rows.count + Self.rowLimit - 1) / Self.rowLimit)
    let some = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    guard dimensions > 0, !some.isEmpty else {
      (center, directions, width) = (Array(repeating: 0, count: dimensions), [], 0)
      return
    }
    var sums = [Double](repeating: 0, count: dimensions)
    for row in some { for column in 0..<dimensions { sums[column] += Double(vectors[row * dimensions + column]) } }
    let mean = sums.map { Float($0 / Double(some.count)) }
    let moved = some.flatMap { row in (0..<dimensions).map { vectors[row * dimensions + $0] - mean[$0] } }
    if self.isWhole {
      center = mean
      width = dimensions
      directions = (0..<dimensions).map { column in
        var square = 0.0
        for row in 0..<some.count {
          square += Double(moved[row * dimensions + column] * moved[row * dimensions + column])
        }
        let deviation = (square / Double(some.count)).squareRoot()
        return deviation > 1e-9 ? Float(1 / deviation) : 0
      }
      return
    }
    let wanted = min(Self.widthLimit, dimensions, max(1, some.count / 4))
    // A few more than are wanted make the last of them accurate.
    let columns = min(dimensions, wanted + 8)
    var random = RandomSource(seed: seed).split("vectors")
    var basis = (0..<dimensions * columns).map { _ in Float(random.nextNormal()) }
    orthonormalize(&basis, rows: dimensions, columns: columns)
    for _ in 0..<6 {
      let image = multiply(moved, (some.count, dimensions), basis, columns)
      basis = multiply(moved, (some.count, dimensions), image, columns, isTurned: true)
      orthonormalize(&basis, rows: dimensions, columns: columns)
    }
    let image = multiply(moved, (some.count, dimensions), basis, columns)
    let gram = multiply(image, (some.count, columns), image, columns, isTurned: true)
    let eigen = SymmetricEigen(
      (0..<columns).map { i in
        (0..<columns).map { j in Double(gram[i * columns + j] + gram[j * columns + i]) / 2 / Double(some.count) }
      })
    let kept = eigen.values.prefix(wanted).prefix { $0 > 1e-9 * max(eigen.values[0], 1e-12) }.count
    var turn = [Float](repeating: 0, count: columns * kept)
    for direction in 0..<kept {
      let scale = 1 / eigen.values[direction].squareRoot()
      for column in 0..<columns {
        turn[column * kept + direction] = Float(eigen.vectors[direction][column] * scale)
      }
    }
    center = mean
    width = kept
    directions = kept == 0 ? [] : multiply(basis, (dimensions, columns), turn, kept)
  }

  /// The numbers of some rows, `[width][rows]`.
  func project(_ vectors: [Float], rows: [Int]) -> [[Double]] {
    var result = Array(repeating: [Double](repeating: 0, count: rows.count), count: width)
    guard vectors.count >= center.count else { return result }
    for (position, row) in rows.enumerated() {
      let numbers = numbers(vectors, from: row * center.count)
      for column in 0..<width { result[column][position] = Double(numbers[column]) }
    }
    return result
  }

  /// The numbers of the vector that begins at a place.
  func numbers(_ vectors: [Float], from start: Int) -> [Float] {
    if isWhole { return center.indices.map { (vectors[start + $0] - center[$0]) * directions[$0] } }
    var sums = [Float](repeating: 0, count: width)
    vectors.withUnsafeBufferPointer { vectors in
      directions.withUnsafeBufferPointer { directions in
        sums.withUnsafeMutableBufferPointer { sums in
          for row in center.indices {
            let value = vectors[start + row] - center[row]
            for column in 0..<width { sums[column] += value * directions[row * width + column] }
          }
        }
      }
    }
    return sums
  }

  /// True where the tables are as long as they should be.
  func fits(dimensions: Int) -> Bool {
    guard center.count == dimensions else { return false }
    return isWhole
      ? width == dimensions && directions.count == width
      : (0...Self.widthLimit).contains(width) && directions.count == dimensions * width
  }

  // MARK: Keeping

  private enum CodingKeys: String, CodingKey { case center, directions, width, isWhole }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    center = floats(try container.decode(Data.self, forKey: .center))
    directions = floats(try container.decode(Data.self, forKey: .directions))
    width = try container.decode(Int.self, forKey: .width)
    isWhole = try container.decode(Bool.self, forKey: .isWhole)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bytes(center), forKey: .center)
    try container.encode(bytes(directions), forKey: .directions)
    try container.encode(width, forKey: .width)
    try container.encode(isWhole, forKey: .isWhole)
  }
}

/// A · B, or Aᵀ · B where A is turned.
///
/// - Parameters:
///   - a: `[size.rows × size.columns]`.
///   - b: `[columns × n]`, or `[rows × n]` where A is turned.
private func multiply(
  _ a: [Float], _ size: (rows: Int, columns: Int), _ b: [Float], _ n: Int, isTurned: Bool = false
) -> [Float] {
  let (m, k) = isTurned ? (size.columns, size.rows) : size
  let length = max(1, assay_multiply_scratch(m, n, k))
  return withUnsafeTemporaryAllocation(
    byteCount: length * MemoryLayout<Float>.stride, alignment: 64
  ) { scratch in
    [Float](unsafeUninitializedCapacity: m * n) { result, count in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          if let a = a.baseAddress, let b = b.baseAddress, let target = result.baseAddress,
            let scratch = scratch.bindMemory(to: Float.self).baseAddress
          {
            assay_multiply(
              Int32(assay_dense_level()), m, n, k, a, isTurned ? 1 : size.columns, isTurned ? size.columns : 1, b, n, 1,
              target, n, 0, scratch)
          }
        }
      }
      count = m * n
    }
  }
}

/// Makes the columns of a matrix, `[rows × columns]`, orthonormal: Gram and Schmidt, each column twice.
func orthonormalize(_ basis: inout [Float], rows: Int, columns: Int) {
  basis.withUnsafeMutableBufferPointer { basis in
    for column in 0..<columns {
      for _ in 0..<2 {
        for earlier in 0..<column {
          var dot: Float = 0
          for row in 0..<rows { dot += basis[row * columns + column] * basis[row * columns + earlier] }
          for row in 0..<rows { basis[row * columns + column] -= dot * basis[row * columns + earlier] }
        }
      }
      var square: Float = 0
      for row in 0..<rows { square += basis[row * columns + column] * basis[row * columns + column] }
      let scale = square > 1e-20 ? 1 / square.squareRoot() : 0
      for row in 0..<rows { basis[row * columns + column] *= scale }
    }
  }
}
