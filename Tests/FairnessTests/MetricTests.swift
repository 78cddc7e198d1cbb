import Foundation
import Frame
import Numerics
import Testing

@testable import Fairness

/// The worked examples of the documentation, and what must hold for any counts.
@Suite struct MetricTests {
  private func counts(_ a: (Int, Int, Int, Int), _ d: (Int, Int, Int, Int)) -> BiasCounts {
    func group(_ cells: (Int, Int, Int, Int)) -> BiasCounts.Group {
      .init(truePositives: cells.0, falsePositives: cells.1, falseNegatives: cells.2, trueNegatives: cells.3)
    }
    return BiasCounts(a: group(a), d: group(d))
  }

  private func distance(_ metric: BiasMetric, _ a: [Double], _ d: [Double], _ mode: BiasSpec.Mode = .correct) -> Double
  {
    a.withUnsafeBufferPointer { a in
      d.withUnsafeBufferPointer { d in LabelDistance.value(metric, a, d, mode, smoothing: 0) }
    }
  }

  // MARK: - Worked examples

  @Test func divergenceOfEightyAndThirtyPercent() {
    #expect(isClose(distance(.kl, [80, 20], [30, 70]), 0.5341108087, 1e-9))
  }

  @Test func theLargestGapOfThreeOutcomesIsAHalf() {
    #expect(isClose(distance(.ks, [4, 4, 2], [2, 1, 7]), 0.5))
  }

  @Test func zeroSupportCountsByDefaultAndIsDroppedByTheLibrary() {
    let (a, d) = ([2.0, 3, 5], [6.0, 4, 0])
    #expect(isClose(distance(.tvd, a, d), 0.5) && isClose(distance(.ks, a, d), 0.5))
    #expect(isClose(distance(.lp, a, d), 0.6480740698, 1e-9) && distance(.kl, a, d) == .infinity)
    #expect(isClose(distance(.kl, a, d, .smclarify), -0.3060270795, 1e-9))
    #expect(isClose(distance(.js, a, d, .smclarify), 0.05590849093, 1e-9))
    #expect(isClose(distance(.lp, a, d, .smclarify), 0.4123105626, 1e-9))
    #expect(isClose(distance(.tvd, a, d, .smclarify), 0.25) && isClose(distance(.ks, a, d, .smclarify), 0.4))
  }

  @Test func disjointOutcomesAreAsFarApartAsCanBe() {
    let (a, d) = ([3.0, 0], [0.0, 2])
    #expect(distance(.kl, a, d) == .infinity && isClose(distance(.js, a, d), log(2)))
    #expect(distance(.tvd, a, d) == 1 && distance(.ks, a, d) == 1 && isClose(distance(.lp, a, d), 2.0.squareRoot()))
    #expect(distance(.js, a, d, .smclarify).isNaN)
  }

  /// .5 / .6, which the documentation prints as 0.8.
  @Test func theImpactOfHalfAgainstSixTenths() throws {
    #expect(isClose(try BiasMetric.di.value(of: counts((6, 0, 0, 4), (5, 0, 0, 5))), 5.0 / 6))
  }

  @Test func accuracyOfTheDocumentation() throws {
    #expect(isClose(try BiasMetric.ad.value(of: counts((60, 10, 20, 10), (40, 10, 40, 10))), 0.2))
  }

  @Test func theMatricesOfTheDocumentation() throws {
    let pair = counts((65, 10, 5, 20), (20, 5, 7, 18))
    let expected: [BiasMetric: Double] = [
      .rd: 0.1878306878, .sd: 0.115942029, .dppl: 0.25, .di: 0.6666666667, .dca: -0.1466666667, .dcr: -0.28,
      .dar: 0.06666666667, .drr: -0.08, .ad: 0.09, .te: 0.9, .ge: 0.08631295656, .dpl: 0.16, .ci: 0.3333333333,
    ]
    for (metric, value) in expected { #expect(isClose(try metric.value(of: pair), value, 1e-9), "\(metric.name)") }
  }

  /// Labels and predictions as digits; the groups do not matter.
  @Test(arguments: [
    ("1100", "1100", 0.0), ("1100", "0011", 0.5), ("1111", "0001", 1.5), ("0000", "1111", 0),
    ("110010", "101011", 0.1734693878),
  ])
  func entropyOfBenefits(_ labels: String, _ predictions: String, _ expected: Double) {
    var cells = Cells()
    for (y, p) in zip(labels, predictions) {
      switch (y, p) {
      case ("1", "1"): cells.tp += 1
      case ("0", "1"): cells.fp += 1
      case ("1", "0"): cells.fn += 1
      default: cells.tn += 1
      }
    }
    let pair = CellPair(a: cells, d: Cells())
    #expect(isClose(pair.figure(of: .ge, .correct, smoothing: 0), expected, 1e-9))
  }

  @Test func entropyOfFalseRejectionsAloneIsUndefined() {
    let pair = counts((0, 0, 3, 0), (0, 0, 2, 0))
    #expect(throws: MetricFailure.self) { try BiasMetric.ge.value(of: pair) }
  }

  @Test func theThreeClassesOfTheDocumentation() throws {
    let report = try Sheet.golden("G3").report(
      spec(facet: "facet", .values(["d"]), label: "label", positive: ["acc"]))
    let facet = try #require(report.facets.first)
    #expect(facet.full.map(\.name) == ["KL", "JS", "LP", "TVD", "KS"])
    for (value, expected) in zip(facet.full, [0.581224023, 0.1387245346, 0.6164414003, 0.5, 0.5]) {
      #expect(isClose(value.value, expected, 1e-9), "\(value.name)")
    }
    #expect(isClose(facet[.lp]?.value, 0.7071067812, 1e-9))
  }

  @Test func anOutcomeThatOneGroupLacksIsInfinitelyFar() throws {
    let facet = try #require(
      try Sheet.golden("G5").report(spec(group: "g")).facets.first)
    #expect(facet[.kl]?.value == .infinity && isClose(facet[.js]?.value, 0.2743584686, 1e-9))
    #expect(isClose(facet[.tvd]?.value, 0.6) && isClose(facet[.lp]?.value, 0.8485281374, 1e-9))
    #expect(isClose(facet[.cddl]?.value, 0.6666666667, 1e-9))
    #expect(facet[.kl]?.explanation.contains("∞") == true)
  }

  @Test func smoothingMakesItFinite() throws {
    var asked = spec()
    asked.smoothing = 1
    let facet = try #require(try Sheet.golden("G5").report(asked).facets.first)
    // (4/7, 3/7) against (1/6, 5/6)
    let expected = 4.0 / 7 * log(24.0 / 7) + 3.0 / 7 * log(18.0 / 35)
    #expect(isClose(facet[.kl]?.value, expected))
  }

  @Test func oneStratumIsSimpsonsTotal() throws {
    let sheet = try Sheet("SELECT *, 'all' AS one FROM (\(Sheet.golden("G7").sql))")
    let facet = try #require(
      try sheet.report(spec(facet: "sex", .values(["F"]), group: "one")).facets.first)
    #expect(isClose(facet[.cddl]?.value, 0.4376657825, 1e-9))
  }

  /// smclarify takes a 0/1 label of few rows for a measurement, and all gaps for zero.
  @Test func aLabelOfFewRowsKeepsItsKind() throws {
    let rows = ["a,1", "a,1", "a,0", "a,1", "d,0", "d,1", "d,0", "d,0"]
    let sheet = try Sheet(columns: "f,y", rows)
    let facet = try #require(try sheet.report(spec()).facets.first)
    #expect(isClose(facet[.dpl]?.value, 0.5))
    var library = spec()
    library.mode = .smclarify
    let guessed = try sheet.report(library)
    #expect(guessed.facets.first?[.dpl]?.value == 0)
    let reading = try #require(guessed.readings.first)
    #expect(reading.kind == .continuous && reading.reason == "smclarify: 2 of 8 values differ")
    #expect(guessed.notes.contains { $0.contains("smclarify 0.5") })
  }

  // MARK: - Properties

  private func random(_ seed: UInt64) -> BiasCounts {
    var source = RandomSource(seed: seed)
    func cell() -> Int { 1 + source.nextIndex(below: 60) }
    return counts((cell(), cell(), cell(), cell()), (cell(), cell(), cell(), cell()))
  }

  private let counted = BiasMetric.allCases.filter { !$0.needsGroupVariable && $0 != .ft }

  @Test(arguments: 0..<20) func changingPlacesTurnsTheSignedOnes(_ seed: Int) throws {
    let pair = random(UInt64(seed))
    let turned = BiasCounts(a: pair.d, d: pair.a)
    for metric in counted {
      let (value, other) = (try metric.value(of: pair), try metric.value(of: turned))
      if metric.isSigned {
        #expect(isClose(other, -value), "\(metric.name)")
      } else if metric == .di {
        #expect(isClose(other, 1 / value))
      } else if metric != .kl {
        #expect(isClose(other, value), "\(metric.name)")
      }
    }
  }

  @Test(arguments: 0..<20) func moreOfTheSameChangesNothing(_ seed: Int) throws {
    let pair = random(UInt64(seed))
    func twice(_ group: BiasCounts.Group) -> BiasCounts.Group {
      .init(
        truePositives: 2 * (group.truePositives ?? 0), falsePositives: 2 * (group.falsePositives ?? 0),
        falseNegatives: 2 * (group.falseNegatives ?? 0), trueNegatives: 2 * (group.trueNegatives ?? 0))
    }
    let doubled = BiasCounts(a: twice(pair.a), d: twice(pair.d))
    for metric in counted {
      #expect(isClose(try metric.value(of: doubled), try metric.value(of: pair), 1e-12), "\(metric.name)")
    }
  }

  @Test(arguments: 0..<20) func equalSharesGiveTheIdealValue(_ seed: Int) throws {
    let one = random(UInt64(seed)).a
    let pair = BiasCounts(a: one, d: one)
    for metric in counted where metric != .ge {
      #expect(isClose(try metric.value(of: pair), metric.ideal, 1e-12), "\(metric.name)")
    }
  }

  @Test(arguments: 0..<20) func valuesLieInTheirRange(_ seed: Int) throws {
    for metric in counted {
      #expect(metric.range.contains(try metric.value(of: random(UInt64(seed)))), "\(metric.name)")
    }
  }

  @Test func binaryDistancesFollowFromTheGap() throws {
    let pair = random(3)
    let gap = abs(try BiasMetric.dpl.value(of: pair))
    #expect(isClose(try BiasMetric.tvd.value(of: pair), gap))
    #expect(isClose(try BiasMetric.ks.value(of: pair), gap))
    #expect(isClose(try BiasMetric.lp.value(of: pair), gap * 2.0.squareRoot()))
  }

  @Test func whatHasNoValueSaysWhy() {
    func reason(_ metric: BiasMetric, _ pair: BiasCounts) -> String? {
      do {
        _ = try metric.value(of: pair)
        return nil
      } catch { return "\(error)" }
    }
    let noPositives = counts((0, 1, 0, 4), (1, 1, 1, 1))
    #expect(reason(.rd, noPositives) == "no row of group a has the positive label")
    let empty = counts((1, 1, 1, 1), (0, 0, 0, 0))
    #expect(reason(.dpl, empty) == "no row is group d" && reason(.ge, empty) == nil)
    let rejecting = counts((0, 0, 1, 1), (0, 0, 2, 1))
    #expect(reason(.dar, rejecting) == "no row of either group is predicted positive")
    // Parity holds where nobody is accepted, which the library reads as the utmost bias.
    #expect(try! BiasMetric.di.value(of: rejecting) == 1)
    #expect(CellPair(rejecting).figure(of: .di, .smclarify, smoothing: 0) == 0)
    // A ratio to nothing is infinite; the difference of two such has no value.
    #expect(try! BiasMetric.te.value(of: counts((1, 0, 1, 1), (1, 1, 1, 1))) == -.infinity)
    #expect(reason(.te, counts((1, 0, 1, 1), (1, 0, 1, 1))) == "no row of either group is a false acceptance")
    let unpredicted = BiasCounts(a: .init(rows: 2, positives: 1), d: .init(rows: 2, positives: 1))
    #expect(reason(.dppl, unpredicted) == "there are no predictions" && reason(.dpl, unpredicted) == nil)
  }

  @Test func namesAreThoseOfClarify() {
    #expect(BiasMetric.preTraining.map(\.name) == ["CI", "DPL", "KL", "JS", "LP", "TVD", "KS", "CDDL"])
    #expect(
      BiasMetric.postTraining.map(\.name) == [
        "DPPL", "DI", "DCA", "DCR", "RD", "SD", "DAR", "DRR", "AD", "TE", "CDDPL", "FT", "GE",
      ])
    #expect(BiasMetric(name: "dcacc") == .dca && BiasMetric(name: "dpl") == .dpl && BiasMetric(name: "x") == nil)
    for metric in BiasMetric.allCases {
      #expect(!metric.title.isEmpty && !metric.formula.isEmpty && !metric.meaning.isEmpty && !metric.rangeText.isEmpty)
    }
  }

  // MARK: - Draws

  @Test(arguments: [(10, 0.3), (1000, 0.004), (1000, 0.5), (100_000, 0.9), (3, 0.99)])
  func binomialDrawsHaveTheirMeanAndVariance(_ count: Int, _ chance: Double) {
    var source = RandomSource(seed: 7)
    let draws = (0..<20_000).map { _ in Double(source.nextBinomial(count, chance)) }
    let mean = Double(count) * chance
    let variance = mean * (1 - chance)
    #expect(abs(Statistics.mean(draws) - mean) < 5 * (variance / 20_000).squareRoot())
    // The fewer draws differ, the wider the variance of their variance is.
    #expect(abs(Statistics.variance(draws) / variance - 1) < (variance < 1 ? 0.2 : 0.06))
    #expect(draws.allSatisfy { $0 >= 0 && $0 <= Double(count) })
  }

  @Test func multinomialDrawsKeepTheNumberOfRows() {
    var source = RandomSource(seed: 1)
    var draw = [0.0, 0, 0]
    for _ in 0..<100 {
      source.nextMultinomial([5, 1, 94], total: 100, into: &draw)
      #expect(draw.reduce(0, +) == 100)
    }
  }

  @Test func selectionFindsWhatSortingWould() {
    var source = RandomSource(seed: 5)
    for count in [1, 2, 3, 10, 101] {
      let numbers = (0..<count).map { _ in Double(source.nextIndex(below: 20)) } + [.infinity, -.infinity]
      for (rank, expected) in numbers.sorted().enumerated() {
        var copy = numbers
        #expect(copy.select(rank) == expected)
      }
    }
  }

  /// Small whole numbers, so that many rows are equally near.
  @Test(arguments: [(0, 1), (1, 2), (40, 1), (300, 2), (300, 5)])
  func theTreeFindsTheRowsThatASearchOfAllWould(_ count: Int, _ width: Int) {
    var source = RandomSource(seed: UInt64(count + width))
    let points = (0..<count * width).map { _ in Double(source.nextIndex(below: 9)) }
    let tree = NeighbourTree(points, width: width, count: count)
    let votes = (0..<count).map { $0 % 3 == 0 }
    for _ in 0..<50 {
      let query = (0..<width).map { _ in Double(source.nextIndex(below: 20)) / 2 }
      let distances: [Double] = (0..<count).map { row in
        var sum = 0.0
        for column in 0..<width {
          let step = points[row * width + column] - query[column]
          sum += step * step
        }
        return sum
      }
      let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      let found = tree.nearest(5, to: query[...])
      #expect(found.map(\.row) == Array(order.prefix(5)))
      let radius = found.last?.distance ?? 1
      let inside = distances.indices.filter { distances[$0] <= radius }
      let counted = tree.votes(votes, within: radius, of: query[...])
      #expect(counted.voters == inside.count && counted.positive == inside.filter { votes[$0] }.count)
    }
  }
}
