import Embed
import Foundation
import Numerics
import Plot

/// Words on a plane.
extension EmbedRunner {
  /// Words that stand for no word of the text.
  private static let marks: Set<String> = ["</s>", "<unk>", "[PAD]"]

  /// - Parameter groups: how many groups of like words are told apart; 0 for none.
  func map(_ mapping: EmbedMapping, groups: Int = 0) throws -> EmbeddingMap {
    try mapping.options.check()
    let lookup = try lookup(mapping.vectors)
    let words = lookup.words
    context.report(nil, "laying out words")
    let wanted = Array(
      words.words.indices.lazy.filter { !Self.marks.contains(words.words[$0]) }.prefix(mapping.words))
    let highlighted = try Set(mapping.highlighted.map { try lookup.number($0) })
    // A word that is pointed out is on the map, however rare.
    let shown = wanted + highlighted.subtracting(wanted).sorted()
    let vectors = shown.map { words.unitVector($0) }
    let places: [MapPoint]
    let method: String
    switch mapping.method {
    case .pca:
      let found = try PrincipalDirections(vectors, count: 2, check: context.checkCancelled)
      places = vectors.map { vector in
        let place = found.project(vector)
        return MapPoint(x: place.first ?? 0, y: place.count > 1 ? place[1] : 0)
      }
      let shares = found.variances.map { Int((100 * $0 / max(found.total, .leastNormalMagnitude)).rounded()) }
      method = "PCA-2  var " + shares.map { "\($0)%" }.joined(separator: " + ")
    case .tsne:
      places = try neighborMap(vectors, options: mapping.options, threads: threadCount, context: context)
      method = "t-SNE  perplexity \(Int(mapping.options.perplexity.rounded()))"
    }
    let found = try WordGroups(vectors, count: groups, check: context.checkCancelled)
    return EmbeddingMap(
      title: "Words", method: method,
      points: shown.indices.map { place in
        EmbeddingMap.Point(
          x: places[place].x, y: places[place].y, label: words.words[shown[place]],
          cluster: found.centers.isEmpty ? nil : found.groups[place])
      },
      // A group is called by the most frequent of the words that stand for it best.
      clusters: found.nearest(vectors, count: 5).map { $0.min().map { words.words[shown[$0]] } ?? "" },
      highlighted: shown.indices.filter { highlighted.contains(shown[$0]) }, total: words.words.count,
      sampled: shown.count < words.words.count ? shown.count : nil)
  }
}

/// Vectors in groups, by spherical k-means from vectors that lie far apart (Dhillon and Modha 2001,
/// doi:10.1023/A:1007612920971).
struct WordGroups {
  /// [vectors]
  private(set) var groups: [Int]
  /// [groups][dimensions], of length 1; empty where there are too few vectors.
  private(set) var centers: [[Float]]

  init(_ vectors: [[Float]], count: Int, check: () throws -> Void) rethrows {
    groups = [Int](repeating: 0, count: vectors.count)
    centers = []
    guard count > 1, vectors.count >= count * 4, let first = vectors.first else { return }
    centers = [first]
    var nearest = vectors.map { Self.product($0, first) }
    while centers.count < count {
      let next = nearest.indices.min { (nearest[$0], $0) < (nearest[$1], $1) } ?? 0
      centers.append(vectors[next])
      for place in vectors.indices {
        nearest[place] = max(nearest[place], Self.product(vectors[place], vectors[next]))
      }
    }
    for _ in 0..<12 {
      try check()
      var sums = centers.map { [Float](repeating: 0, count: $0.count) }
      var isSettled = true
      for (place, vector) in vectors.enumerated() {
        let products = centers.map { Self.product(vector, $0) }
        let best = products.indices.max { products[$0] < products[$1] } ?? 0
        isSettled = isSettled && groups[place] == best
        groups[place] = best
        for column in vector.indices { sums[best][column] += vector[column] }
      }
      if isSettled { break }
      centers = zip(sums, centers).map { sum, center in
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : center
      }
    }
  }

  /// For each group the places of the vectors that lie nearest to its center.
  func nearest(_ vectors: [[Float]], count: Int) -> [[Int]] {
    centers.indices.map { group in
      groups.indices.filter { groups[$0] == group }
        .map { ($0, Self.product(vectors[$0], centers[group])) }
        .sorted { $0.1 > $1.1 }.prefix(count).map(\.0)
    }
  }

  private static func product(_ left: [Float], _ right: [Float]) -> Float {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var sum: Float = 0
        for column in 0..<min(left.count, right.count) { sum += left[column] * right[column] }
        return sum
      }
    }
  }
}
