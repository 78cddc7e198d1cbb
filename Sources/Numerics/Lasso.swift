// Linear and logistic regression with an L1 penalty, by coordinate descent along a path of penalties (Friedman, Hastie and
// Tibshirani 2010, doi:10.18637/jss.v033.i01).
//
// Both minimise  loss(intercept, coefficients) + penalty · Σ |coefficient|; the loss is half the mean squared error, or the
// mean of −ln(probability of the class that came true). The intercept is not penalised.

/// A fit for one penalty.
public struct LassoFit: Sendable, Equatable {
  public var penalty: Double
  public var intercept: Double
  /// [features], for the features as they were given.
  public var coefficients: [Double]

  public init(penalty: Double, intercept: Double, coefficients: [Double]) {
    (self.penalty, self.intercept, self.coefficients) = (penalty, intercept, coefficients)
  }

  /// The linear predictor of each row: the label itself, or log-odds.
  /// - Parameter features: [features][rows].
  public func predict(_ features: [[Double]], rows: Int) -> [Double] {
    var sums = [Double](repeating: intercept, count: rows)
    for (column, weight) in zip(features, coefficients) where weight != 0 {
      for row in 0..<rows { sums[row] += weight * column[row] }
    }
    return sums
  }
}

/// Lasso paths over features of mean 0.
public struct Lasso: Sendable {
  /// The label's loss.
  public enum Loss: Sendable, Equatable {
    case squared
    /// Labels are 0 and 1.
    case logistic
  }

  private let features: [[Double]]
  private let labels: [Double]
  private let loss: Loss
  private let mean: Double

  /// - Parameters:
  ///   - features: [features][rows], finite, each of mean 0; standardise them, for the penalty treats all alike.
  ///   - labels: [rows], finite; not empty.
  public init(features: [[Double]], labels: [Double], loss: Loss) {
    precondition(!labels.isEmpty && features.allSatisfy { $0.count == labels.count }, "each row needs a label")
    (self.features, self.labels, self.loss) = (features, labels, loss)
    mean = Statistics.mean(labels)
  }

  /// The smallest penalty that leaves no coefficient.
  public var largestPenalty: Double {
    slopes(labels.map { $0 - mean }).map(abs).max() ?? 0
  }

  /// Fits for penalties in the given order; a fit starts from the one before, so let them fall.
  public func path(_ penalties: [Double]) -> [LassoFit] { path(penalties) {} }

  /// The same, calling `check` before each fit and each step of one; what it throws ends the path.
  public func path(_ penalties: [Double], check: () throws -> Void) rethrows -> [LassoFit] {
    var current = LassoFit(penalty: .infinity, intercept: mean, coefficients: features.map { _ in 0 })
    // Log-odds of the mean; the caller keeps both classes in the rows.
    if loss == .logistic { current.intercept = logarithm(mean / (1 - mean)) }
    let gram = loss == .squared ? products(features, weights: nil) : []
    let start = loss == .squared ? slopes(labels.map { $0 - mean }) : []
    return try penalties.map { penalty in
      try check()
      current.penalty = penalty
      switch loss {
      case .squared:
        // With features of mean 0 the intercept is the labels' mean.
        descend(&current.coefficients, gram, start, penalty)
      case .logistic: try newton(&current, check)
      }
      return current
    }
  }

  /// [features]: the mean of feature × residual.
  private func slopes(_ residuals: [Double]) -> [Double] {
    features.map { Self.dot($0, residuals) / Double(residuals.count) }
  }

  /// The sum of products, in four sums side by side: one alone waits for each addition.
  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
        var row = 0
        while row + 3 < left.count {
          a += left[row] * right[row]
          b += left[row + 1] * right[row + 1]
          c += left[row + 2] * right[row + 2]
          d += left[row + 3] * right[row + 3]
          row += 4
        }
        while row < left.count {
          a += left[row] * right[row]
          row += 1
        }
        return (a + b) + (c + d)
      }
    }
  }

  /// [columns][columns]: means of products, weighted by row.
  private func products(_ columns: [[Double]], weights: [Double]?) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: columns.count), count: columns.count)
    for (a, left) in columns.enumerated() {
      let weighted = weights.map { weights in zip(left, weights).map { $0 * $1 } } ?? left
      for b in a..<columns.count {
        result[a][b] = Self.dot(weighted, columns[b]) / Double(labels.count)
        result[b][a] = result[a][b]
      }
    }
    return result
  }

  /// The least ½ βᵀGβ − cᵀβ + penalty · Σ |β|, from β; the coordinate `free` is not penalised.
  ///
  /// Coordinate descent finds which coordinates are zero and the signs of the others; what these leave is a linear system.
  /// Where that has no single answer, as of features that determine each other, the descent goes on.
  private func descend(
    _ beta: inout [Double], _ gram: [[Double]], _ slope: [Double], _ penalty: Double, free: Int? = nil
  ) {
    guard !beta.isEmpty else { return }
    // The gradient's part that β makes, kept up to date.
    var made = gram.map { row in zip(row, beta).reduce(0) { $0 + $1.0 * $1.1 } }
    let size = slope.reduce(0) { max($0, abs($1)) }
    for sweep in 1...5000 {
      var largest = 0.0
      for j in beta.indices where gram[j][j] > 0 {
        let partial = slope[j] - made[j] + gram[j][j] * beta[j]
        let limit = j == free ? 0 : penalty
        let shrunk = partial > limit ? partial - limit : partial < -limit ? partial + limit : 0
        let change = shrunk / gram[j][j] - beta[j]
        guard change != 0 else { continue }
        beta[j] += change
        for k in beta.indices { made[k] += gram[k][j] * change }
        largest = max(largest, abs(change) * gram[j][j].squareRoot())
      }
      if largest <= 1e-14 * size { return }
      if sweep % 25 == 0, let exact = Self.solved(beta, gram, slope, penalty, free) {
        beta = exact
        return
      }
    }
  }

  /// The optimum with the signs of β; nil where those are not the optimum's, or the system is singular.
  private static func solved(
    _ beta: [Double], _ gram: [[Double]], _ slope: [Double], _ penalty: Double, _ free: Int?
  ) -> [Double]? {
    let active = beta.indices.filter { beta[$0] != 0 || $0 == free }
    func price(_ j: Int) -> Double { j == free ? 0 : beta[j] > 0 ? penalty : -penalty }
    guard
      let values = CholeskySolver(active.map { a in active.map { gram[a][$0] } })?.solve(
        active.map { slope[$0] - price($0) })
    else { return nil }
    var result = [Double](repeating: 0, count: beta.count)
    for (place, j) in active.enumerated() {
      guard j == free || (values[place] > 0) == (beta[j] > 0) else { return nil }
      result[j] = values[place]
    }
    for j in beta.indices where beta[j] == 0 && j != free {
      let left = slope[j] - zip(gram[j], result).reduce(0) { $0 + $1.0 * $1.1 }
      guard abs(left) <= penalty * (1 + 1e-12) else { return nil }
    }
    return result
  }

  /// Newton steps, each a penalised least-squares fit over the features that are, or want to be, in the model.
  private func newton(_ fit: inout LassoFit, _ check: () throws -> Void) rethrows {
    let rows = labels.count
    var objective = self.objective(fit)
    var lastChange = Double.infinity
    for _ in 0..<100 {
      try check()
      let odds = fit.predict(features, rows: rows)
      let chances = odds.map(Self.chance)
      let residuals = zip(labels, chances).map { $0 - $1 }
      let slope = slopes(residuals)
      let active = slope.indices.filter { fit.coefficients[$0] != 0 || abs(slope[$0]) > fit.penalty }
      // Rows that are all but certain keep a little weight, so that the step exists.
      let weights = chances.map { max($0 * (1 - $0), 1e-10) }
      let ones = [Double](repeating: 1, count: rows)
      let gram = products([ones] + active.map { features[$0] }, weights: weights)
      let old = [fit.intercept] + active.map { fit.coefficients[$0] }
      let gradient = [Statistics.mean(residuals)] + active.map { slope[$0] }
      let target = old.indices.map { row in
        gradient[row] + zip(gram[row], old).reduce(0) { $0 + $1.0 * $1.1 }
      }
      var new = old
      descend(&new, gram, target, fit.penalty, free: 0)
      let change = zip(old, new).reduce(0) { max($0, abs($1.0 - $1.1)) }
      var step = 1.0
      var next = fit
      var value = Double.infinity
      while step > 1e-8 {
        next.intercept = old[0] + step * (new[0] - old[0])
        for (place, feature) in active.enumerated() {
          next.coefficients[feature] = old[place + 1] + step * (new[place + 1] - old[place + 1])
        }
        value = self.objective(next)
        if value <= objective + 1e-14 * abs(objective) { break }
        step /= 2
      }
      guard step > 1e-8 else { return }
      (fit, objective) = (next, value)
      let scale = max(1, old.reduce(0) { max($0, abs($1)) })
      // Steps that no longer shrink are rounding.
      if change <= 1e-13 * scale || (change <= 1e-9 * scale && change >= lastChange / 2) { return }
      lastChange = change
    }
  }

  /// The penalised loss of a logistic fit.
  private func objective(_ fit: LassoFit) -> Double {
    let odds = fit.predict(features, rows: labels.count)
    var sum = 0.0
    for row in labels.indices {
      // ln(1 + e^x) − yx without overflow.
      sum += max(odds[row], 0) + logarithm(onePlus: exponential(-abs(odds[row]))) - labels[row] * odds[row]
    }
    return sum / Double(labels.count) + fit.penalty * fit.coefficients.reduce(0) { $0 + abs($1) }
  }

  static func chance(_ odds: Double) -> Double {
    if odds >= 0 { return 1 / (1 + exponential(-odds)) }
    let power = exponential(odds)
    return power / (1 + power)
  }
}
