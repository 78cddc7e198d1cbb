// What a leaf adds to each slot, for every set of features whose tests a row passes. A leaf of up to six features has at
// most 64 such sets, so its games are solved once and then only looked up, however many rows there are.

import CTreeKernels

/// The solved game of a leaf: a table by mask of passed features for each slot.
struct LeafTable {
  static let featureLimit = 6

  /// How many slots a leaf of some features has: its features, their pairs, and the prediction.
  static func slots(features: Int, hasInteractions: Bool) -> Int {
    features + (hasInteractions ? features * (features - 1) / 2 : 0) + 1
  }

  let hasInteractions: Bool
  private let quadrature = Quadrature(3)
  /// [slots][64]
  private(set) var values: [Double]
  private var products: [Double]

  init(hasInteractions: Bool) {
    self.hasInteractions = hasInteractions
    values = Array(repeating: 0, count: Self.slots(features: 6, hasInteractions: hasInteractions) * 64)
    products = Array(repeating: 0, count: 3 * 64)
  }

  private mutating func clear(_ features: Int) {
    let count = Self.slots(features: features, hasInteractions: hasInteractions) * 64
    values.withUnsafeMutableBufferPointer { $0[0..<count].update(repeating: 0) }
  }

  private func predictionSlot(_ features: Int) -> Int {
    Self.slots(features: features, hasInteractions: hasInteractions) - 1
  }

  // MARK: Cover

  /// Solves the game in which absent features follow both branches.
  ///
  /// The Shapley value is the integral over t of the product of the others' factors, each t + z(1 - t) where the feature
  /// passes and z(1 - t) where not, times the feature's own change; three points are exact for six features.
  mutating func solve(value: Double, shares: [Double]) {
    let features = shares.count
    let size = 1 << features
    clear(features)
    values[predictionSlot(features) * 64 + size - 1] = value
    for q in 0..<3 {
      let point = quadrature.points[q]
      products[q * 64] = value * quadrature.weights[q]
      for (i, share) in shares.enumerated() {
        let fails = share * (1 - point)
        for mask in 0..<1 << i {
          let product = products[q * 64 + mask]
          products[q * 64 + mask | 1 << i] = product * (fails + point)
          products[q * 64 + mask] = product * fails
        }
      }
    }
    // What dividing by the own factor and multiplying by the change comes to, where the feature fails and passes.
    func change(_ share: Double, _ q: Int, _ passes: Bool) -> Double {
      let point = quadrature.points[q]
      return passes ? (1 - share) / (point + share * (1 - point)) : -1 / (1 - point)
    }
    values.withUnsafeMutableBufferPointer { values in
      products.withUnsafeBufferPointer { products in
        for q in 0..<3 {
          for (i, share) in shares.enumerated() {
            let (fails, passes) = (change(share, q, false), change(share, q, true))
            for mask in 0..<size {
              values[i << 6 + mask] += products[q << 6 + mask] * (mask >> i & 1 == 1 ? passes : fails)
            }
          }
          guard hasInteractions else { continue }
          var slot = features
          for i in 0..<features {
            for j in i + 1..<max(features, i + 1) {
              let first = [change(shares[i], q, false), change(shares[i], q, true)]
              let second = [change(shares[j], q, false), change(shares[j], q, true)]
              for mask in 0..<size {
                values[slot << 6 + mask] += products[q << 6 + mask] * first[mask >> i & 1] * second[mask >> j & 1] / 2
              }
              slot += 1
            }
          }
        }
      }
    }
  }

  // MARK: Background

  private let weights = CoalitionWeights(upTo: Self.featureLimit)

  /// Solves the mean of the games in which absent features take a background row's values.
  ///
  /// Of two rows only those features matter that one passes and the other does not: the leaf is reached when all that the
  /// row alone passes are present and none that the background alone passes.
  /// - Parameter shares: share of the background rows by mask of passed features, [64].
  mutating func solve(value: Double, features: Int, shares: [Double]) {
    let size = 1 << features
    clear(features)
    values[predictionSlot(features) * 64 + size - 1] = value
    for other in 0..<size where shares[other] > 0 {
      let needed = ~other & (size - 1)
      for mask in 0..<size where mask & needed == needed {
        let (mine, theirs) = (mask & ~other, other & ~mask)
        let (few, many) = (mine.nonzeroBitCount, theirs.nonzeroBitCount)
        guard few + many > 0 else { continue }
        let scale = value * shares[other]
        let gain = few > 0 ? scale * weights[few + many, few - 1] : 0
        let loss = many > 0 ? -scale * weights[few + many, few] : 0
        for i in 0..<features {
          if mine >> i & 1 == 1 {
            values[i << 6 + mask] += gain
          } else if theirs >> i & 1 == 1 {
            values[i << 6 + mask] += loss
          }
        }
        if hasInteractions, few + many > 1 { addPairs(mask, mine, theirs, features, scale / 2) }
      }
    }
  }

  private mutating func addPairs(_ mask: Int, _ mine: Int, _ theirs: Int, _ features: Int, _ scale: Double) {
    let (few, players) = (mine.nonzeroBitCount, mine.nonzeroBitCount + theirs.nonzeroBitCount - 1)
    var slot = features
    for i in 0..<features {
      for j in i + 1..<max(features, i + 1) {
        defer { slot += 1 }
        let both = 1 << i | 1 << j
        guard (mine | theirs) & both == both else { continue }
        let gains = (mine & both).nonzeroBitCount
        // Of the other players all of the row's own are present: few minus those of the pair.
        values[slot << 6 + mask] += (gains == 1 ? -scale : scale) * weights[players, few - gains]
      }
    }
  }
}
