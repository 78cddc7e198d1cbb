extension BiasMetric {
  /// The metric of two groups by the documented formula; infinite where a ratio is.
  /// - Throws: `MetricFailure` where it has no value, and for CDDL, CDDPL and FT, which need more than these counts.
  public func value(of counts: BiasCounts) throws -> Double { throw MetricFailure("not there yet") }
}

/// Why one metric has no value; the others may have theirs.
public struct MetricFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
