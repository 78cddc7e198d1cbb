import Frame
import Jobs
import Synchronization

@testable import Engine

/// A context that keeps the counts of rows that a job emits.
final class Partials: JobContext {
  private let kept = Mutex<[RowCount]>([])

  var counts: [RowCount] { kept.withLock { $0 } }

  func checkCancelled() throws {}
  func report(_ fraction: Double?, _ note: String) {}
  func onCancel(_ action: @escaping @Sendable () -> Void) {}
  func emit(_ partial: any Sendable) {
    if case .opened(let node)? = partial as? JobOutput { kept.withLock { $0.append(node.count) } }
  }
}
