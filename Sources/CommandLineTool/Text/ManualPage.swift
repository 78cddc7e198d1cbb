import Settings

/// The manual page in roff, made from the same definitions as the parser, the settings and the key map.
struct ManualPage {
  /// The keys of the workbench; nil leaves the section out.
  let keys: KeySheet?

  var text: String {
    guard let tree = CommandTree.assay else { return "" }
    let root = tree.command
    var lines = [
      ".\\\" Made by assay man from the definitions of the program.",
      ".TH ASSAY 1 \"\" \"assay \(assayVersion)\" \"assay\"",
      ".SH NAME", "assay \\- \(roff(lowercasedFirst(root.abstract ?? "")))",
      ".SH SYNOPSIS", ".B assay", "[\\fIoptions\\fR] [\\fIfile\\fR ... | \\fIflow\\fR | \\-]", ".br", ".B assay",
      "\\fIsubcommand\\fR ...", ".SH DESCRIPTION",
    ]
    lines += paragraphs(root.discussion ?? "")
    lines += [".SH OPTIONS"] + entries(root)
    lines += [".SH SUBCOMMANDS"]
    for command in root.subcommands ?? [] where isShown(command) { lines += section(command, path: "assay") }
    lines += settingLines + keyLines + filesAndStatus
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Commands

  private func isShown(_ command: CommandTree.Command) -> Bool {
    command.shouldDisplay ?? true && command.commandName != "help"
  }

  private func section(_ command: CommandTree.Command, path: String) -> [String] {
    let path = path + " " + command.commandName
    let children = (command.subcommands ?? []).filter(isShown)
    let usage = children.isEmpty ? synopsis(command) : "\\fIsubcommand\\fR ..."
    var lines = [".SS \(roff(path))", ".B \(roff(path))", usage, ".PP"]
    lines += paragraphs([command.abstract, command.discussion].compactMap { $0 }.joined(separator: "\n\n"))
    if children.isEmpty { lines += entries(command) }
    for child in children { lines += section(child, path: path) }
    return lines
  }

  private func shown(_ command: CommandTree.Command) -> [CommandTree.Argument] {
    (command.arguments ?? []).filter { argument in
      argument.shouldDisplay && !(argument.names ?? []).contains { $0.name == "help" || $0.name == "version" }
    }
  }

  private func synopsis(_ command: CommandTree.Command) -> String {
    let arguments = shown(command)
    var parts = arguments.contains { $0.kind != "positional" } ? ["[\\fIoptions\\fR]"] : []
    for argument in arguments where argument.kind == "positional" {
      let name = "\\fI\(roff(argument.valueName ?? "argument"))\\fR" + (argument.isRepeating ? " ..." : "")
      parts.append(argument.isOptional ? "[\(name)]" : name)
    }
    return parts.joined(separator: " ")
  }

  private func entries(_ command: CommandTree.Command) -> [String] {
    shown(command).flatMap { argument in [".TP", tag(argument), roff(explanation(argument))] }
  }

  private func tag(_ argument: CommandTree.Argument) -> String {
    guard argument.kind != "positional" else { return "\\fI\(roff(argument.valueName ?? "argument"))\\fR" }
    let names = (argument.names ?? []).map { name in
      "\\fB\(roff((name.kind == "long" ? "--" : "-") + name.name))\\fR"
    }
    let value = argument.kind == "option" ? " \\fI\(roff(argument.valueName ?? "value"))\\fR" : ""
    return names.joined(separator: ", ") + value
  }

  private func explanation(_ argument: CommandTree.Argument) -> String {
    var text = argument.abstract ?? ""
    if let values = argument.allValueStrings, !values.isEmpty, !values.allSatisfy(text.contains) {
      text += " One of \(values.joined(separator: ", "))."
    }
    if let value = argument.defaultValue, !text.contains("Default") { text += " Default: \(value)." }
    return text.isEmpty ? "See above." : text
  }

  // MARK: Settings, keys, files

  private var settingLines: [String] {
    var lines = [
      ".SH SETTINGS",
      "Each can be given as an option, as a variable of the environment, or in config.toml; an earlier of these wins.",
      "\\fBassay config\\fR shows what is in force and why, \\fBassay config \\-\\-print\\-default\\fR a whole file.",
    ]
    for setting in Setting.all {
      lines += [
        ".TP", "\\fB\(roff(setting.path))\\fR (\(roff(setting.ways.joined(separator: ", "))))",
        roff(
          "\(setting.summary) Takes \(setting.wanted). Default: \(setting.standard.isEmpty ? "none" : setting.standard)."
        ),
      ]
    }
    return lines
  }

  private var keyLines: [String] {
    guard let keys else { return [] }
    var lines = [
      ".SH KEYS", "\\fBassay keys\\fR shows those in force; other maps are visidata, vim and arrows. A command's keys",
      "are changed in the section keys of config.toml by the id at the end of its line.",
    ]
    for place in keys.places where !place.bindings.isEmpty {
      lines += [".SS \(roff(place.title))"]
      for binding in place.bindings {
        let labels = binding.labels.map { "\\fB\(roff($0))\\fR" }.joined(separator: "  ")
        lines += [".TP 20", labels, roff("\(binding.title) (\(binding.command))")]
      }
    }
    return lines
  }

  private var filesAndStatus: [String] {
    [
      ".SH FILES", ".TP", "\\fI$XDG_CONFIG_HOME/assay/config.toml\\fR", "The settings.",
      ".TP", "\\fI$XDG_CONFIG_HOME/assay/themes/NAME.toml\\fR",
      "Themes of your own. A file names only what it changes and the theme it begins from: base = \"assay\\-dark\".",
      ".TP", "\\fI$XDG_STATE_HOME/assay\\fR", "Recent files, autosaved flows, reports of crashes.",
      ".TP", "\\fI$XDG_CACHE_HOME/assay\\fR", "What can be computed again.",
      ".SH ENVIRONMENT",
      "Colours follow \\fB\\-\\-color\\fR, then ASSAY_COLOR and config.toml, then NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE,",
      "COLORTERM, and the description of TERM.",
      ".SH EXIT STATUS", "0 done, 1 failed, 2 wrong usage, 3 done but a check has found something, 130 interrupted.",
    ]
  }

  // MARK: Roff

  private func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").flatMap { part in
      [".PP"] + part.split(separator: "\n").map { roff(String($0)) }
    }
  }

  private func lowercasedFirst(_ text: String) -> String {
    let text = text.hasSuffix(".") ? String(text.dropLast()) : text
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Text that roff shows as it stands: hyphens stay hyphens, and no line begins a request.
  private func roff(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "…": result += "..."
      case "≈": result += "\\(~="
      case "×": result += "\\(mu"
      case "›": result += ">"
      default: result.append(character)
      }
    }
    return result.first == "." ? "\\&" + result : result
  }
}
