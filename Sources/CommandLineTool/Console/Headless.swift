import ArgumentParser
import Engine
import Foundation
import Frame
import Jobs

/// What a subcommand works with: a console, an engine made to its options, and the context of the work.
struct Headless: Sendable {
  let console: Console
  let surroundings: Surroundings
  let context: ForegroundContext
  let notes: Notes

  /// An engine for one job: sources are read straight from their files.
  /// - Parameter place: the cluster; nil for the one that the settings name.
  func engine(_ resources: ResourceOptions, on place: ClusterPlace? = nil) -> Engine {
    var configuration = Engine.Configuration(
      locations: Locations(environment: surroundings.environment),
      threads: resources.threads ?? console.settings.threads, keepsTables: false)
    configuration.environment = cloudEnvironment
    configuration.cluster = place ?? cluster
    if let memory = resources.memory?.bytes ?? console.settings.memory { configuration.memoryLimit = memory }
    return Engine(configuration: configuration)
  }

  /// The environment, with what the settings say of S3.
  var cloudEnvironment: [String: String] { console.settings.cloudEnvironment(surroundings.environment) }

  /// Where tables that `spark:` names are.
  var cluster: ClusterPlace? {
    ClusterPlace(
      remote: console.settings.spark, authority: console.settings.sparkAuthority,
      environment: surroundings.environment)
  }

  /// Tells how many rows were left out, where the options ask for leaving some out.
  func tellSkipped(_ source: Source, _ engine: Engine) throws {
    guard source.options.skipBadRows else { return }
    let rows = try engine.skippedRows(of: source, context: context)
    if rows > 0 { notes.tell(["\(counted(rows, "row")) left out for a wrong number of fields."]) }
  }

  /// Writes a value as JSON: keys in alphabetical order, so that the same result is the same text.
  func writeJSON(_ value: some Encodable) throws {
    try console.write(json(value))
    try console.write("\n")
  }
}

/// A value as indented JSON without a final newline.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.dateEncodingStrategy = .iso8601
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A subcommand that runs with injected streams, so that tests see what a user would.
protocol HeadlessCommand: ParsableCommand {
  func run(_ headless: Headless) throws
  /// False where the person's settings change nothing, so that nothing is said about what is wrong in them.
  var obeysSettings: Bool { get }
}

extension HeadlessCommand {
  var obeysSettings: Bool { true }
}
