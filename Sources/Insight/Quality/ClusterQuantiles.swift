// Exact quantiles of a cluster's rows, whose own exact percentile holds every different value in the memory of a process: the
// rows are counted in fine parts of the range, and the parts that hold a quantile are looked at again.

import Frame

/// Finds values by their places among a cluster's finite numbers in order.
struct ClusterQuantiles {
  let rows: ClusterRows
  let database: Database
  let note: String

  /// Rows up to which the cluster's own percentile is asked.
  static let fewRows = 1_000_000
  private static let parts = 65_536
  /// Values of a part that come here one by one.
  private static let mostValues = 100_000

  /// A part of the range with places that are wanted, counted from 0 at its first value.
  private struct Part {
    let low: Double, high: Double
    let places: [Int]
    /// Values before it.
    let before: Int
  }

  /// - Parameters:
  ///   - x: the numbers in the cluster's SQL, missing where they are not finite.
  ///   - count: how many are finite.
  ///   - shares: 0...1.
  /// - Returns: the quantiles, interpolated linearly.
  func find(_ x: String, from low: Double, to high: Double, count: Int, shares: [Double]) throws -> [Double] {
    guard count > 0 else { return [] }
    let places = shares.map { $0 * Double(count - 1) }
    let wanted = Set(places.flatMap { [Int($0), min(Int($0) + 1, count - 1)] }).sorted()
    var values: [Int: Double] = [:]
    var pending = [Part(low: low, high: high, places: wanted, before: 0)]
    while let part = pending.popLast() {
      guard part.low < part.high else {
        for place in part.places { values[part.before + place] = part.low }
        continue
      }
      for found in try divide(part, x) {
        guard found.rows > 0 else { continue }
        let inside = Part(low: found.low, high: found.high, places: found.places, before: found.before)
        if found.rows > Self.mostValues {
          pending.append(inside)
        } else {
          for (place, value) in try list(inside, x) { values[place] = value }
        }
      }
    }
    return places.compactMap { place in
      let first = Int(place)
      guard let low = values[first], let high = values[min(first + 1, count - 1)] else { return nil }
      return low + (place - Double(first)) * (high - low)
    }
  }

  private func literal(_ number: Double) -> String { "CAST('\(number)' AS DOUBLE)" }

  private func inside(_ part: Part, _ x: String) -> String {
    "SELECT x FROM (SELECT \(x) AS x FROM (\(rows.sql))) WHERE x BETWEEN \(literal(part.low)) AND \(literal(part.high))"
  }

  private typealias Found = (low: Double, high: Double, rows: Int, before: Int, places: [Int])

  /// The parts of a part that hold a wanted place.
  private func divide(_ part: Part, _ x: String) throws -> [Found] {
    let half = part.high / 2 - part.low / 2
    let number = "floor((x / 2D - \(literal(part.low / 2))) / \(literal(half)) * \(Self.parts)D)"
    let sql =
      "SELECT b, count(*) AS n, min(x) AS a, max(x) AS z FROM (SELECT x, \(number) AS b FROM (\(inside(part, x)))) GROUP BY b"
    return try rows.answer(sql, note, in: database) { table in
      let counts = try database.query("SELECT n, a, z FROM \(table) ORDER BY b")
      var (found, seen) = ([Found](), 0)
      for row in 0..<counts.rowCount {
        let size = counts.value(row, 0).whole
        let places = part.places.filter { (seen..<(seen + size)).contains($0) }.map { $0 - seen }
        if !places.isEmpty, let low = counts.value(row, 1).number, let high = counts.value(row, 2).number {
          found.append((low, high, size, part.before + seen, places))
        }
        seen += size
      }
      return found
    }
  }

  private func list(_ part: Part, _ x: String) throws -> [(Int, Double)] {
    if part.low == part.high { return part.places.map { (part.before + $0, part.low) } }
    return try rows.answer("SELECT x, count(*) AS n FROM (\(inside(part, x))) GROUP BY x", note, in: database) {
      table in
      let counts = try database.query("SELECT x, n FROM \(table) ORDER BY x")
      var (found, seen) = ([(Int, Double)](), 0)
      for row in 0..<counts.rowCount {
        let size = counts.value(row, 1).whole
        for place in part.places where (seen..<(seen + size)).contains(place) {
          found.append((part.before + place, counts.value(row, 0).number ?? .nan))
        }
        seen += size
      }
      return found
    }
  }
}
