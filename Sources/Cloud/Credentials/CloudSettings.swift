import Foundation

/// Which account, region and servers are meant: what the environment and the shared files of AWS say.
public struct CloudSettings: Sendable {
  /// The profile in force, and whether somebody named it.
  public let profile: String
  let profileIsNamed: Bool
  public let region: String
  let environment: [String: String]
  let profiles: Profiles
  /// Refuses every call that changes something.
  public var isReadOnly: Bool
  /// What cannot be read of the switch that says so; nothing may be changed then.
  let readOnlyDoubt: String?
  /// Attempts for one call, the first included.
  var attempts: Int
  /// Seconds before the second attempt at most; doubled for each further one.
  var backoff: Double

  public static let usualRegion = "us-east-1"
  /// The variable in which a file of settings says what is wrong with its switch.
  private static let readOnlyReason = "ASSAY_S3_READ_ONLY_REASON"

  /// - Parameters:
  ///   - environment: variables as the AWS tools know them.
  ///   - profile: wins over `AWS_PROFILE`.
  ///   - region: wins over `AWS_REGION`.
  public init(environment: [String: String], profile: String? = nil, region: String? = nil, isReadOnly: Bool = false) {
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.environment = environment
    profiles = Profiles(environment: environment)
    profileIsNamed = profile != nil
    let profile = profile ?? given("AWS_DEFAULT_PROFILE") ?? given("AWS_PROFILE") ?? "default"
    self.profile = profile
    let settings = profiles.settings(profile)
    self.region =
      region ?? given("AWS_REGION") ?? given("AWS_DEFAULT_REGION") ?? settings["region"] ?? Self.usualRegion
    let word = given("ASSAY_S3_READ_ONLY")?.lowercased().trimmingCharacters(in: .whitespaces)
    self.isReadOnly = isReadOnly || word.map { !["0", "false", "no", "off"].contains($0) } ?? false
    let isUnclear = word.map { !["0", "false", "no", "off", "1", "true", "yes", "on"].contains($0) } ?? false
    readOnlyDoubt =
      given(Self.readOnlyReason)
      ?? (isUnclear ? "ASSAY_S3_READ_ONLY takes true or false, not \(given("ASSAY_S3_READ_ONLY") ?? "")" : nil)
    let wanted = (given("AWS_MAX_ATTEMPTS") ?? settings["max_attempts"]).flatMap { Int($0) } ?? 3
    attempts = min(max(wanted, 1), 10)
    backoff = 1
  }

  /// What is thrown where nothing may be changed.
  public func readOnlyRefusal(
    _ location: String, what: String = "nothing may be changed: assay is read-only here"
  ) -> CloudError {
    let advice =
      readOnlyDoubt.map { "\($0): a switch that cannot be read is on." }
      ?? "Leave --read-only away, s3_read_only in config.toml off, and ASSAY_S3_READ_ONLY at 0."
    return CloudError(.readOnly, location: location, what: what, advice: advice)
  }

  /// The address of a service that is set by hand, nil where it is AWS itself.
  /// - Throws: `CloudError` for an address that is none.
  public func endpoint(_ service: CloudService) throws -> Endpoint? {
    if ["1", "true"].contains(environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() ?? "") { return nil }
    let settings = profiles.settings(profile)
    if settings["ignore_configured_endpoint_urls"]?.lowercased() == "true" { return nil }
    let block = settings["services"].flatMap { profiles.config.sections["services \($0)"] } ?? [:]
    let name = service.rawValue
    let places: [(String, String?)] = [
      ("AWS_ENDPOINT_URL_\(name.uppercased())", environment["AWS_ENDPOINT_URL_\(name.uppercased())"]),
      ("AWS_ENDPOINT_URL", environment["AWS_ENDPOINT_URL"]),
      ("endpoint_url of [services \(settings["services"] ?? "")]", block["\(name).endpoint_url"]),
      ("endpoint_url of the profile \(profile)", settings["endpoint_url"]),
    ]
    for (place, text) in places {
      guard let text, !text.isEmpty else { continue }
      guard let endpoint = Endpoint(text) else {
        throw CloudError(
          .settings, location: place, what: "\"\(text)\" is no address",
          advice: "Write it as https://host or http://host:port.")
      }
      return endpoint
    }
    return nil
  }

  /// True when buckets stand in the path for every name: set by hand, or because the endpoint is.
  public func usesPathStyle() throws -> Bool {
    switch profiles.settings(profile)["s3.addressing_style"] {
    case "path"?: true
    case "virtual"?: false
    default: try endpoint(.s3) != nil
    }
  }

  /// True where something says who is asking, without asking anybody: a quick look, not a promise.
  public var namesCredentials: Bool {
    let variables = [
      "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ]
    return variables.contains { environment[$0]?.isEmpty == false } || profiles.has(profile)
  }
}

/// The services that assay talks to.
public enum CloudService: String, Sendable, CaseIterable {
  case s3, glue, athena, sts
}

/// Where a service listens.
public struct Endpoint: Hashable, Sendable {
  public let scheme: String
  public let host: String
  public let port: Int?
  /// Before every path, without a slash at the end.
  let path: String

  init?(_ text: String) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.query == nil
    else { return nil }
    self.scheme = scheme
    self.host = host
    port = parts.port == (scheme == "https" ? 443 : 80) ? nil : parts.port
    path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
  }

  init(scheme: String = "https", host: String) {
    (self.scheme, self.host, port, path) = (scheme, host, nil, "")
  }

  /// The service itself, in a region.
  init(_ service: CloudService, region: String) {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    self.init(host: "\(service.rawValue).\(region).\(domain)")
  }

  /// `host` or `host:port`.
  public var authority: String { host + (port.map { ":\($0)" } ?? "") }
}
