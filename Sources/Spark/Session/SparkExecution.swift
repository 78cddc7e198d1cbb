import Foundation
import Jobs
import Synchronization

/// One execution on the cluster, read part by part by a thread of its own, which waits while nobody takes.
final class SparkExecution: Sendable {
  enum Part: Sendable {
    case batch([UInt8])
    case relation([UInt8])
  }

  private struct State {
    var parts: [Part] = []
    var isDone = false
    var failure: (any Error)?
    var isDropped = false
  }

  private let condition = NSCondition()
  private let state = Mutex(State())
  /// Parts that may wait; each can have a few megabytes.
  private static let most = 4

  init(
    _ session: SparkSession, plan: ProtoMessage, context: any JobContext,
    progress: @escaping @Sendable (SparkProgress) -> Void
  ) {
    Thread.detachNewThread { [self] in
      let reader = ExecutionReader(session, plan: plan, context: context, progress: progress) { try self.add($0) }
      do {
        try reader.run()
        state.withLock { $0.isDone = true }
      } catch {
        state.withLock {
          $0.failure = error
          $0.isDone = true
        }
      }
      condition.withLock { condition.broadcast() }
    }
  }

  /// The next part, nil at the end.
  func nextPart() throws -> Part? {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while true {
      let (part, isDone, failure) = state.withLock { state in
        (state.parts.isEmpty ? nil : state.parts.removeFirst(), state.isDone, state.failure)
      }
      if let part { return part }
      if let failure { throw failure }
      if isDone { return nil }
      condition.wait()
    }
  }

  /// Nobody wants the rest.
  func drop() {
    state.withLock { $0.isDropped = true }
    condition.withLock { condition.broadcast() }
  }

  private func add(_ part: Part) throws {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while state.withLock({ $0.parts.count >= Self.most && !$0.isDropped }) { condition.wait() }
    if state.withLock({ $0.isDropped }) { throw JobCancelled() }
    state.withLock { $0.parts.append(part) }
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
    var failures = 0
    var isBegun = false
    while !isComplete {
      let seen = lastResponse
      do {
        if !isBegun {
          isBegun = true
          try begin(read)
        } else {
          try session.reattach(operation, after: lastResponse, context: context, take: read)
        }
        // The server ends a stream from time to time so that none lives forever; what is not complete goes on.
        if !isComplete, lastResponse == nil { return }
      } catch let error as SparkError {
        guard case .connectionLost = error else { throw error }
        failures = lastResponse == seen ? failures + 1 : 1
        guard failures <= Self.attempts else { throw error }
        for _ in 0..<(10 << failures) {
          try context.checkCancelled()
          usleep(10_000)
        }
        do { try session.reconnect() } catch { continue }
      }
    }
  }

  private func read(_ bytes: [UInt8]) throws {
    let fields = try ProtoField.all(of: bytes[...])
    for field in fields {
      switch field.number {
      case 2:
        if let data = try ProtoField.all(of: field.bytes).first(2)?.bytes { try take(.batch(Array(data))) }
      case 5:
        if let relation = try ProtoField.all(of: field.bytes).first(1)?.bytes { try take(.relation(Array(relation))) }
      case 14: isComplete = true
      case 18: progress(try SparkProgress(field.bytes))
      default: break
      }
    }
    if let response = fields.first(13)?.text { lastResponse = response }
  }
}
