// Drives a program in a real terminal: tmux, with a server, a home and XDG folders of its own.
//
// Keys are sent as a person's would be; the screen is read back as text. Every wait is bounded and its failure shows
// the screen.

import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

public final class TmuxSession: Sendable {
  public let home: TemporaryFolder
  private let ownsHome: Bool
  private let environment: [String: String]
  private let socket: String
  private let programTimeout: Duration = .seconds(60)

  /// Starts `command` (a path and its arguments) in a terminal of `width` x `height` cells.
  ///
  /// - Parameters:
  ///   - environment: added to a bare environment (PATH, HOME, XDG folders, a UTF-8 locale).
  ///   - home: given to start a program again over the files of an earlier session; then it stays at the end.
  public init(
    _ command: [String], width: Int = 80, height: Int = 24, environment: [String: String] = [:],
    directory: String? = nil, home: TemporaryFolder? = nil
  ) throws {
    let folder = try home ?? TemporaryFolder()
    self.home = folder
    ownsHome = home == nil
    // The path of a Unix socket is at most 107 bytes, so it has a short name of its own.
    socket = folder.path("t\(UInt16.random(in: 0...UInt16.max))")
    var variables = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path("home"),
      "XDG_CONFIG_HOME": folder.path("config"), "XDG_STATE_HOME": folder.path("state"),
      "XDG_CACHE_HOME": folder.path("cache"), "XDG_DATA_HOME": folder.path("data"), "LC_ALL": "C.UTF-8",
      "SHELL": "/bin/sh", "LLVM_PROFILE_FILE": "/dev/null",
    ]
    for name in ["home", "config", "state", "cache", "data"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    variables.merge(environment) { $1 }
    self.environment = variables
    let settings = try folder.write(
      """
      set -g default-terminal \(environment["TERM"] ?? "tmux-256color")
      set -g status off
      set -g remain-on-exit on
      set -g remain-on-exit-format ""
      set -g default-size \(width)x\(height)
      set -g mouse on
      set -sg escape-time 0
      set -g focus-events on

      """, to: "tmux.conf")
    try tmux(
      ["-f", settings, "-u", "new-session", "-d", "-x", "\(width)", "-y", "\(height)"]
        + (directory.map { ["-c", $0] } ?? []) + ["--", "env"]
        + variables.filter { $0.key != "TERM" }.map { "\($0.key)=\($0.value)" }.sorted() + command)
  }

  deinit {
    end()
  }

  /// Ends the program and its terminal and removes the session's files.
  public func end() {
    _ = try? tmux(["kill-server"])
    if ownsHome { home.remove() }
  }

  // MARK: - Keys

  /// Sends keys by tmux's names: `Enter`, `Escape`, `C-p`, `M-f`, `PageDown`, `F2`, or a single character.
  public func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

  /// Types text as it stands.
  public func type(_ text: String) throws { try tmux(["send-keys", "-l", "--", text]) }

  public func resize(width: Int, height: Int) throws {
    try tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
  }

  // MARK: - Screen

  /// The rows of the screen without trailing blanks.
  public func screen() throws -> [String] {
    var rows = try tmux(["capture-pane", "-p"]).components(separatedBy: "\n")
    if rows.last == "" { rows.removeLast() }
    return rows.map { row in String(row.reversed().drop { $0 == " " }.reversed()) }
  }

  /// The screen with the escape sequences of its colours and attributes.
  public func colouredScreen() throws -> String { try tmux(["capture-pane", "-p", "-e"]) }

  /// Waits until the screen meets `condition` and returns it.
  @discardableResult
  public func wait(
    upTo timeout: Duration = .seconds(45), for what: String, _ condition: ([String]) -> Bool
  ) throws -> [String] {
    let deadline = ContinuousClock.now + timeout
    while true {
      let rows = try screen()
      if condition(rows) { return rows }
      guard ContinuousClock.now < deadline else {
        throw ProgramError("waited \(timeout) for \(what); the screen is:\n" + rows.joined(separator: "\n"))
      }
      usleep(15_000)
    }
  }

  /// Waits until some row contains `text`.
  @discardableResult
  public func wait(for text: String, upTo timeout: Duration = .seconds(45)) throws -> [String] {
    try wait(upTo: timeout, for: "\"\(text)\"") { rows in rows.contains { $0.contains(text) } }
  }

  /// Waits until no row contains `text`.
  @discardableResult
  public func waitUntilGone(_ text: String, upTo timeout: Duration = .seconds(45)) throws -> [String] {
    try wait(upTo: timeout, for: "\"\(text)\" to go") { rows in !rows.contains { $0.contains(text) } }
  }

  /// Waits until the screen has stayed the same for `quiet`.
  @discardableResult
  public func waitUntilStable(
    for quiet: Duration = .milliseconds(250), upTo timeout: Duration = .seconds(45)
  ) throws -> [String] {
    var last: [String]?
    var since = ContinuousClock.now
    return try wait(upTo: timeout, for: "a screen at rest") { rows in
      if rows != last {
        last = rows
        since = .now
      }
      return since.duration(to: .now) >= quiet
    }
  }

  // MARK: - Process

  /// The process id of the program.
  public func processID() throws -> Int32 {
    guard let id = Int32(try format("#{pane_pid}")) else { throw ProgramError("tmux names no process") }
    return id
  }

  /// Sends a signal, SIGKILL for instance, to the program.
  public func signal(_ signal: Int32) throws { kill(try processID(), signal) }

  /// How the program ended, or nil while it runs. Where tmux does not say which signal ended it (3.3 does not), the
  /// signal is 0.
  public func exitStatus() throws -> ExitStatus? {
    // The terminal closes a moment before tmux has collected the status.
    for _ in 0..<20 {
      let fields = try format("#{pane_dead},#{pane_dead_status},#{pane_dead_signal}")
        .split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 3, fields[0] == "1" else { return nil }
      if let code = Int32(fields[1]) { return .exited(code) }
      if let signal = Int32(fields[2]) { return .signalled(signal) }
      usleep(15_000)
    }
    return Self.uncollectedStatus(of: try processID()) ?? .signalled(0)
  }

  /// The status of a process that has ended and that tmux, which now and then misses the news, has not collected: the
  /// last field that Linux tells of it.
  private static func uncollectedStatus(of process: Int32) -> ExitStatus? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let fields = text.split(separator: ")").last?.split(whereSeparator: \.isWhitespace), fields.first == "Z",
      let status = fields.last.flatMap({ Int32($0) })
    else { return nil }
    return ExitStatus(waitStatus: status)
  }

  /// Waits until the program has ended.
  public func waitForExit(upTo timeout: Duration = .seconds(45)) throws -> ExitStatus {
    let deadline = ContinuousClock.now + timeout
    while true {
      if let status = try exitStatus() { return status }
      guard ContinuousClock.now < deadline else {
        throw ProgramError("still running after \(timeout):\n" + (try screen().joined(separator: "\n")))
      }
      usleep(15_000)
    }
  }

  /// What tmux knows of the terminal, by its format language: `#{alternate_on}`, `#{cursor_flag}`.
  public func format(_ format: String) throws -> String {
    try tmux(["display-message", "-p", format]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a command of tmux on the session's server and returns what it says.
  @discardableResult
  public func run(_ arguments: String...) throws -> String { try tmux(arguments) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let result = try Program.run(
      "tmux", ["-S", socket] + arguments,
      environment: ["TMUX": nil, "LC_ALL": "C.UTF-8"], timeout: programTimeout)
    guard result.status.isSuccess else {
      throw ProgramError("tmux \(arguments.joined(separator: " ")): \(result.errorText)")
    }
    return result.text
  }
}
