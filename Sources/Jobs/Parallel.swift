import Foundation
import Synchronization

/// Runs `body` for every number below `count`, on up to `threads` threads of which the calling one is the first.
///
/// The threads are made by the caller and inherit its priority. Which thread takes which number is left to chance, so `body`
/// must not depend on it. After the first error no further number is begun; that error is thrown once all threads rest.
public func inParallel(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
  let work = ParallelWork(count: count, body: body)
  let helpers = max(0, min(threads, count) - 1)
  let finished = DispatchGroup()
  for _ in 0..<helpers {
    finished.enter()
    let thread = Thread {
      work.serve()
      finished.leave()
    }
    thread.name = "assay helper"
    thread.stackSize = 8 << 20
    thread.start()
  }
  work.serve()
  finished.wait()
  try work.throwFirstError()
}

/// Numbers to be taken, and what went wrong.
private final class ParallelWork: Sendable {
  private struct State {
    var next = 0
    var error: (any Error)?
  }

  private let count: Int
  private let body: @Sendable (Int) throws -> Void
  private let state = Mutex(State())

  init(count: Int, body: @escaping @Sendable (Int) throws -> Void) {
    self.count = count
    self.body = body
  }

  func serve() {
    while let number = take() {
      do {
        try body(number)
      } catch {
        state.withLock { state in
          if state.error == nil { state.error = error }
        }
      }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.error == nil, state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func throwFirstError() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }
}
