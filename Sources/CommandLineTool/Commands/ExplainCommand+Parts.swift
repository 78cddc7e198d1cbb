import ArgumentParser
import Engine
import Explain
import Flow
import Foundation
import Frame
import Plot

extension FeatureOrder.Direction: ExpressibleByArgument {}

// Texts, and steps in time.
extension ExplainCommand {
  /// - Throws: `ValidationError` where options do not go together.
  func validateParts() throws {
    if text == nil, replacement != nil { throw ValidationError("--replacement belongs to --text") }
    if steps == nil, direction != nil { throw ValidationError("--direction belongs to --steps") }
    if text != nil, steps != nil { throw ValidationError("--text and --steps exclude each other") }
    if let granularity {
      if text != nil, TextGranularity(rawValue: granularity) == nil {
        throw ValidationError("--granularity of --text is token, sentence or paragraph, not \(granularity)")
      }
      if steps != nil, ExplainSpec.TimeSteps.Granularity(rawValue: granularity) == nil {
        throw ValidationError("--granularity of --steps is timewise or fine_grained, not \(granularity)")
      }
      if text == nil, steps == nil { throw ValidationError("--granularity belongs to --text or --steps") }
    }
    if steps != nil, granularity != ExplainSpec.TimeSteps.Granularity.fineGrained.rawValue,
      effects != nil || shuffle != nil || flip != nil
    {
      throw ValidationError("--effects, --shuffle and --flip are of columns: add --granularity fine_grained to --steps")
    }
    if steps != nil, interactions { throw ValidationError("--steps and --interactions exclude each other") }
    if text != nil {
      if interactions || effects != nil || shuffle != nil || group != nil || flip != nil || row != nil || chart != nil {
        throw ValidationError("--text goes with --rows, --samples, --method, --link, -o and --json alone")
      }
      if let output, !["jsonl", "json"].contains(URL(fileURLWithPath: output).pathExtension.lowercased()) {
        throw ValidationError("\(output): end its name in .jsonl (as Clarify writes it) or .json")
      }
    }
  }

  /// Names of the source's columns.
  func columns(_ engine: Engine, _ headless: Headless) throws -> [String] {
    var request = NodeRequest(source: source.value)
    request.node = try request.graph.add(.sample(.first(1)), after: request.node)
    var names: [String] = []
    try engine.stream(
      request, context: headless.context, begin: { names = $0.map(\.name) }, rows: { _ in })
    return names
  }

  /// What `--steps` says.
  /// - Throws: `UsageError`.
  func timeSteps(_ text: String, _ columns: [String]) throws -> ExplainSpec.TimeSteps {
    do {
      return try .init(
        text, columns: columns, direction: direction ?? .chronological,
        granularity: granularity.flatMap { ExplainSpec.TimeSteps.Granularity(rawValue: $0) } ?? .timewise)
    } catch let error as TimeStepsError {
      throw UsageError("--steps \(text): \(error)")
    }
  }

  func rule(_ headless: Headless) -> Character {
    drawing.context(headless.console).glyphs == .ascii ? "-" : "─"
  }

  // MARK: Texts

  func explainTexts(_ column: String, _ spec: ExplainSpec, _ engine: Engine, _ headless: Headless) throws {
    let wanted = TextExplainSpec(
      column: column, granularity: granularity.flatMap { TextGranularity(rawValue: $0) } ?? .token,
      replacement: replacement ?? "")
    let result = try engine.run(
      .explainTexts(NodeRequest(source: source.value), spec, wanted), context: headless.context)
    guard case .explainedTexts(let found) = result else { return }
    try headless.tellSkipped(source.value, engine)
    if let output {
      if output.lowercased().hasSuffix(".jsonl") {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try found.rows.map { row in
          String(decoding: try encoder.encode(ClarifyTextRow(row, column: found.column)), as: UTF8.self)
        }
        try CommandLineTool.write(lines.joined(separator: "\n") + "\n", to: output)
      } else {
        try CommandLineTool.write(CommandLineTool.json(found) + "\n", to: output)
      }
      headless.console.tell("wrote the parts of \(counted(found.rows.count, "text")) to \(output)")
    }
    if json { return try headless.writeJSON(found) }
    if output != nil { return }
    let lines = textLines(found, width: headless.console.textWidth, rule: rule(headless))
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}
