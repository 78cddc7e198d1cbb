import Foundation

/// Where a Spark Connect server listens: `sc://HOST:PORT/;token=…;use_ssl=true;user_id=…`.
/// Source: https://github.com/apache/spark/blob/master/sql/connect/docs/client-connection-string.md
public struct SparkAddress: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  public let port: Int
  public let usesTLS: Bool
  /// Sent with each call; never printed.
  let token: String?
  public let user: String
  /// A PEM file with the certificates that sign for the server, in place of the system's; nil trusts the system's.
  public let authority: String?
  /// Further headers of each call, in lower case.
  let headers: [Header]

  struct Header: Hashable, Sendable {
    let name: String
    let value: String
  }

  /// Without token and headers.
  public var description: String { "sc://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// - Parameter authority: a PEM file with the certificates that sign for the server, in place of the system's.
  /// - Throws: `SparkError.badAddress`.
  public init(_ text: String, authority: String? = nil) throws {
    func bad(_ why: String) -> SparkError {
      // What follows the semicolon may be a token.
      .badAddress(String(text.prefix { $0 != ";" }), why: why)
    }
    guard let scheme = text.range(of: "sc://"), scheme.lowerBound == text.startIndex else {
      throw bad("it does not begin with sc://")
    }
    let rest = text[scheme.upperBound...]
    let target = rest.prefix { $0 != "/" && $0 != ";" }
    var path = rest.dropFirst(target.count)
    if path.first == "/" { path = path.dropFirst() }
    guard path.isEmpty || path.first == ";" else { throw bad("it has a path") }

    var name = target
    var port = 15_002
    if let colon = target.lastIndex(of: ":"), target[colon...].firstIndex(of: "]") == nil {
      name = target[..<colon]
      guard let number = Int(target[target.index(after: colon)...]), (1...65_535).contains(number) else {
        throw bad("its port is no number from 1 to 65535")
      }
      port = number
    }
    let host = String(name).trimmingCharacters(in: ["[", "]"])
    guard !host.isEmpty else { throw bad("it names no host") }

    var usesTLS: Bool?
    var token: String?
    var user: String?
    var headers: [Header] = []
    for parameter in path.split(separator: ";") {
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding else {
        throw bad("its parameter \(parts[0]) has no value")
      }
      switch parts[0].lowercased() {
      case "use_ssl":
        guard let flag = ["true": true, "false": false][value.lowercased()] else {
          throw bad("use_ssl is neither true nor false")
        }
        usesTLS = flag
      case "token": token = value
      case "user_id": user = value
      case "session_id", "user_agent": break
      case let header: headers.append(Header(name: header, value: value))
      }
    }
    self.host = host
    self.authority = authority
    self.port = port
    // As Spark's own clients: a token goes over TLS.
    self.usesTLS = usesTLS ?? (token != nil)
    if token != nil, !self.usesTLS, !["localhost", "127.0.0.1", "::1"].contains(host) {
      throw bad("it would send a token in the open; set use_ssl=true")
    }
    self.token = token
    self.user = user ?? ProcessInfo.processInfo.environment["USER"] ?? "assay"
    self.headers = headers
  }
}
