import Frame

/// A continuous or stepping function of one number as SQL: a tree of comparisons, so that a thousand knots cost ten.
struct PiecewiseLinear {
  /// Where pieces meet, ascending and distinct.
  let knots: [Double]
  /// The value just below, at, and just above each knot.
  let below: [Double]
  let at: [Double]
  let above: [Double]

  /// The function at `x`, a DOUBLE; the first and last value beyond the ends.
  func sql(_ x: String) -> String {
    guard let first = at.first, let last = at.last else { return "CAST(NULL AS DOUBLE)" }
    guard knots.count > 1 else {
      return
        "CASE WHEN \(x) < \(SQL.number(knots[0])) THEN \(SQL.number(below[0])) WHEN \(x) > \(SQL.number(knots[0])) "
        + "THEN \(SQL.number(above[0])) ELSE \(SQL.number(first)) END"
    }
    return
      "CASE WHEN \(x) <= \(SQL.number(knots[0])) THEN \(SQL.number(first)) WHEN \(x) >= "
      + "\(SQL.number(knots[knots.count - 1])) THEN \(SQL.number(last)) ELSE \(tree(x, 0..<(knots.count - 1))) END"
  }

  /// The pieces of a range, each from its knot up to the next.
  private func tree(_ x: String, _ pieces: Range<Int>) -> String {
    if pieces.count > 1 {
      let middle = pieces.lowerBound + pieces.count / 2
      let (left, right) = (tree(x, pieces.lowerBound..<middle), tree(x, middle..<pieces.upperBound))
      return "CASE WHEN \(x) < \(SQL.number(knots[middle])) THEN \(left) ELSE \(right) END"
    }
    let piece = pieces.lowerBound
    let (start, end) = (knots[piece], knots[piece + 1])
    let (from, to) = (above[piece], below[piece + 1])
    let line =
      "\(SQL.number(from)) + (\(x) - \(SQL.number(start))) / \(SQL.number(end - start)) * \(SQL.number(to - from))"
    if at[piece] == from { return line }
    return "CASE WHEN \(x) = \(SQL.number(start)) THEN \(SQL.number(at[piece])) ELSE \(line) END"
  }
}
