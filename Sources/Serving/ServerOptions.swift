import Learn

/// What a server tells about a row.
public enum AnswerField: String, Codable, Sendable, CaseIterable {
  case predictedLabel = "predicted_label"
  /// That of the predicted label.
  case probability
  /// Those of all classes, in the order of `labels`.
  case probabilities
  case labels

  /// The fields that a list names, in its order.
  ///
  /// - Throws: `ServingError.field`.
  public static func list(_ text: String) throws -> [AnswerField] {
    try text.split(separator: ",").map { part in
      let name = String(part).trimmed
      guard let field = AnswerField(rawValue: name) else { throw ServingError.field(name) }
      return field
    }
  }
}

/// How a server is set up.
public struct ServerOptions: Codable, Hashable, Sendable {
  public var host: String
  /// 0 takes one that is free.
  public var port: Int
  /// What a request has to bring along as `Authorization: Bearer …`; nil asks for nothing.
  public var token: String?
  public var fields: [AnswerField]
  /// Bytes of a request's body at most.
  public var bodyLimit: Int
  /// Seconds in which a request has to arrive, and in which it is answered.
  public var readSeconds: Double
  public var answerSeconds: Double
  /// Seconds that a connection may rest between two requests.
  public var idleSeconds: Double
  public var connectionLimit: Int
  /// Event loops; nil for one a processor.
  public var threads: Int?

  /// The limits of a hosted endpoint: a body of 6 MiB, an answer within a minute.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, token: String? = nil, fields: [AnswerField] = [.predictedLabel],
    bodyLimit: Int = 6_291_456, readSeconds: Double = 30, answerSeconds: Double = 60, idleSeconds: Double = 75,
    connectionLimit: Int = 1024, threads: Int? = nil
  ) {
    (self.host, self.port, self.token, self.fields) = (host, port, token, fields)
    (self.bodyLimit, self.readSeconds, self.answerSeconds) = (bodyLimit, readSeconds, answerSeconds)
    (self.idleSeconds, self.connectionLimit, self.threads) = (idleSeconds, connectionLimit, threads)
  }

  /// Whether only this machine reaches the server.
  public var isLoopback: Bool { ["localhost", "::1"].contains(host) || host.hasPrefix("127.") }
}

/// Why a model cannot be served.
public enum ServingError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotListen(host: String, port: Int, reason: String)
  case field(String)
  /// The model predicts numbers, which have no probabilities.
  case noClasses(AnswerField)
  case token(file: String, reason: String)
  case log(file: String, reason: String)

  public var description: String {
    switch self {
    case .cannotListen(let host, let port, let reason):
      "Port \(port) of \(host) cannot be listened on (\(reason)). Choose another with --port, or 0 for any that is free."
    case .field(let name):
      "There is no field \"\(name)\" of an answer: choose among "
        + AnswerField.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .noClasses(let field):
      "The model predicts numbers, which have no \(field.rawValue): its only field is predicted_label."
    case .token(let file, let reason): "\(file): \(reason). Write one word of 8 characters or more into it."
    case .log(let file, let reason): "\(file): the request log cannot be written (\(reason))."
    }
  }
}

extension String {
  /// Without blanks and line ends around it.
  var trimmed: String {
    var text = Substring(self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop { $0.isWhitespace })
  }
}
