import Widgets

/// The table of keys in the README, made from the registry so that it cannot say anything else than the program does.
public enum KeyReference {
  /// Markdown: for each place the keys that work there.
  public static func markdown(_ registry: CommandRegistry = .standard) -> String {
    let places: [(String, Context)] =
      [("Everywhere", .everywhere), ("Start screen", .start)]
      + PaneID.allCases.map { ("\($0.key) \($0.title)", Context.pane($0)) }
    return places.map { title, context in
      let rows = registry.commands.filter { $0.contexts.contains(context) && !$0.keys.isEmpty }.map { command in
        "| \(command.keys.map(label).joined(separator: " ")) | \(command.title) |"
      }
      return "**\(title)**\n\n| keys | command |\n|---|---|\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// One way to give a command, as code: `` `g g` ``.
  private static func label(_ keys: String) -> String {
    let text = KeyEvent.sequence(keys)?.map(\.label).joined(separator: " ") ?? keys
    return "`" + text.replacing("|", with: "\\|") + "`"
  }
}
