import CDuckDB
import Foundation

/// A file without a name, for bytes that DuckDB shall read: gone with its last user, even after kill -9.
enum ScratchFile {
  /// The bytes as a file in memory.
  static func inMemory(_ bytes: some Collection<UInt8>, name: String) throws -> InputFile {
    let descriptor = assay_memory_file("assay")
    guard descriptor >= 0 else {
      let writer = try Writer(name: name)
      try writer.write(Array(bytes))
      return writer.finish()
    }
    try Writer.write(Array(bytes), to: descriptor, name: name)
    return InputFile(adopting: descriptor, name: name)
  }

  /// Makes an empty file at `path`.
  /// - Parameter name: what errors call it.
  static func create(_ path: String, name: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FrameError.writing(name, errno: errno) }
    close(descriptor)
  }

  /// Writes a nameless file on disk, in `folder` or the system's temporary folder.
  final class Writer {
    private let descriptor: Int32
    private let name: String
    private var isFinished = false

    init(name: String, folder: String? = nil) throws {
      let base = folder ?? NSTemporaryDirectory()
      try? FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
      // Six letters that the system puts others in place of. No program that is started keeps the file open.
      var template = Array((base + "/assay-" + String(repeating: "X", count: 6)).utf8CString)
      descriptor = mkstemp(&template)
      self.name = name
      guard descriptor >= 0 else { throw FrameError.writing(base, errno: errno) }
      unlink(template)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
      if !isFinished { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws { try Self.write(bytes, to: descriptor, name: "the temporary folder") }

    func finish() -> InputFile {
      isFinished = true
      return InputFile(adopting: descriptor, name: name)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
      try bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return }
        var done = 0
        while done < buffer.count {
          let count = Foundation.write(descriptor, base + done, buffer.count - done)
          if count < 0 {
            if errno == EINTR { continue }
            throw FrameError.writing(name, errno: errno)
          }
          done += count
        }
      }
    }
  }
}
