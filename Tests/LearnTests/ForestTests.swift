import Jobs
import Numerics
import Testing

@testable import Learn

@Suite struct ForestTests {
  let options = ForestOptions(
    trees: 20, depth: 8, leaves: 31, rowsPerLeaf: 3, rowFraction: 0.63, featureFraction: 0.7, seed: 1, threads: 1,
    categorical: [], features: 3)

  private func data() -> (matrix: FeatureMatrix, labels: [Double]) {
    var random = RandomSource(seed: 9)
    let values = (0..<900).map { _ in random.nextUnit() }
    let labels = (0..<300).map { 1e9 + 3 * values[$0] - values[300 + $0] }
    return (FeatureMatrix(rows: 300, features: 3, values: values), labels)
  }

  @Test func largeNumbersWithSmallDifferencesAreLearnt() throws {
    let (matrix, labels) = data()
    let forest = try Forest(matrix, label: .numbers(labels), options: options, context: SilentContext())
    let explained = RegressionMetrics.rSquared(actual: labels, predicted: try forest.numbers(matrix))
    #expect(try #require(explained) > 0.9)
  }

  @Test func contributionsAddUpToThePredictionsDistanceFromTheMean() throws {
    let (matrix, labels) = data()
    let forest = try Forest(matrix, label: .numbers(labels), options: options, context: SilentContext())
    let all = try forest.numbers(matrix)
    // All features in one group: the size of a row's sum is how far its prediction is from the expected one.
    let sizes = try forest.meanContributionSizes(
      matrix, groups: [0, 0, 0], groupCount: 1, context: SilentContext())
    let center = Statistics.mean(all)
    let distance = Statistics.mean(all.map { abs($0 - center) })
    #expect(abs(sizes[0] - distance) < 0.02 * distance)
  }

  @Test func probabilitiesOfARowSumToOne() throws {
    let (matrix, labels) = data()
    let codes = labels.map { $0 < 1e9 + 0.5 ? 0 : $0 < 1e9 + 1.5 ? 1 : 2 }
    let forest = try Forest(matrix, label: .classes(codes, count: 3), options: options, context: SilentContext())
    let probabilities = try forest.probabilities(matrix, context: SilentContext())
    for row in 0..<300 {
      let sum = probabilities[row * 3..<row * 3 + 3].reduce(0, +)
      #expect(abs(sum - 1) < 1e-9)
    }
    #expect(probabilities.allSatisfy { (0...1).contains($0) })
  }

  @Test func gainSharesSumToOneAndNameTheFeatureThatMatters() throws {
    let (matrix, labels) = data()
    let forest = try Forest(matrix, label: .numbers(labels), options: options, context: SilentContext())
    let shares = try forest.gainShares()
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    #expect(shares[0] > shares[1] && shares[1] > shares[2])
  }

  @Test func featuresWithoutAnySplitGiveTheMean() throws {
    let matrix = FeatureMatrix(rows: 20, features: 1, values: Array(repeating: .nan, count: 20))
    let labels = (0..<20).map(Double.init)
    let forest = try Forest(matrix, label: .numbers(labels), options: options, context: SilentContext())
    let predicted = try forest.numbers(matrix)
    #expect(predicted.allSatisfy { abs($0 - 9.5) < 1 })
    #expect(try forest.gainShares() == [0])
    let sizes = try forest.meanContributionSizes(matrix, groups: [0], groupCount: 1, context: SilentContext())
    #expect(sizes == [0])
  }
}
