// The metrics of every pair of a view with their bootstrap intervals.
//
// A bootstrap draws as many rows as there are with replacement. All that a metric sees of rows is the cell that they are
// in, so a draw is a multinomial one over cells, whatever the number of rows (Efron 1979, doi:10.1214/aos/1176344552).

import Foundation
import Numerics

/// A metric before it is judged.
struct RawMetric {
  var metric: BiasMetric
  var value: Double?
  var low, high: Double?
  /// Of the draws.
  var deviation: Double?
  /// The share of draws inside the limits.
  var shareWithin: Double?
  var error: String?
}

struct RawPair {
  var pair: GroupPair
  var cells: CellPair
  var metrics: [RawMetric]
  var full: [RawMetric]
  var flips: FlipTest?
}

struct PairEvaluator {
  let plan: BiasPlan
  let counted: CountedRows
  let view: CountedView
  let pairs: [GroupPair]
  /// One a pair, or none.
  let flips: [FlipTest?]
  let draws: Int
  let random: RandomSource

  private var spec: BiasSpec { plan.spec }
  /// The distances over all classes are another view where there are more than two.
  private var fullMetrics: [BiasMetric] {
    counted.outcomes.count > 2 && plan.labelIsRaw ? spec.wanted.filter(\.isDistribution) : []
  }

  /// Pairs whose draws are held at a time, in about 160 MB.
  private var block: Int { max(1, min(500, 20_000_000 / max(1, draws * (spec.wanted.count + 5)))) }

  func evaluate(checking check: () throws -> Void) throws -> [RawPair] {
    guard pairs.count > block else { return try evaluateBlock(checking: check) }
    // Each block sees the same draws.
    return try stride(from: 0, to: pairs.count, by: block).flatMap { start in
      let places = start..<min(start + block, pairs.count)
      let part = PairEvaluator(
        plan: plan, counted: counted, view: view, pairs: Array(pairs[places]),
        flips: flips.isEmpty ? [] : Array(flips[places]), draws: draws, random: random)
      return try part.evaluateBlock(checking: check)
    }
  }

  private func evaluateBlock(checking check: () throws -> Void) throws -> [RawPair] {
    let metrics = spec.wanted
    let full = fullMetrics
    let withStrata = plan.group != nil && metrics.contains(where: \.needsGroupVariable)
    var tally = PairTally(view, counted)
    let counts = tally.cells.map(\.rows)
    let members = pairs.map { pair in pair.isMember.indices.filter { pair.isMember[$0] } }
    tally.fill(counts.map(Double.init), withStrata: withStrata, withOutcomes: !full.isEmpty)
    var result = pairs.indices.map { place in
      first(tally, pairs[place], members[place], metrics, full, place < flips.count ? flips[place] : nil)
    }
    let slots = metrics.count + full.count
    guard draws > 0, slots > 0, !pairs.isEmpty, !counts.isEmpty else { return result }

    // [pairs × slots × draws]
    var drawn = [Double](repeating: .nan, count: pairs.count * slots * draws)
    var source = random
    var weights = [Double](repeating: 0, count: counts.count)
    let total = counts.reduce(0, +)
    // Those without a value, and the flip test, which draws its own, are left alone.
    let slotsOfPair = result.map { pair in
      metrics.indices.filter { pair.metrics[$0].value != nil && metrics[$0] != .ft }
    }
    let distancesOfPair = result.map { pair in full.indices.filter { pair.full[$0].value != nil } }
    for draw in 0..<draws {
      if draw % 64 == 0 { try check() }
      source.nextMultinomial(counts, total: total, into: &weights)
      tally.fill(weights, withStrata: withStrata, withOutcomes: !full.isEmpty)
      drawn.withUnsafeMutableBufferPointer { drawn in
        for place in pairs.indices {
          let cells = tally.pair(members[place])
          let base = place * slots * draws + draw
          for slot in slotsOfPair[place] {
            drawn[base + slot * draws] = figure(metrics[slot], tally, cells, members[place])
          }
          for slot in distancesOfPair[place] {
            drawn[base + (metrics.count + slot) * draws] = distance(full[slot], tally, members[place])
          }
        }
      }
    }
    for place in pairs.indices {
      for slot in 0..<slots {
        let start = (place * slots + slot) * draws
        var found = drawn[start..<start + draws].filter { !$0.isNaN }
        if slot < metrics.count, metrics[slot] == .ft, let flips = result[place].flips {
          found = flips.draws(draws, random.split("flips").split(pairs[place].value), spec.mode)
        }
        if slot < metrics.count {
          summarize(&result[place].metrics[slot], &found)
          result[place].metrics[slot].admitDoubt(result[place].cells, confidence: spec.confidence)
        } else {
          summarize(&result[place].full[slot - metrics.count], &found)
        }
      }
    }
    return result
  }

  // MARK: - Figures

  private func first(
    _ tally: PairTally, _ pair: GroupPair, _ members: [Int], _ metrics: [BiasMetric], _ full: [BiasMetric],
    _ flips: FlipTest?
  ) -> RawPair {
    let cells = tally.pair(members)
    let values = metrics.map { value(of: $0, tally, pair, flips) }
    let distances = full.map { metric in
      var raw = RawMetric(metric: metric)
      let value = distance(metric, tally, members)
      if value.isNaN {
        raw.error = cells.failure(of: metric, spec.mode, groupA: pair.nameA, groupD: pair.nameD)
      } else {
        raw.value = value
      }
      return raw
    }
    return RawPair(pair: pair, cells: cells, metrics: values, full: distances, flips: flips)
  }

  /// A metric of the tally as it stands, or what stops it.
  func value(of metric: BiasMetric, _ tally: PairTally, _ pair: GroupPair, _ flips: FlipTest? = nil) -> RawMetric {
    let members = pair.isMember.indices.filter { pair.isMember[$0] }
    let cells = tally.pair(members)
    var raw = RawMetric(metric: metric)
    if let failure = obstacle(metric, tally, cells, pair, flips) {
      raw.error = failure
      return raw
    }
    if metric == .ft, let flips {
      raw.value = flips.value(spec.mode)
      return raw
    }
    let value = figure(metric, tally, cells, members)
    if value.isNaN {
      raw.error = cells.failure(of: metric, spec.mode, groupA: pair.nameA, groupD: pair.nameD)
    } else {
      raw.value = value
    }
    return raw
  }

  private func figure(_ metric: BiasMetric, _ tally: PairTally, _ cells: CellPair, _ members: [Int]) -> Double {
    switch metric {
    case .cddl: tally.disparity(members, ofPredictions: false)
    case .cddpl: tally.disparity(members, ofPredictions: true)
    default: cells.figure(of: metric, spec.mode, smoothing: spec.smoothing)
    }
  }

  private func distance(_ metric: BiasMetric, _ tally: PairTally, _ members: [Int]) -> Double {
    let classes = tally.outcomeCount
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: classes * 2) { buffer in
      tally.distributions(members, into: buffer)
      let all = UnsafeBufferPointer(buffer)
      return LabelDistance.value(
        metric, UnsafeBufferPointer(rebasing: all[0..<classes]), UnsafeBufferPointer(rebasing: all[classes...]),
        spec.mode, smoothing: spec.smoothing)
    }
  }

  /// What stops a metric before its formula is looked at.
  private func obstacle(
    _ metric: BiasMetric, _ tally: PairTally, _ cells: CellPair, _ pair: GroupPair, _ flips: FlipTest?
  ) -> String? {
    let isLibrary = spec.mode == .smclarify
    if metric.stage == .postTraining {
      guard plan.hasPredictions else { return "there are no predictions: name a column of them" }
      if let failure = plan.predictionFailure { return failure }
      if isLibrary, tally.all.predicted == 0 {
        return "No Label values are present in the predicted Label Column,Positive Predicted Index Series contains all "
          + "False values"
      }
    }
    if metric == .ft {
      if cells.d.rows == 0 || cells.a.rows == 0 {
        return cells.failure(of: isLibrary ? .ft : .ad, spec.mode, groupA: pair.nameA, groupD: pair.nameD)
      }
      return flips.map { $0.failure } ?? "the flip test was not run"
    }
    guard metric.needsGroupVariable else { return nil }
    if let failure = plan.groupFailure { return failure }
    guard let group = plan.group else {
      return isLibrary
        ? "Group variable is empty or not provided" : "no group variable is given: name a column of strata"
    }
    if isLibrary, group.kind == .text, counted.missing[group.name] ?? 0 > 0, spec.missing == .asLibrary {
      return "'<' not supported between instances of 'float' and 'str'"
    }
    let positives = metric == .cddl ? tally.all.positives : tally.all.predicted
    if isLibrary {
      if positives == 0 { return "No positive labels in set" }
      if positives == tally.all.rows { return "No negative labels in set" }
      return nil
    }
    if cells.d.rows == 0 || cells.a.rows == 0 {
      return cells.failure(of: .dpl, .correct, groupA: pair.nameA, groupD: pair.nameD)
    }
    let word = metric == .cddl ? "label" : "prediction"
    if positives == 0 { return "no \(word) is positive" }
    if positives == tally.all.rows { return "no \(word) is negative" }
    return nil
  }

  // MARK: - Intervals

  /// The percentile interval, widened to hold the value where draws of a distance, which cannot be negative, lie above it.
  private func summarize(_ raw: inout RawMetric, _ found: inout [Double]) {
    guard let value = raw.value, found.count * 2 > draws, found.count > 1 else { return }
    // Ranks are rounded outwards: infinite draws cannot be interpolated.
    let rank = Int(((1 - spec.confidence) / 2 * Double(found.count - 1)).rounded(.down))
    raw.low = min(value, found.select(rank))
    raw.high = max(value, found.select(found.count - 1 - rank))
    // Infinite draws have no deviation.
    let center = found.reduce(0, +) / Double(found.count)
    if center.isFinite {
      let squares = found.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      raw.deviation = (squares / Double(found.count - 1)).squareRoot()
    }
    if let limits = spec.limits(of: raw.metric) {
      raw.shareWithin = Double(found.lazy.filter { limits.contains($0) }.count) / Double(found.count)
    }
  }
}

extension [Double] {
  /// The element that would stand at `rank` in rising order (Hoare's quickselect); reorders the others around it.
  mutating func select(_ rank: Int) -> Double {
    withUnsafeMutableBufferPointer { numbers in
      var (first, last) = (0, numbers.count - 1)
      while first < last {
        let pivot = numbers[first + (last - first) / 2]
        var (left, right) = (first, last)
        while left <= right {
          while numbers[left] < pivot { left += 1 }
          while numbers[right] > pivot { right -= 1 }
          guard left <= right else { break }
          numbers.swapAt(left, right)
          left += 1
          right -= 1
        }
        if rank <= right { last = right } else if rank >= left { first = left } else { break }
      }
      return numbers[rank]
    }
  }
}
