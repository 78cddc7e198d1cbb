import Grid

/// All that a person has chosen: the settings, and the themes that there are.
public struct Preferences: Sendable, Equatable {
  public var settings: Settings
  public var themes: [Theme]
  /// The glyph set in force.
  public var glyphs: GlyphSet
  /// What is wrong in the files.
  public var warnings: [SettingWarning]

  public init(
    settings: Settings = Settings(), themes: [Theme] = Theme.builtIn, glyphs: GlyphSet = .braille,
    warnings: [SettingWarning] = []
  ) {
    self.settings = settings
    self.themes = themes
    self.glyphs = glyphs
    self.warnings = warnings
  }

  /// The theme in force, the standard one where there is none of that name.
  public var theme: Theme { ThemeFile.choose(settings.theme, among: themes).theme }
}

/// Where preferences come from; read once at the start, and again whenever a file changes.
public struct PreferencesSource: Sendable {
  public var flags: [String: String]
  public var environment: [String: String]
  public var configFile: String
  /// Folders of theme files, later ones winning.
  public var themeFolders: [String]

  public init(flags: [String: String], environment: [String: String], configFile: String, themeFolders: [String]) {
    self.flags = flags
    self.environment = environment
    self.configFile = configFile
    self.themeFolders = themeFolders
  }

  /// Reads everything anew.
  public func load() -> Preferences {
    let settings = Settings(
      flags: flags, environment: environment, file: ConfigFile(contentsOf: configFile))
    let (themes, warnings) = ThemeFile.all(in: themeFolders)
    let glyphs = settings.glyphs ?? TerminalEnvironment(environment).glyphs
    var all = settings.warnings
    if let text = ThemeFile.choose(settings.theme, among: themes).warning {
      switch settings["theme"].origin {
      case .file(let line): all.append(SettingWarning(place: configFile, line: line, text: text))
      case .variable(let name), .flag(let name): all.append(SettingWarning(place: name, text: text))
      case .standard: break
      }
    }
    return Preferences(settings: settings, themes: themes, glyphs: glyphs, warnings: all + warnings)
  }
}
