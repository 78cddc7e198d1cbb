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
  private var wanted: [BiasMetric] {
    spec.wanted.filter { $0.stage == .preTraining || plan.hasPredictions }
  }
  /// The distances over all classes are another view where there are more than two.
  private var fullMetrics: [BiasMetric] {
    counted.outcomes.count > 2 && plan.labelIsRaw ? wanted.filter(\.isDistribution) : []
  }

  func evaluate(checking check: () throws -> Void) throws -> [RawPair] {
    let metrics = wanted
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
    for draw in 0..<draws {
      if draw % 64 == 0 { try check() }
      source.nextMultinomial(counts, total: total, into: &weights)
      tally.fill(weights, withStrata: withStrata, withOutcomes: !full.isEmpty)
      for place in pairs.indices {
        let cells = tally.pair(members[place])
        let base = place * slots * draws + draw
        for (slot, metric) in metrics.enumerated() where result[place].metrics[slot].value != nil {
          drawn[base + slot * draws] = figure(metric, tally, cells, members[place])
        }
        for (slot, metric) in full.enumerated() where result[place].full[slot].value != nil {
          drawn[base + (metrics.count + slot) * draws] = distance(metric, tally, members[place])
        }
      }
    }
    for place in pairs.indices {
      for slot in 0..<slots {
        let start = (place * slots + slot) * draws
        var found = drawn[start..<start + draws].filter { !$0.isNaN }
        if slot < metrics.count, metrics[slot] == .ft, let flips = result[place].flips {
          found = flips.draws(draws, random.split("flips").split(UInt64(place)), spec.mode)
        }
        if slot < metrics.count {
          summarize(&result[place].metrics[slot], &found)
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
    let values = metrics.map { metric in
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
    found.sort()
    let tail = (1 - spec.confidence) / 2
    raw.low = min(value, Statistics.quantile(sorted: found, tail))
    raw.high = max(value, Statistics.quantile(sorted: found, 1 - tail))
    // Equal infinities have no deviation.
    if let first = found.first, let last = found.last, first.isFinite, last.isFinite {
      let center = found.reduce(0, +) / Double(found.count)
      let squares = found.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      raw.deviation = (squares / Double(found.count - 1)).squareRoot()
    }
    if let limits = spec.limits(of: raw.metric) {
      raw.shareWithin = Double(found.lazy.filter { limits.contains($0) }.count) / Double(found.count)
    }
  }
}
