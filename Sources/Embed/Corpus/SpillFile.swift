// A nameless file for what memory does not hold. It is gone when the process ends, however it does.

import Foundation

/// Bytes in a file of the temporary folder that has no name any more.
final class SpillFile: @unchecked Sendable {
  private let descriptor: Int32

  init() throws {
    // Six letters that the system puts others in place of. No program that is started keeps the file open.
    var path = Array((NSTemporaryDirectory() + "/assay-words-" + String(repeating: "X", count: 6)).utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw Self.failure() }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  private static func failure() -> EmbedError {
    .unwritable(path: NSTemporaryDirectory(), reason: String(cString: strerror(errno)))
  }

  /// Any thread may write and read, each its own part.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure() }
      done += count
    }
  }

  /// What was never written cannot be read.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pread(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw EmbedError.unreadable(
          path: NSTemporaryDirectory(), reason: count < 0 ? String(cString: strerror(errno)) : "it ends too early")
      }
      done += count
    }
  }

  /// The file as a number that `mmap` takes; it stays open as long as this does.
  var number: Int32 { descriptor }
}
