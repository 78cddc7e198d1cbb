import Foundation
import Frame
import Jobs
import Learn
import ProgramDriver
import Synchronization
import Testing

@testable import Engine

/// What one may ask of a training that goes on.
@Suite(.serialized) struct SteeringTests {
  /// A training, and what it has told so far.
  private final class Training: Sendable {
    let engine = Engine(configuration: .init(threads: 2))
    let folder: TemporaryFolder
    let model: String
    private let told = Mutex<[AutoMLProgress]>([])
    private let result = Mutex<AutoMLReport?>(nil)
    private let error = Mutex<String?>(nil)

    init(_ options: AutoMLOptions) throws {
      folder = try TemporaryFolder()
      model = folder.path("model")
      let file = try folder.write(Data(SteeringTests.rows.utf8), to: "train.csv")
      _ = engine.submit(.automl(NodeRequest(source: Source(location: file)), options, test: nil, folder: model))
    }

    func end() {
      engine.close()
      folder.remove()
    }

    func ask(_ request: AutoMLControl.Request) throws -> Bool {
      if case .steered(let found) = try engine.run(.steerTraining(folder: model, request)) { found } else { false }
    }

    /// What has happened up to now.
    func events() -> [AutoMLProgress] {
      for event in engine.drain() {
        switch event {
        case .partial(_, let partial):
          if case .candidate(let progress)? = partial as? JobOutput { told.withLock { $0.append(progress) } }
        case .ended(_, .done(.trained(let report))): result.withLock { $0 = report }
        case .ended(_, .failed(let failure)): error.withLock { $0 = "\(failure)" }
        default: break
        }
      }
      return told.withLock { $0 }
    }

    /// Waits until something has happened.
    func wait(_ what: String, _ isThere: ([AutoMLProgress]) -> Bool) throws {
      let end = Date(timeIntervalSinceNow: 60)
      while !isThere(events()) {
        if let error = error.withLock({ $0 }) { throw NeverHappened("\(what): \(error)") }
        guard Date() < end else { throw NeverHappened("no \(what) within a minute") }
        usleep(5_000)
      }
    }

    func report() throws -> AutoMLReport {
      try wait("report") { _ in result.withLock { $0 } != nil }
      return try #require(result.withLock { $0 })
    }
  }

  private struct NeverHappened: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private static let rows: String = {
    var text = "age,city,visits,pay\n"
    for row in 0..<150 {
      let age = 20 + row * 7 % 40
      text +=
        "\(age),\(["Rome", "Oslo", "Bern"][row % 3]),\(row * 13 % 17),\(age + row * 5 % 9 > 42 ? "high" : "low")\n"
    }
    return text
  }()

  private static let recipe = Recipe.codes
  private static func trees(_ leaves: Int, rounds: Int = 15) -> CandidateSpec {
    CandidateSpec(.lightGBM(BoostingOptions(rate: 0.2, leaves: leaves, rowsPerLeaf: 5, rounds: rounds)), recipe)
  }

  private static func options(_ candidates: [CandidateSpec]) -> AutoMLOptions {
    var options = AutoMLOptions(target: "pay", timeLimit: 300, metric: .auc, seed: 1, threads: 2)
    options.candidates = candidates
    return options
  }

  /// So slow that it does not end before somebody asks for that.
  private static let endless = CandidateSpec(
    .network(NetworkSettings(hidden: [256, 256], bins: 4, rate: 0.000_01, passes: 10_000, batch: 8)), .levels)

  private static func ended(_ events: [AutoMLProgress]) -> [Int] { events.compactMap(\.row?.candidate) }

  private static func hasStarted(_ number: Int) -> ([AutoMLProgress]) -> Bool {
    { events in
      events.contains { if case .started(let summary) = $0.event { summary.number == number } else { false } }
    }
  }

  @Test func aPausedTrainingStandsStillAndItsClockToo() throws {
    let training = try Training(Self.options([Self.trees(4), Self.trees(6), Self.trees(8), Self.trees(10)]))
    defer { training.end() }
    try training.wait("first start", Self.hasStarted(1))
    #expect(try training.ask(.pause))
    usleep(200_000)
    let count = training.events().count
    let elapsed = training.events().last?.elapsed ?? 0
    usleep(700_000)
    // One that is told while the pause begins may still come.
    #expect(training.events().count <= count + 1)
    #expect(try training.ask(.resume))
    let report = try training.report()
    #expect(report.leaderboard.count == 5)
    #expect(report.seconds < elapsed + 60)
    let first = try #require(training.events().first { $0.elapsed > elapsed && $0.row != nil })
    #expect(first.elapsed >= elapsed)
  }

  @Test func aTrainingEndsWithWhatThereIsEvenWhenItIsPaused() throws {
    let training = try Training(Self.options([Self.trees(4), Self.endless, Self.trees(6)]))
    defer { training.end() }
    try training.wait("second start", Self.hasStarted(2))
    #expect(try training.ask(.pause))
    usleep(100_000)
    #expect(try training.ask(.finish))
    let report = try training.report()
    #expect(report.leaderboard.first?.model == "Ensemble")
    #expect(report.leaderboard.contains { $0.candidate == 1 && $0.status == .completed })
    #expect(!report.leaderboard.contains { $0.candidate == 3 })
    _ = try ModelBundle(folder: training.model)
  }

  @Test func aCandidateIsStoppedAndRetriedAndOthersGoOn() throws {
    let training = try Training(Self.options([Self.trees(4), Self.endless, Self.trees(6)]))
    defer { training.end() }
    try training.wait("second start", Self.hasStarted(2))
    #expect(try training.ask(.retry(candidate: 1)))
    #expect(try training.ask(.stop(candidate: 2)))
    let report = try training.report()
    let stopped = try #require(report.leaderboard.first { $0.candidate == 2 })
    #expect(stopped.status == .stopped && stopped.reason?.contains("stopped by hand") == true)
    // The first one once more, as a candidate of its own with the same settings and the same score.
    let same = report.leaderboard.filter { $0.settings == Self.trees(4).text }
    #expect(same.count == 2 && same[0].score == same[1].score)
    #expect(report.leaderboard.contains { $0.settings == Self.trees(6).text && $0.status == .completed })
  }

  @Test func candidatesAreAddedAndTriedAround() throws {
    let training = try Training(Self.options([Self.trees(4), Self.trees(6), Self.trees(7)]))
    defer { training.end() }
    try training.wait("first start", Self.hasStarted(1))
    #expect(try training.ask(.add(Self.trees(9))))
    #expect(try training.ask(.boost(candidate: 1)))
    let report = try training.report()
    #expect(report.leaderboard.contains { $0.settings == Self.trees(9).text })
    // Three of the list, one that was added, and four around the first.
    #expect(report.leaderboard.count == 9)
    #expect(Set(Self.ended(training.events())) == Set(1...8))
  }

  @Test func nobodyIsSteeredWhereNothingIsTrained() throws {
    let engine = Engine()
    defer { engine.close() }
    guard case .steered(let found) = try engine.run(.steerTraining(folder: "/nowhere", .pause)) else {
      Issue.record("no answer")
      return
    }
    #expect(!found)
  }
}
