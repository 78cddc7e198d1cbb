import Flow
import Foundation

/// An analysis that hangs on a step of a flow, with its result once it has run.
public struct Analysis: Codable, Sendable, Equatable, Identifiable {
  /// Unique within its flow; never used again.
  public let id: Int
  public var name: String
  public var node: StepID
  public var spec: AnalysisSpec
  public var result: AnalysisResult?
  public var provenance: Provenance?

  /// Which data a result speaks of.
  public struct Provenance: Codable, Sendable, Equatable {
    /// Rows that the step had.
    public var rows: Int
    /// When the result was computed.
    public var computedAt: Date
    /// Seconds that it took.
    public var seconds: Double
    /// Identifies the step, all steps above it and the files they read; another value means the result is stale.
    public var fingerprint: String
    /// Where the rows were counted, such as `Spark at sc://localhost:15002`; nil for this machine.
    public var engine: String?
    /// Rows that came here from there at random, for models and whatever looks at single rows; nil for all.
    public var sampled: Int?

    public init(
      rows: Int, computedAt: Date, seconds: Double, fingerprint: String, engine: String? = nil, sampled: Int? = nil
    ) {
      self.rows = rows
      self.computedAt = computedAt
      self.seconds = seconds
      self.fingerprint = fingerprint
      self.engine = engine
      self.sampled = sampled
    }
  }

  public init(
    id: Int, name: String, node: StepID, spec: AnalysisSpec, result: AnalysisResult? = nil,
    provenance: Provenance? = nil
  ) {
    self.id = id
    self.name = name
    self.node = node
    self.spec = spec
    self.result = result
    self.provenance = provenance
  }
}
