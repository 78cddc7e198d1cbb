import ArgumentParser
import Engine
import Flow
import Foundation

/// `assay flow lineage`.
struct FlowLineageCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage", abstract: "Show which steps made or changed a column, back to the columns of the sources.",
    discussion: """
      Each step that made, changed, renamed, copied or took over the column is listed with what it did, and so are those \
      of the columns that it is made of. A step that hands a column on as it was is not listed.
      """)

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Argument(help: "The column.")
  var column: String

  @Option(
    help: ArgumentHelp("The step whose column it is: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func run(_ headless: Headless) throws {
    var file = try FlowFile(contentsOf: flow)
    try inputs.apply(to: &file, at: flow)
    headless.tellReading(file)
    let request = NodeRequest(graph: file.graph, node: try file.node(named: node, at: flow))
    try inputs.check(file, at: flow, nodes: [request.node], headless)
    let engine = headless.engine(resources)
    guard case .lineage(let lineage) = try engine.run(.lineage(request, column: column), context: headless.context)
    else { return }
    if json { return try headless.writeJSON(lineage) }
    try headless.console.write(lines(lineage, file).joined(separator: "\n") + "\n")
  }

  private func lines(_ lineage: Lineage, _ file: FlowFile) -> [String] {
    var table = TextTable([
      .init(title: "id"), .init(title: "step", limit: 32), .init(title: "column", limit: 32),
      .init(title: "what it did"),
    ])
    for source in lineage.sources {
      let name = file.graph[source.step].map { $0.name ?? oneLine($0.operation.summary) } ?? ""
      table.add([source.step.rawValue, name, oneLine(source.name), "source"])
    }
    for change in lineage.changes {
      table.add([change.step.rawValue, change.title, oneLine(change.column), oneLine(change.clause)])
    }
    var lines = ["\(lineage.column) of \(lineage.node)", ""] + table.lines(width: nil, rule: "-").lines
    if lineage.changes.isEmpty { lines += ["", "No step has changed the values or the name."] }
    let rows = lineage.rows.compactMap { id in file.graph[id].map { "\(id) \($0.title)" } }
    if !rows.isEmpty {
      lines += ["", "Which rows there are, and in which order, follows from \(rows.joined(separator: ", "))."]
    }
    return lines
  }
}
