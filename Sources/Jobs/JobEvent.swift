/// The vocabulary of running work: ids, states and what a queue tells its listener.

/// Names one submitted job for as long as the process lives.
public struct JobID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  public let number: Int
  public init(_ number: Int) { self.number = number }
  public static func < (left: JobID, right: JobID) -> Bool { left.number < right.number }
  public var description: String { "#\(number)" }
}

/// How far a job is. `fraction` is in 0...1, nil while unknown.
public struct JobProgress: Hashable, Sendable {
  public let fraction: Double?
  public let note: String

  public init(fraction: Double?, note: String) {
    self.fraction = fraction
    self.note = note
  }
}

/// How a job ended.
public enum JobEnding<Output: Sendable>: Sendable {
  case done(Output)
  case failed(any Error)
  case cancelled
}

/// One thing that happened to a job. Events of one job arrive in order; of its progress only the newest is kept.
public enum JobEvent<Output: Sendable>: Sendable {
  case started(JobID)
  case progress(JobID, JobProgress)
  case partial(JobID, any Sendable)
  case ended(JobID, JobEnding<Output>)

  public var job: JobID {
    switch self {
    case .started(let id), .progress(let id, _), .partial(let id, _), .ended(let id, _): id
    }
  }
}

/// Which of a queue's threads a job waits for. Work that a person is waiting for never stands behind a training.
public enum JobLane: Int, CaseIterable, Sendable {
  /// Rows for the screen: milliseconds.
  case interactive
  /// Reading, counting, profiles and charts: seconds.
  case standard
  /// What follows the cursor, each replaced by the next: must neither wait for the others nor hold them up.
  case following
  /// Training: minutes. Runs at a lower priority than the rest of the process.
  case heavy
  /// What goes on until somebody stops it, such as a server. Every job has a thread of its own.
  case lasting
}
