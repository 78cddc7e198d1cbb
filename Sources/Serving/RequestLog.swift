// A line a request. Lines are gathered and written a few times a second, so that a request never waits for a disk.

import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Where a server notes its requests.
public final class RequestLog: Sendable {
  /// What is noted about a request.
  struct Entry {
    var method: String
    var path: String
    var status: Int
    var rows: Int
    var received: Int
    var sent: Int
    var nanoseconds: UInt64
    var peer: String
  }

  private struct State {
    var lines: [UInt8] = []
    var dropped = 0
    var isClosed = false
    /// The second that `time` is the text of.
    var second = 0
    var time = ""
  }

  /// Bytes that wait to be written at most; what comes then is counted and left out.
  private static let limit = 4 << 20

  private let state = Mutex(State())
  private let descriptor: Int32
  private let isOwned: Bool

  /// - Parameter path: `-` for standard output.
  /// - Throws: `ServingError.log`.
  public init(path: String) throws {
    isOwned = path != "-"
    descriptor = isOwned ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640) : STDOUT_FILENO
    guard descriptor >= 0 else { throw ServingError.log(file: path, reason: String(cString: strerror(errno))) }
    let thread = Thread { [weak self] in
      while true {
        usleep(200_000)
        guard let self, self.flush() else { return }
      }
    }
    thread.name = "assay request log"
    thread.start()
  }

  deinit {
    flush()
    if isOwned { Foundation.close(descriptor) }
  }

  /// Notes a request: `2026-11-26T10:20:30Z 127.0.0.1 POST /invocations 200 rows=1 in=53 out=12 ms=0.21`.
  func note(_ entry: Entry) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let hundredths = (entry.nanoseconds + 5_000) / 10_000
    let fraction = String(hundredths % 100)
    let line =
      " \(entry.peer) \(entry.method) \(Self.printable(entry.path)) \(entry.status) rows=\(entry.rows) in=\(entry.received)"
      + " out=\(entry.sent) ms=\(hundredths / 100).\(fraction.count == 1 ? "0" : "")\(fraction)\n"
    state.withLock { state in
      guard state.lines.count < Self.limit else {
        state.dropped += 1
        return
      }
      if state.second != now.tv_sec || state.time.isEmpty {
        state.second = now.tv_sec
        state.time = Self.text(seconds: now.tv_sec)
      }
      state.lines += Array(state.time.utf8)
      state.lines += Array(line.utf8)
    }
  }

  /// Writes what is there; false once the log is closed.
  @discardableResult
  func flush() -> Bool {
    let (bytes, isOpen) = state.withLock { state in
      defer {
        state.lines = []
        state.dropped = 0
      }
      let rest = state.dropped == 0 ? [] : Array("… \(state.dropped) requests are not in this log\n".utf8)
      return (state.lines + rest, !state.isClosed)
    }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        break
      }
    }
    return isOpen
  }

  /// Writes what is left, and no more.
  public func close() {
    state.withLock { $0.isClosed = true }
    flush()
  }

  private static func text(seconds: Int) -> String {
    var (time, parts) = (time_t(seconds), tm())
    gmtime_r(&time, &parts)
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02dZ", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
      Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
  }

  /// A path cannot add a line or a field.
  private static func printable(_ path: String) -> String {
    String(decoding: path.utf8.prefix(200).map { $0 > 32 && $0 < 127 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}
