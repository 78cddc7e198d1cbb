import Foundation
import Frame
import Jobs
import ProgramDriver
import Testing

@testable import Spark

/// Servers that fall silent, are ended, or take their time.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct SilenceTests {
  private static let hasty = Patience(quiet: .seconds(1), answer: .seconds(2))
  private static let many = "SELECT id, sha2(CAST(id AS STRING), 256) AS t FROM range(0, 4000000, 1, 8)"

  @Test(.timeLimit(.minutes(1))) func aServerThatFallsSilentInTheMiddleOfAnAnswerIsGivenUp() throws {
    let relay = try Relay(to: SparkServer.address())
    let session = try SparkSession(SparkAddress("sc://127.0.0.1:\(relay.port)"), patience: Self.hasty)
    relay.goSilent(after: 400_000)
    let start = ContinuousClock.now
    let error = #expect(throws: SparkError.self) {
      let result = try session.run(Self.many) { _ in }
      while try result.next() != nil {}
    }
    guard case .silent(let address, let seconds)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(address == "sc://127.0.0.1:\(relay.port)" && seconds >= 2)
    #expect(error?.description.contains("no longer answers: nothing has come for \(seconds) s") == true)
    #expect(start.duration(to: .now) < .seconds(20))
    // A fresh line is tried once, where the server says where rows stand.
    #expect(relay.connections == (SparkServer.isSpark ? 2 : 1))
  }

  @Test(.timeLimit(.minutes(1))) func anAnswerGoesOnOverAFreshLineWhereTheOldOneFellSilent() throws {
    let relay = try Relay(to: SparkServer.address())
    let session = try SparkSession(SparkAddress("sc://127.0.0.1:\(relay.port)"), patience: Self.hasty)
    _ = try session.run("SELECT 1") { _ in }
    relay.goSilent(after: 400_000, isForGood: false)
    let database = try Database()
    try SparkServer.whole {
      let sum = try database.withArrow(session.run("SELECT id FROM range(0, 400000, 1, 4)") { _ in }) {
        try database.query("SELECT count(DISTINCT id) FROM (\(#require($0)))")
      }
      #expect(sum.text(0, 0) == "400000")
      #expect(relay.connections == 2)
    }
  }

  @Test(.timeLimit(.minutes(1))) func aServerThatIsKilledInTheMiddleOfAnAnswerIsToldOfSoon() throws {
    let server = try LocalServer.newSpark()
    let session = try SparkSession(SparkAddress("sc://127.0.0.1:\(server.port)"))
    let result = try session.run(Self.many) { _ in }
    _ = try result.next()
    server.kill()
    let start = ContinuousClock.now
    let error = #expect(throws: SparkError.self) { while try result.next() != nil {} }
    #expect(start.duration(to: .now) < .seconds(15))
    #expect(
      error?.description == "The connection to sc://127.0.0.1:\(server.port) was lost: its server is gone "
        + "(connection refused). Start it again, then run this again.")
  }

  @Test(.timeLimit(.minutes(2))) func anAnswerThatTakesLongerThanAServerMayBeSilentStillComes() throws {
    let session = try SparkSession(
      SparkServer.address(), patience: Patience(quiet: .milliseconds(200), answer: .seconds(3)))
    let start = ContinuousClock.now
    var rows = 0
    // More and more work until it takes long enough.
    for size in [20_000, 40_000, 80_000, 160_000] where start.duration(to: .now) < .seconds(5) {
      let result = try session.run(
        "SELECT count(*) AS n FROM range(\(size)) a CROSS JOIN range(\(size)) b WHERE (a.id * b.id) % 7 = 3"
      ) { _ in }
      while try result.next() != nil { rows += 1 }
    }
    #expect(rows > 0)
  }

  @Test func aQuietServerIsAskedOnceAndGivenUpOnlyWhereItDoesNotAnswer() {
    let pulse = Pulse(Patience(quiet: .seconds(10), answer: .seconds(20)))
    let start = ContinuousClock.now
    #expect(pulse.check(at: start + .seconds(15)) == .alive, "it may greet late")
    guard case .dead = pulse.check(at: start + .seconds(21)) else {
      Issue.record("who never says anything is waited for no longer than for an answer")
      return
    }
    pulse.hear()
    let heard = ContinuousClock.now
    #expect(pulse.check(at: heard + .seconds(9)) == .alive)
    #expect(pulse.check(at: heard + .seconds(11)) == .quiet)
    #expect(pulse.check(at: heard + .seconds(12)) == .alive, "it is asked once")
    #expect(pulse.check(at: heard + .seconds(30)) == .alive)
    guard case .dead(let silence) = pulse.check(at: heard + .seconds(32)) else {
      Issue.record("it did not answer in time")
      return
    }
    #expect(silence > .seconds(31))
    pulse.hear()
    #expect(pulse.check(at: .now) == .alive, "an answer ends the question")
  }
}
