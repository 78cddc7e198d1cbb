// The training's end of a connection to a worker. Nothing here waits without asking, ten times a second, whether the training
// was cancelled, and nothing waits for a worker that has said nothing for too long.

import Foundation
import Jobs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection to one worker. Closed with the last reference; a worker whose connection is closed ends.
final class WorkerLink {
  /// What people call it.
  let name: String
  private let descriptor: Int32
  /// The process of a worker of this machine.
  private(set) var process: pid_t?
  private var incoming: [UInt8] = []
  private var heard = ContinuousClock.now
  private var asked = ContinuousClock.now

  private let patience: Int

  init(name: String, descriptor: Int32, process: pid_t? = nil, patience: Int) {
    (self.name, self.descriptor, self.process, self.patience) = (name, descriptor, process, patience)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    close(descriptor)
    guard let process else { return }
    kill(process, SIGKILL)
    _ = reaped(process)
  }

  // MARK: Sending

  /// - Throws: `WorkerError`, `JobCancelled`.
  func send(_ frame: WorkerFrame, doing: String, context: any JobContext) throws {
    try write(frame.header, doing, context)
    try write(frame.body, doing, context)
  }

  private func write(_ bytes: [UInt8], _ doing: String, _ context: any JobContext) throws {
    var done = 0
    var moved = ContinuousClock.now
    while done < bytes.count {
      let count = sent(descriptor, bytes, from: done)
      if count > 0 {
        done += count
        moved = .now
        continue
      }
      if count < 0, errno == EINTR { continue }
      guard count < 0, errno == EAGAIN || errno == EWOULDBLOCK else { throw lost(doing) }
      try context.checkCancelled()
      guard moved.duration(to: .now) < .seconds(patience) else {
        throw WorkerError.silent(worker: name, seconds: patience, doing: doing)
      }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&entry, 1, 100)
    }
  }

  // MARK: Receiving

  /// The next message that is no sign of life, where it has come; asks for a sign of life now and then.
  /// - Throws: `WorkerError`, also where the worker says that it has failed.
  func heed(doing: String, context: any JobContext) throws -> WorkerFrame? {
    while true {
      while let frame = try taken() {
        switch frame.kind {
        case .alive: continue
        case .failed: throw WorkerError.failed(worker: name, reason: String(decoding: frame.body, as: UTF8.self))
        default: return frame
        }
      }
      guard try hasRead(doing) else { break }
    }
    guard heard.duration(to: .now) < .seconds(patience) else {
      throw WorkerError.silent(worker: name, seconds: patience, doing: doing)
    }
    if asked.duration(to: .now) > .seconds(min(5, max(1, patience / 3))) {
      asked = .now
      try send(WorkerFrame(.ping), doing: doing, context: context)
    }
    return nil
  }

  /// Waits a tenth of a second at most until one of several workers says something.
  static func wait(for links: [WorkerLink]) {
    var entries = links.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    _ = poll(&entries, nfds_t(entries.count), 100)
  }

  /// The next message, which has to be of a kind.
  func expect(_ kind: WorkerFrame.Kind, doing: String, context: any JobContext) throws -> WorkerFrame {
    while true {
      try context.checkCancelled()
      if let frame = try heed(kind, doing: doing, context: context) { return frame }
      Self.wait(for: [self])
    }
  }

  /// The next message, which has to be of a kind, where it has come.
  func heed(_ kind: WorkerFrame.Kind, doing: String, context: any JobContext) throws -> WorkerFrame? {
    guard let frame = try heed(doing: doing, context: context) else { return nil }
    guard frame.kind == kind else { throw WorkerError.unlike(worker: name, said: "\(frame.kind)") }
    return frame
  }

  private func taken() throws -> WorkerFrame? {
    guard incoming.count >= WorkerFrame.headerSize else { return nil }
    guard let (kind, length) = WorkerFrame.read(header: incoming[..<WorkerFrame.headerSize]) else {
      let text = String(decoding: incoming.prefix(20).filter { (32..<127).contains($0) }, as: UTF8.self)
      throw WorkerError.unlike(worker: name, said: quoted(text))
    }
    guard incoming.count >= WorkerFrame.headerSize + length else { return nil }
    let body = Array(incoming[WorkerFrame.headerSize..<WorkerFrame.headerSize + length])
    incoming.removeFirst(WorkerFrame.headerSize + length)
    return WorkerFrame(kind, body)
  }

  /// Reads what has come; false where nothing has.
  private func hasRead(_ doing: String) throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 {
      incoming += buffer[..<count]
      heard = .now
      return true
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return false }
    throw lost(doing)
  }

  /// Starts a wait that has nothing to do with what was said before.
  func rested() { (heard, asked) = (.now, .now) }

  // MARK: Ends

  /// True where the connection has ended without a word: the worker whose loss the others complain of.
  var isGone: Bool {
    var byte: UInt8 = 0
    return incoming.isEmpty && recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 0
  }

  /// What is said of a worker that is gone.
  func lost(_ doing: String) -> WorkerError {
    let status = process.flatMap(reaped)
    if status != nil { process = nil }
    let how =
      switch status {
      case let status? where status & 0x7f != 0: "was ended by signal \(status & 0x7f)"
      case let status?: "ended with status \(status >> 8 & 0xff)"
      case nil: "closed the connection"
      }
    return .ended(worker: name, how: how, doing: doing)
  }

  /// How a process has ended; nil where it has not within two seconds.
  private func reaped(_ process: pid_t) -> Int32? {
    var status: Int32 = 0
    for _ in 0..<200 {
      if waitpid(process, &status, WNOHANG) == process { return status }
      usleep(10_000)
    }
    return nil
  }
}

extension WorkerLink {
  /// A process of this machine, connected by a pair of sockets that are its standard input and output.
  static func local(_ number: Int, _ means: WorkerMeans) throws -> WorkerLink {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw WorkerError.cannotStart(program: means.program, reason: String(cString: strerror(errno)))
    }
    defer { close(ends[1]) }
    do {
      let process = try startWorker(means.program, on: ends[1], asksForToken: false)
      return WorkerLink(name: "Worker \(number)", descriptor: ends[0], process: process, patience: means.patience)
    } catch {
      close(ends[0])
      throw error
    }
  }

  /// One that listens elsewhere; waits ten seconds at most.
  static func remote(_ address: WorkerPool.Address, _ means: WorkerMeans) throws -> WorkerLink {
    func fault(_ reason: String) -> WorkerError { .unreachable(worker: "\(address)", reason: reason) }
    let descriptor: Int32
    do { descriptor = try SocketAddress(address).connected(seconds: 10) } catch let error as SocketFault {
      throw fault(error.reason)
    }
    return WorkerLink(name: "The worker at \(address)", descriptor: descriptor, patience: means.patience)
  }
}

/// Starts a worker whose standard input and output are `descriptor`. Never forks without starting another program: a run-time
/// of OpenMP does not survive that.
func startWorker(_ program: String, on descriptor: Int32, asksForToken: Bool) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
  posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
  if !asksForToken { posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // A key that interrupts the training is no business of its workers: they end with their connection.
  posix_spawnattr_setpgroup(&attributes, 0)
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
  let words = [program, "worker"] + (asksForToken ? ["--guarded"] : [])
  var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var process: pid_t = 0
  let code = posix_spawn(&process, program, &actions, &attributes, &arguments, environ)
  guard code == 0 else {
    throw WorkerError.cannotStart(program: program, reason: String(cString: strerror(code)))
  }
  return process
}
