// Eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations (Golub and Van Loan, "Matrix
// computations", 4th edition, 8.5).

/// The eigenvalues of a symmetric matrix, the greatest first, each with its vector of unit length.
public struct SymmetricEigen: Sendable {
  /// [n], descending.
  public let values: [Double]
  /// [n][n]: `vectors[i]` belongs to `values[i]`; its entry of greatest size is positive.
  public let vectors: [[Double]]

  /// - Parameter matrix: [n][n], symmetric and finite.
  public init(_ matrix: [[Double]]) {
    let size = matrix.count
    precondition(matrix.allSatisfy { $0.count == size }, "eigenvalues need a square matrix")
    var a = matrix
    var v = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
    for _ in 0..<100 {
      var isDiagonal = true
      for p in 0..<size {
        for q in (p + 1)..<max(size, p + 1) where a[p][q] != 0 {
          // Smaller than the rounding of both diagonal entries: nothing.
          if abs(a[p][q]) <= 1e-17 * (abs(a[p][p]) * abs(a[q][q])).squareRoot() { continue }
          if abs(a[p][q]) < Double.leastNormalMagnitude { continue }
          isDiagonal = false
          Self.rotate(&a, &v, p, q)
        }
      }
      if isDiagonal { break }
    }
    let order = (0..<size).sorted { (a[$0][$0], $1) > (a[$1][$1], $0) }
    values = order.map { a[$0][$0] }
    vectors = order.map { column in
      let vector = v.map { $0[column] }
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// Turns rows and columns `p` and `q` so that their entry becomes zero.
  private static func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let size = abs(theta) > 1e150 ? 1 / (2 * abs(theta)) : 1 / (abs(theta) + (theta * theta + 1).squareRoot())
    let t = theta < 0 ? -size : size
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in a.indices {
      let (kp, kq) = (a[k][p], a[k][q])
      a[k][p] = c * kp - s * kq
      a[k][q] = s * kp + c * kq
    }
    for k in a.indices {
      let (pk, qk) = (a[p][k], a[q][k])
      a[p][k] = c * pk - s * qk
      a[q][k] = s * pk + c * qk
    }
    a[p][q] = 0
    a[q][p] = 0
    for k in v.indices {
      let (kp, kq) = (v[k][p], v[k][q])
      v[k][p] = c * kp - s * kq
      v[k][q] = s * kp + c * kq
    }
  }
}
