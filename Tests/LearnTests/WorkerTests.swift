import Foundation
import Jobs
import Numerics
import ProgramDriver
import Synchronization
import Testing

@testable import Learn

/// Trees that several real processes grow together over LightGBM's network.
@Suite(.serialized) struct WorkerTests {
  /// Cancels from a look on.
  private final class Ending: JobContext, @unchecked Sendable {
    let isCancelled = Mutex(false)
    func checkCancelled() throws { if isCancelled.withLock({ $0 }) { throw JobCancelled() } }
    func report(_ fraction: Double?, _ note: String) {}
    func emit(_ partial: any Sendable) {}
    func onCancel(_ action: @escaping @Sendable () -> Void) {}
  }

  private static let parameters =
    "objective=binary metric=auc boosting=gbdt deterministic=true force_row_wise=true verbosity=-1 seed=7 "
    + "learning_rate=0.1 num_leaves=31 min_data_in_leaf=20 max_bin=255 feature_pre_filter=false"

  private func means(token: String? = nil, patience: Int = 30) throws -> WorkerMeans {
    var means = WorkerMeans(program: try Program.built("assay"), token: token)
    means.patience = patience
    return means
  }

  /// Rows in the order of their first feature, so that shares that were cut out of them would be unlike; with long tails,
  /// missing values and a feature of codes.
  private static func rows(_ count: Int, seed: UInt64, classes: Int = 2) -> LabelledRows {
    var random = RandomSource(seed: seed)
    func uniform() -> Double { Double.random(in: 0..<1, using: &random) }
    let first = (0..<count).map { _ in -log(1 - uniform()) }.sorted()
    var columns = [first]
    for feature in 1..<5 {
      columns.append((0..<count).map { _ in uniform() < 0.1 ? .nan : exp(2 * uniform()) * Double(feature) })
    }
    columns.append((0..<count).map { _ in Double(Int(uniform() * 12)) })
    let labels = (0..<count).map { row -> Float in
      let known = columns[1][row].isNaN ? 2 : columns[1][row]
      let score = first[row] - 0.3 * known + (Int(columns[5][row]) % 3 == 0 ? 1 : 0) + uniform() * 2 - 1
      return classes == 2 ? (score > 0.4 ? 1 : 0) : Float(min(max(Int(score + 1), 0), classes - 1))
    }
    return LabelledRows(matrix: FeatureMatrix(rows: count, features: 6, values: columns.flatMap { $0 }), labels: labels)
  }

  private static func area(_ rows: LabelledRows, _ scores: [Double]) -> Double {
    ClassificationMetrics.areaUnderROC(isPositive: rows.labels.map { $0 > 0.5 }, scores: scores) ?? .nan
  }

  private func grown(
    _ train: LabelledRows, _ judged: LabelledRows, _ pool: String, trees: Int, parameters: String = parameters,
    classes: Int = 1, means: WorkerMeans? = nil, context: any JobContext = SilentContext()
  ) throws -> SharedBooster {
    let booster = try SharedBooster(
      train, judged: judged, parameters: parameters, classes: classes, seed: 3, pool: WorkerPool(pool),
      means: means ?? self.means(), context: context)
    for _ in 0..<trees { #expect(try booster.grow()) }
    return booster
  }

  private func alone(_ train: LabelledRows, trees: Int) throws -> LightGBMBooster {
    let dataset = try LightGBMDataset(train.matrix, parameters: Self.parameters, threads: 1)
    try dataset.setLabel(train.labels)
    let booster = try LightGBMBooster(dataset, features: train.matrix.features, parameters: Self.parameters)
    for _ in 0..<trees { _ = try booster.grow() }
    return booster
  }

  // MARK: The model

  @Test func twoWorkersGrowAModelAsGoodAsOneProcess() throws {
    let (train, judged) = (Self.rows(30_000, seed: 1), Self.rows(20_000, seed: 2))
    let one = Self.area(judged, try alone(train, trees: 40).predict(judged.matrix, threads: 1))
    let booster = try grown(train, judged, "2", trees: 40)
    let score = try booster.evaluation()
    let shared = try LightGBMBooster(text: booster.text(rounds: nil))
    #expect(shared.trees == 40)
    let two = Self.area(judged, try shared.predict(judged.matrix, threads: 1))
    #expect(abs(one - two) < 0.002, "\(one) alone, \(two) by two workers")
    #expect(abs(score - two) < 1e-9, "the score that stops it is that of its judged rows")
    #expect(one > 0.9)
  }

  @Test func theSameRowsGiveTheSameTreesAgain() throws {
    let (train, judged) = (Self.rows(2_000, seed: 1), Self.rows(500, seed: 2))
    func trees() throws -> Substring {
      let text = try grown(train, judged, "3", trees: 5).text(rounds: 3)
      return text.prefix(upTo: text.range(of: "\nparameters:")?.lowerBound ?? text.endIndex)
    }
    let first = try trees()
    #expect(first.contains("Tree=2") && !first.contains("Tree=3"))
    #expect(try trees() == first)
  }

  @Test func weightsClassesAndCodesReachTheWorkers() throws {
    var train = Self.rows(6_000, seed: 1, classes: 4)
    train.weights = train.labels.map { $0 == 3 ? 50 : 1 }
    let judged = Self.rows(2_000, seed: 2, classes: 4)
    let parameters =
      Self.parameters.replacing(
        "objective=binary metric=auc", with: "objective=multiclass num_class=4 metric=multi_logloss")
      + " categorical_feature=5"
    let text = try grown(train, judged, "2", trees: 10, parameters: parameters, classes: 4).text(rounds: nil)
    let booster = try LightGBMBooster(text: text)
    let predicted = try booster.predict(judged.matrix, threads: 1, width: 4)
    let threes = (0..<2_000).filter { row in predicted[row * 4 + 3] == predicted[row * 4..<row * 4 + 4].max() }.count
    // Rows of the last class count fifty times as much, so that it is said of more rows than have it.
    #expect(threes > judged.labels.filter { $0 == 3 }.count)
    #expect(text.contains("num_cat=1") || text.contains("num_cat=2") || text.contains("num_cat=3"))
  }

  // MARK: Ends

  @Test func aWorkerThatIsKilledIsNamed() throws {
    let (train, judged) = (Self.rows(5_000, seed: 1), Self.rows(500, seed: 2))
    for victim in [0, 1] {
      let booster = try grown(train, judged, "2", trees: 2)
      kill(try #require(booster.processes[victim]), SIGKILL)
      let start = ContinuousClock.now
      let error = #expect(throws: WorkerError.self) { for _ in 0..<1000 { _ = try booster.grow() } }
      #expect(
        error == .ended(worker: "Worker \(victim + 1)", how: "was ended by signal 9", doing: "trees grew"),
        "\(error.map(String.init(describing:)) ?? "none")")
      #expect(start.duration(to: .now) < .seconds(15))
    }
  }

  @Test func aWorkerThatStandsStillIsGivenUp() throws {
    let (train, judged) = (Self.rows(5_000, seed: 1), Self.rows(500, seed: 2))
    let booster = try grown(train, judged, "2", trees: 2, means: means(patience: 3))
    let process = try #require(booster.processes[1])
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    let error = #expect(throws: WorkerError.self) { for _ in 0..<1000 { _ = try booster.grow() } }
    #expect(error == .silent(worker: "Worker 2", seconds: 3, doing: "trees grew"))
  }

  @Test func cancellingEndsTheWorkers() throws {
    let (train, judged) = (Self.rows(5_000, seed: 1), Self.rows(500, seed: 2))
    let context = Ending()
    var booster: SharedBooster? = try grown(train, judged, "2", trees: 2, context: context)
    let processes = try #require(booster).processes.compactMap(\.self)
    #expect(processes.count == 2 && processes.allSatisfy { kill($0, 0) == 0 })
    context.isCancelled.withLock { $0 = true }
    #expect(throws: JobCancelled.self) { try booster?.grow() }
    booster = nil
    #expect(processes.allSatisfy { kill($0, 0) != 0 })
  }

  @Test func tooFewRowsAndNoProgramAreToldInTime() throws {
    let rows = Self.rows(90, seed: 1)
    #expect(throws: WorkerError.tooFewRows(rows: 90, workers: 2)) { try grown(rows, rows, "2", trees: 1) }
    let many = Self.rows(200, seed: 1)
    let nowhere = WorkerMeans(program: "/nowhere/assay", token: nil)
    let error = #expect(throws: WorkerError.self) { try grown(many, many, "2", trees: 1, means: nowhere) }
    #expect("\(error.map(String.init(describing:)) ?? "")".contains("/nowhere/assay: No such file"))
    // A program that is no worker says nothing that one would say.
    let other = WorkerMeans(program: "/bin/false", token: nil)
    let ended = #expect(throws: WorkerError.self) { try grown(many, many, "1", trees: 1, means: other) }
    #expect(ended == .ended(worker: "Worker 1", how: "ended with status 1", doing: "it was greeted"))
  }

  // MARK: Workers that listen

  /// A running `assay worker --listen`.
  private final class Listening {
    private let process = Process()
    let address: String

    init(token: String? = nil) throws {
      process.executableURL = URL(fileURLWithPath: try Program.built("assay"))
      process.arguments = ["worker", "--listen", "127.0.0.1:0"]
      process.environment = ProcessInfo.processInfo.environment.merging(
        token.map { [WorkerMeans.tokenVariable: $0] } ?? [:]
      ) { $1 }
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      var said = ""
      while !said.hasSuffix("\n"), let data = try? errors.fileHandleForReading.read(upToCount: 1), !data.isEmpty {
        said += String(decoding: data, as: UTF8.self)
      }
      guard let match = said.firstMatch(of: /127\.0\.0\.1:[0-9]+/) else { throw ProgramError("it said: \(said)") }
      address = String(match.0)
    }

    /// Stops it; returns its status.
    func end() -> Int32 {
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      return process.terminationStatus
    }
  }

  @Test func workersThatListenGrowTreesForWhoKnowsTheWord() throws {
    let (first, second) = (try Listening(token: "a word"), try Listening(token: "a word"))
    let (train, judged) = (Self.rows(5_000, seed: 1), Self.rows(2_000, seed: 2))
    let pool = "\(first.address),\(second.address)"
    // One after the other: the listener outlives a training.
    for _ in 0..<2 {
      let booster = try grown(train, judged, pool, trees: 5, means: means(token: "a word"))
      #expect(try LightGBMBooster(text: booster.text(rounds: nil)).trees == 5)
    }
    let wrong = #expect(throws: WorkerError.self) {
      try grown(train, judged, pool, trees: 1, means: means(token: "another"))
    }
    #expect(wrong == .failed(worker: "The worker at \(first.address)", reason: "the token is another"))
    let none = #expect(throws: WorkerError.self) { try grown(train, judged, pool, trees: 1, means: means()) }
    #expect(none == .refused(worker: "The worker at \(first.address)", reason: "it asks for a token"))
    #expect(first.end() == 0 && second.end() == 0)
    let gone = #expect(throws: WorkerError.self) { try grown(train, judged, pool, trees: 1) }
    #expect(gone == .unreachable(worker: first.address, reason: "Connection refused"))
  }

  @Test func whatOthersCanReachNeedsAWord() throws {
    let everywhere = try #require(WorkerPool.Address("0.0.0.0:0"))
    #expect(throws: WorkerError.tokenNeeded(address: "0.0.0.0:0")) {
      try WorkerListener(on: everywhere, means: means())
    }
    #expect(try WorkerListener(on: everywhere, means: means(token: "a word")).address.port > 0)
  }

  @Test(arguments: [
    "", "0", "-1", "65", "two", "host", "host:", ":4400", "host:0", "host:70000", "a:1,,b:2", "a:1,a:1", "a b:1",
  ])
  func aPoolSaysWhatItTakes(_ text: String) {
    let error = #expect(throws: LearnError.self) { try WorkerPool(text) }
    #expect("\(error.map(String.init(describing:)) ?? "")".contains("HOST:PORT"))
  }

  @Test func aPoolIsItsText() throws {
    for text in ["1", "2", "10.0.0.5:4400", "one:1,two:2"] {
      let pool = try WorkerPool(text)
      #expect(pool.description == text)
      #expect(try JSONDecoder().decode(WorkerPool.self, from: JSONEncoder().encode(pool)) == pool)
    }
    #expect(try WorkerPool(" one:1 , two:2 ").text == "workers at one:1, two:2")
  }
}
