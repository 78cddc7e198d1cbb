import Foundation
import ProgramDriver
import Testing

@testable import Frame
@testable import Spark

/// A proxy that speaks TLS stands before a real server.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct TransportSecurityTests {
  private let certificates: Certificates

  init() throws { certificates = try Certificates() }

  private func relay(_ name: String, days: Int = 1) throws -> Relay {
    try Relay(to: SparkServer.address(), security: certificates.server(name, days: days))
  }

  private func session(_ relay: Relay, _ authority: String?, host: String = "127.0.0.1") throws -> SparkSession {
    try SparkSession(SparkAddress("sc://\(host):\(relay.port)/;use_ssl=true", authority: authority))
  }

  private func refusal(_ relay: Relay, _ authority: String?, host: String = "127.0.0.1") -> String {
    let error = #expect(throws: SparkError.self) { try session(relay, authority, host: host) }
    return error.map { "\($0)" } ?? ""
  }

  @Test(arguments: [("IP:127.0.0.1", "127.0.0.1"), ("DNS:localhost", "localhost")])
  func rowsComeOverTLSFromAServerThatTheOwnAuthoritySignsFor(_ name: String, _ host: String) throws {
    let relay = try relay(name)
    let session = try session(relay, certificates.authority, host: host)
    let database = try Database()
    let sum = try database.withArrow(try session.run("SELECT id FROM range(0, 200000, 1, 2)") { _ in }) {
      try database.query("SELECT count(*), sum(id) FROM (\(#require($0)))")
    }
    #expect([sum.text(0, 0), sum.text(0, 1)] == ["200000", "19999900000"])
    #expect(relay.connections >= 1)
  }

  @Test func aLineThatIsCutUnderTLSIsMadeAgain() throws {
    let relay = try relay("IP:127.0.0.1")
    let session = try session(relay, certificates.authority)
    relay.cut(after: 400_000)
    let database = try Database()
    try SparkServer.whole {
      let sum = try database.withArrow(try session.run("SELECT id FROM range(0, 400000, 1, 4)") { _ in }) {
        try database.query("SELECT count(DISTINCT id) FROM (\(#require($0)))")
      }
      #expect(sum.text(0, 0) == "400000")
      #expect(relay.connections > 1)
    }
  }

  @Test func aServerOfAnUnknownAuthorityIsRefused() throws {
    let text = try refusal(relay("IP:127.0.0.1"), nil)
    #expect(text.contains("is not trusted: no authority known here signs for the server's certificate"))
    #expect(text.contains("ASSAY_SPARK_CA"))
  }

  @Test func aCertificateForAnotherHostIsRefused() throws {
    let text = try refusal(relay("DNS:elsewhere.example.com"), certificates.authority, host: "localhost")
    #expect(text.hasSuffix("is not trusted: its certificate is for another host than localhost."))
    let address = try refusal(relay("IP:127.0.0.9"), certificates.authority)
    #expect(address.hasSuffix("is not trusted: its certificate is for another host than 127.0.0.1."))
  }

  @Test func anAuthorityThatSignsForOthersIsNamed() throws {
    let others = try Certificates()
    let text = try refusal(relay("IP:127.0.0.1"), others.authority)
    #expect(text.contains("no certificate in \(others.authority) signs for the server's certificate"))
  }

  @Test func aFileWithoutCertificatesIsRefusedByName() throws {
    let relay = try relay("IP:127.0.0.1")
    let notes = try certificates.write("no certificate\n", to: "notes.txt")
    #expect(refusal(relay, notes).contains("notes.txt cannot say whom to trust: it holds no certificate"))
    #expect(refusal(relay, "/nowhere/ca.pem").contains("/nowhere/ca.pem cannot say whom to trust: it is not there"))
  }

  @Test func aServerInTheClearThatIsAskedForTLSSaysSo() throws {
    let relay = try Relay(to: SparkServer.address())
    let text = refusal(relay, certificates.authority)
    #expect(text.contains("does not answer: it "), "\(text)")
    #expect(text.contains("TLS"), "\(text)")
  }

  @Test func aServerWithTLSThatIsAskedInTheClearSaysSo() throws {
    let relay = try relay("IP:127.0.0.1")
    let session = try SparkSession(SparkAddress("sc://127.0.0.1:\(relay.port)"))
    let error = #expect(throws: SparkError.self) {
      let result = try session.run("SELECT 1", progress: { _ in })
      while try result.next() != nil {}
    }
    #expect(
      error.map { "\($0)" }?.contains("if it expects TLS, add use_ssl=true") == true, "\(String(describing: error))")
  }
}
