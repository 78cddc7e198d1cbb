// What a leaf adds to each slot, for every set of features whose tests a row passes. A leaf of up to six features has at
// most 64 such sets, so its games are solved once and then only looked up, however many rows there are.
//
// Sets are bit masks, and eight neighbouring masks, which differ in the first three features, are one vector.

/// The solved game of a leaf: a table by mask of passed features for each slot.
struct LeafTable: ~Copyable {
  static let featureLimit = 6
  private typealias Vector = SIMD8<Double>

  /// How many slots a leaf of some features has: its features, their pairs, and the prediction.
  static func slots(features: Int, hasInteractions: Bool) -> Int {
    features + (hasInteractions ? features * (features - 1) / 2 : 0) + 1
  }

  private static let points = 3
  /// For the first three features which of eight neighbouring masks have them: 1, else 0.
  private static let lanes: [Vector] = [
    Vector(0, 1, 0, 1, 0, 1, 0, 1), Vector(0, 0, 1, 1, 0, 0, 1, 1), Vector(0, 0, 0, 0, 1, 1, 1, 1),
  ]

  private let hasInteractions: Bool
  private let quadrature = Quadrature(Self.points)
  private let weights = CoalitionWeights(upTo: Self.featureLimit)
  private let table: AlignedBuffer<Vector>
  /// [points][8]
  private let products: AlignedBuffer<Vector>
  private let lanes: AlignedBuffer<Vector>

  init(hasInteractions: Bool) {
    self.hasInteractions = hasInteractions
    let slots = Self.slots(features: Self.featureLimit, hasInteractions: hasInteractions)
    table = AlignedBuffer(repeating: Vector(), count: slots * 8)
    products = AlignedBuffer(repeating: Vector(), count: Self.points * 8)
    lanes = AlignedBuffer(Self.lanes, or: Vector())
  }

  /// [slots][64]
  var values: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(table.pointer).assumingMemoryBound(to: Double.self)
  }

  private func begin(_ value: Double, _ features: Int) {
    let slots = Self.slots(features: features, hasInteractions: hasInteractions)
    table.pointer.update(repeating: Vector(), count: slots * 8)
    values[(slots - 1) << 6 + (1 << features) - 1] = value
  }

  // MARK: Cover

  /// Solves the game in which absent features follow both branches.
  ///
  /// The Shapley value is the integral over t of the product of the others' factors, each t + z(1 - t) where the feature
  /// passes and z(1 - t) where not, times the feature's own change; three points are exact for six features.
  func solve(value: Double, shares: UnsafePointer<Double>, features: Int) {
    begin(value, features)
    let vectors = max(1, (1 << features) >> 3)
    for q in 0..<Self.points {
      let point = quadrature.points[q]
      let product = products.pointer + q * 8
      product[0] = Vector(repeating: value * quadrature.weights[q])
      for i in 0..<features {
        let fails = shares[i] * (1 - point)
        if i < 3 {
          product[0] *= Vector(repeating: fails) + lanes.pointer[i] * point
        } else {
          let half = 1 << (i - 3)
          for at in 0..<half {
            product[at + half] = product[at] * (fails + point)
            product[at] *= fails
          }
        }
      }
      for i in 0..<features {
        let (fails, passes) = change(shares[i], point)
        for at in 0..<vectors { table.pointer[i << 3 + at] += product[at] * selected(i, at, fails, passes) }
      }
      if hasInteractions { addPairs(product, shares, features, point, vectors) }
    }
  }

  /// What dividing by the own factor and multiplying by the change comes to, where the feature fails and passes.
  private func change(_ share: Double, _ point: Double) -> (fails: Double, passes: Double) {
    (-1 / (1 - point), (1 - share) / (point + share * (1 - point)))
  }

  /// A number for each of eight masks, by whether they have feature `i`.
  @inline(__always)
  private func selected(_ i: Int, _ vector: Int, _ without: Double, _ with: Double) -> Vector {
    if i < 3 { return Vector(repeating: without) + lanes.pointer[i] * (with - without) }
    return Vector(repeating: vector >> (i - 3) & 1 == 1 ? with : without)
  }

  private func addPairs(
    _ product: UnsafePointer<Vector>, _ shares: UnsafePointer<Double>, _ features: Int, _ point: Double, _ vectors: Int
  ) {
    var slot = features
    for i in 0..<features {
      let (fails, passes) = change(shares[i], point)
      for j in i + 1..<max(features, i + 1) {
        let other = change(shares[j], point)
        for at in 0..<vectors {
          table.pointer[slot << 3 + at] +=
            product[at] * selected(i, at, fails / 2, passes / 2) * selected(j, at, other.fails, other.passes)
        }
        slot += 1
      }
    }
  }

  // MARK: Background

  /// Solves the mean of the games in which absent features take a background row's values.
  ///
  /// Of two rows only those features matter that one passes and the other does not: the leaf is reached when all that the
  /// row alone passes are present and none that the background alone passes.
  /// - Parameter shares: share of the background rows by mask of passed features, [64].
  func solve(value: Double, backgroundShares shares: UnsafePointer<Double>, features: Int) {
    begin(value, features)
    let size = 1 << features
    for theirs in 0..<size where shares[theirs] > 0 {
      let scale = value * shares[theirs]
      let needed = ~theirs & (size - 1)
      // A row that the background's values can complete: it passes what they do not, and any of what they do.
      var optional = theirs
      while true {
        addMask(needed | optional, mine: needed, theirs: theirs & ~optional, features, scale)
        if optional == 0 { break }
        optional = (optional - 1) & theirs
      }
    }
  }

  private func addMask(_ mask: Int, mine: Int, theirs: Int, _ features: Int, _ scale: Double) {
    let (few, many) = (mine.nonzeroBitCount, theirs.nonzeroBitCount)
    if few > 0 {
      let gain = scale * weights[few + many, few - 1]
      var left = mine
      while left != 0 {
        values[left.trailingZeroBitCount << 6 + mask] += gain
        left &= left - 1
      }
    }
    if many > 0 {
      let loss = scale * weights[few + many, few]
      var left = theirs
      while left != 0 {
        values[left.trailingZeroBitCount << 6 + mask] -= loss
        left &= left - 1
      }
    }
    if hasInteractions, few + many > 1 { addPairs(mask, mine, theirs, features, scale / 2) }
  }

  private func addPairs(_ mask: Int, _ mine: Int, _ theirs: Int, _ features: Int, _ scale: Double) {
    let (few, players) = (mine.nonzeroBitCount, (mine | theirs).nonzeroBitCount - 1)
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
