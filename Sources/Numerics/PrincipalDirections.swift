// The first principal components of many vectors, by block power iteration with Rayleigh and Ritz's projection (Golub and
// Van Loan, "Matrix computations", 4th edition, 8.2.4): a few directions of many cost far less than all of them.

/// Directions in which vectors vary most.
public struct PrincipalDirections: Sendable, Equatable {
  /// [dimensions]
  public let center: [Double]
  /// [count][dimensions], each of length 1; the entry of greatest size is positive.
  public let directions: [[Double]]
  /// [count]: the variance along each direction, descending.
  public let variances: [Double]
  /// The variance in all directions together.
  public let total: Double

  /// - Parameters:
  ///   - rows: [n][dimensions], n at least 1.
  ///   - count: how many directions; there are no more than dimensions.
  ///   - check: called now and then; throws to stop.
  public init(_ rows: [[Float]], count: Int, check: () throws -> Void = {}) rethrows {
    let size = rows.first?.count ?? 0
    var center = [Double](repeating: 0, count: size)
    for row in rows {
      for column in 0..<size { center[column] += Double(row[column]) }
    }
    for column in 0..<size { center[column] /= Double(max(rows.count, 1)) }
    var products = [Double](repeating: 0, count: size * size)
    var moved = [Double](repeating: 0, count: size)
    for (number, row) in rows.enumerated() {
      if number % 256 == 0 { try check() }
      for column in 0..<size { moved[column] = Double(row[column]) - center[column] }
      products.withUnsafeMutableBufferPointer { products in
        moved.withUnsafeBufferPointer { moved in
          for i in 0..<size where moved[i] != 0 {
            let (factor, start) = (moved[i], i * size)
            for j in i..<size { products[start + j] += factor * moved[j] }
          }
        }
      }
    }
    for i in 0..<size {
      for j in i..<size {
        products[i * size + j] /= Double(max(rows.count, 1))
        products[j * size + i] = products[i * size + j]
      }
    }
    self.center = center
    total = (0..<size).reduce(0) { $0 + products[$1 * size + $1] }
    let wanted = max(0, min(count, size))
    let found =
      size <= 24
      ? Self.exact(products, size) : try Self.iterated(products, size, count: wanted, total: total, check: check)
    variances = found.values.prefix(wanted).map { max($0, 0) }
    directions = Array(found.vectors.prefix(wanted))
  }

  /// A vector along the directions.
  public func project(_ vector: [Float]) -> [Double] {
    directions.map { direction in
      var sum = 0.0
      for column in direction.indices { sum += direction[column] * (Double(vector[column]) - center[column]) }
      return sum
    }
  }

  private static func exact(_ matrix: [Double], _ size: Int) -> (values: [Double], vectors: [[Double]]) {
    let eigen = SymmetricEigen((0..<size).map { Array(matrix[$0 * size..<($0 + 1) * size]) })
    return (eigen.values, eigen.vectors)
  }

  private static func iterated(
    _ matrix: [Double], _ size: Int, count: Int, total: Double, check: () throws -> Void
  ) rethrows -> (values: [Double], vectors: [[Double]]) {
    // A few more than are asked for, so that the last of them settles soon.
    let width = min(size, count + 6)
    var random = RandomSource(seed: 7)
    var block = (0..<width).map { _ in (0..<size).map { _ in Double.random(in: -0.5...0.5, using: &random) } }
    orthonormalise(&block)
    var before: [Double] = []
    for round in 0..<300 {
      try check()
      let image = block.map { multiply(matrix, $0, size) }
      if round % 5 == 4 {
        let now = zip(block, image).map { dot($0, $1) }.sorted(by: >).prefix(count)
        let change = zip(now, before).reduce(0) { max($0, abs($1.0 - $1.1)) }
        if !before.isEmpty, change <= 1e-12 * max(total, .leastNormalMagnitude) { break }
        before = Array(now)
      }
      block = image
      orthonormalise(&block)
    }
    let image = block.map { multiply(matrix, $0, size) }
    let eigen = SymmetricEigen(block.map { left in image.map { dot(left, $0) } }.symmetric)
    let vectors = eigen.vectors.map { weights -> [Double] in
      var vector = [Double](repeating: 0, count: size)
      for (weight, base) in zip(weights, block) {
        for column in 0..<size { vector[column] += weight * base[column] }
      }
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
    return (eigen.values, vectors)
  }

  private static func multiply(_ matrix: [Double], _ vector: [Double], _ size: Int) -> [Double] {
    matrix.withUnsafeBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        (0..<size).map { row in
          var sum = 0.0
          let start = row * size
          for column in 0..<size { sum += matrix[start + column] * vector[column] }
          return sum
        }
      }
    }
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    left.indices.reduce(0) { $0 + left[$1] * right[$1] }
  }

  /// Gram and Schmidt, twice for what rounding leaves; a vector that vanishes becomes an axis of its own.
  private static func orthonormalise(_ block: inout [[Double]]) {
    for place in block.indices {
      for attempt in 0..<(block[place].count + 1) {
        let before = dot(block[place], block[place]).squareRoot()
        for _ in 0..<2 {
          for other in 0..<place {
            let share = dot(block[place], block[other])
            for column in block[place].indices { block[place][column] -= share * block[other][column] }
          }
        }
        let length = dot(block[place], block[place]).squareRoot()
        if length > 1e-9 * before, length > 1e-150, length.isFinite {
          for column in block[place].indices { block[place][column] /= length }
          break
        }
        block[place] = block[place].indices.map { $0 == (place + attempt) % block[place].count ? 1 : 0 }
      }
    }
  }
}

extension [[Double]] {
  /// The mean of a matrix and its mirror, which differ by rounding.
  fileprivate var symmetric: [[Double]] {
    indices.map { row in indices.map { (self[row][$0] + self[$0][row]) / 2 } }
  }
}
