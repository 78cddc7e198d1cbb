import Foundation
import Jobs

/// Credentials that a program, a container or a machine hands out.
extension CredentialSearch {
  /// The JSON that they all speak.
  private struct Handout: Decodable {
    var Version: Int?
    var AccessKeyId: String?
    var SecretAccessKey: String?
    var SessionToken: String?
    var Token: String?
    var Expiration: String?

    func credentials(_ origin: String) -> Credentials? {
      guard let key = AccessKeyId, let secret = SecretAccessKey else { return nil }
      return Credentials(
        accessKey: key, secret: Secret(secret), token: (SessionToken ?? Token).map(Secret.init),
        expiration: Expiration.flatMap { CivilDate.instant($0) }, origin: origin)
    }
  }

  private func read(_ data: Data, _ origin: String) -> Credentials? {
    (try? JSONDecoder().decode(Handout.self, from: data))?.credentials(origin)
  }

  // MARK: Program

  func fromProcess(_ command: String, _ profile: String) throws -> Credentials {
    let place = "credential_process of the profile \(profile)"
    let words = Self.words(command)
    guard let program = words.first else { throw CloudError(.settings, location: place, what: "it is empty") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + words.dropFirst()
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch {
      throw CloudError(.noCredentials, location: place, what: "\(program) could not be started")
    }
    let number = canceller.begin { process.terminate() }
    defer { canceller.end(number) }
    let watch = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watch)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    watch.cancel()
    try canceller.checkCancelled()
    guard process.terminationStatus == 0 else {
      throw CloudError(
        .noCredentials, location: place, what: "\(program) ended with status \(process.terminationStatus)",
        advice: "Run it by hand to see what it says.")
    }
    guard let found = read(data, "credential_process of the profile \(profile)") else {
      throw CloudError(.noCredentials, location: place, what: "\(program) printed no credentials of version 1")
    }
    return found
  }

  /// A command's words, with quotes and backslashes as a shell has them.
  static func words(_ command: String) -> [String] {
    var (words, word, quote): ([String], String?, Character?) = ([], nil, nil)
    var isEscaped = false
    for character in command {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  // MARK: Container

  func fromContainer() throws -> Credentials? {
    let url: String
    if let path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = "http://169.254.170.2" + path
    } else if let full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      guard let endpoint = Endpoint(full), endpoint.scheme == "https" || Self.isLocal(endpoint.host) else {
        throw CloudError(
          .settings, location: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          what: "plain http is taken from this machine alone")
      }
      url = full
    } else {
      return nil
    }
    var headers: [String: String] = [:]
    if let file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
      let token = try? String(contentsOfFile: file, encoding: .utf8)
    {
      headers["authorization"] = token.trimmingCharacters(in: .whitespacesAndNewlines)
    } else if let token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
      headers["authorization"] = token
    }
    let response = try transport.send(HTTPRequest(url: url, headers: headers, patience: 5), canceller)
    guard response.status == 200, let found = read(response.body, "the container") else {
      throw CloudError(
        .noCredentials, location: "the container", what: "it handed out no credentials", code: "HTTP \(response.status)"
      )
    }
    return found
  }

  private static func isLocal(_ host: String) -> Bool {
    host == "localhost" || host.hasPrefix("127.") || host == "[::1]" || host == "::1" || host == "169.254.170.2"
      || host == "169.254.170.23" || host == "[fd00:ec2::23]" || host == "fd00:ec2::23"
  }

  // MARK: Machine

  /// The instance metadata service, version 2. Nil where there is none, or it is switched off.
  func fromMachine() throws -> Credentials? {
    if variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
    let base = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    func ask(_ method: String, _ path: String, _ headers: [String: String]) throws -> String? {
      let url = (base.hasSuffix("/") ? String(base.dropLast()) : base) + path
      let request = HTTPRequest(method: method, url: url, headers: headers, patience: 1)
      let response = try transport.send(request, canceller)
      return response.status == 200 ? String(decoding: response.body, as: UTF8.self) : nil
    }
    do {
      let life = ["x-aws-ec2-metadata-token-ttl-seconds": "21600", "content-type": "text/plain"]
      guard let token = try ask("PUT", "/latest/api/token", life) else { return nil }
      let pass = ["x-aws-ec2-metadata-token": token]
      let path = "/latest/meta-data/iam/security-credentials/"
      guard let role = try ask("GET", path, pass)?.split(whereSeparator: \.isNewline).first else { return nil }
      guard let text = try ask("GET", path + role, pass) else { return nil }
      return read(Data(text.utf8), "the role \(role) of this machine")
    } catch is CloudError {
      return nil
    }
  }
}
