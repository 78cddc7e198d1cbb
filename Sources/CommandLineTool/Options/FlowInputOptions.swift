import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// Values of a flow's parameters.
struct ParameterOptions: ParsableArguments {
  @Option(
    name: .customShort("D"),
    help: ArgumentHelp(
      "Give a parameter of the flow a value, which stands for {{name}} in its steps; several times for several.",
      valueName: "name=value"))
  var parameter: [String] = []

  /// The names and values that are given.
  /// - Throws: `UsageError` where one has no value or is given twice.
  var pairs: [(name: String, value: String)] {
    get throws {
      var seen: Set<String> = []
      return try parameter.map { text in
        let pair = try split(text, of: "-D", "NAME=VALUE")
        guard seen.insert(pair.name).inserted else {
          throw UsageError("-D gives the parameter \"\(pair.name)\" twice: give it one value.")
        }
        return pair
      }
    }
  }

  /// - Throws: `UsageError` where the flow has no such parameter, or the value is none of its kind.
  func apply(to file: inout FlowFile, at path: String) throws {
    for (name, value) in try pairs {
      do {
        try file.graph.give(name, value)
      } catch {
        throw UsageError("\(path): \(error).")
      }
    }
  }
}

/// `name=value`, as two texts.
private func split(_ text: String, of option: String, _ form: String) throws -> (name: String, value: String) {
  guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
    throw UsageError("\(option) takes \(form), not \"\(text)\".")
  }
  return (String(text[..<sign]), String(text[text.index(after: sign)...]))
}

/// Other files in place of a flow's sources, and values of its parameters.
struct FlowInputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read another file instead of a source, named by id, step name or file name; several times for several.",
      valueName: "name=file"))
  var input: [String] = []

  @OptionGroup var values: ParameterOptions

  func apply(to file: inout FlowFile, at path: String) throws {
    try values.apply(to: &file, at: path)
    for pair in try pairs {
      let sources = file.graph.sources
      guard let step = sources.first(where: { FlowFile.source($0, isCalled: pair.name, in: file.graph) }),
        case .source(var source) = step.operation
      else {
        let known = sources.map { "\($0.id) (\($0.operation.summary))" }.joined(separator: ", ")
        throw UsageError("\(path): has no source \"\(pair.name)\". Its sources are \(known.isEmpty ? "none" : known).")
      }
      source.replaceFile(pair.value)
      try file.graph.replace(step.id, with: .source(source))
    }
  }

  /// The names and files that are given.
  /// - Throws: `UsageError`.
  var pairs: [(name: String, value: String)] {
    get throws { try input.map { try split($0, of: "--input", "NAME=FILE") } }
  }

  /// Asks for the values of parameters that have none.
  /// - Throws: `UsageError` with the option that is missing.
  func checkValues(_ file: FlowFile, at path: String, node: StepID) throws {
    do {
      try file.graph.checkFilled(upTo: node)
    } catch let error as FlowError {
      throw UsageError("\(path): \(error).")
    }
  }

  /// Asks for the files of sources that are elsewhere, and says which steps on the way are not run.
  /// - Throws: `UsageError` with the options that are missing.
  func check(_ file: FlowFile, at path: String, nodes: [StepID], _ headless: Headless) throws {
    for node in nodes { try checkValues(file, at: path, node: node) }
    let remote = try file.graph.filled.remoteSources(for: nodes)
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
