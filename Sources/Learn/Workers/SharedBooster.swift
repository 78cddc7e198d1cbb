// Trees that several processes grow together, each on its own rows, over LightGBM's data-parallel network: every worker counts
// its rows into histograms, and those are added up before a split is chosen, so that all grow the same trees.
//
// Bins are found here, from a sample of all rows, and given to all workers. Where each finds its own from its share of the
// rows, the histograms that are added up do not mean the same values.

import Foundation
import Jobs
import Numerics

/// Growing trees, here or elsewhere.
protocol GrowingTrees {
  var trees: Int { get }
  /// Grows one more tree, or one for each class. False when no further tree can be grown.
  func grow() throws -> Bool
  /// The first metric of the rows to judge by.
  func evaluation() throws -> Double
  /// LightGBM's own text of the first `rounds`.
  func text(rounds: Int?) throws -> String
}

extension LightGBMBooster: GrowingTrees {}

/// Rows with their labels.
struct LabelledRows {
  let matrix: FeatureMatrix
  let labels: [Float]
  var weights: [Float]?
}

/// Trees that grow on the workers of a pool. The connections are closed, and with them the workers ended, with the last
/// reference.
final class SharedBooster: GrowingTrees {
  /// Rows of a worker at least.
  static let fewestRows = 50
  /// Rows that bins are found from at most, as many as LightGBM looks at.
  private static let sampleRows = 200_000
  /// Numbers of a message at most.
  private static let blockNumbers = 1 << 18
  /// Minutes that LightGBM waits for another worker before it gives up by itself.
  static let networkMinutes: Int32 = 10
  /// Seconds that the workers may take to find one another.
  private static let joinSeconds = 60

  private let links: [WorkerLink]
  private let context: any JobContext
  private(set) var trees = 0
  private var score = Double.nan

  /// Deals the rows out to the workers and lets them join.
  ///
  /// - Parameters:
  ///   - parameters: LightGBM's, without the number of threads and those of the network.
  ///   - classes: that the objective has, 1 for numbers and two classes.
  ///   - seed: decides which rows go where.
  /// - Throws: `WorkerError`, `LearnError`, `JobCancelled`.
  init(
    _ train: LabelledRows, judged: LabelledRows, parameters: String, classes: Int, seed: UInt64, pool: WorkerPool,
    means: WorkerMeans = .standard, context: any JobContext
  ) throws {
    self.context = context
    let (rows, features) = (train.matrix.rows, train.matrix.features)
    guard rows >= pool.count * Self.fewestRows else {
      throw WorkerError.tooFewRows(rows: rows, workers: pool.count)
    }
    links = try Self.links(pool, means)
    var random = RandomSource(seed: seed).split("workers")
    let order = (0..<rows).shuffled(using: &random)
    let bins = try Self.bins(train.matrix.selecting(order.prefix(Self.sampleRows)), parameters)
    try Self.greet(links, means.token, context)
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let threads: Int? = if case .local(let count) = pool.members { max(1, processors / count) } else { nil }
    for (rank, link) in links.enumerated() {
      let share = stride(from: rank, to: rows, by: links.count).map { order[$0] }
      let task = WorkerTask(
        parameters: parameters, features: features, rows: share.count, judgedRows: rank == 0 ? judged.matrix.rows : 0,
        hasWeights: train.weights != nil, hasJudgedWeights: judged.weights != nil, classes: classes, threads: threads,
        workers: links.count)
      let doing = "rows were sent to it"
      try link.send(WorkerFrame(.task, json: task), doing: doing, context: context)
      try link.send(WorkerFrame(.bins, bins), doing: doing, context: context)
      context.report(nil, "sending \(counted(share.count, "row")) to worker \(rank + 1) of \(links.count)")
      try Self.send(train, share, (.rows, .labels, .weights), to: link, context)
      if rank == 0 {
        try Self.send(
          judged, Array(0..<judged.matrix.rows), (.judgedRows, .judgedLabels, .judgedWeights), to: link, context)
      }
    }
    try join(pool)
  }

  /// The processes of workers of this machine.
  var processes: [pid_t?] { links.map(\.process) }

  // MARK: Beginnings

  private static func links(_ pool: WorkerPool, _ means: WorkerMeans) throws -> [WorkerLink] {
    switch pool.members {
    case .local(let count): try (1...count).map { try .local($0, means) }
    case .remote(let addresses): try addresses.map { try .remote($0, means) }
    }
  }

  private static func greet(_ links: [WorkerLink], _ token: String?, _ context: any JobContext) throws {
    for link in links {
      link.rested()
      let doing = "it was greeted"
      let frame = try link.expect(.greeting, doing: doing, context: context)
      guard let greeting = try? frame.value(WorkerGreeting.self), greeting.version == WorkerGreeting.current else {
        throw WorkerError.unlike(
          worker: link.name, said: quoted(String(decoding: frame.body.prefix(80), as: UTF8.self)))
      }
      guard !greeting.challenge.isEmpty else { continue }
      guard let token, !token.isEmpty else {
        throw WorkerError.refused(worker: link.name, reason: "it asks for a token")
      }
      let proof = workerProof(token, challenge: greeting.challenge)
      try link.send(WorkerFrame(.proof, proof), doing: doing, context: context)
    }
  }

  /// How values are sorted into bins, learnt from a sample.
  private static func bins(_ sample: FeatureMatrix, _ parameters: String) throws -> [UInt8] {
    let dataset = try LightGBMDataset(sample, parameters: parameters, threads: 1)
    return try dataset.bins()
  }

  private static func send(
    _ rows: LabelledRows, _ chosen: [Int],
    _ kinds: (rows: WorkerFrame.Kind, labels: WorkerFrame.Kind, weights: WorkerFrame.Kind),
    to link: WorkerLink, _ context: any JobContext
  ) throws {
    let matrix = rows.matrix
    let doing = "rows were sent to it"
    let block = max(1, blockNumbers / max(matrix.features, 1))
    for start in stride(from: 0, to: chosen.count, by: block) {
      let part = chosen[start..<min(start + block, chosen.count)]
      let numbers = [Double](unsafeUninitializedCapacity: part.count * matrix.features) { buffer, count in
        for feature in 0..<matrix.features {
          var place = feature
          for row in part {
            buffer[place] = matrix.values[feature * matrix.rows + row]
            place += matrix.features
          }
        }
        count = part.count * matrix.features
      }
      try link.send(WorkerFrame(kinds.rows, numbers: numbers), doing: doing, context: context)
    }
    try link.send(WorkerFrame(kinds.labels, numbers: chosen.map { rows.labels[$0] }), doing: doing, context: context)
    if let weights = rows.weights {
      try link.send(WorkerFrame(kinds.weights, numbers: chosen.map { weights[$0] }), doing: doing, context: context)
    }
  }

  private func join(_ pool: WorkerPool) throws {
    let places = try together(.ready, doing: "it sorted its rows").map { try $0.value(WorkerPlace.self) }
    if places.contains(where: { $0.host.hasPrefix("127.") }),
      let far = places.firstIndex(where: { !$0.host.hasPrefix("127.") })
    {
      throw WorkerError.failed(
        worker: links[far].name,
        reason: "it cannot reach the workers that were named by an address of this machine alone (127.0.0.1)")
    }
    let machines = places.map { "\($0.host):\($0.port)" }.joined(separator: ",")
    for link in links {
      try link.send(WorkerFrame(.join, Array(machines.utf8)), doing: "the workers joined", context: context)
    }
    context.report(nil, "\(links.count) workers join")
    _ = try together(.joined, doing: "the workers joined", seconds: Self.joinSeconds)
  }

  // MARK: Growing

  func grow() throws -> Bool {
    for link in links { try link.send(WorkerFrame(.grow), doing: "trees grew", context: context) }
    let answers = try together(.grown, doing: "trees grew")
    let numbers = answers.map { $0.body.first ?? 1 }
    score = WorkerFrame(.grown, Array(answers[0].body.dropFirst())).numbers(Double.self).first ?? .nan
    // All grow the same trees, so that all stop together.
    if numbers.contains(1) { return false }
    trees += 1
    return true
  }

  func evaluation() throws -> Double { score }

  func text(rounds: Int?) throws -> String {
    let body = WorkerFrame(.finish, numbers: [Int64(rounds ?? -1)])
    for link in links { try link.send(body, doing: "the trees were written", context: context) }
    let texts = try together(.model, doing: "the trees were written")
    return String(decoding: texts[0].body, as: UTF8.self)
  }

  /// One message of each worker. Where one is lost, the others soon complain of that: the lost one is named.
  /// - Parameter seconds: after which the first that is still awaited is given up; nil for as long as all live.
  private func together(_ kind: WorkerFrame.Kind, doing: String, seconds: Int? = nil) throws -> [WorkerFrame] {
    for link in links { link.rested() }
    var frames = [WorkerFrame?](repeating: nil, count: links.count)
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    do {
      while true {
        try context.checkCancelled()
        for rank in links.indices where frames[rank] == nil {
          frames[rank] = try links[rank].heed(kind, doing: doing, context: context)
        }
        let awaited = links.indices.filter { frames[$0] == nil }
        guard let first = awaited.first else { return frames.compactMap(\.self) }
        if let end, let seconds, ContinuousClock.now > end {
          throw WorkerError.silent(worker: links[first].name, seconds: seconds, doing: doing)
        }
        WorkerLink.wait(for: awaited.map { links[$0] })
      }
    } catch let error as WorkerError {
      guard case .failed = error else { throw error }
      let end = ContinuousClock.now + .seconds(1)
      repeat {
        if let lost = links.first(where: \.isGone) { throw lost.lost(doing) }
        usleep(20_000)
      } while ContinuousClock.now < end
      throw error
    }
  }
}
