import Numerics
import Testing

@Suite struct MinimumTests {
  @Test func theMinimumOfAParabolaIsFound() {
    #expect(abs(Minimum.brent(-10...10) { ($0 - 2.5) * ($0 - 2.5) + 1 } - 2.5) < 1e-7)
  }

  @Test func aFunctionThatFallsEndsAtTheEdge() {
    #expect(abs(Minimum.brent(0...3) { -$0 } - 3) < 1e-5)
    #expect(abs(Minimum.brent(0...3) { $0 }) < 1e-5)
  }

  @Test func aFunctionWithoutABendIsFoundBySections() {
    #expect(abs(Minimum.brent(-2...7) { abs($0 + 0.75) } + 0.75) < 1e-6)
    #expect((1...2).contains(Minimum.brent(1...2) { _ in 5 }))
  }
}

@Suite struct SymmetricEigenTests {
  @Test func valuesDescendAndVectorsSolveTheMatrix() {
    let matrix = [[4.0, 1, -2, 0.5], [1, 3, 0, 1.5], [-2, 0, 5, -1], [0.5, 1.5, -1, -2]]
    let eigen = SymmetricEigen(matrix)
    #expect(eigen.values == eigen.values.sorted(by: >))
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      for (row, entry) in zip(matrix, vector) {
        let product = zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - value * entry) < 1e-12)
      }
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      #expect((vector.max { abs($0) < abs($1) } ?? 0) > 0)
    }
  }

  @Test func emptySingleAndDegenerateMatricesHaveAnswers() {
    #expect(SymmetricEigen([]).values.isEmpty)
    #expect(SymmetricEigen([[-3]]).values == [-3])
    #expect(SymmetricEigen([[-3]]).vectors == [[1]])
    #expect(SymmetricEigen([[0, 0], [0, 0]]).values == [0, 0])
    #expect(SymmetricEigen([[2, 0], [0, 2]]).values == [2, 2])
    let flat = SymmetricEigen([[1, 1], [1, 1]]).values
    #expect(abs(flat[0] - 2) < 1e-15 && abs(flat[1]) < 1e-15)
  }
}

@Suite struct MomentsTests {
  @Test func partsJoinToTheMomentsOfTheWhole() {
    let numbers = [1.5, -2, 1e6, 3, 3, 0.25]
    var joined = Moments()
    joined.add(Moments())
    for number in numbers { joined.add(Moments(count: 1, mean: number)) }
    #expect(joined.count == 6)
    #expect(abs(joined.mean / Statistics.mean(numbers) - 1) < 1e-14)
    #expect(abs(joined.squares / 6 / Statistics.variance(numbers, correction: 0) - 1) < 1e-14)
  }
}
