// Compares bias metrics of a baseline with those of newer rows.

import Foundation
import Frame
import Jobs
import Numerics

/// The metrics of a baseline against those of newer rows, by both rules of Model Monitor.
///
/// - Parameters:
///   - allowed: the range of each metric for the first rule; metrics without an entry take the limits of `spec`.
/// - Throws: as `biasReport` does of either.
public func biasDrift(
  _ spec: BiasSpec, baseline: String, _ baselineSchema: Schema, current: String, _ currentSchema: Schema,
  allowed: [BiasMetric: BiasMetric.Limits] = [:], in database: Database, context: any JobContext = SilentContext()
) throws -> BiasDrift {
  var asked = spec
  asked.segments = []
  asked.intersections = []
  // The baseline's own intervals play no part.
  asked.draws = 0
  let before = try biasReport(
    asked, relation: baseline, schema: baselineSchema, in: database, context: PartContext(of: context, 0...0.4))
  asked.draws = spec.draws
  return try drift(
    asked, from: before, current: current, currentSchema, allowed, database, PartContext(of: context, 0.4...1))
}

/// The same against a report that was kept.
public func biasDrift(
  from baseline: BiasReport, current: String, _ currentSchema: Schema,
  allowed: [BiasMetric: BiasMetric.Limits] = [:], in database: Database, context: any JobContext = SilentContext()
) throws -> BiasDrift {
  var asked = baseline.spec
  asked.segments = []
  asked.intersections = []
  return try drift(asked, from: baseline, current: current, currentSchema, allowed, database, context)
}

extension BiasReport {
  /// A report of labels with the metrics of predictions that another report has of a part of its rows: those that a model
  /// was kept from.
  public func adding(predictionsOf part: BiasReport) -> BiasReport {
    var result = self
    result.spec = part.spec
    let predicted = part.spec.wanted.filter { $0.stage == .postTraining }
    for place in facets.indices {
      let same = part.facets.first { $0.facet == facets[place].facet && $0.groupD == facets[place].groupD }
      let added = predicted.map { metric in
        same?[metric]
          ?? MetricValue(
            metric: metric, value: nil, verdict: .none, error: "no predicted row is \(facets[place].groupD)",
            explanation: "")
      }
      result.facets[place].metrics = facets[place].metrics.filter { $0.metric.stage == .preTraining } + added
    }
    return result
  }
}

private func drift(
  _ spec: BiasSpec, from baseline: BiasReport, current: String, _ schema: Schema,
  _ allowed: [BiasMetric: BiasMetric.Limits], _ database: Database, _ context: any JobContext
) throws -> BiasDrift {
  let now = try BiasReporter(
    spec: spec, relation: SQL.subquery(current), schema: schema, database: database, context: context
  ).report()
  var result = BiasDrift(
    spec: spec, entries: [], baselineRows: baseline.rowsUsed, currentRows: now.rowsUsed, notes: now.notes)
  var known: Set<[String]> = []
  for facet in baseline.facets {
    let newer = now.facets.first { $0.facet == facet.facet && isSame($0, facet, spec) }
    if let newer { known.insert([newer.facet, newer.value]) }
    for metric in facet.metrics {
      let value = newer?[metric.metric]
      let error: String? =
        newer == nil ? "no newer row is \(facet.groupD)" : value == nil ? "it was not computed" : value?.error
      result.entries.append(
        BiasDrift.Entry(
          facet.facet, facet.value, metric.metric, baseline: metric.value, now: value,
          allowed: allowed[metric.metric] ?? spec.limits(of: metric.metric), confidence: spec.confidence,
          error: error ?? metric.error))
    }
  }
  for facet in now.facets where !known.contains([facet.facet, facet.value]) {
    result.notes.append("\(facet.groupD) is new: the baseline has no such rows.")
  }
  return result
}

/// Of thresholds the largest number, which the name holds, may have changed.
private func isSame(_ left: FacetReport, _ right: FacetReport, _ spec: BiasSpec) -> Bool {
  left.value == right.value || (left.groupD == right.groupD && left.groupD.contains(" > "))
}

extension BiasDrift.Entry {
  /// Judges a value by both rules.
  init(
    _ facet: String, _ name: String, _ metric: BiasMetric, baseline: Double?, now: MetricValue?,
    allowed: BiasMetric.Limits?, confidence: Double, error: String?
  ) {
    self.init(
      facet: facet, value: name, metric: metric, baseline: baseline, current: now?.value, allowed: allowed,
      range: .none, distance: .none, error: error)
    if let value = now?.value, value.isFinite, let deviation = now?.deviation {
      let z = NormalLaw.quantile(0.5 + confidence / 2)
      low = value - z * deviation
      high = value + z * deviation
    }
    range = Self.range(value: current, low: low, high: high, allowed: allowed)
    distance = Self.distance(metric, baseline: baseline, current: current)
  }

  /// The first rule: an alert where interval and range are disjoint.
  static func range(
    value: Double?, low: Double?, high: Double?, allowed: BiasMetric.Limits?
  ) -> BiasDrift.RangeVerdict {
    guard let value, let allowed else { return .none }
    let (from, to) = (low ?? value, high ?? value)
    if to < allowed.low ?? -.infinity || from > allowed.high ?? .infinity { return .alert }
    return allowed.contains(from) && allowed.contains(to) ? .ok : .notConclusive
  }

  /// The second rule: a violation where the value is further from the ideal than the baseline's; of DI by the ratio.
  static func distance(_ metric: BiasMetric, baseline: Double?, current: Double?) -> BiasDrift.DistanceVerdict {
    guard let baseline, let current else { return .none }
    func gap(_ value: Double) -> Double { metric == .di ? abs(log(value)) : abs(value - metric.ideal) }
    // Rounding is no drift.
    return gap(current) > gap(baseline) + 1e-12 ? .violation : .ok
  }
}

/// The standard normal distribution.
enum NormalLaw {
  /// The quantile of a chance in 0 ..< 1, by bisection of erfc.
  static func quantile(_ chance: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < chance { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
