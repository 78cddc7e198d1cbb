// A tree of the points of a map, for those who repel each other (Barnes and Hut 1986, doi:10.1038/324446a0).

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
