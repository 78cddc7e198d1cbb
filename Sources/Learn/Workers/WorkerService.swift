// The worker: one process for one training, which ends with its connection. LightGBM's network belongs to the whole process,
// and what waits in it for another worker can be ended in no other way.

import CLightGBM
import Foundation
import Numerics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Serves one training over a connection.
public final class WorkerService {
  private let channel: WorkerChannel
  private let token: String?
  private let descriptor: Int32

  /// - Parameters:
  ///   - descriptor: of a connected socket, of which nothing was read.
  ///   - token: the word that the other side has to prove that it knows; nil for a training of this machine.
  public init(descriptor: Int32, token: String?) {
    (self.descriptor, self.token) = (descriptor, token)
    channel = WorkerChannel(descriptor)
  }

  /// True where the standard input is a socket.
  public static var isConnected: Bool {
    var status = stat()
    return fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Serves the socket that is the standard input and output. Nothing else that is written there may reach it.
  public static func ofStandardInput(token: String?) -> WorkerService {
    let connection = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(nothing, STDIN_FILENO)
    dup2(nothing, STDOUT_FILENO)
    return WorkerService(descriptor: connection, token: token)
  }

  /// Works until the connection ends, which ends the process.
  public func serve() -> Never {
    do {
      try greet()
      try work()
    } catch {
      channel.send(WorkerFrame(.failed, Array("\(error)".trimmingSentence.utf8)))
    }
    channel.waitForEnd()
  }

  private struct Refusal: Error, CustomStringConvertible { let description: String }

  private func greet() throws {
    let challenge = token == nil ? [] : (0..<32).map { _ in UInt8.random(in: 0...255) }
    channel.send(try WorkerFrame(.greeting, json: WorkerGreeting(challenge: challenge)))
    guard let token else { return }
    // Whoever connects and says nothing is not waited for.
    channel.endsAfter(seconds: 10)
    let frame = channel.next()
    let wanted = workerProof(token, challenge: challenge)
    let differences = zip(frame.body, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    guard frame.kind == .proof, frame.body.count == wanted.count, differences == 0 else {
      throw Refusal(description: "the token is another")
    }
    channel.goesOn()
  }

  private func expect(_ kind: WorkerFrame.Kind) throws -> WorkerFrame {
    let frame = channel.next()
    guard frame.kind == kind else { throw Refusal(description: "\(kind) was expected and \(frame.kind) came") }
    return frame
  }

  private func work() throws {
    let task = try expect(.task).value(WorkerTask.self)
    let bins = try expect(.bins).body
    let threads = task.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let train = try rows(task.rows, task.hasWeights, task, bins, threads, (.rows, .labels, .weights))
    let judged =
      task.judgedRows > 0
      ? try rows(
        task.judgedRows, task.hasJudgedWeights, task, bins, threads, (.judgedRows, .judgedLabels, .judgedWeights)) : nil
    let port = try SocketAddress.freePort()
    let host = SocketAddress.own(descriptor)?.host ?? "127.0.0.1"
    channel.send(try WorkerFrame(.ready, json: WorkerPlace(host: host, port: port, threads: threads)))
    let machines = String(decoding: try expect(.join).body, as: UTF8.self)
    try LightGBM.check(
      clgbm_network_init(machines, Int32(port), SharedBooster.networkMinutes, Int32(task.workers)), "NetworkInit")
    channel.send(WorkerFrame(.joined))
    let network = " tree_learner=data pre_partition=true num_machines=\(task.workers)"
    let booster = try LightGBMBooster(
      train, features: task.features, parameters: task.parameters + network, validation: judged)
    while true {
      let frame = channel.next()
      switch frame.kind {
      case .grow:
        let grew = try booster.grow()
        let score = judged == nil ? Double.nan : try booster.evaluation()
        channel.send(WorkerFrame(.grown, [grew ? 0 : 1] + WorkerFrame(.grown, numbers: [score]).body))
      case .finish:
        let rounds = frame.numbers(Int64.self).first ?? -1
        let text = judged == nil ? "" : try booster.text(rounds: rounds < 0 ? nil : Int(rounds))
        return channel.send(WorkerFrame(.model, Array(text.utf8)))
      default: throw Refusal(description: "\(frame.kind) came while trees grew")
      }
    }
  }

  private func rows(
    _ count: Int, _ hasWeights: Bool, _ task: WorkerTask, _ bins: [UInt8], _ threads: Int,
    _ kinds: (rows: WorkerFrame.Kind, labels: WorkerFrame.Kind, weights: WorkerFrame.Kind)
  ) throws -> LightGBMDataset {
    let dataset = try LightGBMDataset(
      bins: bins, rows: count, classes: task.classes, parameters: task.parameters, threads: threads)
    var first = 0
    while first < count {
      let numbers = try expect(kinds.rows).numbers(Double.self)
      let rows = numbers.count / max(task.features, 1)
      guard rows > 0, first + rows <= count, rows * task.features == numbers.count else {
        throw Refusal(description: "\(numbers.count) numbers are no rows of \(task.features) features")
      }
      try dataset.push(numbers, rows: rows, at: first)
      first += rows
    }
    try dataset.setLabel(labels(expect(kinds.labels), count))
    if hasWeights { try dataset.setWeight(labels(expect(kinds.weights), count)) }
    return dataset
  }

  private func labels(_ frame: WorkerFrame, _ count: Int) throws -> [Float] {
    let numbers = frame.numbers(Float.self)
    guard numbers.count == count else { throw Refusal(description: "\(numbers.count) labels for \(count) rows") }
    return numbers
  }
}

extension String {
  /// Without a final full stop, to stand in a sentence.
  fileprivate var trimmingSentence: String { hasSuffix(".") ? String(dropLast()) : self }
}

/// The worker's end of a connection. A thread of its own reads it, so that the worker answers whether it is alive while it
/// grows trees, and ends when nobody wants them any more.
final class WorkerChannel: Sendable {
  private let descriptor: Int32
  private let frames = Mutex<[WorkerFrame]>([])
  private let isThere = DispatchSemaphore(value: 0)
  /// Messages that are read ahead.
  private let space = DispatchSemaphore(value: 4)
  private let writing = Mutex(())
  private let limit = Mutex<ContinuousClock.Instant?>(nil)

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    Thread.detachNewThread { [self] in read() }
  }

  /// The next message, as soon as it comes.
  func next() -> WorkerFrame {
    isThere.wait()
    defer { space.signal() }
    return frames.withLock { $0.removeFirst() }
  }

  func send(_ frame: WorkerFrame) {
    writing.withLock { _ in
      for bytes in [frame.header, frame.body] {
        var done = 0
        while done < bytes.count {
          let count = sent(descriptor, bytes, from: done)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { Self.end() }
          done += count
        }
      }
    }
  }

  /// Ends the process unless it `goesOn` before.
  func endsAfter(seconds: Int) {
    limit.withLock { $0 = .now + .seconds(seconds) }
    Thread.detachNewThread { [self] in
      sleep(UInt32(seconds))
      if limit.withLock({ $0 != nil }) { Self.end() }
    }
  }

  func goesOn() { limit.withLock { $0 = nil } }

  func waitForEnd() -> Never {
    while true { sleep(1000) }
  }

  /// At once, without the destructors of the libraries: a thread may be inside of one.
  private static func end() -> Never { _exit(0) }

  private func read() {
    while true {
      guard let (kind, length) = WorkerFrame.read(header: bytes(WorkerFrame.headerSize)[...]) else { Self.end() }
      let frame = WorkerFrame(kind, bytes(length))
      if kind == .ping {
        send(WorkerFrame(.alive))
        continue
      }
      space.wait()
      frames.withLock { $0.append(frame) }
      isThere.signal()
    }
  }

  /// The next bytes; ends the process where there are none any more.
  private func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count {
        let got = recv(descriptor, buffer.baseAddress.map { $0 + done }, count - done, 0)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { Self.end() }
        done += got
      }
    }
  }
}
