// Starting a program with posix_spawn (never fork: OpenMP and fork do not mix) and learning what it used.

import CProgramDriver
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What went wrong while a program was driven, with enough text to see why.
public struct ProgramError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// How a program ended.
public enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
  }

  public var isSuccess: Bool { self == .exited(0) }
}

/// CPU time in seconds and peak resident memory in bytes, of a program and the children it waited for.
public struct ResourceUse: Hashable, Sendable {
  public var userSeconds: Double
  public var systemSeconds: Double
  public var peakResidentBytes: Int

  public var cpuSeconds: Double { userSeconds + systemSeconds }

  init(_ usage: rusage) {
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    userSeconds = seconds(usage.ru_utime)
    systemSeconds = seconds(usage.ru_stime)
    peakResidentBytes = Int(usage.ru_maxrss) * 1024
  }
}

/// What the three standard streams of a new program are connected to: paths that are opened for it.
struct Streams {
  var input = "/dev/null"
  var output = "/dev/null"
  var error = "/dev/null"
  /// The program leads a session of its own, so that a terminal it opens first becomes its controlling terminal.
  var startsSession = false
}

/// Starts `executable`, found along PATH where it has no slash.
func spawn(
  _ executable: String, _ arguments: [String], environment: [String: String], directory: String? = nil,
  streams: Streams
) throws -> pid_t {
  var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
  var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { (argv + envp).forEach { free($0) } }
  var process: pid_t = 0
  let code = driver_spawn(
    &process, executable, &argv, &envp, streams.input, streams.output, streams.error, directory,
    streams.startsSession ? 1 : 0)
  guard code == 0 else { throw ProgramError("cannot start \(executable): \(String(cString: strerror(code)))") }
  return process
}

/// Waits at most until `deadline`; nil when the process is still running then.
func wait(for process: pid_t, until deadline: ContinuousClock.Instant) throws -> (ExitStatus, ResourceUse)? {
  while true {
    var status: Int32 = 0
    var usage = rusage()
    let result = wait4(process, &status, WNOHANG, &usage)
    if result == process { return (ExitStatus(waitStatus: status), ResourceUse(usage)) }
    if result < 0 && errno != EINTR { throw ProgramError("cannot wait for process \(process)") }
    if ContinuousClock.now >= deadline { return nil }
    usleep(1000)
  }
}
