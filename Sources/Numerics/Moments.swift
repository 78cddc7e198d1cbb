// Count, mean and squared deviations of numbers, joined part by part (Chan, Golub and LeVeque 1983,
// doi:10.1080/00031305.1983.10483115).

/// Count, mean and sum of squared deviations of some numbers.
public struct Moments: Sendable, Hashable {
  public var count: Double
  /// 0 of none.
  public var mean: Double
  /// The sum of (x − mean)².
  public var squares: Double

  public init(count: Double = 0, mean: Double = 0, squares: Double = 0) {
    (self.count, self.mean, self.squares) = (count, mean, squares)
  }

  /// Joins the numbers of another part.
  public mutating func add(_ other: Moments) {
    guard other.count > 0 else { return }
    let total = count + other.count
    let difference = other.mean - mean
    squares += other.squares + difference * difference * count * other.count / total
    mean += difference * other.count / total
    count = total
  }
}
