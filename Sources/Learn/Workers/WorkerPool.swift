// Who grows trees together: processes of this machine, or workers that listen on others.

import Foundation

/// Workers that share the rows of a training, as `--workers` names them: `2` for two processes of this machine, or
/// `10.0.0.5:4400,10.0.0.6:4400` for what `assay worker --listen` waits with on others.
public struct WorkerPool: Hashable, Sendable, CustomStringConvertible {
  /// A worker that listens somewhere.
  public struct Address: Hashable, Sendable, CustomStringConvertible {
    public let host: String
    public let port: Int

    /// `HOST:PORT`; an address of IPv6 has brackets around it.
    public init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
        (0...65_535).contains(port)
      else { return nil }
      let host = String(text[..<colon])
      guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "," || $0 == ":" }) else { return nil }
      (self.host, self.port) = (host, port)
    }

    public var description: String { "\(host):\(port)" }
  }

  enum Members: Hashable, Sendable {
    case local(Int)
    case remote([Address])
  }

  let members: Members

  public static let most = 64

  /// - Throws: `LearnError.option`.
  public init(_ text: String) throws {
    let allowed =
      "a number of processes from 1 to \(Self.most), or the addresses of at least one worker, HOST:PORT by commas"
    let text = text.trimmingCharacters(in: .whitespaces)
    if let count = Int(text), (1...Self.most).contains(count) {
      members = .local(count)
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Address($0.trimmingCharacters(in: .whitespaces)) }
    guard parts.allSatisfy({ ($0?.port ?? 0) > 0 }), Set(parts).count == parts.count, parts.count <= Self.most else {
      throw LearnError.option(name: "workers", value: quoted(text), allowed: allowed)
    }
    members = .remote(parts.compactMap(\.self))
  }

  public var count: Int {
    switch members {
    case .local(let count): count
    case .remote(let addresses): addresses.count
    }
  }

  /// What `init(_:)` reads.
  public var description: String {
    switch members {
    case .local(let count): String(count)
    case .remote(let addresses): addresses.map(\.description).joined(separator: ",")
    }
  }

  /// The same for people: "2 processes here", "workers at 10.0.0.5:4400, 10.0.0.6:4400".
  public var text: String {
    switch members {
    case .local(1): "1 process here"
    case .local(let count): "\(count) processes here"
    case .remote(let addresses):
      (addresses.count == 1 ? "the worker at " : "workers at ")
        + addresses.map(\.description).joined(separator: ", ")
    }
  }
}

/// As its text.
extension WorkerPool: Codable {
  public init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// What processes that work together need beside their addresses; never part of a request, so that no secret is written down.
public struct WorkerMeans: Sendable {
  /// The variable with the word that workers on other machines ask for.
  public static let tokenVariable = "ASSAY_WORKER_TOKEN"

  /// The program to start as a worker: assay itself.
  public var program: String
  public var token: String?
  /// Seconds that a worker may say nothing, though it is asked whether it is alive.
  public var patience = 30

  public init(program: String, token: String?) { (self.program, self.token) = (program, token) }

  /// This process's own file, or the assay beside it where this is another program of the package, and the token of the
  /// environment.
  public static var standard: WorkerMeans {
    let own = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
    let program =
      own.lastPathComponent == "assay" ? own : own.deletingLastPathComponent().appendingPathComponent("assay")
    return WorkerMeans(program: program.path, token: ProcessInfo.processInfo.environment[tokenVariable])
  }
}

/// Why trees could not be grown together.
public enum WorkerError: Error, Equatable, CustomStringConvertible {
  case cannotStart(program: String, reason: String)
  case unreachable(worker: String, reason: String)
  /// It asks for a token and was told none, or another.
  case refused(worker: String, reason: String)
  case silent(worker: String, seconds: Int, doing: String)
  case ended(worker: String, how: String, doing: String)
  case failed(worker: String, reason: String)
  case unlike(worker: String, said: String)
  case tooFewRows(rows: Int, workers: Int)
  case cannotListen(address: String, reason: String)
  case tokenNeeded(address: String)

  public var description: String {
    switch self {
    case .cannotStart(let program, let reason): "No worker could be started from \(program): \(reason)."
    case .unreachable(let worker, let reason):
      "The worker at \(worker) cannot be reached: \(reason). Start one there with assay worker --listen \(worker)."
    case .refused(let worker, let reason):
      "\(worker) refused: \(reason). Set \(WorkerMeans.tokenVariable) to the word that it was started with."
    case .silent(let worker, let seconds, let doing):
      "\(worker) has said nothing for \(seconds) s while \(doing). The training has been given up; start it again without it."
    case .ended(let worker, let how, let doing):
      "\(worker) \(how) while \(doing). The training has been given up; start it again, or with fewer workers."
    case .failed(let worker, let reason): "\(worker) failed: \(reason)."
    case .unlike(let worker, let said): "\(worker) is no worker of this version of assay (it said \(said))."
    case .tooFewRows(let rows, let workers):
      "\(counted(rows, "row")) cannot be shared by \(workers) workers: each needs \(SharedBooster.fewestRows). "
        + "Take fewer workers, or more rows."
    case .cannotListen(let address, let reason): "\(address) cannot be listened on: \(reason)."
    case .tokenNeeded(let address):
      "\(address) can be reached by other machines, so the worker needs a token: put a word into \(WorkerMeans.tokenVariable), "
        + "here and where the training is started."
    }
  }
}
