// A bundle over HTTP, as a SageMaker container serves one: GET /ping, POST /invocations, GET /execution-parameters.
// Trains nothing and reads no files but the bundle; requests are data, never code.

import Foundation
import Learn
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves a model until it is stopped.
public final class ModelServer: Sendable {
  private struct State {
    var channel: (any Channel)?
    var address = ""
  }

  private let core: ServerCore
  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let workers: [ObjectIdentifier: LoopWorker]
  private let loops: [any EventLoop]
  private let log: RequestLog?
  private let state = Mutex(State())

  /// - Throws: `ServingError.noClasses`, `LearnError`.
  public init(_ bundle: ModelBundle, options: ServerOptions, log: RequestLog? = nil) throws {
    let service = try ModelService(bundle, fields: options.fields)
    let threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let scorers = try (0..<threads).map { _ in try service.makeScorer() }
    let seconds = try service.secondsPerRow(scorers[0])
    pool = NIOThreadPool(numberOfThreads: threads)
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    core = ServerCore(
      service, options: options, inlineRows: max(1, Int(min(0.001 / max(seconds, 1e-6), 1000))), log: log, pool: pool)
    loops = Array(group.makeIterator())
    var workers: [ObjectIdentifier: LoopWorker] = [:]
    for (loop, scorer) in zip(loops, scorers) { workers[ObjectIdentifier(loop)] = LoopWorker(scorer: scorer) }
    self.workers = workers
    self.log = log
  }

  /// What it has done so far.
  public var status: ServingStatus { core.counters.status(address: address) }

  /// `http://127.0.0.1:8080`; empty before `start`.
  public var address: String { state.withLock { $0.address } }

  /// Listens. Requests are answered from now on, by threads of the server's own.
  ///
  /// - Returns: the port.
  /// - Throws: `ServingError.cannotListen`; then the server is stopped.
  public func start() throws -> Int {
    signal(SIGPIPE, SIG_IGN)
    pool.start()
    let (core, workers, options) = (core, workers, core.options)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let worker = workers[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.ioOnClosedChannel }
          try ConnectionHandler.add(to: channel, worker: worker, server: core)
        }
      }
    do {
      let channel = try bootstrap.bind(host: options.host, port: options.port).wait()
      let port = channel.localAddress?.port ?? options.port
      let host = options.host.contains(":") ? "[\(options.host)]" : options.host
      state.withLock { $0 = State(channel: channel, address: "http://\(host):\(port)") }
      return port
    } catch {
      stop(within: 0)
      let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
      throw ServingError.cannotListen(host: options.host, port: options.port, reason: reason)
    }
  }

  /// Takes no more connections, lets requests that have begun end, and stops.
  ///
  /// - Parameter seconds: given to those requests; whoever is not done by then is cut off.
  public func stop(within seconds: Double = 25) {
    core.stop()
    if let channel = state.withLock({ $0.channel }) { try? channel.close().wait() }
    forEachConnection { $0.drain() }
    let end = Date().addingTimeInterval(seconds)
    while core.counters.connections.load(ordering: .relaxed) > 0, Date() < end { usleep(5_000) }
    core.cutOff()
    forEachConnection { $0.close() }
    try? pool.syncShutdownGracefully()
    try? group.syncShutdownGracefully()
    log?.close()
  }

  private func forEachConnection(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
    for loop in loops {
      guard let worker = workers[ObjectIdentifier(loop)] else { continue }
      try? loop.submit { for connection in worker.connections.values { body(connection) } }.wait()
    }
  }
}
