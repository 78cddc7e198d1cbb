/// The key map in force as text: what `assay keys`, the manual page and the README print.
public struct KeySheet: Codable, Sendable, Equatable {
  /// A command and the keys that give it in one place.
  public struct Binding: Codable, Sendable, Equatable {
    /// In the notation of the file: `ctrl-p`, `g g`.
    public var keys: [String]
    /// As the screen shows them: `^P`, `g g`.
    public var labels: [String]
    /// The command's id.
    public var command: String
    public var title: String

    public init(keys: [String], labels: [String], command: String, title: String) {
      self.keys = keys
      self.labels = labels
      self.command = command
      self.title = title
    }
  }

  /// Where keys work: everywhere, the start screen, a pane.
  public struct Place: Codable, Sendable, Equatable {
    public var title: String
    public var bindings: [Binding]

    public init(title: String, bindings: [Binding]) {
      self.title = title
      self.bindings = bindings
    }
  }

  public var preset: String
  public var places: [Place]
  /// Commands that only menus and the palette reach.
  public var unbound: [Binding]
  public var warnings: [SettingWarning]
  /// What a person's own keys have taken from other commands.
  public var notes: [String]

  public init(
    preset: String, places: [Place], unbound: [Binding], warnings: [SettingWarning], notes: [String]
  ) {
    self.preset = preset
    self.places = places
    self.unbound = unbound
    self.warnings = warnings
    self.notes = notes
  }
}
