import ArgumentParser
import Engine
import Foundation
import Jobs
import Serving

/// `--max-body`: bytes, or with a letter for their thousands.
struct BodySize: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let scales: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
    let scale = argument.last.flatMap { scales[Character($0.lowercased())] }
    let digits = scale == nil ? argument : String(argument.dropLast())
    guard let number = Int(digits), (1...1 << 20).contains(number) || scale == nil && (1...1 << 40).contains(number)
    else { return nil }
    bytes = number * (scale ?? 1)
  }
}

/// `assay serve`.
struct ServeCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a trained model over HTTP until interrupted.",
    discussion: """
      assay serve model
      curl -H 'Content-Type: text/csv' --data-binary @rows.csv http://127.0.0.1:8080/invocations

      GET /ping says whether it is ready. POST /invocations takes text/csv (a line a row, the model's columns in their \
      order, or any order under a header), application/json ({"instances": [{"features": [...]}]}, sparse, or objects by \
      column) and application/jsonlines, and answers in the same format or the one that Accept asks for. Only this \
      machine is listened to unless --host says otherwise.

      Without a model it serves the one in SM_MODEL_DIR, or /opt/ml/model, on all addresses: the command of a SageMaker \
      container. SAGEMAKER_INFERENCE_OUTPUT chooses the fields, SAGEMAKER_BIND_TO_PORT the port.
      """)

  @Argument(help: "The folder of a model, as assay automl writes it.")
  var model: String?

  @Option(help: ArgumentHelp("The port; 0 takes any that is free. Default: 8080.", valueName: "n"))
  var port: Int?

  @Option(help: ArgumentHelp("The address to listen on. Default: 127.0.0.1.", valueName: "address"))
  var host: String?

  @Option(help: ArgumentHelp("A file with a word that requests must bring as a bearer token.", valueName: "file"))
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "What answers hold, by commas: predicted_label, probability, probabilities, labels. Default: predicted_label.",
      valueName: "fields"))
  var fields: String?

  @Option(help: ArgumentHelp("Size of a request's body at most, such as 512K or 100M. Default: 6M.", valueName: "size"))
  var maxBody: BodySize?

  @Option(help: ArgumentHelp("Threads that answer. Default: one for each processor.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Where to write a line for each request: a file, - for standard output, or none. Default: standard output, unless "
        + "that is a terminal.", valueName: "file"))
  var log: String?

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port takes a number from 0 to 65535") }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads)")
    }
    if let fields { try Self.check(fields) }
  }

  private static func check(_ fields: String) throws {
    do { _ = try AnswerField.list(fields) } catch let error as ServingError { throw ValidationError(error.description) }
  }

  func run(_ headless: Headless) throws {
    let environment = headless.surroundings.environment
    var request = ServingRequest(bundle: model ?? environment["SM_MODEL_DIR"] ?? "/opt/ml/model")
    request.host = host ?? (model == nil ? "0.0.0.0" : request.host)
    request.port = port ?? environment["SAGEMAKER_BIND_TO_PORT"].flatMap { Int($0) } ?? request.port
    request.fields = try AnswerField.list(fields ?? environment["SAGEMAKER_INFERENCE_OUTPUT"] ?? "")
    request.tokenFile = tokenFile
    request.threads = threads ?? headless.console.settings.threads
    if let maxBody { request.bodyLimit = maxBody.bytes }
    request.log = log ?? (headless.console.outputIsTerminal ? "none" : "-")
    if request.log == "none" { request.log = nil }
    do {
      _ = try headless.engine(ResourceOptions.none).run(.serve(request), context: headless.context)
    } catch is JobCancelled {
      // To be stopped is how a server ends.
      headless.notes.clearProgress()
      headless.console.tell("assay: stopped")
    }
  }
}
