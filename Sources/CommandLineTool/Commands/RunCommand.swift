import ArgumentParser
import Engine
import Flow
import Foundation

/// `assay run`.
struct RunCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Do again what a session of the workbench did, or what a script says.",
    discussion: """
      The workbench records every command that leaves something behind; assay locate sessions says where, and D shows the \
      record. assay flow export --format assay writes a flow in the same form.

      With -o FILE the rows of the last step, or of --node, are written; -o - prints them. With -o FILE.flow the flow is \
      saved with its results. With -o FOLDER/ the files that the session wrote are written into that folder, with --write \
      where the session wrote them, over what is there. Without any of these nothing is written: the first rows and the \
      analyses are printed.

      assay run census.assay --input census=new.csv -D limit=40 -o rows.parquet

      Each line is JSON, {"do": COMMAND, …}; lines that begin with # are comments. The commands: \
      \(SessionCommand.names.joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("A session or a script: a file that ends in .assay.", valueName: "session"))
  var session: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the rows go, the flow (.flow), or what the session wrote (a folder).", valueName: "file"))
  var output: String?

  @Flag(help: "Write what the session wrote where it wrote it, over what is there.")
  var write = false

  @Flag(help: "Only check that the session hangs together; compute and write nothing.")
  var check = false

  @Option(help: "Format of the rows: csv, json, table, parquet or xlsx.")
  var format: RowFormat?

  @Option(
    help: ArgumentHelp("The step whose rows are wanted: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print what was done and the flow with its results as JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if check, write || output != nil || format != nil {
      throw ValidationError("--check writes nothing: leave out --write, -o and --format")
    }
    if write, isFolder { throw ValidationError("Say once where files go: -o FOLDER/ or --write") }
  }

  func run(_ headless: Headless) throws {
    let script = try SessionScript(contentsOf: session)
    var options = Replay.Options()
    options.inputs = try inputs.pairs.map { ($0.name, $0.value) }
    options.parameters = try inputs.values.pairs
    if write { options.outputs = .places }
    if isFolder, let output { options.outputs = .folder(output.hasSuffix("/") ? String(output.dropLast()) : output) }
    var replay = Replay(script, path: session, options: options)
    do {
      try replay.check()
    } catch let fault as SessionFault {
      throw UsageError(fault.description)
    }
    var told: [String] = []
    if check {
      if json { return try headless.writeJSON(Report(session, script, nil, told)) }
      return try headless.console.write(
        "\(session): \(counted(script.entries.count, "command")), all of them hang together\n")
    }
    let engine = headless.engine(resources)
    try replay.run(
      Replay.Work(engine, context: headless.context) { note in
        told.append(note)
        headless.notes.tell([note])
      })
    for path in replay.written { headless.console.tell("wrote \(path)") }
    do {
      try finish(replay, engine, headless, Report(session, script, replay, told))
    } catch {
      throw replay.located(error)
    }
  }

  /// True where the output is a folder: it is one, or ends in a slash.
  private var isFolder: Bool {
    guard let output else { return false }
    var isFolder: ObjCBool = false
    return output.hasSuffix("/")
      || FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        && isFolder.boolValue
  }

  private func finish(_ replay: Replay, _ engine: Engine, _ headless: Headless, _ report: Report) throws {
    let file = replay.flow
    if let output, output.hasSuffix(".flow"), !isFolder {
      try file.write(to: output)
      headless.console.tell("wrote \(output)")
      if json { try headless.writeJSON(report) }
      return
    }
    // What a session only opened or wrote needs no more.
    guard !file.graph.isEmpty else {
      if json { return try headless.writeJSON(report) }
      return try headless.console.write("\(session): \(counted(report.commands, "command")), and no flow at the end\n")
    }
    let request = NodeRequest(graph: file.graph, node: try file.node(named: node, at: session))
    try inputs.check(file, at: session, nodes: [request.node], headless)
    if format != nil || output != nil && !isFolder {
      return try headless.writeRows(of: request, engine, format: format, output: isFolder ? nil : output, json: json)
    }
    if json { return try headless.writeJSON(report) }
    if replay.written.isEmpty { try headless.writeAll(of: file, request, engine) }
  }
}

/// What `assay run --json` prints.
private struct Report: Encodable {
  let session: String
  let commands: Int
  let written: [String]
  let unwritten: [String]
  let notes: [String]
  let flow: FlowDescription?

  init(_ session: String, _ script: SessionScript, _ replay: Replay?, _ notes: [String]) {
    self.session = session
    commands = script.entries.count
    written = replay?.written ?? []
    unwritten = replay?.unwritten ?? []
    self.notes = notes
    flow = replay.map { FlowDescription($0.flow, path: session) }
  }
}
