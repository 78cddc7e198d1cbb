// One paragraph for each metric: what it means for these two groups, by name.

import Plot

/// Writes what a value means.
struct Explanation {
  let pair: GroupPair
  let cells: CellPair
  /// `y = 1`, `income > 50`.
  let outcome: String
  let spec: BiasSpec
  let flips: FlipTest?
  /// The group variable, its strata, and those in which all labels, or all predictions, are alike.
  var group: String?
  var strata = 0
  var uniformLabels = 0
  var uniformPredictions = 0

  func text(_ value: MetricValue, classes: Int? = nil, comparisons: Int = 1) -> String {
    guard let number = value.value else {
      return "\(value.metric.title) has no value for \(pair.nameD) against \(pair.nameA): "
        + "\(value.error ?? "it was not computed")."
    }
    var sentences = [meaning(value.metric, number, classes: classes)]
    if let direction = direction(value.metric, number) { sentences.append(direction) }
    if let low = value.low, let high = value.high {
      let share = Numbers.short(100 * spec.confidence)
      sentences.append(
        "The \(share) % interval of \(Numbers.grouped(spec.draws)) bootstrap draws is \(Self.written(low)) to "
          + "\(Self.written(high)).")
    }
    if let verdict = judgement(value, comparisons) { sentences.append(verdict) }
    return sentences.joined(separator: " ")
  }

  // MARK: - What it says

  private func meaning(_ metric: BiasMetric, _ value: Double, classes: Int?) -> String {
    let (a, d) = (cells.a, cells.d)
    let (nameA, nameD) = (pair.nameA, pair.nameD)
    let shown = Self.written(value)
    func share(_ part: Double, _ whole: Double) -> String {
      "\(Numbers.percent(part, of: whole)) (\(Self.count(part)) of \(Self.count(whole)))"
    }
    func both(_ noun: String, _ count: (Cells) -> (Double, Double)) -> String {
      "\(noun) is \(share(count(d).0, count(d).1)) for \(nameD) and \(share(count(a).0, count(a).1)) for \(nameA)"
    }
    switch metric {
    case .ci:
      return
        "\(nameD) has \(Self.count(d.rows)) rows and \(nameA) \(Self.count(a.rows)), a class imbalance of \(shown)."
    case .dpl:
      return both("The share of \(outcome)") { ($0.positives, $0.rows) } + ": a difference of \(shown)."
    case .dppl:
      return both("The share predicted \(outcome)") { ($0.predicted, $0.rows) } + ": a difference of \(shown)."
    case .kl, .js, .lp, .tvd, .ks: return distance(metric, shown, classes)
    case .cddl, .cddpl: return disparity(metric, shown)
    case .di:
      return both("The share predicted \(outcome)") { ($0.predicted, $0.rows) } + ": a ratio of \(shown)."
    case .dca:
      return
        "There are \(ratio(a.positives, a.predicted)) observed acceptances for each predicted one in \(nameA), and "
        + "\(ratio(d.positives, d.predicted)) in \(nameD): a difference of \(shown)."
    case .dcr:
      return "There are \(ratio(d.negatives, d.rejected)) observed rejections for each predicted one in \(nameD), and "
        + "\(ratio(a.negatives, a.rejected)) in \(nameA): a difference of \(shown)."
    case .rd: return both("Of rows with \(outcome), the share found") { ($0.tp, $0.positives) } + ", a gap of \(shown)."
    case .sd:
      return both("Of rows without \(outcome), the share left alone") { ($0.tn, $0.negatives) } + ", a gap of \(shown)."
    case .dar: return both("Of acceptances, the share that is right") { ($0.tp, $0.predicted) } + ", a gap of \(shown)."
    case .drr: return both("Of rejections, the share that is right") { ($0.tn, $0.rejected) } + ", a gap of \(shown)."
    case .ad: return both("The share of right predictions") { ($0.tp + $0.tn, $0.rows) } + ", a gap of \(shown)."
    case .te:
      return "There are \(ratio(d.fn, d.fp)) false rejections for each false acceptance in \(nameD), and "
        + "\(ratio(a.fn, a.fp)) in \(nameA): a difference of \(shown)."
    case .ft: return flipped(shown)
    case .ge:
      return
        "Over all \(Self.count(a.rows + d.rows)) rows, \(nameD) and \(nameA) together, right and wrong predictions "
        + "spread their benefit with an entropy of \(shown); 0 is equal benefit for all."
    }
  }

  private func distance(_ metric: BiasMetric, _ shown: String, _ classes: Int?) -> String {
    let what = classes.map { "all \($0) outcomes" } ?? "\(outcome) and all other outcomes"
    let subject = "Between \(pair.nameA) and \(pair.nameD), over \(what), "
    switch metric {
    case .kl:
      return subject + "the relative entropy is \(shown) nats"
        + (shown == "∞" ? ": some outcome of \(pair.nameA) never occurs in \(pair.nameD)." : ".")
    case .js: return subject + "the Jensen-Shannon divergence is \(shown) nats, of 0.693 at most."
    case .lp: return subject + "the straight-line distance of the shares is \(shown), of 1.414 at most."
    case .tvd: return subject + "a part of \(shown) of one group's outcomes would have to change for equal shares."
    default: return subject + "the largest gap of a share is \(shown)."
    }
  }

  private func disparity(_ metric: BiasMetric, _ shown: String) -> String {
    let isLabel = metric == .cddl
    let uniform = isLabel ? uniformLabels : uniformPredictions
    let what = isLabel ? "of the rejected than of the accepted" : "of those predicted rejected than accepted"
    var text =
      "Within the \(strata == 1 ? "one stratum" : "\(Numbers.grouped(strata)) strata") of \(group ?? "the group variable"), "
      + "\(pair.nameD) is on average a part \(shown) larger \(what)."
    if uniform > 0 {
      text += " \(Numbers.grouped(uniform)) of them hold one outcome alone, where the other part counts as nothing."
    }
    return text
  }

  private func flipped(_ shown: String) -> String {
    guard let flips else { return "The flip test gives \(shown)." }
    let asked = flips.neighbours == 1 ? "the nearest row" : "the \(flips.neighbours) nearest rows"
    var text =
      "Judged by \(asked) of \(pair.nameA), \(Numbers.grouped(flips.gained)) rejected rows of \(pair.nameD) would be "
      + "accepted and \(Numbers.grouped(flips.lost)) accepted ones rejected, of \(Numbers.grouped(flips.rows)): \(shown)."
    text += " Rows are compared by \(flips.features.joined(separator: ", ")), as they are."
    if let sample = flips.sample { text += " Only \(Numbers.grouped(sample)) rows at random were compared." }
    if flips.incomplete > 0 { text += " \(Numbers.grouped(flips.incomplete)) rows lack a feature and were left out." }
    return text
  }

  // MARK: - Who is worse off

  private func direction(_ metric: BiasMetric, _ value: Double) -> String? {
    guard metric.isSigned || metric == .di || metric == .ft else { return nil }
    if value == metric.ideal { return "Both groups are alike." }
    var isWorse = metric == .di ? value < 1 : value > 0
    if metric == .ft, spec.mode == .smclarify { isWorse.toggle() }
    let (above, below) = isWorse ? (pair.nameD, pair.nameA) : (pair.nameA, pair.nameD)
    switch metric {
    case .ci: return "\(above) is the smaller group."
    // More observed outcomes for each predicted one: the predictions are sparing with it.
    case .dca: return "Measured by the labels, acceptances of \(below) are predicted less generously."
    case .dcr: return "Measured by the labels, rejections of \(below) are predicted more readily."
    case .rd: return "Those of \(above) who deserve the outcome are missed more often."
    case .sd: return "Undeserved acceptances are more frequent for \(below)."
    case .dar: return "An acceptance is less often right for \(above)."
    case .drr: return "A rejection is less often right for \(below)."
    case .ad: return "Predictions are less often right for \(above)."
    case .te: return "Errors are false rejections rather than false acceptances more often for \(above)."
    default: return "\(above) is worse off."
    }
  }

  /// How the value stands to its limits, allowing for so many comparisons.
  private func judgement(_ value: MetricValue, _ comparisons: Int) -> String? {
    guard let limits = value.limits, let number = value.value else { return nil }
    let allowed = Self.written(limits)
    let correction = comparisons > 1 && spec.correction != .none ? ", corrected for \(comparisons) comparisons" : ""
    let chance = value.probability.map {
      $0 < 0.0001 ? " (p < 0.0001\(correction))" : " (p = \(Numbers.short($0, digits: 2))\(correction))"
    }
    switch value.verdict {
    case .within: return "That is within \(allowed)."
    case .outside: return "That is outside \(allowed)\(chance ?? "")."
    case .notConclusive:
      return limits.contains(number)
        ? "That is within \(allowed), but the interval reaches beyond."
        : "That is outside \(allowed), but not by more than chance may bring\(chance ?? "")."
    case .none: return nil
    }
  }

  // MARK: - Numbers

  static func written(_ value: Double) -> String {
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    return Numbers.short(value).replacing("-", with: "−")
  }

  static func written(_ limits: BiasMetric.Limits) -> String {
    switch (limits.low, limits.high) {
    case (let low?, let high?): "\(written(low)) to \(written(high))"
    case (let low?, nil): "\(written(low)) and more"
    case (nil, let high?): "\(written(high)) and less"
    case (nil, nil): "any number"
    }
  }

  private static func count(_ rows: Double) -> String { Numbers.grouped(Int(rows)) }

  private func ratio(_ upper: Double, _ lower: Double) -> String {
    let value = CellPair.divide(upper, lower, spec.mode)
    return value.isNaN ? "no" : Self.written(value)
  }
}
