import Numerics
import Testing

@Suite struct RandomSourceTests {
  @Test func wordsEqualThoseOfTheReferenceImplementations() {
    var mix = SplitMix64(seed: 1_234_567)
    #expect(
      [mix.next(), mix.next(), mix.next()] == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    var source = RandomSource(seed: 42)
    #expect(
      [source.next(), source.next(), source.next()] == [
        1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
      ])
  }

  @Test func childrenDependOnNameAndSeedButNotOnWhatWasDrawn() {
    var drawn = RandomSource(seed: 1)
    for _ in 0..<10 { _ = drawn.next() }
    #expect(drawn.split("rows") == RandomSource(seed: 1).split("rows"))
    #expect(RandomSource(seed: 1).split("rows") != RandomSource(seed: 1).split("columns"))
    #expect(RandomSource(seed: 1).split(0) != RandomSource(seed: 1).split(1))
    #expect(RandomSource(seed: 1).split(0) != RandomSource(seed: 2).split(0))
  }

  @Test func unitNumbersFillTheIntervalEvenly() {
    var source = RandomSource(seed: 3)
    let values = (0..<20_000).map { _ in source.nextUnit() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(abs(Statistics.mean(values) - 0.5) < 0.01)
    #expect(abs(Statistics.variance(values) - 1.0 / 12) < 0.005)
  }

  @Test func normalNumbersHaveMeanZeroAndVarianceOne() {
    var source = RandomSource(seed: 4)
    let values = (0..<20_000).map { _ in source.nextNormal() }
    #expect(abs(Statistics.mean(values)) < 0.03)
    #expect(abs(Statistics.variance(values) - 1) < 0.05)
  }

  @Test func indicesBelowABoundComeEquallyOften() {
    var source = RandomSource(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[source.nextIndex(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func aShuffleKeepsTheElementsAndFollowsTheSeed() {
    var first = RandomSource(seed: 6)
    var again = RandomSource(seed: 6)
    let shuffled = first.shuffled(Array(0..<100))
    #expect(shuffled == again.shuffled(Array(0..<100)))
    #expect(shuffled != Array(0..<100))
    #expect(shuffled.sorted() == Array(0..<100))
    #expect(first.shuffled([Int]()) == [])
  }

  @Test func aSampleHasDifferentRowsInOrder() {
    var source = RandomSource(seed: 7)
    let sample = source.sample(50, of: 1_000)
    #expect(sample.count == 50)
    #expect(Set(sample).count == 50)
    #expect(sample == sample.sorted())
    #expect(source.sample(10, of: 3) == [0, 1, 2])
    #expect(source.sample(0, of: 3) == [])
    #expect(source.sample(1, of: 0) == [])
  }

  @Test func eachRowIsSampledEquallyOften() {
    var source = RandomSource(seed: 8)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 { for row in source.sample(3, of: 10) { counts[row] += 1 } }
    #expect(counts.allSatisfy { abs($0 - 3_000) < 200 })
  }
}
