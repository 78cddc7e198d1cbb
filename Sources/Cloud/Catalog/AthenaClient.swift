import Foundation
import Jobs

/// How far a query of Athena is.
public struct AthenaExecution: Sendable {
  public var id: String
  /// `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
  public var state: String
  public var reason: String?
  /// Where the result is, in S3.
  public var output: String?
  public var bytesScanned: Int?
  public var milliseconds: Int?
  /// `DDL`, `DML` or `UTILITY`.
  public var kind: String?

  public var isFinal: Bool { ["SUCCEEDED", "FAILED", "CANCELLED"].contains(state) }
}

/// A result as text, as Athena hands it out.
public struct AthenaResult: Sendable {
  public struct Column: Codable, Hashable, Sendable {
    public var name: String
    public var type: String
  }
  public var columns: [Column]
  /// Nil is a missing value.
  public var rows: [[String?]]
}

/// Runs SQL over the catalogue.
public struct AthenaClient: Sendable {
  /// Dollars a terabyte, the public price of most regions; a query is charged ten megabytes at least.
  public static let dollarsPerTerabyte = 5.0

  public static func cost(bytes: Int) -> Double {
    max(Double(bytes), 10e6) / 1e12 * dollarsPerTerabyte
  }

  let service: JSONService
  let context: any JobContext

  public init(_ session: CloudSession, context: any JobContext = SilentContext()) {
    self.context = context
    service = JSONService(
      session: session, service: .athena, target: "AmazonAthena", canceller: CallCanceller(context))
  }

  private struct Start: Encodable {
    struct Context: Encodable {
      var Database: String?
      var Catalog: String?
    }
    struct Output: Encodable { var OutputLocation: String? }
    var QueryString: String
    var ClientRequestToken: String
    var QueryExecutionContext: Context?
    var ResultConfiguration: Output?
    var WorkGroup: String?
  }
  private struct Started: Decodable { var QueryExecutionId: String }

  /// Words that begin a statement which changes nothing.
  private static let reading: Set<String> = [
    "SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "DESC", "EXPLAIN",
  ]

  /// Whether something stands after a semicolon; those in texts, quoted names and comments end nothing.
  static func hasSeveralStatements(_ sql: String) -> Bool {
    var rest = Substring(sql)
    var hasEnded = false
    while let character = rest.first {
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        guard let end = rest.dropFirst(2).range(of: "*/") else { return false }
        rest = rest[end.upperBound...]
      } else if character == ";" {
        hasEnded = true
        rest.removeFirst()
      } else if hasEnded, !character.isWhitespace {
        return true
      } else if ["'", "\"", "`"].contains(character) {
        // A doubled quote ends one part and begins the next.
        rest = rest.dropFirst().drop { $0 != character }.dropFirst()
      } else {
        rest.removeFirst()
      }
    }
    return false
  }

  /// Whether there is one statement that only reads, by its first word; comments and parentheses before it do not count.
  public static func onlyReads(_ sql: String) -> Bool {
    if hasSeveralStatements(sql) { return false }
    var rest = Substring(sql)
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "(" }
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*"), let end = rest.range(of: "*/") {
        rest = rest[end.upperBound...]
      } else {
        return reading.contains(rest.prefix { $0.isLetter }.uppercased())
      }
    }
  }

  /// Starts a query; the same token starts it once, however often it is sent. Where nothing may be changed only statements
  /// that read are taken.
  public func start(
    _ sql: String, database: String? = nil, output: String? = nil, workgroup: String? = nil
  ) throws -> String {
    guard sql.utf8.count <= 262_144 else {
      throw CloudError(.usage, location: "athena", what: "the query is longer than the 262,144 bytes that Athena takes")
    }
    guard !service.session.settings.isReadOnly || Self.onlyReads(sql) else {
      throw service.session.settings.readOnlyRefusal(
        "athena", what: "the statement may change something, and assay is read-only here")
    }
    let start = Start(
      QueryString: sql, ClientRequestToken: UUID().uuidString,
      QueryExecutionContext: database.map { .init(Database: $0) },
      ResultConfiguration: output.map { .init(OutputLocation: $0) }, WorkGroup: workgroup)
    let answer: Started = try service.ask("StartQueryExecution", start, location: "athena")
    return answer.QueryExecutionId
  }

  private struct Look: Decodable {
    struct Execution: Decodable {
      struct Status: Decodable {
        var State: String
        var StateChangeReason: String?
      }
      struct Output: Decodable { var OutputLocation: String? }
      struct Statistics: Decodable {
        var DataScannedInBytes: Int?
        var EngineExecutionTimeInMillis: Int?
      }
      var Status: Status
      var StatementType: String?
      var ResultConfiguration: Output?
      var Statistics: Statistics?
    }
    var QueryExecution: Execution
  }

  public func look(_ id: String) throws -> AthenaExecution {
    let answer: Look = try service.ask("GetQueryExecution", ["QueryExecutionId": id], location: "athena")
    let found = answer.QueryExecution
    return AthenaExecution(
      id: id, state: found.Status.State, reason: found.Status.StateChangeReason,
      output: found.ResultConfiguration?.OutputLocation, bytesScanned: found.Statistics?.DataScannedInBytes,
      milliseconds: found.Statistics?.EngineExecutionTimeInMillis, kind: found.StatementType)
  }

  public func stop(_ id: String) throws {
    let _: NoAnswer = try service.ask("StopQueryExecution", ["QueryExecutionId": id], location: "athena")
  }

  /// Waits for a query. When the work is cancelled the query is stopped too, so that nobody pays for the rest.
  /// - Parameter watch: told how far it is each time that it was asked.
  public func wait(_ id: String, watch: (AthenaExecution) -> Void = { _ in }) throws -> AthenaExecution {
    var pause = 0.1
    do {
      while true {
        let now = try look(id)
        watch(now)
        let scanned = now.bytesScanned.map { ", \($0) bytes scanned" } ?? ""
        context.report(nil, "Athena: \(now.state.lowercased())\(scanned)")
        if now.isFinal {
          guard now.state == "SUCCEEDED" else {
            throw CloudError(
              .other, location: "athena", what: now.reason ?? "the query ended as \(now.state)", code: now.state)
          }
          return now
        }
        try service.canceller.sleep(seconds: pause)
        pause = min(pause * 1.5, 1)
      }
    } catch let cancelled as JobCancelled {
      let free = AthenaClient(service.session)
      try? free.stop(id)
      throw cancelled
    }
  }

  private struct Page: Decodable {
    struct Set: Decodable {
      struct Row: Decodable {
        struct Datum: Decodable { var VarCharValue: String? }
        var Data: [Datum]?
      }
      struct Metadata: Decodable {
        struct Info: Decodable {
          var Name: String
          var `Type`: String
          var Precision: Int?
          var Scale: Int?

          /// With precision and scale for decimals, such as `decimal(10,2)`.
          var type: String {
            guard self.Type == "decimal", let Precision, let Scale else { return self.Type }
            return "decimal(\(Precision),\(Scale))"
          }
        }
        var ColumnInfo: [Info]?
      }
      var Rows: [Row]?
      var ResultSetMetadata: Metadata?
    }
    var ResultSet: Set
    var NextToken: String?
  }

  /// One part of a result, a thousand rows at most.
  /// - Parameter next: of the part before.
  public func page(_ id: String, next: String? = nil) throws -> (part: AthenaResult, next: String?) {
    var body = ["QueryExecutionId": id]
    body["NextToken"] = next
    let page: Page = try service.ask("GetQueryResults", body, location: "athena")
    let columns = (page.ResultSet.ResultSetMetadata?.ColumnInfo ?? []).map {
      AthenaResult.Column(name: $0.Name, type: $0.type)
    }
    var rows = (page.ResultSet.Rows ?? []).map { ($0.Data ?? []).map(\.VarCharValue) }
    // The first row of a SELECT repeats the names.
    if next == nil, rows.first == columns.map({ Optional($0.name) }) { rows.removeFirst() }
    return (AthenaResult(columns: columns, rows: rows), page.NextToken)
  }

  /// The whole result through the service, a thousand rows a call; large ones are better read from `output`.
  public func result(_ id: String, limit: Int = .max) throws -> AthenaResult {
    var (result, next) = try page(id)
    while let token = next, result.rows.count < limit {
      let more = try page(id, next: token)
      result.rows += more.part.rows
      next = more.next
    }
    return result
  }
}
