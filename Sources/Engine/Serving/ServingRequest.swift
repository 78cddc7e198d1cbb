import Foundation
import Jobs
import Learn
import Serving

/// Which model is served, where, and to whom.
public struct ServingRequest: Codable, Sendable, Equatable {
  /// The folder of the model.
  public var bundle: String
  public var host: String
  /// 0 takes one that is free.
  public var port: Int
  /// A file with the word that requests have to bring along; nil asks for none.
  public var tokenFile: String?
  public var fields: [AnswerField]
  /// Bytes of a request's body at most.
  public var bodyLimit: Int
  public var threads: Int?
  /// A file for a line a request, `-` for standard output; nil keeps no log.
  public var log: String?

  public init(
    bundle: String, host: String = "127.0.0.1", port: Int = 8080, tokenFile: String? = nil,
    fields: [AnswerField] = [.predictedLabel], bodyLimit: Int = 6_291_456, threads: Int? = nil, log: String? = nil
  ) {
    (self.bundle, self.host, self.port, self.tokenFile) = (bundle, host, port, tokenFile)
    (self.fields, self.bodyLimit, self.threads, self.log) = (fields, bodyLimit, threads, log)
  }

  /// `serve loans at 8080`.
  var title: String {
    let name = URL(fileURLWithPath: bundle).standardizedFileURL.lastPathComponent
    return "serve \(name)" + (port == 0 ? "" : " at \(port)")
  }
}

/// Serves a model until the job is cancelled.
struct ServingRunner {
  let context: any JobContext

  /// Seconds between two looks at the counters.
  private static let interval = 0.25
  /// Seconds that requests have to end in when the server stops: a container is killed after 30.
  private static let grace = 25.0

  /// Emits `JobOutput.serving` when the server listens and whenever its counters have changed.
  ///
  /// - Throws: `JobCancelled` once it has stopped, `ServingError`, `BundleError`, `LearnError`.
  func run(_ request: ServingRequest) throws -> JobOutput {
    context.report(nil, "reading the model")
    let bundle = try ModelBundle(folder: request.bundle)
    let token = try request.tokenFile.map { try Self.token($0) }
    let options = ServerOptions(
      host: request.host, port: request.port, token: token, fields: request.fields, bodyLimit: request.bodyLimit,
      threads: request.threads)
    let server = try ModelServer(bundle, options: options, log: request.log.map { try RequestLog(path: $0) })
    let stopped = DispatchSemaphore(value: 0)
    context.onCancel { stopped.signal() }
    try context.checkCancelled()
    _ = try server.start()
    if !options.isLoopback, token == nil {
      context.emit(
        JobOutput.notes([
          "Whoever reaches \(server.address) can ask the model: a token (--token-file) keeps others out."
        ]))
    }
    var shown: ServingStatus?
    repeat {
      var status = server.status
      context.report(nil, status.text)
      status.seconds = status.seconds.rounded()
      if status != shown { context.emit(JobOutput.serving(status)) }
      shown = status
    } while stopped.wait(timeout: .now() + Self.interval) == .timedOut
    server.stop(within: Self.grace)
    throw JobCancelled()
  }

  /// The word in a file.
  static func token(_ file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ServingError.token(file: file, reason: "cannot be read")
    }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.count >= 8, !text.contains(where: \.isWhitespace) else {
      throw ServingError.token(file: file, reason: "holds no token")
    }
    return text
  }
}
