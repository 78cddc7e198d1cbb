import Frame
import Jobs

/// Tries group variables: in which does the sign of DPL turn?
///
/// - Parameters:
///   - variables: columns to try; nil takes all that have 2 to 200 values and that the spec does not use.
/// - Returns: for each facet value and variable a finding; turned signs first, then by how much of the gap goes.
public func simpsonReport(
  _ spec: BiasSpec, variables: [String]? = nil, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> SimpsonReport {
  throw BiasError.badSetting("not there yet")
}
