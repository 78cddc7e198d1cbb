// Linear systems with a symmetric positive definite matrix (Golub and Van Loan, "Matrix computations", 4th edition, 4.2).

/// The lower triangle L with LLᵀ = A.
public struct CholeskySolver: Sendable {
  private let lower: [[Double]]

  /// Nil where the matrix is not positive definite but for rounding: a pivot is below 1e-12 of its diagonal entry.
  /// - Parameter matrix: [n][n], symmetric.
  public init?(_ matrix: [[Double]]) {
    var lower = matrix
    for row in matrix.indices {
      for column in 0...row {
        var sum = matrix[row][column]
        for k in 0..<column { sum -= lower[row][k] * lower[column][k] }
        if row == column {
          guard sum > 1e-12 * matrix[row][row], sum.isFinite else { return nil }
          lower[row][row] = sum.squareRoot()
        } else {
          lower[row][column] = sum / lower[column][column]
        }
      }
    }
    self.lower = lower
  }

  /// x with Ax = b.
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == lower.count, "each equation needs a right side")
    var values = right
    for row in lower.indices {
      for k in 0..<row { values[row] -= lower[row][k] * values[k] }
      values[row] /= lower[row][row]
    }
    for row in lower.indices.reversed() {
      for k in (row + 1)..<max(lower.count, row + 1) { values[row] -= lower[k][row] * values[k] }
      values[row] /= lower[row][row]
    }
    return values
  }
}
