import Foundation
import Numerics
import Testing

/// Solvers of the analyses: known answers, and conditions that hold at any optimum.
struct KolmogorovLassoTests {
  private static let records =
    [
      (0.3142857142857143, [5, 7], 0.8383838383838382),
      (0.5, [20, 20], 0.012298612583953778),
      (0.7510638297872341, [30, 47], 1.262411034517359e-10),
      (0.21333333333333335, [200, 150], 0.0006943885462783837),
    ] as [(distance: Double, sizes: [Int], expected: Double)]

  /// Of 2 and 2 rows six orders are as likely; in two of them the samples are apart.
  @Test func theExactProbabilityCountsOrders() {
    #expect(abs(KolmogorovSmirnov.probability(distance: 1, first: 2, second: 2).value - 1 / 3.0) < 1e-15)
    #expect(KolmogorovSmirnov.probability(distance: 0, first: 5, second: 7).value == 1)
    #expect(KolmogorovSmirnov.probability(distance: 1, first: 1, second: 1).value == 1)
    #expect(KolmogorovSmirnov.probability(distance: 0.5, first: 0, second: 3).value.isNaN)
  }

  /// Kolmogorov's limit at 1 is 0.26999967167735456 (scipy.special.kolmogorov); both series meet at 0.8.
  @Test func manyRowsHaveTheProbabilityOfTheLimit() {
    let rows = 1_000_000
    let distance = 1 / (Double(rows) / 2).squareRoot()
    let found = KolmogorovSmirnov.probability(distance: distance, first: rows, second: rows)
    #expect(!found.isExact && abs(found.value - 0.26999967167735456) < 1e-9)
    let near = [0.79999, 0.80001].map {
      KolmogorovSmirnov.probability(distance: $0 * distance, first: rows, second: rows).value
    }
    #expect(near[0] > near[1] && near[0] - near[1] < 1e-4)
  }

  /// scipy.stats.ks_2samp, method exact.
  @Test(arguments: KolmogorovLassoTests.records)
  func smallProbabilitiesKeepTheirDigits(_ record: (distance: Double, sizes: [Int], expected: Double)) {
    let (distance, sizes, expected) = record
    let found = KolmogorovSmirnov.probability(distance: distance, first: sizes[0], second: sizes[1])
    #expect(found.isExact && abs(found.value / expected - 1) < 1e-9)
  }

  @Test func aSystemIsSolvedUnlessItHasNoSingleAnswer() {
    let solver = CholeskySolver([[4, 2], [2, 3]])
    let values = solver?.solve([8, 7]) ?? []
    #expect(values.count == 2 && abs(values[0] - 1.25) < 1e-15 && abs(values[1] - 1.5) < 1e-15)
    #expect(CholeskySolver([[1, 1], [1, 1]])?.solve([1, 1]) == nil && CholeskySolver([[-1]])?.solve([1]) == nil)
    #expect(CholeskySolver([])?.solve([]) == [])
  }

  @Test func collinearVariablesInflateWithoutEnd() {
    let twins = SymmetricEigen([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    let factors = VarianceInflation.factors(twins)
    #expect(factors[0] == .infinity && factors[1] == .infinity && abs(factors[2] - 1) < 1e-12)
    let pair = VarianceInflation.factors(SymmetricEigen([[1, 0.6], [0.6, 1]]))
    #expect(abs(pair[0] - 1 / (1 - 0.36)) < 1e-12)
    #expect(VarianceInflation.factors(SymmetricEigen([])).isEmpty)
  }

  /// The slope of the loss is within the penalty where a coefficient is zero, and at it where it is not.
  @Test(arguments: [Lasso.Loss.squared, .logistic])
  func theConditionsOfAnOptimumHold(_ loss: Lasso.Loss) {
    var random = RandomSource(seed: 5)
    let features = (0..<4).map { _ -> [Double] in
      let column = (0..<80).map { _ in random.nextNormal() }
      let mean = Statistics.mean(column)
      return column.map { $0 - mean }
    }
    let labels = (0..<80).map { row -> Double in
      let signal = 2 * features[0][row] - features[1][row] + random.nextNormal()
      return loss == .squared ? signal : signal > 0 ? 1 : 0
    }
    let model = Lasso(features: features, labels: labels, loss: loss)
    let largest = model.largestPenalty
    for fit in model.path([largest / 2, largest / 10, largest / 100]) {
      let predicted = fit.predict(features, rows: 80)
      let residuals = (0..<80).map { row in
        labels[row] - (loss == .squared ? predicted[row] : 1 / (1 + exp(-predicted[row])))
      }
      #expect(abs(Statistics.mean(residuals)) < 1e-10)
      for (column, weight) in zip(features, fit.coefficients) {
        let slope = zip(column, residuals).reduce(0) { $0 + $1.0 * $1.1 } / 80
        if weight == 0 {
          #expect(abs(slope) <= fit.penalty + 1e-10)
        } else {
          #expect(abs(slope - (weight > 0 ? fit.penalty : -fit.penalty)) < 1e-10)
        }
      }
    }
    #expect(model.path([largest])[0].coefficients.allSatisfy { abs($0) < 1e-9 })
  }
}
