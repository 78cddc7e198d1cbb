import Frame
import Jobs

/// Thresholds for each group against a metric and accuracy, from a histogram of scores.
///
/// - Parameters:
///   - spec: its prediction is a score; its first facet gives the groups where `facet` and `value` are nil.
///   - facet, value: those of a `FacetReport`.
public func thresholdStudy(
  _ spec: BiasSpec, facet: String? = nil, value: String? = nil, metric: BiasMetric = .dppl, relation: String,
  schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> ThresholdStudy {
  throw BiasError.badSetting("not there yet")
}
