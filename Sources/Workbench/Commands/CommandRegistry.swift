import Widgets

/// All commands, and the ways to find one: by id, by key in a context, by menu.
public struct CommandRegistry: Sendable {
  public let commands: [Command]
  private let byID: [CommandID: Command]
  private let chords: [Context: [[KeyEvent]: CommandID]]

  /// Every command of the workbench.
  public static let standard = CommandRegistry(
    commands: applicationCommands + fileCommands + flowCommands + tableCommands + columnCommands + summaryCommands
      + inspectorCommands + chartCommands + zoomCommands + chartEditCommands + keptChartCommands + analysisCommands
      + insightCommands + biasCommands + explainCommands + trainingCommands
      + servingCommands
      + wordCommands
      + cloudCommands + datasetMarkCommands + clusterCommands
      + jobCommands
      + viewCommands
      + clipboardCommands)

  public init(commands: [Command]) {
    self.commands = commands
    byID = Dictionary(commands.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var chords: [Context: [[KeyEvent]: CommandID]] = [:]
    for command in commands {
      for keys in command.keys.compactMap(KeyEvent.sequence) {
        for context in command.contexts { chords[context, default: [:]][keys] = command.id }
      }
    }
    self.chords = chords
  }

  public subscript(id: CommandID) -> Command? { byID[id] }

  /// What a sequence of keys means in a context: the context's own binding wins over the one that holds everywhere.
  public enum Match: Equatable, Sendable {
    case command(CommandID)
    /// The keys begin a longer sequence.
    case prefix
    case nothing
  }

  public func match(_ keys: [KeyEvent], in context: Context) -> Match {
    for context in context.chain {
      guard let bindings = chords[context] else { continue }
      if let id = bindings[keys] { return .command(id) }
      if bindings.keys.contains(where: { $0.count > keys.count && $0.starts(with: keys) }) { return .prefix }
    }
    return .nothing
  }

  /// Commands whose keys work in a context, its own first.
  public func available(in context: Context) -> [Command] {
    var found: [Command] = []
    var seen: Set<CommandID> = []
    for context in context.chain {
      found += commands.filter { $0.contexts.contains(context) && seen.insert($0.id).inserted }
    }
    return found
  }

  public func items(of menu: MenuTitle) -> [Command] { commands.filter { $0.menu == menu } }

  /// Pairs of commands that share a key in one context, or of which one's keys begin the other's. Empty in a sound
  /// registry.
  public var conflicts: [(Context, String, CommandID, CommandID)] {
    var found: [(Context, String, CommandID, CommandID)] = []
    var owners: [Context: [([KeyEvent], CommandID)]] = [:]
    for command in commands {
      for context in command.contexts {
        for (key, keys) in command.keys.compactMap({ key in KeyEvent.sequence(key).map { (key, $0) } }) {
          for (other, owner) in owners[context] ?? [] where owner != command.id {
            if other.starts(with: keys) || keys.starts(with: other) { found.append((context, key, owner, command.id)) }
          }
          owners[context, default: []].append((keys, command.id))
        }
      }
    }
    return found
  }
}
