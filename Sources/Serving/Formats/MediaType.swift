// What requests and answers are written in.

/// A format of requests and answers.
enum BodyFormat: CaseIterable {
  case csv, json, jsonLines

  var mediaType: String {
    switch self {
    case .csv: "text/csv"
    case .json: "application/json"
    case .jsonLines: "application/jsonlines"
    }
  }

  init?(mediaType: String) {
    switch mediaType {
    case "text/csv", "application/csv": self = .csv
    case "application/json": self = .json
    case "application/jsonlines", "application/x-jsonlines", "application/jsonl", "application/x-ndjson":
      self = .jsonLines
    default: return nil
    }
  }

  static let all = allCases.map(\.mediaType).joined(separator: ", ")
}

/// A media type with its parameters, in small letters: `text/csv; header=present`.
struct MediaType {
  let name: String
  let parameters: [String: String]

  init(_ text: String) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmed.lowercased() }
    name = parts.first ?? ""
    var parameters: [String: String] = [:]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      if pair.count == 2 { parameters[pair[0]] = pair[1].filter { $0 != "\"" } }
    }
    self.parameters = parameters
  }

  /// The format that an `Accept` header asks for first; `preferred` where it takes anything.
  ///
  /// - Throws: `Refusal` where none is to be had.
  static func accepted(_ header: String, preferred: BodyFormat) throws -> BodyFormat {
    if header.isEmpty || header == "*/*" { return preferred }
    let wanted = header.split(separator: ",").map { MediaType(String($0)) }
    // A sort that keeps the order of equals.
    let ranked = wanted.enumerated().sorted { left, right in
      let (a, b) = (left.element.quality, right.element.quality)
      return a == b ? left.offset < right.offset : a > b
    }
    for (_, type) in ranked where type.quality > 0 {
      if let format = BodyFormat(mediaType: type.name) { return format }
      if type.name == "*/*" { return preferred }
      if type.name == "text/*" { return .csv }
      if type.name == "application/*" { return preferred == .jsonLines ? .jsonLines : .json }
    }
    throw Refusal(.notAcceptable, "no answer can be written as \(header.prefix(80)); there are \(BodyFormat.all)")
  }

  private var quality: Double { parameters["q"].flatMap { Double($0) } ?? 1 }
}

/// Why a request gets no prediction.
struct Refusal: Error {
  enum Status: Int {
    case badRequest = 400
    case unauthorized = 401
    case notFound = 404
    case methodNotAllowed = 405
    case notAcceptable = 406
    case timeout = 408
    case tooLarge = 413
    case unsupported = 415
    case failed = 500
    case unavailable = 503
  }

  let status: Status
  let message: String

  init(_ status: Status, _ message: String) { (self.status, self.message) = (status, message) }

  /// `{"error":"…","status":400}`.
  var body: [UInt8] {
    var bytes = Array(#"{"error":"#.utf8)
    AnswerWriter.append(json: message, to: &bytes)
    bytes += Array(#","status":\#(status.rawValue)}"#.utf8) + [10]
    return bytes
  }
}
