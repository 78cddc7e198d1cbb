import CommandLineTool
import Foundation
import ProgramDriver

/// What a subcommand answered.
struct Answer {
  let exitCode: Int32?
  let invocation: Invocation
  let output: String
  let error: String

  /// The output as JSON.
  func json() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
  }
}

/// Runs a command line in this process as a user would, without a terminal.
func assay(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
  try assay(arguments, environment: environment)
}

/// The same, of a list.
func assay(_ arguments: [String], environment: [String: String] = [:]) throws -> Answer {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  let output = try descriptor(folder.path("output"))
  let error = try descriptor(folder.path("error"))
  defer {
    close(output)
    close(error)
  }
  var variables = ["LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "HOME": folder.path("home")]
  variables.merge(environment) { $1 }
  let invocation = interpret(arguments, in: Surroundings(environment: variables, output: output, error: error))
  var exitCode: Int32?
  if case .finished(let code) = invocation { exitCode = code }
  return Answer(
    exitCode: exitCode, invocation: invocation, output: try folder.read("output"), error: try folder.read("error"))
}

private func descriptor(_ path: String) throws -> Int32 {
  let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  guard file >= 0 else { throw POSIXError(.EIO) }
  return file
}

extension TemporaryFolder {
  func read(_ name: String) throws -> String {
    String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
  }

  /// Writes a text and returns its path.
  func file(_ name: String, _ text: String) throws -> String { try write(Data(text.utf8), to: name) }
}

/// Forty people, of whom the older ones are paid more; one age is missing.
let people: String = {
  var text = "name,age,city,pay\n"
  for row in 0..<40 {
    let age = 20 + row * 7 % 40
    text +=
      "person \(row),\(row == 5 ? "" : String(age)),\(["Rome", "Oslo", "Bern"][row % 3]),\(age > 40 ? "high" : "low")\n"
  }
  return text
}()
