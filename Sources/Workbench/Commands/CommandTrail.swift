import Synchronization

/// Tells an observer which command is about to run. Only the crash report listens: no result depends on it.
public final class CommandTrail: Sendable {
  public static let shared = CommandTrail()

  private let observer = Mutex<(@Sendable (String) -> Void)?>(nil)

  public func observe(_ action: @escaping @Sendable (String) -> Void) { observer.withLock { $0 = action } }

  func note(_ id: CommandID) { observer.withLock { $0 }?(id.name) }
}
