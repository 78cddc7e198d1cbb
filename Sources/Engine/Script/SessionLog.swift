import Foundation
import Synchronization

/// The record of one run of the workbench: a session file that only grows. Each command is written as it is done, so that
/// a process which is killed loses at most the line that it was writing.
public final class SessionLog: Sendable {
  /// Sessions that are kept; older ones are removed when a new one begins.
  static let kept = 200

  public let path: String
  private let folder: String
  private let started: Date
  private let descriptor = Mutex<Int32?>(nil)

  public init(
    locations: Locations, process: Int32 = ProcessInfo.processInfo.processIdentifier, started: Date = Date()
  ) {
    folder = locations.sessionLogs
    self.started = started
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd-HHmmss"
    path = "\(folder)/\(format.string(from: started))-\(process).assay"
  }

  deinit {
    descriptor.withLock { file in
      if let file { close(file) }
    }
  }

  /// Adds commands. The file begins to be with the first: who only looked leaves none.
  /// - Throws: `FlowFileError.notWritten`.
  public func append(_ lines: [SessionLine]) throws {
    var text = ""
    for var line in lines {
      if case .openData(let source, let step, nil) = line.command {
        line.command = .openData(source, step: step, FileMark(of: source))
      }
      text += try SessionScript.text(of: line) + "\n"
    }
    try descriptor.withLock { file in
      let open = try file ?? begin()
      file = open
      try write(text, to: open)
    }
  }

  /// Copies what is recorded so far.
  /// - Throws: `FlowFileError`.
  public func copy(to other: String) throws {
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      try data.write(to: URL(fileURLWithPath: other), options: .atomic)
    } catch {
      throw FlowFileError.notWritten(other, FlowFile.reason(error))
    }
  }

  private func begin() throws -> Int32 {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw FlowFileError.notWritten(path, FlowFile.reason(error))
    }
    sweep()
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FlowFileError.notWritten(path, String(cString: strerror(errno))) }
    try write(SessionScript.beginning(["recorded by the workbench from \(started.ISO8601Format())"]), to: file)
    return file
  }

  /// One call for all lines: what another process appends never stands within one.
  private func write(_ text: String, to file: Int32) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR {
        throw FlowFileError.notWritten(path, String(cString: strerror(errno)))
      }
    }
  }

  /// Names begin with the time, so that the oldest come first.
  private func sweep() {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".assay") }
    for name in names.sorted().dropLast(Self.kept - 1) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
