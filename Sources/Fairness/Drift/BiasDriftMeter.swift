import Frame
import Jobs

/// The metrics of a baseline against those of newer rows, by both rules of Model Monitor.
///
/// - Parameters:
///   - allowed: the range of each metric for the first rule; metrics without an entry take the limits of `spec`.
public func biasDrift(
  _ spec: BiasSpec, baseline: String, _ baselineSchema: Schema, current: String, _ currentSchema: Schema,
  allowed: [BiasMetric: BiasMetric.Limits] = [:], in database: Database, context: any JobContext = SilentContext()
) throws -> BiasDrift {
  throw BiasError.badSetting("not there yet")
}

/// The same against a report that was kept.
public func biasDrift(
  from baseline: BiasReport, current: String, _ currentSchema: Schema,
  allowed: [BiasMetric: BiasMetric.Limits] = [:], in database: Database, context: any JobContext = SilentContext()
) throws -> BiasDrift {
  throw BiasError.badSetting("not there yet")
}
