import Engine
import Foundation
import Grid
import Settings
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reader of the output has gone, as `head` does when it has seen enough. Nothing to complain about.
struct ReaderGone: Error {}

/// Where a subcommand writes: the result to one descriptor, everything else to another.
final class Console: Sendable {
  private let output: Int32
  private let error: Int32
  private let buffer = Mutex<[UInt8]>([])
  private let hasWritten = Mutex(false)
  /// Runs before anything goes to the output, so that a progress line on the same screen can make room.
  private let makesRoom = Mutex<(@Sendable () -> Void)?>(nil)
  let environment: TerminalEnvironment
  /// What the environment and the person's file set.
  let settings: Settings

  init(output: Int32 = STDOUT_FILENO, error: Int32 = STDERR_FILENO, environment: [String: String]) {
    self.output = output
    self.error = error
    self.environment = TerminalEnvironment(environment)
    let file = ConfigFile(contentsOf: Locations(environment: environment).configFile)
    settings = Settings(flags: [:], environment: environment, file: file)
  }

  // MARK: Writing

  /// Adds to the result. It is kept back until there is enough of it, or `flush`.
  /// - Throws: `ReaderGone`, or `OutputError`.
  func write(_ bytes: [UInt8]) throws {
    try buffer.withLock { buffer in
      buffer += bytes
      guard buffer.count >= 1 << 16 else { return }
      hasWritten.withLock { $0 = true }
      makeRoom()
      try Self.drain(&buffer, to: output)
    }
  }

  /// Has `action` run before anything goes to the output.
  func beforeOutput(_ action: @escaping @Sendable () -> Void) { makesRoom.withLock { $0 = action } }

  private func makeRoom() { makesRoom.withLock { $0 }?() }

  /// Forgets what was kept back, when rows come anew.
  /// - Throws: `RestartError` when some were already written.
  func restart() throws {
    if hasWritten.withLock({ $0 }) { throw RestartError() }
    buffer.withLock { $0 = [] }
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func flush() throws {
    makeRoom()
    try buffer.withLock { try Self.drain(&$0, to: output) }
  }

  /// Writes a line for the person at the terminal: a note, a warning, an error.
  func tell(_ line: String) {
    var bytes = Array((line + "\n").utf8)
    try? Self.drain(&bytes, to: error)
  }

  /// Writes as it stands, for lines that are drawn over.
  func draw(_ text: String) {
    var bytes = Array(text.utf8)
    try? Self.drain(&bytes, to: error)
  }

  private static func drain(_ bytes: inout [UInt8], to descriptor: Int32) throws {
    defer { bytes.removeAll(keepingCapacity: true) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        #if canImport(Glibc)
          Glibc.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
        #else
          Darwin.write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
        #endif
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw ReaderGone()
      } else if errno != EINTR && errno != EAGAIN {
        throw OutputError(location: "standard output", code: errno)
      }
    }
  }

  // MARK: Facts

  /// The theme of a name, else that of the settings.
  func theme(_ name: String?) -> Theme {
    let folder = Locations(environment: environment.variables).themes
    return ThemeFile.choose(name ?? settings.theme, among: ThemeFile.all(in: [folder]).themes).theme
  }

  var outputIsTerminal: Bool { isatty(output) == 1 }
  var errorIsTerminal: Bool { isatty(error) == 1 }

  /// Size of the terminal that the result goes to; nil where it goes elsewhere. `COLUMNS` and `LINES` win.
  var size: Size? {
    guard outputIsTerminal else { return nil }
    var window = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return Size(width: 80, height: 24) }
    return Size(width: Int(window.ws_col), height: window.ws_row > 0 ? Int(window.ws_row) : 24)
  }

  /// Columns for text that is laid out: the terminal's, else `COLUMNS`, else as many as are needed.
  var textWidth: Int? {
    size?.width ?? environment.variables["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }
}

/// Rows that were already written turned out to need another reading.
struct RestartError: Error, CustomStringConvertible {
  var description: String {
    "The data further down contradict their beginning after rows were printed. Write to a file with -o, or name the "
      + "format with --input-format."
  }
}

/// The result could not be written.
struct OutputError: Error, CustomStringConvertible {
  let location: String
  let code: Int32

  var description: String {
    if code == ENOSPC || code == EDQUOT || code == EFBIG {
      return "\(location): the disk is full. Free some space or choose another place."
    }
    return "\(location): cannot be written (\(String(cString: strerror(code)))). Check the path and your rights there."
  }
}
