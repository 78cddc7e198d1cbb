// LightGBM keeps one number of threads for the whole process: each call that is given one sets it for all, while an ensemble keeps
// memory for as many threads as there were when it was made. A call with more would write beyond another ensemble's memory. So calls
// of the same number run side by side, and one with another number waits until those have returned.

import CLightGBM
import Dispatch
import Synchronization

enum LightGBMThreads {
  private struct State {
    var threads = 0
    var calls = 0
    var isAwaited = false
  }

  private static let state = Mutex(State())
  /// Held by whoever enters or waits to, so that nobody is overtaken.
  private static let entrance = DispatchSemaphore(value: 1)
  private static let isEmpty = DispatchSemaphore(value: 0)

  /// Calls the library with a number of threads. Must not be nested.
  static func with<Result>(_ threads: Int, _ call: () throws -> Result) rethrows -> Result {
    enter(threads)
    defer { leave() }
    return try call()
  }

  private static func enter(_ threads: Int) {
    entrance.wait()
    defer { entrance.signal() }
    let waits = state.withLock { state in
      state.isAwaited = state.calls > 0 && state.threads != threads
      if !state.isAwaited { state.calls += 1 }
      return state.isAwaited
    }
    if waits {
      isEmpty.wait()
      state.withLock { $0.calls += 1 }
    }
    let isNew = state.withLock { state in
      defer { state.threads = threads }
      return state.threads != threads
    }
    // Nobody else is inside where the number changes.
    if isNew { _ = clgbm_set_max_threads(Int32(threads)) }
  }

  private static func leave() {
    let isLast = state.withLock { state in
      state.calls -= 1
      defer { if state.calls == 0 { state.isAwaited = false } }
      return state.calls == 0 && state.isAwaited
    }
    if isLast { isEmpty.signal() }
  }
}
