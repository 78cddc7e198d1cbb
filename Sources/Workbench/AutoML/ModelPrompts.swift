import Engine
import Flow
import Foundation
import Frame
import Learn

extension TextPrompt {
  /// Asks where a model card goes.
  static func exportModel(_ card: ModelCard, of analysis: Int, title: String) -> TextPrompt {
    let stem =
      "model-card-"
      + (card.model?.label ?? "model").lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    return TextPrompt(
      title: "Export model card", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)", text: stem + ".md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
        guard !reads(path, state) else { throw PromptError.ownSource }
        state.record(.exportModel(analysis: analysis, candidate: card.model?.candidate, path: path))
        return [state.ask(.exportModel(card, path: path, title: title), for: .report).1]
      })
  }

  /// Asks where an exploration of rows goes.
  static func exportExploration(_ found: DataExploration) -> TextPrompt {
    TextPrompt(
      title: "Export exploration", label: "File (.md, .txt, .json; .svg, .png, .pdf for its charts)",
      text: "exploration.md",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
        guard !reads(path, state) else { throw PromptError.ownSource }
        return [state.ask(.exportExploration(found, path: path), for: .report).1]
      })
  }

  /// Asks where the rows of a training's step go, with the predictions of its ensemble.
  static func predict(_ analysis: Analysis, _ study: AutoMLStudy, _ state: WorkbenchState) -> TextPrompt {
    TextPrompt(
      title: "Predict the rows of \(state.flow.graph[analysis.node]?.title ?? "the step")",
      label: "File (.csv, .tsv, .parquet, .json, .jsonl, .xlsx)", text: "predictions.csv",
      doubt: { text, state in overwriting(expanded(text), state) },
      accept: { text, state in
        guard SourceFormat(path: text)?.isWritten == true else { throw PromptError.unknownEnding }
        let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
        guard !reads(path, state) else { throw PromptError.ownSource }
        let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
        let prediction = PredictionRequest(
          bundle: study.folder, withProbabilities: true, keepsColumns: true, path: path)
        state.record(.predictRows(analysis: analysis.id, path: path))
        return [state.ask(.predict(request, prediction), for: .report).1]
      })
  }
}

/// Adds a step that predicts the rows of a training's step with its ensemble.
func addPredictions(_ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState) -> [Effect] {
  guard state.flow.graph[analysis.node] != nil else { return [] }
  var report: AutoMLReport?
  if case .automl(let result)? = analysis.result { report = result.report }
  let problem = report?.problem ?? state.automl.runs[analysis.id]?.plan?.problem
  let taken = Set((knownSchema(of: analysis.node, state) ?? []).map { $0.name.lowercased() })
  func free(_ name: String) -> Parameter {
    let names = [name] + (2...99).map { "\(name)_\($0)" }
    return .text(names.first { !taken.contains($0.lowercased()) } ?? name)
  }
  var parameters: Parameters = ["model": .text(study.folder), "prediction": free("predicted_" + study.options.target)]
  if problem == .regression {
    parameters["problem"] = .text("regression")
  } else {
    parameters["problem"] = .text("classification")
    parameters["score"] = free("score_" + study.options.target)
    if let positive = report?.positiveClass { parameters["positive"] = .text(positive) }
  }
  let operation = Operation.transform(TransformSpec("predict", parameters))
  let effects = addStep(operation, after: analysis.node, &state)
  state.focus = .table
  return effects
}
