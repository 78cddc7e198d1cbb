import Foundation
import NIOSSL
import ProgramDriver

/// An authority of its own and servers that it signs for, made by openssl in a folder that goes with the value.
final class Certificates {
  private let folder: TemporaryFolder

  var authority: String { folder.path("authority.pem") }

  deinit { folder.remove() }

  init() throws {
    folder = try TemporaryFolder()
    try openssl(
      "req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem -days 2 -subj /CN=assay-tests"
        + " -addext basicConstraints=critical,CA:TRUE")
  }

  /// What a server with this name needs.
  /// - Parameter name: as openssl writes it: `IP:127.0.0.1`, `DNS:localhost`.
  func server(_ name: String, days: Int = 1) throws -> NIOSSLContext {
    let extensions = try folder.write("subjectAltName=\(name)\n", to: "names")
    try openssl("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=server")
    try openssl(
      "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -out server.pem -days \(days)"
        + " -extfile \(extensions)")
    let chain = try NIOSSLCertificate.fromPEMFile(folder.path("server.pem"))
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: folder.path("server.key"), format: .pem)))
    configuration.applicationProtocols = ["h2"]
    return try NIOSSLContext(configuration: configuration)
  }

  func write(_ text: String, to name: String) throws -> String { try folder.write(text, to: name) }

  private func openssl(_ arguments: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw ProgramError("openssl \(arguments) failed") }
  }
}
