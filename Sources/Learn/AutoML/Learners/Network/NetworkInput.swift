// What a network is fed with: each number as its place among quantiles (piecewise-linear encoding, Gorishniy et al. 2022,
// arXiv:2203.05556) and as itself, each small category as a place for each level, each larger one as a learnt vector.

import Numerics

/// How the features of a row become the first layer's input.
struct NetworkInput: Codable, Hashable, Sendable {
  enum Feature: Codable, Hashable, Sendable {
    /// Edges of bins, ascending; a place for each bin and one for the number itself.
    case number(edges: [Float])
    /// Levels besides "none of these", which comes first; a place for each.
    case levels(Int)
    /// Levels besides "none of these", and the length of their vectors.
    case vectors(Int, width: Int)

    var width: Int {
      switch self {
      case .number(let edges): max(edges.count - 1, 0) + 1
      case .levels(let count): count + 1
      case .vectors(_, let width): width
      }
    }
  }

  let features: [Feature]

  /// Levels that still get a place each.
  private static let placeLimit = 12

  /// - Parameter bins: of a number, at most.
  init(_ input: EncodedFeatures, bins: Int) {
    let categorical = Set(input.categorical)
    features = (0..<input.matrix.features).map { feature in
      let present = input.matrix.column(feature).filter { !$0.isNaN }
      if categorical.contains(feature) {
        let count = Int(present.max() ?? -1) + 1
        if count <= Self.placeLimit { return .levels(count) }
        return .vectors(count, width: min(16, Int((2 * Double(count).squareRoot()).rounded())))
      }
      return .number(edges: Self.edges(present.sorted(), bins: bins))
    }
  }

  private static func edges(_ sorted: [Double], bins: Int) -> [Float] {
    guard sorted.count > 1, bins > 1 else { return [] }
    var edges: [Float] = []
    for step in 0...bins {
      let edge = Float(Statistics.quantile(sorted: sorted, Double(step) / Double(bins)))
      if edges.last.map({ edge > $0 }) ?? true { edges.append(edge) }
    }
    // One bin would only repeat the number.
    return edges.count > 2 ? edges : []
  }

  var width: Int { features.reduce(0) { $0 + $1.width } }

  /// Floats of all learnt vectors.
  var vectorCount: Int {
    features.reduce(0) { sum, feature in
      if case .vectors(let count, let width) = feature { sum + (count + 1) * width } else { sum }
    }
  }

  /// Of each row and feature the place among the edges, or the level from 1 on, 0 for none of them: `[features][rows]`; of
  /// numbers themselves `[features][rows]`, empty for categories.
  func places(_ matrix: FeatureMatrix) -> NetworkRows {
    var places: [[Float]] = []
    var numbers: [[Float]] = []
    for (position, feature) in features.enumerated() {
      let column = matrix.column(position)
      switch feature {
      case .number(let edges):
        numbers.append(column.map { $0.isNaN ? 0 : Float($0) })
        places.append(edges.isEmpty ? [] : column.map { $0.isNaN ? 0 : Self.place(Float($0), edges) })
      case .levels(let count), .vectors(let count, _):
        numbers.append([])
        places.append(column.map { $0.isNaN || $0 < 0 || $0 >= Double(count) ? 0 : Float($0) + 1 })
      }
    }
    return NetworkRows(rows: matrix.rows, places: places, numbers: numbers)
  }

  /// How many bins lie below a number, and the share of its own bin.
  private static func place(_ value: Float, _ edges: [Float]) -> Float {
    var (low, high) = (0, edges.count - 1)
    if value <= edges[0] { return 0 }
    if value >= edges[high] { return Float(high) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return Float(low) + (value - edges[low]) / (edges[high] - edges[low])
  }

  /// Writes rows into a buffer of `width` floats each.
  ///
  /// - Parameter vectors: the learnt vectors, feature after feature.
  func fill(
    _ buffer: UnsafeMutablePointer<Float>, from source: NetworkRows, rows: UnsafeBufferPointer<Int32>,
    vectors: UnsafePointer<Float>
  ) {
    let width = width
    var (column, vector) = (0, 0)
    for (position, feature) in features.enumerated() {
      switch feature {
      case .number(let edges):
        source.numbers[position].withUnsafeBufferPointer { numbers in
          for (index, row) in rows.enumerated() { buffer[index * width + column] = numbers[Int(row)] }
        }
        let bins = max(edges.count - 1, 0)
        if bins > 0 {
          source.places[position].withUnsafeBufferPointer { places in
            for (index, row) in rows.enumerated() {
              let target = buffer + index * width + column + 1
              let place = places[Int(row)]
              for bin in 0..<bins { target[bin] = min(max(place - Float(bin), 0), 1) }
            }
          }
        }
      case .levels(let count):
        source.places[position].withUnsafeBufferPointer { places in
          for (index, row) in rows.enumerated() {
            let target = buffer + index * width + column
            for level in 0...count { target[level] = 0 }
            target[Int(places[Int(row)])] = 1
          }
        }
      case .vectors(let count, let size):
        source.places[position].withUnsafeBufferPointer { places in
          for (index, row) in rows.enumerated() {
            let target = buffer + index * width + column
            let from = vectors + vector + Int(places[Int(row)]) * size
            for place in 0..<size { target[place] = from[place] }
          }
        }
        vector += (count + 1) * size
      }
      column += feature.width
    }
  }

  /// Adds the gradient of the input to that of the learnt vectors.
  func spread(
    _ gradient: UnsafePointer<Float>, from source: NetworkRows, rows: UnsafeBufferPointer<Int32>,
    to vectors: UnsafeMutablePointer<Float>
  ) {
    let width = width
    var (column, vector) = (0, 0)
    for (position, feature) in features.enumerated() {
      if case .vectors(let count, let size) = feature {
        source.places[position].withUnsafeBufferPointer { places in
          for (index, row) in rows.enumerated() {
            let from = gradient + index * width + column
            let target = vectors + vector + Int(places[Int(row)]) * size
            for place in 0..<size { target[place] += from[place] }
          }
        }
        vector += (count + 1) * size
      }
      column += feature.width
    }
  }
}

/// Rows as a network's input sees them.
struct NetworkRows: Sendable {
  let rows: Int
  let places: [[Float]]
  let numbers: [[Float]]
}
