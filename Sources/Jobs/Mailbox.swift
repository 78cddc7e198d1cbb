import Synchronization

/// Carries events from workers to one listener: keeps the newest progress of each job and every other event, in order.
/// `wake` is called from the posting thread when the box turns from empty to not empty.
public final class Mailbox<Output: Sendable>: Sendable {
  private let events = Mutex<[JobEvent<Output>]>([])
  private let wake: @Sendable () -> Void

  public init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  func post(_ event: JobEvent<Output>) {
    let wasEmpty = events.withLock { events in
      let wasEmpty = events.isEmpty
      if case .progress(let id, _) = event, let last = events.lastIndex(where: { $0.job == id }),
        case .progress = events[last]
      {
        events[last] = event
      } else {
        events.append(event)
      }
      return wasEmpty
    }
    if wasEmpty { wake() }
  }

  /// Takes everything that has come since the last call.
  public func drain() -> [JobEvent<Output>] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
