// Draws from a RandomSource: numbers, shuffles, samples. The algorithms are fixed here, rather than the standard library's,
// so that a seed gives the same draw with every version of Swift.

extension RandomSource {
  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< `bound`, without bias (Lemire 2019, doi:10.1145/3230636).
  ///
  /// - Precondition: `bound` is positive.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound > 0, "an index needs a positive bound")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold {
        product = next().multipliedFullWidth(by: range)
      }
    }
    return Int(product.high)
  }

  /// A standard normal number (Marsaglia and Bray's polar method).
  public mutating func nextNormal() -> Double {
    while true {
      let x = 2 * nextUnit() - 1
      let y = 2 * nextUnit() - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * logarithm(square) / square).squareRoot() }
    }
  }

  /// Puts the elements in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, nextIndex(below: last + 1))
    }
  }

  /// The elements in random order.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var copy = elements
    shuffle(&copy)
    return copy
  }

  /// `count` different numbers of 0 ..< `total` in ascending order, each subset equally likely; all when `count` reaches `total`.
  public mutating func sample(_ count: Int, of total: Int) -> [Int] {
    guard count < total else { return Array(0..<max(total, 0)) }
    guard count > 0 else { return [] }
    // Floyd's algorithm (Bentley and Floyd 1987, doi:10.1145/30401.315746): one draw for each element taken.
    var chosen = Set<Int>(minimumCapacity: count)
    for upper in (total - count)..<total {
      let candidate = nextIndex(below: upper + 1)
      if !chosen.insert(candidate).inserted { chosen.insert(upper) }
    }
    return chosen.sorted()
  }
}
