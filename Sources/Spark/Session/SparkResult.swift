import Synchronization

/// The rows of a query as Arrow streams, one after the other, while they come from the cluster.
public final class SparkResult: Sendable {
  private let execution: SparkExecution?
  private let ready: Mutex<[[UInt8]]>

  init(_ execution: SparkExecution) {
    self.execution = execution
    ready = Mutex([])
  }

  /// Rows that came with the command itself.
  init(_ batches: [[UInt8]]) {
    execution = nil
    ready = Mutex(batches)
  }

  deinit { execution?.drop() }

  /// The next batch as an encapsulated Arrow IPC stream; nil at the end. Waits.
  ///
  /// - Throws: `SparkError`, `JobCancelled`.
  public func next() throws -> [UInt8]? {
    guard let execution else { return ready.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    while let part = try execution.nextPart() {
      if case .batch(let bytes) = part { return bytes }
    }
    return nil
  }
}
