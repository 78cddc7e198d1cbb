import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// Other files in place of a flow's sources.
struct FlowInputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read another file instead of a source, named by id, step name or file name; several times for several.",
      valueName: "name=file"))
  var input: [String] = []

  func apply(to file: inout FlowFile, at path: String) throws {
    for pair in input { try Self.replaceSource(pair, in: &file, at: path) }
  }

  private static func replaceSource(_ pair: String, in file: inout FlowFile, at path: String) throws {
    guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex else {
      throw UsageError("--input takes NAME=FILE, not \"\(pair)\".")
    }
    let name = String(pair[..<sign])
    let replacement = String(pair[pair.index(after: sign)...])
    let sources = file.graph.sources
    func matches(_ step: Step) -> Bool {
      guard case .source(let source) = step.operation else { return false }
      let file = URL(fileURLWithPath: source.location)
      return [
        step.id.rawValue, step.name, source.location, source.name, file.deletingPathExtension().lastPathComponent,
      ]
      .contains(name)
    }
    guard let step = sources.first(where: matches), case .source(var source) = step.operation else {
      let known = sources.map { "\($0.id) (\($0.operation.summary))" }.joined(separator: ", ")
      throw UsageError("\(path): has no source \"\(name)\". Its sources are \(known.isEmpty ? "none" : known).")
    }
    if SourceFormat(path: replacement) != source.format { source.format = nil }
    source.location = replacement
    try file.graph.replace(step.id, with: .source(source))
  }

  /// Asks for the files of sources that are elsewhere, and says which steps on the way are not run.
  /// - Throws: `UsageError` with the options that are missing.
  func check(_ file: FlowFile, at path: String, nodes: [StepID], _ headless: Headless) throws {
    let remote = try file.graph.remoteSources(for: nodes)
    if !remote.isEmpty {
      let places = remote.map { $0.operation.summary }.joined(separator: ", ")
      let options = remote.map { step -> String in
        var name = step.name ?? step.id.rawValue
        if step.name == nil, case .source(let source) = step.operation { name = source.name }
        return "--input \(name.contains(" ") ? "\"\(name)=FILE\"" : "\(name)=FILE")"
      }
      throw UsageError(
        "\(path): reads what is not on this machine: \(places). Give files with \(options.joined(separator: " ")).")
    }
    headless.notes.tell(
      try file.graph.foreignSteps(for: nodes).map { step in
        "\(step.id) \(step.title) is NOT RUN, its rows pass unchanged: \(step.operation.summary)."
      })
  }
}

extension FlowFile {
  /// A step by its id or name; the last one where none is named.
  func node(named node: String?, at path: String) throws -> StepID {
    if let node {
      let found = graph.steps.first { $0.id.rawValue == node } ?? graph.steps.first { $0.name == node }
      if let found { return found.id }
      let known = graph.steps.map { step in step.name.map { "\(step.id) (\($0))" } ?? step.id.rawValue }
      throw UsageError("\(path): has no step \"\(node)\". Its steps are \(known.joined(separator: ", ")).")
    }
    guard let last = graph.leaves.last else {
      throw UsageError("\(path): has no steps. Add a source in the workbench first.")
    }
    return last
  }
}

extension Headless {
  /// Tells what of a file of Data Wrangler is not done here, or with other results.
  func tellReading(_ file: FlowFile) {
    guard let reading = file.reading else { return }
    let isRun = { (note: DataWranglerNote) in
      note.weight != .missing || note.step.flatMap { file.graph[$0] }?.operation.kind.rawValue != "foreign"
    }
    // Steps that are not run are told where they are run.
    notes.tell(reading.important.filter(isRun).map(\.sentence))
  }
}
