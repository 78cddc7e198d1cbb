import Engine
import Foundation

/// What a question to S3 or to the catalogue is for.
public enum CloudTask: Sendable, Equatable {
  case list(CloudPlace, isFirst: Bool)
  /// Before a person is asked whether all of it may go.
  case countForDeletion(CloudPlace)
  /// The calls that a deletion would make.
  case plan
  /// A deletion of something or an upload, after which a place is listed again.
  case change(CloudPlace?, gone: CloudPlace?)
  /// A table of a database, which is listed again.
  case publish(database: String)
}

// MARK: Asking

/// Shows the tree and opens one of its roots.
func showCloud(_ root: CloudPlace, _ state: inout WorkbenchState) -> [Effect] {
  state.datasets.cloud.isShown = true
  state.screen = .workbench
  state.focus = .datasets
  let effects = openBranch(root, &state)
  if let line = datasetLines(state).firstIndex(where: { $0.cloud == .root(root) }) { state.datasets.cursor = line }
  return effects
}

/// Opens a branch, and asks what is in it the first time, or again after it was refused.
func openBranch(_ place: CloudPlace, _ state: inout WorkbenchState) -> [Effect] {
  var branch = state.datasets.cloud.branches[place] ?? CloudTree.Branch()
  branch.isOpen = true
  state.datasets.cloud.branches[place] = branch
  guard branch.request == nil, !branch.isListed || branch.refusal != nil else { return [] }
  return listAgain(place, &state)
}

/// Asks for what is in a place from the beginning; what was known stays until the answer is there.
func listAgain(_ place: CloudPlace, _ state: inout WorkbenchState) -> [Effect] {
  guard var branch = state.datasets.cloud.branches[place] else { return [] }
  let before: [Effect] = branch.request.map { [.cancel($0)] } ?? []
  let (id, effect) = state.ask(.cloud(.list(place, next: nil)), for: .cloud(.list(place, isFirst: true)))
  (branch.request, branch.refusal) = (id, nil)
  state.datasets.cloud.branches[place] = branch
  return before + [effect]
}

/// Asks for the next part of a listing.
func listMore(_ place: CloudPlace, _ state: inout WorkbenchState) -> [Effect] {
  guard var branch = state.datasets.cloud.branches[place], branch.request == nil, let next = branch.next else {
    return []
  }
  let (id, effect) = state.ask(.cloud(.list(place, next: next)), for: .cloud(.list(place, isFirst: false)))
  branch.request = id
  state.datasets.cloud.branches[place] = branch
  return [effect]
}

// MARK: Answers

/// Takes what a question to S3 or to the catalogue has come to.
func receiveCloud(
  _ happening: JobHappening, _ task: CloudTask, _ request: RequestID, _ state: inout WorkbenchState
) -> [Effect] {
  switch task {
  case .list(let place, let isFirst):
    keepingDatasetLine(&state) { state in
      guard var branch = state.datasets.cloud.branches[place], branch.request == request else { return }
      branch.take(happening, isFirst: isFirst)
      state.datasets.cloud.branches[place] = branch
    }
    return []
  case .countForDeletion(let place):
    switch happening {
    case .done(.cloud(.measured(let amount))): askToDelete(place, amount, &state)
    case .failed(let text): state.say(text, .error)
    case .cancelled: state.say("Nothing was counted, and nothing deleted.")
    case .started, .progress, .partial, .done: break
    }
    return []
  case .plan:
    switch happening {
    case .done(.cloud(.planned(let calls))):
      state.overlays.append(
        TextOverlay(
          title: "Calls that would be made", text: calls.prefix(2000).joined(separator: "\n"), wraps: false))
    case .failed(let text): state.say(text, .error)
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return []
  case .publish(let database):
    switch happening {
    case .done(.cloud(.published(let table, let rows, let objects))):
      let what = "\(counted(rows, "row")) in \(counted(objects, "object"))"
      state.say("Wrote \(what): \(table) is in the catalogue", .success)
      let place = CloudPlace.tables(database: database)
      let root = state.datasets.cloud.branches[.databases] == nil ? [] : listAgain(.databases, &state)
      return root + (state.datasets.cloud.branches[place] == nil ? [] : listAgain(place, &state))
    case .failed(let text): state.say(text, .error)
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return []
  case .change(let place, let gone): return receiveChange(happening, place, gone, &state)
  }
}

private func receiveChange(
  _ happening: JobHappening, _ place: CloudPlace?, _ gone: CloudPlace?, _ state: inout WorkbenchState
) -> [Effect] {
  func amountText(_ amount: CloudAmount) -> String { "\(counted(amount.objects, "object")), \(byteText(amount.bytes))" }
  switch happening {
  case .done(.cloud(.deleted(let amount))):
    keepingDatasetLine(&state) { state in
      if let gone { state.datasets.cloud.forget(gone) }
    }
    state.say("Deleted \(amountText(amount))", .success)
  case .done(.cloud(.uploaded(let amount))): state.say("Uploaded \(amountText(amount))", .success)
  case .done(.cloud(.downloaded(let amount, let path))):
    state.say("Downloaded \(amountText(amount)) to \(path)", .success)
  case .failed(let text): state.say(text, .error)
  case .cancelled: state.say("Stopped: a part may be done already. \(state.keyLabel("datasets.list")) lists again.")
  case .started, .progress, .partial, .done: return []
  }
  return place.map { listAgain($0, &state) } ?? []
}

extension CloudTree.Branch {
  fileprivate mutating func take(_ happening: JobHappening, isFirst: Bool) {
    switch happening {
    case .done(.cloud(.listed(let listing))):
      entries = (isFirst ? [] : entries) + listing.entries
      next = listing.next
      (isListed, refusal, request) = (true, nil, nil)
    case .done(.cloud(.refused(let why))): (refusal, request) = (why, nil)
    case .failed(let text): (refusal, request) = (CloudRefusal(text), nil)
    case .cancelled: request = nil
    case .started, .progress, .partial, .done: break
    }
  }
}

/// Lets lines come and go without the cursor leaving its own.
func keepingDatasetLine(_ state: inout WorkbenchState, _ body: (inout WorkbenchState) -> Void) {
  let before = datasetLines(state)
  let here = before.indices.contains(state.datasets.cursor) ? before[state.datasets.cursor] : nil
  body(&state)
  let after = datasetLines(state)
  if let here, let place = after.firstIndex(where: { $0.isSame(as: here) }) { state.datasets.cursor = place }
  state.datasets.cursor = max(0, min(state.datasets.cursor, after.count - 1))
}

extension DatasetLine {
  /// Whether it is the same line with other details.
  fileprivate func isSame(as other: DatasetLine) -> Bool {
    switch (cloud, other.cloud) {
    case (.entry(let one, let here)?, .entry(let other, let there)?):
      one.kind == other.kind && one.name == other.name && here == there
    case (nil, nil): path == other.path && title == other.title
    default: cloud == other.cloud
    }
  }
}

/// Asks for more where the cursor has come to the end of what is listed. Called after every action.
func fetchCloud(_ state: inout WorkbenchState) -> [Effect] {
  guard state.focus == .datasets, state.screen == .workbench, state.overlays.isEmpty,
    case .more(let place)? = currentCloudLine(state)
  else { return [] }
  return listMore(place, &state)
}

// MARK: Changing

private func askToDelete(_ place: CloudPlace, _ amount: CloudAmount, _ state: inout WorkbenchState) {
  guard amount.objects > 0 else { return state.say("Nothing is below \(place.address).", .warning) }
  // Asked for twice, it is asked once.
  if state.overlays.last is ConfirmOverlay { return }
  let what = "\(counted(amount.objects, "object")), \(byteText(amount.bytes))"
  let isOne = if case .object = place { true } else { false }
  let question =
    (isOne ? "\(place.address)\n\(what)." : "All below \(place.address)\n\(what).") + " Nothing brings them back."
  let parent = place.parent
  state.overlays.append(
    ConfirmOverlay(
      title: "Delete \(counted(amount.objects, "object"))", question: question,
      answers: [
        .init(key: "n", label: "keep") { _ in [] },
        // Not the key that asked: pressed twice by a slip it would delete.
        .init(key: "y", label: isOne ? "delete it" : "delete all") { state in
          let spec = CloudSpec.delete(place, counted: amount, isDryRun: false)
          return [state.ask(.cloud(spec), for: .cloud(.change(parent, gone: place))).1]
        },
        .init(key: "l", label: "list the calls") { state in
          let spec = CloudSpec.delete(place, counted: amount, isDryRun: true)
          return [state.ask(.cloud(spec), for: .cloud(.plan)).1]
        },
      ]))
}

extension TextPrompt {
  /// Asks where an object, or all below a prefix, goes on this machine.
  static func download(_ place: CloudPlace) -> TextPrompt {
    let name = place.address.split(separator: "/").last.map(String.init) ?? "objects"
    let isOne = if case .object = place { true } else { false }
    return TextPrompt(
      title: "Download \(name)", label: isOne ? "File" : "Folder for all below \(place.address)", text: name,
      doubt: { text, state in overwriting(FilePaths.absolute(expanded(text), in: state.workingFolder), state) },
      accept: { text, state in
        let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
        return [state.ask(.cloud(.download(place, path: path)), for: .cloud(.change(nil, gone: nil))).1]
      })
  }

  /// Asks which file goes up.
  static func upload(to place: CloudPlace) -> TextPrompt {
    TextPrompt(
      title: "Upload to \(place.address)", label: "File, or a folder with all that is in it", text: "",
      doubt: { text, state in
        let name = text.split(separator: "/").last.map(String.init) ?? text
        let known = state.datasets.cloud.branches[place]?.entries ?? []
        guard known.contains(where: { $0.name == name || $0.name == name + "/" }) else { return nil }
        return "\(name) is there already. Enter again replaces it; Esc keeps it."
      },
      accept: { text, state in
        let path = FilePaths.absolute(expanded(text), in: state.workingFolder)
        guard state.fileExists(path) else { throw UploadError.absent(path) }
        let name = text.split(separator: "/").last.map(String.init) ?? text
        let known = state.datasets.cloud.branches[place]?.entries ?? []
        let replaces = known.contains { $0.name == name || $0.name == name + "/" }
        let spec = CloudSpec.upload(path: path, place, replaces: replaces)
        return [state.ask(.cloud(spec), for: .cloud(.change(place, gone: nil))).1]
      })
  }

  private enum UploadError: Error, CustomStringConvertible {
    case absent(String)
    var description: String {
      switch self {
      case .absent(let path): "There is no file \(path)."
      }
    }
  }
}

/// A moment as a person reads it: `2026-11-26 14:00 UTC`.
func momentText(_ date: Date) -> String {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.timeZone = TimeZone(identifier: "UTC")
  formatter.dateFormat = "yyyy-MM-dd HH:mm"
  return formatter.string(from: date) + " UTC"
}
