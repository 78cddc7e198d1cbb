import Foundation
import Testing

@testable import Embed

/// Features that one example alone has.
@Suite struct LoneFeatureTests {
  /// Row 0 is in both examples, 1 to 3 are in the first only, of which 2 twice, and 4 alone in the second.
  private func examples() -> ClassifierExamples {
    var examples = ClassifierExamples()
    examples.features = [0, 2, 1, 2, 3, 0, 4, 0]
    examples.starts = [0, 5, 8]
    examples.labels = [0, 1]
    examples.labelStarts = [0, 1, 2]
    return examples
  }

  @Test func severalBecomeOneRowAndOneAloneStays() {
    var examples = examples()
    let lone = LoneFeatures(&examples, rows: 5)
    // Row 5 stays free; 6 is the sum.
    #expect(examples.features == [0, 6, 0, 4, 0])
    #expect(examples.starts == [0, 2, 5])
    #expect(lone.sizes == [5, 3])
    #expect(lone.moves == [6, 0])
    #expect(lone.rowCount == 7)
  }

  @Test(arguments: TextKernelLevel.allCases.filter { $0 <= .best })
  func whatTheSumLearnsGoesToEachAsOftenAsItOccurs(_ level: TextKernelLevel) throws {
    var examples = examples()
    let lone = LoneFeatures(&examples, rows: 5)
    let inputs = try RowMatrix(rows: lone.rowCount, dimensions: 20)
    inputs.fill(0..<5, reach: 1, seed: 3)
    let before = (0..<5).map { inputs[$0] }
    lone.gather(inputs, level: level)
    for column in 0..<20 {
      let sum = before[1][column] + 2 * before[2][column] + before[3][column]
      #expect(abs(inputs[6][column] - sum) < 1e-5)
      // Each occurrence moves by 0.5: the sum by 0.5 x (1 + 2 x 2 + 1).
      inputs.row(6)[column] += 3
    }
    lone.share(inputs, level: level)
    for (row, move) in [(0, 0), (1, 0.5), (2, 1), (3, 0.5), (4, 0)] as [(Int, Float)] {
      for column in 0..<20 { #expect(abs(inputs[row][column] - before[row][column] - move) < 1e-5) }
    }
    // Nothing is left to hand out.
    let after = (0..<5).map { inputs[$0] }
    lone.share(inputs, level: level)
    for row in 0..<5 {
      for column in 0..<20 { #expect(abs(inputs[row][column] - after[row][column]) < 1e-5) }
    }
  }

  @Test func rowsOfSeveralExamplesStandTogether() {
    var examples = examples()
    examples.features = [0, 4, 1, 2, 5, 0, 5, 0]
    var lone = LoneFeatures(&examples, rows: 6)
    // Rows 0 and 1 are words and stay; 3 is nobody's; 2 and 4 are lone.
    let places = lone.order(rows: 6, fixed: 2)
    #expect(places == [0, 1, 4, 2, 5, 3])
    lone.move(to: places)
    #expect(Set(places).count == 6)
  }
}
