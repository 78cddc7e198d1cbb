// What a leaf adds to each slot, for every set of features whose tests a row passes. A leaf of up to six features has at
// most 64 such sets, so its games are solved once and then only looked up, however many rows there are.
//
// Sets are bit masks, and eight neighbouring masks, which differ in the first three features, are one vector.

import CTreeKernels

/// The solved game of a leaf: a table by mask of passed features for each slot.
struct LeafTable: ~Copyable {
  static let featureLimit = 6

  /// How many slots a leaf of some features has: its features, and their pairs.
  static func slots(features: Int, hasInteractions: Bool) -> Int {
    features + (hasInteractions ? features * (features - 1) / 2 : 0)
  }

  private let hasInteractions: Bool
  private let level: Int32
  private let quadrature = Quadrature(3)
  private let weights = CoalitionWeights(upTo: Self.featureLimit)
  private let table: AlignedBuffer<Double>

  init(hasInteractions: Bool, level: KernelLevel) {
    (self.hasInteractions, self.level) = (hasInteractions, level.rawValue)
    let slots = Self.slots(features: Self.featureLimit, hasInteractions: hasInteractions)
    table = AlignedBuffer(repeating: 0, count: slots << 6)
  }

  /// [slots][64]
  var values: UnsafeMutablePointer<Double> { table.pointer }

  // MARK: Cover

  /// Solves the game in which absent features follow both branches.
  func solve(value: Double, shares: UnsafePointer<Double>, features: Int) {
    assay_leaf_table(
      level, quadrature.points, quadrature.weights, value, shares, Int32(features), hasInteractions ? 1 : 0, values)
  }

  // MARK: Background

  /// Solves the mean of the games in which absent features take a background row's values.
  ///
  /// Of two rows only those features matter that one passes and the other does not: the leaf is reached when all that the
  /// row alone passes are present and none that the background alone passes.
  /// - Parameter shares: share of the background rows by mask of passed features, [64].
  func solve(value: Double, backgroundShares shares: UnsafePointer<Double>, features: Int) {
    values.update(repeating: 0, count: Self.slots(features: features, hasInteractions: hasInteractions) << 6)
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
