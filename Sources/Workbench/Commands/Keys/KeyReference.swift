import Settings
import Widgets

/// What is printed about keys, made from the registry so that it cannot say anything else than the program does.
public enum KeyReference {
  /// The table in the README. Markdown: for each place the keys that work there.
  public static func markdown(_ registry: CommandRegistry = .standard) -> String {
    places.map { title, context in
      let rows = registry.commands.filter { $0.contexts.contains(context) && !$0.keys.isEmpty }.map { command in
        "| \(command.keys.map(label).joined(separator: " ")) | \(command.title) |"
      }
      return "**\(title)**\n\n| keys | command |\n|---|---|\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// A whole key map.
  public static func sheet(_ map: KeyMap) -> KeySheet {
    let bound = CommandRegistry.standard.bound(by: map)
    func binding(_ command: Command) -> KeySheet.Binding {
      KeySheet.Binding(
        keys: command.keys,
        labels: command.keys.map { KeyEvent.sequence($0)?.map(\.label).joined(separator: " ") ?? $0 },
        command: command.id.name, title: command.title)
    }
    let commands = bound.registry.commands
    return KeySheet(
      preset: map.preset.rawValue,
      places: places.map { title, context in
        KeySheet.Place(
          title: title,
          bindings: commands.filter { $0.contexts.contains(context) && !$0.keys.isEmpty }.map(binding))
      },
      unbound: commands.filter(\.keys.isEmpty).map(binding), warnings: bound.warnings, notes: bound.notes)
  }

  /// What a key does, place by place: `3 Table: Row down`.
  public static func meanings(of key: KeyEvent, in registry: CommandRegistry) -> [String] {
    places.compactMap { title, context in
      switch registry.match([key], in: context) {
      case .command(let id):
        guard let command = registry[id], context == .everywhere || command.contexts.contains(context) else {
          return nil
        }
        return "\(title): \(command.title)"
      case .prefix:
        let longer = registry.commands.filter { $0.contexts.contains(context) }.flatMap(\.keys).filter { keys in
          KeyEvent.sequence(keys).map { $0.count > 1 && $0.first == key } ?? false
        }
        let labels = longer.compactMap { KeyEvent.sequence($0)?.map(\.label).joined(separator: " ") }
        return labels.isEmpty ? nil : "\(title): begins \(labels.joined(separator: ", "))"
      case .nothing: return nil
      }
    }
  }

  private static let places: [(String, Context)] =
    [("Everywhere", .everywhere), ("Start screen", .start)]
    + PaneID.allCases.map { ("\($0.key) \($0.title)", Context.pane($0)) }
    + [("4 Leaderboard", .leaderboard), ("4 Candidates", .candidates), ("4 Bias report", .biasReport)]

  /// One way to give a command, as code: `` `g g` ``.
  private static func label(_ keys: String) -> String {
    let text = KeyEvent.sequence(keys)?.map(\.label).joined(separator: " ") ?? keys
    return "`" + text.replacing("|", with: "\\|") + "`"
  }
}
