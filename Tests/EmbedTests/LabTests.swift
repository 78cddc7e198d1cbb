import Foundation
import Jobs
import Numerics
import Testing

@testable import Embed

/// Words with random vectors; those of the second half lean to the other side by `shift` in the first number.
private func vectors(_ words: [String], shift: Float, seed: UInt64 = 9) throws -> WordVectors {
  var random = RandomSource(seed: seed)
  let matrix = try RowMatrix(rows: words.count, dimensions: 12)
  for row in words.indices {
    for column in 0..<12 { matrix.row(row)[column] = Float(random.nextNormal()) }
    matrix.row(row)[0] += row % 2 == 0 ? shift : -shift
  }
  return try WordVectors(words: words, matrix: matrix)
}

@Suite struct AssociationTests {
  private let words = (0..<16).map { "w\($0)" }

  private func sets(_ size: Int) -> AssociationSets {
    AssociationSets(
      first: (0..<size).map { "w\(2 * $0)" }, second: (0..<size).map { "w\(2 * $0 + 1)" }, attributes: ["w12", "w14"],
      opposites: ["w13", "w15"])
  }

  /// Every division by the bits of a number, as plainly as possible.
  private func plain(_ vectors: WordVectors, _ sets: AssociationSets) throws -> (effect: Double, pValue: Double) {
    func number(_ word: String) throws -> Int { try #require(vectors.number(of: word)) }
    func lean(_ word: String) throws -> Double {
      let toA = try sets.attributes.map { try vectors.similarity(number(word), number($0)) }
      let toB = try sets.opposites.map { try vectors.similarity(number(word), number($0)) }
      return toA.reduce(0, +) / Double(toA.count) - toB.reduce(0, +) / Double(toB.count)
    }
    let all = try (sets.first + sets.second).map(lean)
    let size = sets.first.count
    let center = all.reduce(0, +) / Double(all.count)
    let deviation = (all.map { ($0 - center) * ($0 - center) }.reduce(0, +) / Double(all.count - 1)).squareRoot()
    func difference(_ bits: Int) -> Double {
      all.indices.reduce(0) { $0 + (bits >> $1 & 1 == 1 ? all[$1] : -all[$1]) } / Double(size)
    }
    let own = difference((1 << size) - 1)
    let divisions = (0..<1 << all.count).filter { $0.nonzeroBitCount == size }
    let extreme = divisions.filter { difference($0) >= own - 1e-9 }.count
    return (own / deviation, Double(extreme) / Double(divisions.count))
  }

  @Test(arguments: [2, 3, 5]) func effectAndShareAreThoseOfThePlainCount(_ size: Int) throws {
    for (seed, shift) in [(1, 0), (2, 0.5), (3, 3)] as [(UInt64, Float)] {
      let vectors = try vectors(words, shift: shift, seed: seed)
      let wanted = try plain(vectors, sets(size))
      let found = try vectors.associations(of: sets(size), context: SilentContext())
      #expect(abs(found.effectSize - wanted.effect) < 1e-6)
      #expect(abs(found.pValue - wanted.pValue) < 1e-12)
      #expect(found.isExact)
      #expect(found.missing.isEmpty)
      if let interval = found.interval {
        #expect(interval[0] <= found.effectSize + 0.2 && interval[1] >= found.effectSize - 0.2)
      }
    }
  }

  @Test func manyWordsAreDividedAtRandomAndAgreeWithACleanSeparation() throws {
    let names = (0..<44).map { "w\($0)" }
    let vectors = try vectors(names, shift: 3)
    let sets = AssociationSets(
      first: (0..<18).map { "w\(2 * $0)" }, second: (0..<18).map { "w\(2 * $0 + 1)" },
      attributes: (18..<22).map { "w\(2 * $0)" }, opposites: (18..<22).map { "w\(2 * $0 + 1)" })
    let found = try vectors.associations(of: sets, context: SilentContext())
    #expect(!found.isExact)
    #expect(found.pValue < 1e-4 && found.pValue > 0)
    #expect(found.effectSize > 1.5)
    #expect(try found == vectors.associations(of: sets, context: SilentContext()))
    let interval = try #require(found.interval)
    #expect(interval[0] > 1 && interval[0] < found.effectSize)
  }

  @Test func wordsWithoutAVectorAreToldAndTooFewAreRefused() throws {
    let vectors = try vectors(words, shift: 1)
    var asked = sets(3)
    asked.first.append("whale")
    asked.second.append("W7")
    let found = try vectors.associations(of: asked, context: SilentContext())
    #expect(found.missing == ["whale", "W7"])
    #expect(found.leanings.map(\.word) == sets(3).first + sets(3).second)
    asked.attributes = ["w12", "ship"]
    let error = #expect(throws: EmbedError.self) { try vectors.associations(of: asked, context: SilentContext()) }
    #expect(error?.description.contains("the attributes w12,ship") == true)
  }
}

@Suite struct MapTests {
  private func clusters(_ count: Int) -> [[Float]] {
    var random = RandomSource(seed: 4)
    let centers = (0..<3).map { _ in (0..<16).map { _ in random.nextNormal() * 4 } }
    return (0..<count).map { row in (0..<16).map { Float(centers[row % 3][$0] + random.nextNormal() * 0.3) } }
  }

  @Test func neighboursStayNeighbours() throws {
    let vectors = clusters(90)
    let options = NeighborMapOptions(perplexity: 10, rounds: 400)
    let points = try neighborMap(vectors, options: options, threads: 2, context: SilentContext())
    for (row, point) in points.enumerated() {
      let nearest = points.indices.filter { $0 != row }.min {
        hypot(points[$0].x - point.x, points[$0].y - point.y) < hypot(points[$1].x - point.x, points[$1].y - point.y)
      }
      #expect((nearest ?? 0) % 3 == row % 3)
    }
    #expect(try points == neighborMap(vectors, options: options, threads: 1, context: SilentContext()))
  }

  @Test func fewAndEqualPointsHaveAPlaceToo() throws {
    for count in [0, 1, 2, 3, 5] {
      let same = [[Float]](repeating: [1, 0, 2], count: count)
      let points = try neighborMap(
        same, options: NeighborMapOptions(rounds: 50), threads: 1, context: SilentContext())
      #expect(points.count == count)
      #expect(points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
  }

  @Test func aTreeOfNoCoarsenessRepelsAsThePlainSumDoes() {
    var random = RandomSource(seed: 8)
    var points = (0..<60).map { _ in MapPoint(x: random.nextNormal(), y: random.nextNormal()) }
    points += [points[3], points[3], points[7]]
    let tree = PointTree(points)
    for (row, point) in points.enumerated() {
      let found = tree.repulsion(of: row, at: point, coarseness: 0)
      var (x, y, sum) = (0.0, 0.0, 0.0)
      for (other, place) in points.enumerated() where other != row {
        let near = 1 / (1 + (point.x - place.x) * (point.x - place.x) + (point.y - place.y) * (point.y - place.y))
        sum += near
        x += near * near * (point.x - place.x)
        y += near * near * (point.y - place.y)
      }
      #expect(abs(found.sum - sum) < 1e-9)
      #expect(abs(found.force.x - x) < 1e-9 && abs(found.force.y - y) < 1e-9)
      let coarse = tree.repulsion(of: row, at: point, coarseness: 0.5)
      #expect(abs(coarse.sum - sum) < 0.05 * sum)
    }
  }

  @Test func principalDirectionsAreThoseOfTheCovariance() throws {
    var random = RandomSource(seed: 2)
    let rows = (0..<200).map { _ in
      [Float(random.nextNormal() * 5), Float(random.nextNormal()), Float(random.nextNormal() * 2), 3]
    }
    let points = try principalMap(rows, context: SilentContext())
    let center = (0..<4).map { column in rows.reduce(0) { $0 + Double($1[column]) } / 200 }
    let covariance = (0..<4).map { i in
      (0..<4).map { j in rows.reduce(0) { $0 + (Double($1[i]) - center[i]) * (Double($1[j]) - center[j]) } / 200 }
    }
    let eigen = SymmetricEigen(covariance)
    for (number, row) in rows.enumerated() {
      let moved = (0..<4).map { Double(row[$0]) - center[$0] }
      #expect(abs(zip(moved, eigen.vectors[0]).reduce(0) { $0 + $1.0 * $1.1 } - points[number].x) < 1e-4)
      #expect(abs(zip(moved, eigen.vectors[1]).reduce(0) { $0 + $1.0 * $1.1 } - points[number].y) < 1e-4)
    }
  }

  @Test func theOddOneComesFirst() throws {
    let matrix = try RowMatrix(rows: 4, dimensions: 2)
    for (row, values) in [[1, 0.1], [1, 0], [0.9, 0.2], [-0.2, 1]].enumerated() {
      for column in 0..<2 { matrix.row(row)[column] = Float(values[column]) }
    }
    let words = try WordVectors(words: ["apple", "pear", "plum", "ship"], matrix: matrix)
    let order = [0, 3, 1, 2]
    let fits = groupFits(order.map { words.words[$0] }, order.map { words.unitVector($0) })
    #expect(fits.first?.word == "ship")
  }
}
