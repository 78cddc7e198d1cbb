import Flow
import Foundation
import Jobs

extension FlowFile {
  /// The flow as a script that `assay run` runs, with a comment above each step: the same form as a recorded session.
  public func script() throws -> String {
    let edits = FlowFile().edits(to: self)
    var text = SessionScript.beginning(heading)
    var described: Set<StepID> = []
    for edit in edits {
      if let step = edit.newStep, let comment = comment(on: step), described.insert(step).inserted {
        text += "\n" + comment
      }
      if case .addAnalysis(let id, _, _, _) = edit { text += "\n" + SessionScript.comment("Analysis \(id)") + "\n" }
      text += try SessionScript.text(of: SessionLine(.edit(edit))) + "\n"
      if let step = edit.newStep.flatMap({ graph[$0] }), step.fitted != nil || step.learned != nil {
        text +=
          SessionScript.comment("What it has learnt. Without this line it learns from the rows that reach it.") + "\n"
        text += try SessionScript.text(of: SessionLine(.edit(.learned(step.id, step.fitted, step.learned)))) + "\n"
      }
      if case .addAnalysis(let id, _, _, _) = edit {
        text += try SessionScript.text(of: SessionLine(.runAnalysis(id))) + "\n"
      }
    }
    return text
  }

  private var heading: [String] {
    func counted(_ count: Int, _ one: String, _ several: String) -> String { "\(count) \(count == 1 ? one : several)" }
    var lines = [
      "\(name): \(counted(graph.steps.count, "step", "steps")), \(counted(analyses.count, "analysis", "analyses"))",
      "assay run THIS [--input NAME=FILE] [-D NAME=VALUE] [-o FILE]",
    ]
    if !attachments.isEmpty {
      lines.append("left out: \(attachments.map(\.title).joined(separator: ", ")), which only Data Wrangler knows")
    }
    return lines
  }

  private func comment(on id: StepID) -> String? {
    guard let step = graph[id] else { return nil }
    let summary = step.operation.summary
    let text = "\(id) \(step.title)" + (summary.isEmpty ? "" : ": \(summary)") + (step.isEnabled ? "" : " (off)")
    return SessionScript.comment(text) + "\n"
  }

  /// Writes the flow as a script, or the rows of a step as SQL where the path ends in `.sql`.
  func export(to path: String, node: StepID?, engine: Engine, context: any JobContext) throws {
    let text: String
    if path.lowercased().hasSuffix(".sql") {
      guard let node = node ?? graph.leaves.last else { throw SessionFault("the flow has no steps to write as SQL") }
      text = try engine.script(NodeRequest(graph: graph, node: node), dialect: .duckDB, context: context)
    } else {
      text = try script()
    }
    do {
      let url = URL(fileURLWithPath: path)
      try Data(text.utf8).write(to: url, options: .atomic)
      guard !path.lowercased().hasSuffix(".sql") else { return }
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    } catch {
      throw FlowFileError.notWritten(path, Self.reason(error))
    }
  }
}

extension FlowEdit {
  /// The step that the edit adds.
  var newStep: StepID? {
    switch self {
    case .addSource(_, let step), .add(_, let step, _, _, _), .insert(_, let step, _, _), .duplicate(_, let step): step
    default: nil
    }
  }
}
