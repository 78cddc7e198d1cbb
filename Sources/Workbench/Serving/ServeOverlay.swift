import Engine
import Flow
import Foundation
import Frame
import Grid
import Widgets

/// Asks which model is served, where, and to whom.
struct ServeOverlay: Overlay {
  private static let everyone = "0.0.0.0"
  private var dialog: FormDialog

  /// - Parameter folder: of the model; nil suggests that of the last training.
  init(_ folder: String?, _ state: WorkbenchState) {
    let suggestion = folder ?? Self.lastRun(state) ?? ""
    dialog = FormDialog(
      "Serve a model", width: 62,
      fields: [
        .text(
          "folder", "Model", suggestion, placeholder: "a folder that a training has written",
          help: "The folder of a model: what a training, or assay automl, wrote. Every file in it is checked first."),
        .number(
          "port", "Port", "8080", in: 0...65_535, isInteger: true,
          help: "Where requests are listened for; 0 takes a port that is free, which the Jobs pane then shows."),
        .radio(
          "host", "For", [FormOption("127.0.0.1", "this machine"), FormOption(Self.everyone, "the network")],
          help: "Who can reach the model. On the network whoever reaches the port can ask, unless there is a token."),
        .text(
          "token", "Token file", placeholder: "optional",
          help: "A file with a word of 8 characters or more. Requests must then bring it: Authorization: Bearer WORD."),
        .buttons([FormOption("serve", "Serve"), FormOption("cancel", "Cancel")]),
      ])
    if !suggestion.isEmpty { dialog.setFocus("buttons") }
  }

  /// The folder of the newest training in the jobs pane.
  private static func lastRun(_ state: WorkbenchState) -> String? {
    for row in state.jobs.rows {
      switch row.spec {
      case .automl(_, _, _, _, let folder): return folder
      case .analyze(_, .automl(let study)): return study.folder
      default: continue
      }
    }
    return nil
  }

  var hints: [(key: String, label: String)] {
    dialog.explanation != nil
      ? [("any key", "back")]
      : [("Tab", "field"), ("←→", "choose"), ("^R", "serve"), ("F2", "explain"), ("Esc", "cancel")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("serve"), .submitted: return serve(&state)
    case .pressed, .cancelled: return .close()
    case .changed(let id):
      dialog.setError(id, nil)
      return .stay()
    case .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func serve(_ state: inout WorkbenchState) -> OverlayOutcome {
    let form = dialog.form
    func path(_ field: String) -> String? {
      let text = form.text(field).trimmingBlanks
      return text.isEmpty ? nil : FilePaths.absolute(expanded(text), in: state.workingFolder)
    }
    guard let folder = path("folder") else { return refuse("folder", "name the folder of a model") }
    // A run has a manifest, each of its candidates a record.
    guard ["manifest.json", "record.json"].contains(where: { state.fileExists("\(folder)/\($0)") }) else {
      return refuse("folder", "there is no model in it")
    }
    guard let port = Int(form.text("port")), (0...65_535).contains(port) else {
      return refuse("port", "a number from 0 to 65535")
    }
    let token = path("token")
    if let token, !state.fileExists(token) { return refuse("token", "there is no such file") }
    let request = ServingRequest(bundle: folder, host: form.text("host"), port: port, tokenFile: token)
    let isServed = state.jobs.active.contains { row in
      if case .serve(let other) = row.spec { port != 0 && other.port == port } else { false }
    }
    guard !isServed else { return refuse("port", "a model is served there already: stop it, or take another") }
    state.say("Reading the model")
    return .close([state.ask(.serve(request), for: .serving).1])
  }

  private mutating func refuse(_ field: String, _ reason: String) -> OverlayOutcome {
    dialog.setError(field, reason)
    dialog.setFocus(field)
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  Esc: cancel")
  }
}
