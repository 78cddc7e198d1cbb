// Waits for trainings of other machines, and gives each a process of its own.

import Foundation
import Jobs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Listens for trainings.
public struct WorkerListener {
  /// Trainings that are served at once at most.
  private static let most = 32

  private let means: WorkerMeans
  private let asksForToken: Bool
  private let descriptor: Int32
  /// Where it listens, with the port that was free where 0 was asked for.
  public let address: WorkerPool.Address

  /// - Throws: `WorkerError`, also where others could reach it and there is no token.
  public init(on wanted: WorkerPool.Address, means: WorkerMeans = .standard) throws {
    self.means = means
    let hasToken = means.token.map { !$0.isEmpty } ?? false
    do {
      let place = try SocketAddress(wanted)
      guard place.isLoopback || hasToken else { throw WorkerError.tokenNeeded(address: "\(wanted)") }
      descriptor = try place.listening()
    } catch let error as SocketFault {
      throw WorkerError.cannotListen(address: "\(wanted)", reason: error.reason)
    }
    asksForToken = hasToken
    let port = SocketAddress.own(descriptor)?.port ?? wanted.port
    address = WorkerPool.Address("\(wanted.host):\(port)") ?? wanted
  }

  /// Serves trainings until it is cancelled; those under way end then.
  /// - Parameter tell: gets a line about each.
  /// - Throws: `JobCancelled`.
  public func run(context: any JobContext, tell: (String) -> Void) throws {
    var processes: Set<pid_t> = []
    defer {
      close(descriptor)
      for process in processes {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
      }
    }
    while true {
      try context.checkCancelled()
      for process in processes where waitpid(process, nil, WNOHANG) == process {
        processes.remove(process)
        tell("a training has ended")
      }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 200) > 0 else { continue }
      let connection = accept(descriptor, nil, nil)
      guard connection >= 0 else { continue }
      defer { close(connection) }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      guard processes.count < Self.most else {
        tell("a training was turned away: \(processes.count) are served already")
        continue
      }
      keepAlive(connection)
      do {
        processes.insert(try startWorker(means.program, on: connection, asksForToken: asksForToken))
        tell("a training has come")
      } catch {
        tell("\(error)")
      }
    }
  }
}
