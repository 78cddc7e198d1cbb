import Engine

/// A row of the jobs pane.
public struct JobRow: Sendable, Equatable, Identifiable {
  public enum State: String, Sendable {
    case queued, running, done, failed, cancelled
  }

  public let id: RequestID
  public let spec: JobSpec
  public var state: State
  /// In 0...1; nil while unknown.
  public var fraction: Double?
  public var note: String
  /// Seconds of the application's clock.
  public var submittedAt: Double
  public var startedAt: Double?
  public var endedAt: Double?
  /// Why it failed.
  public var error: String?

  public init(id: RequestID, spec: JobSpec, submittedAt: Double) {
    self.id = id
    self.spec = spec
    state = .queued
    note = ""
    self.submittedAt = submittedAt
  }

  public var isActive: Bool { state == .queued || state == .running }

  /// Whether more than a look at rows is lost when it is stopped.
  public var makesSomething: Bool {
    switch spec {
    case .cloud(let spec): spec.makesSomething
    case .analyze, .fit, .write, .copy, .exportChart, .exportReport, .exportBias, .exportExplanation, .exportFlow,
      .explain, .explainRow, .flipRow, .explainTexts, .automl, .predict, .planTraining, .explore, .embed,
      .lab(.map), .lab(.search), .serve, .importance, .modelShap, .modelBias, .exportModel, .exportExploration,
      .exportTexts, .spark, .cluster, .query:
      true
    case .preview, .sheets, .open, .rows, .tail, .find, .locate, .rowIDs, .count, .losses, .header, .inspect, .effect,
      .lineage,
      .steerTraining, .problem, .history, .candidate, .keptExploration, .keepExploration, .lab:
      false
    }
  }

  public func elapsed(at now: Double) -> Double { max(0, (endedAt ?? now) - (startedAt ?? now)) }

  /// Seconds left; nil below five percent, where an estimate would be a guess.
  public func remaining(at now: Double) -> Double? {
    guard state == .running, let fraction, fraction >= 0.05, fraction < 1 else { return nil }
    return elapsed(at: now) * (1 - fraction) / fraction
  }
}

/// The jobs pane, newest job first.
public struct JobsState: Sendable {
  public var rows: [JobRow] = []
  public var cursor = 0
  static let kept = 50

  public init() {}

  public var active: [JobRow] { rows.filter(\.isActive) }

  mutating func change(_ id: RequestID, _ body: (inout JobRow) -> Void) {
    guard let index = rows.firstIndex(where: { $0.id == id }) else { return }
    body(&rows[index])
  }
}
