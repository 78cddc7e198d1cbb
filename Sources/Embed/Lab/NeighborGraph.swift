// Who attracts whom in a map, and a tree for those who repel.

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

/// Points of a plane in quarters of quarters.
struct PointTree: Sendable {
  private struct Cell {
    var count = 0.0
    var sumX = 0.0, sumY = 0.0
    /// The first of four cells that follow each other; below 0 for a leaf.
    var children = -1
    /// Of a leaf its only point, or one of those that lie in the same place; -1 where it is empty.
    var point = -1
    var left: Double, bottom: Double, side: Double
  }

  private static let deepest = 48
  private var cells: [Cell] = []
  /// Points beyond the deepest cell share one.
  private var leafOfPoint: [Int]

  init(_ points: [MapPoint]) {
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (left, bottom) = (xs.min() ?? 0, ys.min() ?? 0)
    let side = max((xs.max() ?? 0) - left, (ys.max() ?? 0) - bottom, 1e-12) * 1.000_001
    leafOfPoint = [Int](repeating: 0, count: points.count)
    cells.reserveCapacity(points.count * 3)
    cells.append(Cell(left: left, bottom: bottom, side: side))
    for point in points.indices { insert(point, points) }
  }

  private func child(_ cell: Int, _ at: MapPoint) -> Int {
    let half = cells[cell].side / 2
    return cells[cell].children + (at.x >= cells[cell].left + half ? 1 : 0)
      + (at.y >= cells[cell].bottom + half ? 2 : 0)
  }

  private mutating func insert(_ point: Int, _ points: [MapPoint]) {
    let at = points[point]
    var cell = 0
    var depth = 0
    while true {
      if cells[cell].children < 0, cells[cell].count > 0, depth < Self.deepest { split(cell, points) }
      cells[cell].count += 1
      cells[cell].sumX += at.x
      cells[cell].sumY += at.y
      if cells[cell].children < 0 {
        if cells[cell].point < 0 { cells[cell].point = point }
        leafOfPoint[point] = cell
        return
      }
      cell = child(cell, at)
      depth += 1
    }
  }

  /// Gives a leaf with one point four quarters, and the point to one of them.
  private mutating func split(_ cell: Int, _ points: [MapPoint]) {
    let half = cells[cell].side / 2
    let (left, bottom) = (cells[cell].left, cells[cell].bottom)
    cells[cell].children = cells.count
    for quarter in 0..<4 {
      cells.append(
        Cell(
          left: left + (quarter & 1 == 1 ? half : 0), bottom: bottom + (quarter & 2 == 2 ? half : 0), side: half))
    }
    let point = cells[cell].point
    guard point >= 0 else { return }
    let place = child(cell, points[point])
    (cells[place].count, cells[place].sumX, cells[place].sumY) = (cells[cell].count, cells[cell].sumX, cells[cell].sumY)
    cells[place].point = point
    cells[cell].point = -1
    leafOfPoint[point] = place
  }

  /// The force away from all other points, before it is divided by the sum over all points of the second number.
  func repulsion(of point: Int, at: MapPoint, coarseness: Double) -> (force: MapPoint, sum: Double) {
    var force = MapPoint(x: 0, y: 0)
    var sum = 0.0
    var stack = [0]
    while let cell = stack.popLast() {
      let entry = cells[cell]
      guard entry.count > 0 else { continue }
      // A point does not repel itself.
      let isOwn = entry.children < 0 && leafOfPoint[point] == cell
      let count = isOwn ? entry.count - 1 : entry.count
      guard count > 0 else { continue }
      let (dx, dy) = (at.x - entry.sumX / entry.count, at.y - entry.sumY / entry.count)
      let square = dx * dx + dy * dy
      guard entry.children < 0 || entry.side * entry.side < coarseness * coarseness * square else {
        stack += entry.children..<entry.children + 4
        continue
      }
      let near = 1 / (1 + square)
      sum += count * near
      force.x += count * near * near * dx
      force.y += count * near * near * dy
    }
    return (force, sum)
  }
}
