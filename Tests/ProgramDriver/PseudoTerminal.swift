// A program on a bare pseudo-terminal: for timing keys and first screens, where tmux would add its own delays.

import CProgramDriver
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

public final class PseudoTerminal {
  public let process: pid_t
  /// When the program was started.
  public let start: ContinuousClock.Instant
  private let master: Int32
  private var ended: (ExitStatus, ResourceUse)?

  /// Starts `command` (a path and its arguments) on a terminal of `width` x `height` cells.
  public init(
    _ command: [String], width: Int, height: Int, environment: [String: String?] = [:], directory: String? = nil
  ) throws {
    guard let executable = command.first else { throw ProgramError("no command") }
    var name = [CChar](repeating: 0, count: 128)
    master = driver_open_terminal(Int32(width), Int32(height), &name, Int32(name.count))
    guard master >= 0 else { throw ProgramError("no pseudo-terminal: \(String(cString: strerror(errno)))") }
    let terminal = name.withUnsafeBufferPointer {
      String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }
    start = .now
    process = try spawn(
      executable, Array(command.dropFirst()),
      environment: Program.merged(["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }),
      directory: directory,
      streams: Streams(input: terminal, output: terminal, error: terminal, startsSession: true))
  }

  deinit {
    if ended == nil {
      kill(process, SIGKILL)
      _ = try? ProgramDriver.wait(for: process, until: .now + .seconds(5))
    }
    close(master)
  }

  public func resize(width: Int, height: Int) throws {
    guard driver_resize_terminal(master, Int32(width), Int32(height)) == 0 else {
      throw ProgramError("cannot set the terminal's size")
    }
  }

  public func write(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard Foundation.write(master, bytes, bytes.count) == bytes.count else {
      throw ProgramError("the terminal does not take keys: \(String(cString: strerror(errno)))")
    }
  }

  /// The bytes that arrive until `deadline` or until nothing more came for `quiet`, and when the first and the last
  /// of them arrived.
  public func read(
    until deadline: ContinuousClock.Instant, quiet: Duration, contains text: String? = nil
  ) -> Burst {
    var burst = Burst()
    let wanted = text.map { Array($0.utf8) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let silence = burst.last.map { $0 + quiet } ?? deadline
      let left = ContinuousClock.now.duration(to: min(deadline, silence))
      guard left > .zero else { return burst }
      var poller = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(max(1, (left.seconds * 1000).rounded(.up)))
      guard poll(&poller, 1, milliseconds) > 0 else { continue }
      let count = Foundation.read(master, &buffer, buffer.count)
      guard count > 0 else { return burst }
      burst.add(buffer[..<count])
      if let wanted, burst.bytes.contains(wanted) { return burst }
    }
  }

  /// Output of the program that came in one go.
  public struct Burst {
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var first: ContinuousClock.Instant?
    public internal(set) var last: ContinuousClock.Instant?

    mutating func add(_ more: ArraySlice<UInt8>) {
      let now = ContinuousClock.now
      if first == nil { first = now }
      last = now
      bytes += more
    }

    public func contains(_ text: String) -> Bool { bytes.contains(Array(text.utf8)) }
  }

  /// Waits for the end of the program while reading what it still writes.
  public func waitForExit(upTo timeout: Duration) throws -> (ExitStatus, ResourceUse) {
    let deadline = ContinuousClock.now + timeout
    while ContinuousClock.now < deadline {
      _ = read(until: .now + .milliseconds(5), quiet: .milliseconds(5))
      if let end = try ProgramDriver.wait(for: process, until: .now) {
        ended = end
        return end
      }
    }
    throw ProgramError("still running after \(timeout)")
  }

  /// Seconds of CPU that the program has used so far, in steps of the system's clock.
  public func cpuSeconds() -> Double? {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
    // After the name, which may hold anything, user and system time are the 12th and 13th.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Bytes of resident memory that the program holds now.
  public func residentBytes() -> Int? {
    guard let statm = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8) else { return nil }
    return statm.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
  }
}

extension [UInt8] {
  /// Whether `other` stands somewhere inside.
  fileprivate func contains(_ other: [UInt8]) -> Bool {
    guard let first = other.first, count >= other.count else { return other.isEmpty }
    return (0...(count - other.count)).contains { at in
      self[at] == first && self[at..<(at + other.count)].elementsEqual(other)
    }
  }
}
