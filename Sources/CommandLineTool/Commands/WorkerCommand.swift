import ArgumentParser
import Foundation
import Jobs
import Learn

/// `assay worker`.
struct WorkerCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Wait for trainings of other machines and grow trees for them, until interrupted.",
    discussion: """
      assay worker --listen 10.0.0.5:4400
      assay automl sales.parquet --target returned --workers 10.0.0.5:4400,10.0.0.6:4400 -o model

      A training sends each worker its share of the rows; the workers add their counts up over LightGBM's own network and \
      send the trees back. A worker that others can reach asks for the word in ASSAY_WORKER_TOKEN, which the training proves \
      that it knows without sending it. Rows go over the network as they are, and LightGBM's own connections, on any free \
      port, ask for no word: use workers inside of a network that you trust. Without --listen it serves the socket that is \
      its standard input, which is how a training starts workers of its own machine.
      """)

  @Option(help: ArgumentHelp("Where to listen: HOST:PORT, or port 0 for any that is free.", valueName: "address"))
  var listen: String?

  @Flag(help: .private) var guarded = false

  var obeysSettings: Bool { false }

  func validate() throws {
    if let listen, WorkerPool.Address(listen) == nil {
      throw ValidationError("--listen takes HOST:PORT, such as 10.0.0.5:4400, not \(listen)")
    }
  }

  func run(_ headless: Headless) throws {
    let means = WorkerMeans.standard
    guard let listen, let address = WorkerPool.Address(listen) else {
      guard WorkerService.isConnected else {
        throw UsageError("assay worker needs --listen HOST:PORT: its standard input is no connection of a training")
      }
      if guarded, means.token?.isEmpty ?? true { throw UsageError("\(WorkerMeans.tokenVariable) is empty") }
      WorkerService.ofStandardInput(token: guarded ? means.token : nil).serve()
    }
    let listener = try WorkerListener(on: address, means: means)
    headless.console.tell("assay: a worker listens on \(listener.address)")
    do {
      try listener.run(context: headless.context) { headless.console.tell("assay: \($0)") }
    } catch is JobCancelled {
      // To be stopped is how a worker ends.
      headless.notes.clearProgress()
      headless.console.tell("assay: stopped")
    }
  }
}
