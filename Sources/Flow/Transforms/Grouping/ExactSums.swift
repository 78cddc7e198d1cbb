import Frame

/// Sums of real numbers that do not depend on the order in which they are added, so not on the number of threads either.
///
/// Every number is cut into slices on common grids, each so coarse that the sum of any of its slices is exact (Demmel and
/// Nguyen, "Fast reproducible floating-point summation", 2013). What is finer than the last grid is added in the order of
/// its size, as are all where the sum comes near the greatest number there is; of usual data that is nothing. The price is a second pass over the input, for its greatest value.
struct ExactSums {
  private static let slices = 4

  /// The input with the number of every row and the slices of the columns.
  let source: String
  private let names: [String: Names]

  /// Quoted names of helper columns.
  private struct Names {
    let value: String
    let grids: [String]
    let slices: [String]
    let rests: [String]

    init(_ index: Int, _ call: TransformCall) {
      value = call.freshName("sum\(index)")
      let places = 0..<ExactSums.slices
      grids = places.map { call.freshName("grid\(index)_\($0)") }
      slices = places.map { call.freshName("slice\(index)_\($0)") }
      rests = places.map { call.freshName("rest\(index)_\($0)") }
    }
  }

  init(_ columns: [Column], in call: TransformCall, number: String) {
    var names: [String: Names] = [:]
    var greatest: [String] = []
    var grids: [String] = []
    var parts: [String] = []
    for (index, column) in columns.enumerated() {
      let own = Names(index, call)
      names[column.name] = own
      let value = call.double(column)
      greatest.append("max(abs(CASE WHEN isfinite(\(value)) THEN \(value) END)) AS \(own.value)")
      // Twice the number of rows times the greatest value: no partial sum leaves the grid.
      let exponent = "ceil(log2(CASE WHEN \(own.value) > 0 THEN \(own.value) ELSE 1 END)) + bits"
      for (place, grid) in own.grids.enumerated() {
        grids.append(
          "CASE WHEN \(exponent) <= 1022 THEN 1.5::DOUBLE * pow(2, \(exponent) + \(place) * (bits - 52)) END AS \(grid)"
        )
      }
      parts.append("CASE WHEN isfinite(\(value)) THEN \(value) END AS \(own.value)")
      var rest = own.value
      for place in 0..<Self.slices {
        let slice = "coalesce((\(rest) + \(own.grids[place])) - \(own.grids[place]), 0)"
        parts.append("CASE WHEN \(rest) IS NOT NULL THEN \(slice) END AS \(own.slices[place])")
        parts.append("\(rest) - \(own.slices[place]) AS \(own.rests[place])")
        rest = own.rests[place]
      }
    }
    self.names = names
    guard !columns.isEmpty else {
      source = call.numbered(number)
      return
    }
    source = """
      SELECT *, \(parts.joined(separator: ", ")) FROM (\(call.numbered(number))), (
      SELECT \(grids.joined(separator: ", ")) FROM (
      SELECT ceil(log2(count(*) + 1)) + 1 AS bits, \(greatest.joined(separator: ", ")) FROM \(call.table)))
      """
  }

  /// The sum of a column over a group; missing where it has no value. Nil for a column that is not one of these.
  /// - Parameter condition: adds only the rows for which it holds.
  func sum(_ column: Column, in call: TransformCall, where condition: String? = nil) -> String? {
    guard let names = names[column.name] else { return nil }
    let value = call.double(column)
    let last = names.rests[Self.slices - 1]
    let only = condition.map { " FILTER (WHERE \($0))" } ?? ""
    let also = condition.map { " AND \($0)" } ?? ""
    var total = "coalesce(sum(\(last) ORDER BY \(last)) FILTER (WHERE \(last) <> 0\(also)), 0)"
    for slice in names.slices.reversed() { total = "sum(\(slice))\(only) + (\(total))" }
    let infinite = "sum(\(value)) FILTER (WHERE isinf(\(value))\(also))"
    return "CASE WHEN bool_or(isinf(\(value)))\(only) THEN \(infinite) ELSE \(total) END"
  }
}
