import Numerics
import Testing

struct PrincipalDirectionsTests {
  /// 400 vectors of 40 numbers: a long axis, a shorter one, and a little noise.
  private let rows: [[Float]] = {
    var random = RandomSource(seed: 11)
    return (0..<400).map { _ in
      let (long, short) = (Float.random(in: -9...9, using: &random), Float.random(in: -4...4, using: &random))
      return (0..<40).map { column in
        let noise = Float.random(in: -0.1...0.1, using: &random)
        return 5 + noise + (column == 3 ? long : column == 17 ? short : 0)
      }
    }
  }()

  @Test func aFewDirectionsOfManyAreThoseOfAllEigenvectors() throws {
    let found = try PrincipalDirections(rows, count: 3)
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: 40), count: 40)
    for row in rows {
      for i in 0..<40 {
        for j in 0..<40 {
          matrix[i][j] += (Double(row[i]) - found.center[i]) * (Double(row[j]) - found.center[j]) / 400
        }
      }
    }
    let exact = SymmetricEigen(matrix)
    for place in 0..<2 {
      #expect(abs(found.variances[place] - exact.values[place]) < 1e-9)
      for (a, b) in zip(found.directions[place], exact.vectors[place]) { #expect(abs(a - b) < 1e-6) }
    }
    #expect(abs(found.total - exact.values.reduce(0, +)) < 1e-9)
    #expect(found.directions[0][3] > 0.999 && found.directions[1][17] > 0.999)
    #expect(abs(found.project(rows[0])[0] - (Double(rows[0][3]) - found.center[3])) < 0.3)
  }

  @Test func vectorsThatDoNotVaryHaveNoVariance() throws {
    let found = try PrincipalDirections([[Float]](repeating: [Float](repeating: 2, count: 30), count: 5), count: 4)
    #expect(found.variances == [0, 0, 0, 0] && found.total == 0)
    #expect(found.directions.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(found.project([Float](repeating: 2, count: 30)) == [0, 0, 0, 0])
    #expect(try PrincipalDirections([[Float]](), count: 2).directions.isEmpty)
    #expect(try PrincipalDirections([[1, 2]], count: 9).directions.count == 2)
  }
}
