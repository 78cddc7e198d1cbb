import Foundation
import Jobs
import ProgramDriver
import Testing

@testable import Cloud

@Suite struct CredentialTests {
  private let folder: TemporaryFolder
  private let environment: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    environment = [
      "HOME": folder.url.path, "AWS_EC2_METADATA_DISABLED": "true", "PATH": "/usr/bin:/bin",
      "AWS_CONFIG_FILE": folder.path("config"), "AWS_SHARED_CREDENTIALS_FILE": folder.path("credentials"),
    ]
  }

  private func found(_ more: [String: String] = [:], profile: String? = nil) throws -> Credentials {
    let settings = CloudSettings(environment: environment.merging(more) { $1 }, profile: profile)
    return try CloudSession(settings).currentCredentials()
  }

  private func problem(_ more: [String: String] = [:], profile: String? = nil) throws -> CloudError {
    try #require(throws: CloudError.self) { try found(more, profile: profile) }
  }

  @Test func theEnvironmentComesFirst() throws {
    try folder.write("[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n", to: "credentials")
    let given = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"]
    let credentials = try found(given)
    #expect(credentials.accessKey == "ENV")
    #expect(credentials.token == Secret("t"))
    // Unless somebody names a profile.
    #expect(try found(given, profile: "default").accessKey == "FILE")
  }

  @Test func profilesAreReadFromBothFiles() throws {
    try folder.write(
      "[default]\naws_access_key_id=A ; a comment\naws_secret_access_key=s=/+1\n[other]\naws_access_key_id=B\naws_secret_access_key=t\n",
      to: "credentials")
    try folder.write(
      "[profile other]\nregion = eu-central-1\nservices = local\ns3 =\n  addressing_style = path\n[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:9\n",
      to: "config")
    #expect(try found().accessKey == "A")
    #expect(try found().secret == Secret("s=/+1"))
    #expect(try found(["AWS_PROFILE": "other"]).accessKey == "B")
    let settings = CloudSettings(environment: environment, profile: "other")
    #expect(settings.region == "eu-central-1")
    #expect(try settings.endpoint(.s3)?.authority == "127.0.0.1:9")
    #expect(try settings.endpoint(.glue) == nil)
    #expect(try settings.usesPathStyle())
    let missing = try problem(["AWS_PROFILE": "nobody"])
    #expect(missing.description.contains("there is no profile \"nobody\""))
    #expect(missing.description.contains("default, other"))
  }

  @Test func endpointsOfTheEnvironmentWinOverTheFiles() throws {
    let settings = CloudSettings(
      environment: environment.merging([
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "https://store.example/base/",
      ]) { $1 })
    #expect(try settings.endpoint(.s3)?.host == "store.example")
    #expect(try settings.endpoint(.glue)?.port == 1)
    let wrong = CloudSettings(environment: environment.merging(["AWS_ENDPOINT_URL": "localhost:1"]) { $1 })
    #expect(throws: CloudError.self) { try wrong.endpoint(.s3) }
  }

  @Test func aProgramHandsOutCredentialsUntilTheyEnd() throws {
    let script = """
      #!/bin/sh
      echo run >> "\(folder.path("runs"))"
      echo '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"hidden","SessionToken":"t","Expiration":"'$1'"}'
      """
    let program = try folder.write(script, to: "hand out")
    chmod(program, 0o755)
    func runs() -> Int {
      (try? String(contentsOfFile: folder.path("runs"), encoding: .utf8))?.split(separator: "\n").count ?? 0
    }
    func session(_ expiration: String) throws -> CloudSession {
      try folder.write("[default]\ncredential_process = \"\(program)\" \(expiration)\n", to: "config")
      return CloudSession(CloudSettings(environment: environment))
    }
    let lasting = try session("2999-01-01T00:00:00Z")
    #expect(try lasting.currentCredentials().accessKey == "P")
    _ = try lasting.currentCredentials()
    #expect(runs() == 1)
    // Those that end within five minutes are renewed before they do.
    let ending = try session(Date(timeIntervalSinceNow: 60).formatted(.iso8601))
    _ = try ending.currentCredentials()
    _ = try ending.currentCredentials()
    #expect(runs() == 3)
    try folder.write("[default]\ncredential_process = false\n", to: "config")
    #expect(try problem().description.contains("ended with status 1"))
  }

  @Test func aRoleIsAssumedWithTheKeysOfItsSource() throws {
    let server = try ScriptedServer { request, _ in
      guard request.headers["authorization"]?.contains("Credential=SRC/") == true,
        request.headers["authorization"]?.contains("/sts/aws4_request") == true
      else {
        return ScriptedServer.reply(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
      }
      return ScriptedServer.reply(
        200,
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
      )
    }
    try folder.write("[src]\naws_access_key_id=SRC\naws_secret_access_key=s\n", to: "credentials")
    try folder.write(
      "[profile r]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = src\n[profile a]\nrole_arn=x\nsource_profile=b\n[profile b]\nrole_arn=y\nsource_profile=a\n",
      to: "config")
    let more = ["AWS_ENDPOINT_URL_STS": server.address, "AWS_PROFILE": "r"]
    let credentials = try found(more)
    #expect(credentials.accessKey == "ROLE")
    #expect(credentials.expiration == CivilDate.instant("2999-01-01T00:00:00Z"))
    let body = try #require(server.requests.first?.body)
    #expect(body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"))
    #expect(try problem(["AWS_PROFILE": "a"]).description.contains("name each other"))
  }

  @Test func aTokenOfThePodsIdentityIsExchanged() throws {
    let server = try ScriptedServer { request, _ in
      request.body.contains("WebIdentityToken=the-token") && request.headers["authorization"] == nil
        ? ScriptedServer.reply(
          200, "<R><Credentials><AccessKeyId>WEB</AccessKeyId><SecretAccessKey>x</SecretAccessKey></Credentials></R>")
        : ScriptedServer.reply(400)
    }
    let token = try folder.write("the-token\n", to: "token")
    let credentials = try found([
      "AWS_ENDPOINT_URL_STS": server.address, "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:r",
    ])
    #expect(credentials.accessKey == "WEB")
  }

  @Test func aContainerAndAMachineHandOutCredentials() throws {
    let server = try ScriptedServer { request, _ in
      let json = #"{"AccessKeyId":"HOST","SecretAccessKey":"x","Token":"t","Expiration":"2999-01-01T00:00:00Z"}"#
      switch (request.method, request.target) {
      case ("GET", "/creds") where request.headers["authorization"] == "pass": return ScriptedServer.reply(200, json)
      case ("PUT", "/latest/api/token"): return ScriptedServer.reply(200, "session")
      case ("GET", _) where request.headers["x-aws-ec2-metadata-token"] != "session": return ScriptedServer.reply(401)
      case ("GET", "/latest/meta-data/iam/security-credentials/"): return ScriptedServer.reply(200, "analyst")
      case ("GET", "/latest/meta-data/iam/security-credentials/analyst"): return ScriptedServer.reply(200, json)
      default: return ScriptedServer.reply(404)
      }
    }
    let container = try found([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.address + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "pass",
    ])
    #expect(container.accessKey == "HOST")
    let machine = try found([
      "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.address,
    ])
    #expect(machine.origin == "the role analyst of this machine")
    #expect(try problem(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/"]).problem == .settings)
  }

  @Test func nothingFoundSaysWhatToSet() throws {
    let error = try problem()
    #expect(error.problem == .noCredentials)
    #expect(error.description.contains("AWS_ACCESS_KEY_ID"))
    #expect(try problem(["AWS_ACCESS_KEY_ID": "x"]).description.contains("AWS_SECRET_ACCESS_KEY"))
  }
}
