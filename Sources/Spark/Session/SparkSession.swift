// A session of Spark Connect. Field numbers are those of base.proto, commands.proto and relations.proto of Apache Spark 3.4 to 4.x:
// https://github.com/apache/spark/tree/master/sql/connect/common/src/main/protobuf/spark/connect

import Foundation
import Jobs
import Synchronization

/// Settings and queries of one client on a cluster. Calls may come from any thread.
public final class SparkSession: Sendable {
  public let address: SparkAddress
  private let wire: Mutex<Wire>
  private let id = UUID().uuidString.lowercased()
  private static let client = "assay"
  private let patience: Patience

  /// Connects; the session itself begins with its first call.
  ///
  /// - Throws: `SparkError.unreachable`.
  public convenience init(_ address: SparkAddress) throws { try self.init(address, patience: Patience()) }

  init(_ address: SparkAddress, patience: Patience) throws {
    (self.address, self.patience) = (address, patience)
    wire = Mutex(try Wire(address, patience: patience))
  }

  /// `session_id` and `user_context`, with which each request begins.
  private var head: ProtoMessage {
    ProtoMessage().with(1, id).with(2, ProtoMessage().with(1, address.user).with(2, address.user))
  }

  private func unary(
    _ method: String, _ request: ProtoMessage, within seconds: Double? = nil
  ) throws -> [ProtoField] {
    var fields: [ProtoField] = []
    try wire.withLock({ $0 }).call(method, request, within: seconds) { fields += try ProtoField.all(of: $0[...]) }
    return fields
  }

  /// What is only said to the server for good order: whoever waits for it does not wait long.
  private static let patience = 3.0

  /// The version of Spark, such as 4.1.0.
  public func version() throws -> String {
    let answer = try unary("AnalyzePlan", head.with(3, Self.client).with(10, ProtoMessage()))
    return try answer.first(8).flatMap { try ProtoField.all(of: $0.bytes).first(1)?.text } ?? ""
  }

  /// Sets options of the session, such as `spark.sql.ansi.enabled`.
  public func set(_ options: [String: String]) throws {
    var pairs = ProtoMessage()
    for (key, value) in options.sorted(by: { $0.key < $1.key }) {
      pairs = pairs.with(1, ProtoMessage().with(1, key).with(2, value))
    }
    _ = try unary("Config", head.with(3, ProtoMessage().with(1, pairs)).with(4, Self.client))
  }

  /// Stops one execution of this session. Nothing happens where it has ended.
  func interrupt(_ operation: String) throws {
    _ = try unary("Interrupt", head.with(3, Self.client).with(4, 3).with(6, operation), within: Self.patience)
  }

  /// Ends the session on the server.
  public func close() { _ = try? unary("ReleaseSession", head.with(3, Self.client), within: Self.patience) }

  /// Runs a statement. Commands, such as CREATE TABLE, are done when this returns; a query's rows come from the result.
  ///
  /// - Parameter progress: called as the cluster tells of it, on the thread that reads the answer.
  /// - Throws: `SparkError`, and `JobCancelled` once the cluster was told to stop.
  public func run(
    _ sql: String, context: any JobContext = SilentContext(), progress: @escaping @Sendable (SparkProgress) -> Void
  ) throws -> SparkResult {
    // As Spark's own clients do: the command runs what has effects, and gives a relation to collect from.
    let relation = ProtoMessage().with(10, ProtoMessage().with(1, sql))
    let command = ProtoMessage().with(2, ProtoMessage().with(5, ProtoMessage().with(6, relation)))
    let first = execute(command, context: context, progress: progress)
    var collected: [UInt8]?
    var batches: [[UInt8]] = []
    while let item = try first.nextPart() {
      switch item {
      case .batch(let bytes): batches.append(bytes)
      case .relation(let bytes): collected = bytes
      }
    }
    guard let collected else { return SparkResult(batches) }
    return SparkResult(execute(ProtoMessage().with(1, collected), context: context, progress: progress))
  }

  private func execute(
    _ plan: ProtoMessage, context: any JobContext, progress: @escaping @Sendable (SparkProgress) -> Void
  ) -> SparkExecution {
    SparkExecution(self, plan: plan, context: context, progress: progress)
  }

  // MARK: What an execution asks

  /// Begins an execution that outlives its connection.
  func begin(_ plan: ProtoMessage, operation: String, context: any JobContext, take: ([UInt8]) throws -> Void) throws {
    let reattachable = ProtoMessage().with(1, ProtoMessage().with(1, 1))
    let request = head.with(3, plan).with(4, Self.client).with(5, reattachable).with(6, operation)
    try wire.withLock({ $0 }).call("ExecutePlan", request, context: context, take: take)
  }

  /// Goes on after the last response that came.
  func reattach(
    _ operation: String, after response: String?, context: any JobContext, take: ([UInt8]) throws -> Void
  ) throws {
    var request = head.with(3, operation).with(4, Self.client)
    if let response { request = request.with(5, response) }
    try wire.withLock({ $0 }).call("ReattachExecute", request, context: context, take: take)
  }

  /// Lets the server forget what it keeps of an execution.
  func release(_ operation: String) {
    let request = head.with(3, operation).with(4, Self.client).with(5, ProtoMessage())
    _ = try? unary("ReleaseExecute", request, within: Self.patience)
  }

  /// A new connection in place of one that was lost.
  func reconnect() throws {
    let fresh = try Wire(address, patience: patience)
    wire.withLock { $0 = fresh }
  }
}
