// Where copied text goes: to the terminal (OSC 52, which also works over ssh), to a tool of the desktop, or to both.

import Foundation
import Grid
import Synchronization
import Widgets

/// The person's choice of the way to the clipboard.
public enum ClipboardSetting: String, Sendable, CaseIterable {
  /// The desktop's tool where a desktop is at hand, and the terminal.
  case auto
  /// The desktop's tool alone.
  case native
  /// The terminal alone.
  case osc52
  /// Nothing is copied.
  case off

  /// `ASSAY_CLIPBOARD`; anything unknown counts as `auto`.
  public init(environment: [String: String]) {
    self = environment["ASSAY_CLIPBOARD"].flatMap { ClipboardSetting(rawValue: $0.lowercased()) } ?? .auto
  }
}

/// A program that fills the clipboard from its standard input.
struct ClipboardTool: Equatable, Sendable {
  var name: String
  var path: String
  var arguments: [String] = []

  /// The tool that fits the desktop of this environment; nil where there is no desktop, or no tool for it.
  static func find(_ variables: [String: String], isExecutable: (String) -> Bool) -> ClipboardTool? {
    var wanted: [(String, [String])] = [("pbcopy", [])]
    if variables["DISPLAY"]?.isEmpty == false {
      wanted = [("xclip", ["-selection", "clipboard", "-in"]), ("xsel", ["--clipboard", "--input"])] + wanted
    }
    if variables["WAYLAND_DISPLAY"]?.isEmpty == false { wanted = [("wl-copy", [])] + wanted }
    let folders = (variables["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    for (name, arguments) in wanted {
      for folder in folders where isExecutable("\(folder)/\(name)") {
        return ClipboardTool(name: name, path: "\(folder)/\(name)", arguments: arguments)
      }
    }
    return nil
  }
}

/// What is to be done with a text: a sequence for the terminal, a tool to start, or a refusal.
struct ClipboardPlan: Equatable, Sendable {
  var sequence = ""
  var tool: ClipboardTool?
  /// Why the terminal does not get it, though it was wanted.
  var doubt: String?

  init(
    _ text: String, setting: ClipboardSetting, modes: TerminalModes, variables: [String: String],
    isExecutable: (String) -> Bool = { access($0, X_OK) == 0 }
  ) {
    // A desktop that ssh forwards is far away and slow: there the terminal alone is asked.
    let isRemote = variables["SSH_CONNECTION"] != nil || variables["SSH_TTY"] != nil
    if setting == .native || (setting == .auto && !isRemote) {
      tool = ClipboardTool.find(variables, isExecutable: isExecutable)
    }
    guard setting == .auto || setting == .osc52 else { return }
    if !modes.isRich {
      doubt = "this terminal (TERM=\(variables["TERM"] ?? "")) has no clipboard"
    } else if !fitsClipboard(text) {
      doubt = "terminals take at most 56 kB at once"
    } else {
      sequence = modes.copy(text)
    }
  }

  /// What is said where nothing can be done.
  func refusal(_ setting: ClipboardSetting) -> String? {
    guard sequence.isEmpty, tool == nil else { return nil }
    switch setting {
    case .off: return "the clipboard is switched off (clipboard = off)"
    case .native: return "no clipboard tool was found: install wl-copy, xclip or xsel"
    case .auto, .osc52: return (doubt ?? "no way was found") + "; e writes rows to a file"
    }
  }
}

/// Copies, and keeps what became of it until the loop asks.
final class Clipboard: Sendable {
  private let queue = DispatchQueue(label: "assay clipboard")
  private let reports = Mutex<[CopyReport]>([])
  private let wake: @Sendable () -> Void

  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  func takeReports() -> [CopyReport] {
    reports.withLock { reports in
      defer { reports = [] }
      return reports
    }
  }

  /// - Parameter send: writes to the terminal at once.
  func copy(_ text: String, _ plan: ClipboardPlan, setting: ClipboardSetting, send: (String) -> Void) {
    if let refusal = plan.refusal(setting) { return report(CopyReport(isCopied: false, refusal)) }
    if !plan.sequence.isEmpty { send(plan.sequence) }
    let isSent = !plan.sequence.isEmpty
    guard let tool = plan.tool else {
      return report(CopyReport(isCopied: true, "sent to the terminal (OSC 52)"))
    }
    queue.async { [self] in
      if let problem = feed(text, to: tool) {
        let rest = isSent ? "; it was sent to the terminal (OSC 52)" : ""
        report(CopyReport(isCopied: isSent, "\(tool.name) \(problem)\(rest)"))
      } else {
        report(CopyReport(isCopied: true, "with \(tool.name)" + (isSent ? " and the terminal (OSC 52)" : "")))
      }
    }
  }

  private func report(_ report: CopyReport) {
    reports.withLock { $0.append(report) }
    wake()
  }
}

/// Starts a program and writes a text to it.
/// - Returns: what went wrong; nil when nothing did.
func feed(_ text: String, to tool: ClipboardTool, seconds: Double = 5) -> String? {
  // A tool that ends without reading must not end this process as well; writing then fails with EPIPE.
  signal(SIGPIPE, SIG_IGN)
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { return "could not be started: \(String(cString: strerror(errno)))" }
  _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
  #else
    var actions = posix_spawn_file_actions_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
  // What the tool says must not reach the screen.
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
  var arguments: [UnsafeMutablePointer<CChar>?] = ([tool.name] + tool.arguments).map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var process: pid_t = 0
  let code = posix_spawn(&process, tool.path, &actions, nil, &arguments, environ)
  close(ends[0])
  guard code == 0 else {
    close(ends[1])
    return "could not be started: \(String(cString: strerror(code)))"
  }
  let isWritten = write(Array(text.utf8), to: ends[1], until: Date(timeIntervalSinceNow: seconds))
  close(ends[1])
  var status: Int32 = 0
  let end = Date(timeIntervalSinceNow: seconds)
  while waitpid(process, &status, WNOHANG) == 0 {
    if Date() > end {
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
      return "did not answer"
    }
    usleep(2000)
  }
  if status != 0 { return "failed (status \(status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f))" }
  return isWritten ? nil : "did not take all of it"
}

private func write(_ bytes: [UInt8], to descriptor: Int32, until end: Date) -> Bool {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  var written = 0
  while written < bytes.count, Date() < end {
    let count = bytes.withUnsafeBytes { raw in
      write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
    }
    if count > 0 {
      written += count
    } else if errno == EAGAIN {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&waiting, 1, 100)
    } else if errno != EINTR {
      return false
    }
  }
  return written == bytes.count
}
