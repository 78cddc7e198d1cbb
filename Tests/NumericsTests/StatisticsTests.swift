import Numerics
import Testing

/// Values recorded from numpy 2.4.6 and scipy for the same list.
@Suite struct StatisticsTests {
  let values = [3.5, -1.25, 7, 7, 0.125, 42, -8, 3.5, 3.5, 19.75, 1e3]

  @Test func meanAndVarianceEqualNumpy() {
    #expect(Statistics.mean(values) == 97.92045454545455)
    #expect(isClose(Statistics.variance(values), 89688.18210227272))
    #expect(isClose(Statistics.variance(values, correction: 0), 81534.71100206612))
    #expect(isClose(Statistics.standardDeviation(values), 299.47985258155967))
  }

  @Test(arguments: [
    (0.0, -8.0), (0.1, -1.25), (0.25, 1.8125), (0.5, 3.5), (0.9, 42.0), (0.99, 904.2000000000004), (1.0, 1000.0),
  ])
  func quantilesEqualNumpy(fraction: Double, expected: Double) {
    #expect(isClose(Statistics.quantile(values, fraction), expected))
  }

  @Test func tiesShareTheMeanOfTheirRanks() {
    #expect(Statistics.ranks(values) == [5, 2, 7.5, 7.5, 3, 10, 1, 5, 5, 9, 11])
  }

  @Test func correlationEqualsNumpy() {
    #expect(isClose(Statistics.correlation([3, -0.5, 2, 7, 4.25, 1e2], [2.5, 0, 2, 8, 4, 90]), 0.9998280396002431))
    #expect(Statistics.correlation([1, 1], [1, 2]).isNaN)
  }

  @Test func figuresOfNothingAreNaN() {
    #expect(Statistics.mean([]).isNaN)
    #expect(Statistics.variance([1]).isNaN)
    #expect(Statistics.quantile([], 0.5).isNaN)
    #expect(Statistics.ranks([]).isEmpty)
  }

  @Test func aSumKeepsWhatRoundingWouldLose() {
    #expect(Statistics.sum([1e16, 1, -1e16]) == 1)
    #expect(Statistics.sum([.infinity, 1]) == .infinity)
  }

  @Test func aQuantileBetweenInfinitiesIsInfinite() {
    #expect(Statistics.quantile([.infinity, .infinity, .infinity], 0.5) == .infinity)
  }
}

func isClose(_ left: Double, _ right: Double, tolerance: Double = 1e-12) -> Bool {
  abs(left - right) <= tolerance * max(abs(left), abs(right), 1)
}
