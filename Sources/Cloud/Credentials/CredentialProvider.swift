import Foundation
import Jobs
import Synchronization

/// Finds credentials, keeps them, and renews those that end.
///
/// Looked for in this order: the environment (unless a profile was named), a web identity token, the profile (assumed
/// role, keys of the shared files, `credential_process`), the container, the machine (IMDSv2).
final class CredentialProvider: Sendable {
  /// Renewed this many seconds before they end.
  static let margin: TimeInterval = 300

  private let settings: CloudSettings
  private let transport: HTTPTransport
  private let kept = Mutex<Credentials?>(nil)
  /// One search at a time.
  private let search = NSLock()

  init(_ settings: CloudSettings, _ transport: HTTPTransport) {
    self.settings = settings
    self.transport = transport
  }

  /// Credentials that hold for a while.
  func current(_ canceller: CallCanceller) throws -> Credentials {
    if let kept = kept.withLock({ $0 }), Self.isFresh(kept) { return kept }
    while !search.lock(before: Date(timeIntervalSinceNow: 0.05)) { try canceller.checkCancelled() }
    defer { search.unlock() }
    let old = kept.withLock { $0 }
    if let old, Self.isFresh(old) { return old }
    do {
      let found = try CredentialSearch(settings, transport, canceller).find()
      kept.withLock { $0 = found }
      return found
    } catch let error as CloudError {
      // What still holds for a minute serves until the next attempt.
      if let old, let end = old.expiration, end.timeIntervalSinceNow > 0 { return old }
      throw error
    }
  }

  /// Looks for credentials anew after a service has refused them as expired. False where the same come again.
  func renew(_ canceller: CallCanceller) throws -> Bool {
    let old = kept.withLock { kept in
      defer { kept = nil }
      return kept
    }
    return try current(canceller) != old
  }

  private static func isFresh(_ credentials: Credentials) -> Bool {
    credentials.expiration.map { $0.timeIntervalSinceNow > margin } ?? true
  }
}

/// One search through the places where credentials may be.
struct CredentialSearch {
  let settings: CloudSettings
  let transport: HTTPTransport
  let canceller: CallCanceller

  init(_ settings: CloudSettings, _ transport: HTTPTransport, _ canceller: CallCanceller) {
    self.settings = settings
    self.transport = transport
    self.canceller = canceller
  }

  var environment: [String: String] { settings.environment }

  func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  func find() throws -> Credentials {
    if !settings.profileIsNamed, let found = try fromEnvironment() { return found }
    let isDefault = settings.profile == "default"
    if !isDefault, !settings.profiles.has(settings.profile) {
      let names = settings.profiles.names
      throw CloudError(
        .noCredentials, location: "AWS_PROFILE", what: "there is no profile \"\(settings.profile)\"",
        advice: names.isEmpty
          ? "Neither \(settings.profiles.configPath) nor \(settings.profiles.credentialsPath) has any."
          : "The profiles are: \(names.joined(separator: ", ")).")
    }
    if let found = try fromWebIdentity() { return found }
    if let found = try fromProfile(settings.profile, chain: []) { return found }
    if let found = try fromContainer() { return found }
    if let found = try fromMachine() { return found }
    throw CloudError(
      .noCredentials, what: "no AWS credentials were found",
      advice: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for a profile of "
        + "\(settings.profiles.configPath).")
  }

  func fromEnvironment() throws -> Credentials? {
    let (key, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))
    guard let key, let secret else {
      guard key != nil || secret != nil else { return nil }
      let missing = key == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
      throw CloudError(.noCredentials, location: missing, what: "it is not set, though its partner is")
    }
    let token = variable("AWS_SESSION_TOKEN") ?? variable("AWS_SECURITY_TOKEN")
    return Credentials(
      accessKey: key, secret: Secret(secret), token: token.map(Secret.init), origin: "the environment")
  }

  func fromProfile(_ profile: String, chain: [String]) throws -> Credentials? {
    guard !chain.contains(profile) else {
      throw CloudError(
        .settings, location: settings.profiles.configPath,
        what: "the profiles \(chain.joined(separator: ", ")) name each other as source_profile")
    }
    let config = settings.profiles.settings(profile)
    let keys = settings.profiles.keys(profile)
    // A role that names itself as its source takes the keys beside it.
    if let role = config["role_arn"],
      chain.isEmpty || config["source_profile"] != nil || config["credential_source"] != nil
    {
      return try fromRole(role, profile, config, chain: chain)
    }
    if let found = staticKeys(keys, "the profile \(profile) of \(settings.profiles.credentialsPath)") { return found }
    if let command = config["credential_process"] ?? keys["credential_process"] {
      return try fromProcess(command, profile)
    }
    if let found = staticKeys(config, "the profile \(profile) of \(settings.profiles.configPath)") { return found }
    if config["sso_session"] != nil || config["sso_start_url"] != nil {
      throw CloudError(
        .noCredentials, location: "profile \(profile)", what: "it signs in through IAM Identity Center",
        advice: "Add credential_process = aws configure export-credentials --profile \(profile) to another profile, "
          + "and choose that one.")
    }
    return nil
  }

  private func staticKeys(_ settings: [String: String], _ origin: String) -> Credentials? {
    guard let key = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] else { return nil }
    return Credentials(
      accessKey: key, secret: Secret(secret), token: settings["aws_session_token"].map(Secret.init), origin: origin)
  }
}
