import Numerics
import Testing

/// Values recorded from scikit-learn 1.9.1 for the same lists.
@Suite struct ClassificationMetricsTests {
  let binary = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1]
  let scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9, 0.4, 0.05, 0.6, 0.6]
  let confusion = ConfusionMatrix(
    actual: [0, 1, 2, 2, 1, 0, 3, 1, 2, 0, 0, 1, 3, 2, 2], predicted: [0, 2, 2, 2, 1, 0, 1, 1, 0, 0, 1, 1, 3, 2, 1],
    classes: 4)
  let labels = [0, 1, 2, 0, 2, 0, 1, 1]
  let probabilities = [
    0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.3, 0.3, 0.4, 0.2, 0.5, 0.3, 0.25, 0.25, 0.5, 0.6, 0.3, 0.1, 0.2, 0.2, 0.6, 0.4, 0.4,
    0.2,
  ]

  @Test func areaUnderROCCountsTiesAsOneHalf() throws {
    let area = try #require(ClassificationMetrics.areaUnderROC(isPositive: binary.map { $0 == 1 }, scores: scores))
    #expect(isClose(area, 0.7916666666666667))
    #expect(ClassificationMetrics.areaUnderROC(isPositive: [true, false], scores: [0.5, 0.5]) == 0.5)
  }

  @Test func areaUnderROCNeedsBothKindsOfRow() {
    #expect(ClassificationMetrics.areaUnderROC(isPositive: [true, true], scores: [0.1, 0.9]) == nil)
    #expect(ClassificationMetrics.areaUnderROC(isPositive: [], scores: []) == nil)
  }

  @Test func meanAreaOverClassesEqualsOneVersusRest() throws {
    let area = ClassificationMetrics.meanAreaUnderROC(actual: labels, probabilities: probabilities, classes: 3)
    #expect(isClose(try #require(area), 0.7444444444444445))
  }

  @Test func logLossEqualsScikitLearn() {
    let pairs = scores.flatMap { [1 - $0, $0] }
    #expect(
      isClose(ClassificationMetrics.logLoss(actual: binary, probabilities: pairs, classes: 2), 0.503289384979228))
    #expect(
      isClose(
        ClassificationMetrics.logLoss(actual: labels, probabilities: probabilities, classes: 3), 0.8903663325808961))
    #expect(
      isClose(
        ClassificationMetrics.logLoss(actual: [0, 1], probabilities: [0, 1, 0, 1], classes: 2), 18.021826694558577))
  }

  @Test func figuresOfTheConfusionMatrixEqualScikitLearn() {
    #expect(isClose(confusion.accuracy, 0.6666666666666666))
    #expect(isClose(confusion.weightedF1, 0.6711111111111112))
    #expect(isClose(confusion.macroF1, 0.6708333333333333))
    #expect(isClose(confusion.balancedAccuracy, 0.65))
    #expect(isClose(confusion.weighted(confusion.precision), 0.7166666666666667))
    #expect(isClose(confusion.weighted(confusion.recall), 0.6666666666666666))
    #expect((0..<4).map(confusion.f1) == [0.75, 0.6, 2.0 / 3, 2.0 / 3])
  }

  @Test func figuresOfOneClassAreThoseOfBinaryF1() {
    let matrix = ConfusionMatrix(actual: binary, predicted: scores.map { $0 > 0.39 ? 1 : 0 }, classes: 2)
    #expect(isClose(matrix.f1(1), 0.7142857142857143))
    #expect(isClose(matrix.precision(1), 0.625))
    #expect(isClose(matrix.recall(1), 0.8333333333333334))
  }

  @Test func aClassThatNeverOccursDoesNotCount() {
    let matrix = ConfusionMatrix(actual: [0, 0, 1], predicted: [0, 0, 1], classes: 3)
    #expect(matrix.macroF1 == 1)
    #expect(matrix.balancedAccuracy == 1)
    #expect(matrix.f1(2) == 0)
  }

  @Test func figuresOfNoRowsAreNaN() {
    let matrix = ConfusionMatrix(actual: [], predicted: [], classes: 2)
    #expect(matrix.accuracy.isNaN)
    #expect(matrix.weightedF1.isNaN)
    #expect(matrix.macroF1.isNaN)
  }
}

/// Values recorded from scikit-learn 1.9.1 for the same lists.
@Suite struct RegressionMetricsTests {
  let actual = [3, -0.5, 2, 7, 4.25, 1e2]
  let predicted = [2.5, 0, 2, 8, 4, 90]

  @Test func errorsEqualScikitLearn() throws {
    #expect(isClose(RegressionMetrics.meanSquaredError(actual: actual, predicted: predicted), 16.927083333333332))
    #expect(isClose(RegressionMetrics.rootMeanSquaredError(actual: actual, predicted: predicted), 4.114253678777396))
    #expect(isClose(RegressionMetrics.meanAbsoluteError(actual: actual, predicted: predicted), 2.0416666666666665))
    #expect(isClose(RegressionMetrics.medianAbsoluteError(actual: actual, predicted: predicted), 0.5))
    let explained = try #require(RegressionMetrics.rSquared(actual: actual, predicted: predicted))
    #expect(isClose(explained, 0.9870576538380361))
  }

  @Test func rSquaredOfAConstantIsUndefined() {
    #expect(RegressionMetrics.rSquared(actual: [2, 2], predicted: [2, 3]) == nil)
  }
}
