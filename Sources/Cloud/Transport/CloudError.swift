import Foundation

/// What went wrong with a cloud service: what failed, where, and what to do about it.
public struct CloudError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  public enum Problem: Hashable, Sendable {
    /// Nothing says who is asking.
    case noCredentials
    /// The signature or the key is wrong.
    case wrongCredentials
    case expiredCredentials
    case denied
    case noBucket, noObject, notFound
    case throttled
    case unavailable
    /// The body ended early.
    case incomplete
    case unreachable
    case changed
    case readOnly
    case settings
    case conflict
    /// Something that a person wrote cannot be meant.
    case usage
    case other
  }

  public var problem: Problem
  /// A URI, a host or a variable.
  public var location: String?
  /// A clause that says what failed, without a full stop.
  public var what: String
  /// A sentence that says what to do.
  public var advice: String?
  /// The service's own name for the failure, for example `NoSuchBucket`.
  public var code: String?
  public var status: Int?

  public init(
    _ problem: Problem, location: String? = nil, what: String, advice: String? = nil, code: String? = nil,
    status: Int? = nil
  ) {
    self.problem = problem
    self.location = location
    self.what = what
    self.advice = advice
    self.code = code
    self.status = status
  }

  /// `s3://lake/a.csv: there is no such object (NoSuchKey). Check the key with assay s3 ls.`
  public var description: String {
    let named = what + (code.map { what.contains($0) ? "" : " (\($0))" } ?? "")
    return (location.map { $0 + ": " } ?? "") + named + "." + (advice.map { " " + $0 } ?? "")
  }

  public var errorDescription: String? { description }

  /// True where the same call may succeed a moment later.
  var mayPass: Bool {
    switch problem {
    case .throttled, .unavailable, .unreachable, .incomplete: true
    default: false
    }
  }
}

extension CloudError {
  private static let throttling: Set = [
    "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled", "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "ProvisionedThroughputExceededException", "PriorRequestNotComplete", "LimitExceededException", "Throttled",
  ]
  private static let expired: Set = [
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "ExpiredTokenIdentification",
  ]
  private static let wrong: Set = [
    "SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException",
    "InvalidSignatureException", "AuthFailure", "InvalidToken", "IncompleteSignature", "NotSignedUp",
  ]
  static let skewed: Set = ["RequestTimeTooSkewed", "RequestInTheFuture"]

  /// The sentence for an answer that is no success.
  /// - Parameters:
  ///   - code: what the service calls it; empty where it said nothing.
  ///   - origin: where the credentials come from.
  static func answer(
    status: Int, code: String, message: String, location: String, origin: String, isBucket: Bool = false
  ) -> CloudError {
    let (problem, what, advice) = sentence(status, code, message, origin, isBucket)
    return CloudError(
      problem, location: location, what: what, advice: advice, code: code.isEmpty ? "HTTP \(status)" : code,
      status: status)
  }

  private static func sentence(
    _ status: Int, _ code: String, _ message: String, _ origin: String, _ isBucket: Bool
  ) -> (Problem, String, String?) {
    if throttling.contains(code) || status == 429 || (status == 503 && code.isEmpty) {
      return (.throttled, "the service asks for fewer calls", "Wait a moment and try again.")
    }
    if expired.contains(code) {
      return (.expiredCredentials, "the credentials from \(origin) have expired", "Sign in again, or renew them.")
    }
    if code == "InvalidAccessKeyId" || code == "InvalidClientTokenId" || code == "UnrecognizedClientException" {
      return (
        .wrongCredentials, "the access key from \(origin) is not known here",
        "Check the key, and which endpoint is meant."
      )
    }
    if wrong.contains(code) {
      return (
        .wrongCredentials, "the secret from \(origin) does not fit its access key",
        "Check AWS_SECRET_ACCESS_KEY or the profile."
      )
    }
    if skewed.contains(code) {
      return (.wrongCredentials, "this machine's clock differs too much from the service's", "Set the clock.")
    }
    switch code {
    case "NoSuchBucket": return (.noBucket, "there is no such bucket", "See the buckets with assay s3 ls.")
    case "NoSuchKey": return (.noObject, "there is no such object", "See what is there with assay s3 ls.")
    case "EntityNotFoundException": return (.notFound, sentence(message, or: "there is no such thing"), nil)
    case "AlreadyExistsException", "BucketAlreadyExists", "BucketAlreadyOwnedByYou":
      return (.conflict, sentence(message, or: "it exists already"), nil)
    case "PreconditionFailed":
      return (.changed, "the object has changed since it was looked at", "Read it again.")
    case "InvalidRange": return (.changed, "the object is shorter than it was", "Read it again.")
    default: break
    }
    if ["AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden"].contains(code) || status == 403 {
      return (
        .denied, "the credentials from \(origin) may not do this",
        "Ask the owner for the right, or choose another profile with AWS_PROFILE."
      )
    }
    if status == 401 { return (.wrongCredentials, "the credentials from \(origin) are not accepted", nil) }
    if status == 404 {
      return isBucket
        ? (.noBucket, "there is no such bucket", "See the buckets with assay s3 ls.")
        : (.noObject, "there is no such object", "See what is there with assay s3 ls.")
    }
    if status == 412 { return (.changed, "the object has changed since it was looked at", "Read it again.") }
    if status >= 500 || code == "RequestTimeout" || code == "InternalError" {
      return (.unavailable, sentence(message, or: "the service failed"), "Try again in a moment.")
    }
    return (.other, sentence(message, or: "the service refused"), nil)
  }

  /// A message as a clause: its first sentence, in small letters at the beginning.
  private static func sentence(_ message: String, or usual: String) -> String {
    var text = message.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingCharacters(in: .whitespaces)
    while text.last == "." { text.removeLast() }
    if text.isEmpty { return usual }
    return String(text.prefix(300))
  }
}
