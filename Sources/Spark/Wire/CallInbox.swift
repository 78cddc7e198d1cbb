import Foundation

/// What a call has been answered so far, between the event loop, which fills it, and the thread that waits.
final class CallInbox: @unchecked Sendable {
  enum Item {
    case message([UInt8])
    case end(CallStatus)
    /// Nothing came within the time.
    case nothing
  }

  private let condition = NSCondition()
  private var messages: [[UInt8]] = []
  private var first = 0
  private var status: CallStatus?
  private var resume: (@Sendable () -> Void)?

  /// Messages that may wait before the server is no longer read from.
  private static let most = 8

  func add(_ message: [UInt8]) {
    condition.withLock {
      messages.append(message)
      condition.signal()
    }
  }

  /// Only the first end counts.
  func finish(_ status: CallStatus) {
    condition.withLock {
      if self.status == nil { self.status = status }
      condition.broadcast()
    }
  }

  /// Whether more may be read now; else `resume` is called once there is room.
  func hasRoom(or resume: @escaping @Sendable () -> Void) -> Bool {
    condition.withLock {
      if messages.count - first < Self.most { return true }
      self.resume = resume
      return false
    }
  }

  func next(seconds: Double) -> Item {
    condition.lock()
    defer { condition.unlock() }
    let limit = Date(timeIntervalSinceNow: seconds)
    while first == messages.count, status == nil {
      if !condition.wait(until: limit) { return .nothing }
    }
    guard first < messages.count else { return .end(status ?? .lost("it ended")) }
    let message = messages[first]
    first += 1
    if first == messages.count {
      messages.removeAll(keepingCapacity: true)
      first = 0
    }
    if messages.count - first < Self.most, let resume {
      self.resume = nil
      resume()
    }
    return .message(message)
  }
}

/// How a call ended.
enum CallStatus: Sendable {
  /// With gRPC's status; 0 is success. `details` is a `google.rpc.Status`.
  case answered(code: Int, message: String, details: [UInt8])
  /// Without one.
  case lost(String)
}
