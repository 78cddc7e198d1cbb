import Settings
import Widgets

/// Which keys give which commands: a preset, changed by a person's own bindings.
public struct KeyMap: Sendable, Equatable {
  public var preset: KeyPreset
  public var overrides: [KeyOverride]
  /// The file that the overrides stand in, for warnings.
  public var path: String

  public init(_ preset: KeyPreset = .assay, overrides: [KeyOverride] = [], path: String = "config.toml") {
    self.preset = preset
    self.overrides = overrides
    self.path = path
  }

  public init(_ settings: Settings) {
    self.init(KeyPreset(named: settings.preset), overrides: settings.keyOverrides, path: settings.path)
  }
}

/// A registry whose commands carry the keys of a key map.
public struct BoundRegistry: Sendable {
  public var registry: CommandRegistry
  /// Unknown commands, unknown keys, two commands given one key.
  public var warnings: [SettingWarning] = []
  /// What a person's own keys have taken from other commands.
  public var notes: [String] = []
}

extension CommandRegistry {
  /// The commands with the keys of a map. The person's keys win over the preset's, and those over the ones a command
  /// comes with: whoever loses a key keeps its others, and the palette reaches it in any case.
  public func bound(by map: KeyMap) -> BoundRegistry {
    var binder = Binder(self, path: map.path)
    binder.apply(map.preset)
    binder.apply(map.overrides)
    return binder.result
  }
}

/// Gives keys to commands and takes them from others where they would clash.
private struct Binder {
  private struct Binding {
    var keys: [KeyEvent]
    /// 0: comes with the command; 1: the preset's; 2: the person's.
    var rank: Int
  }

  private let registry: CommandRegistry
  private let path: String
  private var bindings: [CommandID: [Binding]]
  private var warnings: [SettingWarning] = []
  private var notes: [String] = []

  init(_ registry: CommandRegistry, path: String) {
    self.registry = registry
    self.path = path
    bindings = registry.commands.reduce(into: [:]) { bindings, command in
      bindings[command.id] = command.keys.compactMap(KeyEvent.sequence).map { Binding(keys: $0, rank: 0) }
    }
  }

  mutating func apply(_ preset: KeyPreset) {
    for (id, all) in bindings { bindings[id] = all.filter { $0.keys.allSatisfy(preset.keeps) } }
    // A command that does not exist yet, or not any more, is no reason to fail: a test names it.
    for (id, keys) in preset.keys.sorted(by: { $0.key.name < $1.key.name }) {
      guard registry[id] != nil else { continue }
      _ = bind(id, to: keys.compactMap(KeyEvent.sequence), rank: 1)
    }
  }

  mutating func apply(_ overrides: [KeyOverride]) {
    for override in overrides {
      guard let command = registry[CommandID(override.command)] else {
        let ids = registry.commands.map(\.id.name)
        let near = suggestion(for: override.command, among: ids)
        warn("there is no command \(override.command)" + (near.isEmpty ? "; assay keys lists them" : near), override)
        continue
      }
      var keys: [[KeyEvent]] = []
      for text in override.keys where !text.isEmpty {
        guard let sequence = KeyEvent.sequence(text) else {
          warn("\(override.command): no key is called \(text)" + KeyEvent.guess(for: text), override)
          continue
        }
        let sent = sequence.map(\.asSent)
        if sent != sequence {
          let name = sent.map(\.description).joined(separator: " ")
          warn("\(override.command): terminals send \(name) for \(text), so that is bound", override)
        }
        keys.append(sent)
      }
      // Where every key was misspelt the command keeps what it had.
      if keys.isEmpty, override.keys.contains(where: { !$0.isEmpty }) { continue }
      for (other, taken) in bind(command.id, to: keys, rank: 2) {
        let label = taken.keys.map(\.label).joined(separator: " ")
        if taken.rank == 2 {
          warn("\(label) is given to \(other) and \(command.id); \(other) has it", override)
        } else {
          let left = bindings[other]?.map { $0.keys.map(\.label).joined(separator: " ") } ?? []
          let rest =
            left.isEmpty ? "only menus and the palette reach it now" : "it keeps \(left.joined(separator: ", "))"
          notes.append("\(command.id) takes \(label) from \(other): \(rest)")
        }
      }
    }
  }

  private mutating func warn(_ text: String, _ override: KeyOverride) {
    warnings.append(SettingWarning(place: path, line: override.line, text: text))
  }

  /// Gives a command exactly these keys. Returns what others lost to it, or, of the same rank, kept from it.
  private mutating func bind(_ id: CommandID, to sequences: [[KeyEvent]], rank: Int) -> [(CommandID, Binding)] {
    var clashes: [(CommandID, Binding)] = []
    var mine: [Binding] = []
    for keys in sequences {
      var isFree = true
      for command in registry.commands where command.id != id && meets(id, command.id) {
        for binding in bindings[command.id] ?? [] where clash(binding.keys, keys) {
          if binding.rank == rank {
            // A key of the whole workbench steps back in panes that have another use for it.
            guard sharesContext(id, command.id) else { continue }
            isFree = false
          } else {
            bindings[command.id]?.removeAll { $0.keys == binding.keys }
          }
          clashes.append((command.id, binding))
        }
      }
      if isFree { mine.append(Binding(keys: keys, rank: rank)) }
    }
    bindings[id] = mine
    return clashes
  }

  private func sharesContext(_ one: CommandID, _ other: CommandID) -> Bool {
    guard let one = registry[one], let other = registry[other] else { return false }
    return !one.contexts.isDisjoint(with: other.contexts)
  }

  /// True where a key given to `id` would reach what `other` answers to: in a shared context, and everywhere for what
  /// holds everywhere, because a pane's own key would hide it.
  private func meets(_ id: CommandID, _ other: CommandID) -> Bool {
    sharesContext(id, other) || registry[id]?.contexts.contains(.everywhere) ?? false
  }

  private func clash(_ one: [KeyEvent], _ other: [KeyEvent]) -> Bool {
    one.starts(with: other) || other.starts(with: one)
  }

  var result: BoundRegistry {
    let commands = registry.commands.map { command in
      var changed = command
      changed.keys = (bindings[command.id] ?? []).map { $0.keys.map(\.description).joined(separator: " ") }
      return changed
    }
    return BoundRegistry(registry: CommandRegistry(commands: commands), warnings: warnings, notes: notes)
  }
}

extension KeyEvent {
  /// The key as terminals send it: control with H, I, M, J and [ are Backspace, Tab, Enter, Enter and Escape.
  var asSent: KeyEvent {
    guard modifiers == .control, case .character(let character) = code else { return self }
    switch character {
    case "h": return .backspace
    case "i": return .tab
    case "m", "j": return .enter
    case "[": return .escape
    default: return self
    }
  }

  /// What may have been meant by a sequence of keys with an unknown one.
  static func guess(for text: String) -> String {
    let unknown = text.split(separator: " ").map(String.init).first { KeyEvent($0) == nil } ?? text
    var names = [
      "enter", "tab", "shift-tab", "escape", "backspace", "delete", "insert", "up", "down", "left", "right", "home",
      "end", "pageup", "pagedown", "space",
    ]
    names += (1...12).map { "f\($0)" } + "abcdefghijklmnopqrstuvwxyz".flatMap { ["ctrl-\($0)", "alt-\($0)"] }
    return suggestion(for: unknown, among: names)
  }
}
