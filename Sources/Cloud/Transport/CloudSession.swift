import Foundation
import Jobs
import Numerics
import Synchronization

/// Talks to the services of one account: signs, retries with growing and random pauses, follows a bucket to its region,
/// and keeps step with the services' clock. Shared by any number of jobs.
public final class CloudSession: Sendable {
  private struct State {
    /// Seconds that the services are ahead of this machine.
    var skew: TimeInterval = 0
    /// Where a bucket turned out to be.
    var regions: [String: String] = [:]
    /// What is left to spend on second attempts: a service that fails for all must not be asked three times by each.
    var retryBudget = 500
  }

  public let settings: CloudSettings
  let transport = HTTPTransport()
  let credentials: CredentialProvider
  private let state = Mutex(State())

  public init(_ settings: CloudSettings) {
    self.settings = settings
    credentials = CredentialProvider(settings, transport)
  }

  /// What calls are signed with now; renewed shortly before they expire.
  /// - Throws: `CloudError` that says where they were looked for.
  public func currentCredentials(_ context: any JobContext = SilentContext()) throws -> Credentials {
    try credentials.current(CallCanceller(context))
  }

  func region(of bucket: String) -> String? { state.withLock { $0.regions[bucket] } }
  func note(region: String, of bucket: String) { state.withLock { $0.regions[bucket] = region } }

  /// One call, as its service sees it.
  struct Call {
    var service: CloudService
    var method = "GET"
    var bucket: String?
    /// After the endpoint and the bucket, with a slash at the beginning, not encoded.
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [String: String] = [:]
    var body: Data?
    /// What errors name.
    var location: String
    var acceptsMissing = false
  }

  /// Sends a call until it succeeds or there is no point in going on.
  /// - Parameters:
  ///   - sink: takes the body piece by piece.
  ///   - hasProgress: true once the sink has taken something, so that a repeat would give it twice.
  func send(
    _ call: Call, _ canceller: CallCanceller, sink: ((Data) throws -> Void)? = nil, hasProgress: () -> Bool = { false }
  ) throws -> HTTPResponse {
    var attempt = 1
    var (hasRenewed, hasSynchronised, redirects) = (false, false, 0)
    while true {
      let credentials = try credentials.current(canceller)
      var failure: CloudError
      do {
        let response = try send(call, credentials, canceller, sink)
        if (200..<300).contains(response.status) || (call.acceptsMissing && response.status == 404) {
          earnRetry()
          return response
        }
        failure = ServiceFault(response).error(at: call, origin: credentials.origin)
        if let region = redirect(response, call), redirects < 2 {
          redirects += 1
          note(region: region, of: call.bucket ?? "")
          continue
        }
        if isSkewed(failure, response), !hasSynchronised, synchronise(response) {
          hasSynchronised = true
          continue
        }
        if failure.problem == .expiredCredentials, !hasRenewed, try self.credentials.renew(canceller) {
          hasRenewed = true
          continue
        }
      } catch let error as CloudError {
        failure = error
        if failure.location?.hasPrefix(call.location) != true, failure.problem != .noCredentials {
          failure.location = [call.location, failure.location].compactMap { $0 }.joined(separator: ", ")
        }
      }
      guard failure.mayPass, attempt < settings.attempts, !hasProgress(), spendRetry() else {
        throw attempt > 1 && failure.mayPass ? failure.after(attempts: attempt) : failure
      }
      let pause = min(settings.backoff * pow(2, Double(attempt - 1)), 20) * Double.random(in: 0...1)
      try canceller.sleep(seconds: pause)
      attempt += 1
    }
  }

  /// What works fills the budget again, or a long session would have none left for its last hour.
  private func earnRetry() { state.withLock { $0.retryBudget = min($0.retryBudget + 1, 500) } }

  private func spendRetry() -> Bool {
    state.withLock { state in
      guard state.retryBudget >= 5 else { return false }
      state.retryBudget -= 5
      return true
    }
  }

  private func send(
    _ call: Call, _ credentials: Credentials, _ canceller: CallCanceller, _ sink: ((Data) throws -> Void)?
  ) throws -> HTTPResponse {
    let region = call.bucket.flatMap { self.region(of: $0) } ?? settings.region
    let (endpoint, path) = try address(call, region: region)
    let body = call.body ?? Data()
    let hash = body.withUnsafeBytes { SHA256.hex($0) }
    var headers = call.headers
    headers["host"] = endpoint.authority
    // Without one, URLSession would send that of a form.
    if headers["content-type"] == nil, call.method == "PUT" || call.method == "POST" {
      headers["content-type"] = "application/octet-stream"
    }
    let signer = RequestSigner(credentials: credentials, region: region, service: call.service.rawValue)
    let date = Date(timeIntervalSinceNow: state.withLock { $0.skew })
    let signed = signer.sign(
      method: call.method, path: path, query: call.query, headers: headers, bodyHash: hash, at: date)
    let query = PercentEncoding.query(call.query)
    let url =
      "\(endpoint.scheme)://\(endpoint.authority)\(PercentEncoding.encode(path, keepsSlash: true))"
      + (query.isEmpty ? "" : "?" + query)
    let request = HTTPRequest(method: call.method, url: url, headers: signed, body: call.body)
    return try transport.send(request, canceller, sink: sink)
  }

  /// Where a call goes, and its path there.
  private func address(_ call: Call, region: String) throws -> (Endpoint, path: String) {
    let own = try settings.endpoint(call.service)
    let endpoint = own ?? Endpoint(call.service, region: region)
    guard let bucket = call.bucket else { return (endpoint, endpoint.path + call.path) }
    // A dot in a bucket's name fits no certificate.
    if try settings.usesPathStyle() || bucket.contains(".") || bucket.lowercased() != bucket {
      return (endpoint, endpoint.path + "/\(bucket)" + (call.path == "/" ? "" : call.path))
    }
    return (Endpoint(scheme: endpoint.scheme, host: bucket + "." + endpoint.authority), endpoint.path + call.path)
  }

  /// The region that an answer sends a bucket's calls to; nil where it does not.
  private func redirect(_ response: HTTPResponse, _ call: Call) -> String? {
    guard let bucket = call.bucket, [301, 307, 400, 403].contains(response.status) else { return nil }
    let fault = ServiceFault(response)
    let named = response.headers["x-amz-bucket-region"] ?? fault.region
    guard let named, !named.isEmpty, named != (region(of: bucket) ?? settings.region) else { return nil }
    return named
  }

  private func isSkewed(_ error: CloudError, _ response: HTTPResponse) -> Bool {
    guard let code = error.code else { return false }
    if CloudError.skewed.contains(code) { return true }
    guard ["InvalidSignatureException", "AuthFailure", "SignatureDoesNotMatch", "RequestExpired"].contains(code),
      let date = response.headers["date"].flatMap({ CivilDate.header($0) })
    else { return false }
    let ahead = date.timeIntervalSinceNow - state.withLock { $0.skew }
    return abs(ahead) > 240
  }

  /// Takes over the service's clock. False where it said no time.
  private func synchronise(_ response: HTTPResponse) -> Bool {
    guard let date = response.headers["date"].flatMap({ CivilDate.header($0) }) else { return false }
    state.withLock { $0.skew = date.timeIntervalSinceNow }
    return true
  }
}

extension CloudError {
  func after(attempts: Int) -> CloudError {
    var error = self
    error.what += ", \(attempts) times in a row"
    return error
  }
}

/// What an answer that is no success says of itself, in XML or JSON.
struct ServiceFault {
  let status: Int
  var code = ""
  var message = ""
  var region: String?

  init(_ response: HTTPResponse) {
    status = response.status
    let text = String(decoding: response.body.prefix(64 << 10), as: UTF8.self)
    if text.contains("<"), let root = XMLNode(text) {
      let error = root.name == "Error" ? root : root.first("Error") ?? root
      code = error["Code"] ?? ""
      message = error["Message"] ?? ""
      region = error["Region"]
    } else if let object = try? JSONSerialization.jsonObject(with: response.body) as? [String: Any] {
      let type = object["__type"] as? String ?? object["code"] as? String ?? ""
      code = type.split(separator: "#").last.map(String.init) ?? type
      message = object["message"] as? String ?? object["Message"] as? String ?? ""
    }
    if code.isEmpty, let header = response.headers["x-amzn-errortype"] {
      code = header.split(separator: ":").first.map(String.init) ?? header
    }
  }

  func error(at call: CloudSession.Call, origin: String) -> CloudError {
    CloudError.answer(
      status: status, code: code, message: message, location: call.location, origin: origin,
      isBucket: call.bucket != nil && call.path == "/")
  }
}
