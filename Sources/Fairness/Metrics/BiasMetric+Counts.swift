// The metrics of two groups, from their confusion cells.

import Foundation

/// Why one metric has no value; the others may have theirs.
public struct MetricFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

extension BiasMetric {
  /// The metric of two groups by the documented formula; infinite where a ratio is.
  /// - Throws: `MetricFailure` where it has no value, and for CDDL, CDDPL and FT, which need more than these counts.
  public func value(of counts: BiasCounts) throws -> Double {
    if stage == .postTraining, counts.a.truePositives == nil || counts.d.truePositives == nil {
      throw MetricFailure("there are no predictions")
    }
    let pair = CellPair(counts)
    let value = pair.figure(of: self, .correct, smoothing: 0)
    guard value.isNaN else { return value }
    throw MetricFailure(pair.failure(of: self, .correct, groupA: "group a", groupD: "group d"))
  }
}

/// Rows of one group by label and prediction; counts, or weights of a draw. Without predictions all count as negative.
struct Cells: Equatable {
  var tp = 0.0
  var fp = 0.0
  var fn = 0.0
  var tn = 0.0

  var rows: Double { tp + fp + fn + tn }
  var positives: Double { tp + fn }
  var negatives: Double { fp + tn }
  var predicted: Double { tp + fp }
  var rejected: Double { fn + tn }

  static func + (left: Cells, right: Cells) -> Cells {
    Cells(tp: left.tp + right.tp, fp: left.fp + right.fp, fn: left.fn + right.fn, tn: left.tn + right.tn)
  }

  static func - (left: Cells, right: Cells) -> Cells {
    Cells(tp: left.tp - right.tp, fp: left.fp - right.fp, fn: left.fn - right.fn, tn: left.tn - right.tn)
  }

  init(tp: Double = 0, fp: Double = 0, fn: Double = 0, tn: Double = 0) {
    (self.tp, self.fp, self.fn, self.tn) = (tp, fp, fn, tn)
  }

  init(_ group: BiasCounts.Group) {
    guard let tp = group.truePositives, let fp = group.falsePositives, let fn = group.falseNegatives,
      let tn = group.trueNegatives
    else {
      self.init(fn: Double(group.positives), tn: Double(group.negatives))
      return
    }
    self.init(tp: Double(tp), fp: Double(fp), fn: Double(fn), tn: Double(tn))
  }

  func group(hasPredictions: Bool) -> BiasCounts.Group {
    hasPredictions
      ? BiasCounts.Group(
        truePositives: Int(tp), falsePositives: Int(fp), falseNegatives: Int(fn), trueNegatives: Int(tn))
      : BiasCounts.Group(rows: Int(rows), positives: Int(positives))
  }
}

/// The cells of group a and group d.
struct CellPair: Equatable {
  var a, d: Cells

  init(a: Cells, d: Cells) { (self.a, self.d) = (a, d) }

  init(_ counts: BiasCounts) { self.init(a: Cells(counts.a), d: Cells(counts.d)) }

  /// The metric, or NaN where it has no value: `failure` says why. NaN for CDDL, CDDPL and FT.
  ///
  /// - Parameters:
  ///   - mode: 0/0 is undefined in `correct`, except for DI, where two groups without acceptance are at parity; it is 0 in
  ///     `smclarify`, and so is the difference of two infinities.
  ///   - smoothing: added to each outcome's count in KL and JS.
  func figure(of metric: BiasMetric, _ mode: BiasSpec.Mode, smoothing: Double) -> Double {
    if metric == .ge { return entropy }
    guard a.rows > 0, d.rows > 0 else { return .nan }
    switch metric {
    case .ci: return (a.rows - d.rows) / (a.rows + d.rows)
    case .dpl: return a.positives / a.rows - d.positives / d.rows
    case .kl, .js, .lp, .tvd, .ks:
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: 4) { buffer in
        buffer[0] = a.positives
        buffer[1] = a.negatives
        buffer[2] = d.positives
        buffer[3] = d.negatives
        return LabelDistance.value(
          metric, UnsafeBufferPointer(rebasing: buffer[0..<2]), UnsafeBufferPointer(rebasing: buffer[2..<4]), mode,
          smoothing: smoothing)
      }
    case .dppl: return a.predicted / a.rows - d.predicted / d.rows
    case .di:
      if mode == .correct, a.predicted == 0, d.predicted == 0 { return 1 }
      return Self.divide(d.predicted / d.rows, a.predicted / a.rows, mode)
    case .dca: return difference(mode) { ($0.positives, $0.predicted) }
    case .dcr: return 0 - difference(mode) { ($0.negatives, $0.rejected) }
    case .rd: return difference(mode) { ($0.tp, $0.positives) }
    case .sd: return 0 - difference(mode) { ($0.tn, $0.negatives) }
    case .dar: return difference(mode) { ($0.tp, $0.predicted) }
    case .drr: return 0 - difference(mode) { ($0.tn, $0.rejected) }
    case .ad: return (a.tp + a.tn) / a.rows - (d.tp + d.tn) / d.rows
    case .te: return 0 - difference(mode) { ($0.fn, $0.fp) }
    case .cddl, .cddpl, .ft, .ge: return .nan
    }
  }

  /// The ratio of group a minus that of group d.
  private func difference(_ mode: BiasSpec.Mode, _ ratio: (Cells) -> (Double, Double)) -> Double {
    let (upper, lower) = ratio(a)
    let (upperD, lowerD) = ratio(d)
    let (left, right) = (Self.divide(upper, lower, mode), Self.divide(upperD, lowerD, mode))
    // ∞ − ∞ is NaN by itself.
    if mode == .smclarify, left == right { return 0 }
    let result = left - right
    return result == 0 ? 0 : result
  }

  static func divide(_ upper: Double, _ lower: Double, _ mode: BiasSpec.Mode) -> Double {
    if lower == 0, upper == 0 { return mode == .smclarify ? 0 : .nan }
    return lower == 0 ? (upper < 0 ? -.infinity : .infinity) : upper / lower
  }

  /// ½ · mean((b / mean b)² − 1) with b = 0 for a false negative, 2 for a false positive, 1 for a right prediction
  /// (Speicher et al. 2018, doi:10.1145/3219819.3220046, α = 2).
  private var entropy: Double {
    let all = a + d
    let rows = all.rows
    guard rows > 0 else { return .nan }
    let right = all.tp + all.tn
    let mean = (right + 2 * all.fp) / rows
    guard mean > 0 else { return .nan }
    return ((right + 4 * all.fp) / (rows * mean * mean) - 1) / 2
  }
}

/// Distances between the distributions of labels of two groups.
enum LabelDistance {
  /// - Parameters:
  ///   - a, d: rows by outcome, of the same outcomes.
  ///   - mode: `correct` sums over all outcomes of either group; `smclarify` leaves out those that one group lacks, without
  ///     new shares for the rest.
  /// - Returns: NaN where a group has no rows; in `smclarify` also where no outcome is common to both.
  static func value(
    _ metric: BiasMetric, _ a: UnsafeBufferPointer<Double>, _ d: UnsafeBufferPointer<Double>, _ mode: BiasSpec.Mode,
    smoothing: Double
  ) -> Double {
    let added = mode == .correct && (metric == .kl || metric == .js) ? smoothing : 0
    var (rowsA, rowsD) = (0.0, 0.0)
    var outcomes = 0.0
    for y in a.indices {
      rowsA += a[y]
      rowsD += d[y]
      if a[y] > 0 || d[y] > 0 { outcomes += 1 }
    }
    guard rowsA > 0, rowsD > 0 else { return .nan }
    rowsA += added * outcomes
    rowsD += added * outcomes
    var total = 0.0
    var common = 0
    for y in a.indices {
      guard mode == .correct ? a[y] > 0 || d[y] > 0 : a[y] > 0 && d[y] > 0 else { continue }
      common += 1
      let p = (a[y] + added) / rowsA
      let q = (d[y] + added) / rowsD
      switch metric {
      case .kl: total += p > 0 ? p * log(p / q) : 0
      case .js:
        let middle = (p + q) / 2
        total += (p > 0 ? p * log(p / middle) : 0) / 2 + (q > 0 ? q * log(q / middle) : 0) / 2
      case .lp: total += (p - q) * (p - q)
      case .tvd: total += abs(p - q) / 2
      case .ks: total = max(total, abs(p - q))
      default: return .nan
      }
    }
    guard common > 0 else { return .nan }
    // The terms of equal distributions may sum to a little less than nothing.
    if mode == .correct, metric == .kl || metric == .js { total = max(0, total) }
    return metric == .lp ? total.squareRoot() : total
  }
}
