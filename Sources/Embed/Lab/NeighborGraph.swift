// Who attracts whom in a map.

import Foundation
import Jobs
import Synchronization

/// Nearness of vectors: for each its neighbours, and how strongly they attract.
struct NeighborGraph: Sendable {
  /// [points + 1] into the neighbours.
  private var starts: [Int] = [0]
  private var neighbors: [Int32] = []
  /// Symmetric; 1 in all.
  private var weights: [Double] = []

  init(_ vectors: [[Float]], perplexity: Double, threads: Int, context: any JobContext) throws {
    let count = vectors.count
    let wanted = min(perplexity, Double(count - 1) / 3)
    let reach = min(count - 1, max(1, Int(3 * wanted)))
    let matrix = try RowMatrix(rows: count, dimensions: vectors[0].count)
    var squares = [Float](repeating: 0, count: count)
    for (row, vector) in vectors.enumerated() {
      vector.withUnsafeBufferPointer {
        if let base = $0.baseAddress { matrix.row(row).update(from: base, count: vector.count) }
      }
      squares[row] = vector.reduce(0) { $0 + $1 * $1 }
    }
    let rows = Mutex([[(point: Int, weight: Double)]](repeating: [], count: count))
    let lengths = squares
    try inParallel(count, threads: threads) { row in
      try context.checkCancelled()
      let products = matrix.products(with: row)
      var nearest = TopList(count: reach)
      for other in 0..<count where other != row {
        nearest.offer(other, -max(lengths[row] + lengths[other] - 2 * products[other], 0))
      }
      let shares = Self.shares(nearest.entries.map { Double(-$0.score) }, perplexity: wanted)
      let found = zip(nearest.entries, shares).map { ($0.number, $1) }
      rows.withLock { $0[row] = found }
    }
    // Both directions of a pair count the same.
    var all = rows.withLock { $0 }
    let given = all
    for (row, entries) in given.enumerated() {
      for (point, weight) in entries { all[point].append((row, weight)) }
    }
    for entries in all {
      var sums: [Int: Double] = [:]
      for (point, weight) in entries { sums[point, default: 0] += weight }
      for (point, weight) in sums.sorted(by: { $0.key < $1.key }) {
        neighbors.append(Int32(point))
        weights.append(weight / Double(2 * count))
      }
      starts.append(neighbors.count)
    }
  }

  /// Weights that fall with the square of the distance so that about `perplexity` neighbours count; 1 in all.
  private static func shares(_ squares: [Double], perplexity: Double) -> [Double] {
    let least = squares.min() ?? 0
    let goal = log(max(perplexity, 1))
    var (low, high, precision) = (0.0, Double.infinity, 1 / max((squares.max() ?? 1) - least, 1e-12))
    var shares = squares
    for _ in 0..<100 {
      shares = squares.map { exp(-($0 - least) * precision) }
      let sum = shares.reduce(0, +)
      let entropy = log(sum) + precision * zip(shares, squares).reduce(0) { $0 + $1.0 * ($1.1 - least) } / sum
      shares = shares.map { $0 / sum }
      if abs(entropy - goal) < 1e-5 { break }
      if entropy > goal { low = precision } else { high = precision }
      precision = high.isInfinite ? precision * 2 : (low + high) / 2
      if !precision.isFinite { break }
    }
    return shares
  }

  /// In which direction the cost grows for each point.
  func slopes(_ points: [MapPoint], pull: Double, coarseness: Double, threads: Int) throws -> [MapPoint] {
    let tree = PointTree(points)
    let part = 256
    let parts = (points.count + part - 1) / part
    let results = Mutex<[(range: Range<Int>, attraction: [MapPoint], repulsion: [MapPoint], sum: Double)]>([])
    try inParallel(parts, threads: threads) { number in
      let range = number * part..<min((number + 1) * part, points.count)
      var attraction: [MapPoint] = []
      var repulsion: [MapPoint] = []
      var sum = 0.0
      for point in range {
        let here = points[point]
        var force = MapPoint(x: 0, y: 0)
        for place in starts[point]..<starts[point + 1] {
          let other = points[Int(neighbors[place])]
          let (dx, dy) = (here.x - other.x, here.y - other.y)
          let weight = pull * weights[place] / (1 + dx * dx + dy * dy)
          force.x += weight * dx
          force.y += weight * dy
        }
        attraction.append(force)
        let (away, near) = tree.repulsion(of: point, at: here, coarseness: coarseness)
        repulsion.append(away)
        sum += near
      }
      results.withLock { $0.append((range, attraction, repulsion, sum)) }
    }
    let found = results.withLock { $0 }.sorted { $0.range.lowerBound < $1.range.lowerBound }
    let total = max(found.reduce(0) { $0 + $1.sum }, .leastNormalMagnitude)
    return found.flatMap { entry in
      zip(entry.attraction, entry.repulsion).map { attraction, repulsion in
        MapPoint(
          x: 4 * (attraction.x - repulsion.x / total), y: 4 * (attraction.y - repulsion.y / total))
      }
    }
  }
}

extension RowMatrix {
  /// The product of every row with one of them.
  func products(with number: Int) -> [Float] { products(with: self[number]) }
}
