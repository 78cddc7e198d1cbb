// Rows whose values absent features take: all of some rows, or the centres of their clusters.

import Numerics

/// Rows of a background, each feature's value given by the table row that it is taken from.
public struct BackgroundRows: Sendable, Equatable {
  /// A column as clustering sees it.
  public enum Cells: Sendable {
    /// NaN for missing.
    case numbers([Double])
    /// Equal where the cells are.
    case codes([Int])
  }

  /// [background][features]
  public let picks: [[Int]]
  /// What each counts; 1 in sum.
  public let weights: [Double]

  public var count: Int { picks.count }

  public init(picks: [[Int]], weights: [Double]) { (self.picks, self.weights) = (picks, weights) }

  /// The first `rows` rows of a table, each as it is.
  public init(rows: Int, features: Int) {
    picks = (0..<rows).map { Array(repeating: $0, count: features) }
    weights = Array(repeating: 1 / Double(max(rows, 1)), count: rows)
  }

  /// Centres of clusters of a table's rows, each weighing as much as it has rows.
  ///
  /// Distances are those of k-prototypes (Huang 1998, doi:10.1023/A:1009769707641): squares of standardised numbers, and
  /// half for each other code. Starts are chosen as by k-means++. A centre's number is the column's value nearest to the
  /// mean, its code the most frequent one: every value of the background is one that occurs.
  public init(clusters: Int, of cells: [Cells], seed: UInt64) {
    let rows = cells.first.map { column -> Int in
      switch column {
      case .numbers(let numbers): numbers.count
      case .codes(let codes): codes.count
      }
    }
    guard let rows, rows > clusters else {
      self.init(rows: rows ?? 0, features: cells.count)
      return
    }
    let columns = cells.map(StandardCells.init)
    var random = RandomSource(seed: seed).split("clusters")
    var centres = Self.starts(clusters, columns, rows: rows, &random)
    var assigned = Array(repeating: 0, count: rows)
    for _ in 0..<25 {
      var hasMoved = false
      for row in 0..<rows {
        var best = (cluster: 0, distance: Double.infinity)
        for (cluster, centre) in centres.enumerated() {
          var distance = 0.0
          for (column, value) in zip(columns, centre) { distance += column.distance(row, value) }
          if distance < best.distance { best = (cluster, distance) }
        }
        if assigned[row] != best.cluster { hasMoved = true }
        assigned[row] = best.cluster
      }
      centres = Self.centres(assigned, clusters, columns, keeping: centres)
      if !hasMoved { break }
    }
    var counts = Array(repeating: 0, count: clusters)
    for cluster in assigned { counts[cluster] += 1 }
    let used = counts.indices.filter { counts[$0] > 0 }
    self.init(
      picks: used.map { cluster in zip(columns, centres[cluster]).map { $0.row(nearest: $1) } },
      weights: used.map { Double(counts[$0]) / Double(rows) })
  }

  private static func starts(
    _ count: Int, _ columns: [StandardCells], rows: Int, _ random: inout RandomSource
  ) -> [[Double]] {
    var centres = [columns.map { [first = random.nextIndex(below: rows)] in $0.values[first] }]
    var nearest = Array(repeating: Double.infinity, count: rows)
    while centres.count < count {
      let last = centres[centres.count - 1]
      var sum = 0.0
      for row in 0..<rows {
        var distance = 0.0
        for (column, value) in zip(columns, last) { distance += column.distance(row, value) }
        nearest[row] = min(nearest[row], distance)
        sum += nearest[row]
      }
      var point = random.nextUnit() * sum
      var chosen = rows - 1
      for row in 0..<rows {
        point -= nearest[row]
        if point < 0 {
          chosen = row
          break
        }
      }
      centres.append(columns.map { $0.values[chosen] })
    }
    return centres
  }

  private static func centres(
    _ assigned: [Int], _ count: Int, _ columns: [StandardCells], keeping old: [[Double]]
  ) -> [[Double]] {
    var centres = old
    for (feature, column) in columns.enumerated() {
      for (cluster, value) in column.centres(assigned, count).enumerated() {
        if let value { centres[cluster][feature] = value }
      }
    }
    return centres
  }
}

/// A column's cells as numbers of mean 0 and deviation 1, missing ones 0; or as codes.
private struct StandardCells {
  let values: [Double]
  let isCode: Bool

  init(_ cells: BackgroundRows.Cells) {
    switch cells {
    case .codes(let codes):
      values = codes.map(Double.init)
      isCode = true
    case .numbers(let numbers):
      let known = numbers.filter(\.isFinite)
      let (mean, deviation) = (Statistics.mean(known), Statistics.standardDeviation(known))
      values = numbers.map { $0.isFinite && deviation > 0 ? ($0 - mean) / deviation : 0 }
      isCode = false
    }
  }

  func distance(_ row: Int, _ value: Double) -> Double {
    if isCode { return values[row] == value ? 0 : 0.5 }
    return (values[row] - value) * (values[row] - value)
  }

  /// The row whose value is nearest.
  func row(nearest value: Double) -> Int {
    var best = (row: 0, distance: Double.infinity)
    for row in values.indices {
      let distance = distance(row, value)
      if distance < best.distance { best = (row, distance) }
    }
    return best.row
  }

  /// By cluster the mean or the most frequent code; nil where it has no row.
  func centres(_ assigned: [Int], _ count: Int) -> [Double?] {
    guard isCode else {
      var sums = Array(repeating: (0.0, 0.0), count: count)
      for (value, cluster) in zip(values, assigned) {
        sums[cluster].0 += value
        sums[cluster].1 += 1
      }
      return sums.map { $0.1 > 0 ? $0.0 / $0.1 : nil }
    }
    var counts = Array(repeating: [Double: Int](), count: count)
    for (value, cluster) in zip(values, assigned) { counts[cluster][value, default: 0] += 1 }
    return counts.map { $0.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
  }
}
