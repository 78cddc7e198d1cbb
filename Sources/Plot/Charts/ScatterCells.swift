// The points of a scatter plot sorted into categories and cells.

import Grid

/// The categories as drawn: at most seven, the rest together as `other`.
struct ScatterCategories {
  let names: [String]
  /// The most frequent, drawn as dots.
  let dotted: Int
  /// Drawn category of each category of the chart; the last entry is for points without one.
  private let drawn: [Int]

  private static let limit = 7

  var count: Int { names.count }

  init(_ chart: Scatter, points: [Scatter.Point]) {
    var counts = [Int](repeating: 0, count: chart.categories.count + 1)
    for point in points { counts[ScatterCategories.index(point, chart.categories.count)] += 1 }
    let used = counts.indices.filter { counts[$0] > 0 }
    let hasNames = chart.colorBy != nil || !chart.categories.isEmpty
    guard hasNames, !used.isEmpty else {
      names = [""]
      dotted = 0
      drawn = [Int](repeating: 0, count: counts.count)
      return
    }
    // Kept in the chart's order, so that colours do not depend on counts; only above seven the rarest go together.
    var kept = used
    if used.count > ScatterCategories.limit {
      kept = Array(used.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(ScatterCategories.limit - 1)).sorted()
    }
    var names = kept.map { $0 < chart.categories.count ? chart.categories[$0] : "(missing)" }
    var drawn = [Int](repeating: kept.count, count: counts.count)
    for (i, category) in kept.enumerated() { drawn[category] = i }
    if kept.count < used.count { names.append("\(used.count - kept.count) others") }
    var totals = [Int](repeating: 0, count: names.count)
    for category in used { totals[drawn[category]] += counts[category] }
    self.names = names
    self.drawn = drawn
    dotted = totals.indices.max { (totals[$0], $1) < (totals[$1], $0) } ?? 0
  }

  private static func index(_ point: Scatter.Point, _ count: Int) -> Int {
    guard let category = point.category, category >= 0, category < count else { return count }
    return category
  }

  /// The category that points of one of the chart's are drawn in; nil without it.
  func of(category: Int?) -> Int? {
    guard let category, category >= 0, category < drawn.count - 1 else { return nil }
    return drawn[category]
  }

  /// The category that a point is drawn in.
  func of(_ point: Scatter.Point) -> Int { drawn[ScatterCategories.index(point, drawn.count - 1)] }
}

/// Points by cell, cells counted from the lower left.
struct ScatterCells {
  /// A dot on the canvas, from the lower left.
  struct Dot {
    var x, y, category: Int
  }

  struct Cell {
    var x, y: Int
    var count: Int
    /// The category with most points; a tie goes to the later one.
    var winner: Int
    /// Whether the runner-up has at least 40 % of the cell's points.
    var isContested: Bool
    /// Its categories, as a part of `ScatterCells.parts`.
    var parts: Range<Int>
  }

  /// Points of a cell in one category.
  struct Part {
    var category, count: Int
  }

  let points: [Dot]
  /// By column, then from the top, for the cursor.
  let occupied: [Cell]
  let parts: [Part]

  var hasOverlap: Bool { occupied.contains(where: \.isContested) }

  /// Points in an occupied cell.
  var mean: Double { occupied.isEmpty ? 0 : Double(points.count) / Double(occupied.count) }

  init(_ points: [Scatter.Point], _ x: AxisScale, _ y: AxisScale, _ size: Size, _ categories: ScatterCategories) {
    if size.isEmpty {
      self.points = []
      // Enough to tell an empty chart from one without room.
      occupied =
        points.isEmpty ? [] : [Cell(x: 0, y: 0, count: points.count, winner: 0, isContested: false, parts: 0..<0)]
      parts = []
      return
    }
    let dots = points.map { Dot(x: x.dot($0.x), y: y.dot($0.y), category: categories.of($0)) }
    let kinds = categories.count
    var counts = [Int32](repeating: 0, count: size.width * size.height * kinds)
    for dot in dots {
      let cell = (dot.x / x.dotsPerCell) * size.height + size.height - 1 - dot.y / y.dotsPerCell
      counts[cell * kinds + dot.category] += 1
    }
    var occupied: [Cell] = []
    var parts: [Part] = []
    for cell in 0..<(size.width * size.height) {
      let first = parts.count
      var (total, most, second, winner) = (0, 0, 0, 0)
      for category in 0..<kinds {
        let count = Int(counts[cell * kinds + category])
        if count == 0 { continue }
        parts.append(Part(category: category, count: count))
        total += count
        if count >= most {
          (second, most, winner) = (most, count, category)
        } else {
          second = max(second, count)
        }
      }
      if total == 0 { continue }
      occupied.append(
        Cell(
          x: cell / size.height, y: size.height - 1 - cell % size.height, count: total, winner: winner,
          isContested: second * 5 >= total * 2, parts: first..<parts.count))
    }
    self.points = dots
    self.occupied = occupied
    self.parts = parts
  }
}
