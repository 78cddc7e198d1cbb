import Foundation
import Jobs
import Numerics

/// Roles that STS lends credentials for.
extension CredentialSearch {
  func fromRole(
    _ role: String, _ profile: String, _ config: [String: String], chain: [String]
  ) throws -> Credentials? {
    let place = "profile \(profile)"
    let source: Credentials?
    if let token = config["web_identity_token_file"] {
      return try assumeWithToken(role, tokenFile: token, session: config["role_session_name"], place)
    } else if let name = config["source_profile"] {
      let isOwn = name == profile
      source =
        try isOwn
        ? Self.ownKeys(settings, profile) : fromProfile(name, chain: chain + [profile])
    } else {
      switch config["credential_source"]?.lowercased() {
      case "environment"?: source = try fromEnvironment()
      case "ecscontainer"?: source = try fromContainer()
      case "ec2instancemetadata"?: source = try fromMachine()
      default:
        throw CloudError(
          .settings, location: place, what: "it has a role_arn, but neither source_profile nor credential_source")
      }
    }
    guard let source else {
      throw CloudError(
        .noCredentials, location: place, what: "there are no credentials to assume \(role) with",
        advice: "Check its source_profile or credential_source.")
    }
    var form = [
      ("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", role),
      ("RoleSessionName", config["role_session_name"] ?? "assay-\(Int(Date().timeIntervalSince1970))"),
    ]
    if let id = config["external_id"] { form.append(("ExternalId", id)) }
    if let seconds = config["duration_seconds"] { form.append(("DurationSeconds", seconds)) }
    return try askSTS(form, signedBy: source, origin: "the role \(role)", place)
  }

  private static func ownKeys(_ settings: CloudSettings, _ profile: String) -> Credentials? {
    let all = settings.profiles.settings(profile).merging(settings.profiles.keys(profile)) { $1 }
    guard let key = all["aws_access_key_id"], let secret = all["aws_secret_access_key"] else { return nil }
    return Credentials(
      accessKey: key, secret: Secret(secret), token: all["aws_session_token"].map(Secret.init),
      origin: "the profile \(profile)")
  }

  /// What Kubernetes hands to a pod: a token in a file, and a role.
  func fromWebIdentity() throws -> Credentials? {
    guard let file = variable("AWS_WEB_IDENTITY_TOKEN_FILE"), let role = variable("AWS_ROLE_ARN") else { return nil }
    return try assumeWithToken(
      role, tokenFile: file, session: variable("AWS_ROLE_SESSION_NAME"), "AWS_WEB_IDENTITY_TOKEN_FILE")
  }

  private func assumeWithToken(
    _ role: String, tokenFile: String, session: String?, _ place: String
  ) throws -> Credentials {
    guard let token = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
      throw CloudError(.noCredentials, location: place, what: "the file \(tokenFile) cannot be read")
    }
    let form = [
      ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
      ("RoleSessionName", session ?? "assay-\(Int(Date().timeIntervalSince1970))"),
      ("WebIdentityToken", token.trimmingCharacters(in: .whitespacesAndNewlines)),
    ]
    return try askSTS(form, signedBy: nil, origin: "the role \(role)", place)
  }

  private func askSTS(
    _ form: [(String, String)], signedBy source: Credentials?, origin: String, _ place: String
  ) throws -> Credentials {
    let endpoint = try settings.endpoint(.sts) ?? Endpoint(.sts, region: settings.region)
    let body = Data(PercentEncoding.query(form.map { (name: $0.0, value: $0.1) }).utf8)
    var headers = [
      "host": endpoint.authority, "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    ]
    if let source {
      headers = RequestSigner(credentials: source, region: settings.region, service: "sts").sign(
        method: "POST", path: endpoint.path + "/", query: [], headers: headers,
        bodyHash: body.withUnsafeBytes { SHA256.hex($0) }, at: Date())
    }
    let url = "\(endpoint.scheme)://\(endpoint.authority)\(endpoint.path)/"
    let response = try transport.send(
      HTTPRequest(method: "POST", url: url, headers: headers, body: body), canceller)
    guard response.status == 200 else {
      let fault = ServiceFault(response)
      throw CloudError.answer(
        status: response.status, code: fault.code, message: fault.message, location: place,
        origin: source?.origin ?? origin)
    }
    let node = XMLNode(String(decoding: response.body, as: UTF8.self))?.first("Credentials")
    guard let node, let key = node["AccessKeyId"], let secret = node["SecretAccessKey"] else {
      throw CloudError(.other, location: place, what: "STS answered without credentials")
    }
    return Credentials(
      accessKey: key, secret: Secret(secret), token: node["SessionToken"].map(Secret.init),
      expiration: node["Expiration"].flatMap { CivilDate.instant($0) }, origin: origin)
  }
}
