// Variance inflation from a correlation matrix, for matrices that have no inverse too.

/// How far the variance of a regression coefficient grows by the correlation of its variable with the others.
public enum VarianceInflation {
  /// Eigenvalues up to this count as zero: a variable whose variance the others explain but for 1e-10 is taken for their
  /// combination, since a correlation computed in floating point cannot tell it from one.
  public static let singular = 1e-10

  /// 1 ÷ (1 − R²) of each variable regressed on all the others, which is the diagonal of the inverse of their correlation
  /// matrix (Belsley, Kuh and Welsch 1980, doi:10.1002/0471725153, 3.2); infinite where the others determine the
  /// variable. Variables outside of such a combination keep a finite factor.
  ///
  /// - Parameter eigen: of the correlation matrix, [n].
  public static func factors(_ eigen: SymmetricEigen) -> [Double] {
    eigen.values.indices.map { variable in
      var factor = 0.0
      for (value, vector) in zip(eigen.values, eigen.vectors) {
        let square = vector[variable] * vector[variable]
        if value > singular {
          factor += square / value
        } else if square > 1e-12 {
          return .infinity
        }
      }
      // At least 1 by definition; sums may fall short in the last digit.
      return max(1, factor)
    }
  }
}
