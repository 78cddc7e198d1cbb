import Foundation

/// What went wrong between assay and a Spark cluster: what failed, where, and what to do.
public enum SparkError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  /// The address of a server cannot be read.
  case badAddress(String, why: String)
  /// Nothing answers there.
  case unreachable(address: String, why: String)
  /// Who answers cannot prove to be the server.
  case notTrusted(address: String, why: String)
  /// A file of certificates cannot be used.
  case badAuthority(String, why: String)
  /// The connection ended while something was under way.
  case connectionLost(address: String, why: String)
  /// The connection stands, and nothing comes over it, not even that the server is there.
  case silent(address: String, seconds: Int)
  /// Rows are missing, or came twice, after a connection was made again.
  case rowsLost(address: String)
  /// Spark has an error of its own, with its class and SQLSTATE.
  case failed(message: String, errorClass: String?, sqlState: String?)
  /// The server asks for a token, or refuses the one that it got.
  case notAllowed(String)
  /// An answer that is not what the protocol says.
  case protocolViolation(String)

  public var description: String {
    switch self {
    case .badAddress(let text, let why):
      "\(text) is no address of Spark Connect: \(why). Write sc://HOST:PORT, such as sc://localhost:15002."
    case .unreachable(let address, let why):
      "\(address) does not answer: \(why). Is Spark's Connect server running there (sbin/start-connect-server.sh)?"
    case .notTrusted(let address, let why): "\(address) is not trusted: \(why)."
    case .badAuthority(let path, let why):
      "\(path) cannot say whom to trust: \(why). Give a PEM file with the certificate of the authority that signs for the "
        + "cluster: ASSAY_SPARK_CA, or spark_ca in config.toml."
    case .connectionLost(let address, let why): "The connection to \(address) was lost: \(why)."
    case .silent(let address, let seconds):
      "\(address) no longer answers: nothing has come for \(seconds) s, not even a sign that it is there. Its driver hangs or was "
        + "stopped, or the network between is cut. Run it again once the server answers."
    case .rowsLost(let address):
      "The connection to \(address) was lost, and what came after it does not go on where that ended: rows would be missing. "
        + "Run it again."
    case .failed(let message, let errorClass, let state):
      [errorClass.map { "[\($0)]" }, state.map { "SQLSTATE \($0):" }, Self.sentence(message, without: errorClass)]
        .compactMap { $0 }.joined(separator: " ")
    case .notAllowed(let why): "Spark refuses: \(why). Give a token: sc://HOST:PORT/;token=…;use_ssl=true."
    case .protocolViolation(let what): "Spark Connect answered with \(what), which assay cannot read."
    }
  }

  /// True where the line is at fault: over a new one the server may go on where it was.
  var mayBeMended: Bool {
    switch self {
    case .connectionLost, .silent: true
    default: false
    }
  }

  /// True where a new session is needed, since this one is lost or forgotten.
  public var endsSession: Bool {
    switch self {
    case .connectionLost, .silent: true
    case .failed(_, let errorClass, _): errorClass?.hasPrefix("INVALID_HANDLE") == true
    default: false
    }
  }

  public var errorDescription: String? { description }

  /// The message without its class, which Spark writes in front, and without its SQLSTATE at the end.
  private static func sentence(_ message: String, without errorClass: String?) -> String {
    var text = message.drop { $0.isWhitespace }
    if let errorClass, text.hasPrefix("[\(errorClass)]") { text = text.dropFirst(errorClass.count + 2) }
    if let state = text.range(of: " SQLSTATE: ") { text = text[..<state.lowerBound] }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
