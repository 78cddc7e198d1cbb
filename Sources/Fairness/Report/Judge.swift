// Turns figures into values with verdicts and words, allowing for the number of comparisons.

import Plot

/// Gathers pairs of groups, then judges them together.
struct Judge {
  let plan: BiasPlan
  let counted: CountedRows
  private var entries: [(raw: RawPair, explanation: Explanation)?] = []
  private var failures: [Int: BiasPlan.Facet] = [:]

  init(plan: BiasPlan, counted: CountedRows) { (self.plan, self.counted) = (plan, counted) }

  /// A facet that cannot be compared at all.
  mutating func add(_ facet: BiasPlan.Facet) {
    failures[entries.count] = facet
    entries.append(nil)
  }

  mutating func add(_ pairs: [RawPair], view: CountedView) {
    var tally = PairTally(view, counted)
    tally.fill(tally.cells.map { Double($0.rows) }, withStrata: plan.group != nil, withOutcomes: false)
    for raw in pairs {
      var explanation = Explanation(
        pair: raw.pair, cells: raw.cells, outcome: plan.outcomeName, spec: plan.spec, flips: raw.flips)
      if let group = plan.group {
        explanation.group = group.name
        explanation.strata = counted.strata.count
        explanation.uniformLabels = tally.uniformStrata(ofPredictions: false)
        explanation.uniformPredictions = tally.uniformStrata(ofPredictions: true)
      }
      entries.append((raw, explanation))
    }
  }

  /// In the order in which they were added, with the number of comparisons by metric.
  func reports() -> (facets: [FacetReport], comparisons: [BiasMetric: Int]) {
    var comparisons: [BiasMetric: Int] = [:]
    var outside: [BiasMetric: [(entry: Int, slot: Int, probability: Double)]] = [:]
    for (place, entry) in entries.enumerated() {
      for (slot, raw) in (entry?.raw.metrics ?? []).enumerated() {
        guard let limits = plan.spec.limits(of: raw.metric), raw.value != nil, raw.low != nil else { continue }
        comparisons[raw.metric, default: 0] += 1
        guard let probability = Verdicts.probability(raw, limits, draws: plan.spec.draws) else { continue }
        outside[raw.metric, default: []].append((place, slot, probability))
      }
    }
    var probabilities: [Int: [Int: Double]] = [:]
    for (metric, found) in outside {
      let corrected = Verdicts.corrected(
        found.map(\.probability), comparisons: comparisons[metric] ?? found.count, by: plan.spec.correction)
      for (item, probability) in zip(found, corrected) {
        probabilities[item.entry, default: [:]][item.slot] = probability
      }
    }
    let reports = entries.enumerated().map { place, entry in
      entry.map { report($0.raw, $0.explanation, probabilities[place] ?? [:], comparisons) } ?? failed(failures[place])
    }
    return (reports, comparisons)
  }

  private func report(
    _ raw: RawPair, _ explanation: Explanation, _ probabilities: [Int: Double], _ comparisons: [BiasMetric: Int]
  ) -> FacetReport {
    let hasPredictions = plan.hasPredictions && plan.predictionFailure == nil
    let counts = BiasCounts(
      a: raw.cells.a.group(hasPredictions: hasPredictions), d: raw.cells.d.group(hasPredictions: hasPredictions))
    let metrics = raw.metrics.enumerated().map { slot, metric in
      value(metric, probabilities[slot], explanation, classes: nil, comparisons[metric.metric] ?? 1)
    }
    // Distances over all classes are shown beside the others and judged by nothing.
    let full = raw.full.map { value($0, nil, explanation, classes: counted.outcomes.count, 1) }
    return FacetReport(
      facet: raw.pair.facet, value: raw.pair.value, groupD: raw.pair.nameD, groupA: raw.pair.nameA,
      parts: raw.pair.parts, counts: counts, metrics: metrics, full: full, smallGroup: smallGroup(raw))
  }

  private func value(
    _ raw: RawMetric, _ probability: Double?, _ explanation: Explanation, classes: Int?, _ comparisons: Int
  ) -> MetricValue {
    var value = MetricValue(
      metric: raw.metric, value: raw.value, low: raw.low, high: raw.high, deviation: raw.deviation,
      verdict: .none,
      limits: classes == nil ? plan.spec.limits(of: raw.metric) : nil, probability: probability,
      sample: raw.metric == .ft && raw.value != nil ? explanation.flips?.sample : nil, error: raw.error,
      explanation: "")
    value.verdict = Verdicts.verdict(value, confidence: plan.spec.confidence)
    value.explanation = explanation.text(value, classes: classes, comparisons: comparisons)
    return value
  }

  private func smallGroup(_ raw: RawPair) -> String? {
    let small = [(raw.cells.d.rows, raw.pair.nameD), (raw.cells.a.rows, raw.pair.nameA)].filter {
      Int($0.0) < plan.spec.smallGroup
    }
    guard !small.isEmpty else { return nil }
    let parts = small.map { "\(Numbers.grouped(Int($0.0))) \(Int($0.0) == 1 ? "row" : "rows") in \($0.1)" }
    return "only " + parts.joined(separator: " and ")
  }

  private func failed(_ facet: BiasPlan.Facet?) -> FacetReport {
    let none = BiasCounts.Group(rows: 0, positives: 0)
    let name = facet?.column.name ?? ""
    let metrics = plan.spec.wanted.map { metric in
      MetricValue(
        metric: metric, value: nil, verdict: .none, error: facet?.failure,
        explanation: "\(metric.title) has no value for \(name): \(facet?.failure ?? "it was not computed").")
    }
    return FacetReport(
      facet: name, value: "", groupD: name, groupA: name, counts: BiasCounts(a: none, d: none), metrics: metrics,
      full: [], smallGroup: nil)
  }
}

extension BiasPlan {
  /// The positive outcome in words: `y = 1`, `income > 3.0`.
  var outcomeName: String {
    switch positive {
    case .values(let values): "\(label.name) = \(GroupPair.listed(values))"
    case .above(let threshold): "\(label.name) > \(label.text(of: threshold))"
    }
  }
}
