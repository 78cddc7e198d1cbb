import Engine
import Foundation
import Frame
import Grid
import Jobs
import Settings
import Synchronization
import Widgets

/// The running workbench: holds the state, gives actions to `reduce`, and performs the effects. It touches no terminal;
/// whoever shows it calls `handle` and `draw`.
@MainActor
public final class WorkbenchApp: TerminalApplication {
  public private(set) var state: WorkbenchState
  public private(set) var isFinished = false
  public private(set) var needsDisplay = true

  private let engine: Engine
  private let configuration: Engine.Configuration
  private let autosave: Autosave
  private let log: SessionLog
  private let started = DispatchTime.now().uptimeNanoseconds
  private var jobs: [JobID: RequestID] = [:]
  private var requests: [RequestID: JobID] = [:]
  private var pending: [TerminalRequest] = []
  /// What the texts are that were handed to the terminal to be copied, oldest first.
  private var copies: [String] = []
  private let outside: OutsideWork
  /// What asks the network: nothing else waits for it, and the end of the process neither.
  private let away: OutsideWork
  private let wake: WakeBox
  private let preferences: PreferencesSource?
  private var watch: FileWatch?

  /// - Parameters:
  ///   - preferences: where settings and themes are read again when a file of them changes; nil never does.
  ///   - opening: what to show first.
  public init(
    state: WorkbenchState, configuration: Engine.Configuration, preferences: PreferencesSource? = nil,
    opening: [Effect] = []
  ) {
    let wake = WakeBox()
    self.wake = wake
    self.state = state
    self.configuration = configuration
    autosave = Autosave(locations: configuration.locations)
    log = SessionLog(locations: configuration.locations)
    self.state.logPath = log.path
    let account = CloudAccount(environment: configuration.environment)
    self.state.datasets.cloud.account = account
    self.state.datasets.cloud.isShown = account.isNamed
    engine = Engine(configuration: configuration) { wake.call() }
    let outside = OutsideWork { wake.call() }
    self.outside = outside
    away = OutsideWork { wake.call() }
    self.preferences = preferences
    if let preferences {
      watch = FileWatch(preferences.folders) { outside.run { .preferencesRead(preferences.load()) } }
    }
    perform(opening)
  }

  /// Opens the first of several datasets or flows; the others stand in the datasets pane among the recent ones.
  /// - Parameter also: what is read below the first, as one dataset.
  public func open(_ paths: [String], also: [String] = []) {
    if let path = paths.first, !also.isEmpty {
      perform(begin(Source(location: path, also: also), &state))
      perform(logEffects(&state))
      needsDisplay = true
      return
    }
    for path in paths.dropFirst().reversed() { perform(.remember(path: path)) }
    if let path = paths.first { open(path) }
  }

  /// Opens a dataset or a flow as if it had been chosen on the start screen.
  public func open(_ path: String) {
    perform(openPath(path, &state))
    perform(logEffects(&state))
    needsDisplay = true
  }

  // MARK: TerminalApplication

  public func start(size: Size, colors: ColorDepth, wake: @escaping @Sendable () -> Void) {
    self.wake.set(wake)
    state.drawing.colors = colors
    send(.input(.resize(size)))
    perform([.list(folder: state.workingFolder)])
  }

  public func handle(_ events: [InputEvent]) {
    send(.ticked(Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9))
    for event in events {
      if case .wake = event { continue }
      send(.input(event))
    }
    for event in engine.drain() { send(event) }
    for action in outside.drain() + away.drain() { send(action) }
    needsDisplay = true
  }

  public func draw(size: Size) -> CellGrid {
    if size != state.size { send(.input(.resize(size))) }
    needsDisplay = false
    return Workbench.draw(state).grid
  }

  /// Clocks and bars move while something runs or a message waits to go.
  public var tick: Double? {
    if !state.jobs.active.isEmpty { return 0.1 }
    return state.message?.expires == nil ? nil : 1
  }

  public func takeRequests() -> [TerminalRequest] {
    defer { pending = [] }
    return pending
  }

  public func copied(_ report: CopyReport) {
    send(.copied(report, what: copies.isEmpty ? "the text" : copies.removeFirst()))
    needsDisplay = true
  }

  /// Stops all work. Called once the loop has ended.
  public func close() {
    watch?.close()
    engine.close()
  }

  // MARK: Actions and effects

  private func send(_ action: Action) {
    let use = state.commandUse
    perform(reduce(&state, action))
    if state.commandUse != use { keep(state.commandUse) }
  }

  /// Remembers what was chosen in the palette.
  private func keep(_ use: CommandUse) {
    let locations = configuration.locations
    outside.run {
      try? use.write(to: locations)
      return nil
    }
  }

  private func send(_ event: JobEvent<JobOutput>) {
    guard let request = jobs[event.job] else { return }
    switch event {
    case .started: send(.job(request, .started))
    case .progress(_, let progress): send(.job(request, .progress(progress)))
    case .partial(_, let partial):
      if let output = partial as? JobOutput { send(.job(request, .partial(output))) }
    case .ended(let id, let ending):
      jobs[id] = nil
      requests[request] = nil
      switch ending {
      case .done(let output): send(.job(request, .done(output)))
      case .failed(let error): send(.job(request, .failed("\(error)")))
      case .cancelled: send(.job(request, .cancelled))
      }
    }
  }

  private func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .submit(let request, let spec):
      let id = engine.submit(spec)
      jobs[id] = request
      requests[request] = id
    case .cancel(let request):
      if let id = requests[request] { engine.cancel(id) }
    case .list(let folder) where RemotePlaces.isMeant(by: folder):
      away.run { .listed(FolderListing(asking: folder)) }
    case .list(let folder) where RemotePlaces.isCluster(folder):
      let engine = engine
      away.run { .listed(FolderListing(asking: folder, engine)) }
    case .list(let folder): outside.run { .listed(FolderListing(reading: folder)) }
    case .openFlow(let path):
      outside.run {
        do {
          if path.lowercased().hasSuffix(".assay") { return .scriptOpened(try Replay.flow(of: path), path: path) }
          return .flowOpened(try FlowFile(contentsOf: path), path: path)
        } catch {
          return .failed("\(error)")
        }
      }
    case .log(let lines):
      let log = log
      outside.run {
        do {
          try log.append(lines)
          return nil
        } catch {
          return .failed("The session is not recorded from here on: \(error)")
        }
      }
    case .saveSession(let path):
      let log = log
      outside.run {
        do {
          try log.copy(to: path)
          return .sessionSaved(path: path)
        } catch {
          return .failed("\(error)")
        }
      }
    case .save(let flow, let path):
      outside.run {
        do {
          try flow.write(to: path)
          return .flowSaved(path: path)
        } catch {
          return .failed("\(error)")
        }
      }
    case .autosave(let flow, let path):
      let autosave = autosave
      outside.run {
        do {
          try autosave.write(.init(flow: flow, path: path, savedAt: Date()))
          return nil
        } catch {
          return .failed("The flow could not be autosaved (\(error.localizedDescription)). Save it with ^S elsewhere.")
        }
      }
    case .forgetAutosave:
      let autosave = autosave
      outside.run {
        autosave.remove()
        return nil
      }
    case .discardAutosave(let file): autosave.discard(file)
    case .remember(let path): remember(path)
    case .keepSettings(let changes):
      guard let preferences else { return }
      outside.run {
        do {
          try ConfigFile.write(changes, to: preferences.configFile)
          return .preferencesRead(preferences.load())
        } catch {
          return .failed("\(preferences.configFile) cannot be written (\(error.localizedDescription)).")
        }
      }
    case .copy(let text, let what):
      copies.append("\(what), \(byteText(text.utf8.count)),")
      pending.append(.copy(text))
    case .suspend: pending.append(.suspend)
    case .redraw: pending.append(.redraw)
    case .bell: pending.append(.bell)
    case .quit:
      outside.wait()
      isFinished = true
    }
  }

  private func remember(_ path: String) {
    let locations = configuration.locations
    var recents = Recents(at: locations)
    recents.remember(path)
    state.recents = recents.paths
    let kept = recents
    outside.run {
      try? kept.write(to: locations)
      return nil
    }
  }
}

/// Holds the terminal's wake call, which is known only once the terminal is there.
private final class WakeBox: Sendable {
  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }
  func call() { action.withLock { $0 }?() }
}
