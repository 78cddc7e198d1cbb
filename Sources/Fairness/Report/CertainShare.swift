// Intervals of shares that are none or all of their rows. Every bootstrap draw has the same share then, as if one row out
// of one were as sure as a thousand out of a thousand; the exact bound of the binomial law takes its place (Clopper and
// Pearson 1934, doi:10.1093/biomet/26.4.404).

import Foundation

/// Rows that have something, of all that could.
private struct Share {
  var count, rows: Double

  /// How far below or above the true share may lie, where all draws agree; 0 otherwise.
  func slack(_ alpha: Double) -> (down: Double, up: Double) {
    guard rows > 0, count == 0 || count == rows else { return (0, 0) }
    let slack = 1 - pow(alpha / 2, 1 / rows)
    return count == 0 ? (0, slack) : (slack, 0)
  }
}

extension RawMetric {
  /// Widens the interval, and the deviation with it, by what draws of a share of none or all cannot show.
  mutating func admitDoubt(_ cells: CellPair, confidence: Double) {
    guard let value, value.isFinite, let low, let high else { return }
    let alpha = 1 - confidence
    let (down, up) = slack(cells, alpha, value)
    guard down > 0 || up > 0 else { return }
    self.low = max(metric.range.lowerBound, low - down)
    self.high = min(metric.range.upperBound, high + up)
    let spread = max(down, up) / NormalLaw.quantile(0.5 + confidence / 2)
    deviation = deviation.map { ($0 * $0 + spread * spread).squareRoot() }
  }

  private func slack(_ cells: CellPair, _ alpha: Double, _ value: Double) -> (down: Double, up: Double) {
    func difference(_ share: (Cells) -> Share) -> (down: Double, up: Double) {
      let (a, d) = (share(cells.a).slack(alpha), share(cells.d).slack(alpha))
      return (max(a.down, d.up), max(a.up, d.down))
    }
    func mirrored(_ slack: (down: Double, up: Double)) -> (down: Double, up: Double) { (slack.up, slack.down) }
    switch metric {
    case .dpl: return difference { Share(count: $0.positives, rows: $0.rows) }
    case .dppl: return difference { Share(count: $0.predicted, rows: $0.rows) }
    case .rd: return difference { Share(count: $0.tp, rows: $0.positives) }
    case .sd: return mirrored(difference { Share(count: $0.tn, rows: $0.negatives) })
    case .dar: return difference { Share(count: $0.tp, rows: $0.predicted) }
    case .drr: return mirrored(difference { Share(count: $0.tn, rows: $0.rejected) })
    case .ad: return difference { Share(count: $0.tp + $0.tn, rows: $0.rows) }
    case .tvd, .ks, .lp:
      let gap = difference { Share(count: $0.positives, rows: $0.rows) }
      let slack = max(gap.down, gap.up) * (metric == .lp ? 2.0.squareRoot() : 1)
      // A distance shrinks, unless there is none yet.
      return value > 0 ? (slack, 0) : (0, slack)
    case .di:
      let accepted = Share(count: cells.d.predicted, rows: cells.d.rows).slack(alpha)
      let whole = cells.a.rows > 0 ? cells.a.predicted / cells.a.rows : 0
      return whole > 0 ? (accepted.down / whole, accepted.up / whole) : (0, 0)
    case .ci, .kl, .js, .cddl, .dca, .dcr, .te, .cddpl, .ft, .ge: return (0, 0)
    }
  }
}
