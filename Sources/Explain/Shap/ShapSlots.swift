// Where the sums of a row stand.

/// The places of a block of sums: for each output the features, the prediction, and the pairs of features.
struct ShapSlots: Sendable {
  let features: Int
  let outputs: Int
  let hasInteractions: Bool

  var pairs: Int { hasInteractions ? features * (features - 1) / 2 : 0 }
  var perOutput: Int { features + 1 + pairs }
  var count: Int { perOutput * outputs }

  func value(_ feature: Int, _ output: Int) -> Int { output * perOutput + feature }
  func prediction(_ output: Int) -> Int { output * perOutput + features }

  /// The place of a pair of two features, in either order.
  func pair(_ i: Int, _ j: Int, _ output: Int) -> Int {
    let (low, high) = (min(i, j), max(i, j))
    return output * perOutput + features + 1 + low * (2 * features - low - 1) / 2 + high - low - 1
  }
}
