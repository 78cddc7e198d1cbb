// Vectors on a plane so that neighbours stay neighbours: t-SNE (van der Maaten, Hinton 2008), with the forces of far points
// summed by a tree (Barnes, Hut 1986; van der Maaten 2014, "Accelerating t-SNE using tree-based algorithms").

import Foundation
import Jobs
import Numerics

/// How a map is made.
public struct NeighborMapOptions: Codable, Sendable, Equatable {
  /// About how many neighbours a point has; less than a third of the points count.
  public var perplexity: Double
  public var rounds: Int
  /// How coarse far points are taken: 0 takes each for itself.
  public var coarseness: Double
  public var seed: UInt64

  public init(perplexity: Double = 30, rounds: Int = 1000, coarseness: Double = 0.5, seed: UInt64 = 0) {
    (self.perplexity, self.rounds, self.coarseness, self.seed) = (perplexity, rounds, coarseness, seed)
  }

  /// - Throws: `EmbedError.option` for a value outside of its range.
  public func check() throws {
    guard perplexity >= 2, perplexity <= 1000 else {
      throw EmbedError.option(name: "perplexity", value: "\(perplexity)", allowed: "a number from 2 to 1000")
    }
    guard (50...100_000).contains(rounds) else {
      throw EmbedError.option(name: "rounds", value: "\(rounds)", allowed: "a whole number from 50 to 100000")
    }
    guard coarseness >= 0, coarseness <= 1 else {
      throw EmbedError.option(name: "coarseness", value: "\(coarseness)", allowed: "a number from 0 to 1")
    }
  }
}

/// A point of a map.
public struct MapPoint: Codable, Sendable, Equatable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

/// The two directions in which vectors vary most, for each vector its place along them. The same each time.
public func principalMap(_ vectors: [[Float]], context: any JobContext) throws -> [MapPoint] {
  let found = try PrincipalDirections(vectors, count: 2, check: context.checkCancelled)
  return vectors.map { vector in
    let places = found.project(vector)
    return MapPoint(x: places.first ?? 0, y: places.count > 1 ? places[1] : 0)
  }
}

/// Places vectors on a plane by t-SNE, with distances of vectors as they are (cosines, for vectors of length 1).
/// - Returns: a point for each vector; the same for the same seed and any number of threads.
public func neighborMap(
  _ vectors: [[Float]], options: NeighborMapOptions = NeighborMapOptions(), threads: Int, context: any JobContext
) throws -> [MapPoint] {
  try options.check()
  let count = vectors.count
  guard count > 3 else { return try principalMap(vectors, context: context) }
  context.report(0, "looking for neighbours")
  let graph = try NeighborGraph(vectors, perplexity: options.perplexity, threads: threads, context: context)
  var points = try principalMap(vectors, context: context)
  let spread = (points.reduce(0) { $0 + $1.x * $1.x } / Double(count)).squareRoot()
  var random = RandomSource(seed: options.seed)
  points = points.map { point in
    let scale = spread > 0 ? 1e-4 / spread : 0
    // Points in the same place would stay there.
    return MapPoint(x: point.x * scale + random.nextNormal() * 1e-6, y: point.y * scale + random.nextNormal() * 1e-6)
  }
  let exaggeration = 12.0
  let early = min(250, options.rounds / 4)
  let rate = max(Double(count) / exaggeration / 4, 50)
  var (stepX, stepY) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
  var (gainX, gainY) = ([Double](repeating: 1, count: count), [Double](repeating: 1, count: count))
  for round in 0..<options.rounds {
    try context.checkCancelled()
    if round % 20 == 0 { context.report(Double(round) / Double(options.rounds), "moving points, round \(round)") }
    let slopes = try graph.slopes(
      points, pull: round < early ? exaggeration : 1, coarseness: options.coarseness, threads: threads)
    let momentum = round < early ? 0.5 : 0.8
    for point in 0..<count {
      let (dx, dy) = (slopes[point].x, slopes[point].y)
      gainX[point] = max((dx > 0) != (stepX[point] > 0) ? gainX[point] + 0.2 : gainX[point] * 0.8, 0.01)
      gainY[point] = max((dy > 0) != (stepY[point] > 0) ? gainY[point] + 0.2 : gainY[point] * 0.8, 0.01)
      stepX[point] = momentum * stepX[point] - rate * gainX[point] * dx
      stepY[point] = momentum * stepY[point] - rate * gainY[point] * dy
      points[point].x += stepX[point]
      points[point].y += stepY[point]
    }
  }
  let middle = MapPoint(
    x: points.reduce(0) { $0 + $1.x } / Double(count), y: points.reduce(0) { $0 + $1.y } / Double(count))
  return points.map { MapPoint(x: $0.x - middle.x, y: $0.y - middle.y) }
}
