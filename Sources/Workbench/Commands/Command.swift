import Widgets

/// Names a command everywhere: key maps, menus, palette, session log and documentation.
public struct CommandID: Hashable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let name: String
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }
  public var description: String { name }
}

/// Whether a command can be used now; when not, why, in words that say what would make it possible.
public enum Availability: Equatable, Sendable {
  case enabled
  case disabled(String)

  public var isEnabled: Bool { self == .enabled }
  public var reason: String? {
    if case .disabled(let reason) = self { reason } else { nil }
  }
}

/// Where a command's keys work.
public enum Context: Hashable, Sendable {
  /// Every screen, unless the focused pane gives the key another meaning.
  case everywhere
  case start
  case pane(PaneID)
  /// The chart pane while it shows the leaderboard of a training.
  case leaderboard
  /// The same while it lists candidates of which none is trained.
  case candidates
  /// The chart pane while it shows a bias report: its keys, and those of every chart.
  case biasReport

  /// The context whose keys hold here too, unless this one gives them another meaning.
  var base: Context? { self == .biasReport ? .pane(.chart) : nil }

  /// From the narrowest to what holds everywhere.
  var chain: [Context] { [self] + (base.map { [$0] } ?? []) + (self == .everywhere ? [] : [.everywhere]) }
}

/// The top-level menus, in order.
public enum MenuTitle: String, CaseIterable, Sendable {
  case file = "File"
  case data = "Data"
  case flow = "Flow"
  case analyze = "Analyze"
  case model = "Model"
  case view = "View"
  case help = "Help"

  /// The letter that opens it with Alt.
  var mnemonic: Character {
    switch self {
    case .file: "f"
    case .data: "d"
    case .flow: "l"
    case .analyze: "a"
    case .model: "m"
    case .view: "v"
    case .help: "h"
    }
  }
}

/// The headings under which help groups commands.
public enum CommandGroup: String, CaseIterable, Sendable {
  case move = "Move"
  case look = "Look"
  case change = "Change"
  case analyse = "Analyse"
  case pane = "Pane"
  case file = "File"
}

/// A command: the only place where a thing that a person can do is defined. Footer, help, palette, menus, key map and
/// documentation are made from these values.
public struct Command: Sendable {
  public let id: CommandID
  /// As a menu shows it; ends in `…` when it asks for more.
  public let title: String
  /// One sentence for help.
  public let summary: String
  /// Key sequences in the notation of `KeyEvent`, keys of a sequence separated by spaces: `"g g"`, `"ctrl-p"`.
  public var keys: [String]
  public let contexts: Set<Context>
  public let group: CommandGroup
  public let menu: MenuTitle?
  /// Shown in the footer when above zero; higher comes first.
  public let priority: Int
  /// The word in the footer.
  public let hint: String
  public let availability: @Sendable (WorkbenchState) -> Availability
  public let perform: @Sendable (inout WorkbenchState) -> [Effect]

  public init(
    _ id: CommandID, _ title: String, _ summary: String, keys: [String] = [], in contexts: Set<Context> = [.everywhere],
    group: CommandGroup, menu: MenuTitle? = nil, priority: Int = 0, hint: String = "",
    availability: @escaping @Sendable (WorkbenchState) -> Availability = { _ in .enabled },
    perform: @escaping @Sendable (inout WorkbenchState) -> [Effect]
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.keys = keys
    self.contexts = contexts
    self.group = group
    self.menu = menu
    self.priority = priority
    self.hint = hint.isEmpty ? title.lowercased() : hint
    self.availability = availability
    self.perform = perform
  }
}
