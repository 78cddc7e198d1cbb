import Engine
import Flow

/// What lies between two versions of a flow, in a few words.
enum FlowChange {
  static func summary(from old: FlowFile, to new: FlowFile) -> String {
    let parts = steps(old, new) + analyses(old, new) + rest(old, new)
    switch parts.count {
    case 0: return "Changed the flow"
    case 1...2: return parts.joined(separator: "; ")
    default: return parts.prefix(2).joined(separator: "; ") + " and \(parts.count - 2) more"
    }
  }

  private static func steps(_ old: FlowFile, _ new: FlowFile) -> [String] {
    var parts: [String] = []
    for step in new.graph.steps {
      guard let before = old.graph[step.id] else {
        parts.append("Added \(step.title)" + (step.operation.summary.isEmpty ? "" : ": \(step.operation.summary)"))
        continue
      }
      if before.name != step.name { parts.append("Renamed \(before.title) to \(step.title)") }
      if before.isEnabled != step.isEnabled {
        parts.append("Turned \(step.title) \(step.isEnabled ? "on" : "off")")
      }
      if before.note != step.note {
        parts.append(step.note.map { "Note to \(step.title): \($0)" } ?? "Removed the note to \(step.title)")
      }
      if before.operation != step.operation { parts.append("Changed \(step.title): \(step.operation.summary)") }
    }
    for step in old.graph.steps where new.graph[step.id] == nil { parts.append("Deleted \(step.title)") }
    if parts.isEmpty, old.graph != new.graph { parts.append("Moved a step") }
    return parts
  }

  private static func analyses(_ old: FlowFile, _ new: FlowFile) -> [String] {
    var parts: [String] = []
    for analysis in new.analyses {
      guard let before = old[analysis: analysis.id] else {
        parts.append("Added analysis \(analysis.name)")
        continue
      }
      if before.name != analysis.name {
        parts.append("Renamed \(before.name) to \(analysis.name)")
      } else if before.spec != analysis.spec {
        parts.append("Changed \(analysis.name)")
      }
    }
    for analysis in old.analyses where new[analysis: analysis.id] == nil {
      parts.append("Deleted analysis \(analysis.name)")
    }
    return parts
  }

  private static func rest(_ old: FlowFile, _ new: FlowFile) -> [String] {
    guard old.target != new.target else { return [] }
    return [new.target.map { "Target: \($0)" } ?? "No target"]
  }
}
