import Frame
import Jobs

/// All bias metrics of a relation, from the counts of one grouped query.
///
/// - Parameters:
///   - relation: a SELECT.
///   - schema: its columns.
/// - Throws: `BiasError` where no report can be made, `FrameError` or `JobCancelled`. What stops a metric alone stands in
///   `MetricValue.error`.
public func biasReport(
  _ spec: BiasSpec, relation: String, schema: Schema, in database: Database, context: any JobContext = SilentContext()
) throws -> BiasReport {
  throw BiasError.badSetting("not there yet")
}
