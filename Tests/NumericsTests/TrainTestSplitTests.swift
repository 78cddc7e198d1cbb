import Numerics
import Testing

@Suite struct TrainTestSplitTests {
  @Test func aRandomSplitCoversEachRowOnce() {
    let split = TrainTestSplit.random(rows: 101, fraction: 0.7, seed: 1)
    #expect(split.train.count == 71)
    #expect((split.train + split.test).sorted() == Array(0..<101))
    #expect(split == TrainTestSplit.random(rows: 101, fraction: 0.7, seed: 1))
    #expect(split != TrainTestSplit.random(rows: 101, fraction: 0.7, seed: 2))
  }

  @Test func tinyTablesKeepARowOnEachSide() {
    #expect(TrainTestSplit.random(rows: 2, fraction: 0.99, seed: 0).test.count == 1)
    #expect(TrainTestSplit.random(rows: 2, fraction: 0.01, seed: 0).train.count == 1)
    #expect(TrainTestSplit.random(rows: 1, fraction: 0.7, seed: 0).train == [0])
    #expect(TrainTestSplit.random(rows: 0, fraction: 0.7, seed: 0).train == [])
  }

  @Test func aStratifiedSplitKeepsTheShares() {
    let labels = (0..<1_000).map { $0 % 10 == 0 ? 1 : $0 % 17 == 0 ? 2 : 0 }
    let split = TrainTestSplit.stratified(labels: labels, fraction: 0.7, seed: 3)
    #expect(split.train.count == 700)
    #expect((split.train + split.test).sorted() == Array(0..<1_000))
    for label in 0...2 {
      let share = Double(split.train.count { labels[$0] == label }) / Double(labels.count { $0 == label })
      #expect(abs(share - 0.7) < 0.01)
    }
  }

  @Test func aClassOfTwoIsOnBothSidesAndASingleRowIsLearntFrom() {
    let split = TrainTestSplit.stratified(labels: [0, 0, 0, 0, 0, 0, 1, 1, 2], fraction: 0.7, seed: 0)
    #expect(split.train.contains(8))
    #expect(split.train.contains(6) != split.train.contains(7))
    #expect(split.test.contains(6) != split.test.contains(7))
  }

  @Test func manySmallClassesEachKeepARowToLearnFrom() {
    let labels = (0..<60).map { $0 / 3 }
    let split = TrainTestSplit.stratified(labels: labels, fraction: 0.1, seed: 0)
    #expect(Set(split.train.map { labels[$0] }).count == 20)
  }
}
