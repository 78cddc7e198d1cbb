// Nearest rows by Euclidean distance, exactly: a k-d tree (Bentley 1975, doi:10.1145/361002.361007; Friedman, Bentley and
// Finkel 1977, doi:10.1145/355744.355745).

/// Rows in a tree that halves them by their widest feature.
struct NeighbourTree {
  private struct Node {
    /// Places in `rows`.
    var start, end: Int
    /// Nil in a leaf.
    var dimension: Int?
    var split = 0.0
    /// The left child follows its parent.
    var right = 0
  }

  /// [rows × width], by rows.
  private let points: [Double]
  private let width: Int
  private var rows: [Int]
  private var nodes: [Node] = []

  private static let leafRows = 16

  /// - Parameter points: [rows × width], all finite.
  init(_ points: [Double], width: Int, count: Int) {
    (self.points, self.width) = (points, width)
    rows = Array(0..<count)
    if count > 0 { divide(0, count) }
  }

  /// The `k` rows that are nearest to a point, the nearest first; of rows equally near the first ones. Fewer where there
  /// are no more.
  func nearest(_ k: Int, to point: ArraySlice<Double>) -> [(distance: Double, row: Int)] {
    var found: [(distance: Double, row: Int)] = []
    found.reserveCapacity(k + 1)
    if !nodes.isEmpty, k > 0 { search(0, point, k, &found) }
    return found
  }

  /// How many rows have a squared distance of `distance` at most from a point, and how many of those vote for it.
  func votes(_ votes: [Bool], within distance: Double, of point: ArraySlice<Double>) -> (voters: Int, positive: Int) {
    var found = (voters: 0, positive: 0)
    if !nodes.isEmpty { collect(0, point, distance, votes, &found) }
    return found
  }

  // MARK: - Searching

  private func search(
    _ place: Int, _ point: ArraySlice<Double>, _ k: Int, _ found: inout [(distance: Double, row: Int)]
  ) {
    let node = nodes[place]
    guard let dimension = node.dimension else {
      for row in rows[node.start..<node.end] {
        let sum = squaredDistance(row, point)
        if found.count == k {
          let last = found[k - 1]
          guard sum < last.distance || (sum == last.distance && row < last.row) else { continue }
          found.removeLast()
        }
        var at = found.count
        while at > 0, found[at - 1].distance > sum || (found[at - 1].distance == sum && found[at - 1].row > row) {
          at -= 1
        }
        found.insert((sum, row), at: at)
      }
      return
    }
    let step = point[point.startIndex + dimension] - node.split
    search(step < 0 ? place + 1 : node.right, point, k, &found)
    // Rows exactly as far may come earlier.
    if found.count < k || step * step <= found[k - 1].distance {
      search(step < 0 ? node.right : place + 1, point, k, &found)
    }
  }

  private func collect(
    _ place: Int, _ point: ArraySlice<Double>, _ distance: Double, _ votes: [Bool],
    _ found: inout (voters: Int, positive: Int)
  ) {
    let node = nodes[place]
    guard let dimension = node.dimension else {
      for row in rows[node.start..<node.end] where squaredDistance(row, point) <= distance {
        found.voters += 1
        if votes[row] { found.positive += 1 }
      }
      return
    }
    let step = point[point.startIndex + dimension] - node.split
    if step < 0 || step * step <= distance { collect(place + 1, point, distance, votes, &found) }
    if step >= 0 || step * step <= distance { collect(node.right, point, distance, votes, &found) }
  }

  private func squaredDistance(_ row: Int, _ point: ArraySlice<Double>) -> Double {
    var sum = 0.0
    let (base, start) = (row * width, point.startIndex)
    for column in 0..<width {
      let step = points[base + column] - point[start + column]
      sum += step * step
    }
    return sum
  }

  // MARK: - Building

  private mutating func divide(_ start: Int, _ end: Int) {
    let place = nodes.count
    nodes.append(Node(start: start, end: end))
    guard end - start > Self.leafRows, let dimension = widest(start, end) else { return }
    let middle = (start + end) / 2
    select(middle, start, end, dimension)
    nodes[place].dimension = dimension
    nodes[place].split = points[rows[middle] * width + dimension]
    divide(start, middle)
    nodes[place].right = nodes.count
    divide(middle, end)
  }

  /// Nil where all rows are alike.
  private func widest(_ start: Int, _ end: Int) -> Int? {
    var best: (dimension: Int, spread: Double)?
    for dimension in 0..<width {
      var (low, high) = (Double.infinity, -Double.infinity)
      for row in rows[start..<end] {
        let value = points[row * width + dimension]
        low = min(low, value)
        high = max(high, value)
      }
      if high - low > best?.spread ?? 0 { best = (dimension, high - low) }
    }
    return best?.dimension
  }

  /// Puts the row of this rank by a feature in its place, smaller ones before it and larger ones after.
  private mutating func select(_ rank: Int, _ start: Int, _ end: Int, _ dimension: Int) {
    var (first, last) = (start, end - 1)
    while first < last {
      let pivot = points[rows[first + (last - first) / 2] * width + dimension]
      var (left, right) = (first, last)
      while left <= right {
        while points[rows[left] * width + dimension] < pivot { left += 1 }
        while points[rows[right] * width + dimension] > pivot { right -= 1 }
        guard left <= right else { break }
        rows.swapAt(left, right)
        left += 1
        right -= 1
      }
      if rank <= right { last = right } else if rank >= left { first = left } else { return }
    }
  }
}
