import Foundation
import Jobs

/// One execution on the cluster, read part by part by a thread of its own, which waits while nobody takes. `condition`
/// guards what changes.
final class SparkExecution: @unchecked Sendable {
  enum Part: Sendable {
    case batch([UInt8])
    case relation([UInt8])
  }

  private let condition = NSCondition()
  private var parts: [Part] = []
  private var isDropped = false
  /// How it ended; nil while it runs.
  private var end: Result<Void, any Error>?
  /// Parts that may wait; each can have a few megabytes.
  private static let most = 4

  init(
    _ session: SparkSession, plan: ProtoMessage, context: any JobContext,
    progress: @escaping @Sendable (SparkProgress) -> Void
  ) {
    Thread.detachNewThread { [self] in
      let reader = ExecutionReader(session, plan: plan, context: context, progress: progress) { try self.add($0) }
      let result = Result { try reader.run() }
      change { end = result }
    }
  }

  private func change(_ body: () -> Void) {
    condition.withLock {
      body()
      condition.broadcast()
    }
  }

  /// The next part, nil at the end.
  func nextPart() throws -> Part? {
    condition.lock()
    defer { condition.unlock() }
    while parts.isEmpty, end == nil { condition.wait() }
    guard !parts.isEmpty else {
      try end?.get()
      return nil
    }
    condition.broadcast()
    return parts.removeFirst()
  }

  /// Nobody wants the rest.
  func drop() { change { isDropped = true } }

  private func add(_ part: Part) throws {
    condition.lock()
    defer { condition.unlock() }
    while parts.count >= Self.most, !isDropped { condition.wait() }
    if isDropped { throw JobCancelled() }
    parts.append(part)
    condition.broadcast()
  }
}

/// Follows an execution to its end, over as many connections as it takes.
private final class ExecutionReader {
  private let session: SparkSession
  private let plan: ProtoMessage
  private let context: any JobContext
  private let progress: @Sendable (SparkProgress) -> Void
  private let take: (SparkExecution.Part) throws -> Void
  private let operation = UUID().uuidString.lowercased()
  private var lastResponse: String?
  private var isComplete = false
  /// Rows that have come.
  private var rows = 0
  /// False once rows came of which the server did not say where in the answer they stand.
  private var isPlaced = true

  /// How often a lost connection is made again without anything coming in between.
  private static let attempts = 5

  init(
    _ session: SparkSession, plan: ProtoMessage, context: any JobContext,
    progress: @escaping @Sendable (SparkProgress) -> Void, take: @escaping (SparkExecution.Part) throws -> Void
  ) {
    self.session = session
    self.plan = plan
    self.context = context
    self.progress = progress
    self.take = take
  }

  func run() throws {
    defer { session.release(operation) }
    do {
      try follow { try session.begin(plan, operation: operation, context: context, take: $0) }
    } catch let error as JobCancelled {
      try? session.interrupt(operation)
      throw error
    }
  }

  private func follow(_ begin: (([UInt8]) throws -> Void) throws -> Void) throws {
    var (failures, silences) = (0, 0)
    var isBegun = false
    while !isComplete {
      let seen = lastResponse
      do {
        if !isBegun {
          isBegun = true
          try begin(read)
        } else {
          // Whether all rows come could not be told.
          guard isPlaced else { throw SparkError.rowsLost(address: session.address.description) }
          try session.reattach(operation, after: lastResponse, context: context, take: read)
        }
        // The server ends a stream from time to time so that none lives forever; what is not complete goes on.
        if !isComplete, lastResponse == nil { return }
      } catch let error as SparkError {
        guard error.mayBeMended else { throw error }
        if lastResponse != seen { (failures, silences) = (0, 0) }
        failures += 1
        if case .silent = error {
          silences += 1
          // Who does not say where rows stand cannot go on.
          if !isPlaced { throw error }
        }
        // On a fresh line it has to speak: else it hangs, and not the line.
        guard failures <= Self.attempts, silences < 2 else { throw error }
        try reconnect(from: failures)
      }
    }
  }

  /// Makes the connection again, with more and more time between the attempts.
  private func reconnect(from first: Int) throws {
    for attempt in first...Self.attempts {
      for _ in 0..<(10 << attempt) {
        try context.checkCancelled()
        usleep(10_000)
      }
      do { return try session.reconnect() } catch SparkError.unreachable(_, let why) {
        guard attempt == Self.attempts else { continue }
        throw SparkError.connectionLost(
          address: session.address.description,
          why: "its server is gone (\(why)). Start it again, then run this again")
      }
    }
  }

  private func read(_ bytes: [UInt8]) throws {
    let fields = try ProtoField.all(of: bytes[...])
    for field in fields {
      switch field.number {
      case 2:
        let batch = try ProtoField.all(of: field.bytes)
        try count(batch)
        if let data = batch.first(2)?.bytes { try take(.batch(Array(data))) }
      case 5:
        if let relation = try ProtoField.all(of: field.bytes).first(1)?.bytes { try take(.relation(Array(relation))) }
      case 14: isComplete = true
      case 18: progress(try SparkProgress(field.bytes))
      default: break
      }
    }
    if let response = fields.first(13)?.text { lastResponse = response }
  }

  /// Checks that a batch goes on where the one before ended.
  private func count(_ batch: [ProtoField]) throws {
    let start = batch.first(3)?.integer
    if let start, start != rows { throw SparkError.rowsLost(address: session.address.description) }
    rows += batch.first(1)?.integer ?? 0
    isPlaced = isPlaced && start != nil
  }
}
