import Foundation

/// A file opened for reading. Reads by position, so that several threads may share it, and never maps it: a file that
/// shrinks must not kill the process.
public final class InputFile: Sendable {
  /// What DuckDB opens: the path, or one under /proc/self/fd for files without a name.
  let path: String
  /// What the user called it.
  let name: String
  let descriptor: Int32
  let fingerprint: Fingerprint
  /// The objects of S3 that this stands for; then there is nothing to read here.
  let remote: RemoteFiles?
  /// The files of a list that this stands for.
  private let parts: [InputFile]
  /// True where there is no file at all.
  private let isImaginary: Bool

  /// What tells whether a file is still the one that was opened.
  struct Fingerprint: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      #if os(Linux)
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
      #else
        modifiedSeconds = status.st_mtimespec.tv_sec
        modifiedNanoseconds = status.st_mtimespec.tv_nsec
      #endif
    }
  }

  /// Opens a file.
  /// - Throws: `FrameError` for what is missing, a folder, or not readable.
  init(path given: String, name: String? = nil) throws {
    let path = (given as NSString).expandingTildeInPath
    self.name = name ?? given
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FrameError.opening(given, errno: errno) }
    var status = stat()
    fstat(descriptor, &status)
    remote = nil
    parts = []
    isImaginary = false
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      throw kind == S_IFDIR ? FrameError.folder(given) : FrameError.notAFile(given)
    }
    fingerprint = Fingerprint(status)
    // DuckDB reads these as patterns; through its descriptor the file has a plain name.
    let isPattern = path.contains { "*?[{".contains($0) } || path.contains("://")
    self.path = isPattern ? "/proc/self/fd/\(descriptor)" : path
  }

  /// Takes over an open file that has no name of its own.
  init(adopting descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    path = "/proc/self/fd/\(descriptor)"
    remote = nil
    parts = []
    isImaginary = false
    var status = stat()
    fstat(descriptor, &status)
    fingerprint = Fingerprint(status)
  }

  /// Stands for objects that DuckDB reads where they are.
  init(remote: RemoteFiles, name: String) throws {
    self.remote = remote
    parts = []
    isImaginary = false
    self.name = name
    path = remote.location.description
    descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FrameError.opening("/dev/null", errno: errno) }
    var status = stat()
    fstat(descriptor, &status)
    fingerprint = Fingerprint(status)
  }

  /// Stands for rows that are in no file.
  init(standingFor name: String) {
    descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    self.name = name
    path = name
    remote = nil
    parts = []
    isImaginary = true
    fingerprint = Fingerprint(stat())
  }

  /// Stands for files that are read one below the other.
  init(listing parts: [InputFile], name: String) {
    descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    self.name = name
    path = name
    remote = nil
    self.parts = parts
    isImaginary = false
    fingerprint = Fingerprint(stat())
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Size in bytes when it was opened.
  public var size: Int { remote?.bytes ?? (parts.isEmpty ? fingerprint.size : parts.reduce(0) { $0 + $1.size }) }

  /// True while nobody has written to the file since it was opened.
  public var isUnchanged: Bool {
    if isImaginary { return true }
    if let remote { return (try? remote.isUnchanged()) ?? false }
    if !parts.isEmpty { return parts.allSatisfy(\.isUnchanged) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return Fingerprint(status) == fingerprint
  }

  /// Throws `changedWhileOpen` once the file is another than the one that was opened.
  func checkUnchanged() throws {
    if let remote {
      // What is missing or denied says so itself.
      if try !remote.isUnchanged() { throw FrameError.changedRemote(remote.location.description) }
      return
    }
    for part in parts { try part.checkUnchanged() }
    if !isUnchanged { throw FrameError.changed(name) }
  }

  /// Up to `count` bytes from `offset`; fewer at the end of the file.
  func read(at offset: Int, count: Int) throws -> [UInt8] {
    guard count > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      (filled, failure) = fill(UnsafeMutableRawBufferPointer(buffer), at: offset)
    }
    if failure != 0 { throw FrameError.opening(name, errno: failure) }
    return bytes
  }

  /// Fills `buffer` from `offset` as far as the file goes: the bytes read, and an errno or 0.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> (count: Int, errno: Int32) {
    guard let base = buffer.baseAddress else { return (0, 0) }
    var filled = 0
    while filled < buffer.count {
      let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        return (filled, errno)
      }
      filled += count
    }
    return (filled, 0)
  }
}
